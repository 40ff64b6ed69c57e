use std::{error, fmt};

use http::Response;
use serde::{Deserialize, de::IntoDeserializer};
use wa_core::{
    BuildError, Config, Endpoint, Error, Operation, Timestamp, TransportError, TransportErrorKind, parse,
    types::PhoneNumberId,
};

use crate::{
    Call, Op,
    ledger::{Attempt, Attempts, LedgerError, Moment, Refusal, Reservation, ReserveError, Settlement},
    machine::Machine,
    transmission::{Transmission, Turn},
};

/// A single call under the ledger: reserved before its request leaves, and settled by its answer.
///
/// It is driven like a [`Run`](crate::Run), by the operations of [`Op`]. [`Guard::send`](crate::Guard::send) does that.
/// It makes no plan: it is held back by the limit of attempts, and neither by a PIN that was refused before nor by a number
/// that cannot be registered.
/// Nor does a message that was sent before hold back another one.
#[derive(Debug)]
pub struct GuardedCall<E: Endpoint> {
    transmission: Transmission,
    result: Option<Result<E::Response, Error>>,
    refusal: Option<Refusal>,
}

impl<E: Endpoint> GuardedCall<E> {
    /// Prepares a call. If its endpoint has no kind of attempt, nothing is reserved and it is only sent.
    ///
    /// # Errors
    ///
    /// The request cannot be built.
    pub fn new(config: &Config, endpoint: &E, now: Timestamp) -> Result<Self, Error> {
        let operation = Operation::new::<E>();
        let attempt = match E::ATTEMPT {
            Some(kind) => Some((number(endpoint, operation)?, Attempt::new(kind))),
            None => None,
        };
        let call = Call::new(operation, config.request(endpoint)?, config.limits_for(endpoint));
        Ok(Self { transmission: Transmission::new(call, attempt, now), result: None, refusal: None })
    }

    /// Returns the next operation; nothing if the call is over.
    pub fn poll(&mut self, now: Timestamp) -> Option<Op> {
        loop {
            match self.transmission.poll(now, now.into()) {
                Turn::Do(op) => return Some(op),
                Turn::Over => return None,
                Turn::Unanswered => self.answered(Err(TransportError::new(TransportErrorKind::Other)), now),
            }
        }
    }

    /// Records the result of the reservation.
    ///
    /// # Errors
    ///
    /// The ledger failed. The next poll returns the same operation again.
    pub fn reserved(&mut self, reserved: Result<Reservation, ReserveError>) -> Result<(), LedgerError> {
        match reserved {
            Ok(reservation) => self.transmission.reserved(reservation),
            Err(ReserveError::Unavailable(error)) => return Err(error),
            Err(ReserveError::Refused(refusal)) => {
                self.refusal = Some(refusal);
                self.transmission.not_granted();
            }
            // It is reserved whatever others have tried: a ledger that says so otherwise has granted nothing.
            Err(ReserveError::Overtaken) => self.transmission.not_granted(),
        }
        Ok(())
    }

    /// Records whether the ledger has marked the attempt as sent.
    pub fn marked_sent(&mut self, is_marked: bool, now: Timestamp) {
        self.transmission.marked_sent(is_marked, now.into());
    }

    /// Records the answer to the call, or why none came.
    pub fn answered(&mut self, sent: Result<Response<Vec<u8>>, TransportError>, now: Timestamp) {
        if !self.transmission.is_sent() {
            return;
        }
        let service = sent.as_ref().ok().and_then(|response| crate::run::date(response.headers()));
        let result = match sent {
            Ok(response) => parse::<E>(response),
            Err(reason) => Err(Error::transport(Operation::new::<E>(), reason)),
        };
        self.transmission.settle(Settlement::from_result(&result), now, Moment::new(now, service));
        self.result = Some(result);
    }

    /// Records that the ledger has settled the attempt.
    pub fn settled(&mut self) {
        self.transmission.settled();
    }

    /// Returns the result of the call. `noted` is an error if the ledger failed on the way.
    ///
    /// # Errors
    ///
    /// The call was not made, it failed, or it could not be settled.
    pub fn finish(self, noted: Result<(), LedgerError>) -> Result<E::Response, GuardedError<E::Response>> {
        match (self.result, noted) {
            (Some(result), Ok(())) => result.map_err(GuardedError::Call),
            (Some(result), Err(error)) => Err(GuardedError::NotNoted { result, error }),
            (None, Err(error)) => Err(GuardedError::Ledger(error)),
            (None, Ok(())) => Err(self.refusal.map_or(GuardedError::NotMade, GuardedError::Refused)),
        }
    }
}

impl<E: Endpoint> Machine for GuardedCall<E> {
    fn loaded(&mut self, _: Attempts, _: Timestamp) {}

    fn reserved(&mut self, reserved: Result<Reservation, ReserveError>, _: Timestamp) -> Result<(), LedgerError> {
        self.reserved(reserved)
    }

    fn marked_sent(&mut self, is_marked: bool, now: Timestamp) {
        self.marked_sent(is_marked, now);
    }

    fn answered(&mut self, sent: Result<Response<Vec<u8>>, TransportError>, now: Timestamp) {
        self.answered(sent, now);
    }

    fn settled(&mut self) {
        self.settled();
    }
}

/// Why a guarded call has no answer, or none that was noted.
#[derive(Debug)]
#[non_exhaustive]
pub enum GuardedError<T> {
    /// No attempt is left: nothing was sent.
    Refused(Refusal),
    /// It took too long to reserve the attempt, or somebody has given the reservation back: nothing was sent.
    NotMade,
    /// The ledger failed: nothing was sent.
    Ledger(LedgerError),
    /// The call failed.
    Call(Error),
    /// The call was made, and the ledger could not note what came of it. The attempt counts all the same. **Do not make it
    /// again before looking at the result**: it may have succeeded.
    #[non_exhaustive]
    NotNoted {
        /// What came of it.
        result: Result<T, Error>,
        /// Why it was not noted.
        error: LedgerError,
    },
}

impl<T> fmt::Display for GuardedError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::NotMade => f.write_str("the attempt was given back before it was used: nothing was sent, try again"),
            Self::Ledger(error) => error.fmt(f),
            Self::Call(error) => error.fmt(f),
            Self::NotNoted { result: Ok(_), error } => write!(f, "the call succeeded, and was not noted: {error}"),
            Self::NotNoted { result: Err(failure), error } => write!(f, "{failure}; and that was not noted: {error}"),
        }
    }
}

impl<T: fmt::Debug> error::Error for GuardedError<T> {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Refused(_) | Self::NotMade => None,
            Self::Call(error) => error.source(),
            Self::Ledger(error) | Self::NotNoted { error, .. } => error.source(),
        }
    }
}

/// The number that a call is about: all attempts are calls at its node.
fn number<E: Endpoint>(endpoint: &E, operation: Operation) -> Result<PhoneNumberId, Error> {
    let id: serde::de::value::StrDeserializer<'_, serde::de::value::Error> = endpoint.route().id().into_deserializer();
    PhoneNumberId::deserialize(id)
        .map_err(|_| Error::build(operation, BuildError::new("the id of the number is missing")))
}
