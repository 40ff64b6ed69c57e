use http::Response;
use serde_json::json;
use wa_core::{
    AttemptKind, BuildError, Timestamp, TransportError, TransportErrorKind,
    types::{ApiVersion, AppId, PhoneNumber, PhoneNumberId, Pin, Platform, WabaId},
};

use super::*;
use crate::{
    Decision, Goal, Onboarding, Subscribed, Subscription, Unconfirmed, calls,
    ledger::{AttemptState, Entry, Limit, Moment},
    plan::plan,
};

const NOW: Timestamp = Timestamp::from_millis(1_750_000_000_000);

/// A run in the middle: what it knows, and what its ledger knows.
struct State {
    history: History,
    seen: Observed,
    attempts: Attempts,
}

impl State {
    fn new(platform: Platform) -> Self {
        let mut number = PhoneNumber::new(PhoneNumberId::new("106540352242922").unwrap());
        number.platform_type = Some(platform);
        let mut seen = Observed::new(ApiVersion::DEFAULT);
        seen.number = Some(number);
        Self { history: History::default(), seen, attempts: Attempts::new(Limit::default(), NOW.into()) }
    }

    /// What is learned of an error, in a few words.
    fn learn(&mut self, step: Step, error: &Error) -> String {
        let backoff = learn(&mut self.history, &mut self.seen, &self.attempts, step, error);
        match (backoff, &self.history.ending) {
            (Some(backoff), None) => {
                let kind = if backoff.is_retry { "retry" } else { "wait" };
                format!("{kind} {} {}", backoff.length.as_secs(), name(&backoff.reason))
            }
            (None, Some(Ending::Blocked(blocker))) => format!("blocked {}", name(&blocker.reason)),
            (None, None) => "go on".to_owned(),
            other => panic!("{:?}", other.1),
        }
    }
}

fn name(reason: &Reason) -> String {
    match reason {
        Reason::Busy(step, _) => format!("Busy({step:?})"),
        Reason::Faulty(step, _) => format!("Faulty({step:?})"),
        Reason::Refused(step, _) => format!("Refused({step:?})"),
        other => format!("{other:?}"),
    }
}

fn nowhere() -> State {
    State::new(Platform::NotApplicable)
}

fn answer(step: Step, status: u16, body: impl Into<Vec<u8>>) -> Error {
    let pin = Pin::new("012345").unwrap();
    let goal = Goal::from(Onboarding::new(PhoneNumberId::new("106540352242922").unwrap(), pin));
    let response = Response::builder().status(status).body(body.into()).unwrap();
    calls::read(&goal, &mut Observed::new(ApiVersion::DEFAULT), step, Ok(response)).unwrap_err()
}

fn refusal(step: Step, code: i64, subcode: Option<i64>) -> Error {
    let error = json!({"error": {"message": "..", "code": code, "error_subcode": subcode}});
    answer(step, 400, error.to_string())
}

fn cut(step: Step, kind: TransportErrorKind) -> Error {
    Error::transport(calls::operation(step), TransportError::new(kind))
}

#[test]
fn what_may_have_happened_is_left_to_show_before_anything_else() {
    for step in Step::ALL.iter().copied().filter(|step| !step.is_read()) {
        for error in [cut(step, TransportErrorKind::Timeout), answer(step, 502, "<html>")] {
            let mut state = nowhere();
            state.history.has_code = true;
            assert_eq!(state.learn(step, &error), format!("wait 30 Settling({step:?})"));
            assert_eq!((state.history.unanswered, state.history.has_code), (Some(step), false));
            assert_eq!(state.seen, Observed::new(ApiVersion::DEFAULT), "it is read anew");
        }
    }
}

#[test]
fn what_cannot_be_reached_is_tried_six_times_at_growing_intervals() {
    let not_sent = |step| cut(step, TransportErrorKind::Connect);
    let timeout = |step| cut(step, TransportErrorKind::Timeout);
    let nonsense = |step| answer(step, 502, "<html>");
    type Failure = (Step, fn(Step) -> Error, &'static str);
    let failures: [Failure; 4] = [
        (Step::Register, not_sent, "Unreachable(Register)"),
        (Step::ReadNumber, not_sent, "Unreachable(ReadNumber)"),
        (Step::ReadNumber, timeout, "Unreachable(ReadNumber)"),
        (Step::ReadNumber, nonsense, "Faulty(ReadNumber)"),
    ];
    for (step, error, reason) in failures {
        let mut state = nowhere();
        for seconds in [2, 4, 8, 16, 32] {
            assert_eq!(state.learn(step, &error(step)), format!("retry {seconds} {reason}"));
            assert_eq!(state.history.unanswered, None);
            assert!(state.seen.number.is_some());
        }
        assert_eq!(state.learn(step, &error(step)), format!("blocked {reason}"));
    }
    // A call that may have happened each time is given up, too.
    let mut state = nowhere();
    state.history.failed.insert(Step::Subscribe, 5);
    assert_eq!(state.learn(Step::Subscribe, &nonsense(Step::Subscribe)), "blocked Faulty(Subscribe)");
}

#[test]
fn only_what_may_have_left_without_an_answer_counts_as_made() {
    let goal = Goal::from(Subscription::new(WabaId::new("1").unwrap(), AppId::new("2").unwrap()));
    let unsent = || cut(Step::Subscribe, TransportErrorKind::Connect);
    let refused = || refusal(Step::Subscribe, 131_057, None);
    let lost = || cut(Step::Subscribe, TransportErrorKind::Timeout);
    for (errors, is_given_up) in [
        (vec![lost()], false),
        (vec![lost(), lost()], true),
        (vec![unsent(), lost()], false),
        (vec![unsent(), unsent(), unsent(), lost()], false),
        (vec![lost(), unsent(), lost()], true),
        (vec![refused(), lost()], false),
        (vec![refused(), unsent(), lost()], false),
    ] {
        let mut state = nowhere();
        for error in &errors {
            state.learn(Step::Subscribe, error);
            state.seen.subscription = Some(Subscribed::No);
        }
        let decision = plan(&goal, &state.seen, &state.history, &state.attempts);
        let expected = match is_given_up {
            true => Decision::End(Ending::Unconfirmed(Unconfirmed::unanswered(Step::Subscribe))),
            false => Decision::Call(Step::Subscribe),
        };
        assert_eq!(decision, expected, "{errors:?}");
    }
}

#[test]
fn a_call_settles_what_had_no_answer_and_a_failed_reading_does_not() {
    for (step, expected) in [(Step::ReadNumber, Some(Step::Register)), (Step::SetStorage, None)] {
        let mut state = nowhere();
        state.history.unanswered = Some(Step::Register);
        state.learn(step, &refusal(step, 190, None));
        assert_eq!(state.history.unanswered, expected);
    }
}

#[test]
fn what_was_confirmed_before_is_not_believed_after_a_failure() {
    let all = [Step::Register, Step::Migrate, Step::Deregister, Step::SetPin, Step::SetStorage];
    for (step, left) in [
        (Step::Register, &[Step::SetPin, Step::SetStorage, Step::Register, Step::Migrate][..]),
        (Step::Migrate, &[Step::SetPin, Step::SetStorage, Step::Register, Step::Migrate][..]),
        (Step::Deregister, &[Step::SetPin, Step::SetStorage, Step::Deregister][..]),
        (Step::SetPin, &all[..]),
    ] {
        let mut state = nowhere();
        state.history.confirmed = all.map(|step| (step, Moment::default())).into();
        state.learn(step, &cut(step, TransportErrorKind::Closed));
        let (mut left, confirmed) = (left.to_vec(), state.history.confirmed.into_keys().collect::<Vec<_>>());
        left.sort_unstable();
        assert_eq!(confirmed, left, "{step:?}");
    }
}

#[test]
fn a_call_that_cannot_be_built_ends_the_run() {
    let error = Error::build(calls::operation(Step::Register), BuildError::new("it lacks something"));
    assert_eq!(nowhere().learn(Step::Register, &error), "blocked Invalid(Register)");
}

#[test]
fn each_refusal_has_its_meaning() {
    use Step::{
        Deregister, Greet, Migrate, ReadNumber, Register, RequestCode, SetPin, SetStorage, SyncContacts, SyncHistory,
    };
    for (step, code, subcode, expected) in [
        // Meta's pages on registration; the description has 4 with a subcode for the limit.
        (Register, 133_016, None, "wait 259200 Locked"),
        (Migrate, 133_016, None, "wait 259200 Locked"),
        (Deregister, 4, Some(2_446_079), "wait 259200 Locked"),
        (Register, 133_005, None, "blocked WrongPin"),
        (Register, 133_008, None, "blocked WrongPin"),
        (Register, 133_009, None, "blocked WrongPin"),
        (Migrate, 133_005, None, "blocked OnPremisesDown"),
        (Register, 100, Some(2_388_001), "blocked CertificateRefused"),
        (Migrate, 100, Some(2_388_001), "blocked CertificateRefused"),
        (Register, 100, None, "blocked Refused(Register)"),
        (Register, 133_006, None, "go on"),
        (Register, 133_000, None, "go on"),
        (Register, 133_015, None, "wait 300 JustDeregistered"),
        (Deregister, 133_006, None, "blocked Refused(Deregister)"),
        (SetPin, 133_010, None, "blocked Unregistered"),
        (SetPin, 100, None, "blocked Unregistered"),
        (SetPin, 190, None, "blocked Refused(SetPin)"),
        (Deregister, 133_010, None, "go on"),
        (Deregister, 100, Some(2_207_051), "go on"),
        (Deregister, 100, None, "blocked Refused(Deregister)"),
        (Register, 133_010, None, "blocked Refused(Register)"),
        (RequestCode, 136_024, Some(2_388_366), "go on"),
        (RequestCode, 136_024, Some(2_388_091), "go on"),
        (RequestCode, 136_024, None, "wait 3600 TooManyCodes"),
        (RequestCode, 613, None, "wait 3600 TooManyCodes"),
        (Greet, 131_047, None, "blocked OutsideWindow"),
        (SetStorage, 131_047, None, "blocked Refused(SetStorage)"),
        // Whatever passes by itself is waited for: so long as the page says.
        (SetStorage, 131_057, None, "retry 60 Busy(SetStorage)"),
        (Register, 131_057, None, "retry 60 Busy(Register)"),
        // A message is not sent again, and a synchronisation not requested again.
        (Greet, 131_057, None, "blocked Refused(Greet)"),
        (SyncContacts, 131_057, None, "blocked Refused(SyncContacts)"),
        (SyncHistory, 131_057, None, "blocked Refused(SyncHistory)"),
        (ReadNumber, 190, None, "blocked Refused(ReadNumber)"),
    ] {
        assert_eq!(nowhere().learn(step, &refusal(step, code, subcode)), expected, "{step:?} {code} {subcode:?}");
    }
    let mut up = State::new(Platform::CloudApi);
    assert_eq!(up.learn(SetPin, &refusal(SetPin, 133_010, None)), "blocked Refused(SetPin)");
}

#[test]
fn a_call_is_refused_twice_at_most_if_it_is_counted_and_six_times_if_not() {
    for (code, first) in [
        (133_006, "go on"),
        (133_000, "go on"),
        (133_015, "wait 300 JustDeregistered"),
        (131_057, "retry 60 Busy(Register)"),
    ] {
        let mut state = nowhere();
        assert_eq!(state.learn(Step::Register, &refusal(Step::Register, code, None)), first);
        assert_eq!(state.learn(Step::Register, &refusal(Step::Register, code, None)), "blocked Refused(Register)");
    }
    let mut state = nowhere();
    let busy = refusal(Step::SetStorage, 131_057, None);
    for seconds in [60, 60, 60, 60, 60] {
        assert_eq!(state.learn(Step::SetStorage, &busy), format!("retry {seconds} Busy(SetStorage)"));
    }
    assert_eq!(state.learn(Step::SetStorage, &busy), "blocked Refused(SetStorage)");
}

#[test]
fn the_two_causes_of_a_certificate_that_is_refused_are_told_apart_by_its_words() {
    // Seen in production, to the letter; the first is from Meta's page on display names.
    for (message, expected) in [
        ("The display name of this number is not approved.", "blocked NameNotUsable"),
        (
            "This number is registered to an existing WhatsApp account. To use this number, disconnect it from the existing account.",
            "blocked OnAnotherAccount",
        ),
        ("Cannot create certificate", "blocked CertificateRefused"),
    ] {
        let body =
            json!({"error": {"message": "(#100)", "code": 100, "error_subcode": 2_388_001, "error_user_msg": message}});
        assert_eq!(nowhere().learn(Step::Register, &answer(Step::Register, 400, body.to_string())), expected);
    }
}

#[test]
fn a_demand_for_verification_takes_the_proof_away() {
    let mut state = nowhere();
    state.history.confirmed.insert(Step::VerifyCode, Moment::default());
    state.learn(Step::Register, &refusal(Step::Register, 133_006, None));
    assert!(state.history.confirmed.is_empty());
}

#[test]
fn a_number_that_is_verified_already_needs_no_code_unless_registering_asks_for_one() {
    for subcode in [2_388_366, 2_388_091] {
        let refused = refusal(Step::RequestCode, 136_024, Some(subcode));
        let mut state = nowhere();
        assert_eq!(state.learn(Step::RequestCode, &refused), "go on");
        assert!(state.history.confirmed.contains_key(&Step::VerifyCode));
        for (code, expected) in
            [(ErrorCode::VerificationNeeded, "blocked VerificationRefused"), (ErrorCode::PinMismatch, "go on")]
        {
            let mut entry = Entry::new(1, AttemptKind::Register, NOW.into());
            (entry.state, entry.code) = (AttemptState::Rejected, Some(code));
            let mut state = nowhere();
            state.attempts = Attempts::load(Limit::default(), vec![entry], NOW.into());
            assert_eq!(state.learn(Step::RequestCode, &refused), expected);
        }
    }
}

#[test]
fn a_refusal_to_send_codes_may_mean_that_the_number_is_verified() {
    for (code, is_read_anew) in [(136_024, true), (613, false)] {
        let mut state = nowhere();
        state.learn(Step::RequestCode, &refusal(Step::RequestCode, code, None));
        assert_eq!(state.seen.number.is_none(), is_read_anew);
    }
}

#[test]
fn a_code_that_is_not_accepted_is_asked_for_again() {
    for (code, subcode, is_read_anew, wants_another) in
        [(136_025, None, false, false), (100, None, true, false), (136_025, Some(2_388_093), true, true)]
    {
        let mut state = nowhere();
        state.history.has_code = true;
        assert_eq!(state.learn(Step::VerifyCode, &refusal(Step::VerifyCode, code, subcode)), "go on");
        assert!(!state.history.has_code && state.history.code_was_wrong);
        assert_eq!(state.seen.number.is_none(), is_read_anew, "{code} {subcode:?}");
        assert_eq!(state.history.wants_another_code, wants_another, "{code} {subcode:?}");
    }
    // What passes by itself leaves the code as good as it was.
    let mut state = nowhere();
    state.history.has_code = true;
    assert_eq!(state.learn(Step::VerifyCode, &refusal(Step::VerifyCode, 131_057, None)), "retry 60 Busy(VerifyCode)");
    assert!(state.history.has_code && !state.history.code_was_wrong);
}

#[test]
fn a_number_that_is_not_registered_is_deregistered() {
    for (code, subcode) in [(133_010, None), (100, Some(2_207_051))] {
        let mut state = State::new(Platform::CloudApi);
        state.learn(Step::Deregister, &refusal(Step::Deregister, code, subcode));
        assert!(state.history.confirmed.contains_key(&Step::Deregister) && state.seen.number.is_none());
    }
}

#[test]
fn a_lock_makes_the_number_be_read_anew() {
    let mut state = nowhere();
    state.learn(Step::Register, &refusal(Step::Register, 133_016, None));
    assert!(state.seen.number.is_none());
    // Two are waited out; over a third, somebody else must be spending the attempts.
    let locked = refusal(Step::Register, 133_016, None);
    assert_eq!(state.learn(Step::Register, &locked), "wait 259200 Locked");
    assert_eq!(state.learn(Step::Register, &locked), "blocked Locked");
    // The same code on a call that is not counted is no lock.
    let said = nowhere().learn(Step::SetStorage, &refusal(Step::SetStorage, 133_016, None));
    assert_eq!(said, "retry 2 Busy(SetStorage)");
}

#[test]
fn a_field_that_the_service_does_not_know_is_left_out_and_then_all_that_are_optional() {
    // Seen in production: one unknown field fails the whole read.
    let unknown = |field: &str| {
        let message =
            format!("(#100) Tried accessing nonexisting field ({field}) on node type (WhatsAppBusinessPhoneNumber)");
        answer(Step::ReadNumber, 400, json!({"error": {"message": message, "code": 100}}).to_string())
    };
    let mut state = nowhere();
    assert_eq!(state.learn(Step::ReadNumber, &unknown("is_on_biz_app")), "go on");
    assert_eq!(state.learn(Step::ReadNumber, &unknown("is_pin_enabled")), "go on");
    assert_eq!(state.history.unknown_fields.len(), 2);
    assert!(!state.history.certain_fields_only && state.history.failed.is_empty());
    // One that was left out already.
    assert_eq!(state.learn(Step::ReadNumber, &unknown("is_pin_enabled")), "go on");
    assert!(state.history.certain_fields_only);
    assert_eq!(state.learn(Step::ReadNumber, &unknown("is_pin_enabled")), "blocked Refused(ReadNumber)");

    let mut state = nowhere();
    assert_eq!(state.learn(Step::ReadNumber, &unknown("status")), "go on");
    assert!(state.history.certain_fields_only && state.history.unknown_fields.is_empty());
    assert_eq!(state.learn(Step::ReadNumber, &unknown("status")), "blocked Refused(ReadNumber)");
}
