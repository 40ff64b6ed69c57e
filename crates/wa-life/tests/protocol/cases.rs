//! Every goal, each from a state in which as many of its steps as possible are needed.

use wa_core::{
    api::number::Storage,
    types::{AppId, BackupData, BackupPassword, E164, Pin, Region, VerifyToken, WabaId},
};
use wa_life::{
    Addition, Goal, Greeting, Migration, Onboarding, PinRotation, Relocation, Renaming, Retirement, Step, Subscription,
};
use wa_sim::{NameReview, Number, OnPremises, State, Time};

use crate::service::number;

/// A goal, where it begins, and what may happen on the way to it.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) goal: fn() -> Goal,
    prepare: fn(&mut State),
    /// How often each call may take effect if one operation is interrupted. What is not listed never may.
    pub(crate) effects: &'static [(&'static str, usize)],
    /// How many counted requests the service may refuse.
    pub(crate) refused: usize,
    /// Nothing shows whether these took effect: the run may end unconfirmed if such a request was handed to the transport.
    pub(crate) unreadable: &'static [(Step, &'static str)],
    /// What may block the run although one operation was interrupted only, since no reading tells what became of it.
    pub(crate) blocked: &'static [&'static str],
    /// Whether the goal is reached in truth.
    pub(crate) is_reached: fn(&State) -> bool,
}

impl Case {
    pub(crate) fn state(&self) -> State {
        let mut state = State::demo(1);
        state.rules.call_budget = false;
        state.rules.journal_length = usize::MAX;
        // A server would really take that long.
        state.rules.migration_takes = 0;
        state.rules.name_review = NameReview::After { millis: 1_200_000 };
        (self.prepare)(&mut state);
        state
    }
}

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "onboard a new number",
        goal: || {
            Onboarding::new(number(), pin())
                .storage(Storage::Local(Region::CH))
                .subscribe(Subscription::new(account(), app()).override_callback(CALLBACK, verify_token()))
                .greet(person(), Greeting::template("hello_world", "en_US"))
                .into()
        },
        prepare: |_| {},
        effects: &[
            ("request_code", 1),
            ("verify_code", 1),
            ("set_storage", 2),
            ("register", 1),
            ("subscribe", 1),
            ("override", 1),
            ("message", 1),
        ],
        refused: 0,
        unreadable: &[(Step::Greet, "message")],
        blocked: &[],
        is_reached: |state| {
            let number = the_number(state);
            let is_stored = number.storage == wa_sim::Storage::Local("CH".to_owned());
            number.is_registered() && is_stored && address(state) == Some(Some(CALLBACK))
        },
    },
    Case {
        name: "onboard after a deregistration that stopped halfway",
        goal: || Onboarding::new(number(), pin()).into(),
        prepare: |state| {
            verified(number_of(state));
            number_of(state).half_deregistered = true;
        },
        effects: &[("register", 1), ("deregister", 1)],
        // Only registering tells that it did: the answer to that may be lost once.
        refused: 2,
        unreadable: &[],
        // Such a number reads the same before and after. If the answer to deregistering is lost, registering is tried and
        // refused a second time, and the person is asked to look.
        blocked: &["registering the number was refused: half-finished deregistration"],
        is_reached: |state| the_number(state).is_registered(),
    },
    Case {
        name: "onboard a number of the WhatsApp Business app",
        goal: || {
            Onboarding::new(number(), pin())
                .subscribe(Subscription::new(account(), app()))
                .greet(person(), Greeting::template("hello_world", "en_US"))
                .into()
        },
        prepare: |state| {
            registered(number_of(state));
            number_of(state).on_business_app = true;
        },
        effects: &[("subscribe", 1), ("sync_contacts", 1), ("sync_history", 1), ("message", 1)],
        refused: 0,
        unreadable: &[
            (Step::SyncContacts, "sync_contacts"),
            (Step::SyncHistory, "sync_history"),
            (Step::Greet, "message"),
        ],
        blocked: &[],
        is_reached: |state| {
            let app = &the_number(state).business_app;
            app.contacts_are_synced && app.history_is_synced && address(state).is_some()
        },
    },
    Case {
        name: "migrate",
        goal: || {
            let (password, data) = (BackupPassword::new("password").unwrap(), BackupData::new("data").unwrap());
            Migration::new(number(), pin(), password, data).into()
        },
        prepare: |state| {
            let number = number_of(state);
            verified(number);
            number.pin.value = Some(PIN.to_owned());
            let mut side = OnPremises::default();
            side.is_running = true;
            number.on_premises = Some(side);
        },
        effects: &[("migrate", 1)],
        refused: 0,
        unreadable: &[(Step::Migrate, "migrate")],
        blocked: &[],
        is_reached: |state| the_number(state).is_registered(),
    },
    Case {
        name: "rename",
        goal: || Renaming::new(number(), NAME, pin()).into(),
        prepare: |state| registered(number_of(state)),
        // Nothing shows whether a registered number was registered again: if the answer to that is lost, it is done twice.
        effects: &[("rename", 1), ("register", 2)],
        refused: 0,
        unreadable: &[],
        blocked: &[],
        is_reached: |state| the_number(state).name_in_effect() == Some(NAME),
    },
    Case {
        name: "relocate",
        goal: || Relocation::new(number(), Storage::Local(Region::CH), pin()).into(),
        prepare: |state| registered(number_of(state)),
        // A PIN that was set is set again: another run cannot know it, and it changes nothing.
        effects: &[("set_pin", 2), ("deregister", 1), ("set_storage", 2), ("register", 1)],
        refused: 0,
        unreadable: &[],
        blocked: &[],
        is_reached: |state| {
            let number = the_number(state);
            number.is_registered() && number.storage == wa_sim::Storage::Local("CH".to_owned())
        },
    },
    Case {
        name: "rotate the PIN",
        goal: || PinRotation::new(number(), Pin::new(OTHER_PIN).unwrap()).into(),
        prepare: |state| registered(number_of(state)),
        effects: &[("set_pin", 2)],
        refused: 0,
        unreadable: &[],
        blocked: &[],
        is_reached: |state| the_number(state).pin.value.as_deref() == Some(OTHER_PIN),
    },
    Case {
        name: "retire",
        goal: || Retirement::new(number()).into(),
        prepare: |state| registered(number_of(state)),
        effects: &[("deregister", 1)],
        refused: 0,
        unreadable: &[],
        blocked: &[],
        is_reached: |state| !the_number(state).is_registered(),
    },
    Case {
        name: "add",
        goal: || Addition::new(account(), E164::new("+16505550111").unwrap(), "Lucky Shrub").into(),
        prepare: |_| {},
        effects: &[("add", 1)],
        refused: 0,
        unreadable: &[],
        blocked: &[],
        is_reached: |state| state.numbers.values().any(|number| number.digits == "16505550111"),
    },
    Case {
        name: "subscribe",
        goal: || Subscription::new(account(), app()).override_callback(CALLBACK, verify_token()).into(),
        prepare: |_| {},
        effects: &[("subscribe", 1), ("override", 1)],
        refused: 0,
        unreadable: &[],
        blocked: &[],
        is_reached: |state| address(state) == Some(Some(CALLBACK)),
    },
];

fn number_of(state: &mut State) -> &mut Number {
    state.numbers.get_mut(State::NUMBER).unwrap()
}

fn the_number(state: &State) -> &Number {
    &state.numbers[State::NUMBER]
}

/// Whether the app gets the account's webhooks, and at which address of its own.
fn address(state: &State) -> Option<Option<&str>> {
    let subscribed = state.accounts[State::ACCOUNT].subscriptions.get(State::APP)?;
    Some(subscribed.as_ref().map(|address| &*address.url))
}

fn verified(number: &mut Number) {
    number.code.verified_at = Some(Time::START);
}

fn registered(number: &mut Number) {
    verified(number);
    number.pin.value = Some(PIN.to_owned());
    number.connected_at = Some(Time::START);
    number.last_onboarded = Some(Time::START);
}

fn pin() -> Pin {
    Pin::new(PIN).unwrap()
}

fn account() -> WabaId {
    WabaId::new(State::ACCOUNT).unwrap()
}

fn app() -> AppId {
    AppId::new(State::APP).unwrap()
}

fn person() -> E164 {
    E164::new("+16505551234").unwrap()
}

fn verify_token() -> VerifyToken {
    VerifyToken::new("verify-me").unwrap()
}

const PIN: &str = "012345";
const OTHER_PIN: &str = "987654";
const NAME: &str = "Lucky Shrub Garden";
const CALLBACK: &str = "https://hooks.lucky-shrub.example/override";
