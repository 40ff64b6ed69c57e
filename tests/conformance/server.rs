//! A server that plays a script on every connection.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
    thread,
    time::Duration,
};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What a server does on a connection. When it returns, the connection is closed, with a reset if received bytes were not
/// read.
pub(crate) type Script = Arc<dyn Fn(&mut Wire) -> io::Result<()> + Send + Sync>;

/// A server with its own port. Its threads end with their connections.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    base: String,
    log: Arc<Log>,
}

#[derive(Default)]
struct Log {
    counts: Mutex<Counts>,
    changed: Condvar,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) accepted: usize,
    pub(crate) finished: usize,
    pub(crate) requests: Vec<Vec<u8>>,
    released: bool,
}

impl Server {
    pub(crate) fn plain(script: Script) -> Self {
        Self::start(None, script)
    }

    pub(crate) fn tls(config: Arc<ServerConfig>, script: Script) -> Self {
        Self::start(Some(config), script)
    }

    fn start(config: Option<Arc<ServerConfig>>, script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let base = format!("{}://{address}", if config.is_some() { "https" } else { "http" });
        let log = Arc::new(Log::default());
        let server = Self { address, base, log: log.clone() };
        thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                log.change(|counts| counts.accepted += 1);
                let (config, script, log) = (config.clone(), script.clone(), log.clone());
                thread::spawn(move || {
                    stream.set_read_timeout(Some(LONGEST)).unwrap();
                    stream.set_write_timeout(Some(LONGEST)).unwrap();
                    stream.set_nodelay(true).unwrap();
                    // A script fails when the client closes the connection, which most scripts provoke.
                    let _ = Wire::over(stream, config, log.clone()).and_then(|mut wire| script(&mut wire));
                    log.change(|counts| counts.finished += 1);
                });
            }
        });
        server
    }

    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    pub(crate) fn counts(&self) -> Counts {
        self.log.counts.lock().unwrap().clone()
    }

    /// Waits until this condition holds.
    pub(crate) fn wait(&self, until: impl Fn(&Counts) -> bool) {
        self.log.wait(until);
    }

    /// Ends the scripts in `park_unread`.
    pub(crate) fn release(&self) {
        self.log.change(|counts| counts.released = true);
    }
}

impl Log {
    fn change(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.counts.lock().unwrap());
        self.changed.notify_all();
    }

    fn wait(&self, until: impl Fn(&Counts) -> bool) {
        let counts = self.counts.lock().unwrap();
        let (_counts, waited) = self.changed.wait_timeout_while(counts, LONGEST, |counts| !until(counts)).unwrap();
        assert!(!waited.timed_out(), "the condition does not hold in time");
    }
}

/// The server's side of a connection.
pub(crate) struct Wire {
    stream: Stream,
    log: Arc<Log>,
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
}

impl Wire {
    fn over(mut tcp: TcpStream, config: Option<Arc<ServerConfig>>, log: Arc<Log>) -> io::Result<Self> {
        let Some(config) = config else {
            return Ok(Self { stream: Stream::Plain(tcp), log });
        };
        let mut tls = ServerConnection::new(config).unwrap();
        while tls.is_handshaking() {
            tls.complete_io(&mut tcp)?;
        }
        Ok(Self { stream: Stream::Tls(Box::new(StreamOwned::new(tls, tcp))), log })
    }

    /// Waits until this condition holds.
    pub(crate) fn wait(&self, until: impl Fn(&Counts) -> bool) {
        self.log.wait(until);
    }

    /// Reads a request to its end.
    pub(crate) fn read_request(&mut self) -> io::Result<Vec<u8>> {
        let mut request = self.read_head()?;
        let head = String::from_utf8_lossy(&request).to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        self.stream.io().read_exact(&mut body)?;
        request.extend(body);
        self.log.change(|counts| *counts.requests.last_mut().unwrap() = request.clone());
        Ok(request)
    }

    /// Reads only the head of a request, and counts it as a request.
    pub(crate) fn read_head(&mut self) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.stream.io().read_exact(&mut byte)?;
            head.push(byte[0]);
        }
        self.log.change(|counts| counts.requests.push(head.clone()));
        Ok(head)
    }

    /// Reads so many bytes of a request's body.
    pub(crate) fn read_body(&mut self, count: usize, to: &mut dyn Write) -> io::Result<()> {
        let mut body = self.stream.io().take(count as u64);
        match io::copy(&mut body, to)? {
            read if read == count as u64 => Ok(()),
            _ => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    /// Reads a request without a body, and does not record it.
    pub(crate) fn skip_request(&mut self) -> io::Result<()> {
        let mut end = [0; 4];
        while end != *b"\r\n\r\n" {
            end.rotate_left(1);
            end[3] = self.read_byte()?;
        }
        Ok(())
    }

    /// Forwards bytes to and from another server.
    pub(crate) fn tunnel(&mut self, target: SocketAddr) -> io::Result<()> {
        let (near, far) = (self.stream.tcp().try_clone()?, TcpStream::connect(target)?);
        thread::scope(|scope| {
            scope.spawn(|| io::copy(&mut &near, &mut &far).and_then(|_| far.shutdown(Shutdown::Write)));
            io::copy(&mut &far, &mut &near).and_then(|_| near.shutdown(Shutdown::Write))
        })
    }

    pub(crate) fn read_byte(&mut self) -> io::Result<u8> {
        let mut byte = [0];
        self.stream.io().read_exact(&mut byte)?;
        Ok(byte[0])
    }

    pub(crate) fn write(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.io().write_all(bytes.as_ref())?;
        self.stream.io().flush()
    }

    /// Waits until bytes have arrived, and does not read them.
    pub(crate) fn peek(&mut self) -> io::Result<()> {
        if let Stream::Tls(tls) = &mut self.stream {
            // They may have arrived with the end of the handshake.
            let state = tls.conn.process_new_packets().map_err(io::Error::other)?;
            if state.plaintext_bytes_to_read() > 0 {
                return Ok(());
            }
        }
        self.stream.tcp().peek(&mut [0]).map(drop)
    }

    /// Waits until the client has closed the connection.
    pub(crate) fn park(&mut self) -> io::Result<()> {
        let mut sink = [0; 4096];
        while self.stream.tcp().read(&mut sink)? > 0 {}
        Ok(())
    }

    /// Waits, without reading, until the server is released.
    pub(crate) fn park_unread(&mut self) -> io::Result<()> {
        self.log.wait(|counts| counts.released);
        Ok(())
    }
}

impl Stream {
    fn io(&mut self) -> &mut dyn ReadWrite {
        match self {
            Self::Plain(tcp) => tcp,
            Self::Tls(tls) => tls,
        }
    }

    fn tcp(&mut self) -> &mut TcpStream {
        match self {
            Self::Plain(tcp) => tcp,
            Self::Tls(tls) => tls.get_mut(),
        }
    }
}

trait ReadWrite: Read + Write {}
impl<T: Read + Write> ReadWrite for T {}

const LONGEST: Duration = Duration::from_secs(30);
