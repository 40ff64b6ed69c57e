use serde::Serialize;

use crate::{MessageId, model};

model! {
    /// What a message refers to.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct MessageContext {
        /// Who wrote the message that it replies to.
        pub from: Option<String>,
        /// The message that it replies to.
        pub id: Option<MessageId>,
        /// Whether it was forwarded.
        pub forwarded: Option<bool>,
        /// Whether it was forwarded more than five times.
        pub frequently_forwarded: Option<bool>,
        /// The product that it asks about.
        pub referred_product: Option<ReferredProduct>,
    }
}

model! {
    /// The product that a message asks about.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct ReferredProduct {
        /// The catalog.
        pub catalog_id: Option<String>,
        /// The product, by the business's own id.
        pub product_retailer_id: Option<String>,
    }
}

model! {
    /// The advertisement or post that led to a message.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Referral {
        /// Its URL.
        pub source_url: Option<String>,
        /// Its id.
        pub source_id: Option<String>,
        /// What it is: `ad` or `post`.
        pub source_type: Option<String>,
        /// Its headline.
        pub headline: Option<String>,
        /// Its text.
        pub body: Option<String>,
        /// The kind of its media: `image` or `video`.
        pub media_type: Option<String>,
        /// The URL of its image.
        pub image_url: Option<String>,
        /// The URL of its video.
        pub video_url: Option<String>,
        /// The URL of its thumbnail.
        pub thumbnail_url: Option<String>,
        /// The click id, for reporting conversions. Advertisements in WhatsApp Status have none.
        pub ctwa_clid: Option<String>,
        /// The greeting that the chat was opened with.
        pub welcome_message: Option<ReferralWelcome>,
    }
}

model! {
    /// The greeting of a chat that an advertisement opened.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct ReferralWelcome {
        /// The text.
        pub text: Option<String>,
    }
}

model! {
    /// The state of a person's identity key.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct MessageIdentity {
        /// Whether the newest key is acknowledged.
        pub acknowledged: Option<bool>,
        /// When the key was made; both seconds and milliseconds have been seen.
        pub created_timestamp: Option<i64>,
        /// The key's hash.
        pub hash: Option<String>,
    }
}
