//! From the trails of one key to the one thing to do about it.

use super::object::ObjectKind;
use super::object_id::ObjectId;
use super::provenance::Provenance;
use super::trail::{Appearance, Trail};
use crate::model::{BlobPath, ExposedKey, Fingerprint, KeyAction, Secret, Sighting};
use std::collections::BTreeSet;

/// A distinct key with every object that holds it.
#[derive(Clone, Debug)]
pub struct KeyHits {
    /// The credential.
    pub secret: Secret,
    /// Id of rule and secret.
    pub fingerprint: Fingerprint,
    /// The objects, each with the first place of the key in it.
    pub objects: Vec<(ObjectId, Spot)>,
}

/// Where in an object a key is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// In an archive, what its path goes on with: `!/inner/config.env`.
    pub inside: Vec<u8>,
    /// 1-based line.
    pub line: usize,
}

impl Spot {
    fn in_file(&self, path: &BlobPath) -> BlobPath {
        BlobPath::from_bytes([path.as_bytes(), &self.inside].concat())
    }
}

impl KeyHits {
    /// Where and when the key was exposed, and what to do; none when no object of it is in
    /// `provenance`, because the scope left them all out.
    pub fn exposed(self, provenance: &Provenance) -> Option<ExposedKey> {
        let trails = self.objects.iter();
        let trails = trails.filter_map(|(id, spot)| Some((provenance.trails.get(id)?, spot)));
        let trails: Vec<(&Trail, &Spot)> = trails.collect();
        if trails.is_empty() {
            return None;
        }
        let key = Key {
            trails,
            head: provenance.head,
        };
        let action = key.action();
        Some(ExposedKey {
            first_seen: key.sighting(|t| t.introduced.first(), |a, b| a < b),
            last_seen: key.sighting(|t| t.last_seen.as_ref(), |a, b| a > b),
            removed_in: key.removed_in(),
            in_head: key.any(|t| t.in_head.is_some()),
            in_index: key.any(|t| t.in_index.is_some()),
            published: key.labels(|t| &t.published),
            local: key.labels(|t| &t.local),
            places: self
                .objects
                .iter()
                .filter_map(|(id, _)| Some(provenance.trails.get(id)?.places(*id).len()))
                .sum(),
            advice: key.advice(action),
            action,
            secret: self.secret,
            fingerprint: self.fingerprint,
        })
    }
}

struct Key<'t> {
    trails: Vec<(&'t Trail, &'t Spot)>,
    head: Option<ObjectId>,
}

impl<'t> Key<'t> {
    fn action(&self) -> KeyAction {
        if self.any(|t| !t.published.is_empty()) {
            KeyAction::Rotate
        } else if self.any(|t| !t.local.is_empty() || t.in_index.is_some() || t.in_head.is_some()) {
            KeyAction::Amend
        } else {
            KeyAction::Expire
        }
    }

    fn any(&self, test: impl Fn(&Trail) -> bool) -> bool {
        self.trails.iter().any(|(trail, _)| test(trail))
    }

    fn labels(&self, of: impl Fn(&'t Trail) -> &'t BTreeSet<String>) -> Vec<String> {
        let all: BTreeSet<&String> = self
            .trails
            .iter()
            .flat_map(|(trail, _)| of(trail))
            .collect();
        all.into_iter().cloned().collect()
    }

    fn sighting(
        &self,
        of: impl Fn(&'t Trail) -> Option<&'t Appearance>,
        better: impl Fn(&Appearance, &Appearance) -> bool,
    ) -> Option<Sighting> {
        let all = self
            .trails
            .iter()
            .filter_map(|(trail, spot)| Some((of(trail)?, *spot)));
        let best = all.reduce(|best, new| if better(new.0, best.0) { new } else { best });
        best.map(|(at, spot)| Sighting {
            commit: at.commit.to_string(),
            date: at.author_date(),
            path: spot.in_file(&at.path),
            line: spot.line,
        })
    }

    /// The last commit that removed a copy, unless HEAD still has one.
    fn removed_in(&self) -> Option<Sighting> {
        let gone = !self.any(|t| t.in_head.is_some());
        gone.then(|| self.sighting(|t| t.removed.last(), |a, b| a > b))
            .flatten()
    }

    fn advice(&self, action: KeyAction) -> Vec<String> {
        match action {
            KeyAction::Rotate => self.rotate(),
            KeyAction::Amend => self.amend(),
            KeyAction::Expire => self.expire(),
        }
    }

    /// Rewriting history does not make a published key unread, so it is no part of this.
    fn rotate(&self) -> Vec<String> {
        let mut steps = vec![
            "rotate it now at Settings -> API Access: the old key stops at once and the new one is shown only once, \
             so be ready to set JOURVEX_API_KEY on the server and restart right away"
                .to_owned(),
            "check the dashboard: its prefix tells which key is active, and \"last used: never\" turns into a time when \
             the new key works"
                .to_owned(),
        ];
        let here = self
            .trails
            .iter()
            .find_map(|(t, spot)| Some((spot.in_file(t.in_head.as_ref()?), spot.line)));
        steps.extend(here.map(|(path, line)| {
            format!(
                "then remove the literal from {path}:{line}, read JOURVEX_API_KEY there, and commit"
            )
        }));
        steps
    }

    fn amend(&self) -> Vec<String> {
        let mut steps = Vec::new();
        for (trail, _) in &self.trails {
            let step = self.removal(trail);
            steps.extend(
                step.into_iter()
                    .filter(|s| !steps.contains(s))
                    .collect::<Vec<_>>(),
            );
        }
        steps.push("no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access".to_owned());
        steps
    }

    /// The commands that take one hit out of what has not been pushed yet.
    fn removal(&self, trail: &Trail) -> Vec<String> {
        let branches: Vec<&str> = trail
            .local
            .iter()
            .filter_map(|l| l.strip_prefix("branch "))
            .collect();
        let stashes: Vec<&str> = trail
            .local
            .iter()
            .filter(|l| l.starts_with("stash@"))
            .map(String::as_str)
            .collect();
        let tags: Vec<&str> = trail
            .local
            .iter()
            .filter_map(|l| l.strip_prefix("tag "))
            .collect();
        let mut steps = Vec::new();
        match trail.introduced.first() {
            None => steps.extend(trail.in_index.as_ref().map(|path| {
                let path = word(path);
                format!("git restore --staged -- {path}, take the key out of the file, and git add it again")
            })),
            Some(first) if self.head == Some(first.commit) => steps.push(in_last_commit(trail, first)),
            Some(first) if trail.in_head.is_some() || !branches.is_empty() => {
                steps.push(in_older_commit(trail, first, branches.first().copied()));
            }
            Some(_) => {}
        }
        let notes = trail
            .local
            .iter()
            .filter_map(|l| l.strip_prefix("refs/notes/"));
        let noted = trail
            .introduced
            .first()
            .map(|at| at.path.to_string().replace('/', ""));
        steps.extend(notes.map(|name| {
            format!(
                "git notes --ref={} remove {}",
                word(name),
                word(noted.as_deref().unwrap_or_default())
            )
        }));
        steps.extend(stashes.first().map(|s| {
            format!("git stash show -p --include-untracked {s} shows what is in it; keep what you need without the key, then git stash drop {s}")
        }));
        steps.extend(tags.iter().map(|tag| {
            format!(
                "git tag -d {}, and tag again once the key is gone",
                word(tag)
            )
        }));
        if !trail.introduced.is_empty() {
            steps.push("the old commit stays on this disk until git reflog expire --expire=now --all && git gc --prune=now".to_owned());
        }
        steps
    }

    fn expire(&self) -> Vec<String> {
        let logged = self.any(|t| !t.remembered.is_empty());
        let command = match logged {
            true => "git reflog expire --expire=now --all && git gc --prune=now",
            false => "git gc --prune=now",
        };
        vec![
            format!("{command}, if it was never pushed"),
            "if it was pushed, or you cannot tell: rotate it at Settings -> API Access".to_owned(),
        ]
    }
}

fn in_last_commit(trail: &Trail, at: &Appearance) -> String {
    match trail.kind {
        ObjectKind::Blob => {
            let path = word(&at.path);
            format!(
                "take the key out of {path}, then git add -- {path} && git commit --amend --no-edit"
            )
        }
        _ => "git commit --amend, and take the key out of the message".to_owned(),
    }
}

fn in_older_commit(trail: &Trail, at: &Appearance, branch: Option<&str>) -> String {
    let short = at.commit.short();
    let switch = branch
        .filter(|_| trail.in_head.is_none())
        .map(|b| format!("git switch {} && ", word(b)));
    let (base, check) = match at.is_root {
        true => ("--root".to_owned(), "jvxleaks history".to_owned()),
        false => (
            format!("{short}^"),
            format!("jvxleaks range {short}^..HEAD"),
        ),
    };
    let mark = match trail.kind {
        ObjectKind::Blob => "edit",
        _ => "reword",
    };
    format!(
        "{}git rebase -i --rebase-merges {base}, mark {short} as `{mark}`, take the key out, git rebase --continue; then {check}",
        switch.unwrap_or_default()
    )
}

/// A path or ref name for pasting into a shell: names are chosen by whoever wrote the repository.
fn word(name: impl std::fmt::Display) -> String {
    let name = name.to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-@{}+".contains(c);
    match name.chars().all(plain) && !name.starts_with('-') {
        true => name,
        false => format!("'{}'", name.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_become_a_command() {
        assert_eq!(word("src/a-1.ts"), "src/a-1.ts");
        assert_eq!(word("a;rm -rf $HOME"), "'a;rm -rf $HOME'");
        assert_eq!(word("it's"), r"'it'\''s'");
        assert_eq!(word("-f"), "'-f'");
    }
}
