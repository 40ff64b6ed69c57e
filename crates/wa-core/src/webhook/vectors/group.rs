use super::{Vector, of_number};

// No delivery of a group was found kept anywhere: all of it is from Meta's page.
pub(super) fn vectors() -> Vec<Vector> {
    vec![
        // Meta, "Webhooks for Groups API": made, not made, deleted.
        of_number(
            "group_lifecycle_update",
            &["Group", "Group", "Group"],
            r#"
            "groups":[
                {"timestamp":"1750090702","group_id":"Y2FwaV9ncm91cDox","type":"group_create","request_id":"r1","subject":"Plants",
                    "description":"All kinds","invite_link":"https://chat.whatsapp.com/AbC","join_approval_mode":"auto_approve"},
                {"timestamp":"1750090703","type":"group_create","request_id":"r2","subject":"Plants","description":"All kinds",
                    "errors":[{"code":131215,"title":"Groups are not on","message":"Groups are not on",
                        "error_data":{"details":"Not eligible"}}]},
                {"timestamp":"1750090704","group_id":"Y2FwaV9ncm91cDox","type":"group_delete","request_id":"r3"}]"#,
        ),
        // Meta, "Webhooks for Groups API": joined, left, not all removed; and "Business-scoped user IDs".
        of_number(
            "group_participants_update",
            &["Group", "Group"],
            r#"
            "contacts":[{"profile":{"name":"Ana","username":"ana.k"},"wa_id":"16505551234","user_id":"US.1"}],
            "groups":[
                {"timestamp":"1750090702","group_id":"Y2FwaV9ncm91cDox","type":"group_participants_add","reason":"invite_link",
                    "request_id":"r4","added_participants":[{"wa_id":"16505551234","user_id":"US.1","parent_user_id":"US.ENT.1",
                        "username":"ana.k"}]},
                {"timestamp":"1750090703","group_id":"Y2FwaV9ncm91cDox","type":"group_participants_remove","request_id":"r5",
                    "initiated_by":"business","removed_participants":[{"input":"+16505551234","wa_id":"16505551234"}],
                    "failed_participants":[{"input":"US.2","user_id":"US.2","errors":[{"code":131204,"title":"Not there",
                        "message":"Not there","error_data":{"details":"No participant"}}]}],
                    "errors":[{"code":131201,"title":"Not all","message":"Not all"}]}]"#,
        ),
        // Meta, "Webhooks for Groups API": requests to join. The other name of the field: Meta's API description v23.0.
        of_number(
            "group_participant_update",
            &["Group", "Group"],
            r#"
            "groups":[
                {"timestamp":"1750090702","group_id":"Y2FwaV9ncm91cDox","type":"group_join_request_created","join_request_id":"j1",
                    "wa_id":"16505551234","user_id":"US.1","parent_user_id":"US.ENT.1","username":"ana.k"},
                {"timestamp":"1750090703","group_id":"Y2FwaV9ncm91cDox","type":"group_join_request_revoked","join_request_id":"j1",
                    "wa_id":"16505551234"}]"#,
        ),
        // Meta, "Webhooks for Groups API": settings, of which one could not be changed.
        of_number(
            "group_settings_update",
            &["Group"],
            r#"
            "groups":[{"timestamp":"1750090702","group_id":"Y2FwaV9ncm91cDox","type":"group_settings_update","request_id":"r6",
                "profile_picture":{"mime_type":"image/jpeg","sha256":"SfIn=","update_successful":true},
                "group_subject":{"text":"Plants","update_successful":true},
                "group_description":{"text":"All","update_successful":false,"errors":[{"code":131208,"title":"Too long",
                    "message":"Too long","error_data":{"details":"Shorten it"}}]}}]"#,
        ),
        // Meta, "Webhooks for Groups API": suspended, and no more.
        of_number(
            "group_status_update",
            &["Group", "Group"],
            r#"
            "groups":[
                {"timestamp":"1750090702","group_id":"Y2FwaV9ncm91cDox","type":"group_suspend"},
                {"timestamp":"1750090703","group_id":"Y2FwaV9ncm91cDox","type":"group_suspend_cleared"}]"#,
        ),
    ]
}
