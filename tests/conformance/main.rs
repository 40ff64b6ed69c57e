//! What both transports must do, from one source: the same suite runs over each of them, against a server that plays
//! scripts on raw TCP and TLS.

mod adapters;
mod certificates;
mod faults;
mod server;
mod table;
