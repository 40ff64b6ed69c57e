use http::{
    HeaderMap, Method, Request, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, ORIGIN, TRANSFER_ENCODING},
    uri::Authority,
};

use crate::server::{ServerOptions, answer::Failure, host::names_this_machine};

/// Refuses requests under a foreign name: a page elsewhere may have let its own name lead here.
pub(super) fn check_host<B>(request: &Request<B>, options: &ServerOptions) -> Result<(), Failure> {
    if options.allows_remote {
        return Ok(());
    }
    let host = text(request.headers(), "host");
    let is_local = |text: &str| text.parse::<Authority>().is_ok_and(|authority| names_this_machine(authority.host()));
    if is_local(host) && request.uri().authority().is_none_or(|authority| names_this_machine(authority.host())) {
        return Ok(());
    }
    let text = format!(
        "the header Host says {host:?}, which is not this machine: call 127.0.0.1 or localhost, or allow remote callers"
    );
    Err(Failure::new(StatusCode::MISDIRECTED_REQUEST, text))
}

/// Refuses changes that a foreign web page asks for, and bodies that are not JSON.
pub(super) fn check_control<B>(request: &Request<B>) -> Result<(), Failure> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let headers = request.headers();
    let host = text(headers, HOST.as_str());
    let is_foreign = headers.get(ORIGIN).is_some_and(|origin| {
        let own = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
        own.is_none_or(|(scheme, name)| !matches!(scheme, "http" | "https") || !name.eq_ignore_ascii_case(host))
    });
    if is_foreign || matches!(text(headers, "sec-fetch-site"), "cross-site" | "same-site") {
        let text = "a web page of another origin may not change the simulator";
        return Err(Failure::new(StatusCode::FORBIDDEN, text));
    }
    let has_body =
        headers.contains_key(TRANSFER_ENCODING) || !matches!(text(headers, CONTENT_LENGTH.as_str()), "" | "0");
    let kind = text(headers, CONTENT_TYPE.as_str());
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if has_body && !kind.eq_ignore_ascii_case("application/json") {
        let text = format!("the body must be application/json, not {kind:?}");
        return Err(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, text));
    }
    Ok(())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(headers: &[(&str, &str)]) -> Request<()> {
        let mut request = Request::post("/_sim/clock");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap()
    }

    #[test]
    fn only_names_of_this_machine_are_answered() {
        for (host, is_local) in [
            ("localhost", true),
            ("LocalHost:4010", true),
            ("127.0.0.1:1", true),
            ("127.9.9.9", true),
            ("[::1]:80", true),
            ("", false),
            ("graph.facebook.com", false),
            ("localhost.example", false),
            ("127.0.0.1.example:80", false),
            ("10.0.0.1", false),
            ("localhost@example.com", false),
        ] {
            let answer = check_host(&request(&[("host", host)]), &ServerOptions::new());
            assert_eq!(answer.is_ok(), is_local, "{host}");
            assert!(check_host(&request(&[("host", host)]), &ServerOptions::new().allow_remote()).is_ok());
            if let Err(answer) = answer {
                assert_eq!(answer.status, 421);
            }
        }
    }

    #[test]
    fn changes_come_from_here_and_as_json() {
        let host = ("host", "127.0.0.1:4010");
        let json = ("content-type", "application/json; charset=utf-8");
        let full = ("content-length", "2");
        for (headers, status) in [
            (&[host][..], 0),
            (&[host, json, full], 0),
            (&[host, json, full, ("origin", "http://127.0.0.1:4010"), ("sec-fetch-site", "same-origin")], 0),
            (&[host, json, full, ("origin", "http://localhost:4010")], 403),
            (&[host, json, full, ("origin", "https://example.com")], 403),
            (&[host, json, full, ("origin", "null")], 403),
            (&[host, json, full, ("sec-fetch-site", "cross-site")], 403),
            (&[host, full], 415),
            (&[host, full, ("content-type", "text/plain")], 415),
            (&[host, ("transfer-encoding", "chunked"), ("content-type", "application/x-www-form-urlencoded")], 415),
        ] {
            let refusal = check_control(&request(headers)).err().map_or(0, |answer| answer.status.as_u16());
            assert_eq!(refusal, status, "{headers:?}");
        }
    }
}
