//! What goes wrong between the caller and the service.

use super::call::Op;

/// One thing that goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No connection: the request was never sent.
    Refused,
    /// Nothing comes back, and nothing has happened.
    LostBefore,
    /// Nothing comes back, and it has happened.
    LostAfter,
    /// A Graph error instead of the effect.
    Graph { status: u16, code: u32, subcode: Option<u32> },
    /// The page of something in between, with or without the effect.
    Html502 { effect: bool },
    /// `{"success": false}` with status 200, without the effect.
    SuccessFalse,
}

/// Which request it strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The request of this index, from 0.
    Index(usize),
    /// The nth of this operation, from 0.
    Nth(Op, usize),
}

/// What the transport reports when no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The connection could not be made.
    Refused,
    /// The request was sent, and the answer did not come in time.
    Silence,
}

/// A fault with the request that it strikes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upset {
    pub when: When,
    pub fault: Fault,
}

impl Upset {
    pub fn new(when: When, fault: Fault) -> Self {
        Self { when, fault }
    }

    pub(super) fn strikes(&self, index: usize, op: Op, nth: usize) -> bool {
        match self.when {
            When::Index(at) => at == index,
            When::Nth(of, at) => of == op && at == nth,
        }
    }
}
