use http::{
    HeaderMap, HeaderName, HeaderValue, Response, StatusCode,
    header::{CONTENT_TYPE, DATE, LOCATION, WWW_AUTHENTICATE},
};

use crate::{
    Engine, Number, Reply, State,
    draft::Draft,
    error_style, render,
    rules::{FEW_CALLS, MANY_CALLS},
    version,
};

impl Engine {
    /// Puts the answer together as it goes out.
    pub(crate) fn finish(&mut self, draft: &mut Draft, app: Option<&str>, node: &str, version: Option<u16>) -> Reply {
        let State { rules, seed, apps, accounts, numbers, now, .. } = &mut self.state;
        let mut headers = HeaderMap::with_capacity(8);
        let kind = match &draft.file {
            _ if draft.is_page => "text/html; charset=utf-8",
            Some((mime_type, _)) => mime_type,
            None => "application/json; charset=UTF-8",
        };
        if let Ok(kind) = HeaderValue::from_str(kind) {
            headers.insert(CONTENT_TYPE, kind);
        }
        if let Ok(date) = HeaderValue::from_str(&now.to_http()) {
            headers.insert(DATE, date);
        }
        if let Some(to) = draft.location.as_deref().and_then(|to| HeaderValue::from_str(to).ok()) {
            headers.insert(LOCATION, to);
        }
        if !draft.is_page && draft.file.is_none() {
            let served = version.and_then(|asked| version::serving(asked, rules, *now)).unwrap_or(version::NEWEST);
            headers.insert(HeaderName::from_static("x-fb-rlafr"), HeaderValue::from_static("0"));
            let mut put = |name: &'static str, text: &str| {
                if let Ok(value) = HeaderValue::from_str(text) {
                    headers.insert(HeaderName::from_static(name), value);
                }
            };
            put("facebook-api-version", &format!("v{served}.0"));
            put("x-fb-trace-id", &seed.letters(11));
            put("x-fb-request-id", &error_style::trace(seed));
            let app = app.and_then(|app| apps.get(app));
            let share = app.map_or(0, |app| app.budget.calls * 100 / rules.app_calls.max(1));
            // Meta's description has this header with status 429.
            if let Some(app) = app.filter(|_| draft.is_app_limited) {
                put("retry-after", &app.budget.left(*now).as_secs().max(1).to_string());
            }
            put("x-app-usage", &format!(r#"{{"call_count":{share},"total_cputime":0,"total_time":0}}"#));
            let id = numbers.get(node).map_or(node, |number| &*number.account);
            if let Some(account) = accounts.get(id) {
                let budget = &account.budget;
                let of_account = || numbers.values().filter(|number| number.account == id);
                let is_in_use = match numbers.get(node) {
                    // Looking at all numbers for each call to one of them would be slow.
                    Some(number) => number.is_registered() || budget.calls > FEW_CALLS,
                    None => of_account().any(Number::is_registered),
                };
                let share = budget.calls * 100 / if is_in_use { MANY_CALLS } else { FEW_CALLS };
                let wait = match draft.body["error"]["code"].as_i64() {
                    Some(80_007) => budget.left(*now).as_secs().max(1),
                    _ => 0,
                };
                if wait > 0 {
                    put("retry-after", &wait.to_string());
                }
                let wait = wait.div_ceil(60);
                put(
                    "x-business-use-case-usage",
                    &format!(
                        r#"{{"{id}":[{{"type":"whatsapp_business_management","call_count":{share},"total_cputime":0,"total_time":0,"estimated_time_to_regain_access":{wait}}}]}}"#
                    ),
                );
            }
            if let (400..=499, Some(message)) = (draft.status, draft.body["error"]["message"].as_str()) {
                let text = format!(r#"OAuth "Facebook Platform" "invalid_request" "{}""#, message.replace('"', "'"));
                if let Ok(value) = HeaderValue::from_str(&text) {
                    headers.insert(WWW_AUTHENTICATE, value);
                }
            }
        }

        let bytes = match &draft.text {
            _ if draft.file.is_some() => String::new(),
            Some(text) => text.clone(),
            None if rules.plain => render::render(&draft.body, None),
            None => {
                let is_error = draft.body.get("error").is_some();
                let target = if is_error { &mut draft.body["error"] } else { &mut draft.body };
                if seed.below(2) == 0 {
                    render::add_unknown(target, seed);
                }
                render::render(&draft.body, Some(seed))
            }
        };
        let file = draft.file.as_ref().map(|(_, bytes)| bytes.as_ref().to_vec());
        let mut response = Response::new(file.unwrap_or_else(|| bytes.into_bytes()));
        *response.status_mut() = StatusCode::from_u16(draft.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        *response.headers_mut() = headers;
        Reply { response, delay: draft.delay, carriage: draft.carriage }
    }
}
