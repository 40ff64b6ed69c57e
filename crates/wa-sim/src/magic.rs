use crate::{Fault, FaultRule, Moment, Number, Operation, Time};

/// A number id that always produces a failure.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Magic {
    /// The id; it need not be set up, and is not listed.
    pub id: &'static str,
    /// The call that fails; nothing stands for all.
    pub operation: Option<Operation>,
    /// What happens, in one line.
    pub meaning: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Error(u16, i64, Option<i64>, &'static str),
    Fault(fn() -> Fault, Moment),
}

impl Magic {
    pub(crate) fn from_id(id: &str) -> Option<&'static Self> {
        // All of them begin alike, so that other ids are not searched for.
        id.starts_with(PREFIX).then(|| MAGIC.iter().find(|magic| magic.id == id)).flatten()
    }

    pub(crate) fn rule(&self) -> FaultRule {
        let (fault, moment) = match self.kind {
            Kind::Error(status, code, subcode, message) => (
                Fault::Error { status, code, subcode, message: message.to_owned(), is_transient: false },
                Moment::Before,
            ),
            Kind::Fault(fault, moment) => (fault(), moment),
        };
        let mut rule = FaultRule::new(fault);
        rule.moment = moment;
        rule.operation = self.operation;
        rule
    }

    /// The number behind the id: verified, and connected if only its messages fail.
    pub(crate) fn number(&self, account: &str, now: Time) -> Number {
        let mut number = Number::new(account, "1", format!("1{}", &self.id[self.id.len() - 10..]));
        number.created_at = now;
        number.code.verified_at = Some(now);
        number.is_magic = true;
        if matches!(self.operation, Some(Operation::SendMessage | Operation::Deregister)) {
            number.connected_at = Some(now);
            number.last_onboarded = Some(now);
        }
        number
    }
}

/// All magic ids. The last digits of those that stand for an error are its code.
pub const MAGIC: &[Magic] = &[
    error(
        "990000000133016",
        Some(Operation::Register),
        400,
        133_016,
        None,
        "Account register deregister rate limit exceeded",
    ),
    error("990000000133005", Some(Operation::Register), 400, 133_005, None, "Two step verification PIN Mismatch"),
    error("990000000133006", Some(Operation::Register), 400, 133_006, None, "Phone number re-verification needed"),
    error(
        "990000000133008",
        Some(Operation::Register),
        400,
        133_008,
        None,
        "Too Many two step verification PIN Guesses",
    ),
    error(
        "990000000133009",
        Some(Operation::Register),
        400,
        133_009,
        None,
        "Two step verification PIN Guessed Too Fast",
    ),
    error(
        "990000000133015",
        Some(Operation::Register),
        400,
        133_015,
        None,
        "Please wait a few minutes before attempting to register this phone number",
    ),
    error("990000000133000", Some(Operation::Register), 500, 133_000, None, "Incomplete Deregistration"),
    error("990000000133004", Some(Operation::Register), 500, 133_004, None, "Server Temporarily Unavailable"),
    error("990000002388001", Some(Operation::Register), 400, 100, Some(2_388_001), "Cannot create certificate"),
    error("990000000131057", Some(Operation::Register), 500, 131_057, None, "Account in maintenance mode"),
    error("990000000131031", Some(Operation::Register), 403, 131_031, None, "Account has been locked"),
    error(
        "990000002207051",
        Some(Operation::Deregister),
        400,
        100,
        Some(2_207_051),
        "Phone number not registered on the WhatsApp Business Platform.",
    ),
    error("990000002388366", Some(Operation::RequestCode), 400, 136_024, Some(2_388_366), "Request code error"),
    error("990000002388367", Some(Operation::RequestCode), 400, 136_024, Some(2_388_367), "Request code error"),
    error("990000000136025", Some(Operation::VerifyCode), 400, 136_025, None, "Verify code error"),
    error("990000000133010", Some(Operation::SendMessage), 400, 133_010, None, "Phone number Not Registered"),
    error("990000000130429", Some(Operation::SendMessage), 429, 130_429, None, "Rate limit hit"),
    error(
        "990000000131030",
        Some(Operation::SendMessage),
        400,
        131_030,
        None,
        "Recipient phone number not in allowed list",
    ),
    error("990000000131045", Some(Operation::SendMessage), 500, 131_045, None, "Incorrect certificate"),
    error("990000000000190", None, 401, 190, Some(463), "Error validating access token: Session has expired"),
    error("990000000000200", None, 403, 200, None, "API Permission"),
    error("990000000080007", None, 400, 80_007, None, "Rate limit issues"),
    error("990000000000004", None, 400, 4, None, "Application request limit reached"),
    error("990000000000002", None, 500, 2, None, "Service temporarily unavailable"),
    error("990000000131000", None, 500, 131_000, None, "Something went wrong"),
    fault(
        "990000000900001",
        Some(Operation::Register),
        "the connection closes; it did not happen",
        || Fault::Close,
        Moment::Before,
    ),
    fault(
        "990000000900002",
        Some(Operation::Register),
        "the connection closes; it happened",
        || Fault::Close,
        Moment::After,
    ),
    fault(
        "990000000900003",
        Some(Operation::Register),
        "no answer comes; it did not happen",
        || Fault::Timeout,
        Moment::Before,
    ),
    fault(
        "990000000900004",
        Some(Operation::Register),
        "no answer comes; it happened",
        || Fault::Timeout,
        Moment::After,
    ),
    fault(
        "990000000900005",
        Some(Operation::Register),
        "a page with status 502; it happened",
        || Fault::Html502,
        Moment::After,
    ),
    fault(
        "990000000900006",
        Some(Operation::Register),
        "success: false; it did not happen",
        || Fault::SuccessFalse,
        Moment::Before,
    ),
    fault("990000000900007", None, "what comes is not HTTP", || Fault::Garbage, Moment::Before),
    fault(
        "990000000900008",
        Some(Operation::ReadNumber),
        "a word that no document lists",
        || Fault::UnknownWord,
        Moment::After,
    ),
];

const fn error(
    id: &'static str,
    operation: Option<Operation>,
    status: u16,
    code: i64,
    subcode: Option<i64>,
    meaning: &'static str,
) -> Magic {
    Magic { id, operation, meaning, kind: Kind::Error(status, code, subcode, meaning) }
}

const fn fault(
    id: &'static str,
    operation: Option<Operation>,
    meaning: &'static str,
    fault: fn() -> Fault,
    moment: Moment,
) -> Magic {
    Magic { id, operation, meaning, kind: Kind::Fault(fault, moment) }
}

const PREFIX: &str = "990000";
