//! What to type to rewrite a history, in order.

use super::args::RewritingTool;
use jvxleaks::model::{ExposedKey, KeyAction, Outcome, Step, shell_word};
use jvxleaks::policy;
use jvxleaks::purge::StoredForms;
use std::path::{Path, PathBuf};

/// Most places that are listed one by one.
const LISTED: usize = 20;

/// What the steps are about.
pub(super) struct Plan<'p> {
    pub(super) outcome: &'p Outcome,
    pub(super) forms: &'p StoredForms,
    pub(super) tool: RewritingTool,
    /// The name of the repository's folder.
    pub(super) name: String,
    /// The command that leads to its root, if that is not here.
    pub(super) way_to_root: Option<String>,
    /// Where it is pushed to; none where nothing is set up.
    pub(super) remote: Option<String>,
    /// What was written, each file where it is.
    pub(super) files: PlanFiles,
}

/// Where the files for the tool are; none that would be empty.
#[derive(Default)]
pub(super) struct PlanFiles {
    pub(super) texts: Option<PathBuf>,
    pub(super) blobs: Option<PathBuf>,
    pub(super) names: Option<PathBuf>,
    pub(super) people: Option<PathBuf>,
}

impl Plan<'_> {
    /// All steps.
    pub(super) fn steps(&self) -> Vec<Step> {
        let parts = [
            self.rotate(),
            self.rewrite(),
            self.unreached(),
            self.publish(),
            self.elsewhere(),
            self.clean_up(),
        ];
        let mut number = 0;
        let numbered = parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .flat_map(|mut part| {
                number += 1;
                if let Some(Step::Say(words)) = part.first_mut() {
                    *words = format!("{number}. {words}");
                }
                part
            });
        numbered.collect()
    }

    fn rotate(&self) -> Vec<Step> {
        let keys = self
            .outcome
            .keys
            .iter()
            .filter(|key| key.severity.is_error());
        let keys: Vec<Step> = keys.map(told).collect();
        let first =
            "Make these useless first. A rewrite reaches no copy that somebody has already.";
        std::iter::once(Step::say(first)).chain(keys).collect()
    }

    fn rewrite(&self) -> Vec<Step> {
        let copy = format!("../{}-purge.git", self.name);
        let copied = match &self.remote {
            Some(remote) => format!(
                "\"$(git remote get-url {})\"",
                shell_word(remote.as_bytes())
            ),
            None => ".".to_owned(),
        };
        let copy = shell_word(copy.as_bytes());
        let mut steps = vec![Step::say("Rewrite a fresh copy.")];
        steps.extend(self.way_to_root.clone().map(Step::Run));
        steps.extend([
            Step::run(format!("git clone --mirror {copied} {copy}")),
            Step::run(format!("cd {copy}")),
        ]);
        match self.tool {
            RewritingTool::FilterRepo => steps.push(Step::run(self.filter_repo())),
            RewritingTool::Bfg => {
                steps.push(Step::run(self.bfg()));
                let expire = "git reflog expire --expire=now --all && git gc --prune=now";
                steps.push(Step::run(expire));
            }
        }
        steps.push(Step::say(
            "   This must say \"No findings\". If it does not, plan again from here.",
        ));
        steps.push(Step::run("jvxleaks history --no-cache"));
        steps
    }

    fn filter_repo(&self) -> String {
        let PlanFiles {
            texts,
            blobs,
            names,
            people,
        } = &self.files;
        let both = texts.as_ref().map(|file| {
            let file = quoted(file);
            format!(" --replace-text {file} --replace-message {file}")
        });
        let option = |name: &str, file: &Option<PathBuf>| {
            let file = file.as_ref().map(|file| quoted(file));
            file.map_or(String::new(), |file| format!(" --{name} {file}"))
        };
        format!(
            "git filter-repo{}{}{}{} --sensitive-data-removal --no-fetch",
            both.unwrap_or_default(),
            option("strip-blobs-with-ids", blobs),
            option("paths-from-file", names),
            option("mailmap", people),
        )
    }

    fn bfg(&self) -> String {
        let PlanFiles { texts, blobs, .. } = &self.files;
        let option = |name: &str, file: &Option<PathBuf>| {
            let file = file.as_ref().map(|file| quoted(file));
            file.map_or(String::new(), |file| format!(" --{name} {file}"))
        };
        let (texts, blobs) = (
            option("replace-text", texts),
            option("strip-blobs-with-ids", blobs),
        );
        format!("java -jar bfg.jar{texts}{blobs} --no-blob-protection .")
    }

    /// What no text replacement reaches.
    fn unreached(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        let forms = self.forms;
        if !forms.blobs.is_empty() {
            steps.push(Step::say(
                "These are packed or no text, and are left out as a whole. Put them back without the key.",
            ));
            let paths = forms.blobs.iter().take(LISTED);
            steps.extend(paths.map(|(id, path)| Step::say(format!("   {path} ({})", id.short()))));
            let more = forms.blobs.len().saturating_sub(LISTED);
            if more > 0 {
                steps.push(Step::say(format!(
                    "   and {more} more, whose ids the file of blobs has"
                )));
            }
        }
        let refs = forms.refs.iter();
        steps.extend(refs.map(|name| {
            Step::say(format!(
                "   The name of {} holds a key: delete it there, and make another.",
                name.as_str()
            ))
        }));
        let is_partial = self.tool == RewritingTool::Bfg
            && (!forms.names.is_empty() || !forms.people.is_empty() || forms.is_in_messages);
        if is_partial {
            steps.push(Step::say(
                "   The BFG reaches no messages, names of files and people: plan with `--tool filter-repo` for these.",
            ));
        }
        if let Some(Step::Say(first)) = steps.first_mut()
            && first.starts_with(' ')
        {
            *first = first.trim_start().to_owned();
        }
        steps
    }

    fn publish(&self) -> Vec<Step> {
        if self.remote.is_none() {
            let name = &self.name;
            return vec![Step::say(format!(
                "No remote is set up here. Clone {name}-purge.git, work on there, and delete this repository."
            ))];
        }
        vec![
            Step::say(
                "Put the copy in the place of what the server has. Branch protection must let you.",
            ),
            Step::run(
                "git -c remote.origin.mirror=false push --force --prune origin 'refs/heads/*' 'refs/tags/*' 'refs/notes/*'",
            ),
        ]
    }

    fn elsewhere(&self) -> Vec<Step> {
        if self.remote.is_none() {
            return Vec::new();
        }
        [
            "Think of all other copies.",
            "   Each clone, this one too: clone anew. Who pulls or merges instead brings the key back.",
            "   The server keeps old commits, by their ids, until it cleans up. On your own: git gc --prune=now",
            "   Forks: each owner rewrites or deletes his own.",
            "   Pull requests keep their commits (refs/pull, refs/merge-requests): ask GitHub's support, or run GitLab's housekeeping.",
            "   Caches of CI, images, packages and deployments that were made of old commits: delete them.",
            "   What is only here and was never pushed: `jvxleaks history` has the steps.",
        ]
        .map(Step::say)
        .into()
    }

    fn clean_up(&self) -> Vec<Step> {
        let PlanFiles {
            texts,
            blobs,
            names,
            people,
        } = &self.files;
        let files = [texts, blobs, names, people].into_iter().flatten();
        let files: Vec<String> = files.map(|file| quoted(file)).collect();
        vec![
            Step::say("Delete what holds the keys."),
            Step::run(format!("rm {}", files.join(" "))),
        ]
    }
}

/// What ends a key, and how far it got.
fn told(key: &ExposedKey) -> Step {
    let far = match key.action() {
        KeyAction::Rotate => "published",
        KeyAction::Amend => "in commits here, and not known to be published",
        KeyAction::Expire => "in objects here that nothing refers to",
        KeyAction::Check | KeyAction::Done => "perhaps no credential",
    };
    let ending = policy::ending(&key.rule);
    Step::say(format!("   {}: {far}; {ending}", key.secret))
}

fn quoted(file: &Path) -> String {
    shell_word(file.as_os_str().as_encoded_bytes())
}
