use std::sync::Arc;

use axum::extract::State as With;
use serde::Serialize;

use crate::{
    Control,
    server::{
        answer::{Done, Failure},
        control::input::Json,
        shared::Shared,
        view::NumberView,
    },
};

/// What a control led to, for a program.
#[derive(Serialize)]
struct Shown<'a> {
    number: Option<NumberView<'a>>,
    account: &'a str,
    message: Option<&'a str>,
    deliveries: &'a [u64],
    untold: Option<&'a str>,
}

/// Does what people do by other means than the API.
pub(super) async fn control(With(shared): With<Arc<Shared>>, Json(control): Json<Control>) -> Result<Done, Failure> {
    let mut engine = shared.engine();
    let outcome = engine.control(&control)?;
    let known = outcome.number.as_deref().and_then(|id| Some((id, engine.state().numbers.get(id)?)));
    Ok(Done::new(&Shown {
        number: known.map(|(id, number)| NumberView::new(&engine, id, number)),
        account: &outcome.account,
        message: outcome.message.as_deref(),
        deliveries: &outcome.deliveries,
        untold: outcome.untold.as_deref(),
    }))
}
