use std::sync::Arc;

use axum::extract::{Path, State as With};

use crate::{
    ControlError,
    server::{
        answer::{Done, Failure},
        shared::Shared,
        view::NumberView,
    },
};

pub(super) async fn list(With(shared): With<Arc<Shared>>) -> Done {
    Done::new(&NumberView::all(&shared.engine()))
}

pub(super) async fn read(With(shared): With<Arc<Shared>>, Path(id): Path<String>) -> Result<Done, Failure> {
    let engine = shared.engine();
    let number = engine.state().numbers.get(&id).ok_or_else(|| ControlError::number(&id))?;
    Ok(Done::new(&NumberView::new(&engine, &id, number)))
}
