//! Room for audits that run at the same time: large repositories take much of it and wait for one another, small ones do
//! not.

use jvxleaks::model::lock;
use std::sync::{Condvar, Mutex};

/// Bytes of packs that are audited at once. One that is larger is audited alone.
const ALL: u64 = 256 << 20;

/// What is free.
#[derive(Debug)]
pub(super) struct Room {
    free: Mutex<u64>,
    freed: Condvar,
}

/// Room that is taken, and free again at the end.
#[derive(Debug)]
pub(super) struct RoomTaken<'r> {
    room: &'r Room,
    bytes: u64,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            free: Mutex::new(ALL),
            freed: Condvar::new(),
        }
    }
}

impl Room {
    /// Waits for room for a repository with so many bytes in its packs.
    pub(super) fn take(&self, bytes: u64) -> RoomTaken<'_> {
        let bytes = bytes.min(ALL);
        let mut free = lock(&self.free);
        while *free < bytes {
            free = self.freed.wait(free).unwrap_or_else(|e| e.into_inner());
        }
        *free -= bytes;
        RoomTaken { room: self, bytes }
    }
}

impl Drop for RoomTaken<'_> {
    fn drop(&mut self) {
        *lock(&self.room.free) += self.bytes;
        self.room.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_larger_than_all_room_is_audited_alone() {
        let room = Room::default();
        drop(room.take(u64::MAX));
        let (one, other) = (room.take(ALL / 2), room.take(ALL / 2));
        assert_eq!(*lock(&room.free), 0);
        drop((one, other));
        assert_eq!(*lock(&room.free), ALL);
    }
}
