use std::fmt;

use http::{HeaderMap, Method, Request, StatusCode, header::CONTENT_LENGTH};
use wa_types::{AppSecret, VerifyToken};

use crate::webhook::{
    Event, Handshake, HandshakeError, MalformedDelivery, SignatureError, Unverified, Verifier, signature::code_of,
};

/// The end of a callback that the service calls, under any HTTP server: it says what to answer to a request.
///
/// ```
/// use wa_core::types::{AppSecret, VerifyToken};
/// use wa_core::webhook::{Accepted, Receiver, Refusal};
///
/// fn answer(receiver: &Receiver, request: &http::Request<Vec<u8>>) -> Result<String, Refusal> {
///     match receiver.accept(request)? {
///         Accepted::Handshake(challenge) => Ok(challenge),
///         Accepted::Delivery(delivery) => {
///             for event in delivery.receive(request.body())? {
///                 println!("{} says {}", event.field, event.raw);
///             }
///             Ok(String::new())
///         }
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let receiver = Receiver::new(&AppSecret::new("app-secret")?, VerifyToken::new("my-token")?);
/// let query = "/webhook?hub.mode=subscribe&hub.verify_token=my-token&hub.challenge=1158201444";
/// assert_eq!(answer(&receiver, &http::Request::get(query).body(Vec::new())?)?, "1158201444");
///
/// let refusal = answer(&receiver, &http::Request::post("/webhook").body(b"{}".to_vec())?).unwrap_err();
/// assert_eq!(refusal.status(), 401);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Receiver {
    verifier: Verifier,
    token: VerifyToken,
}

impl Receiver {
    /// A callback of the app with this secret, which was set up with this verify token.
    #[must_use]
    pub fn new(secret: &AppSecret, token: VerifyToken) -> Self {
        Self { verifier: Verifier::new(secret), token }
    }

    /// Takes deliveries that are signed with this secret too: while a secret is being replaced, both are in use.
    #[must_use]
    pub fn also(mut self, secret: &AppSecret) -> Self {
        self.verifier = self.verifier.also(secret);
        self
    }

    /// Looks at the head of a request. Its body need not be there yet: one that is not signed, or too large, is refused
    /// before it is read.
    ///
    /// # Errors
    ///
    /// The request is not one of the service, or the callback is set up with another token.
    pub fn accept<B>(&self, request: &Request<B>) -> Result<Accepted<'_>, Refusal> {
        match *request.method() {
            Method::GET => {
                let handshake = Handshake::from_query(request.uri().query().unwrap_or_default())?;
                Ok(Accepted::Handshake(handshake.answer(&self.token)?))
            }
            Method::POST => {
                let code = code_of(request.headers())?;
                if announced_length(request.headers()).is_some_and(|length| length > MAX_BODY as u64) {
                    return Err(Refusal::TooLarge);
                }
                Ok(Accepted::Delivery(SignedDelivery { verifier: &self.verifier, code }))
            }
            _ => Err(Refusal::Method),
        }
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Receiver").field(&self.verifier).finish()
    }
}

/// A request that may come from the service.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "the service makes no other requests")]
pub enum Accepted<'r> {
    /// The service asks whether the callback belongs to the app: answer 200 and this text, as `text/plain`.
    Handshake(String),
    /// A delivery that says it is signed: its body tells whether it is.
    Delivery(SignedDelivery<'r>),
}

/// The head of a delivery.
pub struct SignedDelivery<'r> {
    verifier: &'r Verifier,
    code: [u8; 32],
}

impl SignedDelivery<'_> {
    /// Checks the signature, in constant time and over the bytes as they came, then reads the events.
    ///
    /// # Errors
    ///
    /// The body is not what was signed, or no delivery.
    pub fn receive<'b>(&self, body: &'b [u8]) -> Result<Vec<Event<'b>>, Refusal> {
        if body.len() > MAX_BODY {
            return Err(Refusal::TooLarge);
        }
        Ok(Unverified::with_code(self.code, body).verify(self.verifier)?.events()?)
    }
}

impl fmt::Debug for SignedDelivery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedDelivery(..)")
    }
}

/// Why a request is refused. Nothing of the request is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The handshake is none, or has another token.
    #[error(transparent)]
    Handshake(#[from] HandshakeError),
    /// It is neither `GET` nor `POST`.
    #[error("a callback is called with GET or POST only")]
    Method,
    /// It is not signed by the service.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// Its body is longer than any delivery.
    #[error("the body has more than {MAX_BODY} bytes, which no delivery has")]
    TooLarge,
    /// Its body did not come in time.
    #[error("the body did not come in time")]
    Timeout,
    /// Its body broke off.
    #[error("the body broke off")]
    BrokenOff,
    /// It is signed, but no delivery.
    #[error(transparent)]
    Malformed(#[from] MalformedDelivery),
}

impl Refusal {
    /// The status to answer. The service repeats a delivery for seven days unless it is 200.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::Handshake(HandshakeError::WrongToken) => StatusCode::FORBIDDEN,
            Self::Handshake(_) | Self::BrokenOff | Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Signature(_) => StatusCode::UNAUTHORIZED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Timeout => StatusCode::REQUEST_TIMEOUT,
        }
    }
}

fn announced_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The longest body that is taken. Meta, "Webhooks": a payload has 3 MB at most. The rest is margin.
pub const MAX_BODY: usize = 4 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] =
        br#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"f","value":1}]}]}"#;

    fn receiver() -> Receiver {
        Receiver::new(&AppSecret::new("app-secret").unwrap(), VerifyToken::new("my-token").unwrap())
    }

    fn sign(secret: &str, body: &[u8]) -> String {
        Verifier::new(&AppSecret::new(secret).unwrap()).sign(body)
    }

    fn post(signature: &str, body: &[u8]) -> Result<usize, Refusal> {
        let request = Request::post("/").header("X-Hub-Signature-256", signature).body(()).unwrap();
        let receiver = receiver().also(&AppSecret::new("old-secret").unwrap());
        let Accepted::Delivery(delivery) = receiver.accept(&request)? else { panic!("it is a delivery") };
        Ok(delivery.receive(body)?.len())
    }

    #[test]
    fn a_delivery_needs_the_signature_of_one_of_the_secrets() {
        assert_eq!(post(&sign("app-secret", BODY), BODY), Ok(1));
        assert_eq!(post(&sign("old-secret", BODY), BODY), Ok(1));
        let wrong = post(&sign("other-secret", BODY), BODY).unwrap_err();
        assert_eq!((wrong, wrong.status().as_u16()), (Refusal::Signature(SignatureError::Wrong), 401));
        let tampered = String::from_utf8_lossy(BODY).replace("\"f\"", "\"g\"");
        assert_eq!(post(&sign("app-secret", BODY), tampered.as_bytes()), Err(wrong));
    }

    #[test]
    fn the_head_is_enough_to_refuse() {
        let refusal = |request: http::request::Builder| {
            let refusal = receiver().accept(&request.body(()).unwrap()).unwrap_err();
            (refusal, refusal.status().as_u16())
        };
        assert_eq!(refusal(Request::post("/")), (Refusal::Signature(SignatureError::Missing), 401));
        let malformed = Request::post("/").header("X-Hub-Signature-256", "sha256=12");
        assert_eq!(refusal(malformed), (Refusal::Signature(SignatureError::Malformed), 401));
        let signed = || Request::post("/").header("X-Hub-Signature-256", sign("app-secret", BODY));
        assert_eq!(refusal(signed().header("Content-Length", "4194305")), (Refusal::TooLarge, 413));
        assert!(receiver().accept(&signed().header("Content-Length", "4194304").body(()).unwrap()).is_ok());
        assert_eq!(refusal(Request::put("/")), (Refusal::Method, 405));
        assert_eq!(refusal(Request::get("/")).1, 400);
        let query = "/?hub.mode=subscribe&hub.challenge=1&hub.verify_token=";
        assert_eq!(refusal(Request::get(format!("{query}other"))).1, 403);
        assert!(matches!(
            receiver().accept(&Request::get(format!("{query}my-token")).body(()).unwrap()),
            Ok(Accepted::Handshake(challenge)) if challenge == "1"
        ));
    }

    #[test]
    fn a_body_that_nobody_announced_is_measured() {
        let long = vec![b' '; MAX_BODY + 1];
        assert_eq!(post(&sign("app-secret", &long), &long), Err(Refusal::TooLarge));
        let most = &long[..MAX_BODY];
        let malformed = post(&sign("app-secret", most), most).unwrap_err();
        assert_eq!((malformed, malformed.status().as_u16()), (Refusal::Malformed(MalformedDelivery), 400));
    }

    #[test]
    fn it_shows_no_secret() {
        let receiver = receiver();
        assert_eq!(format!("{receiver:?}"), "Receiver(Verifier(1 secrets))");
    }
}
