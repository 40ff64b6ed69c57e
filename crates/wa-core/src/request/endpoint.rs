use std::time::Duration;

use http::{HeaderMap, Method};
use wa_types::ApiVersion;

use crate::{AttemptKind, Body, BuildError, Decode, DecodeFailure, Query, Route};

/// A call, described. Shared code builds the request and reads the answer, so that no call can forget the token, the
/// encoding, the status or the error.
///
/// Implement it for a call that this crate does not have:
///
/// ```
/// use http::Method;
/// use wa_core::{Endpoint, Query, Route, types::{Page, WabaId}};
///
/// /// `GET /{account}/message_templates`
/// struct ListTemplates<'a> {
///     account: &'a WabaId,
/// }
///
/// #[derive(serde::Deserialize)]
/// struct Template {
///     name: String,
///     status: Option<String>,
/// }
///
/// impl Endpoint for ListTemplates<'_> {
///     const NAME: &'static str = "account.list_templates";
///     const METHOD: Method = Method::GET;
///     type Response = Page<Template>;
///
///     fn route(&self) -> Route<'_> {
///         Route::node(self.account).edge("message_templates")
///     }
///
///     fn query(&self, query: &mut Query) {
///         query.push("fields", "name,status");
///     }
/// }
/// ```
pub trait Endpoint {
    /// The call's name, such as `number.register`: errors and logs carry it.
    const NAME: &'static str;
    /// The HTTP verb.
    const METHOD: Method;
    /// What a ledger notes before the call is made, if it must not be made twice by mistake.
    const ATTEMPT: Option<AttemptKind> = None;
    /// How the token is presented.
    const AUTHORIZATION: Authorization = Authorization::Bearer;
    /// What the service answers.
    type Response: Decode;

    /// Where the call goes.
    fn route(&self) -> Route<'_>;

    /// Adds the parameters of the address. A secret must never be one.
    fn query(&self, _: &mut Query) {}

    /// Adds headers that only this call has. It may say what it accepts; the others are the library's.
    ///
    /// # Errors
    ///
    /// A value cannot stand in a header.
    fn headers(&self, _: &mut HeaderMap) -> Result<(), BuildError> {
        Ok(())
    }

    /// What the call carries.
    ///
    /// # Errors
    ///
    /// The content cannot be written.
    fn body(&self) -> Result<Body, BuildError> {
        Ok(Body::empty())
    }

    /// Refuses what cannot work with this version, or at all, before anything is sent.
    ///
    /// # Errors
    ///
    /// Says what is wrong and what to do instead.
    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        Ok(())
    }

    /// When the library may send the call again by itself.
    fn replay(&self) -> Replay {
        if Self::METHOD.is_safe() { Replay::Always } else { Replay::IfUnsent }
    }

    /// How long to wait for the answer; `usual` is what the configuration says.
    fn timeout(&self, usual: Duration) -> Duration {
        usual
    }

    /// How many bytes the answer may have, if not as many as the transport allows.
    fn largest_answer(&self) -> Option<usize> {
        None
    }

    /// Refuses an answer of success that is not what this very call asked for, such as a file with another digest. The
    /// clients and [`parse_for`](crate::parse_for) ask before they read it; [`parse`](crate::parse) knows no call to ask.
    ///
    /// # Errors
    ///
    /// Says what is wrong with it.
    fn verify(&self, _headers: &HeaderMap, _bytes: &[u8]) -> Result<(), DecodeFailure> {
        Ok(())
    }
}

/// How a call presents the token, in the header `authorization`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Authorization {
    /// `Bearer`, as nearly all calls do.
    Bearer,
    /// `OAuth`, as uploads in pieces do.
    OAuth,
    /// Not at all: the call carries what it needs itself.
    None,
}

/// When the library may send a call again by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Replay {
    /// It only reads.
    Always,
    /// Only if it is certain that the first one never left.
    IfUnsent,
}
