use std::fmt;

/// How a connection ends without an answer that is HTTP.
#[derive(Debug)]
pub(super) enum Raw {
    /// In an orderly way.
    Close,
    /// By a reset.
    Reset,
    /// After these bytes.
    Bytes(Vec<u8>),
    /// After so many interim answers and these bytes.
    Flood(u32, Vec<u8>),
}

impl fmt::Display for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is to end")
    }
}

impl std::error::Error for Raw {}
