//! A store of its own: lines of JSON, of which the last one of an attempt counts.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard},
};

use serde_json::{Value, json};
use wa_core::{
    AttemptKind, Timestamp,
    types::{ErrorCode, PhoneNumberId},
};
use wa_life::ledger::{
    Attempt, AttemptState, Attempts, Entry, Ledger, LedgerError, Limit, Moment, Reservation, ReserveError, Settlement,
};

#[derive(Debug)]
pub(crate) struct Lines {
    limit: Limit,
    lines: Mutex<Vec<String>>,
}

impl Lines {
    pub(crate) fn new(limit: Limit) -> Self {
        Self { limit, lines: Mutex::default() }
    }

    /// What the lines say of a number. The lock is held until what follows from it is written.
    fn read(&self, number: &PhoneNumberId, now: Moment) -> (Attempts, MutexGuard<'_, Vec<String>>) {
        let lines = self.lines.lock().unwrap();
        let mut entries = BTreeMap::new();
        for line in &*lines {
            let line: Value = serde_json::from_str(line).unwrap();
            if line["number"] == number.as_str() {
                let entry = from_line(&line);
                entries.insert(entry.id, entry);
            }
        }
        (Attempts::load(self.limit, entries.into_values().collect(), now), lines)
    }
}

impl Ledger for Lines {
    fn load(&self, number: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError> {
        Ok(self.read(number, now).0)
    }

    fn reserve(&self, number: &PhoneNumberId, attempt: &Attempt, now: Moment) -> Result<Reservation, ReserveError> {
        let (mut attempts, mut lines) = self.read(number, now);
        let id = lines.len() as u64 + 1;
        attempts.reserve(id, attempt)?;
        write(&mut lines, number, &attempts, id);
        Ok(Reservation::new(id, number.clone(), attempt.kind))
    }

    fn mark_sent(&self, reservation: &Reservation, now: Moment) -> Result<bool, LedgerError> {
        let (mut attempts, mut lines) = self.read(&reservation.number, now);
        let is_marked = attempts.mark_sent(reservation.id);
        if is_marked {
            write(&mut lines, &reservation.number, &attempts, reservation.id);
        }
        Ok(is_marked)
    }

    fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Moment) -> Result<(), LedgerError> {
        let (mut attempts, mut lines) = self.read(&reservation.number, now);
        if attempts.settle(reservation.id, settlement) {
            write(&mut lines, &reservation.number, &attempts, reservation.id);
        }
        Ok(())
    }
}

fn write(lines: &mut Vec<String>, number: &PhoneNumberId, attempts: &Attempts, id: u64) {
    let moment = |moment: Moment| json!([moment.store.as_millis(), moment.service.map(Timestamp::as_millis)]);
    let entry = attempts.entries().iter().find(|entry| entry.id == id).unwrap();
    let line = json!({
        "id": entry.id,
        "number": number.as_str(),
        "kind": entry.kind.as_str(),
        "is_counted": entry.is_counted,
        "state": entry.state.as_str(),
        "reserved": moment(entry.reserved),
        "settled": entry.settled.map(moment),
        "code": entry.code.map(ErrorCode::number),
        "display_name": entry.display_name,
    });
    lines.push(line.to_string());
}

fn from_line(line: &Value) -> Entry {
    let moment = |value: &Value| {
        let store = value[0].as_u64().map(Timestamp::from_millis)?;
        Some(Moment::new(store, value[1].as_u64().map(Timestamp::from_millis)))
    };
    let kind = AttemptKind::from_name(line["kind"].as_str().unwrap());
    let mut entry = Entry::new(line["id"].as_u64().unwrap(), kind, moment(&line["reserved"]).unwrap());
    entry.is_counted = line["is_counted"].as_bool().unwrap();
    entry.state = AttemptState::from_name(line["state"].as_str().unwrap());
    entry.settled = moment(&line["settled"]);
    entry.code = line["code"].as_i64().map(ErrorCode::from);
    entry.display_name = line["display_name"].as_str().map(str::to_owned);
    entry
}
