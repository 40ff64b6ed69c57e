use std::{fmt, io};

use serde::Serialize;
use zeroize::Zeroizing;

use crate::BuildError;

/// The bytes of a request. They may hold a PIN, so `Debug` tells their number only, and they are wiped when dropped.
#[derive(Clone, Default)]
pub struct Body(Zeroizing<Vec<u8>>);

impl Body {
    /// No bytes.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// A value written as JSON.
    ///
    /// # Errors
    ///
    /// The value cannot be written as JSON.
    pub fn json(value: &impl Serialize) -> Result<Self, BuildError> {
        let unwritable = |_| BuildError::new("the body cannot be written as JSON");
        // Measured first: a growing buffer would leave pieces of secrets behind, and a slack one costs an allocation
        // when it becomes shared bytes.
        let mut length = Length(0);
        serde_json::to_writer(&mut length, value).map_err(unwritable)?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(length.0));
        serde_json::to_writer(&mut *bytes, value).map_err(unwritable)?;
        Ok(Self(bytes))
    }

    /// Whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl AsRef<[u8]> for Body {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Body> for Vec<u8> {
    fn from(mut body: Body) -> Self {
        std::mem::take(&mut *body.0)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.0.len())
    }
}

struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_as_long_as_its_buffer() {
        let bytes = Vec::from(Body::json(&["a longer text than most buffers begin with"; 9]).unwrap());
        assert_eq!(bytes.len(), bytes.capacity());
    }

    #[test]
    fn debug_tells_the_length_only() {
        assert_eq!(format!("{:?}", Body::json(&"012345").unwrap()), "Body(8 bytes)");
    }
}
