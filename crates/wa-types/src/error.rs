//! The service's errors: how they are written, and what each of them means.

mod code;
mod graph;
mod meaning;
mod table;

pub use code::ErrorCode;
pub use graph::{ErrorData, GraphError};
pub use meaning::{Actor, Explanation, Meaning, RetryClass};
