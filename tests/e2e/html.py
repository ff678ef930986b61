"""Repositories for pages: one with keys of every kind, one that is clean, and three with 10,000 places.

`html.py FOLDER` writes them.
"""

import os
import pathlib
import secrets
import subprocess
import sys

ALPHABET = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
REMOTE = "https://anna@github.com/example/app.git"


def key():
    """Made anew for every run, so that no key stands in the repository."""
    return "jvx_live_" + "".join(secrets.choice(ALPHABET) for _ in range(32))


class Repository:
    def __init__(self, folder):
        folder.mkdir(parents=True)
        self.folder = folder
        self.day = 0
        self.git("init", "-q", "-b", "main")
        for setting in ["user.name=A", "user.email=a@example.com", "core.quotePath=false", "gc.auto=0"]:
            self.git("config", *setting.split("="))

    def git(self, *words):
        date = f"{1_735_700_000 + 86_400 * self.day} +0000"
        dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        environment = {**os.environ, **dates}
        return subprocess.run(["git", *words], cwd=self.folder, check=True, capture_output=True, env=environment)

    def write(self, path, text):
        path = self.folder / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def commit(self, message, days=1):
        self.day += days
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)

    def publish(self):
        """As if `main` had been pushed."""
        self.git("update-ref", "refs/remotes/origin/main", "HEAD")


def audited(folder):
    repo = Repository(folder)
    repo.git("remote", "add", "origin", REMOTE)
    first, second, third, fourth = key(), key(), key(), key()
    repo.write("src/client.ts", f'export const api = connect({{\n  headers: {{ Authorization: "Bearer {first}" }},\n}});\n')
    repo.commit("client")
    repo.write("config/production.env", f"JOURVEX_API_KEY={second}\nLOG=info\n")
    repo.commit("settings", 60)
    repo.write("docs/setup guide.md", f"Run `curl -H 'Authorization: Bearer {second}' https://api.example.com/v1`\n")
    repo.commit("guide", 20)
    repo.git("tag", "v1.2")
    (repo.folder / "config/production.env").unlink()
    (repo.folder / "docs/setup guide.md").unlink()
    repo.commit("settings out", 90)
    repo.write("tests/server_test.py", f'client.get("/x", auth=("anna", "{secrets.token_urlsafe(18)}"))\n')
    repo.write("dist/app.min.js", "var a=1;" * 40 + f'fetch("/x",{{headers:{{Authorization:"Bearer {first}"}}}});' + "b();" * 50 + "\n")
    hostile = '"><script>alert(1)</script>&lt;\u202e\x1b[31m'.replace("/", "_")
    repo.write(f"src/{hostile}.py", f'k = "{third}"  # </script><script>alert(2)</script>\n')
    repo.commit("build", 30)
    repo.publish()
    repo.git("checkout", "-q", "-b", "feat/payments")
    repo.write("src/payments/very/deep/folder/with/a/long/name/so/that/lines/break/charge_customer.py", f'KEY = "{fourth}"\n')
    repo.commit("wip", 3)
    repo.git("checkout", "-q", "main")
    repo.write("lost.txt", key())
    repo.git("add", "-A")
    repo.git("stash", "-q")
    subprocess.run(["git", "hash-object", "-w", "--stdin"], cwd=folder, check=True, capture_output=True, input=key().encode())
    repo.write("silenced.py", f'k = "{key()}"  # {"jvxleaks"}:allow jourvex-key -- rotated in May\n')
    repo.write("stale.py", f'k = 1  # {"jvxleaks"}:allow jourvex-key -- gone\n')
    repo.commit("silenced")


def make(folder):
    audited(folder / "audited")
    Repository(folder / "clean").write("a.py", "print(1)\n")
    secrets_ = Repository(folder / "many-secrets")
    keys = Repository(folder / "many-keys")
    keys.git("remote", "add", "origin", REMOTE)
    for number in range(100):
        lines = [f'client_{line} = connect("{key()}")\n' for line in range(100)]
        secrets_.write(f"src/module_{number}/client.py", "".join(lines))
        # A tenth of them, since each has steps and a timeline.
        keys.write(f"src/module_{number}/client.py", "".join(lines[:10]))
    keys.commit("all")
    keys.publish()
    places = Repository(folder / "many-places")
    one = key()
    for number in range(100):
        places.write(f"src/module_{number}/client.py", "".join(f'client_{line} = connect("{one}")\n' for line in range(100)))


if __name__ == "__main__":
    make(pathlib.Path(sys.argv[1]))
