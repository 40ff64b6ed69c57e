use std::io;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use wa_net::{Origin, Tunnel};

/// Asks the proxy for the way. Reads byte by byte, since what follows is not ours to read.
pub(crate) async fn pass(tunnel: &Tunnel, stream: &mut TcpStream, origin: &Origin) -> io::Result<()> {
    stream.write_all(&tunnel.request(origin)).await?;
    let mut answer = Vec::new();
    while !tunnel.is_open(&answer)? {
        answer.push(stream.read_u8().await?);
    }
    Ok(())
}
