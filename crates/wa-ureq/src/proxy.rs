use std::io::{self, Read, Write};

use wa_net::{Origin, Tunnel};

/// Asks the proxy for a tunnel. Its answer is read byte by byte, since the bytes that follow belong to the TLS handshake.
pub(crate) fn open_tunnel(tunnel: &Tunnel, stream: &mut (impl Read + Write), origin: &Origin) -> io::Result<()> {
    stream.write_all(&tunnel.request(origin))?;
    let mut answer = Vec::new();
    while !tunnel.is_open(&answer)? {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        answer.push(byte[0]);
    }
    Ok(())
}
