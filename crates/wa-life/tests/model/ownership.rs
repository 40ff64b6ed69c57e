//! The one-time code that proves whose number it is.

use std::time::Duration;

use serde_json::json;

use super::{
    answer::Answer,
    call::Call,
    number::Ownership,
    service::{Service, not_there},
};

impl Service {
    /// `POST /{number}/request_code`.
    pub(super) fn request_code(&mut self, call: &Call) -> Answer {
        let now = self.now;
        let Some(number) = self.numbers.get_mut(&call.target) else { return not_there(&call.target) };
        let method = call.text("code_method").unwrap_or_default();
        if !["SMS", "VOICE"].contains(&method.as_str()) || call.text("language").is_none_or(|text| text.len() < 2) {
            return Answer::error(400, 100, "code_method and language are required");
        }
        if number.ownership == Ownership::Verified && !number.needs_code {
            return Answer::people(400, 136_024, 2_388_366, "Request code error", "The number is verified already.");
        }
        number.codes_requested.retain(|at| now < *at + Duration::from_secs(3600));
        if number.codes_requested.len() >= 5 {
            return Answer::people(400, 136_024, 2_388_367, "Request code error", "Too many codes were requested.");
        }
        number.codes_requested.push(now);
        let code = format!("{:06}", (number.codes_requested.len() * 123_457 + 54_321) % 1_000_000);
        number.code = Some((code, now));
        Answer::success()
    }

    /// `POST /{number}/verify_code`.
    pub(super) fn verify_code(&mut self, call: &Call) -> Answer {
        let now = self.now;
        let Some(number) = self.numbers.get_mut(&call.target) else { return not_there(&call.target) };
        let Some((code, sent)) = number.code.clone() else {
            return Answer::people(400, 136_025, 2_388_093, "Verify code error", "No code was requested.");
        };
        if call.text("code").as_deref() != Some(code.as_str()) || now > sent + CODE_LIFE {
            return Answer::error(400, 136_025, "The code is wrong or has expired");
        }
        number.code = None;
        number.ownership = Ownership::Verified;
        number.verified_at = Some(now);
        number.needs_code = false;
        Answer::ok(json!({ "success": true, "id": number.id }))
    }

    /// The code that the owner of the number has been sent, if it is still valid.
    pub fn code_sent(&self, id: &str) -> Option<String> {
        let (code, sent) = self.numbers.get(id)?.code.as_ref()?;
        (self.now <= *sent + CODE_LIFE).then(|| code.clone())
    }
}

const CODE_LIFE: Duration = Duration::from_secs(600);
