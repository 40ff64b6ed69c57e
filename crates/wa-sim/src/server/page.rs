//! The page that shows the simulator: one document that asks for nothing but what it was served with.

use std::sync::LazyLock;

use axum::response::{Html, IntoResponse};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use sha2::{Digest as _, Sha256};

pub(super) async fn page() -> impl IntoResponse {
    let headers = [
        (CONTENT_SECURITY_POLICY, POLICY.as_str()),
        (CACHE_CONTROL, "no-cache"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, Html(PAGE))
}

macro_rules! style {
    () => {
        include_str!("page/style.css")
    };
}

macro_rules! script {
    () => {
        concat!(
            include_str!("page/core.js"),
            include_str!("page/machine.js"),
            include_str!("page/numbers.js"),
            include_str!("page/chats.js"),
            include_str!("page/journal.js"),
            include_str!("page/faults.js"),
            include_str!("page/webhooks.js"),
            include_str!("page/setup.js"),
            include_str!("page/main.js"),
        )
    };
}

const PAGE: &str = concat!(
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>wa-sim</title>\n",
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
    // Without an icon of its own, a browser would ask the Graph API for one.
    "<link rel=\"icon\" href=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E",
    "%3Ccircle cx='16' cy='16' r='13' fill='%2308705a'/%3E%3C/svg%3E\">\n<style>",
    style!(),
    "</style>\n</head>\n<body>\n",
    include_str!("page/body.html"),
    "<script type=\"module\">",
    script!(),
    "</script>\n</body>\n</html>\n",
);

/// No script and no style but the page's own, no request but to its own origin, no markup made of text.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src 'self' data:; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
         trusted-types 'none'",
        hash(script!()),
        hash(style!()),
    )
});
