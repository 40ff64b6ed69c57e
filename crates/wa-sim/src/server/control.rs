//! The control of the simulator under `/_sim/`.

mod apps;
mod chats;
mod clock;
mod faults;
mod input;
mod journal;
mod numbers;
mod people;
mod state;
mod webhooks;

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::State as With,
    response::{IntoResponse, Redirect},
    routing::{delete, get, post, put},
};
use http::{
    Method, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};

use crate::server::{
    answer::{Done, Failure},
    body::Changes,
    page,
    shared::Shared,
    view::Overview,
};

/// Whether a request is one to the control. Who looks at the root is led to the page.
pub(super) fn is_for(method: &Method, path: &str) -> bool {
    let is_look = matches!(*method, Method::GET | Method::HEAD);
    path == "/_sim" || path.starts_with("/_sim/") || (path == "/" && is_look)
}

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/_sim/") }))
        .route("/_sim", get(|| async { Redirect::permanent("/_sim/") }))
        .route("/_sim/", get(page::page))
        .route("/_sim/overview", get(overview))
        .route("/_sim/events", get(events))
        .route("/_sim/clock", get(clock::read).post(clock::advance))
        .route("/_sim/state", get(state::read).put(state::replace))
        .route("/_sim/reset", post(state::reset))
        .route("/_sim/rules", get(state::rules).patch(state::change_rules))
        .route("/_sim/numbers", get(numbers::list))
        .route("/_sim/numbers/{id}", get(numbers::read))
        .route("/_sim/chats", get(chats::list))
        .route("/_sim/media/{id}", get(chats::file))
        .route("/_sim/control", post(people::control))
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
