use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    Meaning,
    lenient::{self, FromWire},
};

/// Names the codes that a program decides by; every other code is `Other`.
macro_rules! codes {
    ($($(#[$about:meta])* $name:ident = $number:literal,)+) => {
        /// The code of an error: what a program decides by, unlike the HTTP status and the text.
        ///
        /// `code.meaning(subcode)` explains all documented codes, named here or not.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $(#[doc = concat!("`", stringify!($number), "`")] $(#[$about])* $name,)+
            /// A code without a name here.
            Other(i64),
        }

        impl ErrorCode {
            /// The codes that have a name, in ascending order.
            pub const NAMED: &'static [Self] = &[$(Self::$name),+];

            /// The code as a number.
            #[must_use]
            pub const fn number(self) -> i64 {
                match self {
                    $(Self::$name => $number,)+
                    Self::Other(number) => number,
                }
            }
        }

        impl From<i64> for ErrorCode {
            fn from(number: i64) -> Self {
                match number {
                    $($number => Self::$name,)+
                    _ => Self::Other(number),
                }
            }
        }
    };
}

codes! {
    Authentication = 0,
    ApiUnknown = 1,
    ApiService = 2,
    ApiMethod = 3,
    /// On a registration call with subcode 2446079 it is the registration limit.
    AppRateLimit = 4,
    PermissionDenied = 10,
    UserRateLimit = 17,
    NumberDeleted = 33,
    InvalidParameter = 100,
    SessionInvalid = 102,
    TokenMissing = 104,
    TokenInvalid = 190,
    PermissionMissing = 200,
    PolicyBlock = 368,
    OperationRateLimit = 613,
    ObjectNotFound = 803,
    UnknownPath = 2500,
    AccountRateLimit = 80007,
    AccountCallLimit = 80008,
    ThroughputLimit = 130429,
    SomethingWentWrong = 131000,
    AccessDenied = 131005,
    ParameterMissing = 131008,
    ParameterNotValid = 131009,
    ServiceUnavailable = 131016,
    RecipientIsSender = 131021,
    Undeliverable = 131026,
    RecipientNotAllowed = 131030,
    AccountLocked = 131031,
    DisplayNameNotApproved = 131037,
    PaymentIssue = 131042,
    CertificateIncorrect = 131045,
    ConversationClosed = 131047,
    SpamLimit = 131048,
    HeldBack = 131049,
    MessageTypeUnsupported = 131051,
    PairRateLimit = 131056,
    Maintenance = 131057,
    DeregistrationIncomplete = 133000,
    BackupNotDecrypted = 133001,
    BackupNotReadable = 133002,
    RecoveryTokenNotReadable = 133003,
    RegistrationUnavailable = 133004,
    PinMismatch = 133005,
    VerificationNeeded = 133006,
    NumberBlocked = 133007,
    PinGuessedTooOften = 133008,
    PinGuessedTooFast = 133009,
    NotRegistered = 133010,
    DeletionUnfinished = 133015,
    /// Code 4 with subcode 2446079 says the same of a registration call.
    RegistrationLimit = 133016,
    UserError = 135000,
    NumberFormat = 136021,
    /// One code for opposite cases: verified already, or too many codes asked for.
    CodeNotSent = 136024,
    CodeNotAccepted = 136025,
    NumberNotAdded = 200000,
    CertificateNotCreated = 2388001,
    NumberExists = 2388012,
    NotEligibleForCode = 2388091,
    NotEligibleToVerify = 2388093,
    MigrationRefused = 2388103,
    NumberInMaintenance = 2494100,
}

impl ErrorCode {
    /// What the code means, by its subcode where the table tells subcodes apart.
    #[must_use]
    pub fn meaning(self, subcode: Option<i64>) -> Option<&'static Meaning> {
        let rows = || Meaning::all().filter(|row| (row.code..=row.last).contains(&self.number()));
        rows()
            .find(|row| row.subcode.is_some() && row.subcode == subcode)
            .or_else(|| rows().find(|row| row.subcode.is_none() && row.code == row.last))
            .or_else(|| rows().find(|row| row.subcode.is_none()))
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.number(), f)
    }
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.number())
    }
}

impl FromWire for ErrorCode {
    fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(i64::from_wire(deserializer)?.map(Self::from))
    }
}

impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::value(deserializer, "a code")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RetryClass;

    #[test]
    fn every_named_code_reads_back_as_itself_and_has_a_meaning() {
        for code in ErrorCode::NAMED {
            assert_eq!(ErrorCode::from(code.number()), *code);
            assert!(code.meaning(None).is_some(), "{code}");
        }
        assert!(ErrorCode::NAMED.is_sorted_by_key(|code| code.number()));
    }

    #[test]
    fn a_subcode_narrows_the_meaning_and_an_unknown_one_does_not_hide_it() {
        let title = |code, subcode| ErrorCode::from(code).meaning(subcode).map(|row| (row.code, row.subcode));
        assert_eq!(title(100, Some(2_388_001)), Some((100, Some(2_388_001))));
        assert_eq!(title(100, Some(5)), Some((100, None)));
        assert_eq!(title(100, None), Some((100, None)));
        assert_eq!(title(999_999, None), None);
    }

    #[test]
    fn a_code_inside_a_range_means_what_the_range_means() {
        let missing = ErrorCode::from(275).meaning(None).unwrap();
        assert_eq!((missing.code, missing.last, missing.explanation.retry), (200, 299, RetryClass::Never));
        assert_eq!(ErrorCode::from(200).meaning(None).unwrap().last, 200);
    }
}
