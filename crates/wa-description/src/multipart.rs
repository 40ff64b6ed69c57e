//! Forms of several parts, read as RFC 7578 writes them and not more leniently.

/// The parts by their names.
pub(crate) fn parts<'a>(content_type: &str, bytes: &'a [u8]) -> Result<Vec<(String, &'a [u8])>, String> {
    let boundary = parameter(content_type, "boundary").filter(|boundary| !boundary.is_empty());
    let delimiter = format!("--{}", boundary.ok_or("the content type names no boundary")?);
    let mut rest = bytes.strip_prefix(delimiter.as_bytes()).ok_or("it does not begin with the boundary")?;
    let delimiter = format!("\r\n{delimiter}");
    let mut parts = Vec::new();
    while rest != b"--" && rest != b"--\r\n" {
        let part = rest.strip_prefix(b"\r\n").ok_or("a boundary does not end its line")?;
        let end = find(part, delimiter.as_bytes()).ok_or("the last boundary is missing")?;
        let head = find(&part[..end], b"\r\n\r\n").ok_or("a part has no end of its headers")?;
        parts.push((name(&part[..head])?, &part[head + 4..end]));
        rest = &part[end + delimiter.len()..];
    }
    Ok(parts)
}

fn name(head: &[u8]) -> Result<String, String> {
    let head = str::from_utf8(head).map_err(|_| "the headers of a part are not UTF-8")?;
    let disposition = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-disposition").then_some(value.trim())
    });
    let disposition = disposition.filter(|value| value.starts_with("form-data;")).ok_or("a part is no form-data")?;
    Ok(parameter(disposition, "name").ok_or("a part has no name")?)
}

/// A parameter of a header, such as the name in `form-data; name="file"`.
fn parameter(header: &str, name: &str) -> Option<String> {
    let mut rest = header.split_once(';')?.1;
    loop {
        let (found, value) = rest.split_once('=')?;
        let (value, left) = match value.strip_prefix('"') {
            // A quote within the value is written %22, as browsers do.
            Some(quoted) => quoted.split_once('"')?,
            None => value.split_at(value.find(';').unwrap_or(value.len())),
        };
        if found.trim().eq_ignore_ascii_case(name) {
            return Some(value.trim().to_owned());
        }
        rest = left.trim_start().strip_prefix(';')?;
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: &str = "multipart/form-data; boundary=AaB03x";

    // RFC 7578, section 4, put together from its examples.
    #[test]
    fn parts_have_names() {
        let body = b"--AaB03x\r\ncontent-disposition: form-data; name=\"_charset_\"\r\n\r\niso-8859-1\r\n\
            --AaB03x\r\ncontent-type: text/plain\r\nContent-Disposition: form-data; filename=\"a;b\"; name=\"field1\"\r\n\r\n\
            \r\n--AaB03\r\n--AaB03x--\r\n";
        let parts = parts(KIND, body).unwrap();
        assert_eq!(parts[0], ("_charset_".to_owned(), &b"iso-8859-1"[..]));
        assert_eq!(parts[1], ("field1".to_owned(), &b"\r\n--AaB03"[..]));
        assert_eq!(parts.len(), 2);
    }

    #[test]
    fn what_is_no_form_is_said() {
        let head = "content-disposition: form-data; name=\"a\"\r\n\r\n";
        for (content_type, body, reason) in [
            ("multipart/form-data", "--AaB03x--".to_owned(), "names no boundary"),
            (KIND, "AaB03x--".to_owned(), "does not begin"),
            (KIND, format!("--AaB03x\r\n{head}x"), "last boundary"),
            (KIND, format!("--AaB03x\r\n{head}x\r\n--AaB03x"), "does not end its line"),
            (KIND, "--AaB03x\r\nx\r\n--AaB03x--".to_owned(), "end of its headers"),
            (KIND, "--AaB03x\r\na: b\r\n\r\nx\r\n--AaB03x--".to_owned(), "no form-data"),
            (KIND, "--AaB03x\r\ncontent-disposition: form-data; x=y\r\n\r\nx\r\n--AaB03x--".to_owned(), "no name"),
        ] {
            let error = parts(content_type, body.as_bytes()).unwrap_err();
            assert!(error.contains(reason), "{body:?}: {error}");
        }
        assert!(parts(KIND, format!("--AaB03x\r\n{head}x\r\n--AaB03x--").as_bytes()).is_ok());
        assert!(parts("multipart/form-data; boundary=\"AaB03x\"", b"--AaB03x--").is_ok());
    }
}
