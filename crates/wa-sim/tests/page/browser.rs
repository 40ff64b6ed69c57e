//! A headless Chromium, driven over the protocol that W3C describes as WebDriver.

use std::{
    fs,
    io::{BufRead as _, BufReader, ErrorKind},
    path::PathBuf,
    process::{Child, Command, Stdio, id},
    time::Duration,
};

use serde_json::{Value, json};

/// Ends its browser and its driver with its value.
pub(crate) struct Browser {
    agent: ureq::Agent,
    driver: Child,
    profile: PathBuf,
    session: String,
}

impl Browser {
    /// Starts it, or says what is missing.
    pub(crate) fn start() -> Result<Self, String> {
        let started = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut driver = match started {
            Ok(driver) => driver,
            Err(error) if error.kind() == ErrorKind::NotFound => return Err("there is no chromedriver".to_owned()),
            Err(error) => panic!("chromedriver: {error}"),
        };
        let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            line.split_once("successfully on port ").map(|(_, port)| port.trim_end_matches('.').to_owned())
        });
        let profile = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("chromium-{}", id()));
        let session = format!("http://127.0.0.1:{}/session", port.expect("chromedriver names its port"));
        let mut browser = Self { agent: agent(), driver, profile, session };
        let user_data = format!("--user-data-dir={}", browser.profile.display());
        let arguments: Vec<_> = FLAGS.iter().copied().chain([&*user_data]).collect();
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
            "timeouts": {"script": 20_000, "pageLoad": 20_000},
        }}});
        let answer = match browser.ask("POST", "", &wanted) {
            Ok(answer) => answer,
            Err(error) if error.contains("binary") => return Err("there is no Chromium".to_owned()),
            Err(error) => panic!("no session: {error}"),
        };
        browser.session = format!("{}/{}", browser.session, answer["sessionId"].as_str().unwrap());
        Ok(browser)
    }

    pub(crate) fn open(&self, url: &str) {
        self.call("POST", "url", &json!({ "url": url }));
    }

    /// Runs a script in the page and gives what it returns.
    pub(crate) fn run(&self, script: &str) -> Value {
        self.call("POST", "execute/sync", &json!({"script": script, "args": []}))
    }

    /// Waits until an expression of the page is true, looking at it with every frame, and gives it.
    #[track_caller]
    pub(crate) fn until(&self, expression: &str) -> Value {
        let script = format!(
            "const done = arguments[0];
             const look = () => {{ try {{ return {expression}; }} catch {{ return null; }} }};
             (function poll() {{ const value = look(); value ? done(value) : requestAnimationFrame(poll); }})();"
        );
        match self.ask("POST", "execute/async", &json!({"script": script, "args": []})) {
            Ok(value) => value,
            Err(error) => panic!("never true: {expression}\n{error}\n{}", self.run("return document.body.innerText")),
        }
    }

    /// Waits until the text of what a selector finds is this.
    #[track_caller]
    pub(crate) fn until_text(&self, selector: &str, text: &str) {
        self.until(&format!("document.querySelector({}).textContent.includes({})", json!(selector), json!(text)));
    }

    /// Clicks as a person does: it must be seen and in nothing's shadow.
    #[track_caller]
    pub(crate) fn click(&self, selector: &str) {
        let element = self.element(selector);
        self.call("POST", &format!("element/{element}/click"), &json!({}));
    }

    /// Writes into a field, or chooses an option that begins like this.
    #[track_caller]
    pub(crate) fn write(&self, selector: &str, text: &str) {
        let element = self.element(selector);
        self.call("POST", &format!("element/{element}/value"), &json!({ "text": text }));
    }

    /// Presses a key where the focus is.
    pub(crate) fn press(&self, key: &str) {
        let actions = json!([{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]);
        self.call("POST", "actions", &json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]}));
    }

    /// Looks at the page as people do who prefer this colour scheme.
    pub(crate) fn prefer(&self, scheme: &str) {
        let feature = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.develop("Emulation.setEmulatedMedia", &feature);
    }

    pub(crate) fn resize(&self, width: u32, height: u32) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.develop("Emulation.setDeviceMetricsOverride", &size);
    }

    /// What the page complained about since the last time.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let entries = self.call("POST", "se/log", &json!({"type": "browser"}));
        entries.as_array().unwrap().iter().map(|entry| entry["message"].to_string()).collect()
    }

    /// A picture in base64.
    pub(crate) fn picture(&self) -> String {
        self.call("GET", "screenshot", &Value::Null).as_str().unwrap().to_owned()
    }

    fn develop(&self, command: &str, parameters: &Value) {
        self.call("POST", "goog/cdp/execute", &json!({"cmd": command, "params": parameters}));
    }

    #[track_caller]
    fn element(&self, selector: &str) -> String {
        let found = self.call("POST", "element", &json!({"using": "css selector", "value": selector}));
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    #[track_caller]
    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        self.ask(method, path, body).unwrap_or_else(|error| panic!("{path} {body}: {error}"))
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let url = if path.is_empty() { self.session.clone() } else { format!("{}/{path}", self.session) };
        let answer = match method {
            "GET" => self.agent.get(&url).call(),
            "DELETE" => self.agent.delete(&url).call(),
            _ => self.agent.post(&url).header("content-type", "application/json").send(body.to_string()),
        };
        let text =
            answer.and_then(|mut answer| answer.body_mut().read_to_string()).map_err(|error| error.to_string())?;
        let mut answer: Value = serde_json::from_str(&text).map_err(|error| format!("{error}: {text}"))?;
        match answer["value"]["error"].as_str() {
            Some(error) => Err(format!("{error}: {}", answer["value"]["message"])),
            None => Ok(answer["value"].take()),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.ask("DELETE", "", &Value::Null);
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let _ = fs::remove_dir_all(&self.profile);
    }
}

/// A plain client that takes every status for an answer.
pub(crate) fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None);
    config.timeout_global(Some(Duration::from_secs(60))).build().into()
}

pub(crate) const ENTER: &str = "\u{e007}";
pub(crate) const TAB: &str = "\u{e004}";
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--force-prefers-reduced-motion",
    "--hide-scrollbars",
    "--window-size=1400,1000",
];
