//! One object at a time, through libgit2, which checks its hash.

use super::object::{ObjectKind, message};
use super::object_id::ObjectId;
use super::open::unreadable;
use super::pack::Packed;
use git2::{ObjectType, Odb};

/// Longest single object that is read.
const LONGEST: usize = 2 << 30;

/// What an object is, and its bytes.
pub(super) fn single(odb: &Odb<'_>, id: ObjectId) -> Result<(Packed, Vec<u8>), String> {
    let why = |e: git2::Error| unreadable(id, &e);
    let oid = id.to_git2().map_err(why)?;
    let (size, kind) = odb.read_header(oid).map_err(why)?;
    let kind = packed(kind);
    if size > LONGEST {
        return Err(format!("object {id} is larger than 2 GiB and was not read"));
    }
    let object = odb.read(oid).map_err(why)?;
    Ok((kind, object.data().to_vec()))
}

/// What an object is.
pub(super) fn kind_of(odb: &Odb<'_>, id: ObjectId) -> Result<Packed, String> {
    let header = id.to_git2().and_then(|oid| odb.read_header(oid));
    let (_, kind) = header.map_err(|e| unreadable(id, &e))?;
    Ok(packed(kind))
}

fn packed(kind: ObjectType) -> Packed {
    match kind {
        ObjectType::Blob => Packed::Blob,
        ObjectType::Commit => Packed::Commit,
        ObjectType::Tag => Packed::Tag,
        _ => Packed::Tree,
    }
}

/// What a person wrote into an object.
pub(super) fn text(kind: Packed, raw: &[u8]) -> (ObjectKind, &[u8]) {
    match kind {
        Packed::Commit => (ObjectKind::Commit, message(raw)),
        Packed::Tag => (ObjectKind::Tag, message(raw)),
        Packed::Blob | Packed::Tree => (ObjectKind::Blob, raw),
    }
}
