use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use crate::{
    error_style::{Reason, Refusal},
    multipart,
};

/// The parameters of a call, wherever they came from: the address, a form or JSON.
#[derive(Clone, Debug, Default)]
pub(crate) struct Params {
    pub(crate) values: Map<String, Value>,
    /// Whether the values are all text, as in an address or a form.
    is_text: bool,
    /// Whether members that nobody named are taken.
    is_lenient: bool,
}

impl Params {
    /// Real clients send parameters of a POST as JSON, as a form or in the address.
    pub(crate) fn read(query: &str, content_type: &str, body: &[u8]) -> Result<Self, Refusal> {
        let mut params = Self { values: Map::new(), is_text: true, is_lenient: false };
        params.add_form(query);
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(params);
        }
        if let Some(boundary) = multipart::boundary(content_type) {
            let malformed = || Refusal::new(Reason::Malformed, "The body is no multipart/form-data");
            for part in multipart::parts(boundary, body).ok_or_else(malformed)? {
                let value = match part.filename {
                    Some(name) => json!({"filename": name, "type": part.content_type, "bytes": part.bytes.len()}),
                    None => String::from_utf8_lossy(part.bytes).into(),
                };
                params.values.insert(part.name, value);
            }
            return Ok(params);
        }
        if content_type.starts_with("application/x-www-form-urlencoded") {
            params.add_form(&String::from_utf8_lossy(body));
            return Ok(params);
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => {
                params.is_text = false;
                params.values.extend(members);
                Ok(params)
            }
            _ => Err(Refusal::new(Reason::Malformed, "Invalid JSON in request body")),
        }
    }

    fn add_form(&mut self, form: &str) {
        for pair in form.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            self.values.insert(decode(name), decode(value).into());
        }
    }

    /// The same parameters, from which no unknown member is refused.
    pub(crate) fn lenient(&self) -> Self {
        Self { is_lenient: true, ..self.clone() }
    }

    fn inner(&self, values: &Map<String, Value>) -> Self {
        Self { values: values.clone(), is_text: false, is_lenient: self.is_lenient }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.values.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Refusal::invalid(format!("Parameter '{name}' must be a string"))),
        }
    }

    pub(crate) fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.text(name)?
            .filter(|text| !text.is_empty())
            .ok_or_else(|| Refusal::invalid(format!("The parameter {name} is required")))
    }

    pub(crate) fn sized(&self, name: &str, least: usize, most: usize) -> Result<Option<&str>, Refusal> {
        let text = self.text(name)?;
        match text.map(|text| text.chars().count()) {
            Some(length) if !(least..=most).contains(&length) => {
                Err(Refusal::invalid(format!("Parameter '{name}' must have {least} to {most} characters")))
            }
            _ => Ok(text),
        }
    }

    /// Six ASCII digits.
    pub(crate) fn six_digits(&self, name: &str) -> Result<&str, Refusal> {
        let text = self.required(name)?;
        if text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(text)
        } else {
            Err(Refusal::invalid(format!("Parameter '{name}' must be exactly 6 digits")))
        }
    }

    /// A PIN: six digits, or an error of its own.
    pub(crate) fn pin(&self, name: &str) -> Result<&str, Refusal> {
        let text = self.required(name)?;
        self.six_digits(name)
            .map_err(|_| Refusal::new(Reason::PinFormat, "The PIN must be exactly 6 digits"))
            .and(Ok(text))
    }

    pub(crate) fn word(&self, name: &str, words: &[&str]) -> Result<Option<&str>, Refusal> {
        match self.text(name)? {
            Some(word) if !words.contains(&word) => {
                Err(Refusal::invalid(format!("Parameter '{name}' must be one of {}", words.join(", "))))
            }
            word => Ok(word),
        }
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.values.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(Value::String(text)) if self.is_text && text == "true" => Ok(Some(true)),
            Some(Value::String(text)) if self.is_text && text == "false" => Ok(Some(false)),
            Some(_) => Err(Refusal::invalid(format!("Parameter '{name}' must be a boolean"))),
        }
    }

    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, Refusal> {
        let number = match self.values.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) if self.is_text => text.parse().ok(),
            Some(value) => value.as_i64(),
        };
        number.map(Some).ok_or_else(|| Refusal::invalid(format!("Parameter '{name}' must be an integer")))
    }

    pub(crate) fn object(&self, name: &str) -> Result<Option<Self>, Refusal> {
        let wrong = || Refusal::invalid(format!("Parameter '{name}' must be an object"));
        match self.values.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(members)) => Ok(Some(self.inner(members))),
            Some(Value::String(text)) if self.is_text => {
                let members: Map<String, Value> = serde_json::from_str(text).map_err(|_| wrong())?;
                Ok(Some(self.inner(&members)))
            }
            Some(_) => Err(wrong()),
        }
    }

    pub(crate) fn list(&self, name: &str) -> Result<Option<Vec<Value>>, Refusal> {
        let wrong = || Refusal::invalid(format!("Parameter '{name}' must be an array"));
        match self.values.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(items)) => Ok(Some(items.clone())),
            Some(Value::String(text)) if self.is_text => serde_json::from_str(text).map(Some).map_err(|_| wrong()),
            Some(_) => Err(wrong()),
        }
    }

    /// Refuses members that no document names. Every call may carry the token as one.
    pub(crate) fn only(&self, names: &[&str]) -> Result<(), Refusal> {
        for name in self.values.keys().filter(|_| !self.is_lenient) {
            if !names.contains(&&**name) && !COMMON.contains(&&**name) {
                return Err(Refusal::invalid(format!("Unexpected key \"{name}\"")));
            }
        }
        Ok(())
    }

    pub(crate) fn messaging_product(&self) -> Result<(), Refusal> {
        self.required("messaging_product")?;
        self.word("messaging_product", &["whatsapp"]).map(drop)
    }

    /// The names in `fields`, without what they select inside.
    pub(crate) fn fields(&self) -> Result<Option<Vec<String>>, Refusal> {
        let Some(text) = self.text("fields")?.filter(|text| !text.trim().is_empty()) else {
            return Ok(None);
        };
        let mut depth = 0_u32;
        let mut names = vec![String::new()];
        for letter in text.chars() {
            match letter {
                '{' | '(' => depth += 1,
                '}' | ')' => depth = depth.saturating_sub(1),
                ',' if depth == 0 => names.push(String::new()),
                _ if depth == 0 && !letter.is_whitespace() => {
                    if let Some(name) = names.last_mut() {
                        name.push(letter);
                    }
                }
                _ => {}
            }
        }
        for name in &mut names {
            if let Some(end) = name.find('.') {
                name.truncate(end);
            }
        }
        names.retain(|name| !name.is_empty());
        Ok(Some(names))
    }
}

pub(crate) fn unknown_field(name: &str, node_type: &str) -> Refusal {
    Refusal::new(Reason::InvalidField, format!("Tried accessing nonexisting field ({name}) on node type ({node_type})"))
}

pub(crate) fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// What the service calls a number in its errors.
pub(crate) const NODE_TYPE: &str = "WhatsAppBusinessPhoneNumber";
const COMMON: &[&str] = &["access_token", "appsecret_proof", "appsecret_time", "fields", "debug", "locale"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_come_as_json_as_a_form_or_in_the_address() {
        for (query, kind, body) in [
            ("", "application/json", &b"{\"code_method\":\"SMS\",\"language\":\"en_US\"}"[..]),
            ("", "application/x-www-form-urlencoded", b"code_method=SMS&language=en%5FUS"),
            ("code_method=SMS&language=en_US", "", b""),
            ("language=en_US", "application/json", b"{\"code_method\":\"SMS\"}"),
        ] {
            let params = Params::read(query, kind, body).unwrap();
            assert_eq!(
                (params.required("code_method").unwrap(), params.required("language").unwrap()),
                ("SMS", "en_US")
            );
        }
    }

    #[test]
    fn fields_may_select_inside_and_be_encoded() {
        let params = Params::read("fields=id%2Cthroughput%7Blevel%2Cx%7D,health_status", "", b"").unwrap();
        assert_eq!(params.fields().unwrap().unwrap(), ["id", "throughput", "health_status"]);
        assert_eq!(Params::read("fields=", "", b"").unwrap().fields().unwrap(), None);
    }
}
