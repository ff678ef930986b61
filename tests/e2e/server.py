"""Pushes to a server whose hook refuses keys, in every way that a push can be, over file:// and smart HTTP.

`server.py PATH/TO/jvxleaks FOLDER`
"""

import http.server
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time

from checks import check, failures, key

BIN, WORK = sys.argv[1], pathlib.Path(sys.argv[2])
ENV = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")} | {
    "GIT_CONFIG_GLOBAL": str(WORK / "gitconfig"),
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
}


def run(*words, cwd=None, env=None, **more):
    return subprocess.run(words, cwd=cwd, env=ENV | (env or {}), capture_output=True, text=True, **more)


def git(where, *words, **more):
    done = run("git", *words, cwd=where, **more)
    assert done.returncode == 0, (words, done.stderr)
    return done.stdout.strip()


def write(where, name, text):
    (where / name).write_text(text)
    git(where, "add", name)


def commit(where, message="a change"):
    git(where, "commit", "-q", "--allow-empty", "-m", message)


class Backend(http.server.CGIHTTPRequestHandler):
    """Git's own program for smart HTTP."""

    cgi_directories = ["/git"]

    def is_cgi(self):
        self.cgi_info = "", self.path.lstrip("/")
        return True

    def run_cgi(self):
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        backend = pathlib.Path(git(WORK, "--exec-path")) / "git-http-backend"
        env = ENV | {
            "GIT_PROJECT_ROOT": str(WORK / "served"),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REMOTE_USER": "somebody",
        }
        done = subprocess.run([backend], input=body, env=env, capture_output=True)
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().splitlines() if ": " in line)
        self.send_response(int(fields.pop("Status", "200").split()[0]))
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.run_cgi()

    def log_message(self, *_):
        pass


def served(name):
    """A bare repository with the hook, as `hook install --server` makes it."""
    bare = WORK / "served" / name
    git(WORK, "init", "-q", "--bare", str(bare))
    git(bare, "config", "receive.advertisePushOptions", "true")
    git(bare, "config", "http.receivepack", "true")
    done = run(BIN, "hook", "install", "--server", str(bare))
    check(f"{name}: the hook is installed", done.returncode == 0, done.stderr)
    return bare


def client(name, url):
    where = WORK / name
    git(WORK, "init", "-q", str(where))
    git(where, "remote", "add", "origin", url)
    write(where, "a.txt", "nothing\n")
    commit(where)
    return where


def refuses(what, where, bare, secret, *words, env=None):
    before = git(bare, "for-each-ref")
    done = run("git", "push", "-q", *words, cwd=where, env=env)
    told = done.stdout + done.stderr
    stays = git(bare, "for-each-ref") == before
    ok = done.returncode != 0 and "jourvex-key" in told and stays and secret[9:] not in told
    check(what, ok, told)
    return told


def passes(what, where, *words):
    done = run("git", "push", "-q", *words, cwd=where)
    check(what, done.returncode == 0, done.stdout + done.stderr)
    return done.stderr


def pushes(kind, url, bare):
    """Everything that a push may be."""
    where = client(f"client-{kind}", url)
    passes(f"{kind}: a clean new branch", where, "origin", "HEAD:refs/heads/main")

    secret = key()
    write(where, "k.txt", secret + "\n")
    commit(where)
    refuses(f"{kind}: a key on a branch", where, bare, secret, "origin", "HEAD:refs/heads/main")
    refuses(f"{kind}: a key on a new branch", where, bare, secret, "origin", "HEAD:refs/heads/new")
    git(where, "rm", "-q", "k.txt")
    commit(where)
    refuses(f"{kind}: a key added and taken out within the push", where, bare, secret, "origin", "HEAD:refs/heads/main")
    git(where, "branch", "clean", "HEAD~2")
    refuses(
        f"{kind}: several refs of which one has a key",
        where, bare, secret,
        "origin", "clean:refs/heads/one", "HEAD:refs/heads/two", "clean:refs/heads/three",
    )
    # The commit before the key is what the server has.
    git(where, "reset", "-q", "--hard", "HEAD~2")

    git(where, "tag", "-a", "-m", f"for {secret}", "v1")
    refuses(f"{kind}: a tag with a key in its text", where, bare, secret, "origin", "v1")
    commit(where, f"because of {secret}")
    refuses(f"{kind}: a message with a key", where, bare, secret, "origin", "HEAD:refs/heads/main")
    git(where, "reset", "-q", "--hard", "HEAD~1")

    write(where, ".jvxleaks.toml", '[rules]\ndisable = ["jourvex-key"]\n')
    write(where, "k.txt", secret + "\n")
    commit(where)
    refuses(f"{kind}: a configuration that is pushed decides nothing", where, bare, secret, "origin", "HEAD:refs/heads/main")
    told = refuses(
        f"{kind}: GitLab's page gets its line", where, bare, secret, "origin", "HEAD:refs/heads/main",
        env={"GL_PROTOCOL": "web"},
    ) if kind == "file" else "GL-HOOK-ERR:"
    check(f"{kind}: the line for GitLab's page", "GL-HOOK-ERR:" in told, told)
    refuses(f"{kind}: a skip without a reason", where, bare, secret, "-o", "jvxleaks.skip", "origin", "HEAD:refs/heads/main")
    refuses(f"{kind}: an option with a longer name", where, bare, secret, "-o", "jvxleaks.skipping=1", "origin", "HEAD:refs/heads/main")
    if kind == "file":
        env = {"JVXLEAKS_DISABLE": "jourvex-key", "JVXLEAKS_EXIT_ZERO": "true"}
        refuses("variables of the one who pushes", where, bare, secret, "origin", "HEAD:refs/heads/main", env=env)
    told = passes(f"{kind}: a skip with a reason", where, "-o", "jvxleaks.skip=known and rotated", "origin", "HEAD:refs/heads/main")
    log = (bare / "jvxleaks-skipped.log").read_text()
    check(f"{kind}: the skip is noted", "known and rotated" in log and "refs/heads/main" in log, log)
    check(f"{kind}: the skip is told", "known and rotated" in told, told)

    write(where, "b.txt", "more\n")
    commit(where)
    passes(f"{kind}: what is there already is not read again", where, "origin", "HEAD:refs/heads/main")
    git(where, "commit", "-q", "--amend", "-m", "another")
    passes(f"{kind}: a forced push", where, "--force", "origin", "HEAD:refs/heads/main")
    passes(f"{kind}: a new ref on a known commit", where, "origin", "HEAD:refs/heads/other")
    passes(f"{kind}: a deletion", where, "origin", ":refs/heads/other")


def alternates():
    """A fork that borrows its objects: quarantine and alternates together."""
    bare = served("fork.git")
    (bare / "objects/info/alternates").write_text(str(WORK / "served/file.git/objects") + "\n")
    where = client("client-fork", f"file://{bare}")
    secret = key()
    write(where, "k.txt", secret + "\n")
    commit(where)
    refuses("a fork that borrows objects", where, bare, secret, "origin", "HEAD:refs/heads/main")


def many():
    """10,000 commits at once, one of them with a key, and the time that it takes."""
    bare = served("many.git")
    where = client("client-many", f"file://{bare}")
    secret = key()
    stream = ["reset refs/heads/many\n\n"]
    for n in range(10_000):
        text = secret if n == 5_000 else f"line {n}"
        stream.append(
            f"commit refs/heads/many\ncommitter A <a@example.com> {1_700_000_000 + n} +0000\ndata 2\nm\n"
            f"M 100644 inline f{n % 100}.txt\ndata {len(text)}\n{text}\n"
        )
    git(where, "fast-import", "--quiet", input="".join(stream))
    refuses("10,000 commits at once", where, bare, secret, "origin", "refs/heads/many")
    hook = bare / "hooks/pre-receive"
    line = f"{'0' * 40} {git(where, 'rev-parse', 'many')} refs/heads/many\n"
    env = {"GIT_ALTERNATE_OBJECT_DIRECTORIES": str(where / ".git/objects"), "GIT_DIR": str(bare)}
    started = time.monotonic()
    run("git", "rev-list", "--objects", "many", "--not", "--remotes", cwd=where)
    listed = time.monotonic() - started
    started = time.monotonic()
    done = run(str(hook), cwd=bare, env=env, input=line)
    took = time.monotonic() - started
    check("10,000 commits, alone", done.returncode == 1, done.stderr)
    print(f"e2e: git rev-list --objects {listed * 1000:.0f} ms, the hook {took * 1000:.0f} ms")


def verdicts():
    """What is decided on the server, and what goes wrong."""
    bare = served("strict.git")
    config = WORK / "server.toml"
    config.write_text("[server]\nbypass = false\n")
    hook = bare / "hooks/pre-receive"
    hook.write_text(f"#!/bin/sh\nexec '{BIN}' hook run pre-receive --config '{config}'\n")
    where = client("client-strict", f"file://{bare}")
    secret = key()
    write(where, "k.txt", secret + "\n")
    commit(where)
    told = refuses("a skip that the server forbids", where, bare, secret, "-o", "jvxleaks.skip=please", "origin", "HEAD:refs/heads/main")
    check("the server says that it takes none", "not taken here" in told and "git push -o" not in told, told)

    hook.write_text(f"#!/bin/sh\nexec '{BIN}' hook run pre-receive --config /nowhere.toml\n")
    done = run("git", "push", "-q", "origin", "HEAD:refs/heads/main", cwd=where)
    check("a broken hook lets nothing pass", done.returncode != 0 and "refused" in done.stderr, done.stderr)

    shutil.copy(hook, bare / "hooks/update")
    (bare / "hooks/update").write_text(f"#!/bin/sh\nexec '{BIN}' hook run update \"$1\" \"$2\" \"$3\"\n")
    hook.unlink()
    refuses("the hook update", where, bare, secret, "origin", "HEAD:refs/heads/main")

    done = run(BIN, "hook", "run", "pre-receive", cwd=bare, input="what\n")
    check("a line that is none", done.returncode == 2 and "line 1" in done.stderr, done.stderr)
    broken = f"{'0' * 40} {'1' * 40} refs/heads/x\n"
    done = run(BIN, "hook", "run", "pre-receive", cwd=bare, input=broken)
    check("an object that is not there", done.returncode == 2, done.stderr)


def main():
    (WORK / "gitconfig").write_text(
        "[user]\n\tname = A\n\temail = a@example.com\n[init]\n\tdefaultBranch = main\n[safe]\n\tdirectory = *\n"
        "[protocol \"file\"]\n\tallow = always\n"
    )
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Backend)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pushes("file", f"file://{WORK}/served/file.git", served("file.git"))
    pushes("http", f"http://127.0.0.1:{server.server_port}/http.git", served("http.git"))
    alternates()
    many()
    verdicts()
    sys.exit(1 if failures else 0)


main()
