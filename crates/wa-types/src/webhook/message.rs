//! What a person wrote.

mod card;
mod content;
mod context;
mod edit;
mod interactive;
mod order;
mod system;

use serde::Serialize;

pub use card::{CardAddress, CardEmail, CardName, CardOrganization, CardPhone, CardUrl, ContactCard};
pub use content::{
    InboundContent, InboundLocation, InboundMedia, InboundReaction, InboundText, MessageKind, NoContent, QuickReply,
    Unsupported,
};
pub use context::{MessageContext, MessageIdentity, Referral, ReferralWelcome, ReferredProduct};
pub use edit::{EditedMessage, MessageEdit, MessageRevocation};
pub use interactive::{
    ButtonReply, CallPermission, CallPermissionReply, FlowReply, InteractiveKind, InteractiveReply, ListReply,
};
pub use order::{InboundOrder, OrderedProduct};
pub use system::{SystemKind, SystemNotice};

use crate::{
    GroupId, MessageId, Recipient, ScopedUserId, Timestamp, WhatsAppId, model,
    time::as_seconds,
    webhook::{User, WebhookFailure},
};

model! {
    /// A message from a person.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct InboundMessage {
        /// Its id. A repeated delivery has the same.
        pub id: MessageId = required,
        /// Who wrote it. It is missing where the business does not know the phone number.
        pub from: Option<WhatsAppId>,
        /// Who wrote it, by the id for this business.
        pub from_user_id: Option<ScopedUserId>,
        /// Who wrote it, by the id for the parent of this business.
        pub from_parent_user_id: Option<ScopedUserId>,
        /// The group that it was written to.
        pub group_id: Option<GroupId>,
        /// When.
        #[serde(serialize_with = "as_seconds")]
        pub timestamp: Option<Timestamp>,
        /// What it replies to or asks about, and whether it was forwarded.
        pub context: Option<MessageContext>,
        /// The advertisement that led to it.
        pub referral: Option<Referral>,
        /// Why its content is missing.
        pub errors: Vec<WebhookFailure>,
        /// The state of the person's identity key, if the check is on.
        pub identity: Option<MessageIdentity>,
        /// Why contacts were shared: `contact_request` if the business asked for the phone number.
        pub origin: Option<String>,
        ..
        /// What it says.
        pub content: InboundContent,
    }
}

impl InboundMessage {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> MessageKind {
        self.content.kind()
    }

    /// Who wrote it: the business-scoped id, else the phone number.
    #[must_use]
    pub fn sender(&self) -> Option<User<'_>> {
        User::new(self.from_user_id.as_ref(), self.from.as_ref())
    }

    /// Whom an answer goes to: the group that it was written to, else the sender, by the phone number where it is known.
    #[must_use]
    pub fn reply_target(&self) -> Option<Recipient> {
        let group = || self.group_id.clone().map(Recipient::from);
        let number = || self.from.clone().map(Recipient::from);
        let user = || self.from_user_id.clone().map(Recipient::from);
        group().or_else(number).or_else(user)
    }

    /// The body of a text message.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            InboundContent::Text(text) => Some(&text.body),
            _ => None,
        }
    }

    /// The file of an image, video, document, audio or sticker.
    #[must_use]
    pub fn media(&self) -> Option<&InboundMedia> {
        self.content.media()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(members: &str) -> InboundMessage {
        serde_json::from_str(&format!(r#"{{"id":"wamid.1"{members}}}"#)).unwrap()
    }

    #[test]
    fn the_sender_is_the_scoped_id_or_the_number() {
        let sender = |members| read(members).sender().map(|sender| sender.as_str().to_owned());
        assert_eq!(sender(r#","from":"16505551234","from_user_id":"US.1""#).as_deref(), Some("US.1"));
        assert_eq!(sender(r#","from":"16505551234""#).as_deref(), Some("16505551234"));
        // Meta, "Business-scoped user IDs", copies of 2025: a number that is not known is an empty text.
        assert_eq!(sender(r#","from":"""#), None);
        assert_eq!(sender(""), None);
    }

    #[test]
    fn an_answer_goes_to_the_group_else_to_the_sender() {
        let target = |members| read(members).reply_target();
        let number = Recipient::User(WhatsAppId::new("16505551234").unwrap());
        assert_eq!(target(r#","from":"16505551234","from_user_id":"US.1""#), Some(number));
        let user = Recipient::ScopedUser(ScopedUserId::new("US.1").unwrap());
        assert_eq!(target(r#","from_user_id":"US.1""#), Some(user));
        let group = Recipient::Group(GroupId::new("Y2FwaV9ncm91cDox").unwrap());
        assert_eq!(target(r#","from":"16505551234","group_id":"Y2FwaV9ncm91cDox""#), Some(group));
        assert_eq!(target(""), None);
    }

    #[test]
    fn the_words_and_the_file_are_at_hand() {
        let text = read(r#","text":{"body":"hello"},"type":"text""#);
        assert_eq!((text.text(), text.media()), (Some("hello"), None));
        let image = read(r#","type":"image","image":{"id":"1003383421387256"}"#);
        assert_eq!(image.media().unwrap().id.as_ref().unwrap().as_str(), "1003383421387256");
        assert_eq!((image.kind(), image.text()), (MessageKind::Image, None));
    }
}
