use axum::{
    body::{Body, to_bytes},
    extract::{FromRequest, FromRequestParts},
};
use http::{Request, StatusCode, request::Parts};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{params::Params, server::control::Failure};

/// A body of JSON; unknown members are refused by its type.
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, Failure> {
        let bytes = to_bytes(request.into_body(), LONGEST)
            .await
            .map_err(|_| Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "the body is longer than 64 MiB or broke off"))?;
        // A list would pass for an object without the names of its members.
        if bytes.trim_ascii_start().starts_with(b"[") {
            return Err(Failure::invalid("the body: an object is expected, not a list"));
        }
        let value = serde_json::from_slice(&bytes).map_err(|error| Failure::invalid(format!("the body: {error}")))?;
        Ok(Self(value))
    }
}

/// The parameters of an address; unknown ones are refused by their type.
pub(super) struct Query<T>(pub(super) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let query = parts.uri.query().unwrap_or_default();
        let values = Params::read(query, "", b"").map_or_else(|_| Map::new(), |params| params.values);
        // Numbers come as text.
        let typed = values.into_iter().filter(|(_, value)| *value != "").map(|(name, value)| {
            let number = if is_number(&name) { value.as_str().and_then(|text| text.parse::<u64>().ok()) } else { None };
            (name, number.map_or(value, Value::from))
        });
        let value = serde_json::from_value(typed.collect());
        Ok(Self(value.map_err(|error| Failure::invalid(format!("the address: {error}")))?))
    }
}

fn is_number(name: &str) -> bool {
    matches!(name, "after" | "limit")
}

const LONGEST: usize = 64 << 20;
