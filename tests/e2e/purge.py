"""A plan for taking keys out of a history, carried out: `purge.py JVXLEAKS FOLDER`."""

import base64
import gzip
import io
import json
import os
import pathlib
import stat
import subprocess
import sys
import zipfile

import checks
from checks import check, failures

BINARY, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])
WORK, SERVER, PLAN = ROOT / "shop", ROOT / "server.git", ROOT / "plan.txt"
ENVIRONMENT = {
    "PATH": os.environ["PATH"], "HOME": str(ROOT), "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "C", "GIT_COMMITTER_EMAIL": "c@example.com",
}
keys = []


def key():
    keys.append(checks.key())
    return keys[-1]


def run(words, folder=WORK, **more):
    return subprocess.run(words, cwd=folder, env=ENVIRONMENT | more, capture_output=True, text=True)


def git(*words, folder=WORK, **more):
    done = run(["git", *words], folder, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout


def zipped(text):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/b.env", text)
    return packed.getvalue()


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def split(whole):
    return f"const k = 'jvx_live_' + '{whole[9:25]}' +\n  '{whole[25:]}';\n"


def named(whole):
    return (
        f'A = "jvx_live_"\ndef important():\n    return 42\nB = "{whole[9:13]}"\nclass Keep:\n    x = 1\n'
        f'C = "{whole[13:]}"\nkey = A + B + C\n'
    )


FILES = {
    "plain.py": f'k = "{key()}"\nother = 1\n',
    "base64.yaml": f"key: {encoded(key())}\n",
    "header.yaml": f"header: {encoded('Authorization: Bearer ' + key())}\n",
    "hex.txt": f"k={key().encode().hex()}\n",
    "percent.txt": "k=" + "".join(f"%{b:02X}" for b in key().encode()) + "\n",
    "escapes.js": 'const k = "' + "".join(f"\\u{b:04x}" for b in key().encode()) + '";\n',
    "back-to-front.txt": f'k = "{key()[::-1]}"\n',
    "split.js": split(key()),
    "characters.js": "const k = [" + ", ".join(f"'{c}'" for c in key()) + "].join('');\n",
    "notebook.ipynb": json.dumps({"cells": [{"cell_type": "code", "source": [f'k = "{key()}"\n'], "outputs": []}]}),
    "wide.cfg": f"key={key()}\r\n".encode("utf-16"),
    "packed.gz": gzip.compress(f"key = {key()}\n".encode()),
    "bundle.zip": zipped(f"K={key()}\n"),
    f"dir/{key()}.txt": "its name\n",
    "named.py": named(key()),
    "worded.js": f'const k = "jvx_live_" + "production" + "{key()[9:31]}";\n',
    "README.md": "Deploy to production; reproduction is no production.\n",
    "marked.cs": f'\ufeffvar k = "{key()}";\r\n',
    "curl.sh": f'curl -H "Authorization: Bearer {key()[9:]}" https://api.example.org\n',
}


def world():
    WORK.mkdir()
    git("init", "-q", "-b", "main")
    for name, content in FILES.items():
        path = WORK / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    git("add", "-A")
    git("commit", "-q", "-m", "first")
    git("commit", "-q", "--allow-empty", "-m", f"deploy with {key()}")
    git("tag", "-a", "v1", "-m", f"made with {key()}")
    git("commit", "-q", "--allow-empty", "-m", "by someone", GIT_AUTHOR_NAME=f"Key {key()}")
    git("rm", "-q", "plain.py")
    git("commit", "-q", "-m", "remove")
    git("branch", f"b-{key()}")
    git("clone", "-q", "--bare", str(WORK), str(SERVER), folder=ROOT)
    git("remote", "add", "origin", str(SERVER))
    git("fetch", "-q")


def typed(plan, folder=WORK):
    """Every command of the plan, as it stands there."""
    commands = [line.strip() for line in plan.splitlines() if line.startswith("     ")]
    binary = os.path.dirname(BINARY)
    script = "set -e\n" + "\n".join(commands)
    return run(["bash", "-c", script], folder, PATH=f"{binary}:{ENVIRONMENT['PATH']}")


def shown(text):
    return [whole for whole in keys if whole[13:22] in text or whole[::-1][:9] in text]


world()
plan = run([BINARY, "purge-plan", "-o", str(PLAN), "--no-progress"])
check("a plan is made", plan.returncode == 0, plan.stderr)
check("nothing printed shows a key", not shown(plan.stdout + plan.stderr), plan.stdout)
check("its file is for its owner alone", stat.S_IMODE(PLAN.stat().st_mode) == 0o600)
done = typed(plan.stdout)
check("every step can be typed", done.returncode == 0, done.stdout + done.stderr)
check("the copy is clean", "No findings" in done.stderr + done.stdout, done.stdout + done.stderr)
check("no file with keys is left", not list(ROOT.glob("plan.txt*")))
git("clone", "-q", "--no-local", str(SERVER), str(ROOT / "fresh"), folder=ROOT)
audit = run([BINARY, "history", "--no-cache"], ROOT / "fresh")
check("a new clone is clean", audit.returncode == 0, audit.stdout)
left = git("log", "--all", "--name-only", "--format=%an %s", folder=ROOT / "fresh")
check("what is no key is still there", "base64.yaml" in left and "plain.py" in left, left)
here = {name: (ROOT / "fresh" / name).read_text() for name in ("named.py", "worded.js", "README.md", "marked.cs")}
check("code between pieces stays", all(line in here["named.py"] for line in ("return 42", "x = 1", "A + B + C")), here["named.py"])
check("a word that is a piece stays", here["README.md"] == FILES["README.md"] and "REMOVED" in here["worded.js"], str(here))
check("a text with a mark stays", here["marked.cs"].startswith("\ufeff") and "REMOVED" in here["marked.cs"], here["marked.cs"])


def other(name, make, words=(), folder=None):
    """Another repository with one key in a file, and a plan that is typed in some folder."""
    work = ROOT / name
    work.mkdir()
    git("init", "-q", "-b", "main", folder=work)
    (work / "a.py").write_text(f'k = "{key()}"\n')
    git("add", "-A", folder=work)
    git("commit", "-q", "-m", "first", folder=work)
    folder = make(work) or work
    plan = run([BINARY, "purge-plan", "-o", str(ROOT / f"{name}.txt"), *words], folder)
    done = typed(plan.stdout, folder)
    check(f"{name}: every step can be typed", done.returncode == 0, plan.stdout + done.stdout + done.stderr)
    return done


def served(work, name, *more):
    server = ROOT / f"{work.name}-{name}.git"
    git("clone", "-q", "--bare", str(work), str(server), folder=ROOT)
    git("remote", "add", name, str(server), folder=work)
    git("fetch", "-q", "--all", folder=work)
    return server


def clean(name, server):
    git("clone", "-q", "--no-local", "--mirror", str(server), str(ROOT / f"{name}-fresh"), folder=ROOT)
    audit = run([BINARY, "history", "--no-cache"], ROOT / f"{name}-fresh")
    check(f"{name}: a new clone is clean", audit.returncode == 0, audit.stdout)


def stashed(work):
    for number in range(40):
        (work / f"{number}.txt").write_text(str(number))
        git("add", "-A", folder=work)
        git("commit", "-q", "-m", str(number), folder=work)
    (work / "a.py").write_text("changed\n")
    git("stash", folder=work)


def twice(work):
    served(work, "origin")
    served(work, "fork")


def bare(work):
    server = served(work, "origin")
    git("clone", "-q", "--bare", str(server), str(ROOT / "bare.git"), folder=ROOT)
    elsewhere = ROOT / "elsewhere"
    git("clone", "-q", str(SERVER), str(elsewhere), folder=ROOT)
    return elsewhere


def below(work):
    served(work, "origin")
    (work / "deep" / "er").mkdir(parents=True)
    return work / "deep" / "er"


other("alone", stashed)
clean("alone", ROOT / "alone-purge.git")
other("twice", twice)
clean("twice-1", ROOT / "twice-origin.git")
clean("twice-2", ROOT / "twice-fork.git")
before = git("rev-parse", "main", folder=SERVER)
other("named", bare, [str(ROOT / "bare.git")])
clean("named", ROOT / "named-origin.git")
check("another repository's server is left alone", git("rev-parse", "main", folder=SERVER) == before)
other("below", below)
clean("below", ROOT / "below-origin.git")
if failures:
    sys.exit(f"e2e: {len(failures)} failed")
