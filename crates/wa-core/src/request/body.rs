use std::{borrow::Cow, fmt, io, sync::Arc};

use http::HeaderValue;
use percent_encoding::utf8_percent_encode;
use serde::Serialize;
use zeroize::Zeroizing;

use super::{multipart, route::SEGMENT};
use crate::BuildError;

/// The content of a request, which knows its content type.
///
/// It may hold a PIN, so `Debug` tells its length only, and what was written here is wiped when dropped. The bytes of a
/// file are shared with whoever made it: they are never copied, however often the request is built.
#[derive(Clone, Default)]
pub struct Body {
    content_type: ContentType,
    head: Zeroizing<Vec<u8>>,
    file: Option<FileBytes>,
    tail: Zeroizing<Vec<u8>>,
}

impl Body {
    /// No content.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// A value written as JSON.
    ///
    /// # Errors
    ///
    /// The value cannot be written as JSON.
    pub fn json(value: &(impl Serialize + ?Sized)) -> Result<Self, BuildError> {
        let unwritable = |_| BuildError::new("the body cannot be written as JSON");
        // Measured first: a growing buffer would leave pieces of secrets behind, and a slack one costs an allocation
        // when it becomes shared bytes.
        let mut length = Length(0);
        serde_json::to_writer(&mut length, value).map_err(unwritable)?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(length.0));
        serde_json::to_writer(&mut *bytes, value).map_err(unwritable)?;
        Ok(Self { content_type: ContentType::Json, head: bytes, ..Self::default() })
    }

    /// Names and values as an HTML form writes them.
    #[must_use]
    pub fn form<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)> + Clone) -> Self {
        let encode = |text| utf8_percent_encode(text, SEGMENT);
        let length = |text| encode(text).map(str::len).sum::<usize>();
        // Measured first, as above.
        let total = fields.clone().into_iter().map(|(name, value)| length(name) + length(value) + 2).sum();
        let mut bytes = Zeroizing::new(Vec::with_capacity(total));
        for (name, value) in fields {
            if !bytes.is_empty() {
                bytes.push(b'&');
            }
            encode(name).for_each(|piece| bytes.extend_from_slice(piece.as_bytes()));
            bytes.push(b'=');
            encode(value).for_each(|piece| bytes.extend_from_slice(piece.as_bytes()));
        }
        let content_type = ContentType::Other(HeaderValue::from_static("application/x-www-form-urlencoded"));
        Self { content_type, head: bytes, ..Self::default() }
    }

    /// Fields, and behind them a file under its own name, as `multipart/form-data`.
    ///
    /// # Errors
    ///
    /// The file's media type cannot stand in a header.
    pub fn multipart(fields: &[(&str, &str)], part: &str, file: &File) -> Result<Self, BuildError> {
        let written = multipart::write(fields, part, file)?;
        Ok(Self {
            content_type: ContentType::Other(written.content_type),
            head: written.head,
            file: Some(file.bytes.clone()),
            tail: written.tail,
        })
    }

    /// Bytes as they are, of this media type.
    ///
    /// # Errors
    ///
    /// The media type cannot stand in a header.
    pub fn bytes(media_type: &str, bytes: FileBytes) -> Result<Self, BuildError> {
        let content_type = ContentType::Other(media_type_header(media_type)?);
        Ok(Self { content_type, file: Some(bytes), ..Self::default() })
    }

    /// Whether there is no content.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many bytes it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chunks().map(<[u8]>::len).sum()
    }

    /// The bytes, piece by piece.
    pub fn chunks(&self) -> impl Iterator<Item = &[u8]> {
        let file = self.file.as_ref().map(AsRef::as_ref);
        [Some(self.head.as_slice()), file, Some(self.tail.as_slice())].into_iter().flatten().filter(|c| !c.is_empty())
    }

    /// The bytes, piece by piece, each to be kept for as long as it takes to send it. A file's are not copied.
    pub fn into_chunks(self) -> impl Iterator<Item = Chunk> {
        [Some(Owner::Written(self.head)), self.file.map(Owner::File), Some(Owner::Written(self.tail))]
            .into_iter()
            .flatten()
            .map(Chunk)
            .filter(|chunk| !chunk.as_ref().is_empty())
    }

    /// The bytes in one piece, which is a copy if they are in several.
    #[must_use]
    pub fn to_bytes(&self) -> Cow<'_, [u8]> {
        let mut chunks = self.chunks();
        match (chunks.next(), chunks.next()) {
            (None, _) => Cow::Borrowed(&[]),
            (Some(only), None) => Cow::Borrowed(only),
            (Some(_), Some(_)) => {
                let mut all = Vec::with_capacity(self.len());
                self.chunks().for_each(|chunk| all.extend_from_slice(chunk));
                Cow::Owned(all)
            }
        }
    }

    pub(crate) fn content_type(&self) -> &ContentType {
        &self.content_type
    }
}

impl From<Body> for Vec<u8> {
    fn from(mut body: Body) -> Self {
        if body.file.is_none() {
            return std::mem::take(&mut *body.head);
        }
        body.to_bytes().into_owned()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.len())
    }
}

/// A piece of a [`Body`].
pub struct Chunk(Owner);

enum Owner {
    Written(Zeroizing<Vec<u8>>),
    File(FileBytes),
}

impl AsRef<[u8]> for Chunk {
    fn as_ref(&self) -> &[u8] {
        match &self.0 {
            Owner::Written(bytes) => bytes,
            Owner::File(bytes) => bytes.as_ref(),
        }
    }
}

impl fmt::Debug for Chunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Chunk({} bytes)", self.as_ref().len())
    }
}

/// A file to send: its name, its media type, its bytes. A clone is cheap: it shares the bytes.
#[derive(Clone, Debug)]
pub struct File {
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) bytes: FileBytes,
}

impl File {
    /// A file of this name, such as `photo.jpg`, and this media type, such as `image/jpeg`.
    #[must_use]
    pub fn new(name: impl Into<String>, media_type: impl Into<String>, bytes: impl Into<FileBytes>) -> Self {
        Self { name: name.into(), media_type: media_type.into(), bytes: bytes.into() }
    }
}

/// The bytes of a file, in memory or mapped into it. A clone is cheap: it shares them.
#[derive(Clone)]
pub struct FileBytes {
    owner: Arc<dyn AsRef<[u8]> + Send + Sync>,
    skipped: usize,
}

impl FileBytes {
    /// The bytes of whatever holds them, such as a `Vec<u8>` or a memory map.
    #[must_use]
    pub fn new(owner: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self { owner: Arc::new(owner), skipped: 0 }
    }

    /// The bytes without the first ones.
    #[must_use]
    pub fn skip(mut self, count: usize) -> Self {
        self.skipped = self.skipped.saturating_add(count);
        self
    }
}

impl From<Vec<u8>> for FileBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

impl From<&'static [u8]> for FileBytes {
    fn from(bytes: &'static [u8]) -> Self {
        Self::new(bytes)
    }
}

impl AsRef<[u8]> for FileBytes {
    fn as_ref(&self) -> &[u8] {
        (*self.owner).as_ref().get(self.skipped..).unwrap_or_default()
    }
}

impl fmt::Debug for FileBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileBytes({} bytes)", self.as_ref().len())
    }
}

#[derive(Clone, Default)]
pub(crate) enum ContentType {
    #[default]
    None,
    Json,
    Other(HeaderValue),
}

pub(super) fn media_type_header(media_type: &str) -> Result<HeaderValue, BuildError> {
    let is_written = media_type.split_once('/').is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty());
    match HeaderValue::from_str(media_type) {
        Ok(value) if is_written => Ok(value),
        _ => Err(BuildError::new("a media type is written like image/jpeg")),
    }
}

struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_as_long_as_its_buffer() {
        let bytes = Vec::from(Body::json(&["a longer text than most buffers begin with"; 9]).unwrap());
        assert_eq!(bytes.len(), bytes.capacity());
        let bytes = Vec::from(Body::form([("client_secret", "a b&c=d"), ("code", "é")]));
        assert_eq!(bytes, b"client_secret=a%20b%26c%3Dd&code=%C3%A9");
        assert!(bytes.capacity() <= bytes.len() + 1);
    }

    #[test]
    fn debug_tells_the_length_only() {
        assert_eq!(format!("{:?}", Body::json(&"012345").unwrap()), "Body(8 bytes)");
        let file = File::new("a.txt", "text/plain", b"canary".as_slice());
        let body = Body::multipart(&[], "file", &file).unwrap();
        for shown in [format!("{file:?}"), format!("{body:?}"), format!("{:?}", body.into_chunks().next())] {
            assert!(!shown.contains("canary"), "{shown}");
        }
    }

    #[test]
    fn the_bytes_of_a_file_are_never_copied() {
        let bytes = FileBytes::from(vec![7; 1_000]);
        let place = bytes.as_ref().as_ptr();
        let file = File::new("a.bin", "application/octet-stream", bytes.clone());
        let body = Body::multipart(&[("messaging_product", "whatsapp")], "file", &file).unwrap();
        assert_eq!(body.chunks().nth(1).unwrap().as_ptr(), place);
        assert_eq!(body.clone().into_chunks().nth(1).unwrap().as_ref().as_ptr(), place);
        assert_eq!(Vec::from(body.clone()), body.to_bytes().as_ref());
        assert_eq!(body.len(), body.to_bytes().len());

        let body = Body::bytes("image/png", bytes.skip(990)).unwrap();
        assert_eq!((body.len(), body.chunks().next().unwrap().as_ptr()), (10, place.wrapping_add(990)));
    }

    #[test]
    fn nothing_is_left_behind_the_end() {
        assert!(Body::bytes("image/png", FileBytes::from(vec![1]).skip(1)).unwrap().is_empty());
        assert!(Body::bytes("image/png", FileBytes::from(vec![1]).skip(9).skip(usize::MAX)).unwrap().is_empty());
    }

    #[test]
    fn a_media_type_has_two_parts_and_stays_in_its_line() {
        for media_type in ["", "image", "image/", "/png", "image/png\r\nx: y"] {
            assert!(Body::bytes(media_type, FileBytes::from(vec![1])).is_err(), "{media_type:?}");
        }
    }
}
