use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::{FromRequest, FromRequestParts},
};
use http::{Request, StatusCode, request::Parts};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::time::timeout;

use crate::{
    params::Params,
    plain,
    server::{answer::Failure, shared::Shared},
};

/// A body of JSON; unknown members are refused by its type.
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Arc<Shared>> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request<Body>, shared: &Arc<Shared>) -> Result<Self, Failure> {
        let limit = shared.options.body_timeout;
        let bytes = timeout(limit, to_bytes(request.into_body(), LONGEST))
            .await
            .map_err(|_| Failure::new(StatusCode::REQUEST_TIMEOUT, "the body did not come in time"))?
            .map_err(|_| Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "the body is longer than 64 MiB or broke off"))?;
        plain::read(&bytes).map(Self).map_err(|text| Failure::invalid(format!("the body: {text}")))
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
        plain::from_value(typed.collect()).map(Self).map_err(|text| Failure::invalid(format!("the address: {text}")))
    }
}

fn is_number(name: &str) -> bool {
    matches!(name, "after" | "limit")
}

const LONGEST: usize = 64 << 20;
