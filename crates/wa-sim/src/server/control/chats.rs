use std::sync::Arc;

use axum::{
    extract::{Path, State as With},
    response::IntoResponse,
};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use serde::Deserialize;

use crate::{
    ControlError,
    server::{
        answer::{Done, Failure},
        chat_view::ChatsView,
        control::input::Query,
        shared::Shared,
    },
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    number: Option<String>,
    person: Option<String>,
}

/// The conversations of a number, and the messages of one of them.
pub(super) async fn list(With(shared): With<Arc<Shared>>, Query(filter): Query<Filter>) -> Done {
    Done::new(&ChatsView::new(&shared.engine(), filter.number.as_deref(), filter.person.as_deref()))
}

/// A file as a browser may show it: a picture in its place, all else to be saved.
pub(super) async fn file(
    With(shared): With<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Failure> {
    let engine = shared.engine();
    let unknown = || ControlError::Unknown { kind: "file", id: id.clone() };
    let media = engine.state().media.get(&id).ok_or_else(unknown)?;
    let is_picture = matches!(&*media.mime_type, "image/png" | "image/jpeg" | "image/webp");
    let kind = if is_picture { &*media.mime_type } else { "application/octet-stream" };
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_DISPOSITION, if is_picture { "inline" } else { "attachment" }.to_owned()),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, media.bytes.as_ref().to_vec()))
}
