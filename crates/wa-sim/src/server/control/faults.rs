use std::sync::Arc;

use axum::extract::{Path, State as With};
use http::StatusCode;
use serde_json::json;

use crate::{
    FaultRule,
    server::{
        answer::{Done, Failure},
        control::input::Json,
        shared::Shared,
    },
};

pub(super) async fn list(With(shared): With<Arc<Shared>>) -> Done {
    Done::new(&shared.engine().state().faults)
}

pub(super) async fn add(With(shared): With<Arc<Shared>>, Json(rule): Json<FaultRule>) -> Result<Done, Failure> {
    rule.check().map_err(|error| Failure::invalid(format!("the fault: {error}")))?;
    let mut engine = shared.engine();
    let faults = &mut engine.state_mut().faults;
    faults.push(rule);
    Ok(Done::new(&json!({"index": faults.len() - 1})))
}

pub(super) async fn clear(With(shared): With<Arc<Shared>>) -> Done {
    let removed = std::mem::take(&mut shared.engine().state_mut().faults);
    Done::new(&json!({"removed": removed.len()}))
}

pub(super) async fn remove(With(shared): With<Arc<Shared>>, Path(index): Path<String>) -> Result<Done, Failure> {
    let mut engine = shared.engine();
    let place = index.parse().ok().filter(|place: &usize| *place < engine.state().faults.len());
    let place = place
        .ok_or_else(|| Failure::new(StatusCode::NOT_FOUND, format!("there is no fault with the index {index}")))?;
    engine.state_mut().faults.remove(place);
    Ok(Done::new(&json!({"removed": 1})))
}
