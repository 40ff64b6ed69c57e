use std::{collections::BTreeSet, time::Duration};

use http::{HeaderMap, Method, Request, Uri, header::AUTHORIZATION};
use serde_json::{Value, json};

use crate::{
    Entry, Event, Fault, FaultRule, Journal, Magic, NameReview, Operation, Received, Reply, State, Time,
    calls::{self, Answer, Call},
    delivery::Waiting,
    draft::Draft,
    error_style::{self, Reason, Refusal},
    journal::{mask, mask_answer},
    operation::Node,
    params::Params,
    path::{Path, UPLOAD},
    rules::{FEW_CALLS, MANY_CALLS},
    sent::Sent,
    version,
    webhook::{CallbackCheck, hmac},
};

/// The service: requests and moments go in, answers come out.
#[derive(Clone, Debug)]
pub struct Engine {
    pub(crate) state: State,
    pub(crate) journal: Journal,
    pub(crate) waiting: Waiting,
    /// Whether the state was changed by hand, and may lack what the engine adds to it.
    pub(crate) is_incomplete: bool,
}

impl Engine {
    /// A service that begins in this state.
    #[must_use]
    pub fn new(state: State) -> Self {
        Self { state, journal: Journal::default(), waiting: Waiting::default(), is_incomplete: true }
    }

    /// What the service knows.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What the service knows, to be changed at will.
    pub fn state_mut(&mut self) -> &mut State {
        self.waiting = Waiting::default();
        self.is_incomplete = true;
        &mut self.state
    }

    /// What was asked and answered.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The moment of the virtual clock.
    #[must_use]
    pub fn now(&self) -> Time {
        self.state.now
    }

    /// Moves the clock on and lets happen what was due until then. It never goes back.
    pub fn advance(&mut self, to: Time) {
        if std::mem::take(&mut self.is_incomplete) {
            self.schedule_reviews();
        }
        while self.state.events.first().is_some_and(|(at, _)| *at <= to) {
            let (at, event) = self.state.events.remove(0);
            self.state.now = self.state.now.max(at);
            calls::happen(&mut self.state, at, &event);
        }
        self.state.now = self.state.now.max(to);
    }

    /// Sees to it that a review which a scenario begins with ends.
    fn schedule_reviews(&mut self) {
        let State { rules, numbers, events, now, .. } = &self.state;
        let NameReview::After { millis } = rules.name_review else {
            return;
        };
        let at = *now + Duration::from_millis(millis);
        let scheduled: BTreeSet<_> = events
            .iter()
            .filter_map(|(_, event)| match event {
                Event::NameReview { number } => Some(&**number),
                _ => None,
            })
            .collect();
        let waiting = numbers
            .iter()
            .filter(|(id, number)| calls::name_in_review(number).is_some() && !scheduled.contains(&***id));
        for id in waiting.map(|(id, _)| id.clone()).collect::<Vec<_>>() {
            self.state.schedule(at, Event::NameReview { number: id });
        }
    }

    /// Answers a request; nothing happens if its caller has left.
    pub(crate) fn answer<B: AsRef<[u8]>>(
        &mut self,
        request: &Request<B>,
        received: &mut Received,
        has_left: bool,
    ) -> Reply {
        let mut sent = Sent::new(request);
        let Sent { method, uri, .. } = sent;
        let path = Path::read(uri);
        let node = path.node.clone().into_owned();
        let keeps_from = has_left || received.is_kept_from_effect();
        let Received { operation, params, rule, check } = received;
        let Some(operation) = *operation else {
            return self.decline(method, uri, params);
        };

        if let Some(FaultRule { fault: Fault::CutUpload { bytes }, .. }) = rule {
            sent.body = sent.body.get(..*bytes).unwrap_or(sent.body);
        }
        let token = token_of(sent.headers, params.as_ref().ok());
        let mut app = None;
        let result = if keeps_from {
            Err(Refusal::new(Reason::Maintenance, ""))
        } else {
            self.attempt(sent, operation, &path, token.as_deref(), params, check, &mut app)
        };
        let error_style = self.state.rules.error_style;
        let took_effect = result.is_ok();
        let mut draft = match result {
            Ok(Answer { body, file, delay }) => {
                let mut draft = Draft::new(200, body, delay);
                draft.file = file;
                draft
            }
            Err(refusal) => {
                let trace = error_style::trace(&mut self.state.seed);
                let (status, body) = refusal.show(error_style, operation, trace);
                let mut draft = Draft::new(status, body, refusal.delay);
                draft.is_app_limited = refusal.reason == Reason::AppBudget;
                draft
            }
        };
        if let Some(rule) = rule {
            let trace = error_style::trace(&mut self.state.seed);
            draft.spoil(&rule.fault, error_style, trace);
        }
        let reply = self.finish(&mut draft, app.as_deref(), &node, path.version);
        self.journal.push(
            Entry {
                sequence: 0,
                at: self.state.now,
                method: method.to_string(),
                path: uri.path().to_owned(),
                operation: operation.name(),
                node,
                app,
                request: match params {
                    Ok(params) => mask(&params.values),
                    Err(_) => json!({"unreadable_bytes": sent.body.len()}),
                },
                status: draft.status,
                answer: draft.text.map_or_else(|| mask_answer(&draft.body), Value::from),
                fault: rule.as_ref().map(FaultRule::name),
                reached: !keeps_from,
                took_effect,
            },
            self.state.rules.journal_length,
        );
        reply
    }

    /// Which call it is; nothing if it is not modelled.
    pub(crate) fn operation(&self, method: &Method, path: &Path<'_>, params: Option<&Params>) -> Option<Operation> {
        let node = &*path.node;
        if node.is_empty() || UNMODELLED.contains(&node) {
            return None;
        }
        let kind = if path.is_of_files { Some(Node::File) } else { self.state.kind_of(node) };
        Operation::from_request(method, kind, &path.edge, params.map(|params| &params.values))
    }

    /// Says that a call is not modelled.
    fn decline(&mut self, method: &Method, uri: &Uri, params: &Result<Params, Refusal>) -> Reply {
        let message = format!("{method} {} is not simulated: docs/simulator.md names the calls that are", uri.path());
        let mut draft = Draft::new(501, json!({"error": {"message": message, "type": "NotSimulated"}}), Duration::ZERO);
        let reply = self.finish(&mut draft, None, "", Path::read(uri).version);
        self.journal.push(
            Entry {
                sequence: 0,
                at: self.state.now,
                method: method.to_string(),
                path: uri.path().to_owned(),
                operation: "unmodelled",
                node: String::new(),
                app: None,
                request: params.as_ref().map_or(Value::Null, |params| mask(&params.values)),
                status: draft.status,
                answer: draft.body,
                fault: None,
                reached: false,
                took_effect: false,
            },
            self.state.rules.journal_length,
        );
        reply
    }

    /// The first rule that strikes; the magic ids come last.
    pub(crate) fn strike(&mut self, operation: Operation, node: &str) -> Option<FaultRule> {
        let State { faults, seed, .. } = &mut self.state;
        let struck = faults.iter_mut().find_map(|rule| rule.strikes(operation, node, seed).then(|| rule.clone()));
        struck.or_else(|| {
            let mut rule = Magic::from_id(node)?.rule();
            rule.strikes(operation, node, seed).then_some(rule)
        })
    }

    /// The checks common to all calls, in the order of the documents, and the call itself.
    #[allow(clippy::too_many_arguments, reason = "each is another part of one request")]
    fn attempt(
        &mut self,
        sent: Sent<'_>,
        operation: Operation,
        path: &Path<'_>,
        token: Option<&str>,
        params: &Result<Params, Refusal>,
        check: &mut CallbackCheck,
        known_app: &mut Option<String>,
    ) -> Result<Answer, Refusal> {
        let template = match operation.node() {
            Node::Template => self.state.template_place(&path.node).map(|(account, _)| account.to_owned()),
            _ => None,
        };
        let State { tokens, numbers, accounts, apps, media, uploads, rules, now, outage_until, .. } = &mut self.state;
        let now = *now;
        if outage_until.is_some_and(|until| now < until) {
            return Err(Refusal::new(Reason::Outage, "The service is down"));
        }
        let text = token.ok_or_else(|| Refusal::new(Reason::NoToken, "An access token is required"))?;
        let token = tokens.get(text).ok_or_else(|| Refusal::new(Reason::BadToken, "The token is not known"))?;
        *known_app = Some(token.app.clone());
        if token.expires.is_some_and(|expires| expires <= now) {
            return Err(Refusal::new(Reason::ExpiredToken, "The token has expired"));
        }
        let version = match path.is_of_files {
            true => Some(version::NEWEST),
            false => path.version.and_then(|asked| version::serving(asked, rules, now)),
        };
        let version = version.ok_or_else(|| {
            let newest = version::NEWEST;
            let text = format!("The address must begin with a version that exists, such as v{newest}.0");
            Refusal::new(Reason::BadVersion, text)
        })?;
        if let Some(proof) = params.as_ref().ok().and_then(|params| params.values.get("appsecret_proof")) {
            let secret = apps.get(&token.app).map_or("", |app| &app.secret);
            let time = params.as_ref().ok().and_then(|params| params.values.get("appsecret_time"));
            if !is_proof(proof, time, secret, text, now) {
                return Err(Refusal::new(Reason::BadProof, ""));
            }
        }

        let node = &*path.node;
        let unknown = || {
            Refusal::new(
                Reason::NotFound,
                format!(
                    "Unsupported {} request. Object with ID '{node}' does not exist, cannot be loaded due to missing \
                     permissions, or does not support this operation. Please read the Graph API documentation at \
                     https://developers.facebook.com/docs/graph-api",
                    sent.method.as_str().to_ascii_lowercase(),
                ),
            )
        };
        let kind = operation.node();
        if kind.is_numeric() && !node.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal { reason: Reason::NotNumeric, ..unknown() });
        }
        if kind == Node::Number && !numbers.contains_key(node) {
            let magic = Magic::from_id(node).ok_or_else(unknown)?;
            let home = accounts.keys().find(|account| token.sees(account)).ok_or_else(unknown)?;
            numbers.insert(node.to_owned(), magic.number(home, now));
        }
        // The account that it belongs to; apps and their uploads belong to none.
        let of_number = |number: &str| numbers.get(number).map(|number| &*number.account);
        let account_id = match kind {
            Node::Account => Some(node),
            Node::Number => Some(of_number(node).ok_or_else(unknown)?),
            Node::Media | Node::File => {
                let media = media.get(node).filter(|media| now < media.until);
                // Whoever downloads asks another host, which knows no ids of the Graph API.
                let gone = || {
                    if kind == Node::File { Refusal::new(Reason::FileGone, "URL signature expired") } else { unknown() }
                };
                Some(media.and_then(|media| of_number(&media.number)).ok_or_else(gone)?)
            }
            Node::Template => Some(template.as_deref().ok_or_else(unknown)?),
            Node::Library => None,
            Node::App if token.app == node => None,
            Node::Upload if uploads.get(node).is_some_and(|upload| upload.app == token.app) => None,
            Node::App | Node::Upload => return Err(unknown()),
        };
        let account = account_id.map(|id| match accounts.get_mut(id) {
            Some(account) if token.sees(id) => Ok((id, account)),
            None if kind != Node::Account => Err(Refusal { reason: Reason::AccountGone, ..unknown() }),
            _ => Err(unknown()),
        });
        let account = account.transpose()?;
        if numbers.get(node).is_some_and(|number| number.is_deleted) {
            return Err(Refusal { reason: Reason::Deleted, ..unknown() });
        }

        let wanted = operation.permissions();
        if !wanted.is_empty() && !wanted.iter().any(|wanted| token.permissions.contains(*wanted)) {
            let reason = if token.permissions.is_empty() { Reason::NoScope } else { Reason::NoPermission };
            let wanted = wanted.join(" or ");
            return Err(Refusal::new(reason, format!("The token lacks {wanted}")));
        }
        if account.as_ref().is_some_and(|(_, account)| !account.apps.contains(&token.app)) {
            return Err(Refusal::new(Reason::NotLinked, "The app is not linked to the account"));
        }
        let is_free = kind == Node::File || Operation::SendMessage.includes(operation);
        if let Some(app) = apps.get_mut(&token.app).filter(|_| !is_free) {
            app.budget.count(now);
            if rules.call_budget && app.budget.calls > rules.app_calls {
                return Err(Refusal::new(Reason::AppBudget, "The app's hourly calls are used up"));
            }
        }
        if let Some((account_id, account)) = account.filter(|_| !is_free) {
            account.budget.count(now);
            let is_in_use = || numbers.values().any(|number| number.account == account_id && number.is_registered());
            // Meta's page on rate limits: 200 calls an hour, 5,000 with a registered number.
            let is_over = account.budget.calls > FEW_CALLS && (account.budget.calls > MANY_CALLS || !is_in_use());
            if rules.call_budget && is_over {
                return Err(Refusal::new(Reason::Budget, "The account's hourly calls are used up"));
            }
        }

        let params = params.as_ref().map_err(Clone::clone)?;
        let app = token.app.clone();
        let strict;
        let params = if rules.unknown_members_are_refused {
            params
        } else {
            strict = params.lenient();
            &strict
        };
        let mut call = Call { state: &mut self.state, node, app: &app, version, params, sent, check };
        operation.carry_out(&mut call)
    }
}

/// The body of an upload is no parameter, whatever type its sender gives it.
pub(crate) fn read_params(sent: Sent<'_>, path: &Path<'_>) -> Result<Params, Refusal> {
    let body = if path.node.starts_with(UPLOAD) { &[] } else { sent.body };
    Params::read(sent.uri.query().unwrap_or(""), sent.content_type(), body)
}

fn token_of(headers: &HeaderMap, params: Option<&Params>) -> Option<String> {
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        let is_known = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("oauth");
        is_known.then(|| token.trim().to_owned())
    });
    let param = || params?.values.get("access_token")?.as_str().map(str::to_owned);
    header.or_else(param).filter(|token| !token.is_empty())
}

/// Whether a proof belongs to a token. Meta's page on securing requests: with a time it holds for five minutes.
fn is_proof(proof: &Value, time: Option<&Value>, secret: &str, token: &str, now: Time) -> bool {
    let time = time.map(|time| time.as_str().map_or_else(|| time.to_string(), str::to_owned));
    let is_timely = time.as_deref().is_none_or(|time| {
        let time = time.parse::<u64>().ok();
        time.is_some_and(|time| now.as_secs().abs_diff(time) <= PROOF_LIFE)
    });
    let text = time.map_or_else(|| token.to_owned(), |time| format!("{token}|{time}"));
    is_timely && proof.as_str() == Some(&*hmac(secret, text.as_bytes()))
}

/// In seconds.
const PROOF_LIFE: u64 = 300;
/// Nodes of the Graph API that are no ids and belong to no number.
const UNMODELLED: &[&str] = &["me", "debug_token", "oauth", "app"];
