use serde_json::{Value, json};

use crate::{
    ErrorStyle, Number,
    calls::{
        Answer, Call,
        number::{field_of, knows, schedule_review, show},
        paging::Page,
    },
    error_style::{Reason, Refusal},
    params::{NODE_TYPE, Params, unknown_field},
    rules::HOUR,
};

pub(crate) fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let params = call.params;
    params.only(&["filtering", "sort", "limit", "after", "before"])?;
    let sort = params.word(
        "sort",
        &["creation_time.asc", "creation_time.desc", "last_onboarded_time.asc", "last_onboarded_time.desc", ""],
    )?;
    Page::limit(params, 100)?;
    let fields = params.fields()?;
    let fields =
        fields.as_ref().map_or_else(|| LIST_FIELDS.to_vec(), |fields| fields.iter().map(|name| &**name).collect());
    // An account without numbers refuses it too.
    if let Some(unknown) = fields.iter().find(|field| !knows(field, call.version)) {
        return Err(unknown_field(unknown, NODE_TYPE));
    }
    let filters = filters(params)?;

    let state = &*call.state;
    let mut numbers: Vec<(&str, &Number)> = state
        .numbers
        .iter()
        .filter(|(_, number)| number.account == call.node && !number.is_magic && !number.is_deleted)
        .map(|(id, number)| (&**id, number))
        .collect();
    match sort.unwrap_or("") {
        "creation_time.asc" => numbers.sort_by_key(|(_, number)| number.created_at),
        "last_onboarded_time.asc" => numbers.sort_by_key(|(_, number)| number.last_onboarded),
        "last_onboarded_time.desc" => numbers.sort_by_key(|(_, number)| std::cmp::Reverse(number.last_onboarded)),
        _ => numbers.sort_by_key(|(_, number)| std::cmp::Reverse(number.created_at)),
    }
    let mut found = Vec::new();
    for (id, number) in numbers {
        if filters.iter().all(|(field, words)| {
            field_of(state, id, number, field, LIMITS).is_some_and(|value| words.contains(&value))
        }) {
            found.push(id.to_owned());
        }
    }

    let page = Page::new(params, found, 100)?;
    let mut data = page.ids().iter().map(|id| show(state, id, &fields, call.version)).collect::<Result<Vec<_>, _>>()?;
    if state.rules.error_style == ErrorStyle::Description {
        data.iter_mut().for_each(use_reference_words);
    }
    let mut answer = json!({"data": data});
    let base = format!("https://graph.facebook.com/v{}.0/{}/phone_numbers", call.version, call.node);
    page.add_to(&mut answer, &base, &["fields", "filtering", "sort"])?;
    Ok(Answer::new(answer))
}

pub(crate) fn add(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let params = call.params;
    params.only(&["phone_number", "verified_name", "cc", "migrate_phone_number", "preverified_id"])?;
    let digits = params.required("phone_number")?.trim_start_matches('+');
    let name = params.sized("verified_name", 2, 75)?;
    let name = name.ok_or_else(|| Refusal::invalid("The parameter verified_name is required"))?;
    let code = params.text("cc")?.unwrap_or("");
    let migrates = params.flag("migrate_phone_number")?.unwrap_or(false);
    let is_preverified = params.text("preverified_id")?.is_some();
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(digits) || !(7..=15).contains(&digits.len()) || digits.starts_with('0') {
        return Err(Refusal::new(Reason::NumberFormat, "phone_number must be in E.164 format"));
    }
    if !all_digits(code) || code.len() > 3 {
        return Err(Refusal::invalid("cc must be a country code of one to three digits"));
    }
    // The description's examples repeat the country code in the number, its prose does not.
    let digits = if digits.starts_with(code) { digits.to_owned() } else { format!("{code}{digits}") };

    if digits.len() > 15 {
        return Err(Refusal::new(Reason::NumberImpossible, "With its country code the number has over 15 digits"));
    }

    let now = call.state.now;
    let account = call.account()?;
    let most = account.most_numbers();
    if account.is_restricted("RESTRICTED_ADD_PHONE_NUMBER_ACTION", now) {
        return Err(Refusal::new(Reason::NumberForbidden, "The account may not add numbers now"));
    }
    let present = || call.state.numbers.values().filter(|number| !number.is_magic && !number.is_deleted);
    let of_account = present().filter(|number| number.account == call.node);
    if of_account.clone().any(|number| number.digits == digits) {
        return Err(Refusal::new(Reason::NumberExists, "The number is in this account already"));
    }
    if !migrates && present().any(|number| number.digits == digits) {
        return Err(Refusal::new(Reason::NumberInUse, "The number is in another account: migrate it"));
    }
    if of_account.count() >= most {
        return Err(Refusal::new(Reason::NumberLimit, format!("An account like this has at most {most} numbers")));
    }
    let most_an_hour = call.state.rules.numbers_an_hour as usize;
    let added = &mut call.account()?.numbers_added;
    added.retain(|at| now.since(*at) < HOUR);
    if added.len() >= most_an_hour {
        return Err(Refusal::new(Reason::NumberRate, "Too many numbers were added within an hour"));
    }
    added.push(now);
    let id = call.state.new_number_id();
    // Without a code the number begins with it; only how it is shown depends on where it ends.
    let code = match (code, &digits[..1]) {
        ("", "1" | "7") => &digits[..1],
        ("", _) => &digits[..2],
        (code, _) => code,
    };
    let mut number = Number::new(call.node, code, digits.clone());
    number.verified_name = name.to_owned();
    number.name_status = "PENDING_REVIEW".to_owned();
    number.created_at = now;
    number.code.verified_at = is_preverified.then_some(now);
    call.state.numbers.insert(id.clone(), number);
    schedule_review(call.state, &id);
    Ok(Answer::new(json!({"id": id})))
}

/// The description has words of its own for the status of a number in a list, and for one that is not verified.
fn use_reference_words(number: &mut Value) {
    let words = [
        ("status", "CONNECTED", "LINKED"),
        ("status", "FLAGGED", "LINKED"),
        ("status", "DISCONNECTED", "UNLINKED"),
        ("code_verification_status", "UNVERIFIED", "NOT_VERIFIED"),
    ];
    for (field, word, other) in words {
        if number[field] == word {
            number[field] = other.into();
        }
    }
}

/// `filtering` is a list of field, operator and value; the description knows three fields.
fn filters(params: &Params) -> Result<Vec<(String, Vec<Value>)>, Refusal> {
    let wrong = || Refusal::invalid("Invalid parameter: filtering must be valid JSON");
    let Some(text) = params.text("filtering")?.filter(|text| !text.is_empty()) else {
        return Ok(Vec::new());
    };
    let filters: Vec<Value> = serde_json::from_str(text).map_err(|_| wrong())?;
    filters
        .iter()
        .map(|filter| {
            let field = filter["field"].as_str().filter(|field| FILTERS.contains(field)).ok_or_else(wrong)?;
            let values = match (filter["operator"].as_str(), &filter["value"]) {
                (Some("IN"), Value::Array(values)) => values.clone(),
                (Some("EQUAL"), value @ (Value::String(_) | Value::Bool(_))) => vec![value.clone()],
                _ => return Err(wrong()),
            };
            Ok((field.to_owned(), values))
        })
        .collect()
}

const LIST_FIELDS: &[&str] = &[
    "id",
    "verified_name",
    "code_verification_status",
    "display_phone_number",
    "quality_rating",
    "platform_type",
    "status",
    "throughput",
    "last_onboarded_time",
    "webhook_configuration",
];
/// The list is filtered by limits whatever the version.
const LIMITS: u16 = 0;
const FILTERS: &[&str] = &["account_mode", "messaging_limit_tier", "is_official_business_account"];
