use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    RemovedMember, State,
    calls::{Answer, Call},
    error_style::{Reason, Refusal},
};

pub(crate) fn set(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let params = call.params;
    params.only(&["enable_welcome_message", "prompts", "commands"])?;
    let welcome = params.flag("enable_welcome_message")?;
    // Meta's changelog: removed on 27 March 2026.
    let removed = call.state.rules.welcome_message;
    if welcome.is_some() && removed == RemovedMember::Refused {
        return Err(Refusal::invalid("Unexpected key \"enable_welcome_message\""));
    }
    let prompts = params.list("prompts")?.unwrap_or_default();
    let commands = params.list("commands")?.unwrap_or_default();
    // Four on Meta's page, three in its description.
    if prompts.len() > 4 {
        return Err(Refusal::invalid("Too many prompts provided. Maximum allowed is 4"));
    }
    if prompts.iter().any(|prompt| prompt.as_str().is_none_or(|text| text.chars().count() > 80)) {
        return Err(Refusal::invalid("Prompt text exceeds maximum length of 80 characters"));
    }
    if commands.len() > 30 {
        return Err(Refusal::invalid("Too many commands provided. Maximum allowed is 30"));
    }
    let mut names = BTreeSet::new();
    for command in &commands {
        let (name, description) = (text_of(command, "command_name")?, text_of(command, "command_description")?);
        let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !is_word || !(1..=32).contains(&name.len()) {
            return Err(Refusal::invalid("Invalid command name format"));
        }
        if description.chars().count() > 256 {
            return Err(Refusal::invalid("A command description has at most 256 characters"));
        }
        if !names.insert(name) {
            return Err(Refusal::new(Reason::CommandTwice, "Command names must be unique"));
        }
    }
    let State { rules, numbers, now, .. } = &*call.state;
    let number = numbers.get(call.node).filter(|number| number.is_owned(rules, *now));
    if number.is_none() {
        return Err(Refusal::new(Reason::AutomationUnverified, "The number must be verified first"));
    }
    let mut automation = json!({"prompts": prompts, "commands": commands});
    if removed == RemovedMember::Taken {
        automation["enable_welcome_message"] = welcome.unwrap_or(false).into();
    }
    call.number()?.automation = Some(automation);
    Ok(Answer::success())
}

fn text_of<'a>(command: &'a Value, name: &str) -> Result<&'a str, Refusal> {
    let missing = || Refusal::invalid(format!("The parameter commands[].{name} is required"));
    command.get(name).and_then(Value::as_str).ok_or_else(missing)
}
