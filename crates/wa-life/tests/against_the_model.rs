//! The runs against a service that was built from its documents alone.

mod model;
