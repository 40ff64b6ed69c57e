use serde::{Deserialize, Serialize};

use crate::{flexible, open::open_enum};

/// What people see of the business behind a number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BusinessProfile {
    /// Always `whatsapp`.
    #[serde(default, deserialize_with = "flexible::text")]
    pub messaging_product: Option<String>,
    /// The line under the name.
    #[serde(default, deserialize_with = "flexible::text")]
    pub about: Option<String>,
    /// The street address.
    #[serde(default, deserialize_with = "flexible::text")]
    pub address: Option<String>,
    /// What the business does.
    #[serde(default, deserialize_with = "flexible::text")]
    pub description: Option<String>,
    /// How to write to it.
    #[serde(default, deserialize_with = "flexible::text")]
    pub email: Option<String>,
    /// Where its picture can be fetched.
    #[serde(default, deserialize_with = "flexible::text")]
    pub profile_picture_url: Option<String>,
    /// Its web sites; two at most.
    #[serde(default, deserialize_with = "flexible::texts")]
    pub websites: Vec<String>,
    /// Its industry.
    pub vertical: Option<Vertical>,
}

open_enum! {
    /// An industry.
    Vertical {
        Undefined = "UNDEFINED",
        OtherIndustry = "OTHER",
        Auto = "AUTO",
        Beauty = "BEAUTY",
        Apparel = "APPAREL",
        Education = "EDU",
        Entertainment = "ENTERTAIN",
        EventPlanning = "EVENT_PLAN",
        Finance = "FINANCE",
        Grocery = "GROCERY",
        Government = "GOVT",
        Hotel = "HOTEL",
        Health = "HEALTH",
        Nonprofit = "NONPROFIT",
        ProfessionalServices = "PROF_SERVICES",
        Retail = "RETAIL",
        Travel = "TRAVEL",
        Restaurant = "RESTAURANT",
        Alcohol = "ALCOHOL",
        OnlineGambling = "ONLINE_GAMBLING",
        PhysicalGambling = "PHYSICAL_GAMBLING",
        OverTheCounterDrugs = "OTC_DRUGS",
    }
}
