use super::{Vector, vector};

pub(super) fn vectors() -> Vec<Vector> {
    vec![
        // Meta, "phone_number_name_update webhook reference".
        vector(
            "phone_number_name_update",
            &["NameUpdate"],
            r#"{"display_phone_number":"15550783881","decision":"APPROVED",
            "requested_verified_name":"Lucky Shrub","rejection_reason":null}"#,
        ),
        vector(
            "phone_number_name_update",
            &["NameUpdate"],
            r#"{"display_phone_number":"15550783881","decision":"REJECTED",
            "requested_verified_name":"Shrub","rejection_reason":"NAME_ENDCLIENT_NOTRELATED"}"#,
        ),
        // Meta, "phone_number_quality_update webhook reference".
        vector(
            "phone_number_quality_update",
            &["QualityUpdate"],
            r#"{"display_phone_number":"15550783881","event":"ONBOARDING",
            "current_limit":"TIER_2K","old_limit":"TIER_NOT_SET","max_daily_conversations_per_business":"TIER_2K"}"#,
        ),
        // Meta, "business_username_updates", headed so and named `business_username_update` in its text. context: told by a
        // client.
        vector(
            "business_username_updates",
            &["Username"],
            r#"{"display_phone_number":"15550783881","username":"lucky.shrub",
            "status":"approved"}"#,
        ),
        vector(
            "business_username_update",
            &["Username"],
            r#"{"display_phone_number":"15550783881","status":"deleted",
            "context":"revoked"}"#,
        ),
        // Meta, "security webhook reference".
        vector(
            "security",
            &["Security"],
            r#"{"display_phone_number":"15550783881","event":"PIN_RESET_REQUEST",
            "requester":"61555822107539"}"#,
        ),
        vector("security", &["Security"], r#"{"display_phone_number":"15550783881","event":"PIN_CHANGED"}"#),
    ]
}
