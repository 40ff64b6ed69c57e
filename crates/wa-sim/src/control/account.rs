use serde_json::{Map, Value, json};

use crate::{Account, ControlError, Engine, Override, Review, Time, plain, rules::LIMITS, webhook::queue_for_account};

impl Engine {
    /// Keeps an account from something, such as `RESTRICTED_ADD_PHONE_NUMBER_ACTION`, until a moment.
    ///
    /// # Errors
    ///
    /// There is no such account.
    pub fn restrict_account(&mut self, account: &str, action: &str, until: Time) -> Result<(), ControlError> {
        self.account(account)?.restrictions.insert(action.to_owned(), until);
        let restriction = json!({"restriction_type": action, "expiration": until.as_secs()});
        let value = json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": [restriction]});
        queue_for_account(&mut self.state, account, None, "account_update", value);
        Ok(())
    }

    /// Decides an account's review against Meta's policies.
    ///
    /// # Errors
    ///
    /// There is no such account.
    pub fn decide_account(&mut self, account: &str, review: Review) -> Result<(), ControlError> {
        self.account(account)?.review = review;
        let value = json!({"decision": review});
        queue_for_account(&mut self.state, account, None, "account_review_update", value);
        Ok(())
    }

    /// Verifies the business behind an account, which may then have more numbers.
    ///
    /// # Errors
    ///
    /// There is no such account.
    pub fn verify_business(&mut self, account: &str) -> Result<(), ControlError> {
        let known = self.account(account)?;
        known.is_verified = true;
        let numbers = known.most_numbers();
        let limits = self.state.numbers.values().filter(|number| number.account == account);
        let limits = limits.filter_map(|number| LIMITS.iter().rposition(|(word, _)| *word == number.limit));
        let daily = limits.max().map_or(250, |place| LIMITS[place].1);
        let value = json!({
            "max_daily_conversation_per_phone": daily,
            "max_daily_conversations_per_business": daily,
            "max_phone_numbers_per_business": numbers,
            "max_phone_numbers_per_waba": numbers,
        });
        queue_for_account(&mut self.state, account, None, "business_capability_update", value);
        Ok(())
    }

    /// Bans an account or lets it in again.
    ///
    /// # Errors
    ///
    /// There is no such account.
    pub fn ban_account(&mut self, account: &str, is_banned: bool) -> Result<(), ControlError> {
        self.account(account)?.is_locked = is_banned;
        let word = if is_banned { "DISABLE" } else { "REINSTATE" };
        let date = self.state.now.to_prose();
        let value = json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": word, "waba_ban_date": date}});
        queue_for_account(&mut self.state, account, None, "account_update", value);
        Ok(())
    }

    fn account(&mut self, id: &str) -> Result<&mut Account, ControlError> {
        self.state.accounts.get_mut(id).ok_or_else(|| ControlError::account(id))
    }

    /// Replaces members of an account's state.
    pub(super) fn change_account(&mut self, id: &str, members: &Map<String, Value>) -> Result<(), ControlError> {
        let account = self.account(id)?;
        *account = plain::merged(account, members).map_err(ControlError::Invalid)?;
        Ok(())
    }

    /// Subscribes an app to an account.
    ///
    /// # Errors
    ///
    /// There is no such account or app.
    pub fn subscribe_app(&mut self, account: &str, app: &str) -> Result<(), ControlError> {
        if !self.state.apps.contains_key(app) {
            return Err(ControlError::app(app));
        }
        let account = self.account(account)?;
        account.apps.insert(app.to_owned());
        account.subscriptions.entry(app.to_owned()).or_default();
        Ok(())
    }

    /// Why no app hears anything about an account; nothing if one does.
    pub(super) fn why_untold(&self, id: &str) -> Option<String> {
        let account = self.state.accounts.get(id)?;
        let hears = |app: &String, own: &Option<Override>| {
            own.is_some() || self.state.apps.get(app).is_some_and(|app| app.callback.is_some())
        };
        if account.subscriptions.iter().any(|(app, own)| hears(app, own)) {
            return None;
        }
        Some(match account.subscriptions.keys().next() {
            None => format!(
                "nobody is told, because no app is subscribed to the account {id}: call POST /{id}/subscribed_apps or use \
                 the control subscribe_app"
            ),
            Some(app) => {
                format!(
                    "nobody is told, because the app {app} has no callback: set one with PUT /_sim/apps/{app}/callback"
                )
            }
        })
    }
}
