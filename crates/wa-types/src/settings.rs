//! A number's settings: calling, identity checks, payload encryption, storage.

mod calling;

use serde::Serialize;

pub use calling::{
    CallAudio, CallHours, CallIconVisibility, CallIcons, CallRestriction, CallRestrictions, CallVideo, CallingSettings,
    HolidayHours, IpAddresses, OpeningHours, SipServer, SipSettings, SrtpKeyExchange, Switch,
};

use crate::{Region, model, open::open_enum};

model! {
    /// All settings of a number.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct NumberSettings {
        /// Voice and video calls.
        pub calling: Option<CallingSettings>,
        /// Whether a message is held back when the recipient's identity key has changed.
        pub user_identity_change: Option<IdentityChange>,
        /// Encryption of the payload on top of TLS.
        pub payload_encryption: Option<PayloadEncryption>,
        /// Where messages are stored at rest.
        pub storage_configuration: Option<StorageConfiguration>,
    }
}

model! {
    /// Whether a message is held back when the recipient's identity key has changed.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct IdentityChange {
        /// The switch; Meta's API description calls it `enabled`.
        pub enable_identity_key_check: Option<bool> = "enable_identity_key_check" | "enabled",
    }
}

model! {
    /// Encryption of the payload on top of TLS.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct PayloadEncryption {
        /// Whether it is on.
        pub status: Option<Switch>,
        /// The fingerprint of the business's public key.
        pub client_encryption_key_fingerprint: Option<String>,
        /// The service's public key.
        pub cloud_encryption_key: Option<String>,
    }
}

model! {
    /// Where messages are stored at rest.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct StorageConfiguration {
        /// Which kind of storage is in force.
        pub status: Option<StorageStatus>,
        /// The region, if storage is local.
        pub data_localization_region: Option<Region> = "data_localization_region" | "region",
        /// How long Meta keeps a message before it is stored locally.
        pub retention_minutes: Option<i64>,
        /// Whether storage is local, in the words of Meta's API description.
        pub enabled: Option<bool>,
    }
}

impl StorageConfiguration {
    /// Whether storage is local, by whichever of the two shapes answers it; `None` is unknown.
    #[must_use]
    pub fn is_local(&self) -> Option<bool> {
        match &self.status {
            Some(StorageStatus::InCountryStorageEnabled) => Some(true),
            Some(StorageStatus::Other(_)) | None => self.enabled,
            Some(_) => Some(false),
        }
    }
}

open_enum! {
    /// Which kind of storage is in force.
    StorageStatus {
        /// In Meta's own data centres.
        Default = "DEFAULT",
        InCountryStorageEnabled = "IN_COUNTRY_STORAGE_ENABLED",
        InCountryStorageDisabled = "IN_COUNTRY_STORAGE_DISABLED",
        NoStorageEnabled = "NO_STORAGE_ENABLED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_shapes_of_storage_are_read() {
        let read = |json: &str| serde_json::from_str::<StorageConfiguration>(json).unwrap();
        for json in [
            r#"{"status":"IN_COUNTRY_STORAGE_ENABLED","data_localization_region":"CH","retention_minutes":60}"#,
            r#"{"status":"in_country_storage_enabled","data_localization_region":"ch"}"#,
            r#"{"enabled":true,"region":"CH"}"#,
            r#"{"region":"DE","enabled":true,"data_localization_region":"CH"}"#,
        ] {
            let storage = read(json);
            assert_eq!(
                (storage.is_local(), storage.data_localization_region),
                (Some(true), Some(Region::CH)),
                "{json}"
            );
        }
        assert_eq!(read(r#"{"status":"default"}"#).is_local(), Some(false));
        assert_eq!(read(r#"{"status":"LUNAR"}"#).is_local(), None);
    }

    #[test]
    fn both_shapes_of_the_identity_check_are_read() {
        for json in [
            r#"{"enable_identity_key_check":true}"#,
            r#"{"enabled":true}"#,
            r#"{"enabled":false,"enable_identity_key_check":true}"#,
        ] {
            let change: IdentityChange = serde_json::from_str(json).unwrap();
            assert_eq!(change.enable_identity_key_check, Some(true), "{json}");
        }
    }
}
