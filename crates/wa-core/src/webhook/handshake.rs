use std::fmt;

use percent_encoding::percent_decode;
use subtle::ConstantTimeEq;
use wa_types::VerifyToken;

/// The `GET` with which the service asks whether an address wants its webhooks.
pub struct Handshake {
    token: Vec<u8>,
    challenge: String,
}

impl Handshake {
    /// Reads the query of the address: `hub.mode=subscribe&hub.verify_token=..&hub.challenge=..`.
    ///
    /// # Errors
    ///
    /// It is not such a query: answer 400.
    pub fn from_query(query: &str) -> Result<Self, HandshakeError> {
        let member = |name| value(query, name).ok_or(HandshakeError::Malformed);
        if member("hub.mode")? != b"subscribe" {
            return Err(HandshakeError::Malformed);
        }
        let token = member("hub.verify_token")?;
        let challenge = String::from_utf8(member("hub.challenge")?).map_err(|_| HandshakeError::Malformed)?;
        Ok(Self { token, challenge })
    }

    /// What to answer, with status 200 and as `text/plain`, if the service knows the token.
    ///
    /// # Errors
    ///
    /// The token is another: answer 403.
    pub fn answer(self, token: &VerifyToken) -> Result<String, HandshakeError> {
        if bool::from(self.token.ct_eq(token.expose().as_bytes())) {
            Ok(self.challenge)
        } else {
            Err(HandshakeError::WrongToken)
        }
    }
}

impl fmt::Debug for Handshake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handshake(..)")
    }
}

/// Why a handshake is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HandshakeError {
    /// It is not a handshake.
    #[error("not a handshake: it needs hub.mode=subscribe, hub.verify_token and hub.challenge")]
    Malformed,
    /// The token is another.
    #[error("the handshake's verify token is another one")]
    WrongToken,
}

fn value(query: &str, name: &str) -> Option<Vec<u8>> {
    let decode = |text: &str| percent_decode(text.replace('+', " ").as_bytes()).collect::<Vec<u8>>();
    query
        .trim_start_matches('?')
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find_map(|(key, value)| (decode(key) == name.as_bytes()).then(|| decode(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(query: &str) -> Result<String, HandshakeError> {
        Handshake::from_query(query)?.answer(&VerifyToken::new("my token&1").unwrap())
    }

    // Meta, "Create a webhook endpoint": the parameters of the verification request.
    #[test]
    fn the_challenge_is_the_answer_to_the_right_token() {
        for query in [
            "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=my%20token%261",
            "?hub.verify_token=my+token%261&hub%2Echallenge=1158201444&x&hub.mode=subscribe",
        ] {
            assert_eq!(answer(query).as_deref(), Ok("1158201444"), "{query}");
        }
    }

    #[test]
    fn another_token_is_not_answered() {
        for token in ["", "my%20token", "my%20token%262", "My%20token%261"] {
            let query = format!("hub.mode=subscribe&hub.challenge=1&hub.verify_token={token}");
            assert_eq!(answer(&query), Err(HandshakeError::WrongToken), "{token}");
        }
    }

    #[test]
    fn anything_else_is_no_handshake() {
        for query in [
            "",
            "hub.mode=subscribe",
            "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=x",
            "hub.mode=subscribe&hub.challenge=%FF&hub.verify_token=my%20token%261",
            "hub.mode=subscribe&hub.verify_token=my%20token%261",
        ] {
            assert_eq!(answer(query), Err(HandshakeError::Malformed), "{query}");
        }
    }
}
