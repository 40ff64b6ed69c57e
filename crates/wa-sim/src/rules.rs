use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How the service behaves where Meta's documents leave a choice. Each default is the documented or the more likely
/// reading; the fields that say "assumed" are ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Rules {
    /// Which of its two documented styles an error shows.
    pub error_style: ErrorStyle,
    /// Leaves out what is harmless but unpleasant: unknown members and a shuffled order of members.
    pub plain: bool,
    /// Whether registering and deregistering share the ten attempts; that they do is assumed.
    pub counting: Counting,
    /// Whether a refused request is an attempt too; assumed.
    pub failed_requests_count: bool,
    /// Whether a refused request renews a lock; that it does not is assumed.
    pub lock_is_prolonged: bool,
    /// Whether registering fails while the display name is in review or declined; assumed, from reports.
    pub name_must_be_usable: bool,
    /// Whether register refuses a storage region from v21 on, where `/settings` takes it. Meta's pages on local storage.
    pub strict_region: bool,
    /// What becomes of a number whose registration is answered with success. Reported: only the status proves it.
    pub register_outcome: RegisterOutcome,
    /// Whether registering a registered number succeeds without a look at its PIN and without changing it. Meta's page
    /// on the account model of 2026; the member that tells so is assumed.
    pub register_again_keeps_pin: bool,
    /// What registering does to a number that the WhatsApp Business app uses, too. Both are reported.
    pub register_on_business_app: RegisterOnBusinessApp,
    /// How long a number that comes from the WhatsApp Business app reads `PENDING`, in milliseconds. That it does is
    /// reported, how long is assumed.
    pub business_app_pending_for: u64,
    /// How long reads show what was true before a change, in milliseconds. Reported.
    pub read_lag: u64,
    /// Whether the state of the one-time code reads `EXPIRED` on a registered number, too, after `verified_for`.
    /// Seen in production, on several numbers; after how long is assumed.
    pub verification_expires_while_registered: bool,
    /// How long after its approval a registration puts a name into effect, in milliseconds: 14 days on Meta's page on
    /// display names.
    pub name_effect_window: u64,
    /// Names that may be asked for within 30 days: ten on the same page.
    pub names_in_30_days: u32,
    /// Whether an address for webhooks is refused to an app that is not subscribed. Seen in production.
    pub override_needs_subscription: bool,
    /// Whether subscribing without an address takes away the address that was set. Reported.
    pub bare_subscribe_removes_override: bool,
    /// The oldest version that is still served; older ones are answered as this one. Meta's page on versions: v20 ended on
    /// 24 September 2026.
    pub oldest_version: u16,
    /// What becomes of `enable_welcome_message`. Meta's changelog: removed on 27 March 2026; that it is ignored since is
    /// assumed.
    pub welcome_message: RemovedMember,
    /// Whether webhooks name people by business-scoped user ids. Meta's page on them, April 2026.
    pub user_ids: UserIds,
    /// Whether registering a registered number is refused, as the description error_style has it.
    pub register_again_is_refused: bool,
    /// Whether a member that no document names is refused.
    pub unknown_members_are_refused: bool,
    /// Whether a PIN can be set only while the number is registered. Meta's guide sets it before registering, while its
    /// error tables name 133010 for that call.
    pub pin_needs_registration: bool,
    /// Whether deregistering forgets the PIN; that it stays is assumed.
    pub deregister_forgets_pin: bool,
    /// Wrong PINs within a minute before the service asks to slow down; assumed.
    pub pin_guesses_a_minute: u32,
    /// Wrong PINs within a day before the service stops asking; assumed.
    pub pin_guesses_a_day: u32,
    /// Wrong codes before the code is void; assumed.
    pub code_guesses: u32,
    /// Codes within an hour before the service sends no more; assumed.
    pub codes_an_hour: u32,
    /// How long a number stays verified without being registered, in milliseconds; assumed to be 14 days.
    pub verified_for: u64,
    /// How long a migration keeps its caller waiting, in milliseconds: at most 15 seconds.
    pub migration_takes: u64,
    /// Who decides about display names.
    pub name_review: NameReview,
    /// Names with one of these in them are declined, whoever decides.
    pub declined_names: Vec<String>,
    /// Whether text reaches a person only within 24 hours of that person's last message.
    pub window_is_enforced: bool,
    /// Whether apps and accounts have an hourly budget of calls: an account 200, or 5,000 with a registered number.
    pub call_budget: bool,
    /// Calls an app may make within an hour, messages aside; assumed.
    pub app_calls: u64,
    /// Numbers that may be added to an account within an hour; assumed.
    pub numbers_an_hour: u32,
    /// Applications for the badge within a day; assumed.
    pub applications_a_day: u32,
    /// In which order the apps are told what becomes of a message. Meta's page on webhooks promises none.
    pub statuses: StatusOrder,
    /// Whether a message fails whose file is none of the type that it was uploaded as. Meta's error page on 131053.
    pub media_content_is_checked: bool,
    /// Who decides about message templates. That it takes a minute is assumed; Meta's page says a day at most.
    pub template_review: NameReview,
    /// How many bytes of files are kept. What is older is forgotten, as if its time had come.
    pub media_bytes: u64,
    /// Whether a download needs the header `User-Agent`. Reported.
    pub downloads_need_user_agent: bool,
    /// How many entries the journal keeps.
    pub journal_length: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            error_style: ErrorStyle::Code,
            plain: false,
            counting: Counting::Shared,
            failed_requests_count: true,
            lock_is_prolonged: false,
            name_must_be_usable: true,
            strict_region: true,
            register_outcome: RegisterOutcome::Connects,
            register_again_keeps_pin: false,
            register_on_business_app: RegisterOnBusinessApp::Refused,
            business_app_pending_for: 5 * 60_000,
            read_lag: 0,
            verification_expires_while_registered: true,
            name_effect_window: 14 * 24 * 3_600_000,
            names_in_30_days: 10,
            override_needs_subscription: true,
            bare_subscribe_removes_override: true,
            oldest_version: 21,
            welcome_message: RemovedMember::Ignored,
            user_ids: UserIds::Beside,
            register_again_is_refused: false,
            unknown_members_are_refused: true,
            pin_needs_registration: false,
            deregister_forgets_pin: false,
            pin_guesses_a_minute: 3,
            pin_guesses_a_day: 10,
            code_guesses: 10,
            codes_an_hour: 5,
            verified_for: 14 * 24 * 3_600_000,
            migration_takes: 12_000,
            name_review: NameReview::After { millis: 24 * 3_600_000 },
            declined_names: vec!["WhatsApp".to_owned()],
            window_is_enforced: true,
            call_budget: true,
            app_calls: 10_000,
            numbers_an_hour: 20,
            applications_a_day: 5,
            statuses: StatusOrder::InOrder,
            media_content_is_checked: true,
            template_review: NameReview::After { millis: 60_000 },
            media_bytes: 256 << 20,
            downloads_need_user_agent: true,
            journal_length: 2_000,
        }
    }
}

/// Which of its two documented styles an error shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorStyle {
    /// The codes of Meta's error pages, such as 133016.
    #[default]
    Code,
    /// The examples of Meta's API description, such as 4 with subcode 2446079 and status 429.
    Description,
}

/// How attempts are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Counting {
    /// Ten for registering and deregistering together.
    #[default]
    Shared,
    /// Ten for each.
    Separate,
}

/// What becomes of a number whose registration is answered with success.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RegisterOutcome {
    /// It is connected.
    #[default]
    Connects,
    /// It stays as it was, for ever.
    StaysPending,
    /// It is connected later.
    ConnectsAfter {
        /// How much later.
        millis: u64,
    },
}

/// What registering does to a number that the WhatsApp Business app uses, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RegisterOnBusinessApp {
    /// It is refused.
    #[default]
    Refused,
    /// It throws the number off the app.
    Disconnects,
}

/// What becomes of a member that the service used to know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RemovedMember {
    /// It is taken and has no effect.
    #[default]
    Ignored,
    /// It is refused.
    Refused,
    /// It works as before.
    Taken,
}

/// Whether webhooks name people by business-scoped user ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UserIds {
    /// By phone numbers only, as before April 2026.
    Absent,
    /// By both.
    #[default]
    Beside,
    /// By user ids only, as of people with a username.
    Only,
}

/// In which order the apps are told what becomes of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StatusOrder {
    /// `sent`, `delivered`, `read`.
    #[default]
    InOrder,
    /// `delivered`, `read`, `sent`.
    OutOfOrder,
    /// Nobody tells anything until the control does.
    Control,
}

/// Who decides about display names and message templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NameReview {
    /// Nobody, until the control does: see [`Engine::decide_name`](crate::Engine::decide_name) and
    /// [`Engine::decide_template`](crate::Engine::decide_template).
    Control,
    /// The service itself, after this time.
    After {
        /// How long it takes.
        millis: u64,
    },
}

/// The window that attempts are counted in, and the length of the lock after the tenth.
pub(crate) const WINDOW: Duration = Duration::from_secs(72 * 3_600);
pub(crate) const MOST_ATTEMPTS: usize = 10;
/// Meta's error page on 133015: five minutes.
pub(crate) const SETTLING: Duration = Duration::from_secs(300);
pub(crate) const CODE_LIFE: Duration = Duration::from_secs(600);
pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const HOUR: Duration = Duration::from_secs(3_600);
/// Meta's page on coexistence: contacts and history can be asked for within 24 hours.
pub(crate) const SYNC_WINDOW: Duration = DAY;
/// Meta's page on display names: ten changes in 30 days.
pub(crate) const NAME_CHANGES: Duration = Duration::from_secs(30 * 24 * 3_600);
/// Meta's page on typing indicators: until the answer comes, or for 25 seconds.
pub(crate) const TYPING: Duration = Duration::from_secs(25);
pub(crate) const DAY: Duration = Duration::from_secs(24 * 3_600);
/// Meta's page on rate limits: calls of an account within an hour, without and with a registered number.
pub(crate) const FEW_CALLS: u64 = 200;
pub(crate) const MANY_CALLS: u64 = 5_000;
/// Meta's page on messaging limits, from the least to the most, as numbers too.
pub(crate) const LIMITS: &[(&str, i64)] = &[
    ("TIER_50", 50),
    ("TIER_250", 250),
    ("TIER_1K", 1_000),
    ("TIER_2K", 2_000),
    ("TIER_10K", 10_000),
    ("TIER_100K", 100_000),
    ("TIER_UNLIMITED", -1),
];
