"""A stand-in for cloudflared: its command line, its words, its metrics server, its exit codes. Standard library only.

Tests start a copy of this file as the program. It asks a quick service for a name as the real one does, and gets the
rest of its behaviour from `--plan FILE`, a JSON object (see `DEFAULTS`). A visitor comes to `/_fake/visit` of its
metrics server, with a path behind it if there is one to ask for; there `/_fake/edge-down`, `/_fake/edge-up`,
`/_fake/silence` (the edge is lost without a word), `/_fake/metrics/HOW` (see `MISBEHAVIOURS`) and `/_fake/say/WORDS`
are the world outside.
"""

# ruff: noqa: PTH123
from __future__ import annotations

import base64
import http.client
import json
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

TYPE_CHECKING = False  # `typing` would make each start slower
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, NoReturn

VERSION = "2026.8.2"
DEFAULTS = {
    "registers": True,  # whether the edge takes the tunnel
    "trouble": [],  # lines of the log instead of, or before, the registration
    "exits": None,  # exit code right after that trouble
    "json": False,  # the log as JSON
    "stop": "clean",  # or "slow" (0.3 s), or "never"
    "flood": 0,  # lines at once, after the registration
    "service": None,  # what /config says instead of the target
    "lag": 0.0,  # seconds by which /ready follows the words about a lost edge
    "metrics": "",  # how its metrics server misbehaves: a key of MISBEHAVIOURS
    "patience": 15,  # seconds for which it waits for the quick service
}
MISBEHAVIOURS = {  # what it sends at once, and what again and again
    "trickle": (b"", b"H"),
    "continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "endless head": (b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n"),
}
FLAGS = {
    "--config",
    "--url",
    "--metrics",
    "--protocol",
    "--grace-period",
    "--http-host-header",
    "--max-edge-addr-retries",
    "--quick-service",
    "--plan",
}
BARE_FLAGS = {"--no-autoupdate", "--no-tls-verify"}


class Log:
    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def __call__(self, message: str, level: str = "INF", **fields: object) -> None:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if self.as_json:
            word = {"INF": "info", "ERR": "error"}[level]
            line = json.dumps(
                {"level": word, "message": message, "time": now, **fields}, default=str, separators=(",", ":")
            )
        else:
            line = " ".join([now, level, message, *(f"{name}={value}" for name, value in fields.items())])
        os.write(2, line.encode() + b"\n")


def parse(arguments: Sequence[str]) -> dict[str, str]:
    """Return the options, or leave as the real one does on an unknown flag: usage, and success."""
    options: dict[str, str] = {}
    rest = list(arguments[1:])
    while rest:
        flag = rest.pop(0)
        if flag in FLAGS and rest:
            options[flag] = rest.pop(0)
        elif flag not in BARE_FLAGS:
            print(f"Incorrect Usage: flag provided but not defined: {flag}\n\nUSAGE:\n   cloudflared tunnel [options]")
            sys.exit(0)
    return options


def configured_service() -> str | None:
    """Return where the person's own configuration sends visitors: it wins over --url where --config is not given."""
    try:
        with open(f"{os.environ.get('HOME')}/.cloudflared/config.yml", encoding="utf-8") as file:
            return "http_status:404" if "ingress:" in file.read() else None
    except FileNotFoundError:
        return None


def ask_for_name(url: str, patience: float, log: Log) -> str:
    """Return the name that the quick service gives; leave with 1 where it gives none. Proxies do not count."""
    without_proxy = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(f"{url}/tunnel", data=b"", headers={"Content-Type": "application/json"})
    try:
        with without_proxy.open(request, timeout=patience) as answer:
            status, body = answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        status, body = error.code, error.read().decode()
    except TimeoutError:
        why = "net/http: timeout awaiting response headers (Client.Timeout exceeded while awaiting headers)"
        fail(f'failed to request quick Tunnel: Post "{url}/tunnel": {why}')
    except OSError as error:
        fail(f'failed to request quick Tunnel: Post "{url}/tunnel": {getattr(error, "reason", error)}')
    try:
        result = json.loads(body).get("result") or {}
    except ValueError:
        if body[:1] in {"", "{"}:
            fail("failed to unmarshal quick Tunnel: unexpected end of JSON input")
        said = f'"{status} {http.client.responses[status]}"'
        log(f"Error unmarshaling QuickTunnel response: {body.strip()}", "ERR", status_code=said)
        fail(f"failed to unmarshal quick Tunnel: invalid character '{body[:1]}' looking for beginning of value")
    try:
        uuid.UUID(result.get("id", ""))
    except ValueError:
        fail(f"failed to parse quick Tunnel ID: invalid UUID length: {len(result.get('id', ''))}")
    try:
        base64.b64decode(result.get("secret", ""), validate=True)
    except ValueError:
        fail("failed to decode quick Tunnel secret: illegal base64 data at input byte 0")
    host: str = result.get("hostname", "")
    return host


def fail(words: str) -> NoReturn:
    os.write(2, words.encode() + b"\n")
    os._exit(1)


class Tunnel:
    def __init__(self, target: str, host: str, plan: dict[str, Any], log: Log) -> None:
        self.target, self.host, self.plan, self.log = target, host, plan, log
        self.edge = False
        self.silent = False
        self.visits = 0
        self.stopping = threading.Event()

    def register(self, protocol: str) -> None:
        self.log(
            "Registered tunnel connection",
            connIndex=0,
            connection=uuid.uuid4(),
            event=0,
            ip="198.51.100.7",
            location="lhr01",
            protocol=protocol,
        )
        self.edge, self.silent = True, False

    def visit(self, path: str = "/", content: bytes | None = None) -> tuple[int, bytes]:
        """Return status and body of a visit from outside, of one that posts something where there is content."""
        if not self.edge or self.silent:
            return 530, b"error code: 1033"
        self.visits += 1
        parts = urlsplit(self.target)
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=5)
        try:
            method = "GET" if content is None else "POST"
            connection.request(method, path, content, headers={"Host": self.host, "Cf-Ray": "1"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except OSError:
            why = f"The service may be down: dial tcp {parts.netloc}: connect: connection refused"
            self.log("", "ERR", error=f'"Unable to reach the origin service. {why}"', originService=self.target)
            return 502, b"Bad gateway"
        finally:
            connection.close()


def make_handler(tunnel: Tunnel) -> type[BaseHTTPRequestHandler]:  # noqa: C901 - a class inside
    class Metrics(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if tunnel.plan["metrics"] and not self.path.startswith("/_fake/"):
                self.misbehave(*MISBEHAVIOURS[tunnel.plan["metrics"]])
                return
            status, body = self.answer(unquote(self.path))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            status, body = tunnel.visit(self.path.removeprefix("/_fake/visit"), content)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def misbehave(self, first: bytes, again: bytes) -> None:
            try:
                self.wfile.write(first)
                while not tunnel.stopping.wait(0.05):
                    self.wfile.write(again)
            except OSError:
                self.close_connection = True

        def answer(self, path: str) -> tuple[int, bytes]:  # noqa: C901 - a table of paths
            if path == "/ready":
                up = tunnel.edge and not tunnel.stopping.is_set()
                return (200 if up else 503), json.dumps({"status": 200, "readyConnections": int(up)}).encode()
            if path == "/quicktunnel":
                return 200, json.dumps({"hostname": tunnel.host}).encode()
            if path == "/config":
                service = tunnel.plan["service"] or tunnel.target
                return 200, json.dumps({"version": -1, "config": {"ingress": [{"service": service}]}}).encode()
            if path == "/metrics":
                return 200, f"# TYPE x counter\ncloudflared_tunnel_total_requests {tunnel.visits}\n".encode()
            if path.startswith("/_fake/visit"):
                return tunnel.visit(path.removeprefix("/_fake/visit") or "/")
            if path == "/_fake/edge-down":
                tunnel.log("Lost connection with the edge", connIndex=0)
                time.sleep(tunnel.plan["lag"])
                tunnel.edge = False
            elif path == "/_fake/silence":
                tunnel.silent = True
            elif path == "/_fake/edge-up":
                tunnel.register("http2")
            elif path.startswith("/_fake/metrics/"):
                tunnel.plan["metrics"] = path.removeprefix("/_fake/metrics/")
            elif path.startswith("/_fake/say/"):
                tunnel.log(path.removeprefix("/_fake/say/"), "ERR")
            return 200, b"OK"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
            """Write nothing but the log."""

    return Metrics


def wait_for_the_end(tunnel: Tunnel) -> None:
    """Return once it is told to end, if it then wants to.

    By waiting for the signal, not by a handler: Python runs that on the main thread alone, which an untimely signal
    does not wake.
    """
    signal.sigwait({signal.SIGTERM})
    while tunnel.plan["stop"] == "never":
        signal.sigwait({signal.SIGTERM})
    tunnel.log("Initiating graceful shutdown due to signal terminated ...")
    tunnel.log("Connection terminated", "ERR", connIndex=0)
    tunnel.stopping.set()
    if tunnel.plan["stop"] == "slow":
        time.sleep(0.3)


def main(arguments: Sequence[str]) -> int:
    if arguments in (["--version"], ["version"]):
        print(f"cloudflared version {VERSION} (built 2026-08-20-09:54 UTC)")
        return 0
    options = parse(arguments)
    with open(options["--plan"], encoding="utf-8") as file:
        plan = DEFAULTS | json.load(file)
    log = Log(as_json=plan["json"])
    log("Requesting new quick Tunnel on trycloudflare.com...")
    host = ask_for_name(options["--quick-service"], plan["patience"], log)
    for line in ("+----+", f"|  https://{host}   |", "+----+"):
        log(line)
    if "--config" not in options:
        plan["service"] = plan["service"] or configured_service()
    tunnel = Tunnel(options["--url"], host, plan, log)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # for every thread from here on
    server = ThreadingHTTPServer(("127.0.0.1", 0), make_handler(tunnel))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    log(f"Starting metrics server on 127.0.0.1:{server.server_address[1]}/metrics")
    for words in plan["trouble"]:
        log(words, "ERR")
    if plan["exits"] is not None:
        code: int = plan["exits"]
        return code
    if plan["registers"]:
        tunnel.register(options["--protocol"])
    for number in range(plan["flood"]):
        log(f"noise {number}", "ERR")
    wait_for_the_end(tunnel)
    os._exit(0)  # not by way of the interpreter's own end, which a busy thread of the metrics server may hold up


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
