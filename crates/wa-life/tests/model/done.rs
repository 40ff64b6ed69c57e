//! What `Done` must mean, by the truth.

use std::time::Duration;

use super::{
    number::{Number, Ownership, Storage},
    service::Service,
};

impl Service {
    /// Whether a goal is reached in truth, or what is missing. A goal is a list of conditions separated by `;`:
    /// `live`, `up` (banned or not), `down`, `named=<name>` (in effect, or to take effect with the registration),
    ///  `pin=<six digits>`, `name=<name>`, `region=<country>`, `region=none`, `verified`, `subscribed`,
    /// `override=<address>`, `synchronised`, `added=<phone>`, `on the app`, `greeted=<recipient>`, `greeted at most=<recipient>`.
    pub fn is_done(&self, id: &str, goal: &str) -> Result<(), String> {
        let Some(number) = self.numbers.get(id) else { return Err(format!("there is no number {id}")) };
        let mut conditions = goal.split(';').map(str::trim).filter(|condition| !condition.is_empty());
        conditions.try_for_each(|condition| self.holds(number, condition))
    }

    fn holds(&self, number: &Number, condition: &str) -> Result<(), String> {
        let (word, value) = condition.split_once('=').map_or((condition, ""), |(word, value)| (word, value));
        let sent = number.messages.iter().filter(|(to, _)| to.trim_start_matches('+') == value.trim_start_matches('+'));
        let truth = match word {
            "live" => number.registered && !number.banned,
            // That it was stopped half-way shows only when it is registered again.
            "down" => !number.registered,
            "pin" => number.pin.as_deref() == Some(value),
            "up" => number.registered,
            // What is not registered takes the name when it is.
            "named" if number.registered => number.name.in_effect.as_deref() == Some(value),
            "named" => number.name.shown == value && number.name.status == "APPROVED",
            "name" => number.name.in_effect.as_deref() == Some(value),
            "region" if value == "none" => number.storage == Storage::Default,
            "region" => number.storage.region().as_deref() == Some(value),
            "verified" => number.ownership == Ownership::Verified,
            "subscribed" => self.subscribed,
            "override" => self.subscribed && self.override_uri.as_deref() == Some(value),
            "synchronised" => number.synchronised.len() == 2,
            "on the app" => number.biz_app_since.is_some(),
            "added" => self.numbers.values().filter(|number| number.display == value).count() == 1,
            "greeted" => sent.count() == 1,
            "greeted at most" => sent.count() <= 1,
            _ => return Err(format!("the model does not know the condition `{word}`")),
        };
        match truth {
            true => Ok(()),
            // The PIN itself is in no message.
            false if word == "pin" => Err("the PIN is another one".to_owned()),
            false => Err(format!("`{condition}` does not hold: {}", self.describe(number))),
        }
    }

    /// The truth in one line, without secrets.
    fn describe(&self, number: &Number) -> String {
        format!(
            "registered {}, on premise {}, name in effect {:?}, storage {:?}, pin set {}, {:?}, subscribed {}, override {:?}",
            number.registered,
            number.on_premise,
            number.name.in_effect,
            number.storage,
            number.pin.is_some(),
            number.ownership,
            self.subscribed,
            self.override_uri,
        )
    }

    /// How many requests the last minute has seen.
    pub fn burst(&self) -> usize {
        self.log.iter().rev().take_while(|(at, ..)| *at + Duration::from_secs(60) >= self.now).count()
    }

    /// The most requests within a minute: a caller that does not wait would go on for ever.
    pub fn longest_burst(&self) -> usize {
        let mut longest = 0;
        let mut first = 0;
        for (last, (time, ..)) in self.log.iter().enumerate() {
            while self.log[first].0 + Duration::from_secs(60) < *time {
                first += 1;
            }
            longest = longest.max(last - first + 1);
        }
        longest
    }

    /// The requests, one a line, for the message of a failing test.
    pub fn story(&self) -> String {
        let start = self.log.first().map_or(self.now, |(at, ..)| *at);
        let line =
            |(index, (at, op, target, outcome)): (usize, &(std::time::SystemTime, super::Op, String, String))| {
                let after = at.duration_since(start).unwrap_or_default().as_secs();
                format!("{index:3} +{after:>7}s {op:?} {target}: {outcome}\n")
            };
        let mut story: String = self.log.iter().enumerate().take(60).map(line).collect();
        for harm in &self.harms {
            story.push_str(&format!("    HARM at request {}: {:?}: {}\n", harm.request, harm.kind, harm.text));
        }
        story
    }
}
