//! The states in which a run begins, and what it is for.

use std::time::{Duration, SystemTime};

use super::{Change, Intent, Number, Ownership, Review, Rules, Service, Storage, Upset};

/// What a run is to reach. The test translates it into the words of the code under test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// Registered.
    Live,
    /// Registered, its messages stored in [`REGION`]; a number that is up is not taken down for it.
    LiveInRegion,
    /// Registered and subscribed, with the callback [`OVERRIDE`].
    LiveWithOverride,
    /// Registered, and one message sent to [`GUEST`].
    LiveAndGreet,
    /// Shown under [`NEW_NAME`].
    Rename,
    /// Its messages stored in [`REGION`], taken down for it if need be.
    Relocate,
    /// Its PIN is [`PIN`].
    SetPin,
    /// Not registered.
    Down,
    /// Brought over from the On-Premises API.
    Migrate,
    /// Onboarded from the Business app.
    Onboard,
    /// The account subscribed, with the callback [`OVERRIDE`].
    Subscribe,
    /// The number [`ADDED`] in the account.
    Add,
}

/// The states in which a run may find a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    Fresh,
    Verified,
    InReview,
    InReviewForEver,
    Declined,
    NameNotExisting,
    Attached,
    SeemsConnected,
    EmptySuccess,
    Connected,
    ConnectedOtherPin,
    ConnectedNoPin,
    ConnectedExpired,
    ConnectedNotVerified,
    ConnectedInReview,
    ConnectedNeedsCode,
    ConnectedElsewhere,
    Renaming,
    RenameApproved,
    OnBizApp,
    OnPremise,
    OnPremiseOtherPin,
    JustDeregistered,
    DeregisteredOtherPin,
    HalfDeregistered,
    SpentByOthers,
    Banned,
}

/// One scene.
#[derive(Clone, Debug)]
pub struct Scene {
    pub aim: Aim,
    pub start: Start,
    pub rules: Rules,
    pub upsets: Vec<Upset>,
    /// What others do, counted from the beginning.
    pub changes: Vec<(Duration, Change)>,
    pub subscribed: bool,
    pub other_override: bool,
    /// After how long a review of a name ends, if ever, and whether with an approval.
    pub review: (Option<Duration>, bool),
    /// Somebody vouches for the PIN when the run begins.
    pub vouched: bool,
    /// The caller chose to try a registration while the name is in review.
    pub in_review: bool,
}

impl Scene {
    pub fn new(aim: Aim, start: Start) -> Self {
        Self {
            aim,
            start,
            rules: Rules::default(),
            upsets: Vec::new(),
            changes: Vec::new(),
            subscribed: false,
            other_override: false,
            review: (Some(Duration::from_secs(86_400)), true),
            vouched: false,
            in_review: false,
        }
    }

    /// The service as the scene begins.
    pub fn service(&self) -> Service {
        let mut service = Service::new(ACCOUNT, TOKEN);
        let mut number = self.number(service.now());
        number.name.next_review = self.review;
        service.rules = self.rules.clone();
        service.upsets.clone_from(&self.upsets);
        service.changes = self.changes.iter().map(|(after, change)| (service.now() + *after, *change)).collect();
        service.subscribed = self.subscribed || self.other_override;
        service.override_uri = self.other_override.then(|| "https://example.org/other".to_owned());
        service.with_number(number)
    }

    /// What the goal comes to, in the words of [`Service::is_done`].
    pub fn goal(&self) -> &'static str {
        match self.aim {
            Aim::Live => "live",
            Aim::Migrate => "up",
            Aim::LiveInRegion | Aim::Relocate => "live; region=DE",
            Aim::LiveWithOverride => "live; override=https://example.com/hook",
            Aim::LiveAndGreet => "live; greeted=+4915112345678",
            Aim::Rename => "named=Luckier Shrub",
            Aim::SetPin => "pin=482913",
            Aim::Down => "down",
            Aim::Subscribe => "override=https://example.com/hook",
            Aim::Add => "added=+4930123456",
            Aim::Onboard if self.start != Start::OnBizApp => "live; subscribed",
            Aim::Onboard => "live; on the app; subscribed; synchronised",
        }
    }

    pub fn intent(&self) -> Intent {
        Intent {
            deregister: self.aim == Aim::Down,
            relocate: self.aim == Aim::Relocate,
            rename: (self.aim == Aim::Rename).then(|| NEW_NAME.to_owned()),
            in_review: self.in_review,
        }
    }

    fn number(&self, now: SystemTime) -> Number {
        let fresh = Number::new(ID, "+1 555-0178", OLD_NAME);
        let verified = Number { ownership: Ownership::Verified, ..fresh.clone() };
        let connected = Number::connected(ID, "+1 555-0178", OLD_NAME, Some(PIN));
        let other = Some(OTHER_PIN.to_owned());
        let review = self.review.0.map_or(Review::Never, |after| Review::Ends(now + after, self.review.1));
        match self.start {
            Start::Fresh => fresh,
            Start::Verified => verified,
            Start::InReview => verified.in_review(review),
            Start::InReviewForEver => verified.in_review(Review::Never),
            Start::Declined => verified.named("DECLINED"),
            Start::NameNotExisting => verified.named("NON_EXISTS"),
            Start::Attached => Number { attached: true, ..verified },
            Start::SeemsConnected => Number { seems_connected: true, ..fresh },
            Start::EmptySuccess => Number { empty_successes: 1, ..verified },
            Start::Connected => connected,
            Start::ConnectedOtherPin => Number { pin: other, ..connected },
            Start::ConnectedNoPin => Number { pin: None, ..connected },
            Start::ConnectedExpired => Number { ownership: Ownership::Expired, ..connected },
            Start::ConnectedNotVerified => Number { ownership: Ownership::NotVerified, ..connected },
            Start::ConnectedInReview => connected.in_review(review),
            Start::ConnectedNeedsCode => Number { needs_code: true, ..connected },
            Start::ConnectedElsewhere => Number { storage: Storage::Region("IN".to_owned()), ..connected },
            Start::Renaming => {
                let mut number = connected;
                number.name.wanted = Some(NEW_NAME.to_owned());
                number.name.wanted_status = "PENDING_REVIEW";
                number.name.review = review;
                number
            }
            Start::RenameApproved => {
                let mut number = connected;
                number.name.wanted = Some(NEW_NAME.to_owned());
                number.decide_name(true, now - Duration::from_secs(86_400));
                number
            }
            Start::OnBizApp => {
                let lag = Duration::from_secs(1800);
                Number { biz_app_since: Some(now), biz_app_lag: lag, ..connected }
            }
            Start::OnPremise => Number { on_premise: true, migrates: true, pin: Some(PIN.to_owned()), ..verified },
            Start::OnPremiseOtherPin => Number { on_premise: true, migrates: true, pin: other, ..verified },
            Start::JustDeregistered => Number { registered: false, deregistered_at: Some(now), ..connected },
            Start::DeregisteredOtherPin => {
                let long_ago = Some(now - Duration::from_secs(86_400));
                Number { registered: false, deregistered_at: long_ago, pin: other, ..connected }
            }
            Start::HalfDeregistered => {
                let long_ago = Some(now - Duration::from_secs(86_400));
                Number { registered: false, half_deregistered: true, deregistered_at: long_ago, ..connected }
            }
            Start::SpentByOthers => Number { attempts: vec![(now - Duration::from_secs(3600), true); 10], ..verified },
            Start::Banned => Number { banned: true, ..connected },
        }
    }
}

impl Number {
    fn named(mut self, status: &'static str) -> Self {
        self.name.status = status;
        self
    }

    fn in_review(mut self, review: Review) -> Self {
        self.name.review = review;
        self.named("PENDING_REVIEW")
    }
}

pub const AIMS: [Aim; 12] = [
    Aim::Live,
    Aim::LiveInRegion,
    Aim::LiveWithOverride,
    Aim::LiveAndGreet,
    Aim::Rename,
    Aim::Relocate,
    Aim::SetPin,
    Aim::Down,
    Aim::Migrate,
    Aim::Onboard,
    Aim::Subscribe,
    Aim::Add,
];
pub const STARTS: [Start; 27] = [
    Start::Fresh,
    Start::Verified,
    Start::InReview,
    Start::InReviewForEver,
    Start::Declined,
    Start::NameNotExisting,
    Start::Attached,
    Start::SeemsConnected,
    Start::EmptySuccess,
    Start::Connected,
    Start::ConnectedOtherPin,
    Start::ConnectedNoPin,
    Start::ConnectedExpired,
    Start::ConnectedNotVerified,
    Start::ConnectedInReview,
    Start::ConnectedNeedsCode,
    Start::ConnectedElsewhere,
    Start::Renaming,
    Start::RenameApproved,
    Start::OnBizApp,
    Start::OnPremise,
    Start::OnPremiseOtherPin,
    Start::JustDeregistered,
    Start::DeregisteredOtherPin,
    Start::HalfDeregistered,
    Start::SpentByOthers,
    Start::Banned,
];
pub const ID: &str = "106540352242922";
pub const ACCOUNT: &str = "102290129340398";
pub const TOKEN: &str = "EAAJB-token";
pub const PIN: &str = "482913";
pub const OTHER_PIN: &str = "999001";
pub const OLD_NAME: &str = "Lucky Shrub";
pub const NEW_NAME: &str = "Luckier Shrub";
pub const REGION: &str = "DE";
pub const OVERRIDE: &str = "https://example.com/hook";
pub const ADDED: &str = "+4930123456";
pub const GUEST: &str = "+4915112345678";
