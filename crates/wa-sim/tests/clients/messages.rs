//! Messages of every kind, and webhooks. What each client can do stands in `docs/clients.md`.

use std::{collections::BTreeMap, fs, path::Path, thread};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use wa_sim::{State, Template, TestServer};

use crate::client::{Client, KAPSO, PYWA, WHATSAPP_API_JS, WHATSAPP_BUSINESS_RS};

/// `WA_BLESS=1` writes the table anew.
#[test]
fn clients_send_and_receive_messages_of_every_kind() {
    let columns: Vec<_> = thread::scope(|scope| {
        let runs: Vec<_> =
            CLIENTS.iter().map(|(client, script)| scope.spawn(move || (client, column(client, script)))).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/clients.md");
    let text = fs::read_to_string(&page).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (written, after) = rest.split_once(END).unwrap();
    let is_blessed = std::env::var_os("WA_BLESS").is_some();
    if is_blessed && columns.iter().all(|(_, column)| column.is_some()) {
        return fs::write(&page, format!("{before}{BEGIN}\n{}{END}{after}", table(&columns))).unwrap();
    }
    for (client, column) in columns {
        let Some(column) = column else { continue };
        assert_eq!(column_of(written, &client.title()), column, "{}: run it with WA_BLESS=1", client.name);
    }
}

type Column = BTreeMap<String, String>;

/// What a client could do, row by row; nothing if it is not there.
fn column(client: &Client, script: &str) -> Option<Column> {
    let installed = client.install()?;
    let server = TestServer::start_tls(state()).unwrap();
    let variables = [("WA_SECRET", SECRET.to_owned()), ("WA_FILES", files()), ("WA_PEOPLE", people())];
    let told = installed.run_with(script, &server, &variables.into());
    let (mut column, mut surprises) = (Column::new(), Vec::new());
    for line in &told {
        let row = line["row"].as_str().unwrap();
        let note = NOTES.iter().position(|(name, noted, ..)| *name == client.name && noted.contains(&row));
        let cell = match (is_done(row, line, &server), note) {
            (true, None) => "yes".to_owned(),
            (false, Some(place)) if line.to_string().contains(NOTES[place].2) => format!("no ({})", place + 1),
            // Also where a note says that it cannot.
            _ => {
                surprises.push(line);
                continue;
            }
        };
        assert_eq!(column.insert(row.to_owned(), cell), None, "{row}");
    }
    assert!(surprises.is_empty(), "{}: {surprises:#?}", client.name);
    Some(column)
}

/// Whether the simulator holds what the client says.
fn is_done(row: &str, line: &Value, server: &TestServer) -> bool {
    let (_, kind) = ROWS.iter().find(|(known, _)| *known == row).unwrap_or_else(|| panic!("no row {row}"));
    let engine = server.engine();
    let messages = &engine.state().numbers[State::NUMBER].messages;
    let Some(id) = line["id"].as_str() else {
        return line["result"] == true;
    };
    let message = messages.iter().find(|message| message.id == id);
    match message {
        _ if row.starts_with("receive ") => line["sent"] == id && message.is_some_and(|one| one.is_inbound),
        Some(message) if row.starts_with("status ") => !message.is_inbound,
        Some(message) => match kind.strip_prefix("interactive ") {
            Some(kind) => message.kind == "interactive" && message.content["type"] == kind,
            None => message.kind == *kind,
        },
        None => kind.is_empty(),
    }
}

fn table(columns: &[(&Client, Option<Column>)]) -> String {
    let titles: Vec<_> = columns.iter().map(|(client, _)| client.title()).collect();
    let mut text = format!("\n| what | {} |\n|---|{}\n", titles.join(" | "), "---|".repeat(titles.len()));
    for (row, _) in ROWS {
        let cell = |column: &Option<Column>| column.as_ref().unwrap().get(*row).map_or("-", String::as_str).to_owned();
        let cells: Vec<_> = columns.iter().map(|(_, column)| cell(column)).collect();
        text += &format!("| {row} | {} |\n", cells.join(" | "));
    }
    text += "\n";
    for (place, (name, rows, _, why)) in (1..).zip(NOTES) {
        text += &format!("{place}. {name}, {}: {why}\n", rows.join(", "));
    }
    text + "\n"
}

fn column_of(table: &str, title: &str) -> Column {
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let mut lines = table.lines().filter(|line| line.starts_with('|')).map(cells);
    let place = lines.next().unwrap().iter().position(|cell| cell == title);
    let place = place.unwrap_or_else(|| panic!("no column {title}"));
    lines.skip(1).map(|line| (line[1].clone(), line[place].clone())).filter(|(_, cell)| cell != "-").collect()
}

/// A registered number whose person writes first, and templates.
fn state() -> State {
    let mut state = State::demo_with_callback(1, "http://127.0.0.1:9/", "unset");
    let template = |name: &str, components: Value| {
        let mut template = Template::new(name, "en_US");
        template.components = components.as_array().unwrap().clone();
        template
    };
    let buttons = json!([
        {"type": "QUICK_REPLY", "text": "No"}, {"type": "URL", "text": "See", "url": "https://example.com/{{1}}"},
    ]);
    let order = json!([
        {"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Hello {{1}}, order {{2}} is ready."},
        {"type": "BUTTONS", "buttons": buttons},
    ]);
    let mut named = template("named", json!([{"type": "BODY", "text": "Hello {{first_name}}, welcome."}]));
    named.parameter_format = "NAMED".to_owned();
    let account = state.accounts.get_mut(State::ACCOUNT).unwrap();
    account.templates.extend([template("order", order), named]);
    state
}

fn files() -> String {
    let files: [(&str, &[u8]); 4] = [
        ("image", b"\x89PNG\r\n\x1a\n picture"),
        ("voice", b"OggS voice"),
        ("document", b"%PDF-1.4 text"),
        ("sticker", b"RIFF\0\0\0\0WEBPVP8 "),
    ];
    json!(files.map(|(name, bytes)| (name, STANDARD.encode(bytes))).into_iter().collect::<BTreeMap<_, _>>()).to_string()
}

/// What a person sends; members as in the samples of Meta's pages on the webhooks of messages.
fn people() -> String {
    let contact = json!({"name": {"formatted_name": "Ann Lee", "first_name": "Ann"},
        "phones": [{"phone": "+16505551235", "wa_id": "16505551235", "type": "HOME"}]});
    let product = json!({"product_retailer_id": "a", "quantity": 1, "item_price": 5.5, "currency": "USD"});
    let reply = |kind: &str, content: Value| json!({"type": "interactive", "interactive": {"type": kind, kind: content}, "context": {"id": "wamid.y"}});
    let flow = json!({"name": "flow", "body": "Sent", "response_json": "{\"flow_token\":\"t\"}"});
    let messages = [
        ("text", json!({"type": "text", "text": {"body": "Gr\u{fc}\u{df}e \u{1f331}"}})),
        ("image", json!({"type": "image", "image": {"caption": "c"}})),
        ("audio", json!({"type": "audio"})),
        ("video", json!({"type": "video"})),
        ("document", json!({"type": "document", "document": {"filename": "a.pdf"}})),
        ("sticker", json!({"type": "sticker"})),
        ("location", json!({"type": "location", "location": {"latitude": 1.5, "longitude": 2}})),
        ("contacts", json!({"type": "contacts", "contacts": [contact]})),
        ("reaction", json!({"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "\u{1f44d}"}})),
        ("button", json!({"type": "button", "button": {"text": "No", "payload": "n"}, "context": {"id": "wamid.y"}})),
        ("button reply", reply("button_reply", json!({"id": "a", "title": "A"}))),
        ("list reply", reply("list_reply", json!({"id": "1", "title": "A", "description": "D"}))),
        ("flow reply", reply("nfm_reply", flow)),
        ("order", json!({"type": "order", "order": {"catalog_id": "1", "text": "Soon", "product_items": [product]}})),
        (
            "changed number",
            json!({"type": "system", "system": {"body": "b", "type": "user_changed_number", "wa_id": "16505559999"}}),
        ),
        ("unsupported", json!({"type": "unsupported"})),
    ];
    json!(messages.map(|(row, message)| json!({"row": format!("receive {row}"), "message": message}))).to_string()
}

const CLIENTS: &[(Client, &str)] = &[
    (PYWA, "pywa_messages.py"),
    (KAPSO, "kapso_messages.mjs"),
    (WHATSAPP_API_JS, "whatsapp_api_js_messages.mjs"),
    (WHATSAPP_BUSINESS_RS, "whatsapp_business_rs"),
];
const SECRET: &str = "app-secret";
const BEGIN: &str = "<!-- written by the test -->";
const END: &str = "<!-- end -->";

/// What a client cannot do, with words of what it told, and why.
const NOTES: &[(&str, &[&str], &str, &str)] = &[
    ("pywa", &["pin in a group"], "131051", "the simulator knows no groups."),
    (
        "kapso",
        &["download a file"],
        "false",
        "it sends no token to the address of a file, unless it is told `auth: \"always\"`. Meta's page on media asks for the \
         token.",
    ),
    (
        "whatsapp-api-js",
        &["contacts"],
        "must be an array",
        "it sends the list as text inside of the JSON. Meta's page on contacts has a list; whether the service takes the \
         text as well is not known.",
    ),
    (
        "whatsapp-api-js",
        &["link button under an image"],
        "Header of type text is required",
        "it refuses the header itself. Meta's page on link buttons allows a picture.",
    ),
    (
        "whatsapp-business-rs",
        &["receive contacts", "receive button", "receive flow reply", "receive changed number"],
        "JSON parsing failed",
        "it knows no such messages, and reports an error for the whole webhook.",
    ),
    (
        "whatsapp-business-rs",
        &["status sent", "status delivered", "status read", "status failed"],
        "Missing 'context' field",
        "it wants a profile with a name in the contacts beside a status. Real ones have been seen without.",
    ),
];

/// The rows, with the kind of the message that the simulator then holds.
const ROWS: &[(&str, &str)] = &[
    ("text", "text"),
    ("text with a preview", "text"),
    ("reply", "text"),
    ("text with data to come back", "text"),
    ("image by id", "image"),
    ("image by link", "image"),
    ("audio by link", "audio"),
    ("voice message", "audio"),
    ("video by link", "video"),
    ("document by id", "document"),
    ("document by link", "document"),
    ("sticker by id", "sticker"),
    ("sticker by link", "sticker"),
    ("reaction", "reaction"),
    ("reaction taken back", "reaction"),
    ("location", "location"),
    ("contacts", "contacts"),
    ("buttons", "interactive button"),
    ("buttons under an image", "interactive button"),
    ("list", "interactive list"),
    ("link button", "interactive cta_url"),
    ("link button under an image", "interactive cta_url"),
    ("flow", "interactive flow"),
    ("product", "interactive product"),
    ("product list", "interactive product_list"),
    ("catalog", "interactive catalog_message"),
    ("carousel of links", "interactive carousel"),
    ("carousel of buttons", "interactive carousel"),
    ("location request", "interactive location_request_message"),
    ("address request", "interactive address_message"),
    ("contact request", "interactive request_contact_info"),
    ("call permission request", "interactive call_permission_request"),
    ("call button", "interactive voice_call"),
    ("template", "template"),
    ("template with parameters", "template"),
    ("template with named parameters", "template"),
    ("pin in a group", "pin"),
    ("mark as read", ""),
    ("typing", ""),
    ("upload a file", ""),
    ("read a file", ""),
    ("download a file", ""),
    ("delete a file", ""),
    ("handshake", ""),
    ("another verify token is refused", ""),
    ("a changed webhook is refused", ""),
    ("receive text", ""),
    ("receive image", ""),
    ("receive audio", ""),
    ("receive video", ""),
    ("receive document", ""),
    ("receive sticker", ""),
    ("receive location", ""),
    ("receive contacts", ""),
    ("receive reaction", ""),
    ("receive button", ""),
    ("receive button reply", ""),
    ("receive list reply", ""),
    ("receive flow reply", ""),
    ("receive order", ""),
    ("receive changed number", ""),
    ("receive unsupported", ""),
    ("status sent", ""),
    ("status delivered", ""),
    ("status read", ""),
    ("status failed", ""),
];
