//! Files: uploading them for messages, and downloading what people sent.
//!
//! For profile pictures and the examples of templates see [`upload`](super::upload).

mod digest;
mod download;
mod kinds;
mod read;
mod send;

use std::time::Duration;

pub use download::{DownloadMedia, Media};
pub use read::{DeleteMedia, MediaInfo, ReadMedia};
pub use send::{UploadMedia, UploadedMedia};

#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    download::samples(to);
    read::samples(to)?;
    send::samples(to)
}

/// How much longer than other calls one may take that carries so many bytes.
pub(super) fn time_for(bytes: usize) -> Duration {
    Duration::from_secs((bytes / SLOWEST) as u64)
}

/// The slowest line that a call waits for, in bytes a second: about a megabit.
const SLOWEST: usize = 128 << 10;
/// Meta, "Media": no file is larger, sent or received.
const LARGEST: usize = 100 << 20;
