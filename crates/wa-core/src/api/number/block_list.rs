//! People who can no longer write to a number.

use http::Method;
use serde::Serialize;
use wa_types::{ApiVersion, Page, PhoneNumberId, Recipient, ScopedUserId, WhatsAppId, model};

#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{Body, BuildError, Cursor, Endpoint, Paged, Query, Route};

/// `POST /{number}/block_users`
///
/// Blocks people who have written to the number within 24 hours.
///
/// If only some could be blocked, the call fails with code 139100, and
/// [`Error::read::<BlockListChanged>()`](crate::Error::read) tells who was and who was not.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/block-users)
#[derive(Clone, Debug, Serialize)]
pub struct Block<'a> {
    #[serde(skip)]
    number: &'a PhoneNumberId,
    messaging_product: &'static str,
    block_users: Vec<Member>,
}

impl<'a> Block<'a> {
    /// Blocks these people.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId, people: impl IntoIterator<Item = Recipient>) -> Self {
        Self { number, messaging_product: "whatsapp", block_users: members(people) }
    }
}

impl Endpoint for Block<'_> {
    const NAME: &'static str = "number.block";
    const METHOD: Method = Method::POST;
    type Response = BlockListChanged;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge(EDGE)
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        check(&self.block_users)
    }
}

/// `DELETE /{number}/block_users`
///
/// Unblocks people.
///
/// If only some could be unblocked, the call fails as [`Block`] does.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/block-users)
#[derive(Clone, Debug, Serialize)]
pub struct Unblock<'a> {
    #[serde(skip)]
    number: &'a PhoneNumberId,
    messaging_product: &'static str,
    block_users: Vec<Member>,
}

impl<'a> Unblock<'a> {
    /// Unblocks these people.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId, people: impl IntoIterator<Item = Recipient>) -> Self {
        Self { number, messaging_product: "whatsapp", block_users: members(people) }
    }
}

impl Endpoint for Unblock<'_> {
    const NAME: &'static str = "number.unblock";
    const METHOD: Method = Method::DELETE;
    type Response = BlockListChanged;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge(EDGE)
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        check(&self.block_users)
    }
}

model! {
    /// What became of a list of people: the answer, and what an error of the same calls holds beside its code.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct BlockListChanged {
        /// Always `whatsapp`.
        pub messaging_product: Option<String>,
        /// The people.
        pub block_users: BlockedAndFailed = required,
    }
}

model! {
    /// Who is on the list now, who no longer is, and for whom it failed.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct BlockedAndFailed {
        /// Those who were blocked. Meta's page has them here in the answer to unblocking, too.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub added_users: Vec<BlockListEntry>,
        /// Those who were unblocked.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub removed_users: Vec<BlockListEntry>,
        /// Those for whom it failed.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub failed_users: Vec<BlockListEntry>,
    }
}

model! {
    /// A person as the request named them, and the WhatsApp user behind that.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct BlockListEntry {
        /// As the request named them.
        pub input: Option<String>,
        /// The WhatsApp user.
        pub wa_id: Option<WhatsAppId>,
        /// The user's business-scoped id.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub user_id: Option<ScopedUserId>,
    }
}

/// `GET /{number}/block_users`
///
/// Lists the people who are blocked.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/block-users)
#[derive(Clone, Debug)]
pub struct ListBlocked<'a> {
    number: &'a PhoneNumberId,
    cursor: Cursor,
}

impl<'a> ListBlocked<'a> {
    /// Lists those whom this number has blocked.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId) -> Self {
        Self { number, cursor: Cursor::default() }
    }
}

impl Endpoint for ListBlocked<'_> {
    const NAME: &'static str = "number.list_blocked";
    const METHOD: Method = Method::GET;
    type Response = Page<BlockedUser>;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge(EDGE)
    }

    fn query(&self, query: &mut Query) {
        self.cursor.write(query);
    }
}

impl Paged for ListBlocked<'_> {
    type Item = BlockedUser;

    fn cursor(&mut self) -> &mut Cursor {
        &mut self.cursor
    }
}

model! {
    /// A person who is blocked.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct BlockedUser {
        /// Always `whatsapp`.
        pub messaging_product: Option<String>,
        /// The WhatsApp user.
        pub wa_id: Option<WhatsAppId>,
        /// The user's business-scoped id.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub user_id: Option<ScopedUserId>,
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let number = &samples::number()?;
    let person = Recipient::from(WhatsAppId::new("16505551234")?);
    to.call(Block::new(number, [person.clone()]));
    to.call(Unblock::new(number, [person]));
    to.call(ListBlocked::new(number));
    Ok(())
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Member {
    User(String),
    UserId(String),
    /// What cannot be blocked.
    #[serde(skip)]
    Group,
}

fn members(people: impl IntoIterator<Item = Recipient>) -> Vec<Member> {
    people
        .into_iter()
        .map(|person| match person {
            Recipient::Group(_) => Member::Group,
            Recipient::ScopedUser(user) => Member::UserId(user.as_str().to_owned()),
            person => Member::User(person.as_str().to_owned()),
        })
        .collect()
}

fn check(people: &[Member]) -> Result<(), BuildError> {
    if people.is_empty() {
        return Err(BuildError::new("name at least one person"));
    }
    if people.iter().any(|person| matches!(person, Member::Group)) {
        return Err(BuildError::new("people can be blocked, but no group: leave it"));
    }
    Ok(())
}

const EDGE: &str = "block_users";

#[cfg(test)]
mod tests {
    use http::Response;
    use wa_types::{E164, GroupId};

    use super::*;
    use crate::{
        parse,
        testing::{self, Vector},
    };

    const BLOCK: &str = "POST /{Version}/{Phone-Number-ID}/block_users";
    const UNBLOCK: &str = "DELETE /{Version}/{Phone-Number-ID}/block_users";
    const LIST: &str = "GET /{Version}/{Phone-Number-ID}/block_users";

    fn person() -> Recipient {
        E164::new("+16505551234").unwrap().into()
    }

    // Meta's API description v23.0, blockUserS and unblockUserS.
    #[test]
    fn blocks_and_unblocks() {
        let number = testing::number();
        let body = r#"{"messaging_product":"whatsapp","block_users":[{"user":"+16505551234"}]}"#;
        Vector::at(BLOCK, &Block::new(&number, [person()])).builds("POST /v23.0/106540352242922/block_users", body);
        Vector::at(UNBLOCK, &Unblock::new(&number, [person()]))
            .builds("DELETE /v23.0/106540352242922/block_users", body);
        testing::reads_examples::<Block<'_>>(BLOCK);
        testing::reads_examples::<Unblock<'_>>(UNBLOCK);
    }

    // Meta, "Business-scoped user IDs", blocking.
    #[test]
    fn blocks_by_a_business_scoped_id() {
        let number = testing::number();
        let person = Recipient::from(ScopedUserId::new("US.13491208655302741918").unwrap());
        Vector::at(BLOCK, &Block::new(&number, [person]))
            .differs_from_description(
                "business-scoped ids are newer than the description",
                "body /block_users/0/user_id: is not described",
            )
            .builds(
                "POST /v23.0/106540352242922/block_users",
                r#"{"messaging_product":"whatsapp","block_users":[{"user_id":"US.13491208655302741918"}]}"#,
            );
    }

    #[test]
    fn nobody_and_groups_are_refused() {
        let number = testing::number();
        Vector::at(BLOCK, &Block::new(&number, [])).refuses("at least one person");
        let group = Recipient::from(GroupId::new("Y2FwaV9ncm91cDox").unwrap());
        Vector::at(UNBLOCK, &Unblock::new(&number, [person(), group])).refuses("no group");
    }

    // Meta, "Block users": some are blocked, others fail.
    #[test]
    fn an_error_tells_who_was_blocked_all_the_same() {
        let body = r#"{"messaging_product":"whatsapp","block_users":{"added_users":[{"input":"+16505551234","wa_id":"16505551234"}],
            "failed_users":[{"input":"+16505551235","errors":[{"code":139101}]}]},
            "error":{"message":"(#139100) Failed to block/unblock users","type":"OAuthException","code":139100}}"#;
        let error = parse::<Block<'_>>(Response::builder().status(400).body(body).unwrap()).unwrap_err();
        let told: BlockListChanged = error.read().unwrap();
        assert_eq!(error.code().map(|code| code.number()), Some(139_100));
        assert_eq!(told.block_users.added_users[0].wa_id.as_ref().unwrap().as_str(), "16505551234");
        assert_eq!(told.block_users.failed_users[0].input.as_deref(), Some("+16505551235"));
    }

    // Meta's API description v23.0, getBlockedUsers.
    #[test]
    fn lists_those_who_are_blocked() {
        let number = testing::number();
        Vector::at(LIST, &ListBlocked::new(&number)).builds("GET /v23.0/106540352242922/block_users", "");
        testing::reads_examples::<ListBlocked<'_>>(LIST);
    }
}
