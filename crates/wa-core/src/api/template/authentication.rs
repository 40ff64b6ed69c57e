use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;
use wa_types::{lenient::FromWire, model};

use super::{
    Button, Component, Text,
    text::length,
    wire::{member, put, text},
};
use crate::BuildError;

/// What an authentication template is made of. Its words are the service's own, in the language of the template.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/authentication-templates/authentication-templates)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authentication {
    otp: Otp,
    add_security_recommendation: Option<bool>,
    code_expiration_minutes: Option<u16>,
}

impl Authentication {
    /// With a button that copies the code.
    #[must_use]
    pub fn copy_code() -> Self {
        Self::new(OtpType::CopyCode, Vec::new())
    }

    /// With a button that hands the code to one of these apps, one to five of them, if it is installed on an Android
    /// phone. Elsewhere it copies the code.
    #[must_use]
    pub fn one_tap(apps: impl IntoIterator<Item = SupportedApp>) -> Self {
        Self::new(OtpType::OneTap, apps.into_iter().collect())
    }

    /// Hands the code to one of these apps, one to five of them, without a tap, if it is installed on an Android phone.
    ///
    /// The service requires that its terms of zero-tap authentication are accepted:
    /// [`accept_zero_tap_terms`](Self::accept_zero_tap_terms).
    #[must_use]
    pub fn zero_tap(apps: impl IntoIterator<Item = SupportedApp>) -> Self {
        Self::new(OtpType::ZeroTap, apps.into_iter().collect())
    }

    /// Accepts, for the business, that its use of zero-tap authentication falls under the WhatsApp Business terms of
    /// service, and that people expect the code to be filled in for them.
    #[must_use]
    pub fn accept_zero_tap_terms(mut self) -> Self {
        self.otp.zero_tap_terms_accepted = Some(true);
        self
    }

    /// Says that nobody must be told the code.
    #[must_use]
    pub fn security_recommendation(mut self) -> Self {
        self.add_security_recommendation = Some(true);
        self
    }

    /// Says that the code expires after so many minutes, 1 to 90.
    #[must_use]
    pub fn code_expires_after(mut self, minutes: u16) -> Self {
        self.code_expiration_minutes = Some(minutes);
        self
    }

    /// Labels the button that copies the code, with at most 25 characters.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.otp.text = Some(text.into());
        self
    }

    /// Labels the button that hands over the code, with at most 25 characters.
    #[must_use]
    pub fn autofill_label(mut self, text: impl Into<String>) -> Self {
        self.otp.autofill_text = Some(text.into());
        self
    }

    fn new(otp_type: OtpType, supported_apps: Vec<SupportedApp>) -> Self {
        let otp = Otp { otp_type, text: None, autofill_text: None, zero_tap_terms_accepted: None, supported_apps };
        Self { otp, add_security_recommendation: None, code_expiration_minutes: None }
    }

    pub(super) fn has_labels(&self) -> bool {
        self.otp.text.is_some() || self.otp.autofill_text.is_some()
    }

    pub(super) fn components(&self) -> Vec<Component> {
        let body =
            Component::Body { text: Text::default(), add_security_recommendation: self.add_security_recommendation };
        let footer = self
            .code_expiration_minutes
            .map(|minutes| Component::Footer { text: String::new(), code_expiration_minutes: Some(minutes) });
        let buttons = Component::Buttons(vec![Button::Otp(self.otp.clone())]);
        [Some(body), footer, Some(buttons)].into_iter().flatten().collect()
    }

    pub(super) fn check(&self) -> Result<(), BuildError> {
        check_expiration(self.code_expiration_minutes)?;
        self.otp.check()
    }
}

/// As the list of its parts.
impl Serialize for Authentication {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.components().serialize(serializer)
    }
}

pub(super) fn check_expiration(minutes: Option<u16>) -> Result<(), BuildError> {
    match minutes {
        Some(minutes) if !(1..=90).contains(&minutes) => {
            Err(BuildError::new(format!("a code expires after 1 to 90 minutes: this is {minutes}")))
        }
        _ => Ok(()),
    }
}

/// The button of an authentication template.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Otp {
    /// How it hands over the code.
    pub otp_type: OtpType,
    /// The label of a button that copies the code.
    pub text: Option<String>,
    /// The label of a button that hands over the code.
    pub autofill_text: Option<String>,
    /// Whether the terms of zero-tap authentication are accepted.
    pub zero_tap_terms_accepted: Option<bool>,
    /// The apps that may get the code.
    pub supported_apps: Vec<SupportedApp>,
}

/// How a one-time code is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OtpType {
    /// The person copies it.
    CopyCode,
    /// An app gets it when the person taps the button.
    OneTap,
    /// An app gets it by itself.
    ZeroTap,
}

impl OtpType {
    fn as_str(self) -> &'static str {
        match self {
            Self::CopyCode => "COPY_CODE",
            Self::OneTap => "ONE_TAP",
            Self::ZeroTap => "ZERO_TAP",
        }
    }
}

impl Otp {
    fn check(&self) -> Result<(), BuildError> {
        for label in self.text.iter().chain(&self.autofill_text) {
            length("the label of an OTP button", label, LONGEST_LABEL)?;
        }
        if self.otp_type == OtpType::CopyCode {
            return Ok(());
        }
        if !(1..=MOST_APPS).contains(&self.supported_apps.len()) {
            return Err(BuildError::new(format!(
                "a code goes to 1 to {MOST_APPS} apps: these are {}",
                self.supported_apps.len()
            )));
        }
        if self.otp_type == OtpType::ZeroTap && self.zero_tap_terms_accepted != Some(true) {
            return Err(BuildError::new(
                "the terms of zero-tap authentication must be accepted: call accept_zero_tap_terms once they are",
            ));
        }
        self.supported_apps.iter().try_for_each(SupportedApp::check)
    }

    pub(super) fn read(value: &Value) -> Option<Self> {
        let otp_type = match text(value, "otp_type")?.to_ascii_uppercase().as_str() {
            "COPY_CODE" => OtpType::CopyCode,
            "ONE_TAP" => OtpType::OneTap,
            "ZERO_TAP" => OtpType::ZeroTap,
            _ => return None,
        };
        // Until v20 the one app stood in the button itself.
        let apps: Vec<SupportedApp> = member(value, "supported_apps").unwrap_or_default();
        let supported_apps = if apps.is_empty() { app(value).into_iter().collect() } else { apps };
        Some(Self {
            otp_type,
            text: text(value, "text"),
            autofill_text: text(value, "autofill_text"),
            zero_tap_terms_accepted: member(value, "zero_tap_terms_accepted"),
            supported_apps,
        })
    }
}

fn app(value: &Value) -> Option<SupportedApp> {
    let read = <SupportedApp as FromWire>::from_wire(value).ok()??;
    (!read.package_name.is_empty()).then_some(read)
}

impl Serialize for Otp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut wire = serializer.serialize_map(None)?;
        wire.serialize_entry("type", "OTP")?;
        wire.serialize_entry("otp_type", self.otp_type.as_str())?;
        put(&mut wire, "text", self.text.as_ref())?;
        put(&mut wire, "autofill_text", self.autofill_text.as_ref())?;
        put(&mut wire, "zero_tap_terms_accepted", self.zero_tap_terms_accepted.as_ref())?;
        put(&mut wire, "supported_apps", Some(&self.supported_apps).filter(|apps| !apps.is_empty()))?;
        wire.end()
    }
}

model! {
    /// An Android app that may get a one-time code.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct SupportedApp {
        /// Its package, such as `com.example.luckyshrub`.
        pub package_name: String,
        /// The hash of the key that it is signed with: 11 characters.
        pub signature_hash: String,
    }
}

impl SupportedApp {
    /// An app by its package, such as `com.example.luckyshrub`, and the hash of its signing key, which has 11 characters.
    #[must_use]
    pub fn new(package_name: impl Into<String>, signature_hash: impl Into<String>) -> Self {
        Self { package_name: package_name.into(), signature_hash: signature_hash.into() }
    }

    fn check(&self) -> Result<(), BuildError> {
        length("an app's package name", &self.package_name, LONGEST_PACKAGE)?;
        let is_segment = |segment: &str| {
            segment.starts_with(|first: char| first.is_ascii_alphabetic())
                && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if self.package_name.split('.').count() < 2 || !self.package_name.split('.').all(is_segment) {
            return Err(BuildError::new(
                "an app's package name has two segments or more, each of which begins with a letter: such as com.example.app",
            ));
        }
        let is_hash = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
        if self.signature_hash.len() != HASH_LENGTH || !self.signature_hash.bytes().all(is_hash) {
            return Err(BuildError::new("the hash of an app's signing key has 11 characters: such as K8a/AINcGX7"));
        }
        Ok(())
    }
}

const LONGEST_LABEL: usize = 25;
const LONGEST_PACKAGE: usize = 224;
const HASH_LENGTH: usize = 11;
const MOST_APPS: usize = 5;
