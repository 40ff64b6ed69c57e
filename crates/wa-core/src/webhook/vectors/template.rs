use super::{Vector, vector};

pub(super) fn vectors() -> Vec<Vector> {
    let status = |value| vector("message_template_status_update", &["TemplateStatus"], value);
    vec![
        // Meta, "message_template_status_update webhook reference".
        status(
            r#"{"event":"APPROVED","message_template_id":1689556908129832,"message_template_name":"order_confirmation",
            "message_template_language":"en-US","message_template_category":"UTILITY","reason":"NONE"}"#,
        ),
        status(
            r#"{"event":"REJECTED","message_template_id":1689556908129832,"message_template_name":"order_confirmation",
            "message_template_language":"en-US","reason":"INVALID_FORMAT",
            "rejection_info":{"reason":"Two parameters stand side by side.","recommendation":"Put words between them."}}"#,
        ),
        status(
            r#"{"event":"PAUSED","message_template_id":1689556908129832,"message_template_name":"order_confirmation",
            "message_template_language":"en-US","reason":null,
            "other_info":{"title":"FIRST_PAUSE","description":"It is paused for three hours."}}"#,
        ),
        status(
            r#"{"event":"DISABLED","message_template_id":1689556908129832,"message_template_name":"order_confirmation",
            "message_template_language":"en-US","reason":"PROMOTIONAL","disable_info":{"disable_date":"1751234563"}}"#,
        ),
        // Meta, "message_template_quality_update webhook reference".
        vector(
            "message_template_quality_update",
            &["TemplateQuality"],
            r#"{"previous_quality_score":"GREEN",
            "new_quality_score":"YELLOW","message_template_id":806312974732579,"message_template_name":"welcome",
            "message_template_language":"en-US"}"#,
        ),
        // Meta, "message_template_components_update webhook reference".
        vector(
            "message_template_components_update",
            &["TemplateComponents"],
            r#"{"message_template_id":1315502779341834,
            "message_template_name":"order_confirmation","message_template_language":"en_US",
            "message_template_title":"Your order","message_template_element":"Thank you, {{1}}.","message_template_footer":"Bye",
            "message_template_buttons":[{"message_template_button_type":"URL","message_template_button_text":"Track",
                "message_template_button_url":"https://example.com/{{1}}"},
                {"message_template_button_type":"PHONE_NUMBER","message_template_button_text":"Call",
                "message_template_button_phone_number":"+15550783881"}]}"#,
        ),
        // Meta, "template_category_update webhook reference": done, and announced.
        vector(
            "template_category_update",
            &["TemplateCategory"],
            r#"{"message_template_id":278077987957091,
            "message_template_name":"welcome","message_template_language":"en-US","previous_category":"UTILITY",
            "new_category":"MARKETING"}"#,
        ),
        vector(
            "template_category_update",
            &["TemplateCategory"],
            r#"{"message_template_id":278077987957091,
            "message_template_name":"welcome","message_template_language":"en-US","new_category":"UTILITY",
            "correct_category":"MARKETING","category_update_timestamp":1746169200}"#,
        ),
        // Meta, "Direct send".
        vector(
            "template_correct_category_detection",
            &["TemplateCategoryDetection"],
            r#"{"message_template_id":278077987957091,
            "message_template_name":"welcome","message_template_language":"en-US","category":"UTILITY",
            "correct_category":"MARKETING"}"#,
        ),
    ]
}
