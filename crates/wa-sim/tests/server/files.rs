//! Files through both clients: their whole life, and uploads that are cut.

use std::time::Duration;

use wa_core::{
    File, Upload,
    api::{
        media::{DeleteMedia, DownloadMedia, ReadMedia, UploadMedia},
        upload::{AppendUpload, StartUpload},
    },
    types::{AppId, PhoneNumberId},
};
use wa_sim::{Fault, FaultRule, Operation, State, TestServer};

use crate::{
    clients::{client, transports},
    media::state,
    raw::servers,
};

const TIMEOUT: Duration = Duration::from_secs(20);

fn number() -> PhoneNumberId {
    PhoneNumberId::new(State::NUMBER).unwrap()
}

fn app() -> AppId {
    AppId::new(State::APP).unwrap()
}

fn bytes() -> Vec<u8> {
    (0..300_000_u32).map(|place| (place % 251) as u8).collect()
}

#[test]
fn a_file_is_uploaded_read_downloaded_and_deleted() {
    let number = number();
    for server in servers(state) {
        for (name, exchange) in transports(&server) {
            let client = client(&server, &exchange, TIMEOUT);
            let upload = UploadMedia::new(&number, File::from_name("a.pdf", bytes()).unwrap());
            let id = client.send(&upload).unwrap().id;
            let info = client.send(&ReadMedia::new(&id).of_number(&number)).unwrap();
            assert_eq!((info.file_size, info.mime_type.as_deref()), (Some(300_000), Some("application/pdf")), "{name}");
            let media = client.send(&info.download()).unwrap();
            assert!(media.bytes == bytes() && media.media_type.as_deref() == Some("application/pdf"), "{name}");

            let sha256 = "0".repeat(64);
            let wrong = client.send(&DownloadMedia::new(&info.url).sha256(&sha256)).unwrap_err();
            assert!(wrong.to_string().contains("does not have the digest"), "{name}: {wrong}");

            server.advance(Duration::from_secs(300));
            let expired = client.send(&info.download()).unwrap_err();
            assert!(expired.is_media_gone(), "{name}: {expired}");
            let again = client.send(&ReadMedia::new(&id)).unwrap();
            assert!(client.send(&again.download()).is_ok(), "{name}");

            client.send(&DeleteMedia::new(&id)).unwrap();
            for gone in [
                client.send(&again.download()).map(drop),
                client.send(&ReadMedia::new(&id)).map(drop),
                client.send(&DeleteMedia::new(&id)).map(drop),
            ] {
                let gone = gone.unwrap_err();
                assert!(gone.is_media_gone(), "{name}: {gone}");
            }
        }
    }
}

fn cut(server: &TestServer, bytes: usize, times: u64) {
    let rule = FaultRule::new(Fault::CutUpload { bytes }).on(Operation::AppendUpload).times(times);
    server.engine().state_mut().faults.push(rule);
}

#[test]
fn an_upload_goes_on_after_cuts_and_gives_up_without_progress() {
    let file = || File::from_name("a.png", bytes()).unwrap();
    for server in servers(state) {
        for (name, exchange) in transports(&server) {
            let client = client(&server, &exchange, TIMEOUT);
            cut(&server, 120_000, 2);
            let handle = client.upload(&mut Upload::new(&app(), file())).unwrap();
            assert!(handle.starts_with("4::"), "{name}: {handle}");

            cut(&server, 0, 2);
            let mut upload = Upload::new(&app(), file());
            let error = client.upload(&mut upload).unwrap_err();
            assert_eq!(error.operation().name, "upload.append", "{name}: {error}");
            assert!(client.upload(&mut upload).is_ok(), "{name}");
        }
    }
}

#[test]
fn another_process_goes_on_by_the_id() {
    for server in servers(state) {
        let [(_, first), (_, second)] = transports(&server);
        let file = File::from_name("a.png", bytes()).unwrap();
        let id = client(&server, &first, TIMEOUT).send(&StartUpload::new(&app(), &file)).unwrap().id;
        cut(&server, 250_000, 1);
        let append = AppendUpload::new(&id, &file, 0);
        client(&server, &first, TIMEOUT).send(&append).unwrap_err();

        let kept = serde_json::to_string(&id).unwrap();
        let mut upload = Upload::resume(serde_json::from_str(&kept).unwrap(), file);
        let handle = client(&server, &second, TIMEOUT).upload(&mut upload).unwrap();
        // Whoever lost the handle gets it again.
        let mut again = Upload::resume(id, File::from_name("a.png", bytes()).unwrap());
        assert_eq!(client(&server, &first, TIMEOUT).upload(&mut again).unwrap(), handle);
    }
}
