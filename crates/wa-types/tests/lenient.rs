//! Whatever stands in a member that is not required, a response is read, and its other members with it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use wa_types::{
    BusinessProfile, CallHours, ConversationalAutomation, GraphError, HealthEntity, HealthStatus, IdentityChange,
    MessageReceipt, NumberSettings, OfficialBusinessAccount, Paging, PayloadEncryption, PhoneNumber, QualityScore,
    SentTo, StorageConfiguration, Throughput,
    webhook::{
        AccountAlert, AccountRestriction, AccountUpdate, AutomaticEvent, BusinessCapability, Call, CallPermissionReply,
        CallStatus, Contact, ContactCard, ControlChange, Conversation, FlowReply, FlowUpdate, GroupParticipant,
        GroupSetting, GroupUpdate, HistoryChunk, HistoryThread, InboundLocation, InboundMedia, InboundMessage,
        InboundOrder, LinkClick, MessageContext, MessageEdit, Metadata, NameUpdate, Payment,
        PaymentConfigurationUpdate, PaymentTransaction, Pricing, QualityUpdate, Referral, SecurityUpdate,
        SettingsUpdate, SolutionUpdate, StandbyEcho, StateSync, StatusUpdate, SystemNotice, TemplateCategoryDetection,
        TemplateCategoryUpdate, TemplateComponentsUpdate, TemplateQualityUpdate, TemplateStatusUpdate, TrackingEvent,
        UserAction, UserIdUpdate, UserPreference, UsernameUpdate, VolumeTier, WabaInfo, WebhookFailure,
    },
};

#[test]
fn no_member_of_the_wrong_type_costs_a_response_or_another_member() {
    let nothing = || json!({});
    check::<BusinessProfile>(nothing());
    check::<ConversationalAutomation>(nothing());
    check::<HealthEntity>(nothing());
    check::<HealthStatus>(nothing());
    check::<IdentityChange>(nothing());
    check::<NumberSettings>(nothing());
    check::<OfficialBusinessAccount>(nothing());
    check::<Paging>(nothing());
    check::<PayloadEncryption>(nothing());
    check::<QualityScore>(nothing());
    check::<SentTo>(nothing());
    check::<StorageConfiguration>(nothing());
    check::<Throughput>(nothing());
    check::<AccountAlert>(nothing());
    check::<AccountRestriction>(nothing());
    check::<AutomaticEvent>(nothing());
    check::<BusinessCapability>(nothing());
    check::<CallPermissionReply>(nothing());
    check::<Contact>(nothing());
    check::<ContactCard>(nothing());
    check::<ControlChange>(nothing());
    check::<Conversation>(nothing());
    check::<FlowReply>(nothing());
    check::<GroupParticipant>(nothing());
    check::<GroupSetting>(nothing());
    check::<GroupUpdate>(nothing());
    check::<HistoryChunk>(nothing());
    check::<HistoryThread>(nothing());
    check::<InboundLocation>(nothing());
    check::<InboundMedia>(nothing());
    check::<InboundOrder>(nothing());
    check::<LinkClick>(nothing());
    check::<MessageContext>(nothing());
    check::<MessageEdit>(nothing());
    check::<Payment>(nothing());
    check::<PaymentConfigurationUpdate>(nothing());
    check::<PaymentTransaction>(nothing());
    check::<Pricing>(nothing());
    check::<Referral>(nothing());
    check::<SettingsUpdate>(nothing());
    check::<StateSync>(nothing());
    check::<SystemNotice>(nothing());
    check::<TemplateCategoryDetection>(nothing());
    check::<TemplateCategoryUpdate>(nothing());
    check::<TemplateComponentsUpdate>(nothing());
    check::<TemplateQualityUpdate>(nothing());
    check::<TrackingEvent>(nothing());
    check::<UserAction>(nothing());
    check::<UserIdUpdate>(nothing());
    check::<UserPreference>(nothing());
    check::<VolumeTier>(nothing());
    check::<WabaInfo>(nothing());
    check::<GraphError>(json!({"code": 133_016}));
    check::<WebhookFailure>(json!({"code": 131_049}));
    check::<PhoneNumber>(json!({"id": "106540352242922"}));
    check::<MessageReceipt>(json!({"messages": [{"id": "wamid.1"}]}));
    check::<Metadata>(json!({"phone_number_id": "106540352242922"}));
    check::<InboundMessage>(json!({"id": "wamid.1"}));
    check::<StatusUpdate>(json!({"id": "wamid.1", "status": "sent"}));
    check::<NameUpdate>(json!({"decision": "APPROVED"}));
    check::<QualityUpdate>(json!({"event": "FLAGGED"}));
    check::<SecurityUpdate>(json!({"event": "PIN_CHANGED"}));
    check::<AccountUpdate>(json!({"event": "PARTNER_ADDED"}));
    check::<UsernameUpdate>(json!({"status": "approved"}));
    check::<SolutionUpdate>(json!({"event": "SOLUTION_CREATED"}));
    check::<TemplateStatusUpdate>(json!({"event": "APPROVED"}));
    check::<FlowUpdate>(json!({"event": "FLOW_STATUS_CHANGE"}));
    check::<Call>(json!({"id": "wacid.1", "event": "connect"}));
    check::<CallStatus>(json!({"id": "wacid.1", "status": "RINGING"}));
    check::<StandbyEcho>(json!({"id": "wamid.1"}));
}

#[test]
fn a_response_without_a_required_member_is_refused() {
    for wrong in [json!({}), json!({"id": null}), json!({"id": {}}), json!([]), json!(["1"]), json!(null), json!("1")] {
        assert!(serde_json::from_value::<PhoneNumber>(wrong.clone()).is_err(), "{wrong}");
        assert!(serde_json::from_str::<InboundMessage>(&wrong.to_string()).is_err(), "{wrong}");
    }
    assert!(serde_json::from_value::<StatusUpdate>(json!({"id": "wamid.1", "status": []})).is_err());
    assert!(serde_json::from_value::<CallHours>(json!(["ENABLED"])).is_err());
}

#[track_caller]
fn check<T: Serialize + DeserializeOwned>(required: Value) {
    let read = |members: &Value| serde_json::from_str::<T>(&members.to_string()).map(|read| members_of(&read));
    let bare = read(&required).unwrap();
    let optional: Vec<&String> = bare.keys().filter(|name| required.get(name).is_none()).collect();
    for name in &optional {
        for value in odd_values() {
            let mut members = required.clone();
            members[name.as_str()] = value;
            let odd = read(&members).map_err(|error| format!("{error}: {members}")).unwrap();
            for (other, expected) in bare.iter().filter(|(other, _)| other != name) {
                assert_eq!(odd.get(other), Some(expected), "{members}");
            }
        }
    }
}

fn members_of(read: &impl Serialize) -> Map<String, Value> {
    serde_json::to_value(read).unwrap().as_object().unwrap().clone()
}

fn odd_values() -> [Value; 14] {
    [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(u64::MAX),
        json!(1e300),
        json!(""),
        json!("words"),
        json!([]),
        json!([[], {}, null, 7, "x", {"id": []}]),
        json!({}),
        json!({"a": {"b": [1]}}),
        json!({"id": null, "code": {}, "phone_number_id": [], "status": 7}),
    ]
}
