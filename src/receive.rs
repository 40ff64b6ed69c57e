//! Receiving webhooks with axum.
//!
//! ```
//! use std::sync::Arc;
//!
//! use axum::{Router, routing::get};
//! use wa_cloud::receive::{Events, handshake};
//! use wa_cloud::types::{AppSecret, VerifyToken};
//! use wa_cloud::webhook::Receiver;
//!
//! async fn receive(Events(events): Events) {
//!     for event in events {
//!         println!("{} says {}", event.field, event.raw);
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let receiver = Receiver::new(&AppSecret::new("app-secret")?, VerifyToken::new("my-token")?);
//! let app: Router = Router::new().route("/webhook", get(handshake).post(receive)).with_state(Arc::new(receiver));
//! # Ok(())
//! # }
//! ```
//!
//! With a state of your own, implement `FromRef` for the `Arc<Receiver>` in it. Under any other server, use
//! [`Receiver`] itself.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{FromRef, FromRequest, Request, State},
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::time::timeout;
use wa_core::webhook::{Accepted, Event, MAX_BODY, Receiver, Refusal};

/// The events of a delivery that the service has signed. Whatever else comes is refused, before its body is read if it is
/// not signed or too large. A body must come within ten seconds.
///
/// The service repeats a delivery that is not answered with 200, so answer with that only what is done, or kept for good.
#[derive(Clone, Debug)]
#[allow(clippy::exhaustive_structs, reason = "a handler takes it apart")]
pub struct Events(pub Vec<Event<'static>>);

impl<S: Send + Sync> FromRequest<S> for Events
where
    Arc<Receiver>: FromRef<S>,
{
    type Rejection = Rejected;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejected> {
        let receiver = Arc::<Receiver>::from_ref(state);
        let Accepted::Delivery(delivery) = receiver.accept(&request)? else {
            return Err(Rejected(Refusal::Method));
        };
        let body = timeout(BODY_TIMEOUT, Limited::new(request.into_body(), MAX_BODY).collect()).await;
        let body = body.map_err(|_| Refusal::Timeout)?.map_err(|error| match error.is::<LengthLimitError>() {
            true => Refusal::TooLarge,
            false => Refusal::BrokenOff,
        })?;
        let events = delivery.receive(&body.to_bytes())?.into_iter().map(Event::into_owned).collect();
        Ok(Self(events))
    }
}

/// Answers the handshake: the handler for `GET`.
///
/// # Errors
///
/// The request is no handshake, or has another verify token.
pub async fn handshake(State(receiver): State<Arc<Receiver>>, request: Request) -> Result<String, Rejected> {
    match receiver.accept(&request)? {
        Accepted::Handshake(challenge) => Ok(challenge),
        Accepted::Delivery(_) => Err(Rejected(Refusal::Method)),
    }
}

/// A refusal, as the answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "it only makes an answer of a refusal")]
pub struct Rejected(pub Refusal);

impl<T: Into<Refusal>> From<T> for Rejected {
    fn from(refusal: T) -> Self {
        Self(refusal.into())
    }
}

impl IntoResponse for Rejected {
    fn into_response(self) -> Response {
        (self.0.status(), self.0.to_string()).into_response()
    }
}

/// The service itself waits no longer, as far as is known.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
