use super::{Vector, of_number};

pub(super) fn vectors() -> Vec<Vector> {
    vec![
        // Meta, "smb_message_echoes webhook reference", and "Business-scoped user IDs".
        of_number(
            "smb_message_echoes",
            &["Echo"],
            r#"
            "contacts":[{"wa_id":"16505551234","user_id":"US.1"}],
            "message_echoes":[{"from":"15550783881","to":"16505551234","to_user_id":"US.1","to_parent_user_id":"US.ENT.1",
                "id":"wamid.echo","timestamp":"1739321024","type":"text","text":{"body":"It is open"},
                "context":{"from":"16505551234","id":"wamid.before"}}]"#,
        ),
        // Seen in deliveries kept by other projects: changed and taken back in the app.
        of_number(
            "smb_message_echoes",
            &["Echo", "Echo"],
            r#"
            "message_echoes":[
                {"from":"15550783881","to":"16505551234","id":"wamid.e","timestamp":"1739321024","type":"edit","edit":{
                    "original_message_id":"wamid.echo","message":{"context":{"id":"c"},"type":"text","text":{"body":"Open"}}}},
                {"from":"15550783881","to":"16505551234","id":"wamid.r","timestamp":"1739321025","type":"revoke","revoke":{
                    "original_message_id":"wamid.echo"}}]"#,
        ),
        // Seen as a test delivery of the dashboard.
        of_number(
            "message_echoes",
            &["Echo"],
            r#"
            "message_echoes":[{"from":"15550783881","to":"16505551234","id":"wamid.bot","timestamp":"1739321024",
                "message_creation_type":"created_by_1p_bot","type":"text","text":{"body":"Hello"}}]"#,
        ),
        // Meta, "history webhook reference", and "Business-scoped user IDs".
        of_number(
            "history",
            &["History"],
            r#"
            "history":[{"metadata":{"phase":0,"chunk_order":1,"progress":55},"threads":[
                {"id":"16505551234","context":{"wa_id":"16505551234","user_id":"US.1","parent_user_id":"US.ENT.1",
                    "username":"ana.k"},"messages":[
                    {"from":"16505551234","from_user_id":"US.1","from_parent_user_id":"US.ENT.1","id":"wamid.h1",
                        "timestamp":"1739230955","type":"text","text":{"body":"Hi"},"history_context":{"status":"READ"}},
                    {"from":"15550783881","to":"16505551234","to_user_id":"US.1","to_parent_user_id":"US.ENT.1","id":"wamid.h2",
                        "timestamp":"1739230970","type":"media_placeholder","history_context":{"status":"PLAYED"},
                        "context":{"id":"wamid.h1"}},
                    {"from":"16505551234","id":"wamid.h3","timestamp":"1739230971","type":"errors",
                        "errors":[{"code":131051,"title":"Unsupported"}],"history_context":{"status":"ERROR"},
                        "referral":{"source_type":"ad"}}]}]}]"#,
        ),
        // Meta, "history webhook reference": no history is shared.
        of_number(
            "history",
            &["History"],
            r#"
            "history":[{"errors":[{"code":2593109,"title":"No history is shared","message":"No history is shared",
                "error_data":{"details":"The business has turned it off"}}]}]"#,
        ),
        // Meta, "history webhook reference": the file of an earlier message. As echoes: seen in deliveries kept by other projects.
        of_number(
            "history",
            &["HistoryMessage", "HistoryMessage"],
            r#"
            "contacts":[{"profile":{"name":"Ana"},"wa_id":"16505551234"}],
            "messages":[{"from":"16505551234","id":"wamid.h2","timestamp":"1739230955","type":"image","image":{
                "caption":"Here","mime_type":"image/jpeg","sha256":"3f9d94d399fa61c191bc1d4ca71375a035cdc9f5","id":"24230790383178626"}}],
            "message_echoes":[{"from":"15550783881","to":"16505551234","id":"wamid.h4","timestamp":"1739230956","type":"video",
                "video":{"mime_type":"video/mp4","sha256":"3f9d","id":"24230790383178627"}}]"#,
        ),
        // Meta, "smb_app_state_sync webhook reference", and "Business-scoped user IDs".
        of_number(
            "smb_app_state_sync",
            &["StateSync", "StateSync"],
            r#"
            "state_sync":[
                {"type":"contact","contact":{"full_name":"Ana Kos","first_name":"Ana","phone_number":"16505551234",
                    "user_id":"US.1","parent_user_id":"US.ENT.1","username":"ana.k"},"action":"add",
                    "metadata":{"timestamp":"1739321024"}},
                {"type":"contact","contact":{"phone_number":"16505551235"},"action":"remove",
                    "metadata":{"timestamp":"1739321025"}}]"#,
        ),
    ]
}
