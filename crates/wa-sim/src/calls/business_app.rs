use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    Event, PastMessage, State, SyncPart,
    calls::{Answer, Call},
    error_style::Refusal,
    person::user_id,
    rules::SYNC_WINDOW,
    webhook,
};

/// Asks for the contacts or the history that the WhatsApp Business app holds.
///
/// Meta's page on coexistence: each once, within 24 hours of the onboarding. The codes of its errors are assumed.
pub(crate) fn sync(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let params = call.params;
    params.only(&["messaging_product", "sync_type"])?;
    params.messaging_product()?;
    params.required("sync_type")?;
    let is_history = params.word("sync_type", &["smb_app_state_sync", "history"])? == Some("history");
    let now = call.state.now;
    let number = call.number()?;
    let Some(since) = number.last_onboarded.filter(|_| number.on_business_app && number.is_registered()) else {
        return Err(Refusal::invalid("The number is not in use with the WhatsApp Business app"));
    };
    if now.since(since) >= SYNC_WINDOW {
        return Err(Refusal::invalid("Synchronization is possible within 24 hours of onboarding: onboard it again"));
    }
    let app = &mut number.business_app;
    let done = if is_history { &mut app.history_is_synced } else { &mut app.contacts_are_synced };
    if std::mem::replace(done, true) {
        return Err(Refusal::invalid("This was synchronized already: onboard the number again to repeat it"));
    }
    let phases = if app.shares_history { 3 } else { 1 };
    let parts = if is_history { (0..phases).map(SyncPart::History).collect() } else { vec![SyncPart::Contacts] };
    for (place, part) in parts.into_iter().enumerate() {
        let event = Event::BusinessAppSync { number: call.node.to_owned(), part };
        call.state.schedule(now + PAUSE.saturating_mul(place as u32 + 1), event);
    }
    let request = call.state.seed.letters(22);
    Ok(Answer::new(json!({"messaging_product": "whatsapp", "request_id": request})))
}

/// Tells the apps what the WhatsApp Business app holds.
pub(crate) fn tell(state: &mut State, id: &str, part: SyncPart) {
    let Some(number) = state.numbers.get(id) else {
        return;
    };
    let (account, app) = (&number.account, &number.business_app);
    let mut value = json!({
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": number.digits, "phone_number_id": id},
    });
    let field = match part {
        SyncPart::Contacts => {
            let contacts = app.contacts.iter().map(|(digits, name)| {
                let contact = json!({
                    "full_name": name,
                    "first_name": name.split(' ').next(),
                    "phone_number": digits,
                    "user_id": user_id(account, digits),
                });
                let timestamp = state.now.as_secs().to_string();
                json!({"type": "contact", "contact": contact, "action": "add", "metadata": {"timestamp": timestamp}})
            });
            value["state_sync"] = contacts.collect();
            "smb_app_state_sync"
        }
        SyncPart::History(_) if !app.shares_history => {
            let text = "History sync is turned off by the business from the WhatsApp Business App";
            let error = json!({"code": 2_593_109, "title": text, "message": text, "error_data": {"details": text}});
            value["history"] = json!([{"errors": [error]}]);
            "history"
        }
        SyncPart::History(phase) => {
            // The last phase holds all that there is.
            let messages: &[PastMessage] = if phase == 2 { &app.history } else { &[] };
            let threads = threads(account, &number.digits, messages);
            let progress = (u16::from(phase) + 1) * 100 / 3;
            let metadata = json!({"phase": phase, "chunk_order": 1, "progress": progress});
            value["history"] = json!([{"metadata": metadata, "threads": threads}]);
            "history"
        }
    };
    webhook::queue(state, id, field, value);
}

fn threads(account: &str, digits: &str, messages: &[PastMessage]) -> Vec<Value> {
    let mut threads: Vec<Value> = Vec::new();
    for (place, message) in messages.iter().enumerate() {
        let from = if message.is_from_business { digits } else { &*message.contact };
        let mut shown = json!({
            "from": from,
            "id": format!("wamid.past{place}"),
            "timestamp": message.at.as_secs().to_string(),
            "type": "text",
            "text": {"body": message.text},
            "history_context": {"status": "READ"},
        });
        if message.is_from_business {
            shown["to"] = message.contact.clone().into();
        }
        let known = threads.iter().position(|thread| thread["id"] == message.contact);
        let known = known.unwrap_or_else(|| {
            let context = json!({"wa_id": message.contact, "user_id": user_id(account, &message.contact)});
            threads.push(json!({"id": message.contact, "context": context, "messages": []}));
            threads.len() - 1
        });
        if let Some(list) = threads[known]["messages"].as_array_mut() {
            list.push(shown);
        }
    }
    threads
}

const PAUSE: Duration = Duration::from_secs(2);
