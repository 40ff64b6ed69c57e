use super::{Vector, of_number, vector};

// No real delivery of these was found kept anywhere: all of it is from Meta's pages.
pub(super) fn vectors() -> Vec<Vector> {
    vec![
        // Meta, "messaging_handovers webhook reference".
        vector(
            "messaging_handovers",
            &["Handover"],
            r#"{
            "recipient":{"display_phone_number":"15550783881","phone_number_id":"106540352242922"},
            "sender":{"phone_number":"16505551234","user_id":"US.1"},"timestamp":"1750090702","type":"control_passed",
            "control_passed":{"previous_owner_app_id":"637999999999999","previous_owner_role":"ai_agent",
                "new_owner_app_id":"637999999999998","new_owner_role":"escalation","metadata":"asked for a person",
                "conversation_context":{"type":"summary","summary":{"text":"Wants a refund."}}}}"#,
        ),
        vector(
            "messaging_handovers",
            &["Handover"],
            r#"{"recipient":{"phone_number_id":"106540352242922"},
            "timestamp":1750090702,"type":"control_taken","control_taken":{"previous_owner_app_id":"637999999999999",
            "new_owner_app_id":"637999999999998"}}"#,
        ),
        // Meta, "standby webhook reference".
        of_number(
            "standby",
            &["StandbyMessage", "StandbyStatus", "StandbyEcho"],
            r#"
            "standby":{"contacts":[{"profile":{"name":"Ana"},"wa_id":"16505551234"}],
                "messages":[{"from":"16505551234","id":"wamid.s1","timestamp":"1750090702","type":"text","text":{"body":"Hi"}}],
                "statuses":[{"id":"wamid.s2","status":"read","timestamp":"1750090703","recipient_id":"16505551234"}],
                "message_echoes":[{"id":"wamid.s3","timestamp":"1750090704","message":{"text":"Hello"},
                    "template":{"name":"welcome"},"flow":{"id":"1"}}]}"#,
        ),
        of_number("standby", &["Other"], r#""standby":{}"#),
        // Meta, "messages webhook reference", September 2026.
        of_number(
            "messages",
            &["Message", "ConversationContext"],
            r#"
            "messages":[{"from":"16505551234","id":"wamid.c","timestamp":"1750090702","type":"text","text":{"body":"Hi"}}],
            "conversation_context":{"type":"summary","summary":{"text":"Wants a refund."}}"#,
        ),
    ]
}
