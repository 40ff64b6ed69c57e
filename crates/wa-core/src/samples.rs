//! Well-formed values of every call, for the tests that look at all of them. No part of the public interface.

use std::fmt::Debug;

use wa_types::{InvalidId, InvalidSecret, PhoneNumberId, Pin, VerifyToken, WabaId};

use crate::{Endpoint, api};

/// Takes calls of every kind, one after the other.
pub trait Samples {
    /// Takes a call that can be built.
    fn call<E: Endpoint + Clone + Debug + Send + Sync>(&mut self, endpoint: E);
}

/// Why a sample cannot be made.
pub type Result = std::result::Result<(), Box<dyn std::error::Error>>;

/// Hands over one or more values of every call of this crate.
///
/// # Errors
///
/// A sample is not well-formed.
pub fn all(to: &mut impl Samples) -> Result {
    api::samples(to)
}

/// A number's id, of Meta's examples.
pub(crate) fn number() -> std::result::Result<PhoneNumberId, InvalidId> {
    PhoneNumberId::new("106540352242922")
}

/// An account's id, of Meta's examples.
pub(crate) fn account() -> std::result::Result<WabaId, InvalidId> {
    WabaId::new("102290129340398")
}

pub(crate) fn pin() -> std::result::Result<Pin, InvalidSecret> {
    Pin::new(PIN)
}

pub(crate) fn verify_token() -> std::result::Result<VerifyToken, InvalidSecret> {
    VerifyToken::new(WORD)
}

/// Every PIN of the samples.
pub const PIN: &str = "012345";
/// Every one-time code of the samples.
pub const CODE: &str = "830123";
/// Every other secret of the samples, and the text of every message.
pub const WORD: &str = "canary-secret-word";
