"""Web pages in a real browser: none of them gets in, whatever it tries and whichever token its cookie holds."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication

from portway.rest.http.policy import Call, Head, Refused
from tests.rest.wire import Rest

pytestmark = pytest.mark.children

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LIMIT = 100.0  # seconds: only bounds a hang

# Tries all that a page can do to another server, then tells its own server what it could read.
PAGE = """<!doctype html><meta charset="utf-8"><body><script>
const api = "%(api)s", read = [], tried = [];
document.cookie = "auth_token=%(token)s; path=/";
const settled = promise => Promise.race([promise, new Promise(done => setTimeout(done, 3000))]).catch(() => {});
const element = (name, properties) => new Promise(done => {
  const made = Object.assign(document.createElement(name), properties);
  made.onload = () => { if (name !== "iframe") read.push(name); done(made); };
  made.onerror = done;
  document.body.append(made);
});
async function fetched(path, options) {
  const answer = await fetch(api + path, {credentials: "include", ...options});
  const text = await answer.text();
  if (text) read.push("fetch " + path + ": " + text);
}
function posted(path, encoding, name, value) {
  const frame = document.createElement("iframe");
  frame.name = "frame" + tried.length;
  document.body.append(frame);
  const form = Object.assign(document.createElement("form"),
    {method: "POST", action: api + path, enctype: encoding, target: frame.name});
  form.append(Object.assign(document.createElement("input"), {name, value}));
  document.body.append(form);
  return new Promise(done => { frame.onload = () => done(framed(frame)); form.submit(); });
}
function framed(frame) {
  let text = null;
  try { text = frame.contentDocument && frame.contentDocument.body.textContent; } catch {}
  if (text) read.push("iframe: " + text);
}
const enable = '{"action":"enable"}', json = {"Content-Type": "application/json"};
const bearer = {"Authorization": "Bearer %(token)s"};
const attempts = {
  get: () => fetched("/api/tunnels"),
  get_with_header: () => fetched("/api/tunnels", {headers: bearer}),
  health: () => fetched("/api/health"),
  no_cors: () => fetched("/api/tunnels", {mode: "no-cors"}),
  no_referrer: () => fetched("/api/tunnels", {mode: "no-cors", referrerPolicy: "no-referrer"}),
  post_plain: () => fetched("/api/tunnels/lan", {method: "POST", mode: "no-cors", body: enable}),
  post_json: () => fetched("/api/tunnels/lan", {method: "POST", headers: json, body: enable}),
  post_with_header: () => fetched("/api/tunnels/lan", {method: "POST", headers: {...json, ...bearer}, body: enable}),
  post_empty: () => fetched("/api/tunnels/tailscale/enable", {method: "POST", mode: "no-cors"}),
  quit: () => fetched("/api/quit", {method: "POST", mode: "no-cors"}),
  remove: () => fetched("/api/tunnels/ngrok/token", {method: "DELETE"}),
  beacon: async () => { navigator.sendBeacon(api + "/api/quit"); },
  form: () => posted("/api/quit", "application/x-www-form-urlencoded", "a", "b"),
  form_plain: () => posted("/api/tunnels/lan", "text/plain", '{"action":"enable","x":"', '"}'),
  form_parts: () => posted("/api/tunnels/tailscale/enable", "multipart/form-data", "a", "b"),
  image: () => element("img", {src: api + "/api/tunnels/lan"}),
  script: () => element("script", {src: api + "/api/tunnels"}),
  style: () => element("link", {rel: "stylesheet", href: api + "/api/tunnels"}),
  frame: async () => framed(await element("iframe", {src: api + "/api/tunnels"})),
  events: () => new Promise(done => {
    const source = new EventSource(api + "/api/events", {withCredentials: true});
    source.onopen = () => read.push("EventSource");
    source.addEventListener("status", event => read.push(event.data));
    source.onerror = () => { source.close(); done(); };
  }),
  socket: () => new Promise(done => {
    const socket = new WebSocket(api.replace("http", "ws") + "/api/events");
    socket.onopen = () => read.push("WebSocket");
    socket.onclose = done;
  }),
};
(async () => {
  for (const [name, attempt] of Object.entries(attempts)) { await settled(attempt()); tried.push(name); }
  await fetch("/report", {method: "POST", body: JSON.stringify({read, tried})});
})();
</script></body>"""


@contextmanager
def page_server(page: str) -> Iterator[tuple[int, queue.SimpleQueue[dict[str, Any]]]]:
    """Serve one page on a port of its own, and pass on what it reports."""
    reports: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(page.encode() if self.path == "/" else b"")

        def do_POST(self) -> None:
            reports.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self._answer(b"")

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1], reports
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def browser(url: str, folder: Path) -> Iterator[None]:
    """Open a page in a browser that finds every name at 127.0.0.1."""
    assert CHROMIUM is not None
    command = [
        CHROMIUM,
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--no-proxy-server",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        f"--user-data-dir={folder / 'profile'}",
        "--host-resolver-rules=MAP *.example 127.0.0.1",
        url,
    ]
    environment = {"HOME": str(folder), "PATH": os.environ["PATH"]}
    nothing = subprocess.DEVNULL
    child = subprocess.Popen(command, stdout=nothing, stderr=nothing, env=environment, start_new_session=True)
    try:
        yield
    finally:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=5)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def watched(rest: Rest) -> tuple[list[str], list[str]]:
    """Return two lists that fill: the paths that were let in, and those that were refused for who asked."""
    let_in: list[str] = []
    refused: list[str] = []
    policy = rest.serving._policy
    check = policy.check_head

    def checked(head: Head) -> Call:
        try:
            call = check(head)
        except Refused as refusal:
            refused.append(f"{head.method} {refusal.problem.code}")
            raise
        let_in.append(call.path)
        return call

    policy.check_head = checked  # type: ignore[method-assign]
    return let_in, refused


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("host", "api_host", "code"),
    [
        pytest.param("evil.example", "127.0.0.1", "forbidden", id="another-origin"),
        pytest.param("127.0.0.1", "127.0.0.1", "forbidden", id="another-port-of-the-same-host"),
        pytest.param("localhost", "localhost", "forbidden", id="another-port-of-localhost"),
        pytest.param("rebound.example", "rebound.example", "wrong_host", id="rebound-host"),
    ],
)
def test_a_page_changes_nothing_and_reads_nothing(
    rest: Rest, tmp_path: Path, host: str, api_host: str, code: str
) -> None:
    let_in, refused = watched(rest)
    page = PAGE % {"api": f"http://{api_host}:{rest.port}", "token": rest.token}
    with page_server(page) as (port, reports), browser(f"http://{host}:{port}/", tmp_path):
        until = time.monotonic() + LIMIT
        while reports.empty() and time.monotonic() < until:
            QCoreApplication.processEvents()
            time.sleep(0.002)
        assert not reports.empty(), f"the page did not come to its end; refused: {refused}"
        report = reports.get()
    assert report["read"] == []
    assert {"post_json", "form_plain", "events", "socket", "frame"} <= set(report["tried"])
    assert {f"GET {code}", f"POST {code}", f"OPTIONS {code}"} <= set(refused)
    assert let_in == []
    assert (rest.hub.enabled, rest.hub.disabled, rest.hub.commands, rest.hub.quits) == ([], [], [], 0)
