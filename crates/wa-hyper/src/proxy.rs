use std::io;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use wa_net::{Origin, Tunnel};

/// Asks the proxy for a tunnel. Its answer is read byte by byte, since the bytes that follow belong to the TLS handshake.
pub(crate) async fn open_tunnel(tunnel: &Tunnel, stream: &mut TcpStream, origin: &Origin) -> io::Result<()> {
    stream.write_all(&tunnel.request(origin)).await?;
    let mut answer = Vec::new();
    while !tunnel.is_open(&answer)? {
        answer.push(stream.read_u8().await?);
    }
    Ok(())
}
