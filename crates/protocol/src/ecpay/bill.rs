//! Bills (对账单): what the platform says happened on a day, row by row.

mod row;

pub use row::{BillKind, Row, RowStatus};
