use std::fmt;

/// Shows a text of the service's with everything in it masked that could be a secret which the service repeated:
/// the Graph API is known to answer `Malformed access token ..` with the token behind it.
pub(crate) struct Masked<'a>(pub(crate) &'a str);

/// Trace ids have about 23 characters, access tokens more than 100, app secrets 32.
const LONGEST_HARMLESS_WORD: usize = 28;

impl fmt::Display for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '|' | '+' | '/' | '=');
        let mut rest = self.0;
        let mut before = ' ';
        while let Some(start) = rest.find(is_inside) {
            let (plain, tail) = rest.split_at(start);
            f.write_str(plain)?;
            before = plain.chars().last().unwrap_or(before);
            let (word, tail) = tail.split_at(tail.find(|c| !is_inside(c)).unwrap_or(tail.len()));
            f.write_str(if may_be_secret(word, before) { "***" } else { word })?;
            before = word.chars().last().unwrap_or(before);
            rest = tail;
        }
        f.write_str(rest)
    }
}

fn may_be_secret(word: &str, before: char) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let others = word.bytes().filter(|byte| *byte != b'-' && !byte.is_ascii_digit()).count();
    let is_code = before == '#';
    word.len() > LONGEST_HARMLESS_WORD
        || (word.starts_with("EAA") && word.len() > 8)
        || (digits == 6 && others == 0 && !is_code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn shows(text: &str, shown: &str) {
        assert_eq!(Masked(text).to_string(), shown);
    }

    #[test]
    fn tokens_and_six_digit_codes_are_masked() {
        shows("Malformed access token EAAJBcanary1234", "Malformed access token ***");
        shows("'EAAJBcanary1234'.", "'***'.");
        shows("pin 012345 is wrong", "pin *** is wrong");
        shows("code \"123-830\"", "code \"***\"");
        shows("secret 0123456789abcdef0123456789abcdef!", "secret ***!");
    }

    #[test]
    fn words_codes_and_ids_are_shown() {
        for text in [
            "(#133016) Account register deregister rate limit exceeded",
            "Expected data localization region: 'CH'",
            "Object with ID '106540352242922' does not exist",
            "AXsgnV2Cm3ZMGF3dF_cfYIn",
            "déjà vu — «ok»",
            "",
        ] {
            shows(text, text);
        }
    }
}
