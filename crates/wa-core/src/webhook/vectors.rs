//! What the service delivers, by field: the members are those of its pages, the values are ours.

mod account;
mod call;
mod coexistence;
mod group;
mod handover;
mod message;
mod number;
mod status;
mod template;
mod user;

/// The value of a change.
pub(super) struct Vector {
    pub(super) field: &'static str,
    /// The variants of the events that it tells.
    pub(super) events: &'static [&'static str],
    pub(super) value: String,
}

pub(super) fn all() -> Vec<Vector> {
    let families = [
        account::vectors(),
        call::vectors(),
        coexistence::vectors(),
        group::vectors(),
        handover::vectors(),
        message::vectors(),
        number::vectors(),
        status::vectors(),
        template::vectors(),
        user::vectors(),
    ];
    families.into_iter().flatten().collect()
}

/// A value of an account's field.
fn vector(field: &'static str, event: &'static [&'static str], value: &str) -> Vector {
    Vector { field, events: event, value: value.to_owned() }
}

/// A value of a number's field: with the product and the number before these members.
fn of_number(field: &'static str, events: &'static [&'static str], members: &str) -> Vector {
    let number = r#""metadata":{"display_phone_number":"15550783881","phone_number_id":"106540352242922"}"#;
    Vector { field, events, value: format!(r#"{{"messaging_product":"whatsapp",{number},{members}}}"#) }
}
