//! Reading `multipart/form-data`, as RFC 7578 has it.

/// One part of a form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part<'a> {
    pub(crate) name: String,
    pub(crate) filename: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) bytes: &'a [u8],
}

/// The boundary that a content type names.
pub(crate) fn boundary(content_type: &str) -> Option<&str> {
    let kind = content_type.split(';').next()?.trim();
    if !kind.eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let named = content_type.split(';').skip(1).find_map(|member| {
        let (name, value) = member.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"'))
    });
    named.filter(|boundary| !boundary.is_empty())
}

/// All parts; nothing if it is no such form.
pub(crate) fn parts<'a>(boundary: &str, body: &'a [u8]) -> Option<Vec<Part<'a>>> {
    let mark = format!("--{boundary}");
    let inner = format!("\r\n--{boundary}");
    // What stands before the first mark says nothing.
    let start = match body.starts_with(mark.as_bytes()) {
        true => mark.len(),
        false => find(body, inner.as_bytes())? + inner.len(),
    };
    let mut rest = body.get(start..)?;
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let line = find(rest, b"\r\n")?;
        if !rest[..line].iter().all(|byte| matches!(byte, b' ' | b'\t')) {
            return None;
        }
        // Its line's end belongs to the head, so that a head without lines is found, too.
        let head_end = find(&rest[line..], b"\r\n\r\n")? + line;
        let content = &rest[head_end + 4..];
        let end = find(content, inner.as_bytes())?;
        parts.push(part(&rest[line..head_end], &content[..end])?);
        rest = content.get(end + inner.len()..)?;
    }
    Some(parts)
}

fn part<'a>(head: &[u8], bytes: &'a [u8]) -> Option<Part<'a>> {
    let (mut name, mut filename, mut content_type) = (None, None, None);
    for line in std::str::from_utf8(head).ok()?.split("\r\n").filter(|line| !line.is_empty()) {
        let (header, value) = line.split_once(':')?;
        if header.eq_ignore_ascii_case("content-type") {
            content_type = Some(value.trim().to_owned());
        } else if header.eq_ignore_ascii_case("content-disposition") {
            name = member(value, "name");
            filename = member(value, "filename");
        }
    }
    Some(Part { name: name?, filename, content_type, bytes })
}

/// A member of a disposition, in quotation marks or without.
fn member(value: &str, name: &str) -> Option<String> {
    let mut rest = value;
    while let Some(at) = rest.find(';') {
        rest = rest[at + 1..].trim_start();
        let Some(text) = rest.strip_prefix(name).and_then(|text| text.trim_start().strip_prefix('=')) else {
            continue;
        };
        let text = text.trim_start();
        let Some(quoted) = text.strip_prefix('"') else {
            return Some(text.split(';').next().unwrap_or_default().trim().to_owned());
        };
        let mut out = String::new();
        let mut letters = quoted.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '"' => break,
                '\\' => out.extend(letters.next()),
                _ => out.push(letter),
            }
        }
        return Some(out);
    }
    None
}

/// Where some bytes stand first. Their first byte is searched for alone, which is fast in files of many megabytes.
fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| *byte == first) {
        let at = from + at;
        if bytes[at..].starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 7578, section 4, and RFC 2046, section 5.1, on what may stand around the marks.
    #[test]
    fn parts_are_read_with_their_names_and_types() {
        let body =
            b"preamble\r\n--x y\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n\
            --x y\r\ncontent-disposition: form-data; name=file; filename=\"a \\\"b\\\".png\"\r\n\
            content-type: image/png\r\n\r\n\x89PNG\r\n--x\r\n--x y--\r\nepilogue";
        let found = parts("x y", body).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(
            (&*found[0].name, found[0].bytes, &found[0].filename),
            ("messaging_product", &b"whatsapp"[..], &None)
        );
        let file = &found[1];
        assert_eq!((file.filename.as_deref(), file.content_type.as_deref()), (Some("a \"b\".png"), Some("image/png")));
        assert_eq!(file.bytes, b"\x89PNG\r\n--x");
    }

    #[test]
    fn what_is_no_form_is_none() {
        for body in [
            &b""[..],
            b"--b",
            b"--b\r\n",
            b"--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end",
            b"--b\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--b--",
            b"--bc\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--bc--",
        ] {
            assert_eq!(parts("b", body), None, "{}", String::from_utf8_lossy(body));
        }
        assert_eq!(parts("b", b"--b--\r\n"), Some(Vec::new()));
        let without_head = b"--b\r\n\r\nx\r\n--b--";
        assert_eq!(parts("b", without_head), None);
    }

    #[test]
    fn a_boundary_may_stand_in_quotation_marks() {
        assert_eq!(boundary("multipart/form-data; boundary=\"a b\""), Some("a b"));
        assert_eq!(boundary("Multipart/Form-Data;charset=utf-8; Boundary=ab"), Some("ab"));
        assert_eq!(boundary("multipart/form-data"), None);
        assert_eq!(boundary("application/json; boundary=ab"), None);
    }
}
