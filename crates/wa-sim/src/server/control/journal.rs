use std::sync::Arc;

use axum::extract::State as With;
use serde::Deserialize;
use serde_json::json;

use crate::{
    Operation,
    server::{answer::Done, control::input::Query, shared::Shared},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    operation: Option<Operation>,
    node: Option<String>,
    after: Option<u64>,
    limit: Option<usize>,
}

/// The newest entries that fit, the newest last.
pub(super) async fn list(With(shared): With<Arc<Shared>>, Query(filter): Query<Filter>) -> Done {
    let engine = shared.engine();
    let mut entries: Vec<_> = engine
        .journal()
        .entries()
        .rev()
        .take_while(|entry| filter.after.is_none_or(|after| entry.sequence > after))
        .filter(|entry| filter.operation.is_none_or(|wanted| entry.is_of(wanted)))
        .filter(|entry| filter.node.as_deref().is_none_or(|wanted| entry.node == wanted))
        .take(filter.limit.unwrap_or(usize::MAX))
        .collect();
    entries.reverse();
    Done::new(&entries)
}

pub(super) async fn clear(With(shared): With<Arc<Shared>>) -> Done {
    let removed = shared.engine().clear_journal();
    Done::new(&json!({"removed": removed}))
}

pub(super) async fn counts(With(shared): With<Arc<Shared>>) -> Done {
    Done::new(shared.engine().journal().counts())
}
