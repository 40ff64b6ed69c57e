//! The control of the simulator under `/_sim/`.

mod apps;
mod clock;
mod faults;
mod input;
mod journal;
mod numbers;
mod state;
mod webhooks;

use std::{borrow::Cow, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::State as With,
    response::{IntoResponse, Redirect, Response},
    routing::{delete, get, post, put},
};
use http::{
    StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};
use serde::Serialize;
use serde_json::json;

use crate::{
    ControlError,
    server::{body::Changes, page, shared::Shared, view::Overview},
};

/// Whether an address is one of the control.
pub(super) fn is_for(path: &str) -> bool {
    path == "/_sim" || path.starts_with("/_sim/")
}

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/_sim", get(|| async { Redirect::permanent("/_sim/") }))
        .route("/_sim/", get(page::page))
        .route("/_sim/overview", get(overview))
        .route("/_sim/events", get(events))
        .route("/_sim/clock", get(clock::read).post(clock::advance))
        .route("/_sim/state", get(state::read).put(state::replace))
        .route("/_sim/rules", get(state::rules).patch(state::change_rules))
        .route("/_sim/numbers", get(numbers::list))
        .route("/_sim/numbers/{id}", get(numbers::read))
        .route("/_sim/numbers/{id}/name", post(numbers::decide_name))
        .route("/_sim/numbers/{id}/pin", delete(numbers::switch_pin_off))
        .route("/_sim/numbers/{id}/quality", post(numbers::set_quality))
        .route("/_sim/numbers/{id}/text", post(numbers::receive_text))
        .route("/_sim/accounts/{id}/ban", post(apps::ban))
        .route("/_sim/apps/{id}/callback", put(apps::set_callback))
        .route("/_sim/faults", get(faults::list).post(faults::add).delete(faults::clear))
        .route("/_sim/faults/{index}", delete(faults::remove))
        .route("/_sim/journal", get(journal::list).delete(journal::clear))
        .route("/_sim/counts", get(journal::counts))
        .route("/_sim/webhooks", get(webhooks::list))
        .route("/_sim/webhooks/reorder", post(webhooks::reorder))
        .route("/_sim/webhooks/{id}/redeliver", post(webhooks::redeliver))
        .route("/_sim/webhooks/{id}/tamper", post(webhooks::tamper))
        .fallback(|| async { Failure::new(StatusCode::NOT_FOUND, "there is no such control: see docs/simulator.md") })
        .method_not_allowed_fallback(|| async {
            Failure::new(StatusCode::METHOD_NOT_ALLOWED, "this control is called with another method")
        })
        .with_state(shared)
}

async fn overview(With(shared): With<Arc<Shared>>) -> Done {
    Done::new(&Overview::new(&shared.engine(), shared.options.has_real_clock))
}

async fn events(With(shared): With<Arc<Shared>>) -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store")];
    (headers, Body::new(Changes::new(shared.revisions())))
}

/// What a control answers: JSON.
pub(super) struct Done(String);

impl Done {
    fn new(value: &impl Serialize) -> Self {
        Self(serde_json::to_string(value).unwrap_or_default())
    }
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
        (headers, self.0).into_response()
    }
}

/// Why a control does nothing.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) status: StatusCode,
    text: Cow<'static, str>,
}

impl Failure {
    pub(super) fn new(status: StatusCode, text: impl Into<Cow<'static, str>>) -> Self {
        Self { status, text: text.into() }
    }

    fn invalid(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, text)
    }

    fn conflict(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, text)
    }
}

impl From<ControlError> for Failure {
    fn from(error: ControlError) -> Self {
        let status = match error {
            ControlError::Unknown { .. } => StatusCode::NOT_FOUND,
            ControlError::Impossible(_) => StatusCode::CONFLICT,
        };
        Self::new(status, error.to_string())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.status, Done::new(&json!({"error": self.text}))).into_response()
    }
}
