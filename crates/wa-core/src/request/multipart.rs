//! `multipart/form-data`, as RFC 7578 and the HTML standard have it.

use http::HeaderValue;
use memchr::memmem;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::body::media_type_header;
use crate::{BuildError, File};

pub(super) struct Written {
    pub(super) content_type: HeaderValue,
    pub(super) head: Zeroizing<Vec<u8>>,
    pub(super) tail: Zeroizing<Vec<u8>>,
}

pub(super) fn write(fields: &[(&str, &str)], part: &str, file: &File) -> Result<Written, BuildError> {
    let media_type = media_type_header(&file.media_type)?;
    let boundary = boundary(fields, file.bytes.as_ref());
    let mut head = Zeroizing::new(Vec::new());
    for (name, value) in fields {
        let name = quoted(name);
        line(&mut head, &["--", &boundary]);
        line(&mut head, &["Content-Disposition: form-data; name=\"", &name, "\""]);
        line(&mut head, &[]);
        line(&mut head, &[value]);
    }
    line(&mut head, &["--", &boundary]);
    let (part, name) = (quoted(part), quoted(&file.name));
    line(&mut head, &["Content-Disposition: form-data; name=\"", &part, "\"; filename=\"", &name, "\""]);
    line(&mut head, &["Content-Type: ", media_type.to_str().unwrap_or_default()]);
    line(&mut head, &[]);
    let mut tail = Zeroizing::new(Vec::new());
    line(&mut tail, &[]);
    line(&mut tail, &["--", &boundary, "--"]);
    let content_type = HeaderValue::try_from(format!("multipart/form-data; boundary={boundary}"))
        .map_err(|_| BuildError::new("the boundary cannot be written"))?;
    Ok(Written { content_type, head, tail })
}

/// A boundary that stands in none of the parts. There is no randomness here: where the usual one occurs, the digest of all
/// parts follows it, which nobody can put into one of them.
fn boundary(fields: &[(&str, &str)], file: &[u8]) -> String {
    let parts = || fields.iter().map(|(_, value)| value.as_bytes()).chain([file]);
    if parts().all(|part| memmem::find(part, BOUNDARY.as_bytes()).is_none()) {
        return BOUNDARY.to_owned();
    }
    let digest = parts().fold(Sha256::new(), Sha256::chain_update).finalize();
    digest.iter().take(16).fold(format!("{BOUNDARY}-"), |boundary, byte| format!("{boundary}{byte:02x}"))
}

/// A name between quotation marks, as the HTML standard has browsers write it.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

fn line(text: &mut Vec<u8>, pieces: &[&str]) {
    pieces.iter().chain(&["\r\n"]).for_each(|piece| text.extend_from_slice(piece.as_bytes()));
}

const BOUNDARY: &str = "wa-cloud-boundary";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Body;

    // RFC 7578, section 4, and its reference for names, the HTML standard's "multipart/form-data".
    #[test]
    fn fields_come_first_and_names_stay_in_their_quotes() {
        let file = File::new("a\"b\r\nc.pdf", "application/pdf", b"%PDF".as_slice());
        let body = Body::multipart(&[("messaging_product", "whatsapp")], "file", &file).unwrap();
        let expected = concat!(
            "--wa-cloud-boundary\r\n",
            "Content-Disposition: form-data; name=\"messaging_product\"\r\n\r\n",
            "whatsapp\r\n",
            "--wa-cloud-boundary\r\n",
            "Content-Disposition: form-data; name=\"file\"; filename=\"a%22b%0D%0Ac.pdf\"\r\n",
            "Content-Type: application/pdf\r\n\r\n",
            "%PDF\r\n",
            "--wa-cloud-boundary--\r\n",
        );
        assert_eq!(String::from_utf8_lossy(&body.to_bytes()), expected);
    }

    #[test]
    fn the_boundary_occurs_in_no_part() {
        let first = write(&[], "file", &File::new("a", "a/b", b"..wa-cloud-boundary..".to_vec())).unwrap();
        let first = first.content_type.to_str().unwrap();
        assert!(
            first.starts_with("multipart/form-data; boundary=wa-cloud-boundary-") && first.len() < 30 + 70,
            "{first}"
        );
        // Not even for a part that was made from the boundary of another body.
        let (_, boundary) = first.split_once('=').unwrap();
        let second = write(&[("x", boundary)], "file", &File::new("a", "a/b", b"..".to_vec())).unwrap();
        assert!(!boundary.contains(second.content_type.to_str().unwrap().split_once('=').unwrap().1));
    }
}
