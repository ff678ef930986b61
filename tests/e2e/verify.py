"""Whether keys are alive, asked of a server that answers in every way: `verify.py JVXLEAKS FOLDER`."""

import http.server
import json
import os
import pathlib
import re
import ssl
import subprocess
import sys
import threading
import time

import trustme

from checks import check, failures, key

BINARY, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": str(ROOT), "GIT_CONFIG_NOSYSTEM": "1"}
asked = []


class Answer(http.server.BaseHTTPRequestHandler):
    """Answers as the key that it is sent was registered for."""

    ways = {}

    def do_GET(self):
        sent = self.headers.get("Authorization", "")
        asked.append((self.path, dict(self.headers)))
        way = self.ways.get(sent.removeprefix("Bearer "), 418)
        if callable(way):
            way = way()
        if way == "slow":
            time.sleep(4)
            return
        if way == "nothing":
            return
        if way == "garbage":
            self.wfile.write(b"\x00\xff\x00 this is no answer\n\n")
            return
        self.send_response(way)
        if way in (301, 302, 307, 308):
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


def serve(context=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.handle_error = lambda *_: None
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def verify(keys, url, *more, **variables):
    done = subprocess.run(
        [BINARY, "verify", "--yes-send-keys", "--api-url", url, "--timeout", "2", *more],
        input="\n".join(keys) + "\n", env=ENVIRONMENT | variables, capture_output=True, text=True, timeout=120,
    )
    for own in keys:
        check("  no key in what is printed", own[13:22] not in done.stdout + done.stderr, done.stdout + done.stderr)
    return done


PLAIN = f"http://127.0.0.1:{serve()}"
tries = iter([500, 429, 401])
for name, way, state, code in [
    ("refused", 401, "dead", 0), ("of another account", 403, "alive", 1), ("answered", 200, "alive", 1),
    ("a journey that is not there", 404, "unknown", 2), ("too many requests", 429, "unknown", 2),
    ("a failure", 500, "unknown", 2), ("a redirect", 302, "unknown", 2), ("garbage", "garbage", "unknown", 2),
    ("nothing", "nothing", "unknown", 2), ("a slow server", "slow", "unknown", 2),
    ("a failure that passes", lambda: next(tries), "dead", 0),
]:
    own = key()
    Answer.ways[own] = way
    done = verify([own], PLAIN)
    check(f"{name}: {state}, exit {code}", done.returncode == code and state in done.stdout, done.stdout + done.stderr)
check("a key is in one header and nowhere else", all(
    not re.search("jvx_live_", path + "".join(v for k, v in headers.items() if k.lower() != "authorization"))
    for path, headers in asked
))
check("each journey is asked for once", len({path for path, _ in asked}) == len(asked))
check("nothing went elsewhere", not any("elsewhere" in path for path, _ in asked))

dead, alive = key(), key()
Answer.ways |= {dead: 401, alive: 403}
before = len(asked)
done = verify([dead, alive, dead], PLAIN, "-f", "json")
states = {row["liveness"]["state"] for row in json.loads(done.stdout)["keys"]}
check("each key is sent once", len(asked) - before == 2 and states == {"dead", "alive"}, done.stdout)
check("one alive is 1", done.returncode == 1)

before = len(asked)
for what, words, said in [
    ("without leave", ["--api-url", PLAIN], "nothing was sent"),
    ("in the clear", ["--yes-send-keys", "--api-url", "http://api.example.org"], "in the clear"),
    ("to a user", ["--yes-send-keys", "--api-url", "https://a:b@localhost"], "without a user"),
]:
    done = subprocess.run([BINARY, "verify", *words], input=dead, env=ENVIRONMENT, capture_output=True, text=True)
    check(f"nothing is sent {what}", done.returncode == 2 and said in done.stderr, done.stderr)
done = subprocess.run([BINARY, "verify", "--yes-send-keys"], input="jvx_live_9fKq...\n", env=ENVIRONMENT, capture_output=True, text=True)
check("a redacted key is none", done.returncode == 2 and "--show-secrets" in done.stderr, done.stderr)
proxied = verify([dead], PLAIN, HTTP_PROXY="http://127.0.0.1:9", ALL_PROXY="http://127.0.0.1:9")
check("a proxy of the environment is not asked", proxied.returncode == 0, proxied.stderr)
check("nothing else was sent", len(asked) - before == 1)

authority = trustme.CA()
authority.cert_pem.write_to_path(str(ROOT / "ca.pem"))


def secured(name):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return f"https://localhost:{serve(context)}"


trusted = {"SSL_CERT_FILE": str(ROOT / "ca.pem")}
right, wrong = secured("localhost"), secured("other.example.org")
done = verify([dead], right, **trusted)
check("over TLS", done.returncode == 0, done.stdout + done.stderr)
before = len(asked)
for what, url, variables in [("of another name", wrong, trusted), ("of nobody known", right, {})]:
    done = verify([dead], url, **variables)
    check(f"a certificate {what}: nothing is sent", done.returncode == 2 and "certificate" in done.stdout, done.stdout + done.stderr)
check("nothing was sent to them", len(asked) == before)

work = ROOT / "work"
work.mkdir()
identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
for words in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-q", "-m", "a"], ["update-ref", "refs/remotes/origin/main", "HEAD"]):
    (work / "a.py").write_text(f"a = '{dead}'\nb = '{alive}'\n")
    subprocess.run(["git", *words], cwd=work, env=ENVIRONMENT, check=True)
done = subprocess.run(
    [BINARY, "history", "--no-cache", "--verify", "--yes-send-keys", "--api-url", PLAIN],
    cwd=work, env=ENVIRONMENT, capture_output=True, text=True,
)
words = [line.split()[0] for line in done.stdout.splitlines() if line.startswith(("DONE", "ROTATE"))]
check("history: what is dead is DONE", words == ["ROTATE", "DONE"], done.stdout + done.stderr)
if failures:
    sys.exit(f"e2e: {len(failures)} failed")
