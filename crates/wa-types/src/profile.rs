use serde::Serialize;

use crate::{model, open::open_enum};

model! {
    /// What people see of the business behind a number.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct BusinessProfile {
        /// Always `whatsapp`.
        pub messaging_product: Option<String>,
        /// The line under the name.
        pub about: Option<String>,
        /// The street address.
        pub address: Option<String>,
        /// What the business does.
        pub description: Option<String>,
        /// How to write to it.
        pub email: Option<String>,
        /// Where its picture can be fetched.
        pub profile_picture_url: Option<String>,
        /// Its web sites; two at most.
        pub websites: Vec<String>,
        /// Its industry.
        pub vertical: Option<Vertical>,
    }
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
