use serde::Serialize;

use crate::{
    GroupId, ScopedUserId, Timestamp, WhatsAppId, model, open::open_enum, time::as_seconds, webhook::WebhookFailure,
};

model! {
    /// The four fields of groups: a group was made, changed, joined, left or suspended, or could not be.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct GroupUpdate {
        /// What has happened.
        pub kind: Option<GroupEvent> = "type",
        /// The group.
        pub group_id: Option<GroupId>,
        /// When.
        #[serde(serialize_with = "as_seconds")]
        pub timestamp: Option<Timestamp>,
        /// The request that led to it: what the call returned.
        pub request_id: Option<String>,
        /// What the group is called, of a new one.
        pub subject: Option<String>,
        /// What it is for, of a new one.
        pub description: Option<String>,
        /// The link to join by.
        pub invite_link: Option<String>,
        /// Whether people who join must be let in, such as `auto_approve`.
        pub join_approval_mode: Option<String>,
        /// How people came to join, such as `invite_link`.
        pub reason: Option<String>,
        /// Who has joined.
        pub added_participants: Vec<GroupParticipant>,
        /// Who has left or was removed.
        pub removed_participants: Vec<GroupParticipant>,
        /// Who could not be removed.
        pub failed_participants: Vec<GroupParticipant>,
        /// Who removed them, such as `business` or `participant`.
        pub initiated_by: Option<String>,
        /// A request to join.
        pub join_request_id: Option<String>,
        /// Who asks to join.
        pub wa_id: Option<WhatsAppId>,
        /// Who asks to join, by the id for this business.
        pub user_id: Option<ScopedUserId>,
        /// Who asks to join, by the id for the parent of this business.
        pub parent_user_id: Option<ScopedUserId>,
        /// The username of who asks to join.
        pub username: Option<String>,
        /// A new picture.
        pub profile_picture: Option<GroupSetting>,
        /// A new subject.
        pub group_subject: Option<GroupSetting>,
        /// A new description.
        pub group_description: Option<GroupSetting>,
        /// Why it failed.
        pub errors: Vec<WebhookFailure>,
    }
}

open_enum! {
    /// What has happened to a group.
    GroupEvent {
        Create = "group_create",
        Delete = "group_delete",
        ParticipantsAdd = "group_participants_add",
        /// What Meta's API description calls the same.
        AddParticipants = "group_add_participants",
        ParticipantsRemove = "group_participants_remove",
        JoinRequestCreated = "group_join_request_created",
        JoinRequestRevoked = "group_join_request_revoked",
        SettingsUpdate = "group_settings_update",
        Suspend = "group_suspend",
        SuspendCleared = "group_suspend_cleared",
    }
}

model! {
    /// A participant of a group.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct GroupParticipant {
        /// The participant as the request named it.
        pub input: Option<String>,
        /// The WhatsApp id.
        pub wa_id: Option<WhatsAppId>,
        /// The id for this business.
        pub user_id: Option<ScopedUserId>,
        /// The id for the parent of this business.
        pub parent_user_id: Option<ScopedUserId>,
        /// The username.
        pub username: Option<String>,
        /// Why it failed.
        pub errors: Vec<WebhookFailure>,
    }
}

model! {
    /// A setting of a group that was to be changed.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct GroupSetting {
        /// The new text.
        pub text: Option<String>,
        /// What the new picture is, such as `image/jpeg`.
        pub mime_type: Option<String>,
        /// The SHA-256 of the new picture.
        pub sha256: Option<String>,
        /// Whether it was changed.
        pub update_successful: Option<bool>,
        /// Why it was not.
        pub errors: Vec<WebhookFailure>,
    }
}
