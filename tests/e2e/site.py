"""What a site gives to browsers, from a server that answers in every way: `site.py JVXLEAKS FOLDER`."""

import gzip
import json
import os
import pathlib
import ssl
import subprocess
import sys
import time
import zlib

import brotli
import trustme

from checks import check, failures, key
from serving import Site

BINARY, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": str(ROOT)}
HERE = ROOT / "empty"
HERE.mkdir()


def site(*words, **variables):
    rate = [] if "--rate" in words else ["--rate", "500"]
    return subprocess.run(
        [BINARY, "site", "--timeout", "3", *rate, *words],
        cwd=HERE, env=ENVIRONMENT | variables, capture_output=True, text=True, timeout=120,
    )


def told(name, done, code, *said, without=()):
    text = done.stdout + done.stderr
    wrong = [word for word in said if word not in text] + [word for word in without if word in text]
    check(f"{name}: exit {code}", done.returncode == code and not wrong, f"{done.returncode} {wrong}\n{text}")


SECRET = key()
LEAK = f'fetch("/api",{{headers:{{Authorization:"Bearer {SECRET}"}}}})'
PAGE = "<!doctype html><title>a</title><script src=/app.js></script>"


def serve(answers, page=PAGE, **more):
    """A server whose page loads `/app.js`; an answer is a text, or a function that is given the handler."""
    def answer(handler):
        path = handler.path.split("?")[0]
        own = answers.get(path, page if path == "/" else None)
        if own is None:
            handler.give("not here", "text/plain", 404)
        elif callable(own):
            own(handler)
        else:
            handler.give(own, "text/html" if path == "/" else "text/javascript")
    return Site(answer, **more)


# What is found, and how it is asked for.
own = serve({"/app.js": LEAK})
done = site(own.url + "/")
told("a key in a script", done, 1, f"{own.url}/app.js:1", "anyone who opens the page can read this", without=[SECRET])
check("the program says who it is", all(h["user-agent"].startswith("jvxleaks/") for _, h in own.asked), str(own.asked))
check("each is asked for once", own.paths() == ["/", "/app.js"], str(own.paths()))
clean = serve({"/app.js": "document.title=1"})
told("a clean site", site(clean.url), 0, "No findings")

map_ = json.dumps({"version": 3, "sources": ["webpack://a/./src/api.ts"], "sourcesContent": [f"\n// {SECRET}\n"], "mappings": ""})
mapped = serve({"/app.js": "f()\n//# sourceMappingURL=app.js.map", "/app.js.map": map_})
told("a key in a map", site(mapped.url), 1, "/app.js.map:1", "src/api.ts:2")
headed = serve({"/app.js": lambda h: h.give("f()", "text/javascript", SourceMap="/maps/a"), "/maps/a": map_})
told("a map that a header names", site(headed.url), 1, "/maps/a:1", "src/api.ts:2")
told("a map that is left out", site(serve({"/app.js": "f()\n//# sourceMappingURL=app.js.map"}).url), 0, "source map not there")

hidden = serve({"/app.js": "f()", "/app.js.map": map_})
told("a map that nothing names", site(hidden.url), 0)
told("--hidden-maps", site(hidden.url, "--hidden-maps"), 1, "/app.js.map:1", "src/api.ts:2")

# How it comes.
for encoding, packed in [("gzip", gzip.compress(LEAK.encode())), ("br", brotli.compress(LEAK.encode()))]:
    packed_site = serve({"/app.js": lambda h, p=packed, e=encoding: h.give(p, "text/javascript", Content_Encoding=e)})
    told(encoding, site(packed_site.url), 1, "/app.js:1")
    check(f"{encoding} is asked for", encoding in packed_site.asked[0][1]["accept-encoding"])
told("deflate, which nobody asked for", site(serve({"/app.js": lambda h: h.give(zlib.compress(b"x"), Content_Encoding="deflate")}).url), 2, "compressed as nobody asked for")
told("broken gzip", site(serve({"/app.js": lambda h: h.give(b"\x1f\x8b\x08 broken", "text/javascript", Content_Encoding="gzip")}).url), 2, "/app.js")
bomb = gzip.compress(bytes(100 << 20))
told("a bomb of gzip", site(serve({"/app.js": lambda h: h.give(bomb, "text/javascript", Content_Encoding="gzip")}).url, "--max-file-size", "1M"), 2, "larger than 1 MiB")


def large(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", str(10 << 30))
    handler.end_headers()


def endless(handler):
    handler.send_response(200)
    handler.send_header("Content-Type", "text/javascript")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for _ in range(10_000):
        handler.wfile.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")


def slow(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.5)


def cut(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"f()")
    handler.close_connection = True


def broken_chunk(handler):
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"5\r\nhello\r\nzzz\r\n")
    handler.close_connection = True


def silent(handler):
    time.sleep(5)
    handler.close_connection = True


def garbage(handler):
    handler.wfile.write(b"\x00\xff this is no answer\n\n")
    handler.close_connection = True


for name, way, said in [
    ("an answer of 10 GB", large, "larger than 64 MiB"), ("an answer without an end", endless, "larger than 64 MiB"),
    ("a slow body", slow, "took too long"), ("a server that says nothing", silent, "took too long"),
    ("a body that is cut", cut, "cut"), ("a chunk that is broken", broken_chunk, "/app.js"), ("garbage", garbage, "no HTTP"),
    ("a page in place of a script", lambda h: h.give(PAGE), "a page came in place of a script"),
    ("not there", lambda h: h.give("", "text/plain", 404), "404"), ("gone", lambda h: h.give("", "text/plain", 410), "410"),
    ("a failure", lambda h: h.give("", "text/plain", 500), "500"),
]:
    before = time.monotonic()
    told(name, site(serve({"/app.js": way, "/": PAGE + f"<script>k='{SECRET}'</script>"}).url), 2, said, "/:1", without=[SECRET])
    check(f"  in time ({time.monotonic() - before:.1f} s)", time.monotonic() - before < 15)
busy = iter([503, 200])
told("a server that was busy", site(serve({"/app.js": lambda h: h.give(LEAK, "text/javascript", next(busy), Retry_After="1")}).url), 1)

# Where it leads.
other = serve({"/x.js": LEAK, "/": "<title>log in</title>"})


def leads(to, status=302):
    return lambda h: h.give("", "text/plain", status, Location=to)


loop = serve({"/": leads("/a"), "/a": leads("/")})
told("redirects in a circle", site(loop.url), 2, "in a circle")
count = iter(range(1000))
told("redirects without an end", site(serve({"/": lambda h: leads(f"/{next(count)}")(h)} | {f"/{n}": lambda h: leads(f"/{next(count)}")(h) for n in range(30)}).url), 2, "more than 10 redirects")
walled = site(serve({"/": leads(f"{other.url}/?token=hunter2-{SECRET[9:]}")}).url)
told("a page that leads to another site", walled, 2, "login", other.host, without=["hunter2", SECRET[9:]])
told("a page that leads to a login", site(serve({"/": leads("/login?next=/"), "/login": "<title>log in"}).url), 2, "leads to a login")
for status in (401, 403):
    told(f"a page that says {status}", site(serve({"/": lambda h, s=status: h.give("", "text/plain", s)}).url), 2, "login", "--header")
check("another site is not asked", other.paths() == [], str(other.paths()))
embeds = f"<script src={other.url}/x.js></script><script src=/app.js></script>"
told("a script of another site", site(serve({"/app.js": "1"}, embeds).url), 0, "file of another origin")
check("it is not asked", other.paths() == [])
including = serve({"/app.js": "1"}, embeds)
told("--also-from", site(including.url, "--also-from", other.host, "--header", "Cookie: s=hunter2"), 1, f"{other.url}/x.js:1", without=["hunter2"])
check("a header goes to the page's own site alone", other.paths() == ["/x.js"] and "cookie" not in other.asked[0][1]
      and all(h.get("cookie") == "s=hunter2" for _, h in including.asked), str(other.asked))
led = serve({"/app.js": leads(f"{other.url}/x.js")})
told("a script that leads to another site", site(led.url), 2, other.host, "--also-from")
private = serve({"/": lambda h: h.give(PAGE if h.headers.get("Authorization") == "Bearer hunter2" else "", "text/html", 200 if "Authorization" in h.headers else 401), "/app.js": LEAK})
told("a page behind a login, with its header", site(private.url, "--header", "Authorization: Bearer hunter2"), 1, "/app.js:1", without=["hunter2"])
told("the header from a variable", site(private.url, JVXLEAKS_HEADER="Authorization: Bearer hunter2"), 1, without=["hunter2"])

named = serve({}, f"<script src=/{SECRET}/a.js></script><script src='/b.js?token={SECRET[9:]}'></script>")
told("names of files that hold keys", site(named.url, "-v"), 2, "404", without=[SECRET, SECRET[9:]])

# Bounds.
chain = serve({f"/{n}.js": f'import"./{n + 1}.js";' for n in range(20)} | {"/": "<script type=module src=/0.js></script>"})
told("too deep", site(chain.url), 2, "raise --depth")
check("no deeper is asked for", chain.paths()[-1] == "/4.js", str(chain.paths()))
told("too many", site(chain.url, "--depth", "50", "--max-requests", "3"), 2, "raise --max-requests")
told("too much", site(chain.url, "--depth", "50", "--max-bytes", "100"), 2, "--max-bytes")
before = time.monotonic()
site(chain.url, "--depth", "10", "--max-requests", "6", "--rate", "2")
check("the rate is kept", 2.4 < time.monotonic() - before < 8, str(time.monotonic() - before))

# Usage.
for words, said in [
    (["ftp://a"], "no URL of a web server"), (["https://u:hunter2@localhost/"], "without a user"),
    ([own.url, "--header", "hunter2"], "Name: value"), ([own.url, "--header", "A: b\nhunter2"], "no header may have"),
    ([own.url, other.url, "--header", "A: b"], "goes to one site"), ([own.url, "--also-from", "http://x/"], "no host"),
]:
    told(f"usage: {said}", site(*words), 2, said, without=["hunter2"])
told("nobody there", site("http://127.0.0.1:9/?k=hunter2"), 2, "failed or was cut", without=["hunter2"])
told("a proxy of the environment is not asked", site(clean.url, HTTP_PROXY="http://127.0.0.1:9", ALL_PROXY="http://127.0.0.1:9"), 0)

# TLS.
authority = trustme.CA()
authority.cert_pem.write_to_path(str(ROOT / "ca.pem"))


def secured(answers, name="localhost"):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return serve(answers, context=context, host="localhost")


trusted = {"SSL_CERT_FILE": str(ROOT / "ca.pem")}
told("over TLS", site(secured({"/app.js": LEAK}).url, **trusted), 1, "/app.js:1")
told("a certificate of another name", site(secured({}, "other.example.org").url, **trusted), 2, "certificate")
told("a certificate of nobody known", site(secured({}).url), 2, "certificate")
told("from https to http", site(secured({"/": leads(clean.url)}).url, **trusted), 2, "from https to http")

# A HAR of the same answers gives the same findings.
entries = [
    {"request": {"method": "GET", "url": f"{mapped.url}{path}"},
     "response": {"status": 200, "content": {"size": 1, "mimeType": kind, "text": text}}}
    for path, kind, text in [("/", "text/html", PAGE), ("/app.js", "text/javascript", "f()\n//# sourceMappingURL=app.js.map"), ("/app.js.map", "application/json", map_)]
]
(ROOT / "site.har").write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))


def findings(*words):
    report = json.loads(site("-f", "json", *words).stdout)
    return [(f["rule"], f["path"], f["line"], f["column"], f.get("derived_from")) for f in report["findings"]]


check("a HAR says the same", findings(mapped.url) == findings("--har", str(ROOT / "site.har")) != [])
if failures:
    sys.exit(f"e2e: {len(failures)} failed")
