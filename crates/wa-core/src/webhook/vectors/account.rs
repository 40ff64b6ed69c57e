use super::{Vector, vector};

pub(super) fn vectors() -> Vec<Vector> {
    let update = |value| vector("account_update", &["AccountUpdate"], value);
    vec![
        // Meta, "account_update webhook reference", and its table of events.
        update(
            r#"{"event":"ACCOUNT_VIOLATION","violation_info":{"violation_type":"SCAM","remediation":"Ask for a review."}}"#,
        ),
        update(
            r#"{"event":"ACCOUNT_RESTRICTION","restriction_info":[
            {"restriction_type":"RESTRICTED_BIZ_INITIATED_MESSAGING","expiration":1641330498,"remediation":"Wait."},
            {"restriction_type":"RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN","expiration":1641330498}]}"#,
        ),
        update(
            r#"{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"DISABLE","waba_ban_date":"April 17, 2025"}}"#,
        ),
        update(
            r#"{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":["SCHEDULE_FOR_DISABLE"],"waba_ban_date":"April 17, 2025"}}"#,
        ),
        update(
            r#"{"event":"PARTNER_APP_INSTALLED","waba_info":{"waba_id":"495709166956424","owner_business_id":"942647313864044",
            "partner_app_id":"637999999999999","solution_id":"774485461512159","solution_partner_business_ids":["520744086200222"]}}"#,
        ),
        update(
            r#"{"event":"PARTNER_REMOVED","phone_number":"15550783881","waba_info":{"waba_id":"495709166956424",
            "owner_business_id":"942647313864044"},
            "disconnection_info":{"reason":"PRIMARY_INACTIVITY","initiated_by":"SYSTEM"}}"#,
        ),
        update(
            r#"{"event":"PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE","partner_client_certification_info":{
            "client_business_id":"2729063490586005","status":"FAILED","rejection_reasons":["LEGAL NAME NOT MATCHING","NONE"]}}"#,
        ),
        update(
            r#"{"event":"PARTNER_CLIENT_CERTIFICATION_NEEDED","partner_client_certification_needed_info":{
            "client_business_id":"2729063490586005"}}"#,
        ),
        update(
            r#"{"event":"AD_ACCOUNT_LINKED","waba_info":{"waba_id":"495709166956424","owner_business_id":"942647313864044",
            "ad_account_linked":"1"}}"#,
        ),
        update(
            r#"{"event":"MM_LITE_TERMS_SIGNED","waba_info":{"waba_id":"495709166956424","owner_business_id":"942647313864044"}}"#,
        ),
        update(
            r#"{"event":"AUTH_INTL_PRICE_ELIGIBILITY_UPDATE","auth_international_rate_eligibility":{"start_time":1717225200,
            "exception_countries":[{"country_code":"ID","start_time":1719817200}]}}"#,
        ),
        update(
            r#"{"event":"VOLUME_BASED_PRICING_TIER_UPDATE","volume_tier_info":{"tier_update_time":1743451903,
            "pricing_category":"UTILITY","tier":"25000001:50000000","effective_month":"2025-11","region":"India"}}"#,
        ),
        update(r#"{"event":"BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE","country":"US"}"#),
        update(r#"{"event":"ACCOUNT_DELETED"}"#),
        update(r#"{"event":"ACCOUNT_OFFBOARDED"}"#),
        update(r#"{"event":"ACCOUNT_RECONNECTED"}"#),
        update(r#"{"event":"VERIFIED_ACCOUNT","phone_number":"15550783881"}"#),
        // Told by several clients.
        update(
            r#"{"event":"PARTNER_ADDED","waba_info":{"waba_id":"495709166956424","owner_business_id":"942647313864044"},
            "sessionInfo":{"trackingCode":"spring"}}"#,
        ),
        update(r#"{"event":"ACCOUNT_RESTRICTION","lock_info":{"expiration":1641330498}}"#),
        // Meta, "account_review_update webhook reference".
        vector("account_review_update", &["AccountReview"], r#"{"decision":"APPROVED"}"#),
        // Meta, "account_alerts webhook reference"; the flat form is an older one.
        vector(
            "account_alerts",
            &["AccountAlert"],
            r#"{"entity_type":"BUSINESS","entity_id":"506914307656634","alert_info":{
            "alert_severity":"INFORMATIONAL","alert_status":"NONE","alert_type":"OBA_APPROVED","alert_description":"Approved."}}"#,
        ),
        vector(
            "account_alerts",
            &["AccountAlert"],
            r#"{"entity_type":"PHONE_NUMBER","entity_id":"106540352242922",
            "alert_severity":"CRITICAL","alert_status":"ACTIVE","alert_type":"PROFILE_PICTURE_LOST","alert_description":"Lost."}"#,
        ),
        // Meta, "account_settings_update webhook reference".
        vector(
            "account_settings_update",
            &["Settings"],
            r#"{"messaging_product":"whatsapp","timestamp":"1671644824",
            "type":"phone_number_settings","phone_number_settings":{"phone_number_id":"106540352242922",
            "calling":{"status":"ENABLED","call_icon_visibility":"DEFAULT","callback_permission_status":"ENABLED"}}}"#,
        ),
        // Meta, "business_capability_update webhook reference"; the last form is an older one.
        vector(
            "business_capability_update",
            &["BusinessCapability"],
            r#"{"max_daily_conversations_per_business":"TIER_2K",
            "max_phone_numbers_per_business":25}"#,
        ),
        vector(
            "business_capability_update",
            &["BusinessCapability"],
            r#"{"max_daily_conversations_per_business":2000,
            "max_phone_numbers_per_waba":25}"#,
        ),
        vector(
            "business_capability_update",
            &["BusinessCapability"],
            r#"{"max_daily_conversation_per_phone":250,
            "max_phone_numbers_per_business":2}"#,
        ),
        // Meta, "partner_solutions webhook reference".
        vector(
            "partner_solutions",
            &["Solution"],
            r#"{"event":"SOLUTION_UPDATED","solution_id":"774485461512159",
            "solution_status":"PENDING_DEACTIVATION"}"#,
        ),
        // Meta, "payment_configuration_update webhook reference".
        vector(
            "payment_configuration_update",
            &["PaymentConfiguration"],
            r#"{"configuration_name":"shop","provider_name":"razorpay",
            "provider_mid":"acc_Gpay","status":"Needs Testing","created_timestamp":1748827100,"updated_timestamp":1748827200}"#,
        ),
        // Meta, "Flows webhooks": a status, a share of errors, a latency, an availability, an old version.
        vector(
            "flows",
            &["Flow"],
            r#"{"event":"FLOW_STATUS_CHANGE","message":"Flow Booking changed.","flow_id":"6627390910605886",
            "old_status":"DRAFT","new_status":"PUBLISHED"}"#,
        ),
        vector(
            "flows",
            &["Flow"],
            r#"{"event":"CLIENT_ERROR_RATE","message":"Too many errors.","flow_id":"6627390910605886",
            "error_rate":14.28,"threshold":10,"alert_state":"ACTIVATED",
            "errors":[{"error_type":"INVALID_SCREEN_TRANSITION","error_rate":66.66,"error_count":2}]}"#,
        ),
        vector(
            "flows",
            &["Flow"],
            r#"{"event":"ENDPOINT_LATENCY","message":"Slow.","flow_id":"6627390910605886","p90_latency":6998,
            "p50_latency":6998,"requests_count":3344,"threshold":1000,"alert_state":"DEACTIVATED"}"#,
        ),
        vector(
            "flows",
            &["Flow"],
            r#"{"event":"ENDPOINT_AVAILABILITY","message":"Down.","flow_id":"6627390910605886","availability":76,
            "threshold":90,"alert_state":"ACTIVATED"}"#,
        ),
        vector(
            "flows",
            &["Flow"],
            r#"{"event":"FLOW_VERSION_EXPIRY_WARNING","flow_id":"6627390910605886",
            "warning":"The version of this flow ends soon."}"#,
        ),
        // No page: the dashboard offers these fields.
        vector("business_status_update", &["Other"], r#"{"event":"X","business_id":"1"}"#),
        vector("consumer_profile", &["Other"], r#"{"messaging_product":"whatsapp"}"#),
    ]
}
