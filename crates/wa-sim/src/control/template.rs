use serde_json::json;

use crate::{
    ControlError, Engine, Template,
    calls::template::review::{set_status, told},
    webhook::queue_for_account,
};

impl Engine {
    /// Ends the review of a template, or gives it another status: `APPROVED`, `REJECTED`, `PAUSED`, `DISABLED` and their
    /// like.
    ///
    /// # Errors
    ///
    /// There is no such template or no such status.
    pub fn decide_template(&mut self, template: &str, status: &str, reason: Option<&str>) -> Result<(), ControlError> {
        if !STATUSES.contains(&status) {
            return Err(ControlError::Impossible(
                "a template is APPROVED, REJECTED, PENDING, PAUSED, DISABLED and the like",
            ));
        }
        if reason.is_some_and(|reason| !REASONS.contains(&reason)) {
            return Err(ControlError::Impossible("there is no such reason: try INVALID_FORMAT or PROMOTIONAL"));
        }
        match set_status(&mut self.state, template, status, reason) {
            true => Ok(()),
            false => Err(ControlError::template(template)),
        }
    }

    /// Changes how people rate a template: `GREEN`, `YELLOW`, `RED`, `UNKNOWN`.
    ///
    /// # Errors
    ///
    /// There is no such template or no such rating.
    pub fn set_template_quality(&mut self, template: &str, quality: &str) -> Result<(), ControlError> {
        if !["GREEN", "YELLOW", "RED", "UNKNOWN"].contains(&quality) {
            return Err(ControlError::Impossible("a template's quality is GREEN, YELLOW, RED or UNKNOWN"));
        }
        let (account, known) = self.known_template(template)?;
        let before = std::mem::replace(&mut known.quality, quality.to_owned());
        let mut value = told(known, template);
        value["previous_quality_score"] = before.into();
        value["new_quality_score"] = quality.into();
        queue_for_account(&mut self.state, &account, None, "message_template_quality_update", value);
        Ok(())
    }

    /// Puts a template into another category, as the service does by itself.
    ///
    /// # Errors
    ///
    /// There is no such template or no such category.
    pub fn set_template_category(&mut self, template: &str, category: &str) -> Result<(), ControlError> {
        if !["UTILITY", "MARKETING", "AUTHENTICATION"].contains(&category) {
            return Err(ControlError::Impossible("a template's category is UTILITY, MARKETING or AUTHENTICATION"));
        }
        let (account, known) = self.known_template(template)?;
        let before = std::mem::replace(&mut known.category, category.to_owned());
        known.previous_category = Some(before.clone());
        let mut value = told(known, template);
        value["previous_category"] = json!(before);
        value["new_category"] = category.into();
        queue_for_account(&mut self.state, &account, None, "template_category_update", value);
        Ok(())
    }

    fn known_template(&mut self, id: &str) -> Result<(String, &mut Template), ControlError> {
        let place = self.state.template_place(id).map(|(account, place)| (account.to_owned(), place));
        let (account, place) = place.ok_or_else(|| ControlError::template(id))?;
        let known = self.state.accounts.get_mut(&account).and_then(|known| known.templates.get_mut(place));
        Ok((account, known.ok_or_else(|| ControlError::template(id))?))
    }
}

/// Meta's page on the webhook.
const STATUSES: &[&str] = &[
    "APPROVED",
    "REJECTED",
    "PENDING",
    "PAUSED",
    "DISABLED",
    "FLAGGED",
    "REINSTATED",
    "IN_APPEAL",
    "LIMIT_EXCEEDED",
    "LOCKED",
    "ARCHIVED",
    "UNARCHIVED",
    "DELETED",
    "PENDING_DELETION",
];
const REASONS: &[&str] = &[
    "NONE",
    "ABUSIVE_CONTENT",
    "INCORRECT_CATEGORY",
    "INVALID_FORMAT",
    "PROMOTIONAL",
    "SCAM",
    "TAG_CONTENT_MISMATCH",
    "CATEGORY_NOT_AVAILABLE",
];
