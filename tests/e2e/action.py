"""The action on events of every kind: `action.py ACTION_FOLDER JVXLEAKS`, on clones that it makes itself."""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from checks import check, failures, key
from composite import Run

ZERO, ONES = "0" * 40, "1" * 40
ACTION, BINARY = (pathlib.Path(given).resolve() for given in sys.argv[1:3])


class World:
    """A repository whose `main` holds an old leak, and whose `topic` adds one and takes it out."""

    def __init__(self, folder):
        self.folder, self.work = folder, folder / "work"
        self.work.mkdir()
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com",
            "GIT_COMMITTER_NAME": "C", "GIT_COMMITTER_EMAIL": "c@example.com",
        }
        self.git("init", "-q", "-b", "main")
        self.git("config", "uploadpack.allowFilter", "true")
        self.base = self.commit({"old.txt": key()}, "old")
        self.git("checkout", "-q", "-b", "topic")
        self.commit({"new.txt": key()}, "leak")
        self.git("rm", "-q", "new.txt")
        self.head = self.commit({}, "out again")
        self.git("checkout", "-q", "-b", "clean", "main")
        self.clean = self.commit({"fine.txt": "nothing"}, "clean")

    def git(self, *words, folder=None):
        done = subprocess.run(
            ["git", *words], cwd=folder or self.work, env=self.environment, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, files, message):
        for name, text in files.items():
            (self.work / name).write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def clone(self, name, commit, *options):
        folder = self.folder / name
        if not folder.exists():
            self.git("clone", "-q", *options, f"file://{self.work}", str(folder), folder=self.folder)
        self.git("checkout", "-q", commit, folder=folder)
        return folder

    def run(self, folder, name, event, uploads=True, action=ACTION, path=None, **inputs):
        file = self.folder / "event.json"
        file.write_text(json.dumps(event))
        environment = self.environment | {"GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(file)}
        if path:
            environment["PATH"] = f"{path}:{environment['PATH']}"
        inputs = {"binary": str(BINARY)} | {name.replace("_", "-"): value for name, value in inputs.items()}
        return Run(action, inputs, environment, folder, uploads)


def push(branch, before, after, **more):
    return {
        "ref": f"refs/heads/{branch}", "before": before, "after": after, "created": before == ZERO,
        "deleted": after == ZERO, "forced": False, "repository": {"default_branch": "main"},
    } | more


def pull_request(world):
    return {"pull_request": {"head": {"sha": world.head}, "base": {"sha": world.base}}}


def events(world):
    full = world.clone("full", world.head)
    cases = [
        ("pull_request", pull_request(world), 1, "new.txt"),
        ("pull_request_target", pull_request(world), 2, "use `on: pull_request`"),
        ("merge_group", {"merge_group": {"head_sha": world.head, "base_sha": world.base}}, 1, "new.txt"),
        ("push", push("topic", world.base, world.head), 1, "new.txt"),
        ("push", push("topic", ZERO, world.head), 1, "new.txt"),
        ("push", push("topic", ONES, world.head, forced=True), 1, "new.txt"),
        ("push", push("topic", ONES, world.head), 2, "fetch-depth: 0"),
        ("push", push("clean", ZERO, world.clean), 0, "complete, without errors"),
        ("push", push("topic", world.head, ZERO), 0, "nothing was published"),
        ("push", push("x", ZERO, world.base, ref="refs/tags/v1"), 1, "old.txt"),
        ("schedule", {"schedule": "0 0 * * *"}, 1, "old.txt"),
        ("workflow_dispatch", {}, 1, "old.txt"),
        ("release", {}, 1, "old.txt"),
        ("issue_comment", {}, 2, "does not say which commits"),
    ]
    for name, event, code, text in cases:
        run = world.run(full, name, event)
        what = f"{name}, {event.get('ref', '')} {event.get('before', '')[:4]}"
        check(f"{what}: exit {run.code}", (run.code, text in run.log) == (code, True), run.log)
        check(f"{what}: output", run.outputs["exit-code"] == str(code), run.outputs)
    run = world.run(full, "pull_request", pull_request(world))
    check("counts of commits and files", (run.outputs["commits"], run.outputs["files"]) == ("2", "1"), run.outputs)
    check("the summary names the leak and not the key", "new.txt" in run.summary and "..." in run.summary, run.summary)
    shallow = world.clone("shallow", world.head, "--depth=1", "--no-single-branch")
    for name, event in [("pull_request", pull_request(world)), ("push", push("topic", ZERO, world.head))]:
        run = world.run(shallow, name, event)
        check(f"depth 1, {name}", run.code == 2 and "fetch-depth: 0" in run.log, run.log)
    blobless = world.clone("blobless", world.head, "--filter=blob:none")
    run = world.run(blobless, "pull_request", pull_request(world))
    check("a clone without blobs is not clean", run.code == 2 and "new.txt" in run.log, run.log)


def uploads(world):
    full = world.clone("full", world.clean)
    event = push("clean", ZERO, world.clean)
    run = world.run(full, "push", event, upload_sarif="true")
    check("SARIF is of the whole tree, the verdict of the push", run.code == 0 and "old.txt" in run.uploaded["content"])
    run = world.run(full, "push", event, uploads=False, upload_sarif="true")
    check("a refused upload is a warning", run.code == 0 and "::warning title=jvxleaks::" in run.log, run.log)
    check("no upload unless asked for", world.run(full, "push", event).uploaded is None)
    run = world.run(full, "pull_request_target", event, upload_sarif="true")
    check("nothing is uploaded after an error", run.code == 2 and run.uploaded is None, run.log)
    run = world.run(full, "push", event, upload_sarif="yes")
    check("a misspelt input is an error", run.code == 2 and "neither true nor false" in run.log, run.log)


def injection(world):
    world.git("checkout", "-q", "-b", "hostile", "main")
    touch = "$(touch owned)`touch owned`"
    names = [f"{touch}.txt", "x\n::error::owned", "--output=owned", "x;touch owned;"]
    head = world.commit({name: key() for name in names}, f"{touch}\n::set-output name=exit-code::0\n::error::owned")
    world.git("fetch", "-q", "origin", folder=world.clone("full", world.base))
    full = world.clone("full", head)
    branch = f"refs/heads/{touch}\n::error::owned"
    runs = {
        "names and messages": world.run(full, "push", push("x", world.base, head, ref=branch)),
        "the input fail-on": world.run(full, "push", push("x", ZERO, head), fail_on=f"high; {touch}"),
        "the input config": world.run(full, "push", push("x", ZERO, head), config=f"--output=owned {touch}"),
        "the input binary": world.run(full, "push", push("x", ZERO, head), binary=f"{touch}\n::error::owned"),
        "the input upload-sarif": world.run(full, "push", push("x", ZERO, head), upload_sarif=touch),
        "the event": world.run(full, "push", push("x", f"--output=owned {touch}", head)),
    }
    allowed = ("::error file=", "::error title=", "::notice title=jvxleaks", "::warning title=jvxleaks")
    for what, run in runs.items():
        commands = [line for line in run.log.splitlines() if line.lstrip().startswith("::")]
        strange = [line for line in commands if not line.startswith(allowed)]
        check(f"injection through {what}: no command of a stranger", not strange, strange)
        check(f"injection through {what}: not clean", run.code in (1, 2), run.log)
    check("nothing that was injected has run", not [*world.folder.glob("*owned"), *full.glob("owned")])


def installation(world):
    """Archives and wheels as releases have them, and a `curl` and a `cargo` that tell what was asked of them."""
    event, full = push("clean", ZERO, world.clean), world.clone("full", world.clean)
    tools = world.folder / "tools"
    tools.mkdir()
    action = world.folder / "action"
    shutil.copytree(ACTION / ".github", action / ".github")
    shutil.copy(ACTION / "action.yml", action)
    shutil.copy(ACTION / "Cargo.toml", action)
    version = next(l.split('"')[1] for l in (action / "Cargo.toml").read_text().splitlines() if l.startswith("version"))
    name = f"jvxleaks-x86_64-unknown-linux-musl-v{version}"
    (world.folder / name).mkdir()
    shutil.copy(BINARY, world.folder / name / "jvxleaks")
    archive = world.folder / f"{name}.tgz"
    subprocess.run(["tar", "-czf", archive, "-C", world.folder, name], check=True)
    for tool, script in {
        "curl": f'while [ "$1" != --output ]; do shift; done; cp "{archive}" "$2"; echo "$3" >"{world.folder}/asked"',
        "cargo": f'touch "{world.folder}/compiled"',
    }.items():
        (tools / tool).write_text(f"#!/bin/sh\n{script}\n")
        (tools / tool).chmod(0o755)
    sums = action / ".github/action/SHA256SUMS"

    def run(line):
        sums.write_text(f"# sums\n{line}\n")
        return world.run(full, "push", event, action=action, path=tools, binary="")

    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    good = run(f"{digest}  {archive.name}")
    asked = (world.folder / "asked").read_text().strip()
    url = f"https://github.com/example/jvxleaks/releases/download/v{version}/{archive.name}"
    check("the release archive is fetched, checked and run", (good.code, asked) == (0, url), good.log)
    bad = run(f"{ONES}{ONES[:24]}  {archive.name}")
    check("an archive with another sum is not run", bad.code == 2 and "SHA-256" in bad.log, bad.log)
    none = run("")
    check("a commit without a release says so", none.code == 2 and "No release belongs" in none.log, none.log)
    check("nothing was compiled", not (world.folder / "compiled").exists())


with tempfile.TemporaryDirectory() as folder:
    world = World(pathlib.Path(folder))
    events(world)
    uploads(world)
    injection(world)
    installation(world)
print(f"e2e: {len(failures)} failed")
sys.exit(bool(failures))
