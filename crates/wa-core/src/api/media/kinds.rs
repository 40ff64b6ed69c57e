//! The kinds of files that the service takes.

use crate::{BuildError, File, FileBytes};

impl File {
    /// A file whose media type the extension of its name tells: one that the service takes in messages, such as `.jpg`,
    /// `.pdf` or `.ogg`. The bytes are not looked at.
    ///
    /// # Errors
    ///
    /// The name has no such extension: [`File::new`] takes the media type beside the name.
    pub fn from_name(name: impl Into<String>, bytes: impl Into<FileBytes>) -> Result<Self, BuildError> {
        let name = name.into();
        let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        let fits = |kind: &&Kind| extension.as_deref().is_some_and(|extension| kind.extensions.contains(&extension));
        match KINDS.iter().find(fits) {
            Some(kind) => Ok(Self::new(name, kind.media_type, bytes)),
            None => Err(BuildError::new(
                "the name of the file ends in no extension of a documented media type: give the type with `File::new`",
            )),
        }
    }
}

/// Refuses a file that the service does not take in messages.
pub(super) fn check(file: &File) -> Result<(), BuildError> {
    let essence = file.media_type.split(';').next().unwrap_or_default().trim();
    let Some(kind) = KINDS.iter().find(|kind| kind.media_type.eq_ignore_ascii_case(essence)) else {
        let known: Vec<_> = KINDS.iter().map(|kind| kind.media_type).collect();
        return Err(BuildError::new(format!(
            "the service takes no files of type {essence:?}: it takes {}. Other texts may go as text/plain",
            known.join(", ")
        )));
    };
    match file.bytes.as_ref().len() {
        0 => Err(BuildError::new("the file is empty")),
        length if length > kind.largest => Err(BuildError::new(format!(
            "a file of type {} has at most {} bytes: this one has {length}",
            kind.media_type, kind.largest
        ))),
        _ => Ok(()),
    }
}

struct Kind {
    media_type: &'static str,
    /// In small letters.
    extensions: &'static [&'static str],
    /// In bytes.
    largest: usize,
}

const fn kind(media_type: &'static str, extensions: &'static [&'static str], largest: usize) -> Kind {
    Kind { media_type, extensions, largest }
}

// A video of more than 16,777,216 bytes was seen refused: by MB, binary megabytes are meant.
const MB: usize = 1 << 20;

/// Meta, "Media", supported media types; `audio/opus` is named by the service's own refusals of other types only.
const KINDS: &[Kind] = &[
    kind("audio/aac", &["aac"], 16 * MB),
    kind("audio/amr", &["amr"], 16 * MB),
    kind("audio/mpeg", &["mp3"], 16 * MB),
    kind("audio/mp4", &["m4a"], 16 * MB),
    kind("audio/ogg", &["ogg"], 16 * MB),
    kind("audio/opus", &[], 16 * MB),
    kind("text/plain", &["txt"], super::LARGEST),
    kind("application/pdf", &["pdf"], super::LARGEST),
    kind("application/msword", &["doc"], super::LARGEST),
    kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"], super::LARGEST),
    kind("application/vnd.ms-excel", &["xls"], super::LARGEST),
    kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"], super::LARGEST),
    kind("application/vnd.ms-powerpoint", &["ppt"], super::LARGEST),
    kind("application/vnd.openxmlformats-officedocument.presentationml.presentation", &["pptx"], super::LARGEST),
    kind("image/jpeg", &["jpeg", "jpg"], 5 * MB),
    kind("image/png", &["png"], 5 * MB),
    // As an animated sticker; a still one has at most 100 KB, and only its content tells which it is.
    kind("image/webp", &["webp"], 500 << 10),
    kind("video/mp4", &["mp4"], 16 * MB),
    kind("video/3gpp", &["3gp"], 16 * MB),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(media_type: &str, length: usize) -> Option<String> {
        check(&File::new("f", media_type, vec![0; length])).err().map(|error| error.to_string())
    }

    // Meta, "Media", supported media types.
    #[test]
    fn each_kind_has_its_limit() {
        for (media_type, largest) in [
            ("audio/ogg; codecs=opus", 16_777_216),
            ("IMAGE/JPEG", 5_242_880),
            ("image/webp", 512_000),
            ("video/3gpp", 16_777_216),
            ("application/pdf", 104_857_600),
        ] {
            assert_eq!(refusal(media_type, largest), None, "{media_type}");
            let refused = refusal(media_type, largest + 1).unwrap();
            assert!(refused.contains(&format!("at most {largest} bytes")), "{refused}");
            assert_eq!(refusal(media_type, 0).unwrap(), "the file is empty");
        }
    }

    // The types and the wording of the refusal were seen in answers kept by other projects.
    #[test]
    fn other_types_are_refused_with_those_that_are_taken() {
        for media_type in ["audio/wav", "video/webm", "text/csv", "text/markdown", "application/octet-stream", ""] {
            let refused = refusal(media_type, 1).unwrap();
            assert!(refused.contains(&format!("no files of type {media_type:?}:")), "{refused}");
            assert!(refused.contains("audio/aac, ") && refused.contains("text/plain"), "{refused}");
        }
    }

    #[test]
    fn an_extension_tells_the_documented_type_and_nothing_else_is_guessed() {
        for (name, media_type) in [
            ("photo.jpg", "image/jpeg"),
            ("a.b.PDF", "application/pdf"),
            ("voice.ogg", "audio/ogg"),
            ("Übersicht.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ] {
            assert_eq!(File::from_name(name, vec![1]).unwrap().media_type, media_type, "{name}");
        }
        for name in ["", "pdf", "a.opus", "table.csv", "archive.zip", "a.pdf.", "a.", "a.pdf "] {
            assert!(File::from_name(name, vec![1]).is_err(), "{name}");
        }
    }
}
