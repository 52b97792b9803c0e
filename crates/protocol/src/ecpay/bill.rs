//! Bills (对账单): what the platform says happened on a day, row by row.
//!
//! ```text
//!   bytes in any pieces → records → header by its texts → rows
//!                         csv       BillReader            Row
//! ```

#[cfg(feature = "bills")]
mod reader;
mod row;

#[cfg(feature = "bills")]
pub use reader::{BillError, BillReader, Encoding, Lines, Unit};
pub use row::{BillKind, Row, RowStatus};
