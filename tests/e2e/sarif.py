"""A repository with findings of every kind, and what must hold of SARIF about it.

`sarif.py make FOLDER` writes the repository, `sarif.py check FOLDER REPOSITORY` judges `FOLDER/*.sarif` and the
multitool's results about them, `FOLDER/*.judged` (it ends with 0 even if it found errors). `sarif.py written DOCS FOLDER`
writes the configurations and rules that the documents show.
"""

import gzip
import io
import json
import os
import pathlib
import random
import re
import secrets
import subprocess
import sys
import zipfile

WANTED = {"tree", "folder", "suppressed", "history", "range", "incomplete"}


def key():
    """Made anew for every run, so that no key stands in the repository."""
    alphabet = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "jvx_live_" + "".join(secrets.choice(alphabet) for _ in range(32))


def zipped(name, text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return out.getvalue()


def files():
    """Findings of every kind, under names of every kind."""
    shared = key()
    yield "src/a.js", f'const key = "{shared}";\n'
    yield "src/b.js", f'// again\nconst key = "{shared}";\n'
    yield "src/a folder/größe #1?%.py", f'k = "{key()}"\n'
    yield "src/utf16.txt", f"key = {key()}\r\nnext\r\n".encode("utf-16")
    yield "src/latin1.txt", b"caf\xe9 key = " + key().encode() + b"\n"
    yield "dist/app.min.js", f'var a=1;fetch("/x",{{headers:{{Authorization:"Bearer {key()}"}}}});\n'
    yield "config.env", f"TOKEN=x\nexport URL=https://admin:{secrets.token_hex(12)}@example.com/\n"
    yield "many.bin", b"\0" * 300_000 + key().encode()
    yield "many.txt", "".join(f"key {key()} and {key()}\n" for _ in range(30))
    yield "src/lines.py", f'pem = """\n{key()[:-16]}\\\n{key()[-16:]}"""\nk = "{key()}"\n'
    yield "backup.zip", zipped("in ner/config.env", f"K={key()}\n")
    yield "log.gz", gzip.compress(f"K={key()}\n".encode())
    yield "src/[a](1) {0}.js", f'const key = "{key()}"; // [a](1) {{0}}\n'
    yield "silenced.py", f'k = "{key()}"  # {"jvxleaks"}:allow jourvex-key -- a [demo](1)\n'
    yield "x\n::error::owned", f"K={key()}\n"
    parts = [b"\r\n", b"\r", b"\n", b"\t", b" ", b"a", "\ufeffé".encode(), "😀".encode(), b"\xff", b"\xf0\x9f\x98", b"long " * 30]
    for number in range(200):
        around = [b"".join(random.choices(parts, k=random.randrange(60))) for _ in range(2)]
        yield f"src/random/{number}.txt", around[0] + b"\nk = '" + key().encode() + b"'\n" + around[1]


def make(folder):
    folder.mkdir()

    def git(*words):
        subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    for setting in ["user.name=A", "user.email=a@example.com", "core.quotePath=false", "core.autocrlf=false"]:
        git("config", *setting.split("="))
    git("commit", "-q", "--allow-empty", "-m", f"first, with {key()}")
    for name, content in files():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path = os.fsencode(folder) + b"/src/\xff.txt"
    with open(path, "wb") as file:
        file.write(f"K={key()}\n".encode())
    git("add", "-A")
    git("commit", "-q", "-m", "all\n\n[a](1) {0} ::error::x")
    git("tag", "-a", "v1", "-m", f"tag with {key()}")
    (folder / "gone.txt").write_text(key())
    git("add", "-A")
    git("commit", "-q", "-m", "leak")
    git("rm", "-q", "gone.txt")
    git("commit", "-q", "-m", "out again")
    git("checkout", "-q", "-b", "lost")
    (folder / "lost.txt").write_text(key())
    git("add", "-A")
    git("commit", "-q", "-m", "lost")
    git("checkout", "-q", "main")
    git("branch", "-q", "-D", "lost")
    git("reflog", "expire", "--expire=now", "--all")
    (folder / "stashed.txt").write_text(key())
    git("add", "-A")
    git("stash", "-q")
    subprocess.run(
        ["git", "hash-object", "-w", "--stdin"], cwd=folder, check=True, capture_output=True, input=key().encode()
    )


def check(folder, repository):
    failures = []

    def hold(what, truth):
        print(f"e2e: {'ok' if truth else 'FAILED'} {what}")
        if not truth:
            failures.append(what)

    logs = {path.stem: json.loads(path.read_text())["runs"][0] for path in folder.glob("*.sarif")}
    hold("all logs are there", set(logs) == WANTED)
    for name in sorted(logs):
        judged = json.loads((folder / f"{name}.judged").read_text(encoding="utf-8-sig"))["runs"][0]
        rules = judged["tool"]["driver"].get("rules", [])
        levels = {rule["id"]: rule.get("defaultConfiguration", {}).get("level", "warning") for rule in rules}
        worst = [(r["ruleId"], r["message"]) for r in judged.get("results", [])
                 if r.get("level", levels.get(r["ruleId"], "warning")) in ("error", "warning")]
        invocation = judged.get("invocations", [{}])[0]
        ran = invocation.get("executionSuccessful", True) and not [
            n for n in invocation.get("toolExecutionNotifications", []) if n.get("level") == "error"
        ]
        hold(f"{name}: the multitool ran, and has no error and no warning", ran and not worst)
        for rule, message in worst[:5]:
            print("    ", rule, json.dumps(message)[:400], file=sys.stderr)
        text = (folder / f"{name}.sarif").read_text()
        hold(f"{name}: no secret, no snippet", "snippet" not in text and not leaks(text))
        results = logs[name]["results"]
        hold(f"{name}: {len(results)} results", 0 < len(results) <= 5000)
        identified = [r for r in results if "primaryLocationLineHash" in r.get("partialFingerprints", {})]
        hold(f"{name}: every result can be followed", len(identified) == len(results))
        places = [r["locations"][0]["physicalLocation"]["artifactLocation"] for r in results]
        hold(f"{name}: paths are relative", all(p.get("uriBaseId") == "%SRCROOT%" and ":" not in p["uri"] for p in places))

    def uris(name):
        return {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in logs[name]["results"]}

    hold("a folder's paths start at the root of the repository", uris("folder") == {u for u in uris("tree") if u.startswith("src/")})
    kinds = {"COMMIT_MSG", "TAG_MSG", "gone.txt", "lost.txt", "stashed.txt"}
    history = uris("history")
    hold(f"history has all kinds but {kinds - history}", kinds <= history)
    parts = ["backup.zip%21/", "log.gz%21/", "object%20", "x%0A%3A%3Aerror", "%FF.txt"]
    missing = [part for part in parts if not any(part in uri for uri in history)]
    hold(f"history has all names but {missing}", not missing)
    marked = [r for r in logs["suppressed"]["results"] if r["suppressions"]]
    hold("suppressed results are marked, and there on request only", len(marked) == 1 and not any("suppressions" in r for r in logs["tree"]["results"]))
    notes = logs["incomplete"]["invocations"][0]["toolExecutionNotifications"]
    hold("what was not read is told", not logs["incomplete"]["invocations"][0]["executionSuccessful"] and any("many.bin" in n["message"]["text"] for n in notes))
    return not failures


def leaks(text):
    """Keys of which more is shown than the prefix and four characters."""
    return re.findall(r"jvx_live_[A-Za-z0-9]{5}", text)


def written(docs, folder):
    """Writes what the documents show of both kinds of files into a folder: `config-0.toml`, `rules-1.toml`."""
    shown = [b for page in sorted(docs.glob("*.md")) for b in re.findall(r"^ *```toml\n(.*?)^ *```", page.read_text(), re.M | re.S)]
    kinds = ["rules" if "[[rules]]" in block else "config" for block in shown]
    assert {"rules", "config"} == set(kinds), kinds
    for number, (kind, block) in enumerate(zip(kinds, shown)):
        (folder / f"{kind}-{number}.toml").write_text(block)


if __name__ == "__main__":
    task, *paths = sys.argv[1:]
    paths = [pathlib.Path(path) for path in paths]
    if task == "make":
        make(*paths)
    elif task == "written":
        written(*paths)
    elif not check(*paths):
        sys.exit(1)
