use serde_json::{Value, json};

use crate::{
    calls::{Answer, Call},
    error_style::{Reason, Refusal},
    params::{NODE_TYPE, unknown_field},
    rules::DAY,
};

pub(crate) fn read(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let fields = call.params.fields()?;
    if let Some(unknown) =
        fields.iter().flatten().find(|name| !["id", "oba_status", "status_message"].contains(&&***name))
    {
        return Err(unknown_field(unknown, NODE_TYPE));
    }
    let node = call.node;
    Ok(Answer::new(status(node, &call.number()?.official.status)))
}

pub(crate) fn apply(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let params = call.params;
    params.only(&["action", "application_data"])?;
    params.required("action")?;
    let action = params.word("action", &["SUBMIT_APPLICATION", "WITHDRAW_APPLICATION", "RESUBMIT_APPLICATION"])?;
    let data = params.object("application_data")?;
    if let Some(data) = &data {
        data.only(&["business_name", "business_description", "website_url", "contact_email"])?;
        if data.text("business_name")?.is_some_and(|name| name.chars().count() > 255) {
            return Err(Refusal::new(Reason::InvalidData, "business_name cannot exceed 255 characters"));
        }
        data.sized("business_description", 0, 1_000)?;
        if data.text("website_url")?.is_some_and(|url| !url.starts_with("https://")) {
            return Err(Refusal::new(Reason::InvalidData, "website_url must be a valid HTTPS URL"));
        }
    }
    let current = call.number()?.official.status.clone();
    let (next, message) = match action {
        Some("WITHDRAW_APPLICATION") if current == "PENDING" => ("CANCELLED", "withdrawn"),
        Some("WITHDRAW_APPLICATION") => {
            return Err(Refusal::new(Reason::Conflict, "Cannot withdraw application: No pending application found"));
        }
        _ if matches!(&*current, "PENDING" | "APPROVED") => {
            return Err(Refusal::invalid("Cannot submit application: An active application already exists"));
        }
        _ if data.is_none_or(|data| !data.has("business_name")) => {
            return Err(Refusal::invalid("Missing required application data: business_name is required"));
        }
        _ => ("PENDING", "submitted"),
    };
    let (now, most) = (call.state.now, call.state.rules.applications_a_day as usize);
    let official = &mut call.number()?.official;
    official.applications.retain(|at| now.since(*at) < DAY);
    if next == "PENDING" {
        if official.applications.len() >= most {
            return Err(Refusal::new(Reason::TooManyApplications, "Too many applications today"));
        }
        official.applications.push(now);
    }
    official.status = next.to_owned();
    let tracking = format!("oba_req_{}", call.state.seed.letters(16).to_lowercase());
    Ok(Answer::new(json!({
        "success": true,
        "message": format!("Official Business Account application {message} successfully"),
        "updated_status": status(call.node, next),
        "tracking_id": tracking,
    })))
}

pub(super) fn status(id: &str, word: &str) -> Value {
    let (word, message) = match word {
        "PENDING" => ("PENDING", "Your Official Business Account application is under review"),
        "APPROVED" => ("APPROVED", "Your Official Business Account has been approved"),
        "REJECTED" => ("REJECTED", "Your Official Business Account application was rejected"),
        "CANCELLED" => ("CANCELLED", "Official Business Account application has been cancelled"),
        _ => ("NOT_STARTED", "No Official Business Account application has been submitted"),
    };
    json!({"id": id, "oba_status": word, "status_message": message})
}
