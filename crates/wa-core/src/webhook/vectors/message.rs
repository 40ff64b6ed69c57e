use super::{Vector, of_number};

pub(super) fn vectors() -> Vec<Vector> {
    vec![
        // Meta, "Text messages webhook", and "Business-scoped user IDs".
        of_number(
            "messages",
            &["Message"],
            r#"
            "contacts":[{"profile":{"name":"Ana","username":"ana.k"},"wa_id":"16505551234","user_id":"US.13491208655302741918",
                "parent_user_id":"US.ENT.11815799212886844830","identity_key_hash":"DF2lS5v2W6x="}],
            "messages":[{"from":"16505551234","from_user_id":"US.13491208655302741918",
                "from_parent_user_id":"US.ENT.11815799212886844830","id":"wamid.text","timestamp":"1749416383","type":"text",
                "text":{"body":"Is it open today?"}}]"#,
        ),
        // Meta, "Text messages webhook": a reply, a forwarded message, one that asks about a product. Plain replies: seen in
        // deliveries kept by other projects.
        of_number(
            "messages",
            &["Message", "Message", "Message"],
            r#"
            "messages":[
                {"from":"16505551234","id":"wamid.reply","timestamp":"1749416383","text":{"body":"This one"},"type":"text",
                    "context":{"from":"15550783881","id":"wamid.before"}},
                {"from":"16505551234","id":"wamid.forwarded","timestamp":"1749416384","text":{"body":"Look"},"type":"text",
                    "context":{"forwarded":true,"frequently_forwarded":true}},
                {"from":"16505551234","id":"wamid.product","timestamp":"1749416385","text":{"body":"In red?"},"type":"text",
                    "context":{"from":"15550783881","id":"wamid.shop",
                        "referred_product":{"catalog_id":"194836987003835","product_retailer_id":"sku-7"}}}]"#,
        ),
        // Meta, "Text messages webhook": a message by way of an advertisement. welcome_message: "Ads that click to WhatsApp".
        of_number(
            "messages",
            &["Message"],
            r#"
            "messages":[{"from":"16505551234","id":"wamid.ad","timestamp":"1749416383","type":"text","text":{"body":"Hi"},
                "referral":{"source_url":"https://fb.me/3cr4Wqqkv","source_id":"120226305854810726","source_type":"ad",
                    "headline":"Plants","body":"All kinds","media_type":"video","image_url":"https://scontent.xx.fbcdn.net/1",
                    "video_url":"https://scontent.xx.fbcdn.net/2","thumbnail_url":"https://scontent.xx.fbcdn.net/3",
                    "ctwa_clid":"Aff-n8ZTODiE79d22KtAwQKj9e","welcome_message":{"text":"How can we help?"}}}]"#,
        ),
        // Meta, "Group messages webhook".
        of_number(
            "messages",
            &["Message"],
            r#"
            "messages":[{"from":"16505551234","group_id":"Y2FwaV9ncm91cDox","id":"wamid.group","timestamp":"1749416383",
                "type":"text","text":{"body":"Hello all"}}]"#,
        ),
        // Meta, "Image messages webhook", and the pages of the other kinds of media.
        of_number(
            "messages",
            &["Message", "Message", "Message", "Message", "Message"],
            r#"
            "messages":[
                {"from":"16505551234","id":"wamid.image","timestamp":"1749416383","type":"image","image":{"caption":"Here",
                    "mime_type":"image/jpeg","sha256":"SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI=","id":"1003383421387256",
                    "url":"https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1003383421387256"}},
                {"from":"16505551234","id":"wamid.video","timestamp":"1749416384","type":"video","video":{"caption":"A film",
                    "mime_type":"video/mp4","sha256":"SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI=","id":"1003383421387257"}},
                {"from":"16505551234","id":"wamid.document","timestamp":"1749416385","type":"document","document":{
                    "caption":"The bill","filename":"bill.pdf","mime_type":"application/pdf",
                    "sha256":"SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI=","id":"1003383421387258"}},
                {"from":"16505551234","id":"wamid.audio","timestamp":"1749416386","type":"audio","audio":{
                    "mime_type":"audio/ogg; codecs=opus","sha256":"SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI=",
                    "id":"1003383421387259","voice":true}},
                {"from":"16505551234","id":"wamid.sticker","timestamp":"1749416387","type":"sticker","sticker":{
                    "mime_type":"image/webp","sha256":"SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI=",
                    "id":"1003383421387260","animated":false}}]"#,
        ),
        // Meta, "Location messages webhook".
        of_number(
            "messages",
            &["Message"],
            r#"
            "messages":[{"from":"16505551234","id":"wamid.location","timestamp":"1749416383","type":"location","location":{
                "latitude":37.4853,"longitude":-122.1478,"name":"The office","address":"1 Hacker Way, Menlo Park",
                "url":"https://example.com/office"}}]"#,
        ),
        // Meta, "Contacts messages webhook". origin and vcard: "Business-scoped user IDs".
        of_number(
            "messages",
            &["Message"],
            r#"
            "messages":[{"from":"16505551234","id":"wamid.contacts","timestamp":"1749416383","type":"contacts",
                "origin":"contact_request","contacts":[{
                    "name":{"formatted_name":"Dr. Ana B. Kos Jr.","first_name":"Ana","middle_name":"B.","last_name":"Kos",
                        "prefix":"Dr.","suffix":"Jr."},
                    "phones":[{"phone":"+1 650-555-9999","wa_id":"16505559999","type":"MOBILE"},{"phone":"112"}],
                    "emails":[{"email":"ana@example.com","type":"WORK"}],
                    "urls":[{"url":"https://example.com","type":"WORK"}],
                    "addresses":[{"street":"1 Main St","city":"Menlo Park","state":"CA","zip":"94025","country":"United States",
                        "country_code":"US","type":"HOME"}],
                    "org":{"company":"Kos Ltd","department":"Sales","title":"Head"},
                    "birthday":"1990-04-01","vcard":"BEGIN:VCARD\nEND:VCARD","origin":"contact_request"}]}]"#,
        ),
        // Meta, "Reaction messages webhook": a reaction, and its removal.
        of_number(
            "messages",
            &["Message", "Message"],
            r#"
            "messages":[
                {"from":"16505551234","id":"wamid.reaction","timestamp":"1749416383","type":"reaction",
                    "reaction":{"message_id":"wamid.before","emoji":"\uD83D\uDC4D"}},
                {"from":"16505551234","id":"wamid.removal","timestamp":"1749416384","type":"reaction",
                    "reaction":{"message_id":"wamid.before"}}]"#,
        ),
        // Meta, "Button messages webhook".
        of_number(
            "messages",
            &["Message"],
            r#"
            "messages":[{"context":{"from":"15550783881","id":"wamid.template"},"from":"16505551234","id":"wamid.button",
                "timestamp":"1749416383","type":"button","button":{"payload":"Unsubscribe","text":"Unsubscribe"}}]"#,
        ),
        // Meta, "Interactive messages webhook": a button and a row; "Receiving flow response"; "Address messages"; "Obtain user
        // call permissions".
        of_number(
            "messages",
            &["Message", "Message", "Message", "Message", "Message"],
            r#"
            "messages":[
                {"context":{"from":"15550783881","id":"wamid.before"},"from":"16505551234","id":"wamid.press",
                    "timestamp":"1749416383","type":"interactive","interactive":{"type":"button_reply",
                        "button_reply":{"id":"cancel-button","title":"Cancel"}}},
                {"context":{"from":"15550783881","id":"wamid.before"},"from":"16505551234","id":"wamid.row",
                    "timestamp":"1749416384","type":"interactive","interactive":{"type":"list_reply",
                        "list_reply":{"id":"express","title":"Express","description":"Next day"}}},
                {"context":{"from":"15550783881","id":"wamid.before"},"from":"16505551234","id":"wamid.flow",
                    "timestamp":"1749416385","type":"interactive","interactive":{"type":"nfm_reply",
                        "nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"flow_token\":\"t\",\"seats\":2}"}}},
                {"context":{"from":"15550783881","id":"wamid.before"},"from":"16505551234","id":"wamid.address",
                    "timestamp":"1749416386","type":"interactive","interactive":{"type":"nfm_reply",
                        "nfm_reply":{"name":"address_message","body":"Ana\n1 Main St",
                            "response_json":"{\"saved_address_id\":\"a1\",\"values\":{\"name\":\"Ana\"}}"}}},
                {"context":{"from":"15550783881","id":"wamid.before"},"from":"16505551234","id":"wamid.permission",
                    "timestamp":"1749416387","type":"interactive","interactive":{"type":"call_permission_reply",
                        "call_permission_reply":{"response":"accept","is_permanent":false,"expiration_timestamp":1749502787,
                            "response_source":"user_action"}}}]"#,
        ),
        // Meta, "Order messages webhook".
        of_number(
            "messages",
            &["Message"],
            r#"
            "messages":[{"from":"16505551234","id":"wamid.order","timestamp":"1749416383","type":"order","order":{
                "catalog_id":"194836987003835","text":"Please gift-wrap","product_items":[
                    {"product_retailer_id":"sku-7","quantity":2,"item_price":30.5,"currency":"USD"},
                    {"product_retailer_id":"sku-8","quantity":1,"item_price":25,"currency":"USD"}]}}]"#,
        ),
        // Meta, "System messages webhook", and "Business-scoped user IDs". previous_user_id: told by several clients.
        of_number(
            "messages",
            &["Message", "Message"],
            r#"
            "messages":[
                {"from":"16505551234","id":"wamid.number","timestamp":"1750269342","type":"system","system":{
                    "body":"User Ana changed from 16505551234 to 12195555358","wa_id":"12195555358","type":"user_changed_number",
                    "user_id":"US.24817305912873645029","parent_user_id":"US.ENT.11815799212886844830"}},
                {"id":"wamid.id","timestamp":"1750269343","type":"system","system":{
                    "body":"User Ana changed from US.13491208655302741918 to US.24817305912873645029",
                    "user_id":"US.24817305912873645029","previous_user_id":"US.13491208655302741918",
                    "parent_user_id":"US.ENT.2","previous_parent_user_id":"US.ENT.1","type":"user_changed_user_id"}}]"#,
        ),
        // Told by several clients: the forms of older versions.
        of_number(
            "messages",
            &["Message"],
            r#"
            "messages":[
                {"from":"16505551234","id":"wamid.identity","timestamp":"1602532300","type":"system",
                    "identity":{"acknowledged":true,"created_timestamp":1602532300000,"hash":"Sjvjlx8G6Z0="},
                    "system":{"body":"Ana has a new phone","identity":"Sjvjlx8G6Z0=","wa_id":"16505551234",
                        "type":"customer_identity_changed","customer":"16505551234"}}]"#,
        ),
        // Meta, "Unsupported messages webhook". Without the object `unsupported`, and as `unknown`: seen in deliveries kept by
        // other projects.
        of_number(
            "messages",
            &["Message", "Message", "Message"],
            r#"
            "messages":[
                {"from":"16505551234","id":"wamid.poll","timestamp":"1750090702","type":"unsupported",
                    "unsupported":{"type":"poll_creation","raw_type":"poll"},
                    "errors":[{"code":131051,"title":"Message type unknown","message":"Message type unknown",
                        "error_data":{"details":"Message type is currently not supported."}}]},
                {"from":"16505551234","id":"wamid.bare","timestamp":"1750090703","type":"unsupported",
                    "errors":[{"code":131060,"title":"This message is currently unavailable."}]},
                {"from":"16505551234","id":"wamid.unknown","timestamp":"1750090704","type":"unknown",
                    "errors":[{"code":501,"title":"Unknown message type","details":"Message type is not currently supported"}]}]"#,
        ),
        // Meta, "Onboarding WhatsApp Business app users": changing and taking back.
        of_number(
            "messages",
            &["Message", "Message"],
            r#"
            "messages":[
                {"from":"16505551234","id":"wamid.edit","timestamp":"1750090702","type":"edit","edit":{
                    "original_message_id":"wamid.before","message":{"context":{"id":"wamid.first"},"type":"image",
                        "image":{"id":"1003383421387256","mime_type":"image/jpeg","sha256":"SfIn=","caption":"Better"}}}},
                {"from":"16505551234","id":"wamid.revoke","timestamp":"1750090703","type":"revoke","revoke":{
                    "original_message_id":"wamid.before"}}]"#,
        ),
        // Meta, "Conversational components", until March 2026.
        of_number(
            "messages",
            &["Message"],
            r#"
            "messages":[{"from":"16505551234","id":"wamid.welcome","timestamp":"1750090702","type":"request_welcome"}]"#,
        ),
        // Meta, "messages webhook reference", errors.
        of_number(
            "messages",
            &["Failure"],
            r#"
            "errors":[{"code":130429,"title":"Rate limit hit","message":"Rate limit hit",
                "error_data":{"details":"Too many messages were sent from this number."},
                "href":"https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"}]"#,
        ),
        // Ours: a kind that nobody knows.
        of_number(
            "messages",
            &["Message"],
            r#"
            "messages":[{"from":"16505551234","id":"wamid.new","timestamp":"1750090702","type":"hologram",
                "hologram":{"depth":[1,{"unit":"cm"}]}}]"#,
        ),
    ]
}
