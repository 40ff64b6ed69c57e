//! What is refused before it is sent, and with which words.

use super::*;

#[track_caller]
fn refused(definition: impl Into<Definition>, reason: &str) {
    let told = definition.into().check().unwrap_err().to_string();
    assert!(told.contains(reason), "{told}");
}

fn marketing() -> Components {
    Components::marketing("Hi")
}

fn utility() -> Components {
    Components::utility("Hi")
}

fn page() -> Button {
    Button::url("Shop", "https://example.com")
}

// Meta, "Template components" and "Text header": 60 characters, one parameter; its error 2388047 names the rest.
#[test]
fn headers() {
    let text = |text: Text| marketing().header(Header::text(text));
    refused(text("x".repeat(61).into()), "a header has 1 to 60 characters");
    refused(text(Text::new("{{1}} and {{2}}").examples(["a", "b"])), "a header has one variable at most");
    refused(text("two\nlines".into()), "one line without asterisks");
    refused(text("*bold*".into()), "one line without asterisks");
    refused(text(Text::new("Our {{1}}")), "0 examples");
    refused(marketing().header(Header::document("")), "DOCUMENT needs an example");
}

// Meta, "Template components", "Footer".
#[test]
fn footers() {
    refused(utility().footer(""), "a footer has 1 to 60");
    refused(utility().footer("é".repeat(61)), "this one has 61");
    refused(utility().footer("Bye {{1}}"), "a footer has no variables");
}

// Meta, "Template components", "Buttons": counts, labels, blocks, addresses.
#[test]
fn buttons() {
    let with = |buttons: Vec<Button>| buttons.into_iter().fold(utility(), Components::button);
    let reply = || Button::quick_reply("Yes");
    refused(with(vec![reply(); 11]), "10 buttons at most: these are 11");
    refused(with(vec![page(); 3]), "2 URL buttons at most: these are 3");
    refused(with(vec![Button::phone_number("Call", "1"); 2]), "1 PHONE_NUMBER");
    refused(with(vec![Button::copy_code("a"); 2]), "1 COPY_CODE");
    refused(with(vec![reply(), page(), reply()]), "quick replies stand together");
    refused(with(vec![page(), reply(), page()]), "quick replies stand together");
    let call = || Button::phone_number("Call", "+16467043595");
    for allowed in
        [vec![reply(), reply()], vec![reply(), reply(), page(), call()], vec![page(), call(), reply(), reply()]]
    {
        Definition::from(with(allowed)).check().unwrap();
    }

    refused(with(vec![Button::quick_reply("")]), "the label of a QUICK_REPLY button has 1 to 25");
    refused(with(vec![Button::quick_reply("x".repeat(26))]), "this one has 26");
    refused(with(vec![Button::quick_reply("Yes {{1}}")]), "has no variables");
    refused(with(vec![Button::phone_number("Call", "1".repeat(21))]), "1 to 20 characters");
    refused(with(vec![Button::copy_code("x".repeat(21))]), "1 to 20 characters");
    refused(with(vec![FlowButton::id("Go", "").into()]), "the flow's id, its name or its JSON");
    let otp = serde_json::from_str(r#"{"type":"OTP","otp_type":"COPY_CODE"}"#).unwrap();
    refused(with(vec![otp]), "use Authentication");

    let url = |url: &str| with(vec![Button::url("Shop", url)]);
    let variable = |url: &str, example: &str| with(vec![Button::url_with_variable("Shop", url, example)]);
    refused(url(&"x".repeat(2_001)), "1 to 2000");
    refused(url("https://example.com/{{1}}"), "give an example for it");
    refused(url("https://example.com/{{One}}"), "something else than a variable");
    refused(variable("https://example.com/", "a"), "no variable for its example");
    refused(variable("https://example.com/{{1}}/x", "a"), "at its end");
    refused(variable("https://{{1}}.com/{{2}}", "a"), "one variable at most");
    refused(variable("https://example.com/{{1}}", ""), "the example of a URL button has 1 to");
}

// Meta's pages about each kind of template say which categories it is for.
#[test]
fn categories() {
    refused(utility().limited_time_offer(LimitedTimeOffer::new("x")), "a limited-time offer is for marketing");
    let card = || Card::new(Header::image("4::")).button(page());
    refused(utility().cards([card(), card()]), "a carousel is for marketing");
    refused(utility().header(Header::gif("4::")), "an animation is for marketing");
    refused(utility().header(Header::product()), "a product is for marketing");
    refused(utility().button(Button::catalog()), "a CATALOG button is for marketing");
    refused(utility().button(Button::multi_product()), "a MPM button is for marketing");
    refused(marketing().header(Header::product()), "needs a button that shows it");
    refused(marketing().button(Button::single_product()), "add Header::product");
    let product = Components::marketing("x".repeat(161)).header(Header::product()).button(Button::single_product());
    refused(product, "a body has 1 to 160 characters");
}

// Meta, "Limited-time offer templates": limitations, request parameters.
#[test]
fn offers() {
    let offer = |text: &str| marketing().limited_time_offer(LimitedTimeOffer::new(text));
    let ends = || marketing().limited_time_offer(LimitedTimeOffer::new("Soon").expires());
    refused(offer(&"x".repeat(17)).button(page()), "1 to 16");
    refused(offer("Soon").button(page()).footer("x"), "no footer");
    refused(offer("Soon").button(page()).header(Header::text("x")), "an image, a video or nothing");
    refused(offer("Soon"), "a button that opens a page");
    refused(ends().button(page()), "needs a button that copies a code");
    refused(ends().button(page()).button(Button::copy_code("a")), "before it, if at all");
    let long = Components::marketing("x".repeat(601)).limited_time_offer(LimitedTimeOffer::new("Soon"));
    refused(long, "1 to 600");
    Definition::from(offer("Soon").button(page()).header(Header::video("4::"))).check().unwrap();
}

// Meta, "Media card carousel templates", "Product card carousel templates": what cards have.
#[test]
fn cards() {
    let card = || Card::new(Header::image("4::")).button(page());
    let product = || Card::new(Header::product()).button(Button::single_product());
    let with = |cards: Vec<Card>| marketing().cards(cards);
    refused(with(vec![card()]), "2 to 10 cards: this one has 1");
    refused(with(vec![card(); 11]), "this one has 11");
    refused(with(vec![card(), Card::new(Header::video("4::")).button(page())]), "card 2 differs");
    refused(with(vec![card(), card().body("words")]), "card 2 differs");
    refused(with(vec![card(), card(), card().button(Button::quick_reply("x"))]), "card 3 differs");
    refused(with(vec![card().button(page()).button(page()); 2]), "two buttons at most");
    refused(
        with(vec![Card::new(Header::image("4::")).button(Button::catalog()); 2]),
        "quick replies, pages and numbers",
    );
    refused(with(vec![Card::new(Header::text("x")); 2]), "an image, a video or a product on top");
    refused(with(vec![product().body("words"); 2]), "no words of its own");
    refused(with(vec![product().button(page()); 2]), "one button");
    refused(with(vec![card().body("x".repeat(161)); 2]), "the body of a card has 1 to 160");
    refused(with(vec![Card::new(Header::image("")); 2]), "IMAGE needs an example");
    for beside in [
        with(vec![card(); 2]).footer("x"),
        with(vec![card(); 2]).button(page()),
        with(vec![card(); 2]).header(Header::text("x")),
    ] {
        refused(beside, "beside a carousel there are only words");
    }
    Definition::from(with(vec![card().body("words"); 10])).check().unwrap();
    Definition::from(with(vec![product(); 2])).check().unwrap();
}

// Meta, "Call permission request templates", limitations.
#[test]
fn asking_to_call() {
    refused(utility().ask_to_call().button(page()), "no buttons, no carousel and no offer");
    Definition::from(utility().ask_to_call().footer("x")).check().unwrap();
}

#[test]
fn names_and_numbers_do_not_mix() {
    let body = Text::new("Hi {{name}}!").example("name", "Pablo");
    let header = || Header::text(Text::new("Our {{1}}!").examples(["x"]));
    refused(Components::utility(body.clone()).header(header()), "use one kind in all its parts");
    let page = Button::url_with_variable("Shop", "https://example.com/{{name}}", "Pablo");
    refused(utility().header(header()).button(page.clone()), "use one kind in all its parts");
    let named = Definition::from(utility().button(page));
    named.check().unwrap();
    assert!(named.has_names());
    let numbered = Button::url_with_variable("Shop", "https://example.com/{{1}}", "x");
    Definition::from(Components::utility(body).button(numbered)).check().unwrap();
}

// Meta, "Authentication templates": minutes, labels, apps, terms.
#[test]
fn authentication() {
    let app = |package: &str, hash: &str| Authentication::one_tap([SupportedApp::new(package, hash)]);
    refused(Authentication::copy_code().code_expires_after(0), "1 to 90 minutes: this is 0");
    refused(Authentication::copy_code().code_expires_after(91), "this is 91");
    refused(Authentication::copy_code().label("x".repeat(26)), "1 to 25");
    refused(Authentication::one_tap([]), "1 to 5 apps: these are 0");
    let apps = std::iter::repeat_n(SupportedApp::new("com.example.app", "K8a/AINcGX7"), 6);
    refused(Authentication::one_tap(apps), "these are 6");
    refused(app("luckyshrub", "K8a/AINcGX7"), "two segments or more");
    refused(app("com.1app", "K8a/AINcGX7"), "begins with a letter");
    refused(app(&format!("com.{}", "x".repeat(221)), "K8a/AINcGX7"), "1 to 224");
    refused(app("com.example.app", "K8a%2FAINcGX7"), "11 characters");
    let zero_tap = || Authentication::zero_tap([SupportedApp::new("com.example.app", "K8a/AINcGX7")]);
    refused(zero_tap(), "accept_zero_tap_terms");
    Definition::from(zero_tap().accept_zero_tap_terms()).check().unwrap();
}

#[test]
fn names_and_languages() {
    use crate::testing::{self, Vector};
    let account = testing::account();
    let create = |name: &str, language: &str| CreateTemplate::new(&account, name, language, utility());
    let at = "POST /{Version}/{WABA-ID}/message_templates";
    for name in ["", "Order", "order-update", "order update", &"x".repeat(513)] {
        Vector::at(at, &create(name, "en")).refuses("a template's name has 1 to 512");
    }
    for language in ["", "e", "en US", "english_united_states"] {
        Vector::at(at, &create("order", language)).refuses("a code such as en or en_US");
    }
    for language in ["en", "en_US", "fil", "zh_CN", "en-US"] {
        assert!(testing::config().request(&create(&"x".repeat(512), language)).is_ok());
    }
}
