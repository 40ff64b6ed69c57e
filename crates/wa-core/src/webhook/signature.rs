use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, Request};
use sha2::Sha256;
use wa_types::AppSecret;

/// Checks that deliveries come from the service. Make it once: it keeps the secret's prepared state.
#[derive(Clone)]
pub struct Verifier {
    keys: Vec<Hmac<Sha256>>,
}

impl Verifier {
    /// Takes deliveries that are signed with this app secret.
    #[must_use]
    pub fn new(secret: &AppSecret) -> Self {
        Self { keys: Vec::new() }.also(secret)
    }

    /// Takes deliveries that are signed with this one too: while a secret is being replaced, both are in use.
    #[must_use]
    pub fn also(mut self, secret: &AppSecret) -> Self {
        // HMAC takes keys of any length. Were one refused, nothing that it signed would be taken.
        self.keys.extend(Hmac::new_from_slice(secret.expose().as_bytes()));
        self
    }

    /// Signs a delivery with the first secret, as the service does: for tests of what receives webhooks.
    #[must_use]
    pub fn sign(&self, body: &[u8]) -> String {
        let code = self.keys.first().map(|key| key.clone().chain_update(body).finalize().into_bytes());
        code.iter().flatten().fold(PREFIX.to_owned(), |signature, byte| signature + &format!("{byte:02x}"))
    }

    fn accepts(&self, body: &[u8], code: &[u8; 32]) -> bool {
        let is_by = |key: &Hmac<Sha256>| key.clone().chain_update(body).verify_slice(code).is_ok();
        // All keys are tried, so that the time does not tell which one fits.
        self.keys.iter().fold(false, |accepted, key| is_by(key) | accepted)
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verifier({} secrets)", self.keys.len())
    }
}

/// A delivery that anybody may have sent. It can be verified, and nothing else.
#[derive(Clone, Copy)]
pub struct Unverified<'a> {
    code: Result<[u8; 32], SignatureError>,
    body: &'a [u8],
}

impl<'a> Unverified<'a> {
    /// A delivery by the value of its header `X-Hub-Signature-256` and its body as it came: every byte counts.
    #[must_use]
    pub fn new(signature: Option<&[u8]>, body: &'a [u8]) -> Self {
        Self { code: read_code(signature), body }
    }

    /// A delivery as an HTTP server received it.
    #[must_use]
    pub fn from_request(request: &'a Request<impl AsRef<[u8]>>) -> Self {
        Self { code: code_of(request.headers()), body: request.body().as_ref() }
    }

    pub(super) fn with_code(code: [u8; 32], body: &'a [u8]) -> Self {
        Self { code: Ok(code), body }
    }

    /// Checks the signature, in constant time.
    ///
    /// # Errors
    ///
    /// The delivery is not signed, or not by the service: answer 401 and look no further.
    pub fn verify(self, verifier: &Verifier) -> Result<Verified<'a>, SignatureError> {
        if verifier.accepts(self.body, &self.code?) {
            Ok(Verified { body: self.body })
        } else {
            Err(SignatureError::Wrong)
        }
    }
}

impl fmt::Debug for Unverified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unverified({} bytes)", self.body.len())
    }
}

/// A delivery that comes from the service.
#[derive(Clone, Copy)]
pub struct Verified<'a> {
    body: &'a [u8],
}

impl<'a> Verified<'a> {
    /// The delivery's bytes.
    #[must_use]
    pub fn body(&self) -> &'a [u8] {
        self.body
    }
}

impl fmt::Debug for Verified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verified({} bytes)", self.body.len())
    }
}

/// Why a delivery cannot be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// There is no signature.
    #[error("the delivery has no X-Hub-Signature-256")]
    Missing,
    /// The signature is not one.
    #[error("the delivery's signature is not sha256= and 64 hex digits")]
    Malformed,
    /// Somebody else signed it, or the body was changed on the way.
    #[error("the delivery's signature does not fit its body: look for a wrong app secret or a changed body")]
    Wrong,
}

/// The code that the head of a delivery gives.
pub(super) fn code_of(headers: &HeaderMap) -> Result<[u8; 32], SignatureError> {
    read_code(headers.get(SIGNATURE_HEADER).map(|value| value.as_bytes()))
}

fn read_code(signature: Option<&[u8]>) -> Result<[u8; 32], SignatureError> {
    let signature = signature.ok_or(SignatureError::Missing)?;
    signature.strip_prefix(PREFIX.as_bytes()).and_then(decode_hex).ok_or(SignatureError::Malformed)
}

fn decode_hex(text: &[u8]) -> Option<[u8; 32]> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = [0; 32];
    if text.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

const PREFIX: &str = "sha256=";
const SIGNATURE_HEADER: &str = "x-hub-signature-256";

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 4231, test case 2: HMAC-SHA-256 with the key "Jefe".
    const KEY: &str = "Jefe";
    const BODY: &[u8] = b"what do ya want for nothing?";
    const SIGNATURE: &str = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    fn verifier(secrets: &[&str]) -> Verifier {
        let [first, rest @ ..] = secrets else { unreachable!() };
        let secret = |text: &str| AppSecret::new(text).unwrap();
        rest.iter().fold(Verifier::new(&secret(first)), |verifier, text| verifier.also(&secret(text)))
    }

    fn verify(signature: &str, body: &[u8], secrets: &[&str]) -> Result<(), SignatureError> {
        Unverified::new(Some(signature.as_bytes()), body).verify(&verifier(secrets)).map(drop)
    }

    #[test]
    fn a_known_signature_is_taken() {
        assert_eq!(verify(SIGNATURE, BODY, &[KEY]), Ok(()));
        assert_eq!(verify(&SIGNATURE.to_uppercase().replace("SHA", "sha"), BODY, &[KEY]), Ok(()));
    }

    #[test]
    fn signing_is_what_the_service_does() {
        assert_eq!(verifier(&[KEY, "new"]).sign(BODY), SIGNATURE);
    }

    #[test]
    fn while_a_secret_is_replaced_both_are_taken() {
        assert_eq!(verify(SIGNATURE, BODY, &["new", KEY]), Ok(()));
        assert_eq!(verify(SIGNATURE, BODY, &[KEY, "new"]), Ok(()));
        assert_eq!(verify(SIGNATURE, BODY, &["new", "newer"]), Err(SignatureError::Wrong));
    }

    #[test]
    fn every_byte_counts() {
        for index in 0..BODY.len() {
            let mut body = BODY.to_vec();
            body[index] ^= 1;
            assert_eq!(verify(SIGNATURE, &body, &[KEY]), Err(SignatureError::Wrong));
        }
        for index in SIGNATURE.len() - 64..SIGNATURE.len() {
            let mut signature = SIGNATURE.to_owned();
            let digit = if signature.as_bytes()[index] == b'0' { "1" } else { "0" };
            signature.replace_range(index..=index, digit);
            assert_eq!(verify(&signature, BODY, &[KEY]), Err(SignatureError::Wrong));
        }
    }

    #[test]
    fn anything_else_is_not_a_signature() {
        assert_eq!(Unverified::new(None, BODY).verify(&verifier(&[KEY])).map(drop), Err(SignatureError::Missing));
        let short = &SIGNATURE[..SIGNATURE.len() - 1];
        let long = format!("{SIGNATURE}0");
        let not_hex = SIGNATURE.replace('5', "x");
        for wrong in ["", "sha256=", "sha1=5bdc", short, &long, &not_hex, &SIGNATURE[7..]] {
            assert_eq!(verify(wrong, BODY, &[KEY]), Err(SignatureError::Malformed), "{wrong}");
        }
    }

    #[test]
    fn a_request_has_its_signature_in_a_header() {
        let request = Request::builder().header("X-Hub-Signature-256", SIGNATURE).body(BODY).unwrap();
        assert_eq!(Unverified::from_request(&request).verify(&verifier(&[KEY])).unwrap().body(), BODY);
    }
}
