//! How much of an archive is read: a bomb ends as a fault, with bounded memory and time.

use std::cell::Cell;
use std::io::{self, Read};

/// The words for a member of which not all could be unpacked.
pub(super) const BROKEN_MEMBER: &str = "broken archive member";

const MIB: u64 = 1 << 20;

/// How often the bytes of a large archive may be read as those of archives in it.
const COPIES: u64 = 4;

/// What a member takes at least of a large archive, on average, in bytes.
const SMALLEST_MEMBER: u64 = 1 << 10;

/// How much is read of one outermost archive.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many archives may lie in one another.
    pub depth: usize,
    /// Most members in all.
    pub members: usize,
    /// Most bytes of one member.
    pub member: u64,
    /// Most bytes in all, however large the archive.
    pub total: u64,
    /// Most bytes in all, for each byte of the archive ...
    pub ratio: u64,
    /// ... though never less than this.
    pub least: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // An image, its layer, a war, a jar, its documentation. A quine that unpacks to itself ends here.
            depth: 8,
            // The largest source releases have about 80,000.
            members: 100_000,
            // What `--max-file-size` is for files; a member is held in memory.
            member: 256 * MIB,
            total: 1024 * MIB,
            // Text and logs reach 10 to 100, deflate at most 1032, which only a bomb or a file of
            // zeros comes near.
            ratio: 250,
            // Small files of zeros are common and harmless.
            least: 64 * MIB,
        }
    }
}

impl Limits {
    /// The limits for an archive of `size` bytes: whoever allowed a file of that size to be read allowed what an image of
    /// uncompressed layers is, an archive of archives that each hold most of it.
    #[must_use]
    pub fn for_size(self, size: usize) -> Self {
        let size = size as u64;
        Self {
            members: self.members.max((size / SMALLEST_MEMBER) as usize),
            member: self.member.max(size),
            total: self.total.max(size.saturating_mul(COPIES)),
            ..self
        }
    }

    /// The text of a fault for an archive that lies too deep.
    pub fn depth_exceeded(&self) -> String {
        let depth = self.depth;
        format!("an archive in {depth} others, and no more than {depth} are opened; {UNPACK}")
    }

    pub(super) fn member_exceeded(&self) -> String {
        let limit = size(self.member);
        format!("larger than {limit} when unpacked, the most that is read of a member; {UNPACK}")
    }
}

const UNPACK: &str = "unpack the archive and scan the folder";

/// What is left to be read of an outermost archive, the archives in it included.
#[derive(Debug)]
pub struct Budget {
    limits: Limits,
    total: u64,
    bytes: Cell<u64>,
    members: Cell<usize>,
    spent: Cell<bool>,
}

/// How reading a member ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BudgetEnd {
    Whole,
    /// What is missing cannot be unpacked, for a reason.
    Unread(&'static str),
    TooLarge,
    Spent,
}

impl Budget {
    /// The budget for an archive of `size` bytes. What it holds uncompressed is always read.
    pub fn new(limits: Limits, size: usize) -> Self {
        let size = size as u64;
        let total = size.saturating_mul(limits.ratio).max(limits.least);
        let total = total.min(limits.total).max(size);
        Self {
            limits,
            total,
            bytes: Cell::new(total),
            members: Cell::new(limits.members),
            spent: Cell::new(false),
        }
    }

    /// The limits it was made of.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// True once any limit on the whole archive was exceeded: nothing more is read.
    pub(super) fn is_spent(&self) -> bool {
        self.spent.get()
    }

    /// Takes `count` members of the budget, if there are that many left.
    pub(super) fn admits(&self, count: usize) -> bool {
        let could = self.could_admit(count);
        if could {
            self.members.update(|left| left - count);
        }
        could
    }

    /// Whether that many members are left; they are not taken yet.
    pub(super) fn could_admit(&self, count: usize) -> bool {
        self.spent
            .set(self.spent.get() || count > self.members.get());
        !self.is_spent()
    }

    /// Takes bytes of the budget.
    pub(super) fn charge(&self, bytes: u64) -> bool {
        let left = self.bytes.get().checked_sub(bytes);
        self.spent.set(self.spent.get() || left.is_none());
        self.bytes.set(left.unwrap_or_default());
        !self.is_spent()
    }

    /// A reader whose bytes are taken of the budget.
    pub(super) fn metered<R: Read>(&self, inner: R) -> Metered<'_, R> {
        Metered {
            inner,
            budget: self,
        }
    }

    /// Reads a member into `buffer`, behind what it holds already, up to the limit.
    pub(super) fn fill(&self, reader: impl Read, buffer: &mut Vec<u8>) -> BudgetEnd {
        let limit = self.limits.member;
        let room = (limit + 1).saturating_sub(buffer.len() as u64);
        let read = reader.take(room).read_to_end(buffer);
        let is_too_large = buffer.len() as u64 > limit;
        if is_too_large {
            buffer.truncate(limit as usize);
        }
        match &read {
            _ if self.is_spent() => BudgetEnd::Spent,
            _ if is_too_large => BudgetEnd::TooLarge,
            Err(error) => BudgetEnd::Unread(reason(error)),
            Ok(_) => BudgetEnd::Whole,
        }
    }

    pub(super) fn total_exceeded(&self) -> String {
        let limit = size(self.total);
        format!(
            "reading stopped here: unpacks to more than {limit}, the most that is read of an archive of its size; {UNPACK}"
        )
    }

    pub(super) fn members_exceeded(&self) -> String {
        let limit = self.limits.members;
        format!("reading stopped here: more than {limit} members; {UNPACK}")
    }
}

/// A reader that ends with an error when the budget is spent.
#[derive(Debug)]
pub(super) struct Metered<'b, R> {
    inner: R,
    budget: &'b Budget,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.budget.is_spent() {
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        let read = self.inner.read(buffer)?;
        if self.budget.charge(read as u64) {
            Ok(read)
        } else {
            Err(io::ErrorKind::QuotaExceeded.into())
        }
    }
}

/// Why a decoder gave up, in words.
pub(super) fn reason(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::OutOfMemory => "compressed file that needs more memory",
        io::ErrorKind::Unsupported => "compressed file of an unknown method",
        _ => BROKEN_MEMBER,
    }
}

fn size(bytes: u64) -> String {
    match bytes % MIB {
        0 => format!("{} MiB", bytes / MIB),
        _ => format!("{bytes} bytes"),
    }
}
