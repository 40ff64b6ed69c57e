use serde::Serialize;

use crate::{WhatsAppId, model};

model! {
    /// A contact that a person shared.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct ContactCard {
        /// The name.
        pub name: Option<CardName>,
        /// Phone numbers.
        pub phones: Vec<CardPhone>,
        /// Email addresses.
        pub emails: Vec<CardEmail>,
        /// URLs.
        pub urls: Vec<CardUrl>,
        /// Postal addresses.
        pub addresses: Vec<CardAddress>,
        /// Where the contact works.
        pub org: Option<CardOrganization>,
        /// The birthday, as `YYYY-MM-DD`.
        pub birthday: Option<String>,
        /// The whole as a vCard.
        pub vcard: Option<String>,
        /// Why it was shared: `contact_request` if the business asked for the phone number, else `other`.
        pub origin: Option<String>,
    }
}

model! {
    /// The name of a contact.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct CardName {
        /// The whole name.
        pub formatted_name: Option<String>,
        /// The first name.
        pub first_name: Option<String>,
        /// The middle name.
        pub middle_name: Option<String>,
        /// The last name.
        pub last_name: Option<String>,
        /// The prefix, such as `Dr.`
        pub prefix: Option<String>,
        /// The suffix, such as `Jr.`
        pub suffix: Option<String>,
    }
}

model! {
    /// A phone number of a contact.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct CardPhone {
        /// The number as it was written down.
        pub phone: Option<String>,
        /// The WhatsApp user who has it.
        pub wa_id: Option<WhatsAppId>,
        /// What it is for, such as `MOBILE`.
        pub kind: Option<String> = "type",
    }
}

model! {
    /// An email address of a contact.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct CardEmail {
        /// The address.
        pub email: Option<String>,
        /// What it is for, such as `WORK`.
        pub kind: Option<String> = "type",
    }
}

model! {
    /// A URL of a contact.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct CardUrl {
        /// The URL.
        pub url: Option<String>,
        /// What it is for, such as `WORK`.
        pub kind: Option<String> = "type",
    }
}

model! {
    /// A postal address of a contact.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct CardAddress {
        /// Street and number.
        pub street: Option<String>,
        /// The city.
        pub city: Option<String>,
        /// The state.
        pub state: Option<String>,
        /// The postal code.
        pub zip: Option<String>,
        /// The country.
        pub country: Option<String>,
        /// The country, by two letters.
        pub country_code: Option<String>,
        /// What it is for, such as `HOME`.
        pub kind: Option<String> = "type",
    }
}

model! {
    /// Where a contact works.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct CardOrganization {
        /// The company.
        pub company: Option<String>,
        /// The department.
        pub department: Option<String>,
        /// The position.
        pub title: Option<String>,
    }
}
