//! Files with the client of `wa-core`: sent, read, downloaded, deleted, and uploads that go on.

#![allow(clippy::unwrap_used, reason = "a test")]

use wa_core::{
    Config, File,
    api::{
        media::{DeleteMedia, ReadMedia, UploadMedia},
        upload::{AppendUpload, ReadUpload, StartUpload},
    },
    blocking,
    types::{AccessToken, AppId, PhoneNumberId},
};
use wa_sim::{Fault, FaultRule, InProcess, State};

fn client() -> (InProcess, blocking::Client<InProcess>) {
    let sim = InProcess::new(State::demo_with_callback(1, "https://lucky-shrub.example/webhook", "verify-me"));
    let config = Config::new(AccessToken::new(State::TOKEN).unwrap()).base("http://127.0.0.1:4010").unwrap();
    (sim.clone(), blocking::Client::with_transport(config, sim))
}

#[test]
fn a_file_goes_up_and_comes_down() {
    let (sim, client) = client();
    let number = PhoneNumberId::new(State::NUMBER).unwrap();
    // Longer than an error, to which the limit of a download applies, too.
    let bytes = b"\x89PNG\r\n\x1a\n and\r\n--some--\r\nmore".repeat(100);
    let file = File::from_name("a plant.png", bytes.clone()).unwrap();
    let id = client.send(&UploadMedia::new(&number, file)).unwrap().id;
    assert_eq!(sim.engine().state().media[id.as_str()].filename.as_deref(), Some("a plant.png"));
    let info = client.send(&ReadMedia::new(&id).of_number(&number)).unwrap();
    assert_eq!((info.file_size, info.mime_type.as_deref()), (Some(bytes.len() as u64), Some("image/png")));
    let media = client.send(&info.download()).unwrap();
    assert_eq!((media.bytes, media.media_type.as_deref()), (bytes, Some("image/png")));
    sim.advance(std::time::Duration::from_secs(300));
    let gone = client.send(&info.download()).unwrap_err();
    assert!(gone.is_media_gone(), "{gone:?}");
    client.send(&DeleteMedia::new(&id)).unwrap();
    assert!(client.send(&ReadMedia::new(&id)).unwrap_err().is_media_gone());
}

#[test]
fn an_upload_that_was_cut_off_goes_on() {
    let (sim, client) = client();
    let app = AppId::new(State::APP).unwrap();
    let file = File::from_name("a.png", (0..=255).collect::<Vec<u8>>()).unwrap();
    let upload = client.send(&StartUpload::new(&app, &file)).unwrap().id;
    sim.engine().state_mut().faults.push(FaultRule::new(Fault::CutUpload { bytes: 100 }).times(1));
    client.send(&AppendUpload::new(&upload, &file, 0)).unwrap_err();
    let offset = client.send(&ReadUpload::new(&upload)).unwrap().file_offset;
    assert_eq!(offset, 100);
    let done = client.send(&AppendUpload::new(&upload, &file, offset)).unwrap();
    assert!(done.handle.starts_with("4::"), "{}", done.handle);
}
