use super::{Vector, of_number};

pub(super) fn vectors() -> Vec<Vector> {
    vec![
        // Meta, "user_preferences webhook reference", and "Business-scoped user IDs".
        of_number(
            "user_preferences",
            &["UserPreference"],
            r#"
            "contacts":[{"profile":{"name":"Ana"},"wa_id":"16505551234","user_id":"US.1"}],
            "user_preferences":[{"wa_id":"16505551234","user_id":"US.1","parent_user_id":"US.ENT.1",
                "detail":"User asks for no more marketing messages","category":"marketing_messages","value":"stop",
                "timestamp":1731705721,"signup_id":"s1"}]"#,
        ),
        // Meta, "Business-scoped user IDs", until August 2026.
        of_number(
            "user_id_update",
            &["UserIdUpdate"],
            r#"
            "contacts":[{"profile":{"name":"Ana"},"wa_id":"16505551234"}],
            "user_id_update":[{"wa_id":"16505551234","detail":"Ana has a new id.","user_id":{"previous":"US.1","current":"US.2"},
                "parent_user_id":{"previous":"US.ENT.1","current":"US.ENT.2"},"timestamp":"1700000003"}]"#,
        ),
        // Meta, "messages webhook reference", user actions.
        of_number(
            "messages",
            &["UserAction", "UserAction"],
            r#"
            "user_actions":[
                {"action_type":"marketing_messages_link_click","timestamp":"1750090702","marketing_messages_link_click_data":{
                    "click_component":"CTA","product_id":"sku-7","click_id":"c1","tracking_token":"t1"}},
                {"action_type":"landing_page_view","timestamp":"1750090703"}]"#,
        ),
        // Meta, "automatic_events webhook reference".
        of_number(
            "automatic_events",
            &["AutomaticEvent", "AutomaticEvent"],
            r#"
            "automatic_events":[
                {"id":"wamid.a1","event_name":"Purchase","timestamp":1750090702,"ctwa_clid":"Aff","custom_data":{"currency":"USD",
                    "value":30.5}},
                {"id":"wamid.a2","event_name":"LeadSubmitted","timestamp":1750090703}]"#,
        ),
        // Seen as a test delivery of the dashboard.
        of_number(
            "tracking_events",
            &["TrackingEvent"],
            r#"
            "events":[{"event_name":"sent","timestamp":1750090702,"tracking_data":{"click_id":"c1","tracking_token":"t1"}}]"#,
        ),
    ]
}
