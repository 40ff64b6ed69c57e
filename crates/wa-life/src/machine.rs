use http::Response;
use wa_core::{Timestamp, TransportError};

use crate::{
    Run,
    ledger::{Attempts, LedgerError, Reservation, ReserveError},
};

/// What can be told the results of operations: by this the drivers serve runs and single calls alike. Each method is public
/// on these, too.
pub(crate) trait Machine {
    fn loaded(&mut self, attempts: Attempts, now: Timestamp);
    fn reserved(&mut self, reserved: Result<Reservation, ReserveError>, now: Timestamp) -> Result<(), LedgerError>;
    fn marked_sent(&mut self, is_marked: bool, now: Timestamp);
    fn answered(&mut self, sent: Result<Response<Vec<u8>>, TransportError>, now: Timestamp);
    fn settled(&mut self);
}

impl Machine for Run {
    fn loaded(&mut self, attempts: Attempts, now: Timestamp) {
        self.loaded(attempts, now);
    }

    fn reserved(&mut self, reserved: Result<Reservation, ReserveError>, now: Timestamp) -> Result<(), LedgerError> {
        self.reserved(reserved, now)
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
