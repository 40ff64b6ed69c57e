//! A blocking HTTP server in a few lines, for examples and tests. A program takes one that others have written.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    thread,
    time::Duration,
};

use http::{Request, StatusCode};

/// Answers each request in a thread of its own. The body is read, or not, by whoever answers.
pub(crate) fn serve(
    listener: &TcpListener,
    answer: impl Fn(&Request<()>, &mut dyn Read) -> Result<String, StatusCode> + Sync,
) {
    thread::scope(|scope| {
        for stream in listener.incoming().flatten() {
            // Whoever has gone gets no answer.
            scope.spawn(|| exchange(stream, &answer).unwrap_or_default());
        }
    });
}

fn exchange(
    mut stream: TcpStream,
    answer: impl Fn(&Request<()>, &mut dyn Read) -> Result<String, StatusCode>,
) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let request = read_head(&mut reader.by_ref().take(LONGEST_HEAD))?;
    let length = request.headers().get("content-length").and_then(|length| length.to_str().ok()?.parse().ok());
    let (status, text) = match answer(&request, &mut reader.take(length.unwrap_or(0))) {
        Ok(text) => (StatusCode::OK, text),
        Err(status) => (status, String::new()),
    };
    let length = text.len();
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{text}")
}

fn read_head(head: &mut impl BufRead) -> io::Result<Request<()>> {
    let mut lines = head.lines().map_while(|line| line.ok().filter(|line| !line.is_empty()));
    let first = lines.next().unwrap_or_default();
    let (method, target) = first.split_once(' ').unwrap_or_default();
    let request = Request::builder().method(method).uri(target.split(' ').next().unwrap_or_default());
    let with_header = |request: http::request::Builder, line: String| match line.split_once(": ") {
        Some((name, value)) => request.header(name, value),
        None => request,
    };
    lines.fold(request, with_header).body(()).map_err(io::Error::other)
}

const LONGEST_HEAD: u64 = 16_384;
