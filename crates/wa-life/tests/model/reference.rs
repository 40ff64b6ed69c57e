//! A careful caller, written down step by step from the documents: it shows that what the scenes ask for can be reached
//! without harm, so that a run which does harm, or gives up, has no excuse.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    Aim, Scene, Start,
    scene::{ACCOUNT, ADDED, AIMS, GUEST, ID, NEW_NAME, OVERRIDE, PIN, REGION, STARTS},
    service_tests::{Caller, code},
};

/// Where the caller stops, and why.
type Stop = &'static str;

impl Caller {
    fn reach(&mut self, aim: Aim) -> Result<(), Stop> {
        match aim {
            Aim::Live => self.go_live(false, false),
            Aim::LiveInRegion | Aim::Relocate => self.relocate(aim == Aim::Relocate),
            Aim::LiveWithOverride => {
                self.reach(Aim::Subscribe)?;
                self.go_live(false, false)
            }
            Aim::LiveAndGreet => {
                self.go_live(false, false)?;
                self.post("/messages", json!({ "to": GUEST, "type": "text", "text": { "body": "Hello" } }));
                Ok(())
            }
            Aim::Rename => self.change_name(),
            Aim::SetPin => {
                self.not_on_the_app()?;
                match self.post("", json!({ "pin": PIN }))["success"] == true {
                    true => Ok(()),
                    false => Err("a PIN is set while the number is up"),
                }
            }
            Aim::Down => self.take_down(),
            Aim::Migrate => {
                if self.look()["platform_type"] != "ON_PREMISE" {
                    return self.go_live(false, false);
                }
                let backup = json!({ "password": "p", "data": "d" });
                let body = json!({ "messaging_product": "whatsapp", "pin": PIN, "backup": backup });
                match self.post("/register", body)["success"] == true {
                    true => self.go_live(false, false),
                    false => Err("the PIN was refused"),
                }
            }
            Aim::Subscribe => {
                self.subscribe();
                let with = json!({ "override_callback_uri": OVERRIDE, "verify_token": "word" });
                self.send("POST", &format!("{ACCOUNT}/subscribed_apps"), with).unwrap();
                Ok(())
            }
            Aim::Add => {
                let number = json!({ "phone_number": &ADDED[3..], "cc": &ADDED[1..3], "verified_name": "Shrub" });
                self.send("POST", &format!("{ACCOUNT}/phone_numbers"), number).unwrap();
                Ok(())
            }
            Aim::Onboard => {
                if self.look()["is_on_biz_app"] != true {
                    return Err("the number is not on the Business app");
                }
                self.subscribe();
                for kind in ["smb_app_state_sync", "history"] {
                    self.post("/smb_app_data", json!({ "messaging_product": "whatsapp", "sync_type": kind }));
                }
                Ok(())
            }
        }
    }

    fn look(&mut self) -> Value {
        let fields = "status,platform_type,name_status,verified_name,code_verification_status,is_on_biz_app,new_name_status,new_display_name";
        self.get(&format!("{ID}?fields={fields}"))
    }

    fn not_on_the_app(&mut self) -> Result<(), Stop> {
        match self.look()["is_on_biz_app"] == true {
            true => Err("the number is on the Business app"),
            false => Ok(()),
        }
    }

    fn subscribe(&mut self) {
        if self.get(&format!("{ACCOUNT}/subscribed_apps"))["data"] == json!([]) {
            self.send("POST", &format!("{ACCOUNT}/subscribed_apps"), Value::Null).unwrap();
        }
    }

    fn prove_ownership(&mut self) {
        self.post("/request_code", json!({ "code_method": "SMS", "language": "en_US" }));
        let sent = self.service.code_sent(ID).unwrap();
        self.post("/verify_code", json!({ "code": sent }));
    }

    /// Reads until it is registered. `again` registers it once more for a new name; `stored` sets the storage again
    /// when a deregistration has switched it off.
    fn go_live(&mut self, mut again: bool, stored: bool) -> Result<(), Stop> {
        for _ in 0..60 {
            let shown = self.look();
            let up = shown["status"] == "CONNECTED" && shown["platform_type"] == "CLOUD_API";
            let (name, connected) = (shown["name_status"].as_str().unwrap(), shown["status"] == "CONNECTED");
            match () {
                () if up && !again => return Ok(()),
                () if shown["is_on_biz_app"] == true && up => return Err("the number is on the Business app"),
                () if shown["is_on_biz_app"] == true => self.service.advance(Duration::from_secs(600)),
                () if shown["platform_type"] == "ON_PREMISE" => return Err("it has to be migrated"),
                () if shown["status"] == "BANNED" => return Err("the account is banned"),
                () if !up && name == "DECLINED" => return Err("the name is declined"),
                () if !up && name == "PENDING_REVIEW" => self.service.advance(Duration::from_secs(86_400)),
                () if !connected && shown["code_verification_status"] != "VERIFIED" => self.prove_ownership(),
                () => {
                    let answer = self.register();
                    match code(&answer) {
                        (0, _) => again = false,
                        (133_005, _) if up => drop(self.post("", json!({ "pin": PIN }))),
                        (133_005, _) => return Err("the PIN is another one"),
                        (133_006, _) => self.prove_ownership(),
                        (133_000, _) => drop(self.post("/deregister", Value::Null)),
                        (133_015, _) => self.service.advance(Duration::from_secs(300)),
                        (133_016, _) => self.service.advance(Duration::from_secs(72 * 3600)),
                        _ => return Err("the service refused the registration"),
                    }
                    if code(&answer).0 == 133_000 {
                        if stored {
                            self.set_storage();
                        }
                        self.service.advance(Duration::from_secs(300));
                    }
                }
            }
        }
        Err("it takes too long")
    }

    fn change_name(&mut self) -> Result<(), Stop> {
        self.go_live(false, false)?;
        self.not_on_the_app()?;
        let shown = self.look();
        let is_new = |shown: &Value| shown["verified_name"] == NEW_NAME && shown["name_status"] == "APPROVED";
        if !is_new(&shown) && shown["new_name_status"] != "PENDING_REVIEW" {
            self.post("", json!({ "new_display_name": NEW_NAME }));
        }
        for _ in 0..40 {
            if is_new(&self.look()) {
                return self.go_live(true, false);
            }
            self.service.advance(Duration::from_secs(86_400));
        }
        Err("the review does not end")
    }

    fn relocate(&mut self, may_take_down: bool) -> Result<(), Stop> {
        let shown = self.look();
        self.not_on_the_app()?;
        if shown["platform_type"] == "ON_PREMISE" {
            return Err("it has to be migrated");
        }
        if shown["platform_type"] == "CLOUD_API" && !may_take_down {
            return Err("storage is fixed while the number is up");
        }
        if shown["platform_type"] == "CLOUD_API" {
            self.post("", json!({ "pin": PIN }));
            self.take_down()?;
            self.service.advance(Duration::from_secs(300));
        }
        self.set_storage();
        self.go_live(false, true)
    }

    fn set_storage(&mut self) {
        let storage = json!({ "status": "IN_COUNTRY_STORAGE_ENABLED", "data_localization_region": REGION });
        self.post("/settings", json!({ "storage_configuration": storage }));
    }

    fn take_down(&mut self) -> Result<(), Stop> {
        self.not_on_the_app()?;
        let shown = self.look();
        if shown["platform_type"] == "NOT_APPLICABLE" && shown["status"] != "CONNECTED" {
            return Ok(());
        }
        match code(&self.post("/deregister", Value::Null)).0 {
            0 | 133_010 => Ok(()),
            _ => Err("the service refused the deregistration"),
        }
    }
}

#[test]
fn every_reachable_goal_is_reached_without_harm() {
    for aim in AIMS {
        for start in STARTS {
            let scene = Scene::new(aim, start);
            let mut caller = Caller { service: scene.service() };
            caller.service.intend(ID, scene.intent());
            let reached = caller.reach(aim);
            let true_end = caller.service.is_done(ID, scene.goal());
            let story = caller.service.story();
            assert!(caller.service.harms.is_empty(), "{aim:?} from {start:?}: {reached:?}\n{story}");
            assert!(reached.is_err() || true_end.is_ok(), "{aim:?} from {start:?}: {true_end:?}\n{story}");
            assert_eq!(reached.is_ok(), scene.is_reachable(), "{aim:?} from {start:?}: {reached:?}\n{story}");
        }
    }
}

impl Scene {
    /// Whether the goal can be reached without harm by the default rules, without faults, with somebody who reads the
    /// code out but knows of no other PIN and clears nothing.
    pub fn is_reachable(&self) -> bool {
        let down_for_good = matches!(
            self.start,
            Start::InReviewForEver | Start::Declined | Start::Attached | Start::DeregisteredOtherPin | Start::Banned
        );
        let on_premise = matches!(self.start, Start::OnPremise | Start::OnPremiseOtherPin);
        match self.aim {
            Aim::Down => self.start != Start::OnBizApp,
            Aim::Subscribe | Aim::Add => true,
            Aim::Onboard => self.start == Start::OnBizApp,
            Aim::SetPin => self.number_is_up() && self.start != Start::OnBizApp,
            Aim::Migrate => !down_for_good && self.start != Start::OnPremiseOtherPin,
            Aim::LiveInRegion if self.number_is_up() => false,
            Aim::Rename | Aim::Relocate | Aim::LiveInRegion => {
                !down_for_good && !on_premise && self.start != Start::OnBizApp
            }
            Aim::Live | Aim::LiveWithOverride | Aim::LiveAndGreet => !down_for_good && !on_premise,
        }
    }

    fn number_is_up(&self) -> bool {
        self.service().numbers[ID].registered
    }
}
