//! What the two transports of `wa` share: settings, TLS, proxies, the pool of idle connections, the order of addresses.
//!
//! This crate sends nothing itself. Use it through `wa-hyper` or `wa-ureq`, which re-export the settings.

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
