use std::collections::BTreeMap;

use serde::Serialize;

use crate::{Timestamp, model, open::open_enum, time::as_seconds};

model! {
    /// A payment that an order asked for, in India and Brazil.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Payment {
        /// The id that the order was sent with.
        pub reference_id: Option<String>,
        /// How much.
        pub amount: Option<PaymentAmount>,
        /// The currency, by three letters.
        pub currency: Option<String>,
        /// What the provider did last.
        pub transaction: Option<PaymentTransaction>,
        /// The receipt.
        pub receipt: Option<String>,
        /// What was given to the provider.
        pub notes: BTreeMap<String, String>,
    }
}

model! {
    /// An amount of money: the value divided by the offset.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct PaymentAmount {
        /// The value, in parts of the currency.
        pub value: Option<i64>,
        /// How many parts make one.
        pub offset: Option<i64>,
    }
}

model! {
    /// What the provider of a payment did.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct PaymentTransaction {
        /// Its id.
        pub id: Option<String>,
        /// Its id with the provider.
        pub pg_transaction_id: Option<String>,
        /// The provider, such as `razorpay`.
        pub kind: Option<String> = "type",
        /// How it stands.
        pub status: Option<TransactionStatus>,
        /// How much.
        pub amount: Option<PaymentAmount>,
        /// The currency, by three letters.
        pub currency: Option<String>,
        /// When it began.
        #[serde(serialize_with = "as_seconds")]
        pub created_timestamp: Option<Timestamp>,
        /// When it changed last.
        #[serde(serialize_with = "as_seconds")]
        pub updated_timestamp: Option<Timestamp>,
        /// How it was paid.
        pub method: Option<PaymentMethod>,
        /// Why it failed.
        pub error: Option<PaymentError>,
        /// What was paid back.
        pub refunds: Vec<PaymentRefund>,
    }
}

open_enum! {
    /// How a payment's transaction stands.
    TransactionStatus {
        Pending = "pending",
        Success = "success",
        Failed = "failed",
    }
}

model! {
    /// How something was paid.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct PaymentMethod {
        /// The way, such as `upi` or `card`.
        pub kind: Option<String> = "type",
    }
}

model! {
    /// Why a payment failed.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct PaymentError {
        /// The provider's code.
        pub code: Option<String>,
        /// The reason in words.
        pub reason: Option<String>,
    }
}

model! {
    /// What was paid back.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct PaymentRefund {
        /// Its id.
        pub id: Option<String>,
        /// How much.
        pub amount: Option<PaymentAmount>,
        /// How fast, such as `normal`.
        pub speed_processed: Option<String>,
        /// How it stands, such as `completed`.
        pub status: Option<String>,
        /// When it began.
        #[serde(serialize_with = "as_seconds")]
        pub created_timestamp: Option<Timestamp>,
        /// When it changed last.
        #[serde(serialize_with = "as_seconds")]
        pub updated_timestamp: Option<Timestamp>,
    }
}
