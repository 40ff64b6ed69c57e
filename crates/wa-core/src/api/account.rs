//! WhatsApp Business Accounts: their numbers, and who receives their webhooks.

mod numbers;
mod subscription;

pub use numbers::{AddNumber, ListNumbers, NumberAdded, NumberFilter, NumberOrder};
pub use subscription::{App, ListSubscriptions, Subscribe, Subscribed, SubscribedApp, Unsubscribe};
