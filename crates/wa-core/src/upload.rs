//! An upload in pieces, without IO: what to send next, where to go on after a cut, and when to give up.

use wa_types::{AppId, UploadId};

use crate::{
    BuildError, Error, File, Operation, Outcome,
    api::upload::{AppendUpload, FinishedUpload, ReadUpload, StartUpload, StartedUpload, UploadProgress},
};

/// The upload of a file in pieces, for profile pictures and the examples of templates. It goes on where it was cut off.
///
/// The clients' `upload` goes to the end. After an error the same value goes on with what has arrived, also if the future
/// was dropped; in another process [`resume`](Self::resume) does, with the [`id`](Self::id) of the upload. With an HTTP
/// stack of your own it goes like this:
///
/// ```
/// use http::{Request, Response};
/// use wa_core::{Body, Config, Endpoint, Error, Upload, UploadStep, parse};
///
/// fn upload(
///     config: &Config,
///     upload: &mut Upload,
///     send: impl Fn(Request<Body>) -> Response<Vec<u8>>,
/// ) -> Result<String, Error> {
///     fn call<E: Endpoint>(
///         config: &Config,
///         call: &E,
///         send: impl Fn(Request<Body>) -> Response<Vec<u8>>,
///     ) -> Result<E::Response, Error> {
///         parse::<E>(send(config.request(call)?))
///     }
///
///     loop {
///         match upload.step() {
///             UploadStep::Start(start) => {
///                 let answer = call(config, &start, &send);
///                 upload.started(answer)?;
///             }
///             UploadStep::Read(read) => {
///                 let answer = call(config, &read, &send);
///                 upload.located(answer)?;
///             }
///             UploadStep::Append(append) => {
///                 let answer = call(config, &append, &send);
///                 upload.appended(answer)?;
///             }
///             UploadStep::Done(handle) => return Ok(handle.to_owned()),
///         }
///     }
/// }
/// # let app = wa_core::types::AppId::new("584544743160774")?;
/// # let config = Config::new(wa_core::types::AccessToken::new("EAAJB..")?);
/// # let answers = std::cell::RefCell::new(vec![r#"{"h":"4::aW.."}"#, r#"{"id":"upload:MTph"}"#]);
/// # let mut picture = Upload::new(&app, wa_core::File::from_name("picture.png", vec![1])?);
/// # let handle = upload(&config, &mut picture, |_| {
/// #     Response::new(answers.borrow_mut().pop().expect("two answers").into())
/// # })?;
/// # assert_eq!(handle, "4::aW..");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Upload {
    file: File,
    place: Place,
    /// How much has arrived, where that is known for sure.
    offset: Option<u64>,
    /// The furthest offset that the service has told.
    reached: Option<u64>,
    /// How often in a row there was no progress.
    stalls: u32,
    cuts: u32,
    /// Why the bytes did not arrive, or not their answer.
    failure: Option<Error>,
    handle: Option<String>,
}

#[derive(Debug)]
enum Place {
    New(AppId),
    Begun(UploadId),
}

/// What an [`Upload`] needs next.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "a driver must do all of it")]
pub enum UploadStep<'a> {
    /// Begin: make this call and pass its result to [`Upload::started`].
    Start(StartUpload<'a>),
    /// Ask how much has arrived, and pass the result to [`Upload::located`].
    Read(ReadUpload<'a>),
    /// Send bytes, and pass the result to [`Upload::appended`].
    Append(AppendUpload<'a>),
    /// The upload is complete: other calls name the file by this handle.
    Done(&'a str),
}

impl Upload {
    /// Uploads this file for this app.
    #[must_use]
    pub fn new(app: &AppId, file: File) -> Self {
        Self::at(Place::New(app.clone()), file)
    }

    /// Goes on with an upload that was begun elsewhere. The file must be the same one.
    #[must_use]
    pub fn resume(id: UploadId, file: File) -> Self {
        Self::at(Place::Begun(id), file)
    }

    fn at(place: Place, file: File) -> Self {
        Self { file, place, offset: None, reached: None, stalls: 0, cuts: 0, failure: None, handle: None }
    }

    /// The upload's id, once it has begun: keep it to [`resume`](Self::resume) after this process has ended.
    #[must_use]
    pub fn id(&self) -> Option<&UploadId> {
        match &self.place {
            Place::New(_) => None,
            Place::Begun(id) => Some(id),
        }
    }

    /// What is to be done next.
    pub fn step(&mut self) -> UploadStep<'_> {
        if let Some(handle) = &self.handle {
            return UploadStep::Done(handle);
        }
        match (&self.place, self.offset.take()) {
            (Place::New(app), _) => UploadStep::Start(StartUpload::new(app, &self.file)),
            // Until its result comes, any part of the rest may have arrived: a future may be dropped.
            (Place::Begun(id), Some(offset)) => UploadStep::Append(AppendUpload::new(id, &self.file, offset)),
            (Place::Begun(id), None) => UploadStep::Read(ReadUpload::new(id)),
        }
    }

    /// Takes the result of [`UploadStep::Start`].
    ///
    /// # Errors
    ///
    /// The upload has not begun.
    pub fn started(&mut self, result: Result<StartedUpload, Error>) -> Result<(), Error> {
        self.place = Place::Begun(result?.id);
        (self.offset, self.reached) = (Some(0), Some(0));
        Ok(())
    }

    /// Takes the result of [`UploadStep::Append`].
    ///
    /// # Errors
    ///
    /// The service refuses the bytes, or they cannot be sent.
    pub fn appended(&mut self, result: Result<FinishedUpload, Error>) -> Result<(), Error> {
        match result {
            Ok(finished) => {
                self.handle = Some(finished.handle);
                Ok(())
            }
            Err(error) if is_final(&error) => self.give_up(error),
            Err(error) => {
                self.cuts += 1;
                self.failure = Some(error);
                Ok(())
            }
        }
    }

    /// Takes the result of [`UploadStep::Read`].
    ///
    /// # Errors
    ///
    /// There was no progress twice in a row, or the service has more bytes than the file.
    pub fn located(&mut self, result: Result<UploadProgress, Error>) -> Result<(), Error> {
        let offset = match result {
            Ok(progress) => progress.file_offset,
            Err(error) if is_final(&error) => return self.give_up(error),
            Err(error) => {
                self.stalls += 1;
                return if self.stalls < MOST_STALLS { Ok(()) } else { self.give_up(error) };
            }
        };
        if usize::try_from(offset).map_or(true, |offset| offset > self.file.bytes.as_ref().len()) {
            let reason =
                BuildError::new("the service has more bytes than the file: the upload was begun with another one");
            return self.give_up(Error::build(Operation::new::<AppendUpload<'_>>(), reason));
        }
        if self.reached.is_none_or(|reached| offset > reached) {
            self.reached = Some(offset);
            self.stalls = 0;
        } else {
            self.stalls += 1;
        }
        if (self.stalls >= MOST_STALLS || self.cuts >= MOST_CUTS)
            && let Some(error) = self.failure.take()
        {
            return self.give_up(error);
        }
        self.offset = Some(offset);
        Ok(())
    }

    /// Whoever goes on after an error asks first how much has arrived, and may fail as often again.
    fn give_up(&mut self, error: Error) -> Result<(), Error> {
        (self.reached, self.stalls, self.cuts, self.failure) = (None, 0, 0, None);
        Err(error)
    }
}

/// Whether the same call would fail the same way: the service's own refusal, or a request that cannot be built.
fn is_final(error: &Error) -> bool {
    matches!(error, Error::Build { .. }) || error.outcome() == Outcome::Rejected
}

const MOST_STALLS: u32 = 2;
/// A service that takes a few bytes each time must not hold a caller for good.
const MOST_CUTS: u32 = 100;

#[cfg(test)]
mod tests;
