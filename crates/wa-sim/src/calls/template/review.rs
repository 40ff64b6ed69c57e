//! What the service decides about templates, and how they do.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    Event, NameReview, State, Template, Time,
    calls::{
        Answer, Call,
        template::{own, template_mut},
    },
    error_style::Refusal,
    webhook::queue_for_account,
};

/// Ends a review, if it still goes on.
pub(crate) fn reviewed(state: &mut State, id: &str) {
    let place = state.template_place(id).map(|(account, place)| (account.to_owned(), place));
    let is_open = place.is_some_and(|(account, place)| state.accounts[&account].templates[place].status == "PENDING");
    if is_open {
        set_status(state, id, "APPROVED", None);
    }
}

/// Gives a template another status and tells the apps. It says whether there is such a template.
pub(crate) fn set_status(state: &mut State, id: &str, status: &str, reason: Option<&str>) -> bool {
    let Some((account, place)) = state.template_place(id).map(|(account, place)| (account.to_owned(), place)) else {
        return false;
    };
    let Ok(template) = template_mut(state, &account, place) else {
        return false;
    };
    status.clone_into(&mut template.status);
    template.rejected_reason = reason.map(str::to_owned);
    let mut value = told(template, id);
    value["event"] = status.into();
    value["message_template_category"] = template.category.clone().into();
    value["reason"] = match status {
        "REJECTED" => reason.unwrap_or("INVALID_FORMAT").into(),
        "APPROVED" => "NONE".into(),
        _ => reason.into(),
    };
    let title = match status {
        "PAUSED" => Some("FIRST_PAUSE"),
        "DISABLED" => Some("DISABLED"),
        _ => None,
    };
    if let Some(title) = title {
        value["other_info"] = json!({"title": title, "description": "The quality of the template is low."});
    }
    queue_for_account(state, &account, None, "message_template_status_update", value);
    true
}

/// What webhooks about a template have in common.
pub(crate) fn told(template: &Template, id: &str) -> Value {
    json!({
        "message_template_id": id.parse::<u64>().unwrap_or_default(),
        "message_template_name": template.name,
        "message_template_language": template.language,
    })
}

pub(super) fn schedule_review(state: &mut State, review: NameReview, id: &str) {
    if let NameReview::After { millis } = review {
        let at = state.now + Duration::from_millis(millis);
        state.schedule(at, Event::TemplateReview { template: id.to_owned() });
    }
}

/// How often templates were sent and blocked; nobody blocks anything here.
pub(crate) fn compare(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let params = call.params;
    params.only(&["template_ids", "start", "end"])?;
    let (start, end) = (params.integer("start")?, params.integer("end")?);
    let (Some(start), Some(end)) = (start, end) else {
        return Err(Refusal::invalid("The parameters start and end are required"));
    };
    if ![7, 30, 60, 90].contains(&(end.saturating_sub(start) / 86_400)) {
        return Err(Refusal::invalid("start must be 7, 30, 60 or 90 days before end"));
    }
    let other = params.text("template_ids")?.unwrap_or_default().trim_matches(['[', ']', '"', ' ']).to_owned();
    let (account, _) = own(call)?;
    let state = &*call.state;
    let name = |id: &str| {
        let (owner, place) = state.template_place(id).filter(|(owner, _)| *owner == account)?;
        let template = &state.accounts[owner].templates[place];
        Some((template.name.clone(), template.language.clone()))
    };
    let mut sends = Vec::new();
    for id in [call.node, &other] {
        let wanted =
            name(id).ok_or_else(|| Refusal::invalid("template_ids must name one other template of the account"))?;
        let numbers = state.numbers.values().filter(|number| number.account == account);
        let is_in = |at: Time| i64::try_from(at.as_secs()).is_ok_and(|at| (start..=end).contains(&at));
        let sent = numbers.flat_map(|number| &number.messages).filter(|message| {
            message.kind == "template"
                && is_in(message.at)
                && message.content["name"] == *wanted.0
                && message.content["language"]["code"] == *wanted.1
        });
        sends.push(json!({"key": id, "value": sent.count()}));
    }
    let reasons: Vec<_> = sends.iter().map(|one| json!({"key": one["key"], "value": "NO_REASON"})).collect();
    Ok(Answer::new(json!({"data": [
        {"metric": "BLOCK_RATE", "type": "RELATIVE", "order_by_relative_metric": [call.node, other]},
        {"metric": "MESSAGE_SENDS", "type": "NUMBER_VALUES", "number_values": sends},
        {"metric": "TOP_BLOCK_REASON", "type": "STRING_VALUES", "string_values": reasons},
    ]})))
}
