"""A web server for checks: it serves a folder or what a function answers, and notes what it was asked."""

import functools
import http.server
import mimetypes
import pathlib
import threading

mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("application/json", ".map")
mimetypes.add_type("application/manifest+json", ".webmanifest")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        self.server.answer(self)

    def log_message(self, *_):
        pass

    def give(self, body, kind="text/html", status=200, **headers):
        body = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


def of_folder(folder, handler):
    path = handler.path.split("?")[0]
    file = pathlib.Path(folder) / path.lstrip("/")
    if path.endswith("/"):
        file = file / "index.html"
    if not file.is_file() and file.with_name(file.name + ".html").is_file():
        file = file.with_name(file.name + ".html")
    if not file.is_file():
        return handler.give("not here", "text/plain", 404)
    return handler.give(file.read_bytes(), mimetypes.guess_type(file.name)[0] or "application/octet-stream")


class Site:
    """A server at `url`, whose `asked` are the paths and headers of all requests."""

    def __init__(self, answer, context=None, host="127.0.0.1"):
        if not callable(answer):
            answer = functools.partial(of_folder, answer)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.answer, self.server.asked = answer, []
        self.server.handle_error = lambda *_: None
        scheme = "http"
        if context:
            scheme = "https"
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.host = f"{host}:{self.server.server_port}"
        self.url = f"{scheme}://{self.host}"
        self.asked = self.server.asked

    def paths(self):
        return [path for path, _ in self.asked]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
