//! The page in a real browser.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "a test starts programs and writes pictures")]

mod browser;
mod service;

use std::{
    env, fs,
    io::{Write as _, stderr},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use browser::{Browser, ENTER, TAB, agent};
use serde_json::json;
use service::{call, graph, register, register_from_scratch, scene, subscribe};
use wa_sim::{Operation, ServerOptions, State, TestServer};

/// One browser for all: starting it takes longer than what is done with it.
#[test]
fn a_person_uses_the_page() {
    let browser = match Browser::start() {
        Ok(browser) => browser,
        Err(missing) => {
            // Not by a macro, whose output the test harness keeps to itself.
            let _ =
                writeln!(stderr(), "\nSKIPPED: {missing} (Debian: chromium, chromium-driver): the page was not tested");
            return;
        }
    };
    let steps: &[fn(&Browser, &TestServer)] = &[
        the_clock_moves_by_key_and_by_click,
        a_number_goes_its_way,
        a_fault_strikes,
        names_are_decided_and_never_markup,
        what_a_person_does_survives_updates,
        every_control_is_reached_by_key,
        deliveries_are_shown_and_forged,
        nothing_foreign_gets_in,
        every_fault_and_call_can_be_chosen,
        a_newcomer_finds_what_a_client_needs,
        a_number_is_added_and_everything_begins_anew,
        rules_are_changed_one_by_one,
        it_says_why_nobody_is_told,
        a_person_reads_and_answers_as_on_a_phone,
        it_is_readable_in_both_schemes_and_on_a_phone,
    ];
    for step in steps {
        let server = TestServer::start(State::demo(1)).unwrap();
        open(&browser, &server);
        step(&browser, &server);
        assert_eq!(browser.complaints(), Vec::<String>::new());
        let requests = browser.run("return performance.getEntriesByType('resource').map((one) => one.name)");
        let requests: Vec<String> = serde_json::from_value(requests).unwrap();
        assert!(!requests.is_empty() && requests.iter().all(|one| one.starts_with(&server.url())), "{requests:?}");
        browser.open("about:blank");
        browser.complaints();
    }
    the_real_clock_goes_by_itself(&browser);
    it_says_when_the_simulator_is_gone(&browser);
}

fn the_clock_moves_by_key_and_by_click(browser: &Browser, server: &TestServer) {
    let start = server.engine().now();
    browser.until_text("#now-time", "15:06:40");
    browser.click("[data-step='1h']");
    browser.until_text("#now-time", "16:06:40");
    browser.run("document.querySelector('[data-step=\"72h\"]').focus()");
    browser.press(TAB);
    for letter in ["3", "6", "h", ENTER] {
        browser.press(letter);
    }
    browser.until_text("#now-time", "04:06:40");
    browser.until_text("#now-date", "17 Jun 2025");
    assert_eq!(server.engine().now().since(start).as_secs(), 37 * 3_600);
    browser.until("document.getElementById('step').value === ''");

    browser.write("#step", &format!("soon{ENTER}"));
    browser.until("document.getElementById('said').dataset.bad === 'true'");
    browser.until_text("#said", "is no length of time");
    let complaints = browser.complaints();
    assert!(complaints.len() == 1 && complaints[0].contains("status of 400"), "{complaints:?}");
}

fn a_number_goes_its_way(browser: &Browser, server: &TestServer) {
    let lit = |phase: &str| {
        browser.until(&format!("document.querySelector('.machine').ariaLabel.includes('is {phase}.')"));
        let here = "return [...document.querySelectorAll('.machine [data-is=here]')].map((one) => one.textContent)";
        assert_eq!(browser.run(here), json!([phase]));
    };
    lit("unverified");
    graph(server, "request_code", &json!({"code_method": "SMS", "language": "en_US"})).unwrap();
    lit("code sent");
    let code = server.engine().sent_code(State::NUMBER).unwrap().to_owned();
    browser.until_text(".sms .digits", &code);
    browser.until_text(".sms", "valid until 15:16:40");
    graph(server, "verify_code", &json!({ "code": code })).unwrap();
    lit("verified");
    browser.until("document.querySelector('.sms').hidden");
    browser.until_text(".attempts", "0 of 10");
    register(server).unwrap();
    lit("registered");
    browser.until_text(".attempts", "1 of 10, 9 left, one more in 72 h");
    browser.until("document.querySelectorAll('.pips [data-used=\"true\"]').length === 1");
    browser.until_text(".badge", "registered");
    for _ in 0..9 {
        register(server).unwrap();
    }
    browser.until_text(".attempts", "10 of 10, next free in 72 h");
    assert_eq!(register(server).unwrap().0, 400);
    lit("locked");
    browser.until_text(".attempts", "locked until");
    browser.click("[data-step='72h']");
    lit("registered");

    // The newest entry is the first; it opens, and shows no PIN.
    browser.until_text(".entry summary", "133016");
    browser.click(".entry summary");
    browser.until_text(".entry pre", "\"pin\": \"***\"");
    browser.write("#journal-operation", "number.verify_code");
    browser.until("document.querySelectorAll('#journal .entry').length === 1");
    browser.until_text(".entry .op", "number.verify_code");
}

fn a_fault_strikes(browser: &Browser, server: &TestServer) {
    browser.until("!document.getElementById('faults-note').hidden");
    browser.write("#fault-kind", "Close");
    browser.write("[name='moment']", "after");
    browser.write("#fault-operation", "number.request_code");
    browser.write("[name='times']", "2");
    browser.click("#fault-form button");
    browser.until_text(".fault-row .struck", "struck 0 of 2");
    let error = graph(server, "request_code", &json!({"code_method": "SMS", "language": "en_US"})).unwrap_err();
    assert!(error.contains("disconnected") || error.contains("closed") || error.contains("EOF"), "{error}");
    browser.until_text(".fault-row .struck", "struck 1 of 2");
    browser.until_text(".entry .fault-name", "close");
    browser.until_text(".badge", "code sent");

    browser.write("#fault-kind", "Answer with an error");
    browser.write("[name='fault.code']", "\u{e009}a\u{e000}131057");
    browser.click("#fault-form button");
    browser.until("document.querySelectorAll('.fault-row').length === 2");
    browser.click(".fault-row button");
    browser.until("document.querySelectorAll('.fault-row').length === 1");
    let (status, answer) = graph(server, "request_code", &json!({"code_method": "SMS", "language": "en_US"})).unwrap();
    assert_eq!((status, &answer["error"]["code"]), (500, &json!(131_057)));
    browser.until_text(".entry .code", "131057");
    browser.click("#faults-clear");
    browser.until("document.querySelectorAll('.fault-row').length === 0");
}

fn names_are_decided_and_never_markup(browser: &Browser, server: &TestServer) {
    let name = "<img src=x onerror=alert(1)><script>alert(2)</script>";
    let body = json!({"cc": "1", "phone_number": "6315550101", "verified_name": name});
    let (status, answer) = call(server, &format!("{}/phone_numbers", State::ACCOUNT), &body).unwrap();
    assert_eq!(status, 200, "{answer}");
    let card = format!("[data-id='{}']", answer["id"].as_str().unwrap());
    browser.until_text(&format!("{card} .name"), name);
    browser.click(&format!("{card} summary"));
    browser.until_text(&format!("{card} .facts"), "PENDING_REVIEW");
    browser.click(".entry summary");
    browser.until_text(".entry pre", "<script>");
    assert_eq!(browser.run("return document.querySelectorAll('main img, main script').length"), 0);
    browser.click(&format!("{card} [aria-label='Display name'] button"));
    browser.until_text(&format!("{card} .facts"), "APPROVED");
    browser.until(&format!("document.querySelector({}).disabled", json!(format!("{card} .control button"))));
    browser.click(&format!("{card} [data-quality='RED']"));
    browser.until_text(&format!("{card} .facts"), "FLAGGED");
    browser.write("#find", "078");
    browser.until("document.querySelectorAll('.number').length === 1");
}

fn what_a_person_does_survives_updates(browser: &Browser, server: &TestServer) {
    let request = || graph(server, "request_code", &json!({"code_method": "SMS", "language": "en_US"})).unwrap();
    request();
    browser.until("document.querySelectorAll('.entry').length === 1");
    browser.click(".entry summary");
    browser.run("window.opened = document.querySelector('.entry')");
    browser.write(".write [name='text']", "half a mess");
    for count in 2..=4 {
        request();
        browser.until(&format!("document.querySelectorAll('#journal .entry').length === {count}"));
    }
    for kept in [
        "opened.isConnected && opened.open",
        "document.activeElement.name === 'text'",
        "document.activeElement.value === 'half a mess'",
        "document.querySelector('.number details').open",
    ] {
        assert_eq!(browser.run(&format!("return {kept}")), true, "{kept}");
    }
}

fn every_control_is_reached_by_key(browser: &Browser, server: &TestServer) {
    subscribe(server);
    register_from_scratch(server);
    browser.until_text(".badge", "registered");
    browser.until("document.querySelector('.delivery') || document.querySelectorAll('.entry').length > 3");
    let count = browser.run(
        "window.controls = [...document.querySelectorAll('a[href], button, input, select, summary, pre, [tabindex=\"0\"]')]
             .filter((one) => !one.disabled && one.checkVisibility());
         document.activeElement.blur(); getSelection().removeAllRanges(); return controls.length",
    );
    let count = count.as_i64().unwrap();
    let mut reached = Vec::new();
    for _ in 0..count {
        browser.press(TAB);
        reached.push(browser.run("return controls.indexOf(document.activeElement)").as_i64().unwrap());
    }
    assert!(count > 30, "{count}");
    assert_eq!(reached, (0..count).collect::<Vec<_>>());
    let unnamed = browser.run(
        "return controls.filter((one) => !(one.ariaLabel || one.innerText || one.labels?.length)).map((one) => one.outerHTML)",
    );
    assert_eq!(unnamed, json!([]));
}

fn deliveries_are_shown_and_forged(browser: &Browser, server: &TestServer) {
    browser.until_text("#webhooks-note", "No app is subscribed");
    subscribe(server);
    register_from_scratch(server);
    browser.until_text(".badge", "registered");
    // Registering told the app of the number's limit.
    browser.until_text(".delivery .op", "phone_number_quality_update");
    browser.write(".write [name='text']", &format!("hello{ENTER}"));
    browser.until_text(".delivery .op", "messages");
    // The demo's callback is on another machine, so nothing is sent there.
    browser.until_text(".delivery .status", "withheld");
    browser.click(".delivery [aria-label='Tamper delivery 1']");
    browser.until_text(".delivery .node", "#2");
    browser.click("[data-id='2'] summary");
    browser.until_text("[data-id='2'] pre", "accomplice");
    browser.click(".delivery [aria-label='Redeliver delivery 1']");
    browser.until_text(".delivery .node", "#3");
    let engine = server.engine();
    let kept: Vec<bool> =
        engine.state().webhooks.deliveries.values().map(|one| !one.body.contains("accomplice")).collect();
    assert_eq!(kept, [true, true, false, true]);
}

fn nothing_foreign_gets_in(browser: &Browser, server: &TestServer) {
    let page = agent().get(format!("{}/_sim/", server.url())).call().unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
    for (attempt, error) in [
        ("document.body.innerHTML = '<b>markup</b>'", "TypeError"),
        (
            "const script = document.createElement('script'); script.append('window.ran = true'); document.body.append(script); \
          if (!window.ran) throw new RangeError()",
            "RangeError",
        ),
    ] {
        let caught = browser.run(&format!("try {{ {attempt}; return 'done' }} catch (error) {{ return error.name }}"));
        assert_eq!(caught, error, "{attempt}");
    }
    let outside = "fetch('http://127.0.0.1:9/').then(() => done('answered'), () => done('refused'))";
    browser.run(&format!("window.done = (word) => {{ window.outside = word }}; {outside}"));
    browser.until("outside === 'refused'");
    let complaints = browser.complaints();
    for directive in ["TrustedHTML", "TrustedScript", "connect-src"] {
        assert!(complaints.iter().any(|one| one.contains(directive)), "{directive}: {complaints:?}");
    }
}

fn every_fault_and_call_can_be_chosen(browser: &Browser, server: &TestServer) {
    let names = browser
        .run("return [...document.querySelectorAll('#fault-operation option')].slice(1).map((one) => one.value)");
    let operations: Vec<Operation> = serde_json::from_value(names).unwrap();
    assert_eq!(operations, Operation::all().collect::<Vec<_>>());
    let kinds = browser.run("return document.querySelectorAll('#fault-kind option').length").as_u64().unwrap();
    for index in 0..kinds {
        browser.run(&format!(
            "const kind = document.getElementById('fault-kind'); kind.selectedIndex = {index};
             kind.dispatchEvent(new Event('change')); document.querySelector('#fault-form button').click()"
        ));
        browser.until(&format!("document.querySelectorAll('.fault-row').length === {}", index + 1));
    }
    assert_eq!((kinds, server.engine().state().faults.len()), (16, 16));
}

fn a_newcomer_finds_what_a_client_needs(browser: &Browser, server: &TestServer) {
    for (place, text) in [
        ("#base-url", &*server.url()),
        ("#token", State::TOKEN),
        ("#app-id", State::APP),
        ("#app-secret", "app-secret"),
    ] {
        browser.until(&format!("document.querySelector('{place}').textContent === {}", json!(text)));
    }
    browser.run("Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: async (text) => (window.copied = text) } })");
    browser.click("[data-copy='token']");
    browser.until(&format!("window.copied === {}", json!(State::TOKEN)));
    browser.until_text("#said", "Copied.");
    browser.run("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })");
    browser.click("[data-copy='app-id']");
    browser.until_text("#said", "the text is selected");
    assert_eq!(browser.run("return String(getSelection())"), State::APP);
}

fn a_number_is_added_and_everything_begins_anew(browser: &Browser, server: &TestServer) {
    browser.click("#numbers .more summary");
    browser.write("[name='digits']", "+1 631 555 1000");
    browser.click("#number-form button");
    browser.until("document.querySelectorAll('.number').length === 2");
    assert!(server.engine().state().numbers.values().any(|number| number.digits == "16315551000"));
    let snapshot = server.engine().state().to_json();
    browser.click("#reset");
    browser.until("document.querySelectorAll('.number').length === 1");
    assert_eq!(server.engine().state().numbers.len(), 1);

    // What a person chooses from the disk.
    let choose = |text: &str| {
        browser.run(&format!(
            "const files = new DataTransfer(); files.items.add(new File([{}], 'state.json'));
             const input = document.getElementById('snapshot-file'); input.files = files.files;
             input.dispatchEvent(new Event('change'))",
            json!(text)
        ));
    };
    choose(&snapshot.to_string());
    browser.until("document.querySelectorAll('.number').length === 2");
    choose("no state");
    browser.until_text("#said", "The file is not JSON");
}

fn rules_are_changed_one_by_one(browser: &Browser, server: &TestServer) {
    browser.click("#rules summary");
    browser.click(".rule [name='name_must_be_usable']");
    browser.until_text("#said", "The rule name_must_be_usable is set.");
    assert!(!server.engine().state().rules.name_must_be_usable);
    browser.write(".rule [name='register_outcome']", &format!("\u{e009}a\u{e000}stays_pending{ENTER}"));
    browser.until_text("#said", "The rule register_outcome is set.");
    assert_eq!(server.engine().state().rules.register_outcome, wa_sim::RegisterOutcome::StaysPending);
    browser.write(".rule [name='codes_an_hour']", &format!("\u{e009}a\u{e000}many{ENTER}"));
    browser.until_text("#said", "a whole number that is not negative is expected");
    let complaints = browser.complaints();
    assert!(complaints.len() == 1 && complaints[0].contains("status of 400"), "{complaints:?}");
}

fn it_says_why_nobody_is_told(browser: &Browser, server: &TestServer) {
    register_from_scratch(server);
    browser.until_text(".badge", "registered");
    browser.write(".write [name='text']", &format!("hello{ENTER}"));
    browser.until_text("#said", "no app is subscribed");
    browser.until_text(".callback", "subscribed to no account");
    browser.click(".callback .buttons button");
    browser.until_text(".callback", "subscribed to 1022");
    browser.write(".write [name='text']", &format!("hello again{ENTER}"));
    browser.until_text(".delivery .op", "messages");
}

fn a_person_reads_and_answers_as_on_a_phone(browser: &Browser, server: &TestServer) {
    browser.until_text("#chats-note", "No number is registered");
    register_from_scratch(server);
    browser.until_text("#chats-note", "Nobody has written yet");
    browser.write("#chat-message", &format!("<b>hello</b>{ENTER}"));
    browser.until_text(".bubble[data-from='person'] .body", "<b>hello</b>");
    browser.until_text("#chat-window", "open until");
    let send = |kind: &str, content: serde_json::Value| {
        let body = json!({"messaging_product": "whatsapp", "to": "16505551234", "type": kind, kind: content});
        let (status, answer) = graph(server, "messages", &body).unwrap();
        assert_eq!(status, 200, "{answer}");
        format!(".bubble[data-id='{}']", answer["messages"][0]["id"].as_str().unwrap())
    };
    // Ticks follow the statuses.
    let text = send("text", json!({"body": "Hello to you"}));
    browser.until_text(&text, "Hello to you");
    for (step, status) in [("1m", "read"), ("1h", "read")] {
        browser.click(&format!("[data-step='{step}']"));
        browser.until(&format!(
            "document.querySelector({}).dataset.status === '{status}'",
            json!(format!("{text} .ticks"))
        ));
    }

    // Buttons and rows are answered with a click, and the answer names what it answers.
    let reply = |id: &str, title: &str| json!({"type": "reply", "reply": {"id": id, "title": title}});
    let buttons = json!({"type": "button", "body": {"text": "Which one?"}, "action": {"buttons": [reply("a", "Aloe"), reply("b", "Bonsai")]}});
    let buttons = send("interactive", buttons);
    browser.until(&format!("document.querySelectorAll({}).length === 2", json!(format!("{buttons} .tap"))));
    browser.click(&format!("{buttons} .tap:last-child"));
    browser.until_text(".bubble[data-from='person']:last-child", "Bonsai");
    browser.until_text(".bubble:last-child blockquote", "Which one?");
    let rows = json!({"type": "list", "body": {"text": "Choose"}, "action": {"button": "See all", "sections": [{"title": "Plants", "rows": [{"id": "r1", "title": "Cactus"}]}]}});
    let rows = send("interactive", rows);
    browser.until_text(&rows, "See all");
    browser.run(&format!("document.querySelector({}).focus()", json!(format!("{rows} summary"))));
    browser.press(ENTER);
    browser.press(TAB);
    browser.press(ENTER);
    browser.until_text(".bubble[data-from='person']:last-child", "Cactus");
    let answers: Vec<_> = server.engine().state().numbers[State::NUMBER]
        .messages
        .iter()
        .filter(|one| one.kind == "interactive" && one.is_inbound)
        .map(|one| one.content.clone())
        .collect();
    assert_eq!(answers[0]["button_reply"], json!({"id": "b", "title": "Bonsai"}));
    assert_eq!(answers[1]["list_reply"]["id"], "r1");

    let template = send("template", json!({"name": "hello_world", "language": {"code": "en_US"}}));
    browser.until_text(&template, "Hello World");
    // A picture that a person sends is shown, and comes from the simulator itself.
    browser.write("#chat-kind", "Image");
    browser.write("#chat-message", &format!("A plant{ENTER}"));
    browser.until("document.querySelector('.bubble:last-child img').naturalWidth === 1");
    browser.until_text(".bubble:last-child", "A plant");
    for kind in ["Audio", "Document", "Location", "Contacts", "Order", "Unsupported", "Reaction", "Sticker", "Video"] {
        browser.write("#chat-kind", kind);
        browser.run("window.bubbleCount = document.querySelectorAll('.bubble').length");
        browser.click("#chat-form button");
        browser.until("document.querySelectorAll('.bubble').length === bubbleCount + 1");
    }
    // What cannot be shown does not stop the rest.
    let odd = json!({"type": "contacts", "contacts": [null]});
    server.engine().receive_message(State::NUMBER, "16505551234", odd.as_object().unwrap()).unwrap();
    browser.until_text(".bubble:last-child", "Contacts: see the journal");
    // Another person has a conversation of her own.
    browser.write("#chat-from", "\u{e009}a\u{e000}4915112345678");
    browser.write("#chat-kind", "Text");
    browser.write("#chat-message", &format!("Guten Tag{ENTER}"));
    browser.until("document.querySelectorAll('#chat-list button').length === 2 && document.querySelectorAll('.bubble').length === 1");
    browser.click("#chat-list [data-person='16505551234']");
    browser.until("document.querySelectorAll('.bubble').length > 10");

    for scheme in ["light", "dark"] {
        browser.prefer(scheme);
        browser.until(&format!("matchMedia('(prefers-color-scheme: {scheme})').matches"));
        assert_eq!(browser.run(include_str!("contrast.js"))["poor"], json!([]), "{scheme}");
    }
    browser.resize(360, 780);
    browser.until("innerWidth === 360");
    assert_eq!(browser.run("return document.documentElement.scrollWidth"), 360);
    if env::var_os("WA_BLESS").is_some() {
        let path = format!("{}/phone-chat.png", env!("CARGO_TARGET_TMPDIR"));
        browser.run("scrollTo(0, document.getElementById('chats').offsetTop - 20)");
        fs::write(path, STANDARD.decode(browser.picture()).unwrap()).unwrap();
    }
    browser.prefer("light");
    browser.resize(1400, 1000);
    browser.until("innerWidth === 1400");
}

fn it_is_readable_in_both_schemes_and_on_a_phone(browser: &Browser, server: &TestServer) {
    scene(server);
    browser.until("document.querySelectorAll('.fault-row').length === 2 && document.querySelector('.delivery')");
    browser.until_text(".badge", "registered");
    let mut grounds = Vec::new();
    browser.resize(1340, 864);
    browser.until("innerWidth === 1340");
    for scheme in ["light", "dark"] {
        browser.prefer(scheme);
        browser.until(&format!("matchMedia('(prefers-color-scheme: {scheme})').matches"));
        let seen = browser.run(include_str!("contrast.js"));
        assert_eq!(seen["poor"], json!([]), "{scheme}");
        assert!(seen["count"].as_u64().unwrap() > 100, "{seen}");
        grounds.push(browser.run("return getComputedStyle(document.body).backgroundColor"));
        if scheme == "light" && env::var_os("WA_BLESS").is_some() {
            browser.run("document.getElementById('said').textContent = ''");
            let path = format!("{}/../../docs/simulator.png", env!("CARGO_MANIFEST_DIR"));
            fs::write(path, STANDARD.decode(browser.picture()).unwrap()).unwrap();
        }
    }
    assert_ne!(grounds[0], grounds[1]);
    browser.click("#theme");
    browser.until_text("#theme", "light");
    assert_eq!(browser.run("return getComputedStyle(document.body).backgroundColor"), grounds[0]);
    for width in [360, 390] {
        browser.resize(width, 780);
        browser.until(&format!("innerWidth === {width}"));
        assert_eq!(browser.run("return document.documentElement.scrollWidth"), width);
        // Nothing of an entry is cut or left out.
        let cut = browser.run(
            "return [...document.querySelectorAll('#journal .entry > summary')].flatMap((one) => [...one.querySelectorAll('.op, .node, .status')])
                 .filter((one) => one.textContent && (!one.checkVisibility() || one.scrollWidth > one.clientWidth + 1)).map((one) => one.textContent)",
        );
        assert_eq!(cut, json!([]));
        // The words of the drawing stay within it.
        let outside = browser.run(
            "const box = (one) => one.getBoundingClientRect();
             const ground = box(document.querySelector('.machine'));
             return [...document.querySelectorAll('.machine text')]
                 .filter((one) => box(one).left < ground.left || box(one).right > ground.right).map((one) => one.textContent)",
        );
        assert_eq!(outside, json!([]));
    }
    if env::var_os("WA_BLESS").is_some() {
        let path = format!("{}/phone.png", env!("CARGO_TARGET_TMPDIR"));
        browser.run("scrollTo(0, document.getElementById('journal').offsetTop - 200)");
        fs::write(path, STANDARD.decode(browser.picture()).unwrap()).unwrap();
        browser.run("scrollTo(0, 0)");
        let path = format!("{}/phone-top.png", env!("CARGO_TARGET_TMPDIR"));
        fs::write(path, STANDARD.decode(browser.picture()).unwrap()).unwrap();
    }
    browser.resize(1400, 1000);
    browser.until("innerWidth === 1400");
    browser.run("localStorage.clear()");
}

fn the_real_clock_goes_by_itself(browser: &Browser) {
    let server = TestServer::start_with(State::demo(1), ServerOptions::new().real_clock()).unwrap();
    open(browser, &server);
    browser.until("document.getElementById('steps').hidden && !document.getElementById('real-clock').hidden");
    browser.run("window.then = document.getElementById('now-time').textContent");
    browser.until("document.getElementById('now-time').textContent !== then");
    browser.open("about:blank");
}

fn it_says_when_the_simulator_is_gone(browser: &Browser) {
    let server = TestServer::start(State::demo(1)).unwrap();
    let address = server.address();
    open(browser, &server);
    drop(server);
    browser.until("!document.getElementById('gone').hidden");
    browser.until_text("#gone", "does not answer");
    let server = TestServer::start_with(State::demo(1), ServerOptions::new().listen(address)).unwrap();
    browser.until("document.getElementById('gone').hidden");
    graph(&server, "request_code", &json!({"code_method": "SMS", "language": "en_US"})).unwrap();
    browser.until_text(".badge", "code sent");
}

fn open(browser: &Browser, server: &TestServer) {
    browser.open(&format!("{}/_sim/", server.url()));
    browser.until("document.getElementById('link').dataset.state === 'live' && document.querySelector('.number')");
}
