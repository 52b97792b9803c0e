//! Bills (对账单): what the platform says happened on a day, row by row.
//!
//! ```text
//!   bytes in any pieces → records → header by its texts → rows
//!                         csv       BillReader            Row
//! ```

mod date;
#[cfg(feature = "bills")]
mod reader;
mod request;
mod row;

pub use date::BillDate;
#[cfg(feature = "bills")]
pub use reader::{BillError, BillReader, Encoding, Lines, Unit, UnknownUnit};
pub use request::{BillRequest, Bills, FundBills, OldBill, signed_query};
pub use row::{BillKind, Row, RowStatus};
