//! What reading, listing, changing and deleting templates sends and reads.

use std::time::Duration;

use serde_json::json;
use wa_types::{
    ParameterFormat, QualityRating, TemplateCategory, TemplateField, TemplateId, TemplateRejection, TemplateStatus,
};

use super::*;
use crate::{
    Paged,
    testing::{self, Vector},
};

const LIST: &str = "GET /{Version}/{WABA-ID}/message_templates";
const DELETE: &str = "DELETE /{Version}/{WABA-ID}/message_templates";
const READ: &str = "GET /{Version}/{TEMPLATE_ID}";
const EDIT: &str = "POST /{Version}/{TEMPLATE_ID}";

/// Of what Meta's pages show, the description has one sample.
const REDUCED: &str = "the description knows only the members of one of its examples";

// Meta, "Template management", its example requests.
#[test]
fn lists_templates() {
    let account = testing::account();
    Vector::at(LIST, &ListTemplates::new(&account)).builds("GET /v23.0/102290129340398/message_templates", "");
    let fields = [TemplateField::Name, TemplateField::Category, TemplateField::Status];
    let list = ListTemplates::new(&account).fields(fields).filter(TemplateFilter::Status(TemplateStatus::Approved));
    let line =
        "GET /v23.0/102290129340398/message_templates?fields=name,category,status&status=APPROVED&limit=5&after=MjQZD";
    Vector::at(LIST, &list.limit(5).after("MjQZD"))
        .differs_from_description(REDUCED, "query fields: is not described")
        .differs_from_description(REDUCED, "query status: is not described")
        .differs_from_description(REDUCED, "query limit: is not described")
        .differs_from_description(REDUCED, "query after: is not described")
        .builds(line, "");
    testing::reads_examples::<ListTemplates<'_>>(LIST);
}

// Meta, Graph API reference, "WhatsApp Business Account > Message Templates": the parameters of the reading call.
#[test]
fn lists_what_passes_filters() {
    let account = testing::account();
    let mut list = ListTemplates::new(&account);
    for filter in [
        TemplateFilter::Name("order".into()),
        TemplateFilter::Content("hi & bye".into()),
        TemplateFilter::NameOrContent("x".into()),
        TemplateFilter::Category(TemplateCategory::Utility),
        TemplateFilter::Language("en_US".into()),
        TemplateFilter::Quality(QualityRating::Green),
    ] {
        list = list.filter(filter);
    }
    let request = testing::config().request(&list).unwrap();
    assert_eq!(
        request.uri().query().unwrap(),
        "name=order&content=hi%20%26%20bye&name_or_content=x&category=UTILITY&language=en_US&quality_score=GREEN"
    );
    Vector::at(LIST, &CountTemplates::new(&account))
        .differs_from_description(REDUCED, "query fields: is not described")
        .differs_from_description(REDUCED, "query summary: is not described")
        .differs_from_description(REDUCED, "query limit: is not described")
        .builds(
            "GET /v23.0/102290129340398/message_templates?fields=id\
             &summary=total_count,message_template_count,message_template_limit&limit=1",
            "",
        );
    let counts = testing::read::<CountTemplates<'_>>(
        r#"{"data":[{"id":"1"}],"summary":{"total_count":14,"message_template_count":14,"message_template_limit":"6000"}}"#,
    );
    assert_eq!((counts.summary.total_count, counts.summary.message_template_limit), (Some(14), Some(6_000)));
}

// Meta, Graph API reference, "WhatsApp Business HSM": the call and its fields.
#[test]
fn reads_a_template() {
    let id = TemplateId::new("1387372356726668").unwrap();
    Vector::at(READ, &ReadTemplate::new(&id)).builds("GET /v23.0/1387372356726668", "");
    let read = ReadTemplate::new(&id).fields([TemplateField::QualityScore, TemplateField::RejectedReason]);
    Vector::at(READ, &read)
        .differs_from_description(REDUCED, "query fields: is not described")
        .builds("GET /v23.0/1387372356726668?fields=quality_score,rejected_reason", "");
    testing::reads_examples::<ReadTemplate<'_>>(READ);
}

// Meta, "Template management", the second template of its first example response, and the fields of "WhatsApp Business HSM".
#[test]
fn what_is_read_keeps_all_that_is_known_and_all_that_is_not() {
    let json = json!({
        "name": "coupon_expiration_reminder_number_vars", "parameter_format": "POSITIONAL",
        "components": [
            {"type": "HEADER", "format": "TEXT", "text": "Act fast, {{1}}!", "example": {"header_text": ["Pablo"]}},
            {"type": "BODY", "text": "Your code, {{1}}, *expires in only {{2}} days!*", "example": {"body_text": [["SUMMER20", "10"]]}},
            {"type": "FOOTER", "text": "Lucky Shrub Succulents"},
            {"type": "BUTTONS", "buttons": [
                {"type": "URL", "text": "See deals", "url": "https://www.luckyshrub.com/deals"},
                {"type": "COPY_CODE", "text": "Copy offer code", "example": ["250FF"]},
                {"type": "HOLOGRAM", "beam": {"on": true}},
            ]},
            {"type": "GREETING", "anything": [1, 2]},
            {"type": "HEADER", "format": "SMELL"},
            7,
        ],
        "language": "en", "status": "PAUSED", "category": "MARKETING", "sub_category": "CUSTOM", "id": "1304694804498707",
        "quality_score": {"score": "RED", "date": 1_700_000_000}, "rejected_reason": "NONE", "message_send_ttl_seconds": -1,
    });
    let template = testing::read::<ReadTemplate<'_>>(&json.to_string());
    assert_eq!(template.parameter_format, Some(ParameterFormat::Positional));
    assert_eq!(template.status, Some(TemplateStatus::Paused));
    assert_eq!(template.rejected_reason, Some(TemplateRejection::None));
    assert_eq!(template.quality_score.as_ref().unwrap().score, Some(QualityRating::Red));
    let [header, body, _, Component::Buttons(buttons), greeting, smell] = template.components.as_slice() else {
        panic!("{:?}", template.components);
    };
    assert_eq!(*header, Component::Header(Header::text(Text::new("Act fast, {{1}}!").examples(["Pablo"]))));
    assert!(
        matches!(body, Component::Body { text, .. } if text.variables() == [Variable::Number(1), Variable::Number(2)])
    );
    assert!(matches!(&buttons[1], Button::CopyCode { example, .. } if example == "250FF"));
    assert!(
        matches!(&buttons[2], Button::Other { kind, json } if kind == "HOLOGRAM" && json.as_str().contains(r#""on":true"#))
    );
    assert!(matches!(greeting, Component::Other { kind, .. } if kind == "GREETING"));
    assert!(matches!(smell, Component::Other { kind, .. } if kind == "HEADER"));
    let written = serde_json::to_value(&template).unwrap();
    assert_eq!(written["components"][4], json["components"][4]);
    assert_eq!(written["components"][3]["buttons"][2], json["components"][3]["buttons"][2]);
}

// Meta, "Template management", "Edit templates": its example requests. The last one is of "Analytics", which writes its
// members into the address.
#[test]
fn changes_a_template() {
    let id = TemplateId::new("1252715608684590").unwrap();
    let line = "POST /v23.0/1252715608684590";
    Vector::at(EDIT, &EditTemplate::new(&id).category(TemplateCategory::Marketing))
        .builds(line, r#"{"category":"MARKETING"}"#);
    Vector::at(EDIT, &EditTemplate::new(&id).definition(Components::utility("Thank you!")))
        .builds(line, r#"{"components":[{"type":"BODY","text":"Thank you!"}]}"#);
    let month = Duration::from_secs(2_592_000);
    Vector::at(EDIT, &EditTemplate::new(&id).ttl(TemplateCategory::Utility, month))
        .differs_from_description(REDUCED, "body /message_send_ttl_seconds: is not described")
        .builds(line, r#"{"message_send_ttl_seconds":-1}"#);
    Vector::at(EDIT, &EditTemplate::new(&id).link_tracking(TemplateCategory::Marketing, false))
        .differs_from_description(REDUCED, "body /cta_url_link_tracking_opted_out: is not described")
        .builds(line, r#"{"category":"MARKETING","cta_url_link_tracking_opted_out":true}"#);
    Vector::at(EDIT, &EditTemplate::new(&id)).refuses("nothing is changed");
    let second = Duration::from_secs(1);
    Vector::at(EDIT, &EditTemplate::new(&id).ttl(TemplateCategory::Utility, second)).refuses("30 to 43200 seconds");
    Vector::at(EDIT, &EditTemplate::new(&id).definition(Components::utility(""))).refuses("a body has 1 to");
    testing::reads_examples::<EditTemplate<'_>>(EDIT);
}

// Meta, "Template management", "Delete templates": its example requests.
#[test]
fn deletes_templates() {
    let account = testing::account();
    let id = TemplateId::new("1407680676729941").unwrap();
    let line = "DELETE /v23.0/102290129340398/message_templates";
    Vector::at(DELETE, &DeleteTemplate::all_languages(&account, "order_confirmation"))
        .builds(&format!("{line}?name=order_confirmation"), "");
    Vector::at(DELETE, &DeleteTemplate::one(&account, "order_confirmation", &id))
        .builds(&format!("{line}?hsm_id=1407680676729941&name=order_confirmation"), "");
    Vector::at(DELETE, &DeleteTemplate::all_languages(&account, "")).refuses("small letters");

    let ids = ["1387372356726668", "1304694804498707"].map(|id| TemplateId::new(id).unwrap());
    Vector::at(DELETE, &DeleteTemplates::new(&account, ids))
        .differs_from_description(REDUCED, "query hsm_ids: is not described")
        .builds(&format!("{line}?hsm_ids=%5B1387372356726668,1304694804498707%5D"), "");
    Vector::at(DELETE, &DeleteTemplates::new(&account, [])).refuses("these are 0");
    Vector::at(DELETE, &DeleteTemplates::new(&account, vec![id; 101])).refuses("these are 101");
    testing::reads_examples::<DeleteTemplate<'_>>(DELETE);
}
