//! Messages made of templates: which template, and whether the parameters fit it.

use serde_json::Value;

use crate::{
    Template,
    calls::message::content::media,
    calls::message::members::{Members, wrong},
    error_style::{Reason, Refusal},
    params::Params,
    template::{is_of, variables},
};

/// The template that a message is to be made of.
pub(super) struct Wanted<'a> {
    name: &'a str,
    language: String,
    components: Vec<Members<'a>>,
}

impl<'a> Wanted<'a> {
    pub(super) fn read(template: &'a Params, content: &'a Value) -> Result<Self, Refusal> {
        let language = template.object("language")?;
        let missing = || Refusal::invalid("The parameter template.language is required");
        let language = language.ok_or_else(missing)?;
        language.word("policy", &["deterministic"])?;
        let language = language.required("code")?.to_owned();
        let name = template.required("name")?;
        let components = Members::new("template", content)?.objects("components", 0, 20)?;
        Ok(Self { name, language, components })
    }

    /// The template, if it can be sent with these parameters.
    pub(super) fn find<'t>(&self, templates: &'t [Template]) -> Result<&'t Template, Refusal> {
        let Self { name, language, .. } = self;
        let known = templates.iter().find(|known| known.name == *name && known.language == *language);
        let missing =
            || Refusal::new(Reason::TemplateMissing, format!("template name ({name}) does not exist in {language}"));
        let known = known.ok_or_else(missing)?;
        match &*known.status {
            "APPROVED" => {}
            "PAUSED" => return Err(Refusal::new(Reason::TemplatePaused, "The template is paused for its quality")),
            "DISABLED" => {
                return Err(Refusal::new(Reason::TemplateDisabled, "The template is disabled for its quality"));
            }
            _ => return Err(missing()),
        }
        if !known.components.is_empty() {
            self.header(known)?;
            self.body(known)?;
            self.buttons(known)?;
            self.cards(known)?;
        }
        Ok(known)
    }

    fn component(&self, kind: &str) -> Option<&Members<'a>> {
        let is_it = |component: &&Members<'_>| {
            component.text("type").ok().flatten().is_some_and(|one| one.eq_ignore_ascii_case(kind))
        };
        self.components.iter().find(is_it)
    }

    fn parameters(&self, kind: &str) -> Result<Vec<Members<'a>>, Refusal> {
        match self.component(kind) {
            Some(component) => component.objects("parameters", 0, 1_024),
            None => Ok(Vec::new()),
        }
    }

    fn header(&self, template: &Template) -> Result<(), Refusal> {
        let parameters = self.parameters("header")?;
        let header = template.component("HEADER");
        let format = header.and_then(|header| header["format"].as_str()).unwrap_or("TEXT").to_ascii_uppercase();
        if format == "TEXT" {
            let text = header.and_then(|header| header["text"].as_str()).unwrap_or_default();
            return texts("header", text, &parameters, template).map(drop);
        }
        // Seen: a file is wanted with every message, and these are the words.
        let given = parameters.first().and_then(|one| one.text("type").ok().flatten());
        let received = given.map_or_else(|| "UNKNOWN".to_owned(), str::to_ascii_uppercase);
        let wanted = if format == "GIF" && received == "VIDEO" { "VIDEO".to_owned() } else { format };
        if wanted != received {
            let text = format!("header: Format mismatch, expected {wanted}, received {received}");
            return Err(Refusal::new(Reason::ParameterFormat, text));
        }
        let kind = wanted.to_ascii_lowercase();
        let first = parameters.first().ok_or_else(|| wrong("header: a parameter is required"))?;
        match &*kind {
            "image" | "video" | "document" | "gif" => media(&kind, &first.required_object(&kind)?),
            _ => first.required_object(&kind).map(drop),
        }
    }

    fn body(&self, template: &Template) -> Result<(), Refusal> {
        let text = template.component("BODY").and_then(|body| body["text"].as_str()).unwrap_or_default();
        let values = texts("body", text, &self.parameters("body")?, template)?;
        // Whether the limit holds for the text once it is filled in is not written; that it does is assumed.
        let length = text.chars().count() + values.iter().map(|value| value.chars().count()).sum::<usize>();
        if length > 1_024 + 5 * values.len() {
            return Err(Refusal::new(Reason::TemplateTooLong, "body: the text is too long with its parameters"));
        }
        let is_code = template.category == "AUTHENTICATION";
        // The words are seen; the code is assumed.
        match values.iter().position(|value| is_code && value.chars().count() > 15) {
            Some(place) => Err(Refusal::invalid(format!(
                "template parameter at index {place} exceeds the maximum length in the AUTHENTICATION category (15 characters)."
            ))),
            None => Ok(()),
        }
    }

    fn buttons(&self, template: &Template) -> Result<(), Refusal> {
        let mut given = std::collections::BTreeMap::new();
        let is_button = |one: &&Members<'_>| {
            one.text("type").ok().flatten().is_some_and(|kind| kind.eq_ignore_ascii_case("button"))
        };
        for component in self.components.iter().filter(is_button) {
            let index = match component.get("index") {
                Some(Value::String(text)) => text.parse().ok(),
                Some(value) => value.as_u64(),
                None => None,
            };
            let index = index.ok_or_else(|| component.lacks("index"))?;
            let kind = component.text("sub_type")?.ok_or_else(|| component.lacks("sub_type"))?;
            let parameters = component.objects("parameters", 0, 10)?;
            let known = usize::try_from(index).ok().and_then(|index| template.buttons().get(index));
            let fits = known.is_some_and(|button| {
                is_of(button, kind)
                    // A one-time password is sent as a link.
                    || (is_of(button, "OTP") && kind.eq_ignore_ascii_case("url"))
            });
            if !fits {
                let text = format!("buttons: Components sub_type invalid at index: {index} and type: {kind}");
                return Err(Refusal::new(Reason::ParameterFormat, text));
            }
            let member = match &*kind.to_ascii_lowercase() {
                "url" => Some("text"),
                "copy_code" => Some("coupon_code"),
                "quick_reply" => Some("payload"),
                _ => None,
            };
            for parameter in &parameters {
                if let Some(member) = member {
                    parameter.required(member, 2_000)?;
                }
            }
            given.insert(index, parameters.len());
        }
        for (index, button) in (0_u64..).zip(template.buttons()) {
            let has_variable = button["url"].as_str().is_some_and(|url| !variables(url).is_empty());
            let needs = is_of(button, "COPY_CODE") || is_of(button, "OTP") || has_variable;
            if needs && given.get(&index).is_none_or(|count| *count == 0) {
                let kind = button["type"].as_str().unwrap_or_default();
                // Seen.
                let text = format!("buttons: Button at index {index} of type {} requires a parameter", capital(kind));
                return Err(Refusal::new(Reason::MissingMember, text));
            }
        }
        Ok(())
    }

    /// Meta's page on carousels: as many cards as the template has.
    fn cards(&self, template: &Template) -> Result<(), Refusal> {
        let wanted = template.component("CAROUSEL").and_then(|one| one["cards"].as_array()).map_or(0, Vec::len);
        let given = match self.component("carousel") {
            Some(component) => component.objects("cards", 0, 10)?.len(),
            None => 0,
        };
        match wanted == given {
            true => Ok(()),
            false => Err(count("carousel", given, wanted)),
        }
    }
}

/// The values of the variables of a text.
fn texts<'a>(
    place: &str,
    text: &str,
    parameters: &[Members<'a>],
    template: &Template,
) -> Result<Vec<&'a str>, Refusal> {
    let names = variables(text);
    if names.len() != parameters.len() {
        return Err(count(place, parameters.len(), names.len()));
    }
    let is_named = template.parameter_format.eq_ignore_ascii_case("NAMED");
    let mut values = Vec::new();
    for parameter in parameters {
        let kind = parameter.word("type", &["text", "currency", "date_time"])?;
        let value = match kind {
            // Seen.
            "text" => parameter
                .text("text")?
                .ok_or_else(|| Refusal::invalid("Parameter 'text' is mandatory for component parameter type 'text'"))?,
            _ => parameter.required_object(kind)?.required("fallback_value", 1_024)?,
        };
        match parameter.text("parameter_name")? {
            // Seen on a template whose parameters have no names.
            Some(_) if !is_named => {
                let text = format!("{place}: parameter_name is not expected by a positional template");
                return Err(Refusal::new(Reason::ParameterFormat, text));
            }
            Some(name) if !names.contains(&name) => {
                let text = format!("{place}: the template has no parameter named {name}");
                return Err(Refusal::new(Reason::ParameterFormat, text));
            }
            // Assumed.
            None if is_named => return Err(Refusal::invalid("Parameter name is missing or empty")),
            _ => {}
        }
        values.push(value);
    }
    Ok(values)
}

/// The words are seen.
fn count(place: &str, given: usize, wanted: usize) -> Refusal {
    let text = format!(
        "{place}: number of localizable_params ({given}) does not match the expected number of params ({wanted})"
    );
    Refusal::new(Reason::ParameterCount, text)
}

fn capital(word: &str) -> String {
    let word = word.to_ascii_lowercase();
    word.get(..1).map_or_else(String::new, |first| first.to_ascii_uppercase() + &word[1..])
}
