//! Building a run's calls, and taking what their answers say.

use std::time::Duration;

use http::{Request, Response};
use wa_types::{ApiVersion, NumberField};

use crate::{
    Body, BuildError, Endpoint, Error, Operation, TransportError, TransportErrorKind,
    life::{Goal, Run, Task},
    message::SendText,
    number::{ReadNumber, SetDisplayName},
    parse,
    registration::{Deregister, Migrate, Register},
    settings::{ReadSettings, SetStorage, Storage},
    subscription::{ListSubscriptions, Subscribe},
    verification::{RequestCode, SetPin, VerifyCode},
};

impl Run {
    /// The request of a task.
    pub(crate) fn build(&self, task: Task) -> Result<(Request<Body>, Duration), Error> {
        let (goal, number) = (&self.goal, self.goal.number());
        match task {
            Task::ReadNumber => self.built(&ReadNumber::new(number).fields(fields(goal))),
            Task::ReadStorage => self.built(&ReadSettings::new(number)),
            Task::ReadSubscriptions => {
                self.built(&ListSubscriptions::new(&goal.subscription().ok_or_else(|| lacks(task))?.0))
            }
            Task::RequestCode => {
                let (method, language) = goal.code_by().ok_or_else(|| lacks(task))?;
                self.built(&RequestCode::new(number, method.clone(), language.clone()))
            }
            Task::VerifyCode => {
                let code = self.code.clone().ok_or_else(|| lacks(task))?;
                self.built(&VerifyCode::new(number, code))
            }
            Task::SetPin => self.built(&SetPin::new(number, goal.pin().ok_or_else(|| lacks(task))?.clone())),
            Task::SetStorage => {
                let storage = goal.storage().ok_or_else(|| lacks(task))?;
                self.built(&SetStorage::new(number, storage.clone()))
            }
            Task::Rename => match goal {
                Goal::Rename(goal) => self.built(&SetDisplayName::new(number, &*goal.name)),
                _ => Err(lacks(task)),
            },
            Task::Register => {
                let register = Register::new(number, goal.pin().ok_or_else(|| lacks(task))?.clone());
                self.built(&match self.storage_when_registering() {
                    Some(Storage::Local(region)) => register.region(region.clone()),
                    Some(Storage::OneHour) => register.retain_one_hour(),
                    _ => register,
                })
            }
            Task::Migrate => {
                let Goal::Migrate(goal) = goal else {
                    return Err(lacks(task));
                };
                let migrate = Migrate::new(number, goal.pin.clone(), goal.password.clone(), goal.data.clone());
                self.built(&match self.storage_when_registering() {
                    Some(Storage::Local(region)) => migrate.region(region.clone()),
                    _ => migrate,
                })
            }
            Task::Deregister => self.built(&Deregister::new(number)),
            Task::Subscribe => self.built(&Subscribe::new(&goal.subscription().ok_or_else(|| lacks(task))?.0)),
            Task::Greet => {
                let (to, text) = goal.greeting().ok_or_else(|| lacks(task))?;
                self.built(&SendText::new(number, to.clone(), text))
            }
        }
    }

    /// Takes the answer to a task.
    pub(crate) fn read(&mut self, task: Task, sent: Result<Response<Vec<u8>>, TransportError>) -> Result<(), Error> {
        let response = sent.map_err(|reason| Error::transport(operation(task), reason))?;
        match task {
            Task::ReadNumber => self.seen.number = Some(parse::<ReadNumber<'_>>(response)?),
            Task::ReadStorage => {
                let settings = parse::<ReadSettings<'_>>(response)?;
                self.seen.storage = Some(settings.storage_configuration.unwrap_or_default());
            }
            Task::ReadSubscriptions => {
                let apps = parse::<ListSubscriptions<'_>>(response)?.data;
                let wanted = self.goal.subscription().map(|(_, app)| app);
                self.seen.is_subscribed = Some(apps.iter().any(|subscribed| Some(&subscribed.app.id) == wanted));
            }
            Task::RequestCode => confirmed::<RequestCode<'_>>(response)?,
            Task::VerifyCode => confirmed::<VerifyCode<'_>>(response)?,
            Task::SetPin => confirmed::<SetPin<'_>>(response)?,
            Task::SetStorage => confirmed::<SetStorage<'_>>(response)?,
            Task::Rename => confirmed::<SetDisplayName<'_>>(response)?,
            Task::Register => confirmed::<Register<'_>>(response)?,
            Task::Migrate => confirmed::<Migrate<'_>>(response)?,
            Task::Deregister => confirmed::<Deregister<'_>>(response)?,
            Task::Subscribe => confirmed::<Subscribe<'_>>(response)?,
            Task::Greet => confirmed::<SendText<'_>>(response)?,
        }
        Ok(())
    }

    fn built<E: Endpoint>(&self, endpoint: &E) -> Result<(Request<Body>, Duration), Error> {
        Ok((self.config.request(endpoint)?, self.config.timeout_for(endpoint)))
    }

    /// Up to v20 storage is part of registering.
    fn storage_when_registering(&self) -> Option<&Storage> {
        self.goal.storage().filter(|_| self.seen.version < ApiVersion::STORAGE_BY_SETTINGS)
    }
}

fn confirmed<E: Endpoint>(response: Response<Vec<u8>>) -> Result<(), Error> {
    parse::<E>(response).map(|_| ())
}

/// The error of a call that was handed out and never answered.
pub(crate) fn unanswered(task: Task) -> Error {
    Error::transport(operation(task), TransportError::new(TransportErrorKind::Other))
}

fn lacks(task: Task) -> Error {
    Error::Build { operation: operation(task), reason: BuildError::new("the goal does not say what this call needs") }
}

pub(crate) fn operation(task: Task) -> Operation {
    match task {
        Task::ReadNumber => Operation::new::<ReadNumber<'_>>(),
        Task::ReadStorage => Operation::new::<ReadSettings<'_>>(),
        Task::ReadSubscriptions => Operation::new::<ListSubscriptions<'_>>(),
        Task::RequestCode => Operation::new::<RequestCode<'_>>(),
        Task::VerifyCode => Operation::new::<VerifyCode<'_>>(),
        Task::SetPin => Operation::new::<SetPin<'_>>(),
        Task::SetStorage => Operation::new::<SetStorage<'_>>(),
        Task::Rename => Operation::new::<SetDisplayName<'_>>(),
        Task::Register => Operation::new::<Register<'_>>(),
        Task::Migrate => Operation::new::<Migrate<'_>>(),
        Task::Deregister => Operation::new::<Deregister<'_>>(),
        Task::Subscribe => Operation::new::<Subscribe<'_>>(),
        Task::Greet => Operation::new::<SendText<'_>>(),
    }
}

/// What a goal must know of a number. A field that a version does not have would fail the whole call.
fn fields(goal: &Goal) -> Vec<NumberField> {
    let mut fields = vec![
        NumberField::Status,
        NumberField::PlatformType,
        NumberField::CodeVerificationStatus,
        NumberField::NameStatus,
        NumberField::IsPinEnabled,
    ];
    match goal {
        Goal::Rename(_) => {
            fields.extend([NumberField::VerifiedName, NumberField::NewDisplayName, NumberField::NewNameStatus]);
        }
        Goal::Relocate(_) | Goal::Retire(_) => fields.push(NumberField::IsOnBizApp),
        _ => {}
    }
    fields
}
