//! What the two transports of `wa` share: settings, TLS, the pool of connections, whom a request may go to, the way through
//! a proxy.
//!
//! It sends nothing itself. Use it through `wa-hyper` or `wa-ureq`, which reexport what is for users.

mod dial;
mod exception;
mod origin;
mod pool;
mod proxy;
mod settings;
mod sync;
mod tls;
mod tunnel;

pub use dial::{ATTEMPT_DELAY, Overrides, interleave};
pub use origin::Origin;
pub use pool::{Pool, Poolable};
pub use proxy::Proxies;
pub use settings::{Limits, Settings};
pub use tls::{Crypto, Roots};
pub use tunnel::Tunnel;
