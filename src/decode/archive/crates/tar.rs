//! tar, from a slice or as it is unpacked.

use super::super::budget::{BROKEN_MEMBER, Budget, BudgetEnd};
use super::super::member::{
    BROKEN, Backing, FoundMember, Member, MemberSink, Notes, TarEntry, TarEntryKind, cleaned,
    deliver,
};
use std::io::Read;
use tar::{Archive, Entry, EntryType};

/// Hands out the files of a tar.
pub(in crate::decode::archive) fn read(
    reader: impl Read,
    backing: Backing<'_>,
    budget: &Budget,
    sink: MemberSink<'_>,
) {
    let mut archive = Archive::new(reader);
    // What follows the end mark was put there by someone.
    archive.set_ignore_zeros(true);
    let Ok(entries) = archive.entries() else {
        return sink(FoundMember::Skipped(BROKEN));
    };
    let mut content = Vec::new();
    for entry in entries {
        match entry {
            Ok(entry) => member(entry, &mut content, backing, budget, sink),
            Err(_) if budget.is_spent() => {
                return sink(FoundMember::Fault(b"(header)", budget.total_exceeded()));
            }
            Err(_) => return sink(FoundMember::Skipped(BROKEN)),
        }
        if budget.is_spent() {
            return;
        }
    }
}

fn member<R: Read>(
    mut entry: Entry<'_, R>,
    content: &mut Vec<u8>,
    backing: Backing<'_>,
    budget: &Budget,
    sink: MemberSink<'_>,
) {
    let kind = entry.header().entry_type();
    if let Backing::Unpacked(notes) = backing {
        note(&mut entry, notes);
    }
    if matches!(
        kind,
        EntryType::Directory | EntryType::Char | EntryType::Block | EntryType::Fifo
    ) {
        return;
    }
    let path = cleaned(&entry.path_bytes());
    if !budget.admits(1) {
        return sink(FoundMember::Fault(&path, budget.members_exceeded()));
    }
    content.clear();
    // Where a link leads is text that someone wrote.
    if matches!(kind, EntryType::Symlink | EntryType::Link) {
        content.extend_from_slice(&entry.link_name_bytes().unwrap_or_default());
    }
    let (start, size) = (entry.raw_file_position() as usize, entry.size());
    // The holes of a sparse file are made up while reading: no byte of the archive pays for them.
    if kind.is_gnu_sparse() && !budget.charge(size.min(budget.limits().member)) {
        return sink(FoundMember::Fault(&path, budget.total_exceeded()));
    }
    let links = content.len();
    let mut end = budget.fill(&mut entry, content);
    let read = content.len() - links;
    if end == BudgetEnd::Whole && (read as u64) < size {
        end = BudgetEnd::Unread(BROKEN_MEMBER);
    }
    let as_is = !kind.is_gnu_sparse() && links == 0;
    let member = Member {
        path: &path,
        bytes: content,
        packed: backing.span(start, read).filter(|_| as_is),
    };
    deliver(member, end, budget, sink);
}

/// Hands out the names in a tar, each with a reader of its content, as far as the tar can be read.
pub(in crate::decode::archive) fn entries(
    reader: impl Read,
    each: &mut dyn FnMut(&mut TarEntry<'_>),
) {
    let mut archive = Archive::new(reader);
    archive.set_ignore_zeros(true);
    let entries = archive.entries().into_iter().flatten();
    for mut entry in entries.map_while(Result::ok) {
        let kind = match entry.header().entry_type() {
            EntryType::Directory => TarEntryKind::Folder,
            kind @ (EntryType::Symlink | EntryType::Link) => {
                let mut to = entry.link_name_bytes().unwrap_or_default().into_owned();
                // A hard link names a member, from the root of the archive.
                if kind == EntryType::Link {
                    to.insert(0, b'/');
                }
                TarEntryKind::Link(to)
            }
            EntryType::XGlobalHeader => continue,
            _ => TarEntryKind::File,
        };
        each(&mut TarEntry {
            path: cleaned(&entry.path_bytes()),
            kind,
            size: entry.size(),
            content: &mut entry,
        });
    }
}

/// Notes what a tar stores of an entry beside its content: names, and what pax adds to them.
fn note<R: Read>(entry: &mut Entry<'_, R>, notes: &Notes) {
    let header = entry.header();
    let owners = [header.username_bytes(), header.groupname_bytes()];
    notes.add(&entry.path_bytes());
    owners
        .into_iter()
        .flatten()
        .for_each(|name| notes.add(name));
    // Those of the whole archive are an entry, which is read as a file.
    if entry.header().entry_type().is_pax_global_extensions() {
        return;
    }
    let extensions = entry.pax_extensions().ok().flatten();
    for extension in extensions.into_iter().flatten().flatten() {
        if !matches!(extension.key_bytes(), b"path" | b"linkpath") {
            notes.add(&[extension.key_bytes(), b"=", extension.value_bytes()].concat());
        }
    }
}
