//! Messages of every kind as whatsapp-business-rs sends and receives them: one line of JSON for each.

use std::{env, future::IntoFuture, time::Duration};

use serde_json::{json, Value};
use tokio::sync::mpsc;
use whatsapp_business_rs::{
    catalog::ProductRef,
    client::Client,
    message::*,
    server::{Event, EventContext, Handler},
    Server,
};

fn tell(row: &str, found: Value) {
    let mut line = json!({"row": row});
    line.as_object_mut().unwrap().extend(found.as_object().unwrap().clone());
    println!("{line}");
}
async fn attempt<T>(
    row: &str,
    call: impl IntoFuture<Output = Result<T, whatsapp_business_rs::Error>>,
    id: impl Fn(&T) -> Value,
) -> Option<T> {
    match call.await {
        Ok(found) => {
            tell(row, id(&found));
            Some(found)
        }
        Err(error) => {
            tell(row, json!({"error": format!("{error:?}")}));
            None
        }
    }
}
fn sent(found: &MessageCreate) -> Value {
    json!({"id": found.message.message_id()})
}

struct Ears(mpsc::UnboundedSender<Value>);
impl Handler for Ears {
    async fn handle(&self, _: EventContext, event: Event) {
        let _ = self.0.send(match event {
            Event::IncomingMessage(message) => {
                json!({"id": message.message().id, "seen": format!("{:?}", message.message().content)})
            }
            Event::MessageUpdate(update) => {
                json!({"id": update.message.message_id(), "status": format!("{:?}", update.status)})
            }
            other => json!({"other": format!("{other:?}")}),
        });
    }
    async fn handle_error(
        &self,
        _: whatsapp_business_rs::server::ErrorContext,
        error: Box<dyn std::error::Error + Send>,
    ) {
        let _ = self.0.send(json!({"error": error.to_string()}));
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let var = |name: &str| env::var(name).unwrap();
    let (base, number, to) = (var("WA_BASE"), var("WA_NUMBER"), "16505551234");
    let people = reqwest::Client::new();
    let sim = |path: &str, body: Value, put: bool| {
        let url = format!("{base}/_sim/{path}");
        let request = if put { people.put(url) } else { people.post(url) };
        let request = request.json(&body);
        async move {
            let r = request.send().await.unwrap();
            (r.status().is_success(), r.json::<Value>().await.unwrap())
        }
    };
    let (sender, mut heard) = mpsc::unbounded_channel();
    // It tells no port, so a free one is looked for.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = Server::builder()
        .endpoint(([127, 0, 0, 1], port).into())
        .verify_payload(var("WA_SECRET"))
        .verify_token("verify-me")
        .build();
    tokio::spawn(async move {
        if let Err(e) = server.serve(Ears(sender)).await {
            eprintln!("{e}")
        }
    });
    while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        tokio::task::yield_now().await;
    }
    let callback = |token: &str| json!({"url": format!("http://127.0.0.1:{port}/"), "verify_token": token});
    let path = format!("apps/{}/callback", var("WA_APP"));
    tell("another verify token is refused", json!({"result": !sim(&path, callback("another"), true).await.0}));
    tell("handshake", json!({"result": sim(&path, callback("verify-me"), true).await.0}));
    macro_rules! next {
        () => {
            tokio::time::timeout(Duration::from_secs(5), heard.recv()).await.ok().flatten()
        };
    }
    while heard.try_recv().is_ok() {}
    for case in serde_json::from_str::<Vec<Value>>(&var("WA_PEOPLE")).unwrap() {
        let (_, answer) = sim(
            "control",
            json!({"receive_message": {"number": number, "from": to, "message": case["message"]}}),
            false,
        )
        .await;
        let mut line = next!().unwrap_or(json!({"error": "no handler was called"}));
        line["sent"] = answer["message"].clone();
        tell(case["row"].as_str().unwrap(), line);
    }
    let client = Client::new(var("WA_TOKEN").as_str()).await.unwrap();
    let m = client.message(number.as_str());
    let link = || MediaSource::link("https://example.com/file");
    let first =
        attempt("text", m.send(to, "Hello"), sent).await.map(|f| f.message.message_id().to_owned()).unwrap_or_default();
    attempt("text with a preview", m.send(to, Draft::text("https://example.com/").preview_url(true)), sent).await;
    attempt("reply", m.send(to, Draft::text("Hello").reply_to(first.as_str())), sent).await;
    attempt(
        "text with data to come back",
        m.send(to, Draft::text("Hello").with_biz_opaque_callback_data("order 17")),
        sent,
    )
    .await;
    let files: Value = serde_json::from_str(&var("WA_FILES")).unwrap();
    use base64::Engine as _;
    let file = |name: &str| base64::engine::general_purpose::STANDARD.decode(files[name].as_str().unwrap()).unwrap();
    let png = MediaType::Image(ImageExtension::Png);
    let picture = attempt("upload a file", m.upload_media(file("image"), png.clone(), "a.png"), |id| json!({"id": id}))
        .await
        .unwrap_or_default();
    attempt("image by id", m.send(to, Media::png(MediaSource::id(picture.as_str())).caption("A picture")), sent).await;
    attempt("image by link", m.send(to, Media::png(link()).caption("A picture")), sent).await;
    attempt("audio by link", m.send(to, Media::new(link(), MediaType::Audio(AudioExtension::Ogg))), sent).await;
    attempt("video by link", m.send(to, Media::mp4(link()).caption("A film")), sent).await;
    attempt("document by id", m.send(to, Media::pdf(MediaSource::bytes(file("document")), "a.pdf")), sent).await;
    attempt("document by link", m.send(to, Media::pdf(link(), "a.pdf").caption("A document")), sent).await;
    attempt("sticker by id", m.send(to, Media::sticker(MediaSource::bytes(file("sticker")))), sent).await;
    attempt("sticker by link", m.send(to, Media::sticker(link())), sent).await;
    attempt("reaction", m.send(to, Draft::react('\u{1f44d}', first.as_str())), sent).await;
    attempt(
        "location",
        m.send(to, Draft::location(37.48, -122.15).location_name("Garden").location_address("1 Hacker Way")),
        sent,
    )
    .await;
    let buttons = || Keyboard::from([Button::reply("yes", "Yes"), Button::reply("no", "No")]);
    attempt(
        "buttons",
        m.send(
            to,
            Draft::interactive(
                InteractiveMessage::new(buttons(), "Water them?").header("Plants").footer("Lucky Shrub"),
            ),
        ),
        sent,
    )
    .await;
    attempt(
        "buttons under an image",
        m.send(to, Draft::interactive(InteractiveMessage::new(buttons(), "This one?").header(Media::png(link())))),
        sent,
    )
    .await;
    let options =
        || Section::new("All", [OptionButton::new("Dry", "Aloe", "aloe"), OptionButton::new("Wet", "Fern", "fern")]);
    attempt(
        "list",
        m.send(
            to,
            Draft::interactive(InteractiveMessage::new(
                InteractiveAction::OptionList(OptionList::new_section(options(), "Plants")),
                "Choose",
            )),
        ),
        sent,
    )
    .await;
    let cta = || InteractiveAction::Cta(UrlButton::new("https://example.com/", "See"));
    attempt("link button", m.send(to, Draft::interactive(InteractiveMessage::new(cta(), "Look"))), sent).await;
    attempt(
        "link button under an image",
        m.send(to, Draft::interactive(InteractiveMessage::new(cta(), "Look").header(Media::png(link())))),
        sent,
    )
    .await;
    let product = |id: &str| ProductRef::from_product_retailer_id(id);
    attempt(
        "product",
        m.send(
            to,
            Draft::interactive(InteractiveMessage::new(
                InteractiveAction::ProductDisplay(product("sku").with_catalog("1")),
                "A plant",
            )),
        ),
        sent,
    )
    .await;
    let list = ProductList::new_section(Section::new("All", [product("a"), product("b")]), "1");
    attempt(
        "product list",
        m.send(
            to,
            Draft::interactive(
                InteractiveMessage::new(InteractiveAction::ProductList(list), "Choose").header("Plants"),
            ),
        ),
        sent,
    )
    .await;
    attempt(
        "catalog",
        m.send(
            to,
            Draft::interactive(InteractiveMessage::new(
                InteractiveAction::CatalogDisplay(CatalogDisplayOptions::from_thumbnail(product("a"))),
                "All plants",
            )),
        ),
        sent,
    )
    .await;
    attempt(
        "location request",
        m.send(to, Draft::interactive(InteractiveMessage::new(InteractiveAction::LocationRequest, "Where?"))),
        sent,
    )
    .await;
    let (_, answer) =
        sim("control", json!({"receive_text": {"number": number, "from": to, "text": "Hello?"}}), false).await;
    next!();
    let question = answer["message"].as_str().unwrap();
    attempt("mark as read", m.set_read(question), |_| json!({"result": true})).await;
    attempt("typing", m.set_replying(question), |_| json!({"result": true})).await;
    attempt("read a file", m.get_media_info(&picture), |found| json!({"result": found.url().starts_with("https")}))
        .await;
    let mut bytes = Vec::new();
    let found = Content::Media(Media::png(MediaSource::id(picture.as_str())));
    if let Some(download) = found.download_media(&mut bytes, &client) {
        let _ = download.await;
    }
    tell("download a file", json!({"result": bytes == file("image")}));
    attempt("delete a file", m.delete_media(&picture), |_| json!({"result": true})).await;
    let last = m.send(to, "Good bye").await.unwrap().message.message_id().to_owned();
    sim("clock", json!({"advance": "2m"}), false).await;
    sim(
        "control",
        json!({"set_status": {"number": number, "message": first, "status": "failed", "error": 131026}}),
        false,
    )
    .await;
    let mut missing = vec![("Sent", &last), ("Delivered", &last), ("Read", &last), ("Failed", &first)];
    let mut error = json!("no handler was called");
    while !missing.is_empty() {
        let Some(one) = next!() else { break };
        // It gives no id with an error.
        if one["error"].as_str().is_some_and(|text| text.contains("Statuses")) {
            error = one["error"].clone();
        }
        let Some(place) = missing.iter().position(|(word, id)| one["status"] == *word && one["id"] == **id) else {
            continue;
        };
        let (word, id) = missing.remove(place);
        tell(&format!("status {}", word.to_lowercase()), json!({"id": id}));
    }
    for (word, _) in missing {
        tell(&format!("status {}", word.to_lowercase()), json!({"error": error}));
    }
    let (_, answer) =
        sim("control", json!({"receive_text": {"number": number, "from": to, "text": "Bye"}}), false).await;
    next!();
    sim(&format!("webhooks/{}/tamper", answer["deliveries"][0]), json!({}), false).await;
    let refused = next!().is_some_and(|one| one["error"].as_str().is_some_and(|text| text.contains("ignature")));
    tell("a changed webhook is refused", json!({"result": refused}));
}
