//! What the two transports of `wa` share: settings, TLS, whom a request may go to, the way through a proxy.
//!
//! It sends nothing itself. Use it through `wa-hyper` or `wa-ureq`, which reexport what is for users.

mod origin;
mod settings;
mod tls;
mod tunnel;

pub use origin::Origin;
pub use settings::{Limits, Proxy, Settings};
pub use tls::{Crypto, Roots};
pub use tunnel::Tunnel;
