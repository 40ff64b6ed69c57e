use http::Method;
use serde::Serialize;
use wa_types::{ApiVersion, MessageReceipt, PhoneNumberId, Recipient};

use super::{Content, Template, send::write_recipient};
use crate::{AttemptKind, Body, BuildError, Endpoint, Route};

/// `POST /{number}/marketing_messages`
///
/// Sends a template of the category marketing, with the delivery that Meta optimises for marketing.
///
/// The service has no key against sending twice, so this is never repeated by this library.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/marketing-messages/send-marketing-messages)
#[derive(Clone, Debug, Serialize)]
pub struct SendMarketing<'a> {
    #[serde(skip)]
    number: &'a PhoneNumberId,
    messaging_product: &'static str,
    recipient_type: &'static str,
    #[serde(flatten, serialize_with = "write_recipient")]
    to: Recipient,
    r#type: &'static str,
    template: Template,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_policy: Option<ProductPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_activity_sharing: Option<bool>,
}

impl<'a> SendMarketing<'a> {
    /// Sends this template from this number.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId, to: impl Into<Recipient>, template: Template) -> Self {
        Self {
            number,
            messaging_product: "whatsapp",
            recipient_type: "individual",
            to: to.into(),
            r#type: "template",
            template,
            product_policy: None,
            message_activity_sharing: None,
        }
    }

    /// Decides what happens where the message cannot be sent in this way.
    #[must_use]
    pub fn product_policy(mut self, policy: ProductPolicy) -> Self {
        self.product_policy = Some(policy);
        self
    }

    /// Decides whether Meta may use what becomes of this message to optimise others, instead of as the account is set.
    #[must_use]
    pub fn message_activity_sharing(mut self, is_shared: bool) -> Self {
        self.message_activity_sharing = Some(is_shared);
        self
    }
}

impl Endpoint for SendMarketing<'_> {
    const NAME: &'static str = "message.send_marketing";
    const METHOD: Method = Method::POST;
    const ATTEMPT: Option<AttemptKind> = Some(AttemptKind::Message);
    type Response = MessageReceipt;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("marketing_messages")
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        if matches!(self.to, Recipient::Group(_)) {
            return Err(BuildError::new("marketing messages go to people only, not to a group"));
        }
        self.template.check()
    }
}

/// What happens to a marketing message that cannot be sent as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum ProductPolicy {
    /// It is sent as any other message.
    CloudApiFallback,
    /// It is not sent.
    Strict,
}

#[cfg(test)]
mod tests {
    use wa_types::{E164, GroupId};

    use super::*;
    use crate::{
        api::message::Parameter,
        testing::{self, Vector},
    };

    const SEND_MARKETING: &str = "POST /{Version}/{Phone-Number-ID}/marketing_messages";

    // Meta's API description v23.0, sendMarketingMessage, "Parameterized Template".
    #[test]
    fn sends_a_marketing_template() {
        let number = testing::number();
        let template = Template::new("promotional_offer", "en")
            .body([Parameter::text("John Doe"), Parameter::currency(25_000, "USD", "$25.00")]);
        let send = SendMarketing::new(&number, E164::new("+16315552222").unwrap(), template)
            .product_policy(ProductPolicy::Strict)
            .message_activity_sharing(false);
        Vector::at(SEND_MARKETING, &send)
            .differs_from_description("the description wants a policy, of which there is one, as no page does", "body /template/language/policy: is missing")
            .builds(
                "POST /v23.0/106540352242922/marketing_messages",
                concat!(
                    r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+16315552222","#,
                    r#""type":"template","template":{"name":"promotional_offer","language":{"code":"en"},"#,
                    r#""components":[{"type":"body","parameters":[{"type":"text","text":"John Doe"},"#,
                    r#"{"type":"currency","currency":{"fallback_value":"$25.00","code":"USD","amount_1000":25000}}]}]},"#,
                    r#""product_policy":"STRICT","message_activity_sharing":false}"#,
                ),
            );
        let group = GroupId::new("Y2FwaV9ncm91cDox").unwrap();
        Vector::at(SEND_MARKETING, &SendMarketing::new(&number, group, Template::new("t", "en")))
            .refuses("not to a group");
    }

    #[test]
    fn documented_answers_are_read() {
        testing::reads_examples_as::<SendMarketing<'_>>(SEND_MARKETING, |mut example| {
            // Said beside the message's id, which says as much.
            example.as_object_mut().map(|members| members.remove("success"));
            example
        });
    }
}
