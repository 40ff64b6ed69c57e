//! What people see of the business behind a number.

use http::Method;
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use serde_json::value::RawValue;
use wa_types::{ApiVersion, BusinessProfile, PhoneNumberId, Vertical, model};

#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{Body, BuildError, Endpoint, Query, Route, Success};

/// `GET /{number}/whatsapp_business_profile`
///
/// Reads a number's business profile with all its fields.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/business-profiles)
#[derive(Clone, Debug)]
pub struct ReadProfile<'a> {
    number: &'a PhoneNumberId,
}

impl<'a> ReadProfile<'a> {
    /// Reads the profile of this number.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId) -> Self {
        Self { number }
    }
}

impl Endpoint for ReadProfile<'_> {
    const NAME: &'static str = "number.read_profile";
    const METHOD: Method = Method::GET;
    type Response = Profile;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("whatsapp_business_profile")
    }

    fn query(&self, query: &mut Query) {
        query.push_list("fields", FIELDS.iter().copied());
    }
}

/// A number's profile. The service puts it in a list of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
#[non_exhaustive]
pub struct Profile {
    /// The profile; nothing of it is known if the list is empty.
    pub profile: BusinessProfile,
}

impl<'de> Deserialize<'de> for Profile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct List {
            data: Vec<Box<RawValue>>,
        }

        let List { data } = List::deserialize(deserializer)?;
        let profile = data.first().map(|item| flat_or_nested(item)).transpose();
        Ok(Self { profile: profile.map_err(|_| D::Error::custom("not a profile"))?.unwrap_or_default() })
    }
}

/// `POST /{number}/whatsapp_business_profile`
///
/// Changes a number's business profile; what is not set stays as it is.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/business-profiles)
#[derive(Clone, Debug, Serialize)]
pub struct UpdateProfile<'a> {
    #[serde(skip)]
    number: &'a PhoneNumberId,
    messaging_product: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile_picture_handle: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    websites: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vertical: Option<Vertical>,
}

impl<'a> UpdateProfile<'a> {
    /// Changes nothing yet.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId) -> Self {
        Self {
            number,
            messaging_product: "whatsapp",
            about: None,
            address: None,
            description: None,
            email: None,
            profile_picture_handle: None,
            websites: None,
            vertical: None,
        }
    }

    /// The line under the name, of 1 to 139 characters.
    #[must_use]
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = Some(about.into());
        self
    }

    /// The street address, of at most 256 characters.
    #[must_use]
    pub fn address(mut self, address: impl Into<String>) -> Self {
        self.address = Some(address.into());
        self
    }

    /// What the business does, in at most 512 characters.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// How to write to the business, in at most 128 characters.
    #[must_use]
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// The picture, by the handle of a finished upload.
    #[must_use]
    pub fn picture(mut self, handle: impl Into<String>) -> Self {
        self.profile_picture_handle = Some(handle.into());
        self
    }

    /// The web sites: two at most, each of at most 256 characters; none takes them away.
    #[must_use]
    pub fn websites<S: Into<String>>(mut self, websites: impl IntoIterator<Item = S>) -> Self {
        self.websites = Some(websites.into_iter().map(Into::into).collect());
        self
    }

    /// The industry.
    #[must_use]
    pub fn vertical(mut self, vertical: Vertical) -> Self {
        self.vertical = Some(vertical);
        self
    }
}

impl Endpoint for UpdateProfile<'_> {
    const NAME: &'static str = "number.update_profile";
    const METHOD: Method = Method::POST;
    type Response = Success;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("whatsapp_business_profile")
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        let is_longer = |text: &str, most| text.chars().count() > most;
        if self.about.as_deref().is_some_and(|about| about.is_empty() || is_longer(about, 139)) {
            return Err(BuildError::new("the line about the business has 1 to 139 characters"));
        }
        if self.address.as_deref().is_some_and(|text| is_longer(text, 256)) {
            return Err(BuildError::new("an address has at most 256 characters"));
        }
        if self.description.as_deref().is_some_and(|text| is_longer(text, 512)) {
            return Err(BuildError::new("a description has at most 512 characters"));
        }
        if self.email.as_deref().is_some_and(|email| is_longer(email, 128)) {
            return Err(BuildError::new("an e-mail address has at most 128 characters"));
        }
        let websites = self.websites.as_deref().unwrap_or_default();
        if websites.len() > 2 || websites.iter().any(|site| is_longer(site, 256)) {
            return Err(BuildError::new("a profile has at most two web sites of at most 256 characters"));
        }
        Ok(())
    }
}

/// Meta's pages answer the profile itself, its API description a member `business_profile` around it.
fn flat_or_nested(item: &RawValue) -> serde_json::Result<BusinessProfile> {
    let Nested { business_profile } = serde_json::from_str(item.get())?;
    business_profile.map_or_else(|| serde_json::from_str(item.get()), Ok)
}

model! {
    struct Nested {
        business_profile: Option<BusinessProfile>,
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let number = &samples::number()?;
    to.call(ReadProfile::new(number));
    to.call(UpdateProfile::new(number).about("We sell"));
    Ok(())
}

const FIELDS: &[&str] = &["about", "address", "description", "email", "profile_picture_url", "websites", "vertical"];

#[cfg(test)]
mod tests {
    use http::Response;

    use super::*;
    use crate::{
        parse,
        testing::{self, Vector},
    };

    const READ: &str = "GET /{Version}/{Phone-Number-ID}/whatsapp_business_profile";
    const UPDATE: &str = "POST /{Version}/{Phone-Number-ID}/whatsapp_business_profile";

    // Meta, "Business profiles", sample request.
    #[test]
    fn reads_a_profile() {
        let number = testing::number();
        Vector::at(READ, &ReadProfile::new(&number)).builds(
            "GET /v23.0/106540352242922/whatsapp_business_profile\
             ?fields=about,address,description,email,profile_picture_url,websites,vertical",
            "",
        );
    }

    // The first is the answer of Meta's page "Business profiles", the second that of its API description.
    #[test]
    fn both_shapes_of_the_answer_are_read() {
        let flat =
            r#"{"data":[{"about":"Succulent specialists!","vertical":"RETAIL","messaging_product":"whatsapp"}]}"#;
        let nested = r#"{"data":[{"business_profile":{"about":"Succulent specialists!","vertical":"RETAIL","messaging_product":"whatsapp"}}]}"#;
        assert_eq!(testing::read::<ReadProfile<'_>>(flat), testing::read::<ReadProfile<'_>>(nested));
        let profile = testing::read::<ReadProfile<'_>>(flat).profile;
        assert_eq!(profile.about.as_deref(), Some("Succulent specialists!"));
        assert_eq!(profile.vertical, Some(Vertical::Retail));
    }

    #[test]
    fn a_member_of_the_wrong_type_costs_no_profile() {
        let odd = testing::read::<ReadProfile<'_>>(r#"{"data":[{"business_profile":7,"about":{},"email":"a@b.c"}]}"#);
        assert_eq!((odd.profile.about, odd.profile.email.as_deref()), (None, Some("a@b.c")));
        let empty = testing::read::<ReadProfile<'_>>(r#"{"data":[]}"#);
        assert_eq!(empty.profile, BusinessProfile::default());
        for other in [r#"{"data":[7]}"#, r#"{"data":{}}"#, "{}"] {
            assert!(parse::<ReadProfile<'_>>(Response::new(other)).is_err(), "{other}");
        }
    }

    // Meta's API description v23.0, updateWhatsAppBusinessProfileInformation, example complete_profile_update.
    #[test]
    fn changes_a_profile() {
        let number = testing::number();
        let update = UpdateProfile::new(&number)
            .about("Welcome to our business!")
            .address("123 Business Street")
            .description("Quality products.")
            .email("contact@business.com")
            .picture("4:VGVzdC5wbmc=")
            .websites(["https://www.business.com"])
            .vertical(Vertical::Restaurant);
        Vector::at(UPDATE, &update).builds(
            "POST /v23.0/106540352242922/whatsapp_business_profile",
            concat!(
                r#"{"messaging_product":"whatsapp","about":"Welcome to our business!","address":"123 Business Street","#,
                r#""description":"Quality products.","email":"contact@business.com","profile_picture_handle":"4:VGVzdC5wbmc=","#,
                r#""websites":["https://www.business.com"],"vertical":"RESTAURANT"}"#,
            ),
        );
        Vector::at(UPDATE, &UpdateProfile::new(&number))
            .builds("POST /v23.0/106540352242922/whatsapp_business_profile", r#"{"messaging_product":"whatsapp"}"#);
    }

    #[test]
    fn limits_are_checked() {
        let number = testing::number();
        let update = || UpdateProfile::new(&number);
        Vector::at(UPDATE, &update().about("")).refuses("1 to 139");
        Vector::at(UPDATE, &update().address("x".repeat(257))).refuses("256");
        Vector::at(UPDATE, &update().description("x".repeat(513))).refuses("512");
        Vector::at(UPDATE, &update().email("x".repeat(129))).refuses("128");
        Vector::at(UPDATE, &update().websites(["a", "b", "c"])).refuses("two web sites");
    }

    #[test]
    fn documented_answers_are_read() {
        testing::reads_examples_as::<ReadProfile<'_>>(READ, |mut example| {
            example["data"][0]["business_profile"].take()
        });
        testing::reads_examples::<UpdateProfile<'_>>(UPDATE);
    }
}
