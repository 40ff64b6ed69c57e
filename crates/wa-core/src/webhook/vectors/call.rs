use super::{Vector, of_number};

pub(super) fn vectors() -> Vec<Vector> {
    vec![
        // Meta, "User-initiated calls": the call begins.
        of_number(
            "calls",
            &["Call"],
            r#"
            "contacts":[{"profile":{"name":"Ana","username":"ana.k"},"wa_id":"16505551234","user_id":"US.13491208655302741918"}],
            "calls":[{"id":"wacid.1","to":"15550783881","from":"16505551234","from_user_id":"US.13491208655302741918",
                "from_parent_user_id":"US.ENT.11815799212886844830","event":"connect","timestamp":"1762216151",
                "direction":"USER_INITIATED","deeplink_payload":"spring","cta_payload":"button 1",
                "session":{"sdp_type":"offer","sdp":"v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n"}}]"#,
        ),
        // Meta, "User-initiated calls" and "Business-initiated calls": the call ends. "Completed": the same page elsewhere.
        of_number(
            "calls",
            &["Call", "Call"],
            r#"
            "calls":[
                {"id":"wacid.1","to":"15550783881","from":"16505551234","event":"terminate","timestamp":"1762216160",
                    "direction":"USER_INITIATED","status":"COMPLETED","start_time":"1762216152","end_time":"1762216159",
                    "duration":7,"biz_opaque_callback_data":"case 7"},
                {"id":"wacid.2","from":"15550783881","to":"16505551234","to_user_id":"US.13491208655302741918",
                    "to_parent_user_id":"US.ENT.11815799212886844830","event":"terminate","timestamp":"1762216160",
                    "direction":"BUSINESS_INITIATED","status":"Failed",
                    "errors":[{"code":138021,"title":"Call failed","message":"No media","error_data":{"details":"Timed out"}}]}]"#,
        ),
        // Meta, "Call recording and transcription".
        of_number(
            "calls",
            &["Call", "Call", "Call"],
            r#"
            "calls":[
                {"id":"wacid.3","event":"call_created","timestamp":"1762216150","direction":"BUSINESS_INITIATED"},
                {"id":"wacid.3","event":"call_recording_available","timestamp":"1762216200","direction":"USER_INITIATED",
                    "call_recording":{"type":"audio","audio":{"id":"1003383421387256","mime_type":"audio/ogg","sha256":"SfIn=",
                        "url":"https://lookaside.fbsbx.com/1"}}},
                {"id":"wacid.3","event":"call_transcription_available","timestamp":"1762216201","direction":"USER_INITIATED",
                    "call_transcript":{"document":{"id":"1003383421387257","mime_type":"application/json","sha256":"SfIn=",
                        "url":"https://lookaside.fbsbx.com/2"}}}]"#,
        ),
        // Meta, "Business-initiated calls": how far a call has come.
        of_number(
            "calls",
            &["CallStatus", "CallStatus"],
            r#"
            "statuses":[
                {"id":"wacid.2","type":"call","status":"RINGING","timestamp":"1762216151","recipient_id":"16505551234",
                    "recipient_user_id":"US.13491208655302741918","recipient_parent_user_id":"US.ENT.11815799212886844830"},
                {"id":"wacid.2","type":"call","status":"ACCEPTED","timestamp":"1762216152","recipient_id":"16505551234",
                    "biz_opaque_callback_data":"case 7"}]"#,
        ),
        // Meta, "Calling API error codes": errors by themselves.
        of_number(
            "calls",
            &["Failure"],
            r#""errors":[{"code":138000,"title":"Calling is not on","message":"Calling is not on",
            "href":"https://developers.facebook.com/","error_data":{"details":"Switch it on."}}]"#,
        ),
    ]
}
