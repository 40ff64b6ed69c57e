/// Why a control does nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ControlError {
    /// Nothing has this id.
    #[error("there is no {kind} with the id {id}")]
    Unknown {
        /// What it should be.
        kind: &'static str,
        /// The id.
        id: String,
    },
    /// It cannot be done as things are.
    #[error("{0}")]
    Impossible(&'static str),
    /// What is asked for makes no sense.
    #[error("{0}")]
    Invalid(String),
}

impl ControlError {
    pub(crate) fn number(id: &str) -> Self {
        Self::Unknown { kind: "number", id: id.to_owned() }
    }

    pub(crate) fn account(id: &str) -> Self {
        Self::Unknown { kind: "account", id: id.to_owned() }
    }

    pub(crate) fn template(id: &str) -> Self {
        Self::Unknown { kind: "template", id: id.to_owned() }
    }

    pub(crate) fn app(id: &str) -> Self {
        Self::Unknown { kind: "app", id: id.to_owned() }
    }
}
