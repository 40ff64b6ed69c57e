pub use wa_core as core;
#[cfg(feature = "hyper")]
pub use wa_hyper as hyper;
#[cfg(feature = "ureq")]
pub use wa_ureq as ureq;
