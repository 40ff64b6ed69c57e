use serde::Serialize;

use crate::{PhoneNumberId, model, open::open_enum};

model! {
    /// How a number stands with being an official business account, the one with the badge.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct OfficialBusinessAccount {
        /// The number.
        pub id: Option<PhoneNumberId>,
        /// How far the application is.
        pub oba_status: Option<OfficialStatus>,
        /// The same in words.
        pub status_message: Option<String>,
    }
}

open_enum! {
    /// How far an application to be an official business account is.
    OfficialStatus {
        Pending = "PENDING",
        Approved = "APPROVED",
        Rejected = "REJECTED",
        UnderReview = "UNDER_REVIEW",
        Expired = "EXPIRED",
        Cancelled = "CANCELLED",
        NotStarted = "NOT_STARTED",
    }
}
