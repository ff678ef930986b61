"""A plan for taking keys out of a history, carried out: `purge.py JVXLEAKS FOLDER`."""

import base64
import gzip
import io
import json
import os
import pathlib
import secrets
import stat
import subprocess
import sys
import zipfile

BINARY, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])
WORK, SERVER, PLAN = ROOT / "shop", ROOT / "server.git", ROOT / "plan.txt"
ENVIRONMENT = {
    "PATH": os.environ["PATH"], "HOME": str(ROOT), "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "C", "GIT_COMMITTER_EMAIL": "c@example.com",
}
keys, failures = [], []


def check(what, truth, log=""):
    print(f"e2e: {'ok' if truth else 'FAILED'} {what}")
    if not truth:
        failures.append(what)
        print(log, file=sys.stderr)


def key():
    """Made anew for every run, so that no key stands in the repository."""
    alphabet = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    keys.append("jvx_live_" + "".join(secrets.choice(alphabet) for _ in range(32)))
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
    git("clone", "-q", "--bare", str(WORK), str(SERVER), folder=ROOT)
    git("remote", "add", "origin", str(SERVER))
    git("fetch", "-q")


def typed(plan):
    """Every command of the plan, as it stands there."""
    commands = [line.strip() for line in plan.splitlines() if line.startswith("     ")]
    binary = os.path.dirname(BINARY)
    script = "set -e\n" + "\n".join(commands)
    return run(["bash", "-c", script], PATH=f"{binary}:{ENVIRONMENT['PATH']}")


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
if failures:
    sys.exit(f"e2e: {len(failures)} failed")
