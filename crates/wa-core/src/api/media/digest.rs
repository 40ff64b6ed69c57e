//! The SHA-256 of a file, as the service tells it: in hexadecimal digits where a file is read, in base64 in webhooks.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Whether these bytes have this digest, or nothing if the text is none.
pub(super) fn matches(bytes: &[u8], digest: &str) -> Option<bool> {
    let expected = read(digest)?;
    Some(Sha256::digest(bytes).ct_eq(&expected).into())
}

/// Reads 64 hexadecimal digits, or 43 characters of base64 with or without the padding.
pub(super) fn read(digest: &str) -> Option<[u8; 32]> {
    let digest = digest.trim();
    match digest.len() {
        64 => decode(digest, 4, |byte| char::from(byte).to_digit(16)),
        _ => decode(digest.strip_suffix('=').unwrap_or(digest), 6, sextet),
    }
}

fn decode(text: &str, bits: u32, value: impl Fn(u8) -> Option<u32>) -> Option<[u8; 32]> {
    // So many digits hold 256 bits; what the last one has beyond them is zero.
    if text.len() != 256_usize.div_ceil(bits as usize) {
        return None;
    }
    let mut bytes = [0; 32];
    let mut places = bytes.iter_mut();
    let (mut held, mut count) = (0, 0);
    for digit in text.bytes() {
        held = held << bits | value(digit)?;
        count += bits;
        if count >= 8 {
            count -= 8;
            *places.next()? = u8::try_from(held >> count & 0xFF).ok()?;
            held &= (1 << count) - 1;
        }
    }
    (held == 0).then_some(bytes)
}

/// RFC 4648, the usual alphabet and that for addresses.
fn sextet(byte: u8) -> Option<u32> {
    let place = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(place.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    // FIPS 180-2, appendix B.1: the digest of "abc". The base64 of the same bytes is by coreutils' `base64`.
    const ABC: [u8; 32] = [
        0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03,
        0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad,
    ];
    const HEX: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const BASE64: &str = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";

    #[test]
    fn both_forms_are_read() {
        for text in [HEX, &HEX.to_uppercase(), BASE64, BASE64.trim_end_matches('='), &BASE64.replace('/', "_")] {
            assert_eq!(read(text), Some(ABC), "{text}");
        }
        // Meta, webhook of a call's recording.
        assert!(read("Y9vvGyeo3n76ptkXu3CwDBsnzbRFqpjHskQdMGSVqas=").is_some());
    }

    #[test]
    fn anything_else_is_no_digest() {
        let one_bit_more = BASE64.replace("a0=", "a1=");
        for text in ["", "<HASH>", &HEX[1..], &HEX.replace('b', "g"), &BASE64[1..], &format!("{BASE64}="), "é"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&one_bit_more), None);
        assert_eq!(read(&"é".repeat(32)), None);
    }

    #[test]
    fn bytes_match_their_digest_only() {
        for digest in [HEX, BASE64] {
            assert_eq!(matches(b"abc", digest), Some(true));
            assert_eq!(matches(b"abd", digest), Some(false));
        }
        assert_eq!(matches(b"abc", "abc"), None);
    }
}
