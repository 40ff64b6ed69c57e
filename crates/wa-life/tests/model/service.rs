//! The service: its clock, its way from a request to an answer, and what it remembers of the caller.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use http::{Request, Response};

use super::{
    answer::Answer,
    call::{Call, Op},
    change::Change,
    fault::{Fault, Lost, Upset},
    number::{Name, Number, Ownership, Review},
    oracle::Harm,
    rules::{DateSkew, Rules, oldest_version},
    watch::Watch,
};

/// The service as one app sees it.
#[derive(Clone, Debug)]
pub struct Service {
    pub rules: Rules,
    /// The access token that it takes.
    pub token: String,
    pub account: String,
    pub numbers: BTreeMap<String, Number>,
    /// Whether the app is subscribed to the account, and the callback that overrides its own.
    pub subscribed: bool,
    pub override_uri: Option<String>,
    /// Faults to come.
    pub upsets: Vec<Upset>,
    /// What others will do, and when.
    pub changes: Vec<(SystemTime, Change)>,
    /// What the caller has done that must never be done.
    pub harms: Vec<Harm>,
    /// Every request: when, what, on which object, and what came of it. No secrets.
    pub log: Vec<(SystemTime, Op, String, String)>,
    pub(super) now: SystemTime,
    pub(super) watches: BTreeMap<String, Watch>,
    /// The last call that was learnt from, and what was known before.
    pub(super) before: Option<(Call, Watch)>,
    pub(super) changed_at: Option<SystemTime>,
    /// Several processes call for the same goal: what one was told, another may not know.
    pub crowded: bool,
    history: BTreeMap<String, Vec<(SystemTime, Number)>>,
    counts: BTreeMap<Op, usize>,
}

impl Service {
    /// An account without numbers on 21 November 2026.
    pub fn new(account: &str, token: &str) -> Self {
        Self {
            rules: Rules::default(),
            token: token.to_owned(),
            account: account.to_owned(),
            numbers: BTreeMap::new(),
            subscribed: false,
            override_uri: None,
            upsets: Vec::new(),
            changes: Vec::new(),
            harms: Vec::new(),
            log: Vec::new(),
            now: SystemTime::UNIX_EPOCH + Duration::from_secs(START),
            watches: BTreeMap::new(),
            before: None,
            changed_at: None,
            crowded: false,
            history: BTreeMap::new(),
            counts: BTreeMap::new(),
        }
    }

    pub fn with_number(mut self, number: Number) -> Self {
        self.numbers.insert(number.id.clone(), number);
        self.remember();
        self
    }

    pub fn now(&self) -> SystemTime {
        self.now
    }

    /// Lets time pass: reviews end, approvals lapse, verifications expire.
    pub fn advance(&mut self, by: Duration) {
        let end = self.now + by;
        let earliest = |service: &Self| {
            let dates = service.numbers.values().filter_map(next_due).chain(service.changes.iter().map(|(at, _)| *at));
            dates.filter(|due| *due <= end).min()
        };
        while let Some(due) = earliest(self) {
            self.now = self.now.max(due);
            if let Some(next) = self.changes.iter().position(|(at, _)| *at <= due) {
                let (at, change) = self.changes.remove(next);
                self.make_change(change, at);
            }
            for number in self.numbers.values_mut() {
                come_due(number, due);
            }
            self.remember();
        }
        self.now = end;
    }

    /// Something that happens outside the caller's requests: in WhatsApp Manager, on the phone, by another partner.
    pub fn change(&mut self, id: &str, change: impl FnOnce(&mut Number)) {
        change(self.numbers.get_mut(id).unwrap());
        self.remember();
    }

    /// An answer without regard to faults that let none come.
    pub fn answer(&mut self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        self.exchange(request).unwrap_or_else(|_| Answer::html(502).into_response(self.now))
    }

    /// An answer, or none.
    pub fn exchange(&mut self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Lost> {
        let call = Call::from_request(request);
        let index = self.log.len();
        let nth = self.counts.entry(call.op).and_modify(|count| *count += 1).or_insert(0);
        let struck = self.upsets.iter().position(|upset| upset.strikes(index, call.op, *nth));
        let fault = struck.map(|at| self.upsets.remove(at).fault);
        if fault == Some(Fault::Refused) {
            self.log.push((self.now, call.op, call.target, "no connection".to_owned()));
            return Err(Lost::Refused);
        }

        self.judge(request, &call);
        let answer = match &fault {
            None | Some(Fault::LostAfter | Fault::Html502 { effect: true }) => self.act(request, &call),
            Some(Fault::Graph { status, code, subcode }) => {
                self.count(&call);
                match subcode {
                    Some(subcode) => Answer::people(*status, *code, *subcode, "Service error", "Something failed."),
                    None => Answer::error(*status, *code, "Something failed."),
                }
            }
            Some(Fault::SuccessFalse) => Answer::ok(serde_json::json!({ "success": false })),
            Some(_) => Answer::html(502),
        };
        self.remember();
        let told = match fault {
            Some(Fault::LostBefore | Fault::LostAfter) => None,
            Some(Fault::Html502 { .. }) => Some(Answer::html(502)),
            _ => Some(answer.clone()),
        };
        self.learn(&call, told.as_ref());
        let outcome = match &told {
            None => "no answer".to_owned(),
            Some(told) => match told.code() {
                Some(code) => format!("{} {code}/{}", told.status, told.subcode().unwrap_or_default()),
                None => told.status.to_string(),
            },
        };
        self.log.push((self.now, call.op, call.target.clone(), outcome));
        told.map(|told| self.dated(told, index)).ok_or(Lost::Silence)
    }

    /// What reading shows of a number now.
    pub(super) fn shown(&self, id: &str) -> Option<&Number> {
        let seen = self.now.checked_sub(self.rules.read_lag)?;
        let history = self.history.get(id)?;
        history.iter().rev().find(|(at, _)| *at <= seen).or_else(|| history.first()).map(|(_, number)| number)
    }

    fn act(&mut self, request: &Request<Vec<u8>>, call: &Call) -> Answer {
        let bearer = request.headers().get("authorization").and_then(|value| value.to_str().ok());
        if bearer != Some(format!("Bearer {}", self.token).as_str()) {
            return Answer::people(401, 190, 463, "Session expired", "The access token is not valid.");
        }
        let Some((major, _)) = call.version.filter(|(major, _)| *major <= NEWEST_VERSION) else {
            return Answer::error(400, 2500, "Unknown path components");
        };
        // A dead version is served as the next living one (Meta, old page).
        let seconds = self.now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        let major = major.max(oldest_version(seconds));
        if call.target != self.account && !self.numbers.contains_key(&call.target) {
            return not_there(&call.target);
        }
        match call.op {
            Op::ReadNumber => self.read_number(call, major),
            Op::ListNumbers => self.list_numbers(call, major),
            Op::AddNumber => self.add_number(call),
            Op::RequestCode => self.request_code(call),
            Op::VerifyCode => self.verify_code(call),
            Op::SetPin => self.set_pin(call),
            Op::Rename => self.rename(call),
            Op::ReadSettings => self.read_settings(call),
            Op::SetStorage => self.set_storage(call),
            Op::Register | Op::Migrate => self.register(call, major),
            Op::Deregister => self.deregister(call),
            Op::ReadSubscriptions => self.read_subscriptions(),
            Op::Subscribe | Op::Override => self.subscribe(call),
            Op::Unsubscribe => self.unsubscribe(),
            Op::Synchronise => self.synchronise(call),
            Op::Message => self.message(call),
            Op::Unknown => Answer::error(400, 100, "Unsupported request"),
        }
    }

    fn dated(&self, answer: Answer, index: usize) -> Response<Vec<u8>> {
        let skew = match self.rules.date {
            DateSkew::Constant(seconds) => seconds,
            DateSkew::Once(at, seconds) if at == index => seconds,
            _ => 0,
        };
        let by = Duration::from_secs(skew.unsigned_abs());
        let date = if skew < 0 { self.now.checked_sub(by).unwrap_or(self.now) } else { self.now + by };
        let mut response = answer.into_response(date);
        if self.rules.date == DateSkew::Absent {
            response.headers_mut().remove("date");
        }
        response
    }

    fn remember(&mut self) {
        for (id, number) in &self.numbers {
            let history = self.history.entry(id.clone()).or_default();
            if history.last().is_none_or(|(_, last)| last != number) {
                history.push((self.now, number.clone()));
            }
        }
    }
}

/// The error for an object that is not there or not the caller's. Its text has no "(#100)" (seen).
pub(super) fn not_there(id: &str) -> Answer {
    let message = format!(
        "Unsupported get request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, or \
         does not support this operation"
    );
    let mut answer = Answer::people(400, 100, 33, "", "");
    answer.body = serde_json::json!({ "error": {
        "message": message, "type": "GraphMethodException", "code": 100, "error_subcode": 33, "fbtrace_id": "AbC",
    } });
    answer
}

fn next_due(number: &Number) -> Option<SystemTime> {
    let Name { review, approved_at, .. } = &number.name;
    let review = match review {
        Review::Ends(at, _) => Some(*at),
        Review::None | Review::Never => None,
    };
    let lapse = approved_at.map(|at| at + FOURTEEN_DAYS);
    let expiry = number.verified_at.filter(|_| number.ownership == Ownership::Verified).map(|at| at + FOURTEEN_DAYS);
    [review, lapse, expiry].into_iter().flatten().min()
}

fn come_due(number: &mut Number, now: SystemTime) {
    if let Review::Ends(at, approved) = number.name.review
        && at <= now
    {
        number.decide_name(approved, at);
    }
    if number.name.approved_at.is_some_and(|at| at + FOURTEEN_DAYS <= now) {
        number.lapse_name();
    }
    if number.ownership == Ownership::Verified && number.verified_at.is_some_and(|at| at + FOURTEEN_DAYS <= now) {
        // Connected numbers read EXPIRED after a while (seen); the time is assumed.
        number.ownership = Ownership::Expired;
        number.verified_at = None;
    }
}

pub(super) const FOURTEEN_DAYS: Duration = Duration::from_secs(14 * 86_400);
/// 21 November 2026, 12:00.
const START: u64 = 1_795_262_400;
const NEWEST_VERSION: u32 = 26;
