use std::sync::{Arc, Mutex};

use http::{Method, Request, Response};

use super::*;
use crate::{Body, CallLimits, Client, TransportError, TransportErrorKind as Kind, blocking, from_fn, testing};

/// What happens to a call on its way.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// The service gets so many bytes of it, and answers nothing.
    Cut(usize),
    /// The service does what it is asked to, and its answer is lost.
    Unanswered,
    /// A page of something in between.
    Page,
    Unreachable,
    /// A Graph error of this code.
    Refused(i64),
    /// The service's word on how much has arrived is this.
    Offset(u64),
    /// The service has lost what had arrived.
    Lost,
}

/// Meta's guide, "Upload a file", played: one upload, whose bytes must come in order.
#[derive(Default)]
struct Service {
    length: usize,
    bytes: Vec<u8>,
    calls: Vec<&'static str>,
    /// For the calls to come, in order.
    faults: Vec<Option<Fault>>,
}

const ID: &str = "upload:MTph?sig=AR";
const PATH: &str = "/v23.0/upload:MTph?sig=AR";

impl Service {
    fn answer(&mut self, request: &Request<Body>) -> Result<Response<Vec<u8>>, TransportError> {
        let fault = if self.faults.is_empty() { None } else { self.faults.remove(0) };
        let body = request.body().to_bytes();
        match fault {
            Some(Fault::Unreachable) => {
                self.calls.push("none");
                return Err(TransportError::new(Kind::Connect));
            }
            Some(Fault::Refused(code)) => {
                self.calls.push("refused");
                let error = format!(r#"{{"error":{{"code":{code}}}}}"#);
                return Ok(Response::builder().status(400).body(error.into()).unwrap());
            }
            Some(Fault::Page) => {
                self.calls.push("page");
                return Ok(Response::builder().status(502).body(b"<html>".to_vec()).unwrap());
            }
            _ => {}
        }
        let path = request.uri().path_and_query().unwrap().as_str();
        let json = if path.starts_with("/v23.0/584544743160774/uploads?") {
            self.calls.push("start");
            format!(r#"{{"id":"{ID}"}}"#)
        } else if request.method() == Method::GET {
            assert_eq!(path, PATH);
            self.calls.push("read");
            if matches!(fault, Some(Fault::Lost)) {
                self.bytes.clear();
            }
            let offset = match fault {
                Some(Fault::Offset(offset)) => offset,
                _ => self.bytes.len() as u64,
            };
            format!(r#"{{"id":"{ID}","file_offset":{offset}}}"#)
        } else {
            assert_eq!(path, PATH);
            self.calls.push("append");
            let offset: usize = request.headers()["file_offset"].to_str().unwrap().parse().unwrap();
            assert_eq!(offset, self.bytes.len(), "the bytes are sent out of order");
            let arrived = match fault {
                Some(Fault::Cut(bytes)) => bytes.min(body.len()),
                _ => body.len(),
            };
            self.bytes.extend(&body[..arrived]);
            assert!(self.bytes.len() <= self.length);
            r#"{"h":"4::aW"}"#.to_owned()
        };
        match fault {
            Some(Fault::Cut(_) | Fault::Unanswered) => Err(TransportError::new(Kind::Closed)),
            _ => Ok(Response::new(json.into())),
        }
    }
}

/// A file whose bytes all differ.
fn file(length: u8) -> File {
    File::new("a.png", "image/png", (0..length).collect::<Vec<u8>>())
}

fn new(length: u8) -> Upload {
    Upload::new(&AppId::new("584544743160774").unwrap(), file(length))
}

fn service(length: u8, faults: impl Into<Vec<Option<Fault>>>) -> Arc<Mutex<Service>> {
    Arc::new(Mutex::new(Service { length: length.into(), faults: faults.into(), ..Service::default() }))
}

fn blocking(service: &Arc<Mutex<Service>>, upload: &mut Upload) -> Result<String, Error> {
    let send = |request, _: CallLimits| service.lock().unwrap().answer(&request);
    blocking::Client::with_transport(testing::config(), from_fn(send)).upload(upload)
}

fn with_await(service: &Arc<Mutex<Service>>, upload: &mut Upload) -> Result<String, Error> {
    let send = |request, _: CallLimits| std::future::ready(service.lock().unwrap().answer(&request));
    pollster::block_on(Client::with_transport(testing::config(), from_fn(send)).upload(upload))
}

/// Both clients must come to the same.
fn run(length: u8, faults: &[Option<Fault>]) -> (Result<String, Error>, Vec<u8>, Vec<&'static str>, Upload) {
    let services = [service(length, faults), service(length, faults)];
    let mut uploads = [new(length), new(length)];
    let left = blocking(&services[0], &mut uploads[0]).map_err(|error| error.to_string());
    let result = with_await(&services[1], &mut uploads[1]);
    assert_eq!(left, result.as_ref().map(Clone::clone).map_err(ToString::to_string), "{faults:?}");
    let [left, right] = services.map(|service| std::mem::take(&mut *service.lock().unwrap()));
    assert_eq!((&left.bytes, &left.calls), (&right.bytes, &right.calls), "{faults:?}");
    let [_, upload] = uploads;
    (result, right.bytes, right.calls, upload)
}

fn cut(bytes: usize) -> Option<Fault> {
    Some(Fault::Cut(bytes))
}

#[test]
fn an_upload_without_faults_is_two_calls() {
    let (result, bytes, calls, mut upload) = run(9, &[]);
    assert_eq!((result.unwrap().as_str(), bytes), ("4::aW", (0..9).collect()));
    assert_eq!(calls, ["start", "append"]);
    assert_eq!(upload.id().unwrap().as_str(), ID);
    assert!(matches!(upload.step(), UploadStep::Done("4::aW")));
}

#[test]
fn an_upload_goes_on_wherever_it_was_cut() {
    const LENGTH: u8 = 6;
    for first in 0..=LENGTH {
        for second in 0..=LENGTH - first {
            // No progress is allowed once.
            let faults = [None, cut(first.into()), None, cut(second.into())];
            let (result, bytes, calls, _) = run(LENGTH, &faults);
            if first == 0 && second == 0 {
                assert!(result.is_err());
                continue;
            }
            assert_eq!((result.unwrap().as_str(), bytes), ("4::aW", (0..LENGTH).collect()), "{first} {second}");
            assert_eq!(calls, ["start", "append", "read", "append", "read", "append"]);
        }
    }
}

#[test]
fn faults_that_pass_cost_no_bytes() {
    for fault in [Fault::Unanswered, Fault::Page, Fault::Unreachable, Fault::Refused(2), Fault::Cut(0)] {
        let (result, bytes, ..) = run(5, &[None, Some(fault)]);
        assert_eq!((result.unwrap().as_str(), bytes), ("4::aW", (0..5).collect()), "{fault:?}");
        let (result, ..) = run(5, &[None, cut(2), Some(fault)]);
        assert_eq!(result.unwrap(), "4::aW", "{fault:?}");
    }
}

#[test]
fn no_progress_twice_in_a_row_is_the_end() {
    for (faults, calls, reason) in [
        (vec![cut(0), None, cut(0), None], vec!["append", "read", "append", "read"], "upload.append: the connection"),
        (
            vec![cut(1), None, cut(0), None, cut(0)],
            vec!["append", "read", "append", "read", "append", "read"],
            "append",
        ),
        (vec![cut(3), Some(Fault::Page), Some(Fault::Page)], vec!["append", "page", "page"], "upload.read: HTTP 502"),
        (vec![cut(0), Some(Fault::Page), None], vec!["append", "page", "read"], "upload.append: the connection"),
    ] {
        let faults = [vec![None], faults].concat();
        let (result, _, seen, mut upload) = run(5, &faults);
        let error = result.unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
        assert_eq!(seen, [vec!["start"], calls].concat(), "{faults:?}");
        // And it can be gone on with.
        assert!(matches!(upload.step(), UploadStep::Read(_)));
    }
}

#[test]
fn what_the_service_refuses_is_not_sent_again() {
    for (faults, reason) in [
        (vec![Some(Fault::Refused(190))], "upload.start: code 190"),
        (vec![None, Some(Fault::Refused(190))], "upload.append: code 190"),
        (vec![None, cut(1), Some(Fault::Refused(190))], "upload.read: code 190"),
        (vec![Some(Fault::Page)], "upload.start: HTTP 502"),
    ] {
        let (result, _, calls, _) = run(5, &faults);
        let error = result.unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
        assert_eq!(calls.len(), faults.len());
    }
}

#[test]
fn an_upload_goes_on_after_an_error() {
    let service = service(5, [None, cut(2), Some(Fault::Refused(4))]);
    let mut upload = new(5);
    blocking(&service, &mut upload).unwrap_err();
    assert_eq!(blocking(&service, &mut upload).unwrap(), "4::aW");
    let service = service.lock().unwrap();
    assert_eq!(service.calls, ["start", "append", "refused", "read", "append"]);
    assert_eq!(service.bytes, [0, 1, 2, 3, 4]);
}

#[test]
fn a_service_that_takes_one_byte_each_time_is_left_in_the_end() {
    let faults: Vec<_> = std::iter::once(None).chain([cut(1), None].repeat(250)).collect();
    let service = service(250, faults);
    let mut upload = new(250);
    blocking(&service, &mut upload).unwrap_err();
    assert_eq!(service.lock().unwrap().bytes.len(), 100);
    blocking(&service, &mut upload).unwrap_err();
    blocking(&service, &mut upload).unwrap();
    assert_eq!(service.lock().unwrap().bytes, (0..250).collect::<Vec<u8>>());
}

#[test]
fn another_process_goes_on_by_the_id_wherever_the_first_ended() {
    for arrived in 0..=5_u8 {
        let service = service(5, []);
        service.lock().unwrap().bytes = (0..arrived).collect();
        let mut upload = Upload::resume(UploadId::new(ID).unwrap(), file(5));
        assert_eq!(blocking(&service, &mut upload).unwrap(), "4::aW");
        assert_eq!(service.lock().unwrap().bytes, [0, 1, 2, 3, 4]);
    }
}

#[test]
fn a_dropped_future_leaves_nothing_in_doubt() {
    let service = service(5, []);
    let mut upload = new(5);
    // Begun, and nobody has heard of it: another upload is begun.
    assert!(matches!(upload.step(), UploadStep::Start(_)));
    assert!(matches!(upload.step(), UploadStep::Start(_)));
    upload.started(Ok(testing::read::<StartUpload<'_>>(&format!(r#"{{"id":"{ID}"}}"#)))).unwrap();
    assert!(matches!(upload.step(), UploadStep::Append(_)));
    service.lock().unwrap().bytes = vec![0, 1, 2];
    assert_eq!(blocking(&service, &mut upload).unwrap(), "4::aW");
    assert_eq!(service.lock().unwrap().calls, ["read", "append"]);
}

#[test]
fn an_odd_offset_sends_nothing_wrong() {
    for offset in [6, i64::MAX as u64] {
        let (result, bytes, ..) = run(5, &[None, cut(2), Some(Fault::Offset(offset))]);
        let error = result.unwrap_err();
        assert!(error.to_string().contains("more bytes than the file"), "{error}");
        assert_eq!(bytes, [0, 1]);
    }
    let (result, bytes, ..) = run(5, &[None, cut(4), Some(Fault::Lost)]);
    assert_eq!((result.unwrap().as_str(), bytes), ("4::aW", (0..5).collect()));
}
