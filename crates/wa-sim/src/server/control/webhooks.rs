use std::sync::Arc;

use axum::extract::{Path, State as With};
use serde::Deserialize;
use serde_json::json;

use crate::{
    ControlError, DeliveryState,
    server::{
        answer::{Done, Failure},
        control::input::Query,
        shared::Shared,
    },
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    state: Option<DeliveryState>,
}

pub(super) async fn list(With(shared): With<Arc<Shared>>, Query(filter): Query<Filter>) -> Done {
    let engine = shared.engine();
    let deliveries = engine.state().webhooks.deliveries.values();
    Done::new(&deliveries.filter(|one| filter.state.is_none_or(|wanted| one.state == wanted)).collect::<Vec<_>>())
}

/// Delivers something once more.
pub(super) async fn redeliver(With(shared): With<Arc<Shared>>, Path(id): Path<String>) -> Result<Done, Failure> {
    let copy = shared.engine().duplicate(number(&id)?)?;
    Ok(Done::new(&json!({"id": copy})))
}

/// Forges what waits to be delivered, or a copy of what was.
pub(super) async fn tamper(With(shared): With<Arc<Shared>>, Path(id): Path<String>) -> Result<Done, Failure> {
    let mut id = number(&id)?;
    let mut engine = shared.engine();
    if engine.state().webhooks.deliveries.get(&id).is_none_or(|known| known.state != DeliveryState::Waiting) {
        id = engine.duplicate(id)?;
    }
    engine.tamper(id)?;
    Ok(Done::new(&json!({"id": id})))
}

pub(super) async fn reorder(With(shared): With<Arc<Shared>>) -> Done {
    shared.engine().reorder();
    Done::new(&json!({"success": true}))
}

fn number(id: &str) -> Result<u64, ControlError> {
    id.parse().map_err(|_| ControlError::Unknown { kind: "delivery", id: id.to_owned() })
}
