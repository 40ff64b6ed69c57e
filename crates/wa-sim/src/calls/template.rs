//! Message templates of an account. Meta's pages on templates, unless a line says otherwise.

mod components;
pub(crate) mod library;
pub(crate) mod review;

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::{
    Account, State, Template,
    calls::{Answer, Call, paging::Page},
    error_style::{Flaw, Reason, Refusal},
    params::{Params, unknown_field},
    rules::DAY,
};

use review::{schedule_review, set_status};

pub(crate) fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let params = call.params;
    params.only(&[
        "name",
        "language",
        "category",
        "components",
        "parameter_format",
        "message_send_ttl_seconds",
        "sub_category",
        "display_format",
        "cta_url_link_tracking_opted_out",
        "degrees_of_freedom_spec",
        "bid_spec",
        "allow_category_change",
        "library_template_name",
        "library_template_button_inputs",
        "library_template_body_inputs",
    ])?;
    let name = params.required("name")?;
    let is_word = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'_';
    if name.len() > 512 || !name.bytes().all(is_word) {
        return Err(Refusal::new(Reason::Template(&NAME), ""));
    }
    let language = params.required("language")?;
    if !is_language(language) {
        return Err(Refusal::new(Reason::Template(&LANGUAGE), ""));
    }
    let category = category(params)?.ok_or_else(|| Refusal::invalid("The parameter category is required"))?;
    let ttl = ttl(params, &category)?;
    let format = params.text("parameter_format")?.unwrap_or("POSITIONAL").to_ascii_uppercase();
    if !matches!(&*format, "POSITIONAL" | "NAMED") {
        return Err(Refusal::invalid("Parameter 'parameter_format' must be one of NAMED, POSITIONAL"));
    }
    let from_library = params.text("library_template_name")?;
    let components = match (from_library, params.list("components")?) {
        (Some(wanted), _) => {
            let missing = || Refusal::invalid("There is no library template of this name");
            library::components_of(wanted).ok_or_else(missing)?
        }
        (None, Some(components)) => components,
        (None, None) => return Err(Refusal::invalid("The parameter components is required")),
    };
    components::check(&category, &format, &components)?;

    let now = call.state.now;
    let id = call.state.new_template_id();
    let review = call.state.rules.template_review;
    let account = call.account()?;
    account.blocked_templates.retain(|_, until| now < *until);
    let is_blocked = account.blocked_templates.contains_key(&blocked_name(name, language))
        || account.blocked_templates.contains_key(&blocked_name(name, ""));
    if is_blocked {
        return Err(Refusal::new(Reason::Template(&STILL_DELETED), ""));
    }
    if account.templates.iter().any(|known| known.name == name && known.language == language) {
        return Err(Refusal::new(Reason::Template(&EXISTS), ""));
    }
    if account.templates.len() >= if account.is_verified { 6_000 } else { 250 } {
        return Err(Refusal::new(Reason::Template(&LIMIT), ""));
    }
    let mut template = Template::new(name, language);
    template.id = id.clone();
    template.components = components::as_read(&components);
    template.category = category;
    template.parameter_format = format;
    template.ttl = ttl;
    // Meta's page on the library: its templates need no review.
    template.status = if from_library.is_some() { "APPROVED" } else { "PENDING" }.to_owned();
    let answer = json!({"id": id, "status": template.status, "category": template.category});
    let is_open = template.status == "PENDING";
    account.templates.push(template);
    if is_open {
        schedule_review(call.state, review, &id);
    }
    Ok(Answer::new(answer))
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let params = call.params;
    params.only(&[&["limit", "after", "before", "summary", "source", "since", "until"], FILTERS].concat())?;
    Page::limit(params, 1_000)?;
    let fields = fields(params)?;
    let node = call.node;
    let account = call.account()?;
    let mut found = Vec::new();
    for template in &account.templates {
        if fits(template, params)? {
            found.push(template.id_in(node));
        }
    }
    let count = found.len();
    let page = Page::new(params, found, 1_000)?;
    let shown = |id: &String| account.templates.iter().find(|template| template.id_in(node) == *id);
    let data: Vec<_> = page.ids().iter().filter_map(shown).map(|template| show(template, node, &fields)).collect();
    let mut answer = json!({"data": data});
    if params.text("summary")?.is_some() {
        answer["summary"] = json!({
            "total_count": count,
            "message_template_count": account.templates.len(),
            "message_template_limit": if account.is_verified { 6_000 } else { 250 },
            "are_translations_complete": true,
        });
    }
    let base = format!("https://graph.facebook.com/v{}.0/{node}/message_templates", call.version);
    page.add_to(&mut answer, &base, &[&["fields", "summary"], FILTERS].concat())?;
    Ok(Answer::new(answer))
}

pub(crate) fn read(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let fields = fields(call.params)?;
    let (account, place) = own(call)?;
    Ok(Answer::new(show(&call.state.accounts[&account].templates[place], &account, &fields)))
}

pub(crate) fn edit(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let params = call.params;
    params.only(&[
        "name",
        "language",
        "category",
        "components",
        "parameter_format",
        "message_send_ttl_seconds",
        "cta_url_link_tracking_opted_out",
    ])?;
    let (account, place) = own(call)?;
    let (now, node) = (call.state.now, call.node);
    let review = call.state.rules.template_review;
    let template = template_mut(call.state, &account, place)?;
    if !matches!(&*template.status, "APPROVED" | "REJECTED" | "PAUSED") {
        return Err(Refusal::new(Reason::Template(&UNCHANGEABLE), ""));
    }
    let wanted = category(params)?;
    // Seen: the category of an approved template cannot be changed. The code is assumed.
    if wanted.as_ref().is_some_and(|wanted| *wanted != template.category && template.status == "APPROVED") {
        return Err(Refusal::invalid("The category of an approved template cannot be changed"));
    }
    let wanted = wanted.unwrap_or_else(|| template.category.clone());
    let ttl = ttl(params, &wanted)?;
    let components = params.list("components")?;
    if let Some(components) = &components {
        components::check(&wanted, &template.parameter_format, components)?;
    } else if ttl.is_none() && !params.has("category") && !params.has("cta_url_link_tracking_opted_out") {
        return Err(Refusal::invalid("One of category, components and message_send_ttl_seconds is required"));
    }
    if template.status == "APPROVED" {
        let within = |span: Duration| template.edits.iter().filter(|at| now.since(**at) < span).count();
        // The code is assumed.
        if within(DAY) >= 1 || within(DAY * 30) >= 10 {
            return Err(Refusal::invalid(
                "An approved template can be edited once in 24 hours and ten times in 30 days",
            ));
        }
        template.edits.push(now);
    }
    template.category = wanted;
    template.ttl = ttl.or(template.ttl);
    if let Some(components) = components {
        template.components = components::as_read(&components);
        template.status = "PENDING".to_owned();
        template.rejected_reason = None;
        schedule_review(call.state, review, node);
    }
    Ok(Answer::success())
}

pub(crate) fn delete(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let params = call.params;
    params.only(&["name", "hsm_id", "hsm_ids"])?;
    let (now, node) = (call.state.now, call.node);
    let name = params.text("name")?.filter(|name| !name.is_empty());
    let id = params.text("hsm_id")?;
    let ids = match params.list("hsm_ids")? {
        Some(_) if name.is_some() || id.is_some() => {
            return Err(Refusal::invalid("hsm_ids stands alone, without name and hsm_id"));
        }
        Some(ids) if ids.is_empty() || ids.len() > 100 => {
            return Err(Refusal::invalid("Parameter 'hsm_ids' must have 1 to 100 items"));
        }
        Some(ids) => Some(ids.iter().map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned)).collect()),
        None => id.map(|id| vec![id.to_owned()]),
    };
    if name.is_none() && !params.has("hsm_ids") {
        return Err(Refusal::invalid("The parameter name is required"));
    }
    let account = call.account()?;
    let is_meant = |template: &Template| {
        ids.as_ref().is_none_or(|ids: &Vec<String>| ids.contains(&template.id_in(node)))
            && name.is_none_or(|name| template.name == name)
    };
    let meant = account.templates.iter().filter(|template| is_meant(template)).count();
    // All or nothing.
    if meant == 0 || ids.as_ref().is_some_and(|ids| meant < ids.len()) {
        return Err(Refusal::new(Reason::Template(&NOT_FOUND), ""));
    }
    if account.templates.iter().any(|template| is_meant(template) && template.status == "DISABLED") {
        return Err(Refusal::invalid("A disabled template cannot be deleted"));
    }
    for template in account.templates.iter().filter(|template| is_meant(template) && template.status == "APPROVED") {
        // The whole name if all its languages go.
        let language = if ids.is_some() { &*template.language } else { "" };
        account.blocked_templates.insert(blocked_name(&template.name, language), now + DAY * 30);
    }
    account.templates.retain(|template| !is_meant(template));
    Ok(Answer::success())
}

pub(crate) fn unpause(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (account, place) = own(call)?;
    let template = template_mut(call.state, &account, place)?;
    if template.status != "PAUSED" {
        return Err(Refusal::new(Reason::Template(&UNCHANGEABLE), ""));
    }
    let id = call.node.to_owned();
    set_status(call.state, &id, "APPROVED", None);
    Ok(Answer::success())
}

fn own(call: &Call<'_>) -> Result<(String, usize), Refusal> {
    let place = call.state.template_place(call.node).map(|(account, place)| (account.to_owned(), place));
    place.ok_or_else(|| Refusal::new(Reason::NotFound, ""))
}

fn template_mut<'a>(state: &'a mut State, account: &str, place: usize) -> Result<&'a mut Template, Refusal> {
    let known = state.accounts.get_mut(account).and_then(|account: &mut Account| account.templates.get_mut(place));
    known.ok_or_else(|| Refusal::new(Reason::NotFound, ""))
}

fn category(params: &Params) -> Result<Option<String>, Refusal> {
    let Some(word) = params.text("category")? else {
        return Ok(None);
    };
    // In any case of its letters, as clients are seen to send it.
    let word = word.to_ascii_uppercase();
    match matches!(&*word, "UTILITY" | "MARKETING" | "AUTHENTICATION") {
        true => Ok(Some(word)),
        false => Err(Refusal::invalid("Parameter 'category' must be one of AUTHENTICATION, MARKETING, UTILITY")),
    }
}

fn ttl(params: &Params, category: &str) -> Result<Option<i64>, Refusal> {
    let Some(seconds) = params.integer("message_send_ttl_seconds")? else {
        return Ok(None);
    };
    let (least, most) = match category {
        "AUTHENTICATION" => (30, 900),
        "UTILITY" => (30, 43_200),
        _ => (43_200, 2_592_000),
    };
    match (least..=most).contains(&seconds) || (seconds == -1 && category != "MARKETING") {
        true => Ok(Some(seconds)),
        false => Err(Refusal::invalid(format!("Parameter 'message_send_ttl_seconds' must be {least} to {most}"))),
    }
}

/// About 110 codes are listed; what has their form is taken.
fn is_language(code: &str) -> bool {
    let (language, country) = code.split_once('_').unwrap_or((code, "US"));
    (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && (2..=4).contains(&country.len())
        && country.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn blocked_name(name: &str, language: &str) -> String {
    format!("{name}/{language}")
}

fn fits(template: &Template, params: &Params) -> Result<bool, Refusal> {
    for name in FILTERS {
        let Some(wanted) = params.text(name)?.filter(|text| !text.is_empty()) else {
            continue;
        };
        let in_content = || Value::from(template.components.clone()).to_string().contains(wanted);
        let fits = match *name {
            "name" => template.name.contains(wanted),
            "content" => in_content(),
            "name_or_content" => template.name.contains(wanted) || in_content(),
            _ => {
                let own = match *name {
                    "category" => &template.category,
                    "language" => &template.language,
                    "status" => &template.status,
                    _ => &template.quality,
                };
                // A list stands as text.
                let words = wanted.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
                words.into_iter().any(|word| word.eq_ignore_ascii_case(own))
            }
        };
        if !fits {
            return Ok(false);
        }
    }
    Ok(true)
}

fn fields(params: &Params) -> Result<Vec<String>, Refusal> {
    let fields = params.fields()?.unwrap_or_else(|| FIELDS[..7].iter().map(|name| (*name).to_owned()).collect());
    match fields.iter().find(|name| !FIELDS.contains(&&***name)) {
        Some(unknown) => Err(unknown_field(unknown, "WhatsAppMessageTemplate")),
        None => Ok(fields),
    }
}

fn show(template: &Template, account: &str, fields: &[String]) -> Value {
    let mut shown = Map::new();
    for name in fields.iter().map(String::as_str).chain(["id"]) {
        let value = match name {
            "name" => template.name.clone().into(),
            "language" => template.language.clone().into(),
            "status" => template.status.clone().into(),
            "category" => template.category.clone().into(),
            "components" => template.components.clone().into(),
            "parameter_format" => template.parameter_format.clone().into(),
            "quality_score" => json!({"score": template.quality, "date": 0}),
            "rejected_reason" => template.rejected_reason.as_deref().unwrap_or("NONE").into(),
            "previous_category" => template.previous_category.clone().into(),
            "message_send_ttl_seconds" => template.ttl.into(),
            "id" => template.id_in(account).into(),
            _ => Value::Null,
        };
        if !value.is_null() {
            shown.insert(name.to_owned(), value);
        }
    }
    shown.into()
}

/// The first seven are shown if nothing else is asked for.
const FIELDS: &[&str] = &[
    "name",
    "parameter_format",
    "components",
    "language",
    "status",
    "category",
    "id",
    "previous_category",
    "quality_score",
    "rejected_reason",
    "message_send_ttl_seconds",
    "sub_category",
    "correct_category",
    "library_template_name",
    "cta_url_link_tracking_opted_out",
];
const FILTERS: &[&str] = &["name", "content", "name_or_content", "category", "language", "status", "quality_score"];

// The subcodes are documented or seen; the texts are ours.
const NAME: Flaw = Flaw {
    subcode: 2_388_046,
    title: "Invalid template name",
    text: "The name may have lower-case letters, digits and underscores only, 512 at most.",
};
const LANGUAGE: Flaw =
    Flaw { subcode: 2_388_049, title: "Invalid language", text: "The language is none that templates can have." };
const EXISTS: Flaw = Flaw {
    subcode: 2_388_024,
    title: "Content in this language already exists",
    text: "There is a template of this name in this language. Choose another name or edit that one.",
};
const STILL_DELETED: Flaw = Flaw {
    subcode: 2_388_023,
    title: "Message template language is being deleted",
    text: "A template of this name was deleted. Its name can be used again after 30 days.",
};
const LIMIT: Flaw = Flaw {
    subcode: 2_388_019,
    title: "Message template limit exceeded",
    text: "The account has as many templates as it may have.",
};
const UNCHANGEABLE: Flaw = Flaw {
    subcode: 2_388_039,
    title: "Template status cannot be changed",
    text: "A template in this status cannot be changed.",
};
/// Reported.
const NOT_FOUND: Flaw =
    Flaw { subcode: 2_593_002, title: "Message template not found", text: "There is no such template in the account." };
