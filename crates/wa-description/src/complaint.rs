use std::fmt;

/// One thing that the description objects to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Complaint {
    /// What it is about: `operation`, `path`, `path {QR-Code-ID}`, `query limit`, `body`, `body /type`, `answer`,
    /// `answer /data/0/id`.
    pub place: String,
    /// What is wrong there.
    pub what: String,
}

impl Complaint {
    pub(crate) fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into() }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// Why one complaint is no fault of what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Excuse {
    /// The complaint as it is printed, or its beginning. In the place, `*` stands for any segment.
    pub complaint: &'static str,
    /// Why the description is wrong.
    pub reason: &'static str,
}

impl Excuse {
    /// Excuses this complaint for this reason.
    #[must_use]
    pub const fn new(complaint: &'static str, reason: &'static str) -> Self {
        Self { complaint, reason }
    }

    /// Whether this complaint is the one that it excuses.
    #[must_use]
    pub fn covers(&self, complaint: &Complaint) -> bool {
        let Some((place, what)) = self.complaint.split_once(": ") else {
            return false;
        };
        let is_same = |(wanted, segment): (&str, &str)| wanted == "*" || wanted == segment;
        place.split('/').count() == complaint.place.split('/').count()
            && place.split('/').zip(complaint.place.split('/')).all(is_same)
            && complaint.what.starts_with(what)
    }
}

/// What is left to say: the complaints without an excuse, and the excuses without a complaint.
#[must_use]
pub fn unexcused(complaints: &[Complaint], excuses: &[Excuse]) -> Vec<String> {
    let is_open = |complaint: &&Complaint| !excuses.iter().any(|excuse| excuse.covers(complaint));
    let is_idle = |excuse: &&Excuse| !complaints.iter().any(|complaint| excuse.covers(complaint));
    let open = complaints.iter().filter(is_open).map(Complaint::to_string);
    let idle = excuses.iter().filter(is_idle);
    let idle = idle.map(|excuse| format!("nothing to excuse: {} ({})", excuse.complaint, excuse.reason));
    open.chain(idle).collect()
}

pub(crate) const NOT_DESCRIBED: &str = "is not described";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excuse_belongs_to_one_complaint() {
        let complaints = [Complaint::new("body /type", "is missing"), Complaint::new("body /to", "is missing")];
        assert_eq!(unexcused(&complaints, &[]), ["body /type: is missing", "body /to: is missing"]);
        let excuses = [Excuse::new("body /type: is", "why"), Excuse::new("body /to: is missing", "why")];
        assert!(unexcused(&complaints, &excuses).is_empty());
        for other in ["body: is missing", "body /to: is not", "body /t: is missing", "body /to/x: is missing", "body"] {
            let left = unexcused(&complaints[1..], &[Excuse::new(other, "why")]);
            assert_eq!(left, ["body /to: is missing".to_owned(), format!("nothing to excuse: {other} (why)")]);
        }
    }

    #[test]
    fn a_star_stands_for_one_segment() {
        let excuse = Excuse::new("answer /data/*/id: is", "why");
        assert!(excuse.covers(&Complaint::new("answer /data/7/id", "is missing")));
        assert!(!excuse.covers(&Complaint::new("answer /data/7/8/id", "is missing")));
    }
}
