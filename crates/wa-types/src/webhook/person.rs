use serde::Serialize;

use crate::{PhoneNumberId, ScopedUserId, WhatsAppId, model};

model! {
    /// Which of the business's numbers a delivery concerns.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Metadata {
        /// The number's digits.
        pub display_phone_number: Option<String>,
        /// The number's id.
        pub phone_number_id: PhoneNumberId = required,
    }
}

model! {
    /// A person who wrote, called or was written to. The phone number is missing where the person has a username and the
    /// business does not know the number.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Contact {
        /// The person's WhatsApp id: mostly the phone number's digits.
        pub wa_id: Option<WhatsAppId>,
        /// The person's id for this business.
        pub user_id: Option<ScopedUserId>,
        /// The person's id for the parent of this business.
        pub parent_user_id: Option<ScopedUserId>,
        /// The person's name and username.
        pub profile: Option<Profile>,
        /// The hash of the person's identity key, if the check is on.
        pub identity_key_hash: Option<String>,
    }
}

impl Contact {
    /// The one of these contacts that is this person: by the business-scoped id, else by the phone number.
    #[must_use]
    pub fn find<'c>(
        contacts: &'c [Self],
        user_id: Option<&ScopedUserId>,
        wa_id: Option<&WhatsAppId>,
    ) -> Option<&'c Self> {
        let has_id = |contact: &&Self| user_id.is_some() && contact.user_id.as_ref() == user_id;
        let has_number = |contact: &&Self| wa_id.is_some() && contact.wa_id.as_ref() == wa_id;
        // A contact with another id is another person, whatever the number.
        let may_be = |contact: &&Self| user_id.is_none() || contact.user_id.is_none();
        contacts.iter().find(has_id).or_else(|| contacts.iter().find(|contact| has_number(contact) && may_be(contact)))
    }

    /// The best id that came.
    #[must_use]
    pub fn user(&self) -> Option<User<'_>> {
        User::new(self.user_id.as_ref(), self.wa_id.as_ref())
    }

    /// The name that the person chose.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.profile.as_ref()?.name.as_deref()
    }
}

model! {
    /// How a person is called.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Profile {
        /// The name that the person chose.
        pub name: Option<String>,
        /// The username.
        pub username: Option<String>,
    }
}

/// A WhatsApp user, by the best id that came: the business-scoped one, else the phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum User<'a> {
    /// The id for this business. It changes when the user changes the phone number.
    Scoped(&'a ScopedUserId),
    /// The WhatsApp id: mostly the phone number's digits.
    Phone(&'a WhatsAppId),
}

impl<'a> User<'a> {
    pub(super) fn new(user_id: Option<&'a ScopedUserId>, wa_id: Option<&'a WhatsAppId>) -> Option<Self> {
        user_id.map(Self::Scoped).or_else(|| wa_id.map(Self::Phone))
    }

    /// The id as text. No business-scoped id is also a phone number: it begins with the letters of a country.
    #[must_use]
    pub fn as_str(self) -> &'a str {
        match self {
            Self::Scoped(id) => id.as_str(),
            Self::Phone(id) => id.as_str(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_contact_is_found_by_its_scoped_id_before_its_number_and_never_by_place() {
        let contacts: Vec<Contact> = [
            json!({"wa_id": "16505551234", "user_id": "US.1"}),
            json!({"user_id": "US.2"}),
            json!({"wa_id": "16505551235"}),
        ]
        .map(|contact| serde_json::from_str(&contact.to_string()).unwrap())
        .into();
        let find = |user_id: Option<&str>, wa_id: Option<&str>| {
            let (user_id, wa_id) =
                (user_id.map(|id| ScopedUserId::new(id).unwrap()), wa_id.map(|id| WhatsAppId::new(id).unwrap()));
            let found = Contact::find(&contacts, user_id.as_ref(), wa_id.as_ref())?;
            contacts.iter().position(|contact| contact == found)
        };
        assert_eq!(find(Some("US.2"), Some("16505551234")), Some(1));
        assert_eq!(find(Some("US.1"), None), Some(0));
        assert_eq!(find(None, Some("16505551234")), Some(0));
        assert_eq!(find(Some("US.9"), Some("16505551235")), Some(2));
        assert_eq!(find(Some("US.9"), Some("16505551234")), None);
        assert_eq!(find(Some("US.9"), None), None);
        assert_eq!(find(None, None), None);
    }
}
