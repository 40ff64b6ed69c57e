use std::sync::Arc;

use axum::extract::{Path, State as With};
use serde::Deserialize;
use serde_json::json;

use crate::{
    Callback, ControlError,
    server::{
        answer::{Done, Failure},
        control::input::Json,
        shared::Shared,
    },
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCallback {
    url: String,
    verify_token: String,
}

/// Sets an app's callback, once it has proved that it knows the token.
pub(super) async fn set_callback(
    With(shared): With<Arc<Shared>>,
    Path(id): Path<String>,
    Json(NewCallback { url, verify_token }): Json<NewCallback>,
) -> Result<Done, Failure> {
    let callback = Callback::new(url, verify_token);
    let handshake = shared.engine().handshake_with(&id, &callback)?;
    shared.callbacks.ask(&handshake).await.map_err(|error| Failure::conflict(error.to_string()))?;
    let mut engine = shared.engine();
    let app = engine.state_mut().apps.get_mut(&id).ok_or_else(|| ControlError::app(&id))?;
    let url = callback.url.clone();
    app.callback = Some(callback);
    Ok(Done::new(&json!({"id": id, "callback": url})))
}
