//! What the public types promise: they cross threads, errors are small, mixing up kinds does not compile.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use wa_core::{
    Advice, Answer, ApiError, AttemptKind, Body, BuildError, Client, Config, DecodeError, Error, ErrorBody, FromFn,
    Operation, Outcome, Pager, Replay, Retry, Success, TransportError, TransportErrorKind, Usage,
    api::{
        account::ListNumbers,
        message::AnyContent,
        number::{Profile, Register},
    },
    blocking,
    types::{
        AccessToken, AccountBudget, ApiVersion, BusinessProfile, E164, ErrorCode, GraphError, Language, MessageReceipt,
        NumberSettings, Page, PhoneNumber, PhoneNumberId, Pin, Recipient, Region, VerificationCode, WabaId,
    },
    webhook::{
        Change, Claim, Event, EventKey, Handshake, InboxError, Lease, MemoryInbox, Receiver, Refusal, ServiceWindows,
        Unverified, Verified, Verifier,
    },
};

// Every call crosses threads, or `wa_core::samples::Samples` could not take it.
macro_rules! cross_threads {
    ($($type:ty),+ $(,)?) => {
        const _: () = {
            const fn crosses<T: Send + Sync + 'static>() {}
            $(crosses::<$type>();)+
        };
    };
}

cross_threads![
    AccountBudget,
    Advice,
    Answer<PhoneNumber>,
    AnyContent,
    ApiError,
    AttemptKind,
    Body,
    BuildError,
    Client<()>,
    Config,
    DecodeError,
    Error,
    ErrorBody,
    FromFn<()>,
    Operation,
    Outcome,
    Pager<ListNumbers<'static>>,
    Replay,
    Retry,
    Claim,
    InboxError,
    Lease,
    MemoryInbox,
    Receiver,
    Refusal,
    ServiceWindows,
    Success,
    TransportError,
    TransportErrorKind,
    Usage,
    blocking::Client<()>,
    Profile,
    AccessToken,
    ApiVersion,
    BusinessProfile,
    E164,
    ErrorCode,
    GraphError,
    Language,
    MessageReceipt,
    NumberSettings,
    Page<PhoneNumber>,
    PhoneNumber,
    PhoneNumberId,
    Pin,
    Recipient,
    Region,
    VerificationCode,
    WabaId,
    Change,
    Event<'static>,
    EventKey,
    Handshake,
    Unverified<'static>,
    Verified<'static>,
    Verifier,
];

#[test]
fn an_error_is_small() {
    assert!(size_of::<Error>() <= 56, "{}", size_of::<Error>());
}

#[test]
fn an_error_prints_its_cause_or_returns_it_but_not_both() {
    use std::error::Error as _;
    let operation = Operation::new::<Register<'_>>();
    let reason = TransportError::with_source(TransportErrorKind::Connect, "os error 111");
    let error = Error::transport(operation, reason);
    assert_eq!(error.to_string(), "number.register: no connection to the host");
    assert_eq!(error.source().unwrap().to_string(), "os error 111");

    let body = r#"{"error":{"message":"(#133016) limit","code":133016,"fbtrace_id":"AXsgnV2Cm3ZMGF3dF_cfYIn"}}"#;
    let response = http::Response::builder().status(400).body(body).unwrap();
    let error = wa_core::parse::<Register<'_>>(response).unwrap_err();
    assert_eq!(
        error.to_string(),
        "number.register: code 133016, registration limit reached, trace id AXsgnV2Cm3ZMGF3dF_cfYIn, HTTP 400"
    );
    assert!(error.source().is_none());
}

#[test]
fn kinds_cannot_be_mixed_up() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
