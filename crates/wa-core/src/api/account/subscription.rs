//! Which apps get an account's webhooks. A forgotten subscription is the commonest reason that nothing arrives.

use http::Method;
use serde::Serialize;
use wa_types::{AppId, Confirmed, Page, VerifyToken, WabaId, model};

#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{Body, BuildError, Cursor, Endpoint, Paged, Query, Route, Success, api::endpoint};

/// `POST /{account}/subscribed_apps`
///
/// Sends an account's webhooks to the app that the token belongs to.
///
/// A callback of one's own is taken only once the app is subscribed, so that needs two calls. Subscribing again
/// without one takes it away: read the subscriptions first.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/override)
#[derive(Clone, Debug)]
pub struct Subscribe<'a> {
    account: &'a WabaId,
    callback: Option<(String, VerifyToken)>,
}

impl<'a> Subscribe<'a> {
    /// Subscribes to this account.
    #[must_use]
    pub fn new(account: &'a WabaId) -> Self {
        Self { account, callback: None }
    }

    /// Sends this account's webhooks to this address instead of the app's. The service calls it with the token first.
    #[must_use]
    pub fn callback(mut self, address: impl Into<String>, verify_token: VerifyToken) -> Self {
        self.callback = Some((address.into(), verify_token));
        self
    }
}

impl Endpoint for Subscribe<'_> {
    const NAME: &'static str = "account.subscribe";
    const METHOD: Method = Method::POST;
    type Response = Subscribed;

    fn route(&self) -> Route<'_> {
        Route::node(self.account).edge("subscribed_apps")
    }

    fn body(&self) -> Result<Body, BuildError> {
        #[derive(Serialize)]
        struct Request<'a> {
            override_callback_uri: &'a str,
            verify_token: &'a str,
        }

        match &self.callback {
            Some((address, token)) => {
                Body::json(&Request { override_callback_uri: address, verify_token: token.expose() })
            }
            None => Ok(Body::empty()),
        }
    }
}

model! {
    /// The answer to a subscription.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Subscribed {
        /// Always true: a `false` from the service becomes an error.
        pub success: Confirmed = required,
        /// The subscriptions in force, where the service tells them.
        pub data: Vec<SubscribedApp>,
    }
}

/// `GET /{account}/subscribed_apps`
///
/// Lists the apps that get an account's webhooks.
///
/// Look for your own app: Meta's may be among them.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/manage-webhooks)
#[derive(Clone, Debug)]
pub struct ListSubscriptions<'a> {
    account: &'a WabaId,
    cursor: Cursor,
}

impl<'a> ListSubscriptions<'a> {
    /// Lists the apps of this account.
    #[must_use]
    pub fn new(account: &'a WabaId) -> Self {
        Self { account, cursor: Cursor::default() }
    }
}

impl Endpoint for ListSubscriptions<'_> {
    const NAME: &'static str = "account.list_subscriptions";
    const METHOD: Method = Method::GET;
    type Response = Page<SubscribedApp>;

    fn route(&self) -> Route<'_> {
        Route::node(self.account).edge("subscribed_apps")
    }

    fn query(&self, query: &mut Query) {
        self.cursor.write(query);
    }
}

impl Paged for ListSubscriptions<'_> {
    type Item = SubscribedApp;

    fn cursor(&mut self) -> &mut Cursor {
        &mut self.cursor
    }
}

model! {
    /// An app that gets an account's webhooks.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct SubscribedApp {
        /// The app.
        pub app: App = required "whatsapp_business_api_data",
        /// Where this account's webhooks go, if not to the app's own address.
        pub override_callback_uri: Option<String>,
    }
}

model! {
    /// An app, as subscriptions name it.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct App {
        /// Its id.
        pub id: AppId = required,
        /// Its name.
        pub name: Option<String>,
        /// Where it can be found.
        pub link: Option<String>,
        /// Its category.
        pub category: Option<String>,
    }
}

endpoint! {
    /// `DELETE /{account}/subscribed_apps`
    ///
    /// Sends no more webhooks of an account to the app that the token belongs to.
    ///
    /// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/manage-webhooks)
    pub struct Unsubscribe(account: WabaId) = "account.unsubscribe";
    DELETE / account / "subscribed_apps" -> Success
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let account = &samples::account()?;
    to.call(Subscribe::new(account));
    to.call(Subscribe::new(account).callback("https://example.com/hook", samples::verify_token()?));
    to.call(ListSubscriptions::new(account));
    to.call(Unsubscribe::new(account));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Pager,
        testing::{self, Vector},
    };

    const SUBSCRIBE: &str = "POST /{Version}/{WABA-ID}/subscribed_apps";
    const LIST: &str = "GET /{Version}/{WABA-ID}/subscribed_apps";
    const UNSUBSCRIBE: &str = "DELETE /{Version}/{WABA-ID}/subscribed_apps";

    // Meta, "Subscribe to a WhatsApp Business Account": a POST without a body; the description's example has an empty one.
    #[test]
    fn subscribes() {
        let account = testing::account();
        Vector::at(SUBSCRIBE, &Subscribe::new(&account)).builds("POST /v23.0/102290129340398/subscribed_apps", "");
        let token = VerifyToken::new("YOUR_VERIFY_TOKEN_PLACEHOLDER").unwrap();
        Vector::at(SUBSCRIBE, &Subscribe::new(&account).callback("https://your-webhook-endpoint.com/webhook", token)).builds(
            "POST /v23.0/102290129340398/subscribed_apps",
            r#"{"override_callback_uri":"https://your-webhook-endpoint.com/webhook","verify_token":"YOUR_VERIFY_TOKEN_PLACEHOLDER"}"#,
        );
    }

    // Meta's API description v23.0, getAllSubscriptionsForAWaba.
    #[test]
    fn lists() {
        let account = testing::account();
        Vector::at(LIST, &ListSubscriptions::new(&account)).builds("GET /v23.0/102290129340398/subscribed_apps", "");
    }

    // Meta's API description v23.0, unsubscribeFromWabaWebhooks.
    #[test]
    fn unsubscribes() {
        let account = testing::account();
        Vector::at(UNSUBSCRIBE, &Unsubscribe::new(&account))
            .builds("DELETE /v23.0/102290129340398/subscribed_apps", "");
        testing::reads_examples::<Unsubscribe<'_>>(UNSUBSCRIBE);
    }

    #[test]
    fn a_list_goes_on_behind_its_cursor() {
        let account = testing::account();
        let mut pager = Pager::new(ListSubscriptions::new(&account));
        let page = testing::read::<ListSubscriptions<'_>>(
            r#"{"data":[],"paging":{"cursors":{"before":"a","after":"Q="},"next":"https://graph.facebook.com/x"}}"#,
        );
        pager.take(&Ok(page));
        let request = testing::config().request(pager.call().unwrap().unwrap()).unwrap();
        assert_eq!(request.uri().path_and_query().unwrap(), "/v23.0/102290129340398/subscribed_apps?after=Q%3D");
    }

    #[test]
    fn a_member_of_the_wrong_type_costs_no_app() {
        let page = testing::read::<ListSubscriptions<'_>>(
            r#"{"data":[{"whatsapp_business_api_data":{"id":670843887433847,"name":7,"link":{}},"override_callback_uri":[]}]}"#,
        );
        let [subscribed] = &page.data[..] else { panic!("{page:?}") };
        assert_eq!((subscribed.app.id.as_str(), subscribed.app.name.as_deref()), ("670843887433847", Some("7")));
        assert_eq!((&subscribed.app.link, &subscribed.override_callback_uri), (&None, &None));
        let answer = testing::read::<Subscribe<'_>>(r#"{"success":true,"data":{}}"#);
        assert!(answer.data.is_empty());
    }

    #[test]
    fn documented_answers_are_read() {
        testing::reads_examples::<Subscribe<'_>>(SUBSCRIBE);
        testing::reads_examples::<ListSubscriptions<'_>>(LIST);
    }
}
