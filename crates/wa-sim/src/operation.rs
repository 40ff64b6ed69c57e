use std::fmt;

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Makes the operations and their table out of one list, so that each is named once. Of those with the same verb and
/// edge the first whose body fits is meant.
macro_rules! operations {
    ($($operation:ident $name:literal: $method:ident $node:ident $edge:literal $body:expr, $permissions:ident;)*) => {
        /// A call that is modelled.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        #[allow(missing_docs, reason = "the name says it; `name` gives the one that faults and the journal use")]
        pub enum Operation {
            $(#[serde(rename = $name)] $operation,)*
        }

        const TABLE: &[Row] = &[$(Row {
            operation: Operation::$operation,
            name: $name,
            method: Method::$method,
            node: Node::$node,
            edge: $edge,
            body: $body,
            permissions: $permissions,
        },)*];
    };
}

operations! {
    Migrate "number.migrate": POST Number "register" Body::With("backup"), EITHER;
    Register "number.register": POST Number "register" Body::Any, EITHER;
    Deregister "number.deregister": POST Number "deregister" Body::Any, EITHER;
    RequestCode "number.request_code": POST Number "request_code" Body::Any, MANAGE;
    VerifyCode "number.verify_code": POST Number "verify_code" Body::Any, MANAGE;
    ReadNumber "number.read": GET Number "" Body::Any, MANAGE;
    SetPin "number.set_pin": POST Number "" Body::Only("pin"), MANAGE;
    SetDisplayName "number.set_display_name": POST Number "" Body::Only("new_display_name"), MANAGE;
    UpdateNumber "number.update": POST Number "" Body::Any, MANAGE;
    ReadSettings "number.read_settings": GET Number "settings" Body::Any, MANAGE;
    SetStorage "number.set_storage": POST Number "settings" Body::With("storage_configuration"), MANAGE;
    SetCalling "number.set_calling": POST Number "settings" Body::With("calling"), MANAGE;
    SetIdentityCheck "number.set_identity_check": POST Number "settings" Body::With("user_identity_change"), MANAGE;
    SetPayloadEncryption "number.set_payload_encryption":
        POST Number "settings" Body::With("payload_encryption"), MANAGE;
    SetSettings "number.set_settings": POST Number "settings" Body::Any, MANAGE;
    SetAutomation "number.set_automation": POST Number "conversational_automation" Body::Any, MANAGE;
    ReadOfficial "number.read_official": GET Number "official_business_account" Body::Any, MANAGE;
    ApplyOfficial "number.apply_official": POST Number "official_business_account" Body::Any, MANAGE;
    ReadProfile "number.read_profile": GET Number "whatsapp_business_profile" Body::Any, MANAGE;
    UpdateProfile "number.update_profile": POST Number "whatsapp_business_profile" Body::Any, MANAGE;
    SyncBusinessApp "number.sync_business_app": POST Number "smb_app_data" Body::Any, MANAGE;
    SendTemplate "message.send_template": POST Number "messages" Body::With("template"), SEND;
    SendText "message.send_text": POST Number "messages" Body::With("text"), SEND;
    MarkRead "message.mark_read": POST Number "messages" Body::With("status"), SEND;
    SendMessage "message.send": POST Number "messages" Body::Any, SEND;
    ListNumbers "account.list_numbers": GET Account "phone_numbers" Body::Any, MANAGE;
    AddNumber "account.add_number": POST Account "phone_numbers" Body::Any, MANAGE;
    Subscribe "account.subscribe": POST Account "subscribed_apps" Body::Any, MANAGE;
    ListSubscriptions "account.list_subscriptions": GET Account "subscribed_apps" Body::Any, MANAGE;
    Unsubscribe "account.unsubscribe": DELETE Account "subscribed_apps" Body::Any, MANAGE;
}

impl Operation {
    /// All operations, in the order in which a request is compared with them.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.operation)
    }

    /// The name that fault rules and the journal use.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Whether the call goes to an account rather than to a number.
    #[must_use]
    pub fn is_of_account(self) -> bool {
        self.row().node == Node::Account
    }

    /// Whether another operation is this one or a special case of it: a migration is a registration, and what sets the
    /// PIN alone updates the number.
    #[must_use]
    pub fn includes(self, other: Self) -> bool {
        self == other || self == other.general()
    }

    /// The operation that this one is a special case of, or itself.
    pub(crate) fn general(self) -> Self {
        let own = self.row();
        let is_general = |row: &&Row| {
            (&row.method, row.edge, row.node) == (&own.method, own.edge, own.node) && row.body == Body::Any
        };
        TABLE.iter().find(is_general).map_or(self, |row| row.operation)
    }

    /// The call that a request makes; the empty edge is the node itself, which only a number has here.
    pub(crate) fn from_request(method: &Method, edge: &str, body: Option<&Map<String, Value>>) -> Option<Self> {
        let fits = |row: &&Row| row.method == *method && row.edge == edge && row.body.fits(body);
        TABLE.iter().find(fits).map(|row| row.operation)
    }

    /// The permissions of which the token needs one: registering takes either, as Meta's pages have it.
    pub(crate) fn permissions(self) -> &'static [&'static str] {
        self.row().permissions
    }

    fn row(self) -> &'static Row {
        // The rows are in the order of the variants, since one list makes both.
        &TABLE[self as usize]
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

struct Row {
    operation: Operation,
    name: &'static str,
    method: Method,
    node: Node,
    edge: &'static str,
    body: Body,
    permissions: &'static [&'static str],
}

/// What the id in the address stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Node {
    Number,
    Account,
}

/// Which bodies an operation has, of those with its verb and edge.
#[derive(PartialEq, Eq)]
enum Body {
    /// All that no other operation has.
    Any,
    /// Those with this member.
    With(&'static str),
    /// Those with no other member that matters.
    Only(&'static str),
}

impl Body {
    fn fits(&self, members: Option<&Map<String, Value>>) -> bool {
        let matters = |name: &&String| !BESIDE.contains(&name.as_str());
        match (self, members) {
            (Self::Any, _) => true,
            (Self::With(name), Some(members)) => members.contains_key(*name),
            (Self::Only(name), Some(members)) => members.keys().filter(matters).eq([name]),
            (_, None) => false,
        }
    }
}

pub(crate) const MANAGEMENT: &str = "whatsapp_business_management";
pub(crate) const MESSAGING: &str = "whatsapp_business_messaging";
const MANAGE: &[&str] = &[MANAGEMENT];
const SEND: &[&str] = &[MESSAGING];
const EITHER: &[&str] = &[MANAGEMENT, MESSAGING];
const BESIDE: &[&str] = &["messaging_product", "access_token", "appsecret_proof", "appsecret_time"];
