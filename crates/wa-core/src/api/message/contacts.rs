use serde::{Deserialize, Serialize};
use wa_types::WhatsAppId;

use super::{
    Content,
    limit::{count, length, present},
    words::{Words, optional_texts},
};
use crate::BuildError;

/// One or more people or businesses, with their numbers and addresses.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/contacts-messages)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Contacts(Vec<Contact>);

impl Contacts {
    /// 1 to 257 contacts.
    #[must_use]
    pub fn new(contacts: impl IntoIterator<Item = Contact>) -> Self {
        Self(contacts.into_iter().collect())
    }
}

impl Content for Contacts {
    fn kind(&self) -> &'static str {
        "contacts"
    }

    fn check(&self) -> Result<(), BuildError> {
        // Meta's description says 5, its page 257.
        count("a message", 1..=257, "contact", self.0.len())?;
        self.0.iter().try_for_each(Contact::check)
    }
}

/// A person or a business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    addresses: Vec<PostalAddress>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    birthday: Option<Words>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    emails: Vec<Email>,
    name: Name,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    org: Option<Organization>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    phones: Vec<Phone>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    urls: Vec<Url>,
}

impl Contact {
    /// A contact of this name. Some clients were refused where no other part of the name was given.
    #[must_use]
    pub fn new(name: impl Into<Name>) -> Self {
        Self {
            addresses: Vec::new(),
            birthday: None,
            emails: Vec::new(),
            name: name.into(),
            org: None,
            phones: Vec::new(),
            urls: Vec::new(),
        }
    }

    /// Adds a phone number.
    #[must_use]
    pub fn phone(mut self, phone: Phone) -> Self {
        self.phones.push(phone);
        self
    }

    /// Adds an email address.
    #[must_use]
    pub fn email(mut self, email: Email) -> Self {
        self.emails.push(email);
        self
    }

    /// Adds a postal address.
    #[must_use]
    pub fn address(mut self, address: PostalAddress) -> Self {
        self.addresses.push(address);
        self
    }

    /// Adds a web address.
    #[must_use]
    pub fn url(mut self, url: Url) -> Self {
        self.urls.push(url);
        self
    }

    /// Sets whom the person works for.
    #[must_use]
    pub fn organization(mut self, organization: Organization) -> Self {
        self.org = Some(organization);
        self
    }

    optional_texts! {
        /// The birthday, such as `2012-08-18`.
        birthday,
    }

    fn check(&self) -> Result<(), BuildError> {
        present("the name of a contact", &self.name.formatted_name)?;
        if self.birthday.as_deref().is_some_and(|birthday| !is_date(birthday)) {
            return Err(BuildError::new("a birthday is written as 2012-08-18: year, month and day"));
        }
        self.phones.iter().try_for_each(|phone| present("the phone number of a contact", &phone.phone))?;
        self.emails.iter().try_for_each(|email| present("the email address of a contact", &email.email))?;
        self.urls.iter().try_for_each(|url| present("the web address of a contact", &url.url))?;
        let codes = self.addresses.iter().filter_map(|address| address.country_code.as_deref());
        codes.into_iter().try_for_each(|code| length("the code of a country", 2..=2, code))
    }
}

/// A contact's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    formatted_name: Words,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first_name: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_name: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    middle_name: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prefix: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    suffix: Option<Words>,
}

impl Name {
    /// The name as it is shown.
    #[must_use]
    pub fn new(formatted: impl Into<String>) -> Self {
        Self {
            formatted_name: formatted.into().into(),
            first_name: None,
            last_name: None,
            middle_name: None,
            prefix: None,
            suffix: None,
        }
    }

    optional_texts! {
        /// The first name.
        first_name,
        /// The last name.
        last_name,
        /// The middle name.
        middle_name,
        /// What stands before it, such as `Dr.`.
        prefix,
        /// What stands after it, such as `Esq.`.
        suffix,
    }
}

impl From<&str> for Name {
    fn from(formatted: &str) -> Self {
        Self::new(formatted)
    }
}

/// A contact's phone number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    phone: Words,
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    label: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wa_id: Option<WhatsAppId>,
}

impl Phone {
    /// A number as it is shown.
    #[must_use]
    pub fn new(phone: impl Into<String>) -> Self {
        Self { phone: phone.into().into(), label: None, wa_id: None }
    }

    /// The WhatsApp user behind it: the message then has a button to write to them, and else one to invite them.
    #[must_use]
    pub fn wa_id(mut self, user: WhatsAppId) -> Self {
        self.wa_id = Some(user);
        self
    }

    optional_texts! {
        /// What kind of number it is, such as `Mobile`.
        label,
    }
}

/// A contact's email address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Email {
    email: Words,
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    label: Option<Words>,
}

impl Email {
    /// An email address.
    #[must_use]
    pub fn new(email: impl Into<String>) -> Self {
        Self { email: email.into().into(), label: None }
    }

    optional_texts! {
        /// What kind of address it is, such as `Work`.
        label,
    }
}

/// A contact's web address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Url {
    url: Words,
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    label: Option<Words>,
}

impl Url {
    /// A web address.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into().into(), label: None }
    }

    optional_texts! {
        /// What kind of address it is, such as `Company`.
        label,
    }
}

/// Whom a contact works for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    company: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    department: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<Words>,
}

impl Organization {
    /// A company of this name.
    #[must_use]
    pub fn new(company: impl Into<String>) -> Self {
        Self { company: Some(company.into().into()), ..Self::default() }
    }

    optional_texts! {
        /// The department.
        department,
        /// What the person is there.
        title,
    }
}

/// A contact's postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostalAddress {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    street: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    city: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zip: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    country: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    country_code: Option<Words>,
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    label: Option<Words>,
}

impl PostalAddress {
    /// An address of which nothing is known yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    optional_texts! {
        /// The street and the number.
        street,
        /// The city.
        city,
        /// The state or the province, mostly as its code.
        state,
        /// The postal code.
        zip,
        /// The country's name.
        country,
        /// The country's code of two letters.
        country_code,
        /// What kind of address it is, such as `Home`.
        label,
    }
}

fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut number = |digits: usize| {
        let part = parts.next().filter(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()));
        part.and_then(|part| part.parse::<u16>().ok())
    };
    let is_day = number(4).is_some()
        && number(2).is_some_and(|month| (1..=12).contains(&month))
        && number(2).is_some_and(|day| (1..=31).contains(&day));
    is_day && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::message::testing::{refusal, sends, sends_although};

    fn address(street: &str, label: &str) -> PostalAddress {
        let address = PostalAddress::new().street(street).city("Menlo Park").state("CA").zip("94025");
        address.country("United States").country_code("us").label(label)
    }

    // Meta's API description v23.0, sendMessage, "Send Contact Message".
    #[test]
    fn a_contact_is_written_as_documented() {
        let name =
            Name::new("John Smith").first_name("John").last_name("Smith").middle_name("D.").prefix("Dr").suffix("Jr");
        let contact = Contact::new(name)
            .address(address("1 Hacker Way", "HOME"))
            .address(address("200 Jefferson Dr", "WORK"))
            .birthday("2012-08-18")
            .email(Email::new("test@fb.com").label("WORK"))
            .email(Email::new("test@whatsapp.com").label("HOME"))
            .organization(Organization::new("WhatsApp").department("Design").title("Manager"))
            .phone(Phone::new("+1 (940) 555-1234").label("HOME"))
            .phone(Phone::new("+1 (650) 555-1234").label("WORK").wa_id(WhatsAppId::new("16505551234").unwrap()))
            .url(Url::new("https://www.facebook.com").label("WORK"))
            .url(Url::new("https://www.whatsapp.com").label("HOME"));
        let sample = r#"[{
            "addresses": [
                {"city": "Menlo Park", "country": "United States", "country_code": "us", "state": "CA",
                 "street": "1 Hacker Way", "type": "HOME", "zip": "94025"},
                {"city": "Menlo Park", "country": "United States", "country_code": "us", "state": "CA",
                 "street": "200 Jefferson Dr", "type": "WORK", "zip": "94025"}],
            "birthday": "2012-08-18",
            "emails": [{"email": "test@fb.com", "type": "WORK"}, {"email": "test@whatsapp.com", "type": "HOME"}],
            "name": {"first_name": "John", "formatted_name": "John Smith", "last_name": "Smith", "middle_name": "D.",
                     "prefix": "Dr", "suffix": "Jr"},
            "org": {"company": "WhatsApp", "department": "Design", "title": "Manager"},
            "phones": [{"phone": "+1 (940) 555-1234", "type": "HOME"},
                       {"phone": "+1 (650) 555-1234", "type": "WORK", "wa_id": "16505551234"}],
            "urls": [{"type": "WORK", "url": "https://www.facebook.com"},
                     {"type": "HOME", "url": "https://www.whatsapp.com"}]}]"#;
        sends(&Contacts::new([contact]), sample);
    }

    // Meta, "Contacts messages": the labels are free.
    #[test]
    fn labels_are_free() {
        let contact = Contact::new("Barbara J. Johnson").phone(Phone::new("+16505559999").label("Landline"));
        sends_although(
            &[("Meta's page has no list of labels", "body /contacts/0/phones/0/type: ")],
            &Contacts::new([contact]),
            r#"[{"name": {"formatted_name": "Barbara J. Johnson"}, "phones": [{"phone": "+16505559999", "type": "Landline"}]}]"#,
        );
    }

    #[test]
    fn limits_are_checked() {
        let many = Contacts::new(vec![Contact::new("A"); 258]);
        assert_eq!(refusal(&many), "a message has 1 to 257 contacts: this one has 258");
        assert!(refusal(&Contacts::new([])).contains("1 to 257"));
        let refused = |contact: Contact| refusal(&Contacts::new([contact]));
        assert!(refused(Contact::new("")).contains("the name of a contact is empty"));
        for birthday in ["18.08.2012", "2012-13-01", "2012-8-18", "2012-08-18-1", "2012-08", "２012-08-18"] {
            assert!(refused(Contact::new("A").birthday(birthday)).contains("2012-08-18"), "{birthday}");
        }
        assert!(refused(Contact::new("A").phone(Phone::new(""))).contains("phone number"));
        assert!(refused(Contact::new("A").email(Email::new(""))).contains("email address"));
        assert!(refused(Contact::new("A").url(Url::new(""))).contains("web address"));
        assert!(refused(Contact::new("A").address(PostalAddress::new().country_code("USA"))).contains("2 characters"));
    }
}
