pub use wa_core as core;
