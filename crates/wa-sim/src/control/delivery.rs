use crate::{Callback, ControlError, Delivery, Engine, Handshake, delivery::Waiting};

impl Engine {
    /// Takes the deliveries that are due; say with [`settle`](Self::settle) how each went.
    pub fn take_due(&mut self) -> Vec<Delivery> {
        self.waiting.take_due(&mut self.state.webhooks, self.state.now)
    }

    /// Notes whether a callback accepted a delivery. A refused one comes again later.
    pub fn settle(&mut self, delivery: u64, is_accepted: bool) {
        if let Some(due) = self.state.webhooks.settle(delivery, is_accepted, self.state.now) {
            self.waiting.add(due, delivery);
        }
    }

    /// Notes that a delivery was not sent, because its callback is on another machine.
    pub fn withhold(&mut self, delivery: u64) {
        self.state.webhooks.withhold(delivery);
    }

    /// Delivers something once more, as the service does now and then.
    ///
    /// # Errors
    ///
    /// There is no such delivery.
    pub fn duplicate(&mut self, delivery: u64) -> Result<u64, ControlError> {
        let unknown = || ControlError::Unknown { kind: "delivery", id: delivery.to_string() };
        self.state.webhooks.duplicate(delivery, self.state.now).ok_or_else(unknown)
    }

    /// Lets the deliveries that wait come in another order.
    pub fn reorder(&mut self) {
        self.state.webhooks.reorder(&mut self.state.seed);
        self.waiting = Waiting::default();
    }

    /// Changes what is delivered without signing it again, as an attacker would.
    ///
    /// # Errors
    ///
    /// There is no such delivery.
    pub fn tamper(&mut self, delivery: u64) -> Result<(), ControlError> {
        let unknown = || ControlError::Unknown { kind: "delivery", id: delivery.to_string() };
        if self.state.webhooks.tamper(delivery) { Ok(()) } else { Err(unknown()) }
    }

    /// The question that the service asks an app's callback before it sends anything there.
    ///
    /// # Errors
    ///
    /// There is no such app, or it has no callback.
    pub fn handshake(&mut self, app: &str) -> Result<Handshake, ControlError> {
        let unknown = || ControlError::Unknown { kind: "app", id: app.to_owned() };
        let callback = self.state.apps.get(app).ok_or_else(unknown)?.callback.clone();
        self.handshake_with(app, &callback.ok_or(ControlError::Impossible("the app has no callback"))?)
    }

    /// The same question to a callback that an app is to have.
    ///
    /// # Errors
    ///
    /// There is no such app.
    pub fn handshake_with(&mut self, app: &str, callback: &Callback) -> Result<Handshake, ControlError> {
        if !self.state.apps.contains_key(app) {
            return Err(ControlError::Unknown { kind: "app", id: app.to_owned() });
        }
        Ok(Handshake::new(callback, &mut self.state.seed))
    }

    /// Forgets what was asked and answered, and tells how many entries that were.
    pub fn clear_journal(&mut self) -> usize {
        self.journal.clear()
    }
}
