use std::fmt;

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    calls::{
        Answer, Call, account, automation, business_app, media, message, number, official, profile, registration,
        settings, subscription, template, upload, verification,
    },
    error_style::Refusal,
};

/// Makes the operations and their table out of one list, so that each is declared once: its variant, the name that the
/// client gives it, verb, node and edge, which bodies mean it, the permissions of which the token needs one, and what
/// carries it out. Of those with the same verb and edge the first whose body fits is meant.
macro_rules! operations {
    ($($operation:ident $name:literal:
        $method:ident $node:ident $edge:literal $body:expr, $permissions:ident => $run:path;)*) => {
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
            run: $run,
        },)*];
    };
}

operations! {
    Migrate "number.migrate": POST Number "register" Body::With("backup"), EITHER => registration::register;
    Register "number.register": POST Number "register" Body::Any, EITHER => registration::register;
    Deregister "number.deregister": POST Number "deregister" Body::Any, EITHER => registration::deregister;
    RequestCode "number.request_code": POST Number "request_code" Body::Any, MANAGE => verification::request_code;
    VerifyCode "number.verify_code": POST Number "verify_code" Body::Any, MANAGE => verification::verify_code;
    ReadNumber "number.read": GET Number "" Body::Any, MANAGE => number::read;
    SetPin "number.set_pin": POST Number "" Body::Only("pin"), MANAGE => number::update;
    SetDisplayName "number.set_display_name": POST Number "" Body::Only("new_display_name"), MANAGE => number::update;
    UpdateNumber "number.update": POST Number "" Body::Any, MANAGE => number::update;
    ReadSettings "number.read_settings": GET Number "settings" Body::Any, MANAGE => settings::read;
    SetStorage "number.set_storage":
        POST Number "settings" Body::With("storage_configuration"), MANAGE => settings::set;
    SetCalling "number.set_calling": POST Number "settings" Body::With("calling"), MANAGE => settings::set;
    SetIdentityCheck "number.set_identity_check":
        POST Number "settings" Body::With("user_identity_change"), MANAGE => settings::set;
    SetPayloadEncryption "number.set_payload_encryption":
        POST Number "settings" Body::With("payload_encryption"), MANAGE => settings::set;
    SetSettings "number.set_settings": POST Number "settings" Body::Any, MANAGE => settings::set;
    SetAutomation "number.set_automation": POST Number "conversational_automation" Body::Any, MANAGE => automation::set;
    ReadOfficial "number.read_official": GET Number "official_business_account" Body::Any, MANAGE => official::read;
    ApplyOfficial "number.apply_official": POST Number "official_business_account" Body::Any, MANAGE => official::apply;
    ReadProfile "number.read_profile": GET Number "whatsapp_business_profile" Body::Any, MANAGE => profile::read;
    UpdateProfile "number.update_profile": POST Number "whatsapp_business_profile" Body::Any, MANAGE => profile::update;
    SyncBusinessApp "number.sync_business_app": POST Number "smb_app_data" Body::Any, MANAGE => business_app::sync;
    SendTemplate "message.send_template": POST Number "messages" Body::With("template"), SEND => message::send;
    SendText "message.send_text": POST Number "messages" Body::With("text"), SEND => message::send;
    MarkRead "message.mark_read": POST Number "messages" Body::Apart("status"), SEND => message::mark_read;
    SendMessage "message.send": POST Number "messages" Body::Any, SEND => message::send;
    UploadMedia "media.upload": POST Number "media" Body::Any, SEND => media::upload;
    ReadMedia "media.read": GET Media "" Body::Any, SEND => media::read;
    DeleteMedia "media.delete": DELETE Media "" Body::Any, SEND => media::delete;
    DownloadMedia "media.download": GET File "" Body::Any, SEND => media::download;
    StartUpload "upload.start": POST App "uploads" Body::Any, NONE => upload::start;
    AppendUpload "upload.append": POST Upload "" Body::Any, NONE => upload::append;
    ReadUpload "upload.read": GET Upload "" Body::Any, NONE => upload::read;
    BrowseLibrary "template.browse_library": GET Library "" Body::Any, MANAGE => template::library::list;
    CreateFromLibrary "template.create_from_library":
        POST Account "message_templates" Body::With("library_template_name"), MANAGE => template::create;
    CreateTemplate "template.create": POST Account "message_templates" Body::Any, MANAGE => template::create;
    CountTemplates "template.count": GET Account "message_templates" Body::With("summary"), MANAGE => template::list;
    ListTemplates "template.list": GET Account "message_templates" Body::Any, MANAGE => template::list;
    DeleteTemplates "template.delete_several":
        DELETE Account "message_templates" Body::With("hsm_ids"), MANAGE => template::delete;
    DeleteTemplate "template.delete": DELETE Account "message_templates" Body::Any, MANAGE => template::delete;
    ReadTemplate "template.read": GET Template "" Body::Any, MANAGE => template::read;
    EditTemplate "template.edit": POST Template "" Body::Any, MANAGE => template::edit;
    UnpauseTemplate "template.unpause": POST Template "unpause" Body::Any, MANAGE => template::unpause;
    CompareTemplates "template.compare": GET Template "compare" Body::Any, MANAGE => template::review::compare;
    ListNumbers "account.list_numbers": GET Account "phone_numbers" Body::Any, MANAGE => account::list;
    AddNumber "account.add_number": POST Account "phone_numbers" Body::Any, MANAGE => account::add;
    Subscribe "account.subscribe": POST Account "subscribed_apps" Body::Any, MANAGE => subscription::subscribe;
    ListSubscriptions "account.list_subscriptions":
        GET Account "subscribed_apps" Body::Any, MANAGE => subscription::read;
    Unsubscribe "account.unsubscribe": DELETE Account "subscribed_apps" Body::Any, MANAGE => subscription::unsubscribe;
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
        if matches!(own.body, Body::Apart(_)) {
            return self;
        }
        let is_general = |row: &&Row| {
            (&row.method, row.edge, row.node) == (&own.method, own.edge, own.node) && row.body == Body::Any
        };
        TABLE.iter().find(is_general).map_or(self, |row| row.operation)
    }

    /// The call that a request makes. What an id stands for is known only if there is something with it; of an unknown
    /// one the edge tells what it should be.
    pub(crate) fn from_request(
        method: &Method,
        node: Option<Node>,
        edge: &str,
        body: Option<&Map<String, Value>>,
    ) -> Option<Self> {
        let fits = |row: &&Row| row.method == *method && edge_fits(row.edge, edge) && row.body.fits(body);
        let exact = TABLE.iter().filter(|row| Some(row.node) == node).find(fits);
        let by_edge = || TABLE.iter().filter(|row| row.node.is_numeric()).find(fits);
        let may_guess = node.is_none_or(|node| node.is_numeric() && !edge.is_empty());
        exact.or_else(|| by_edge().filter(|_| may_guess)).map(|row| row.operation)
    }

    /// Checks and does what the call asks for.
    pub(crate) fn carry_out(self, call: &mut Call<'_>) -> Result<Answer, Refusal> {
        (self.row().run)(call)
    }

    /// What the id in the address stands for.
    pub(crate) fn node(self) -> Node {
        self.row().node
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
    /// What follows the node, empty for the node itself; `{item}` stands for any one segment.
    edge: &'static str,
    body: Body,
    permissions: &'static [&'static str],
    run: fn(&mut Call<'_>) -> Result<Answer, Refusal>,
}

/// What the id in the address stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Number,
    Account,
    App,
    Media,
    Template,
    Upload,
    /// The ready-made templates, which have no id.
    Library,
    /// A file at the address of its own host.
    File,
}

impl Node {
    /// Whether its ids are digits, so that one which is unknown may be meant for any such node.
    pub(crate) fn is_numeric(self) -> bool {
        !matches!(self, Self::Upload | Self::Library | Self::File)
    }
}

fn edge_fits(pattern: &str, edge: &str) -> bool {
    if !pattern.contains('{') {
        return pattern == edge;
    }
    let (mut wanted, mut given) = (pattern.split('/'), edge.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some("{item}"), Some(item)) if !item.is_empty() => {}
            (Some(wanted), Some(given)) if wanted == given => {}
            _ => return false,
        }
    }
}

/// Which bodies an operation has, of those with its verb and edge.
#[derive(PartialEq, Eq)]
enum Body {
    /// All that no other operation has.
    Any,
    /// Those with this member.
    With(&'static str),
    /// Those with this member, which makes it another operation altogether and no special case.
    Apart(&'static str),
    /// Those with no other member that matters.
    Only(&'static str),
}

impl Body {
    fn fits(&self, members: Option<&Map<String, Value>>) -> bool {
        let matters = |name: &&String| !BESIDE.contains(&name.as_str());
        match (self, members) {
            (Self::Any, _) => true,
            (Self::With(name) | Self::Apart(name), Some(members)) => members.contains_key(*name),
            (Self::Only(name), Some(members)) => members.keys().filter(matters).eq([name]),
            (_, None) => false,
        }
    }
}

pub(crate) const MANAGEMENT: &str = "whatsapp_business_management";
pub(crate) const MESSAGING: &str = "whatsapp_business_messaging";
const MANAGE: &[&str] = &[MANAGEMENT];
const SEND: &[&str] = &[MESSAGING];
const NONE: &[&str] = &[];
const EITHER: &[&str] = &[MANAGEMENT, MESSAGING];
const BESIDE: &[&str] = &["messaging_product", "access_token", "appsecret_proof", "appsecret_time"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_may_have_items_at_any_depth() {
        for (pattern, edge, fits) in [
            ("", "", true),
            ("register", "register", true),
            ("register", "register/1", false),
            ("message_qrdls/{item}", "message_qrdls/4O4YGZEG3RIVE1", true),
            ("message_qrdls/{item}", "message_qrdls", false),
            ("message_qrdls/{item}", "message_qrdls/", false),
            ("message_qrdls/{item}", "message_qrdls/1/2", false),
            ("a/{item}/b/{item}", "a/1/b/2", true),
        ] {
            assert_eq!(edge_fits(pattern, edge), fits, "{pattern} {edge}");
        }
    }
}
