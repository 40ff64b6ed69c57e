use serde::{Deserialize, Serialize};
use wa_types::FlowId;

use super::{
    KIND,
    frame::{Action, Frame, Header, Rules},
};
use crate::{
    BuildError,
    api::message::{
        Content,
        data::Data,
        limit::{length, no_emoji, present},
        words::Words,
    },
};

/// A text with a button that opens a flow.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/flows/guides/sendingaflow)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Flow(Frame<OpenFlow>);

impl Flow {
    /// A body of at most 1,024 characters, the text of at most 30 characters on the button, and the flow.
    #[must_use]
    pub fn new(body: impl Into<String>, button: impl Into<String>, flow: FlowId) -> Self {
        Self(Frame::new(OpenFlow::new(button, Which::Id(flow))).body(body))
    }

    /// As [`new`](Self::new), with the flow's name instead of its id.
    #[must_use]
    pub fn named(body: impl Into<String>, button: impl Into<String>, name: impl Into<String>) -> Self {
        Self(Frame::new(OpenFlow::new(button, Which::Name(name.into().into()))).body(body))
    }

    /// What stands above the body: a text, an image, a video or a document.
    #[must_use]
    pub fn header(self, header: impl Into<Header>) -> Self {
        Self(self.0.header(header))
    }

    /// A text of at most 60 characters below the body.
    #[must_use]
    pub fn footer(self, footer: impl Into<String>) -> Self {
        Self(self.0.footer(footer))
    }

    /// Tells this use of the flow from others. It comes back with what the person filled in.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.0.action.parameters.flow_token = Some(token.into().into());
        self
    }

    /// Opens a flow that is not published yet, to test it.
    #[must_use]
    pub fn draft(mut self) -> Self {
        self.0.action.parameters.mode = Some(Mode::Draft);
        self
    }

    /// Opens this screen first.
    #[must_use]
    pub fn screen(mut self, screen: impl Into<String>) -> Self {
        let parameters = &mut self.0.action.parameters;
        parameters.flow_action = Some(FlowAction::Navigate);
        parameters.payload().screen = Some(screen.into().into());
        self
    }

    /// Gives the first screen this data: a struct or a map with at least one member.
    #[must_use]
    pub fn data(mut self, data: &impl Serialize) -> Self {
        let parameters = &mut self.0.action.parameters;
        parameters.flow_action = Some(FlowAction::Navigate);
        parameters.payload().data = Some(Data::new(data));
        self
    }

    /// Asks the flow's endpoint for the first screen.
    #[must_use]
    pub fn data_exchange(mut self) -> Self {
        let parameters = &mut self.0.action.parameters;
        parameters.flow_action = Some(FlowAction::DataExchange);
        parameters.flow_action_payload = None;
        self
    }
}

impl Content for Flow {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn check(&self) -> Result<(), BuildError> {
        // Meta's page shows texts as headers only, its description allows all.
        self.0.check(&Rules::ALL)?;
        let parameters = &self.0.action.parameters;
        // Meta's description; 20 characters are told by clients.
        length("the text of a flow's button", 1..=30, &parameters.flow_cta)?;
        no_emoji("the text of a flow's button", &parameters.flow_cta)?;
        if let Which::Name(name) = &parameters.flow {
            present("the name of a flow", name)?;
        }
        match (&parameters.flow_action_payload, parameters.flow_action) {
            (Some(_), Some(FlowAction::DataExchange)) => {
                Err(BuildError::new("a flow whose endpoint tells the first screen is given neither screen nor data"))
            }
            (Some(Payload { data: Some(data), .. }), _) => data.check("the data of a flow's screen"),
            _ => Ok(()),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename = "flow")]
struct OpenFlow {
    parameters: Parameters,
}

impl OpenFlow {
    fn new(button: impl Into<String>, flow: Which) -> Self {
        Self {
            parameters: Parameters {
                flow_message_version: Version::V3,
                flow,
                flow_cta: button.into().into(),
                flow_token: None,
                mode: None,
                flow_action: None,
                flow_action_payload: None,
            },
        }
    }
}

impl Action for OpenFlow {
    const TYPE: &'static str = "flow";
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Parameters {
    flow_message_version: Version,
    #[serde(flatten)]
    flow: Which,
    flow_cta: Words,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    flow_token: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mode: Option<Mode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    flow_action: Option<FlowAction>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    flow_action_payload: Option<Payload>,
}

impl Parameters {
    fn payload(&mut self) -> &mut Payload {
        self.flow_action_payload.get_or_insert_default()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Version {
    #[serde(rename = "3")]
    V3,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Which {
    #[serde(rename = "flow_id")]
    Id(FlowId),
    #[serde(rename = "flow_name")]
    Name(Words),
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    Draft,
    Published,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FlowAction {
    Navigate,
    DataExchange,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Payload {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    screen: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    data: Option<Data>,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::api::message::testing::{refusal, sends};

    // Meta's API description v23.0, sendMessage, "Send Draft Flow by Name" and "Send Published Flow by ID".
    #[test]
    fn a_flow_is_written_as_documented() {
        let data = BTreeMap::from([("product_name", "name")]);
        let sample = |which: &str, mode: &str| {
            format!(
                r#"{{"type": "flow", "header": {{"type": "text", "text": "Not shown in draft mode"}},
                    "body": {{"text": "Not shown in draft mode"}}, "footer": {{"text": "Not shown in draft mode"}},
                    "action": {{"name": "flow", "parameters": {{"flow_message_version": "3", {which}
                        "flow_cta": "Not shown in draft mode", "flow_token": "AQAAAAACS5FpgQ_cAAAAAD0QI3s.", {mode}
                        "flow_action": "navigate",
                        "flow_action_payload": {{"screen": "FIRST", "data": {{"product_name": "name"}}}}}}}}}}"#
            )
        };
        let fill = |flow: Flow| {
            let flow = flow.header("Not shown in draft mode").footer("Not shown in draft mode");
            flow.token("AQAAAAACS5FpgQ_cAAAAAD0QI3s.").screen("FIRST").data(&data)
        };
        let text = "Not shown in draft mode";
        sends(
            &fill(Flow::named(text, text, "Sign up").draft()),
            &sample(r#""flow_name": "Sign up","#, r#""mode": "draft","#),
        );
        sends(
            &fill(Flow::new(text, text, FlowId::new("1234567890").unwrap())),
            &sample(r#""flow_id": "1234567890","#, ""),
        );
    }

    // Meta, "Sending a flow": the endpoint of the flow decides what is shown first.
    #[test]
    fn a_flow_may_ask_its_endpoint() {
        sends(
            &Flow::named("Body", "Open", "Sign up").screen("FIRST").data_exchange(),
            r#"{"type": "flow", "body": {"text": "Body"}, "action": {"name": "flow", "parameters": {
                "flow_message_version": "3", "flow_name": "Sign up", "flow_cta": "Open", "flow_action": "data_exchange"}}}"#,
        );
    }

    #[test]
    fn limits_are_checked() {
        let flow = |button: &str| Flow::named("Body", button, "Sign up");
        assert!(refusal(&flow(&"x".repeat(31))).contains("1 to 30"));
        assert!(refusal(&flow("Open 🙂")).contains("no emoji"));
        assert!(refusal(&flow("Open").data(&BTreeMap::<String, String>::new())).contains("at least one member"));
        assert!(refusal(&flow("Open").data(&"text")).contains("JSON object"));
        assert!(refusal(&Flow::named("Body", "Open", "")).contains("the name of a flow"));
    }
}
