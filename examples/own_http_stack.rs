//! The core alone builds a request and reads an answer. What lies between is yours: here, a plain TCP stream.
//!
//! `cargo run --example own_http_stack -- [127.0.0.1:8080]`

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a program may")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::{env, error::Error, thread};

use wa_cloud::{
    Body, Config, parse,
    registration::Register,
    types::{AccessToken, PhoneNumberId, Pin},
};

fn main() -> Result<(), Box<dyn Error>> {
    let address = env::args().nth(1).map_or_else(service, Ok)?;
    let config = Config::new(AccessToken::new("EAAJB")?).base(&format!("http://{address}"))?;
    let number = PhoneNumberId::new("106540352242922")?;

    let request = config.request(&Register::new(&number, Pin::new("012345")?))?;
    let answer = send(&address, &request)?;
    parse::<Register<'_>>(answer)?;
    println!("{number} is registered");
    Ok(())
}

/// Yours would also read lengths and chunks, keep connections, and give up after `Config::timeout_for`.
fn send(address: &str, request: &http::Request<Body>) -> Result<http::Response<Vec<u8>>, Box<dyn Error>> {
    let (body, mut bytes) = (request.body().as_ref(), Vec::new());
    write!(bytes, "{} {} HTTP/1.0\r\ncontent-length: {}\r\n", request.method(), request.uri().path(), body.len())?;
    for (name, value) in request.headers() {
        write!(bytes, "{name}: {}\r\n", value.to_str()?)?;
    }
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(&[&bytes, b"\r\n".as_slice(), body].concat())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
    let status: u16 = head.get(9..12).ok_or("no status")?.parse()?;
    Ok(http::Response::builder().status(status).body(body.into())?)
}

/// A service that agrees to the first request.
fn service() -> Result<String, Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept()?;
        let mut request = [0; 4096];
        let mut length = 0;
        while !request.contains(&b'}') {
            length += stream.read(&mut request[length..])?;
        }
        stream.write_all(b"HTTP/1.0 200 OK\r\n\r\n{\"success\":true}")
    });
    Ok(address)
}
