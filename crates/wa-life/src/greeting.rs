use std::fmt;

/// A first message.
#[derive(Clone)]
pub struct Greeting(pub(crate) Message);

#[derive(Clone)]
pub(crate) enum Message {
    Template { name: String, language: String },
    Text { body: String, is_reply: bool },
}

impl Greeting {
    /// An approved template without parameters, such as `hello_world` in `en_US`: the only message that may begin a
    /// conversation.
    #[must_use]
    pub fn template(name: impl Into<String>, language: impl Into<String>) -> Self {
        Self(Message::Template { name: name.into(), language: language.into() })
    }

    /// A text to a person who has written within the last 24 hours: it is delivered.
    #[must_use]
    pub fn reply(body: impl Into<String>) -> Self {
        Self(Message::Text { body: body.into(), is_reply: true })
    }

    /// A text of which nobody knows whether its recipient has written within the last 24 hours. The service accepts it in
    /// any case and delivers it only then, so the run ends unconfirmed.
    #[must_use]
    pub fn text(body: impl Into<String>) -> Self {
        Self(Message::Text { body: body.into(), is_reply: false })
    }

    /// Whether the service's acceptance is all that there is to know.
    pub(crate) fn is_settled_by_acceptance(&self) -> bool {
        !matches!(self.0, Message::Text { is_reply: false, .. })
    }
}

/// The text is not shown.
impl fmt::Debug for Greeting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Message::Template { name, language } => write!(f, "Greeting::template({name:?}, {language:?})"),
            Message::Text { body, .. } => write!(f, "Greeting::text({} bytes)", body.len()),
        }
    }
}
