use std::sync::Arc;

use axum::extract::{Path, State as With};
use serde::Deserialize;

use crate::{
    ControlError, Engine, Quality,
    server::{
        control::{Done, Failure, input::Json},
        shared::Shared,
        view::NumberView,
    },
};

pub(super) async fn list(With(shared): With<Arc<Shared>>) -> Done {
    Done::new(&NumberView::all(&shared.engine()))
}

pub(super) async fn read(With(shared): With<Arc<Shared>>, Path(id): Path<String>) -> Result<Done, Failure> {
    view_of(&shared.engine(), &id)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NameDecision {
    decision: Decision,
}

#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Decision {
    Approved,
    Rejected,
    Deferred,
}

pub(super) async fn decide_name(
    With(shared): With<Arc<Shared>>,
    Path(id): Path<String>,
    Json(NameDecision { decision }): Json<NameDecision>,
) -> Result<Done, Failure> {
    let mut engine = shared.engine();
    match decision {
        Decision::Approved => engine.decide_name(&id, true)?,
        Decision::Rejected => engine.decide_name(&id, false)?,
        Decision::Deferred => engine.defer_name(&id)?,
    }
    view_of(&engine, &id)
}

pub(super) async fn switch_pin_off(With(shared): With<Arc<Shared>>, Path(id): Path<String>) -> Result<Done, Failure> {
    let mut engine = shared.engine();
    engine.switch_pin_off(&id)?;
    view_of(&engine, &id)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewQuality {
    quality: Quality,
}

pub(super) async fn set_quality(
    With(shared): With<Arc<Shared>>,
    Path(id): Path<String>,
    Json(NewQuality { quality }): Json<NewQuality>,
) -> Result<Done, Failure> {
    let mut engine = shared.engine();
    engine.set_quality(&id, quality)?;
    view_of(&engine, &id)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Text {
    from: String,
    text: String,
}

pub(super) async fn receive_text(
    With(shared): With<Arc<Shared>>,
    Path(id): Path<String>,
    Json(Text { from, text }): Json<Text>,
) -> Result<Done, Failure> {
    let mut engine = shared.engine();
    engine.receive_text(&id, &from, &text)?;
    view_of(&engine, &id)
}

fn view_of(engine: &Engine, id: &str) -> Result<Done, Failure> {
    let unknown = || ControlError::Unknown { kind: "number", id: id.to_owned() };
    let number = engine.state().numbers.get(id).ok_or_else(unknown)?;
    Ok(Done::new(&NumberView::new(engine, id, number)))
}
