use std::sync::Arc;

use axum::extract::State as With;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    Rules, State, plain,
    server::{
        answer::{Done, Failure},
        control::input::Json,
        shared::{Shared, restore_taken},
        view::Clock,
    },
};

pub(super) async fn read(With(shared): With<Arc<Shared>>) -> Done {
    Done::new(shared.engine().state())
}

pub(super) async fn replace(With(shared): With<Arc<Shared>>, Json(state): Json<State>) -> Result<Done, Failure> {
    state.check().map_err(|error| Failure::invalid(error.to_string()))?;
    let mut engine = shared.engine();
    *engine.state_mut() = state;
    restore_taken(&mut engine);
    // The journal belongs to what was before.
    let removed = engine.clear_journal();
    Ok(Done::new(&Restored { clock: Clock::new(&engine, shared.options.has_real_clock), removed_entries: removed }))
}

/// Begins anew with the state that the server was started with.
pub(super) async fn reset(With(shared): With<Arc<Shared>>) -> Done {
    let mut engine = shared.engine();
    *engine.state_mut() = shared.first_state.clone();
    restore_taken(&mut engine);
    let removed = engine.clear_journal();
    Done::new(&Restored { clock: Clock::new(&engine, shared.options.has_real_clock), removed_entries: removed })
}

#[derive(Serialize)]
struct Restored {
    #[serde(flatten)]
    clock: Clock,
    /// How many entries of the journal are gone.
    removed_entries: usize,
}

pub(super) async fn rules(With(shared): With<Arc<Shared>>) -> Done {
    Done::new(&shared.engine().state().rules)
}

pub(super) async fn change_rules(
    With(shared): With<Arc<Shared>>,
    Json(changes): Json<Map<String, Value>>,
) -> Result<Done, Failure> {
    let mut engine = shared.engine();
    let rules: Rules = plain::merged(&engine.state().rules, &changes)
        .map_err(|text| Failure::invalid(format!("the rules: {text}")))?;
    engine.state_mut().rules = rules;
    Ok(Done::new(&engine.state().rules))
}
