use std::sync::Arc;

use axum::extract::State as With;
use serde_json::{Map, Value};

use crate::{
    Rules, State,
    server::{
        control::{Done, Failure, input::Json},
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
    Ok(Done::new(&Clock::new(&engine, shared.options.has_real_clock)))
}

pub(super) async fn rules(With(shared): With<Arc<Shared>>) -> Done {
    Done::new(&shared.engine().state().rules)
}

pub(super) async fn change_rules(
    With(shared): With<Arc<Shared>>,
    Json(changes): Json<Map<String, Value>>,
) -> Result<Done, Failure> {
    let mut engine = shared.engine();
    let mut rules = serde_json::to_value(&engine.state().rules).unwrap_or_default();
    for (name, value) in changes {
        rules[name] = value;
    }
    let rules: Rules =
        serde_json::from_value(rules).map_err(|error| Failure::invalid(format!("the rules: {error}")))?;
    engine.state_mut().rules = rules;
    Ok(Done::new(&engine.state().rules))
}
