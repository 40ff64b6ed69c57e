mod account;
mod authorization;
mod block_list;
mod calling;
mod flow;
mod group;
mod messaging;
mod number;
mod onboarding;
mod registration;
mod request;
mod template;
mod throttling;
mod verification;

use super::meaning::Meaning;

pub(super) static GROUPS: &[&[Meaning]] = &[
    authorization::ROWS,
    request::ROWS,
    throttling::ROWS,
    registration::ROWS,
    verification::ROWS,
    number::ROWS,
    messaging::ROWS,
    template::ROWS,
    flow::ROWS,
    group::ROWS,
    calling::ROWS,
    block_list::ROWS,
    account::ROWS,
    onboarding::ROWS,
];
