//! Templates that are ready to be used, in the shape of Meta's library; the texts are ours.

use serde_json::{Value, json};

use crate::{
    calls::{Answer, Call},
    error_style::Refusal,
};

pub(crate) fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let params = call.params;
    params.only(&["search", "name", "topic", "usecase", "industry", "language", "limit", "after", "before"])?;
    let search = params.text("search")?.unwrap_or_default().to_lowercase();
    let topic = params.text("topic")?;
    let name = params.text("name")?;
    let language = params.text("language")?;
    let fits = |known: &&Ready| {
        (known.name.contains(&*search) || known.body.to_lowercase().contains(&search))
            && name.is_none_or(|name| name == known.name)
            && topic.is_none_or(|topic| topic == known.topic)
            && language.is_none_or(|language| language.starts_with("en"))
    };
    let data: Vec<_> = LIBRARY.iter().filter(fits).map(Ready::show).collect();
    Ok(Answer::new(json!({"data": data})))
}

/// The components of a ready-made template.
pub(super) fn components_of(name: &str) -> Option<Vec<Value>> {
    LIBRARY.iter().find(|known| known.name == name).map(Ready::components)
}

/// A template that can be used as it is.
struct Ready {
    name: &'static str,
    topic: &'static str,
    header: &'static str,
    body: &'static str,
    parameters: &'static [&'static str],
}

impl Ready {
    fn components(&self) -> Vec<Value> {
        let mut body = json!({"type": "BODY", "text": self.body});
        if !self.parameters.is_empty() {
            body["example"] = json!({"body_text": [self.parameters]});
        }
        vec![json!({"type": "HEADER", "format": "TEXT", "text": self.header}), body]
    }

    fn show(&self) -> Value {
        json!({
            "name": self.name, "language": "en_US", "category": "UTILITY", "topic": self.topic, "header": self.header,
            "body": self.body, "body_params": self.parameters, "id": self.name,
        })
    }
}

const LIBRARY: &[Ready] = &[
    Ready {
        name: "delivery_update_1",
        topic: "ORDER_MANAGEMENT",
        header: "Your order is on its way",
        body: "Good news {{1}}: your order {{2}} has left our shop and will be with you soon.",
        parameters: &["Pablo", "17"],
    },
    Ready {
        name: "payment_received_1",
        topic: "PAYMENTS",
        header: "We have your payment",
        body: "Thank you {{1}}: your payment of {{2}} has come in, and a receipt follows by mail.",
        parameters: &["Pablo", "$12.50"],
    },
];
