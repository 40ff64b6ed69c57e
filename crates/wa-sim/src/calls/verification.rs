use serde_json::json;

use crate::{
    ErrorStyle, SentCode, State,
    calls::{Answer, Call},
    error_style::{Reason, Refusal},
    rules::{CODE_LIFE, HOUR},
};

pub(crate) fn request_code(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    call.params.only(&["code_method", "language"])?;
    call.params.required("code_method")?;
    call.params.word("code_method", &["SMS", "VOICE"])?;
    let language = call.params.required("language")?;
    if !is_language(language) {
        return Err(Refusal::invalid("Parameter 'language' must be a locale such as en_US"));
    }
    let now = call.state.now;
    if needs_no_code(call) {
        return Err(Refusal::new(Reason::AlreadyVerified, "The number is verified already: go on to register"));
    }
    let most = call.state.rules.codes_an_hour as usize;
    let sent = &mut call.number()?.code.requests;
    sent.retain(|at| now.since(*at) < HOUR);
    if sent.len() >= most {
        return Err(Refusal::new(Reason::TooManyCodes, "Too many codes were requested: try again in some hours"));
    }
    sent.push(now);
    let code = call.state.seed.digits(6);
    call.number()?.code.sent = Some(SentCode { code, until: now + CODE_LIFE, guesses: 0 });
    Ok(Answer::success())
}

pub(crate) fn verify_code(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    call.params.only(&["code"])?;
    let code = call.params.six_digits("code")?;
    let now = call.state.now;
    let most = call.state.rules.code_guesses;
    let is_verified = needs_no_code(call);
    let state = &mut call.number()?.code;
    let Some(sent) = state.sent.as_mut().filter(|_| !is_verified) else {
        // Used up or never sent: a number that was verified once, or asked for a code, has had one.
        let was_used = state.verified_at.is_some() && !is_verified;
        let reason = if was_used { Reason::WrongCode } else { Reason::NothingToVerify };
        return Err(Refusal::new(reason, "There is no code to verify"));
    };
    if sent.guesses >= most {
        return Err(Refusal::new(Reason::TooManyGuesses, "Too many wrong codes: request a new one"));
    }
    if now >= sent.until {
        sent.guesses += 1;
        return Err(Refusal::new(Reason::WrongCode, "The code has expired"));
    }
    if sent.code != code {
        sent.guesses += 1;
        return Err(Refusal::new(Reason::WrongCode, "The code is not right"));
    }
    state.sent = None;
    state.verified_at = Some(now);
    let mut answer = json!({"success": true});
    if call.state.rules.error_style == ErrorStyle::Description {
        answer["id"] = call.node.into();
    }
    Ok(Answer::new(answer))
}

fn needs_no_code(call: &Call<'_>) -> bool {
    let State { rules, numbers, now, .. } = &*call.state;
    numbers.get(call.node).is_some_and(|number| number.needs_no_code(rules, *now))
}

/// `en` or `en_US`: the pages have both.
fn is_language(text: &str) -> bool {
    let (language, country) = text.split_once('_').unwrap_or((text, "US"));
    (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && country.len() == 2
        && country.bytes().all(|byte| byte.is_ascii_uppercase())
}
