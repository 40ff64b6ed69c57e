//! Files: what businesses upload and what people send.

use std::{fmt, fmt::Write as _, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest as _, Sha256};

use crate::{State, Time};

/// The bytes of a file. Clones share them; a snapshot holds them in base64.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FileBytes(Arc<[u8]>);

impl FileBytes {
    /// The SHA-256 of the bytes, in small hexadecimal digits.
    pub(crate) fn sha256(&self) -> String {
        Sha256::digest(&self.0).iter().fold(String::new(), |mut digits, byte| {
            let _ = write!(digits, "{byte:02x}");
            digits
        })
    }

    /// The same in base64, as webhooks have it.
    pub(crate) fn sha256_base64(&self) -> String {
        STANDARD.encode(Sha256::digest(&self.0))
    }
}

impl From<Vec<u8>> for FileBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl AsRef<[u8]> for FileBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for FileBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileBytes({} bytes)", self.0.len())
    }
}

impl Serialize for FileBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for FileBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Self::from).map_err(|_| D::Error::custom("the bytes of a file must be base64"))
    }
}

/// A file of a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Media {
    /// The number that it was uploaded to or sent to.
    pub number: String,
    /// What kind of file it is.
    pub mime_type: String,
    /// Its name.
    #[serde(default)]
    pub filename: Option<String>,
    /// Its bytes.
    pub bytes: FileBytes,
    /// When it came.
    pub created: Time,
    /// When it is forgotten.
    pub until: Time,
    /// Whether a person sent it.
    #[serde(default)]
    pub is_inbound: bool,
}

/// A resumable upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Upload {
    /// The app that began it.
    pub app: String,
    /// What follows its id, as a query does.
    pub signature: String,
    /// The file's length.
    pub length: u64,
    /// What kind of file it is.
    pub mime_type: String,
    /// What has come; nothing is kept once it is complete.
    pub bytes: FileBytes,
    /// What the file is called once it is complete.
    #[serde(default)]
    pub handle: Option<String>,
    /// When it began.
    pub created: Time,
}

impl State {
    /// Keeps a file, and forgets what is too old and the oldest of what is too much.
    pub(crate) fn keep_media(&mut self, media: Media) -> String {
        let id = loop {
            let id = format!("2{}", self.seed.digits(15));
            if self.kind_of(&id).is_none() {
                break id;
            }
        };
        let now = self.now;
        self.media.retain(|_, known| now < known.until);
        self.media.insert(id.clone(), media);
        self.shrink_files(&id);
        id
    }

    /// Forgets the oldest files until what is left fits the rule `media_bytes`. One stays in any case.
    pub(crate) fn shrink_files(&mut self, newest: &str) {
        let mut total: usize = self.media.values().map(|media| media.bytes.0.len()).sum();
        total += self.uploads.values().map(|upload| upload.bytes.0.len()).sum::<usize>();
        let mut ages: Vec<_> = self.media.iter().map(|(id, media)| (media.created, id.clone())).collect();
        ages.extend(self.uploads.iter().map(|(id, upload)| (upload.created, id.clone())));
        ages.retain(|(_, id)| id != newest);
        ages.sort_unstable();
        let most = usize::try_from(self.rules.media_bytes).unwrap_or(usize::MAX);
        let mut left = ages.len();
        for (_, id) in ages {
            if total <= most && left < MOST_FILES {
                break;
            }
            left -= 1;
            let media = self.media.remove(&id).map(|media| media.bytes);
            let bytes = media.or_else(|| self.uploads.remove(&id).map(|upload| upload.bytes));
            total -= bytes.map_or(0, |bytes| bytes.0.len());
        }
    }
}

const MOST_FILES: usize = 10_000;
