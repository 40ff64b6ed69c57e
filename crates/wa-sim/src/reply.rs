use std::time::Duration;

use http::Response;

/// The answer to a request, and how the connection is to carry it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Reply {
    /// What is answered.
    pub response: Response<Vec<u8>>,
    /// How long the caller waits for it.
    pub delay: Duration,
    /// How it gets there.
    pub carriage: Carriage,
}

/// How an answer gets to its caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Carriage {
    /// Whole.
    #[default]
    Whole,
    /// Never: the connection stays open and silent.
    Silent,
    /// Not at all: the connection is closed in an orderly way.
    Close,
    /// Not at all: the connection is reset.
    Reset,
    /// The head promises all, but only this many bytes of the body come.
    Truncate(usize),
    /// One byte of the body at a time, with this delay after each.
    Slow(Duration),
    /// Instead of it come bytes that are not HTTP.
    Garbage,
    /// After this many answers of status 103.
    Informational(u32),
    /// With a body that is filled up with spaces to this length.
    Oversized(usize),
}
