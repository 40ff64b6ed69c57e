//! Building the call of a step, and reading its answer.

use std::collections::BTreeSet;

use http::Response;
use wa_core::{
    BuildError, Config, Endpoint, Error, Operation, Paged, TransportError, TransportErrorKind,
    api::{
        account::{AddNumber, ListNumbers, ListSubscriptions, Subscribe},
        message::{SendMessage, Template, Text},
        number::{
            Deregister, Migrate, ReadNumber, ReadSettings, Register, RequestCode, SetDisplayName, SetPin, SetStorage,
            SyncContacts, SyncHistory, VerifyCode,
        },
    },
    parse,
    types::{NumberField, VerificationCode, WabaId},
};

use crate::{
    Call, Goal, History, Listing, Observed, Step, Subscribed, Subscription,
    greeting::Message,
    learn::{CERTAIN_FIELDS, FIELDS_OF_RENAMING, OPTIONAL_FIELDS},
};

/// Builds the call of a step.
pub(crate) fn build(
    config: &Config,
    goal: &Goal,
    seen: &Observed,
    history: &History,
    code: Option<&VerificationCode>,
    step: Step,
) -> Result<Call, Error> {
    let lacking = || lacks(step);
    let subject = goal.subject();
    let number = || subject.number().ok_or_else(lacking);
    let pin = || goal.pin().cloned().ok_or_else(lacking);
    let subscription = || goal.subscription().ok_or_else(lacking);
    match step {
        Step::ReadNumber => call(config, &ReadNumber::new(number()?).fields(fields(goal, seen, history))),
        Step::ReadStorage => call(config, &ReadSettings::new(number()?)),
        Step::ReadSubscriptions => call(config, &ListSubscriptions::new(&subscription()?.account)),
        Step::ListNumbers => {
            let account = account(goal).ok_or_else(lacking)?;
            let fields = [NumberField::Id, NumberField::DisplayPhoneNumber];
            let list = ListNumbers::new(account).fields(fields).limit(100);
            call(
                config,
                &match &seen.listing {
                    Some(Listing::More { cursor, .. }) => list.after(cursor),
                    _ => list,
                },
            )
        }
        Step::AddNumber => {
            let Goal::Add(goal) = goal else {
                return Err(lacking());
            };
            let add = AddNumber::new(&goal.account, goal.phone.clone(), &*goal.name);
            call(
                config,
                &match &goal.country_code {
                    Some(digits) => add.country_code(digits),
                    None => add,
                },
            )
        }
        Step::RequestCode => {
            let (method, language) = goal.code_by().cloned().ok_or_else(lacking)?;
            call(config, &RequestCode::new(number()?, method, language))
        }
        Step::VerifyCode => call(config, &VerifyCode::new(number()?, code.cloned().ok_or_else(lacking)?)),
        Step::SetPin => call(config, &SetPin::new(number()?, pin()?)),
        Step::SetStorage => call(config, &SetStorage::new(number()?, goal.storage().cloned().ok_or_else(lacking)?)),
        Step::Rename => match goal {
            Goal::Rename(goal) => call(config, &SetDisplayName::new(number()?, &*goal.name)),
            _ => Err(lacking()),
        },
        Step::Register => call(config, &Register::new(number()?, pin()?)),
        Step::Migrate => match goal {
            Goal::Migrate(goal) => {
                let (password, data) = (goal.password.clone(), goal.data.clone());
                call(config, &Migrate::new(number()?, pin()?, password, data))
            }
            _ => Err(lacking()),
        },
        Step::Deregister => call(config, &Deregister::new(number()?)),
        Step::Subscribe => call(config, &Subscribe::new(&subscription()?.account)),
        Step::OverrideCallback => {
            let Subscription { account, callback, .. } = subscription()?;
            let (address, token) = callback.clone().ok_or_else(lacking)?;
            call(config, &Subscribe::new(account).callback(address, token))
        }
        Step::SyncContacts => call(config, &SyncContacts::new(number()?)),
        Step::SyncHistory => call(config, &SyncHistory::new(number()?)),
        Step::Greet => {
            let (to, greeting) = goal.greeting().ok_or_else(lacking)?;
            match &greeting.0 {
                Message::Text { body, .. } => call(config, &SendMessage::new(number()?, to.clone(), Text::new(body))),
                Message::Template { name, language } => {
                    call(config, &SendMessage::new(number()?, to.clone(), Template::new(name, language)))
                }
            }
        }
    }
}

/// Reads the answer to the call of a step.
pub(crate) fn read(
    goal: &Goal,
    seen: &mut Observed,
    step: Step,
    sent: Result<Response<Vec<u8>>, TransportError>,
) -> Result<(), Error> {
    let response = sent.map_err(|reason| Error::transport(operation(step), reason))?;
    match step {
        Step::ReadNumber => seen.number = Some(parse::<ReadNumber<'_>>(response)?),
        Step::ReadStorage => {
            let settings = parse::<ReadSettings<'_>>(response)?;
            seen.storage = Some(settings.storage_configuration.unwrap_or_default());
        }
        Step::ReadSubscriptions => {
            let apps = parse::<ListSubscriptions<'_>>(response)?.data;
            let wanted = goal.subscription().map(|goal| &goal.app);
            let ours = apps.into_iter().find(|subscribed| Some(&subscribed.app.id) == wanted);
            seen.subscription = Some(match ours.map(|subscribed| subscribed.override_callback_uri) {
                None => Subscribed::No,
                Some(None) => Subscribed::Yes,
                Some(Some(address)) => Subscribed::Overridden(address),
            });
        }
        Step::ListNumbers => {
            let page = parse::<ListNumbers<'_>>(response)?;
            let is_it = |shown: &str| matches!(goal, Goal::Add(goal) if digits(shown) == digits(goal.phone.as_str()));
            let found = page.data.iter().find(|number| number.display_phone_number.as_deref().is_some_and(is_it));
            let found = found.map(|number| number.id.clone());
            // The last page has a cursor too: only the link tells that there is more.
            let paging = page.paging.filter(|paging| paging.next.is_some());
            let next = paging.and_then(|paging| paging.cursors?.after);
            let mut passed = match seen.listing.take() {
                Some(Listing::More { passed, .. }) => passed,
                _ => BTreeSet::new(),
            };
            seen.listing = Some(match (found, next) {
                (Some(id), _) => Listing::Found(id),
                (None, Some(_)) if passed.len() >= MOST_PAGES => Listing::Endless,
                (None, Some(cursor)) if passed.insert(cursor.clone()) => Listing::More { cursor, passed },
                // The pages lead in a circle.
                (None, Some(_)) => Listing::Endless,
                (None, None) => Listing::Absent,
            });
        }
        Step::AddNumber => {
            parse::<AddNumber<'_>>(response)?;
            seen.listing = None;
        }
        Step::RequestCode => confirmed::<RequestCode<'_>>(response)?,
        Step::VerifyCode => confirmed::<VerifyCode<'_>>(response)?,
        Step::SetPin => confirmed::<SetPin<'_>>(response)?,
        Step::SetStorage => {
            confirmed::<SetStorage<'_>>(response)?;
            seen.storage = None;
        }
        Step::Rename => confirmed::<SetDisplayName<'_>>(response)?,
        Step::Register => confirmed::<Register<'_>>(response)?,
        Step::Migrate => confirmed::<Migrate<'_>>(response)?,
        Step::Deregister => confirmed::<Deregister<'_>>(response)?,
        Step::Subscribe | Step::OverrideCallback => {
            confirmed::<Subscribe<'_>>(response)?;
            seen.subscription = None;
        }
        Step::SyncContacts => confirmed::<SyncContacts<'_>>(response)?,
        Step::SyncHistory => confirmed::<SyncHistory<'_>>(response)?,
        Step::Greet => confirmed::<SendMessage<'_, Text>>(response)?,
    }
    // What the call has changed is read again.
    if matches!(step, Step::Rename | Step::Register | Step::Migrate | Step::Deregister) {
        seen.forget();
    }
    Ok(())
}

/// Which operation of the API a step calls.
pub(crate) fn operation(step: Step) -> Operation {
    match step {
        Step::ReadNumber => Operation::new::<ReadNumber<'_>>(),
        Step::ReadStorage => Operation::new::<ReadSettings<'_>>(),
        Step::ReadSubscriptions => Operation::new::<ListSubscriptions<'_>>(),
        Step::ListNumbers => Operation::new::<ListNumbers<'_>>(),
        Step::AddNumber => Operation::new::<AddNumber<'_>>(),
        Step::RequestCode => Operation::new::<RequestCode<'_>>(),
        Step::VerifyCode => Operation::new::<VerifyCode<'_>>(),
        Step::SetPin => Operation::new::<SetPin<'_>>(),
        Step::SetStorage => Operation::new::<SetStorage<'_>>(),
        Step::Rename => Operation::new::<SetDisplayName<'_>>(),
        Step::Register => Operation::new::<Register<'_>>(),
        Step::Migrate => Operation::new::<Migrate<'_>>(),
        Step::Deregister => Operation::new::<Deregister<'_>>(),
        Step::Subscribe | Step::OverrideCallback => Operation::new::<Subscribe<'_>>(),
        Step::SyncContacts => Operation::new::<SyncContacts<'_>>(),
        Step::SyncHistory => Operation::new::<SyncHistory<'_>>(),
        Step::Greet => Operation::new::<SendMessage<'_, Text>>(),
    }
}

/// The error of a call that was handed out and never answered.
pub(crate) fn unanswered(step: Step) -> Error {
    Error::transport(operation(step), TransportError::new(TransportErrorKind::Other))
}

fn call<E: Endpoint>(config: &Config, endpoint: &E) -> Result<Call, Error> {
    Ok(Call::new(Operation::new::<E>(), config.request(endpoint)?, config.limits_for(endpoint)))
}

fn confirmed<E: Endpoint>(response: Response<Vec<u8>>) -> Result<(), Error> {
    parse::<E>(response).map(|_| ())
}

fn lacks(step: Step) -> Error {
    Error::build(operation(step), BuildError::new("the goal does not say what this call needs"))
}

fn account(goal: &Goal) -> Option<&WabaId> {
    match goal {
        Goal::Add(goal) => Some(&goal.account),
        Goal::Subscribe(goal) => Some(&goal.account),
        _ => None,
    }
}

fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// What a goal must know of a number. A field that the service does not know would fail the whole call.
fn fields(goal: &Goal, seen: &Observed, history: &History) -> Vec<NumberField> {
    let mut fields = CERTAIN_FIELDS.to_vec();
    if !history.certain_fields_only {
        fields.extend_from_slice(OPTIONAL_FIELDS);
        if let Goal::Rename(_) = goal {
            fields.extend_from_slice(FIELDS_OF_RENAMING);
        }
    }
    fields.retain(|field| field.is_in(seen.version) && !history.unknown_fields.contains(field.as_str()));
    fields
}

/// How many pages of an account's numbers are read. A page has up to a hundred.
const MOST_PAGES: usize = 100;
