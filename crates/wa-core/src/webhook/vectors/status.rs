use super::{Vector, of_number};

pub(super) fn vectors() -> Vec<Vector> {
    vec![
        // Meta, "Status messages webhook", and "Business-scoped user IDs".
        of_number(
            "messages",
            &["Status"],
            r#"
            "contacts":[{"profile":{"name":"Ana","username":"ana.k"},"wa_id":"16505551234","user_id":"US.13491208655302741918"}],
            "statuses":[{"id":"wamid.sent","status":"sent","timestamp":"1750030073","recipient_id":"16505551234",
                "recipient_user_id":"US.13491208655302741918","recipient_parent_user_id":"US.ENT.11815799212886844830",
                "recipient_identity_key_hash":"DF2lS5v2W6x=","biz_opaque_callback_data":"order 7","template_id":"1689556908129832",
                "conversation":{"id":"72b1","expiration_timestamp":"1750116480","origin":{"type":"marketing"}},
                "pricing":{"billable":true,"pricing_model":"PMP","type":"regular","category":"marketing","subtype":"lite"}}]"#,
        ),
        // Meta, "Status messages webhook". played: "Audio messages".
        of_number(
            "messages",
            &["Status", "Status", "Status", "Status"],
            r#"
            "statuses":[
                {"id":"wamid.1","status":"delivered","timestamp":"1750030074","recipient_id":"16505551234",
                    "pricing":{"billable":false,"pricing_model":"PMP","type":"free_customer_service","category":"utility"}},
                {"id":"wamid.1","status":"read","timestamp":"1750030075","recipient_user_id":"US.13491208655302741918"},
                {"id":"wamid.1","status":"played","timestamp":"1750030076","recipient_id":"16505551234"},
                {"id":"wamid.2","status":"failed","timestamp":"1750030077","recipient_id":"16505551234",
                    "errors":[{"code":131049,"title":"Not delivered","message":"Not delivered",
                        "error_data":{"details":"Held back"},"href":"/documentation/error-codes"}]}]"#,
        ),
        // Meta, "Group messages webhook" and "Group status webhook". participant_recipient_id: the same page elsewhere.
        of_number(
            "messages",
            &["Status"],
            r#"
            "statuses":[{"id":"wamid.3","status":"delivered","timestamp":"1750030074","recipient_id":"Y2FwaV9ncm91cDox",
                "recipient_type":"group","recipient_participant_id":"16505551234",
                "recipient_participant_user_id":"US.13491208655302741918",
                "recipient_participant_parent_user_id":"US.ENT.11815799212886844830",
                "pricing":{"billable":"true","pricing_model":"PMP","type":"regular","category":"group_marketing"}}]"#,
        ),
        // Seen in deliveries kept by other projects: of 2023, without a price.
        of_number(
            "messages",
            &["Status", "Status"],
            r#"
            "statuses":[
                {"id":"wamid.4","status":"deleted","timestamp":"1680000000","recipient_id":"16505551234"},
                {"id":"wamid.5","status":"sent","timestamp":"1680000000","recipient_id":"16505551234",
                    "conversation":{"id":"72b1","origin":{"type":"user_initiated"}},
                    "pricing":{"billable":true,"pricing_model":"CBP","category":"authentication-international"}}]"#,
        ),
        // Told by several clients: payments in India and Brazil. refunds: told by a provider.
        of_number(
            "messages",
            &["Status"],
            r#"
            "contacts":[{"wa_id":"919000000000","profile":{"name":"Ana"}}],
            "statuses":[{"id":"wamid.6","from":"919000000000","type":"payment","status":"captured","timestamp":"1746500005",
                "payment":{"reference_id":"order-7","amount":{"value":21000,"offset":100},"currency":"INR",
                    "receipt":"r1","notes":{"gift":"yes"},
                    "transaction":{"id":"order_Sdrc","pg_transaction_id":"pay_1","type":"razorpay","status":"success",
                        "amount":{"value":21000,"offset":100},"currency":"INR",
                        "created_timestamp":1746500000,"updated_timestamp":1746500005,"method":{"type":"upi"},
                        "error":{"code":"E1","reason":"bank"},
                        "refunds":[{"id":"rfnd_1","amount":{"value":100,"offset":100},"speed_processed":"normal",
                            "status":"completed","created_timestamp":1746500010,"updated_timestamp":1746500011}]}}}]"#,
        ),
    ]
}
