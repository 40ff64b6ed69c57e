use serde::Serialize;

use crate::{ScopedUserId, WhatsAppId, model, open::open_enum};

model! {
    /// A change of a user's number or id.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct SystemNotice {
        /// What has changed.
        pub kind: Option<SystemKind> = "type",
        /// The change in words, with the old and the new number or id.
        pub body: Option<String>,
        /// The new WhatsApp id, which older versions call `new_wa_id`. A changed id often comes without.
        pub wa_id: Option<WhatsAppId> = "wa_id" | "new_wa_id",
        /// The new id for this business.
        pub user_id: Option<ScopedUserId>,
        /// The new id for the parent of this business.
        pub parent_user_id: Option<ScopedUserId>,
        /// The id for this business until now.
        pub previous_user_id: Option<ScopedUserId>,
        /// The id for the parent of this business until now.
        pub previous_parent_user_id: Option<ScopedUserId>,
        /// The new hash of the identity key, of older versions.
        pub identity: Option<String>,
        /// The WhatsApp id until now, of older versions.
        pub customer: Option<WhatsAppId>,
    }
}

open_enum! {
    /// What has changed about a user.
    SystemKind {
        UserChangedNumber = "user_changed_number",
        UserChangedUserId = "user_changed_user_id",
        /// What older versions call a changed number.
        CustomerChangedNumber = "customer_changed_number",
        /// The app was installed anew, of older versions.
        CustomerIdentityChanged = "customer_identity_changed",
    }
}
