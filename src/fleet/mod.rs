//! Many repositories: a record of each, in files that any number of machines write and that come together again as one
//! list of keys.
//!
//! A record says what an audit of one repository came to. A file has those of a share of a list. [`Merged`] is what several
//! files say together, and does not hang on how the list was shared or in which order files are named.

mod keyed;
mod merged;
mod record;
mod record_file;
mod report;
mod share;

pub use keyed::StoreKey;
pub use merged::{LeakHolder, LeakedKey, Merged, Since, Trouble};
pub use record::{ForgeRecord, KeyRecord, RecordFault, RepositoryRecord, SightingRecord};
pub use record_file::{Head, Inventory, RecordsRead, read_records, write_records};
pub use report::{MergeFormat, MergeOptions};
pub use share::{Share, ShareError};
