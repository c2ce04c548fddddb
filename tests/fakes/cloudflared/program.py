"""A stand-in for cloudflared: its command line, its words, its metrics server, its exit codes. Standard library only.

Tests start a copy of this file as the program. It asks a quick service for a name as the real one does, and gets the
rest of its behaviour from `--plan FILE`, a JSON object (see `DEFAULTS`). With `run` and a token it is one of the named
tunnels of that plan, each by its id: `secret`, `routes` (host names that lead to it), `remote` (rules of the dashboard,
else none), `after` (seconds until these are sent), `gone` (it was deleted), `late` (how often it is not known yet).

A visitor comes to `/_fake/visit` of its metrics server, with a path behind it if there is one to ask for; what else may
happen outside is there, too: see `befall`, and `MISBEHAVIOURS` for `/_fake/metrics/HOW`.
"""

# ruff: noqa: PTH123
from __future__ import annotations

import base64
import http.client
import json
import os
import re
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
    "tunnels": {},  # the named ones of the account
    "knocks": 0.05,  # seconds between two tries to register, which the real one doubles from 1 on
}
MISBEHAVIOURS = {  # what it sends at once, and what again and again
    "trickle": (b"", b"H"),
    "continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "endless head": (b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n"),
}
RUN = "run"
ORIGIN_FLAGS = {"--url", "--http-host-header"}  # before or after `run`
FLAGS = {  # before it alone
    "--config",
    "--metrics",
    "--protocol",
    "--grace-period",
    "--max-edge-addr-retries",
    "--quick-service",
    "--plan",
}
BARE_FLAGS = {"--no-autoupdate", "--no-tls-verify"}
NOT_FOR_RUN = {"--no-autoupdate"}


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
        if flag == RUN and RUN not in options:
            options[RUN] = flag
        elif flag in (ORIGIN_FLAGS if RUN in options else ORIGIN_FLAGS | FLAGS) and rest:
            options[flag] = rest.pop(0)
        elif flag not in (BARE_FLAGS - NOT_FOR_RUN if RUN in options else BARE_FLAGS):
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


def fail(words: str, code: int = 1) -> NoReturn:
    os.write(2, words.encode() + b"\n")
    os._exit(code)


def identify(token: str) -> tuple[str, str]:
    """Return the id and the secret of a token; leave as the real one does where it is none."""
    if not token:
        words = '"cloudflared tunnel run" requires the ID or name of the tunnel to run as the last argument'
        fail(f"{words}.\nSee 'cloudflared tunnel run --help'.", 255)
    try:
        content = json.loads(base64.b64decode(token, validate=True))
        return str(uuid.UUID(content.get("t", str(uuid.UUID(int=0))))), content.get("s", "")
    except (ValueError, AttributeError):
        fail("Provided Tunnel token is not valid.\nSee 'cloudflared tunnel run --help'.", 255)


class Tunnel:
    def __init__(self, target: str, host: str, plan: dict[str, Any], log: Log) -> None:
        self.target, self.host, self.plan, self.log = target, host, plan, log
        self.tunnel_id, self.secret = "", ""  # of a named one
        self.version, self.rules = -1, [{"hostname": "", "path": None, "service": plan["service"] or target}]
        self.edge = False
        self.silent = False
        self.visits = 0
        self.stopping = threading.Event()

    def register(self, protocol: str) -> None:
        for index in range(4 if self.tunnel_id else 1):
            self.log(
                "Registered tunnel connection",
                connIndex=index,
                connection=uuid.uuid4(),
                event=0,
                ip="198.51.100.7",
                location="lhr01",
                protocol=protocol,
            )
        self.edge, self.silent = True, False

    def knock(self, protocol: str) -> None:
        """Register a named tunnel, again and again until the edge takes it; then get what its dashboard says."""
        refusals = 0
        while not self.stopping.is_set():
            known = self.plan["tunnels"].get(self.tunnel_id)
            refusals += 1
            fits = known and known["secret"] == self.secret and not known.get("gone")
            if fits and refusals > known.get("late", 0):
                self.register(protocol)
                if known.get("remote") is not None and not self.stopping.wait(known.get("after", 0.0)):
                    self.push(known["remote"])
                return
            why = "Invalid tunnel secret" if known and not fits and not known.get("gone") else "Tunnel not found"
            self.log(
                "Register tunnel error from server side", "ERR", error=f'"Unauthorized: {why}"', connIndex=0, event=0
            )
            self.stopping.wait(self.plan["knocks"])

    def push(self, rules: list[dict[str, Any]]) -> None:
        """Lead visitors as the dashboard says from now on."""
        self.version, self.rules = self.version + 1, rules
        said = json.dumps(json.dumps({"ingress": rules}))
        self.log("Updated to new configuration", config=said, version=self.version)

    def delete(self) -> None:
        """Be no tunnel any more: the edge lets go, and takes it no more."""
        self.plan["tunnels"][self.tunnel_id]["gone"] = True
        self.log("Lost connection with the edge", connIndex=0)
        self.edge = False
        threading.Thread(target=self.knock, args=("http2",), daemon=True).start()

    def service_for(self, path: str) -> str:
        """Return where a visitor of its host is led: by the first rule that fits."""
        for rule in self.rules:
            if rule.get("hostname") in {None, "", self.host} and re.search(rule.get("path") or "", path):
                return str(rule["service"])
        return "http_status:404"

    def visit(self, path: str = "/", content: bytes | None = None) -> tuple[int, bytes]:
        """Return status and body of a visit from outside, of one that posts something where there is content."""
        if not self.edge or self.silent:
            return 530, b"error code: 1033"
        if self.tunnel_id and not self.host:
            return 530, b"error code: 1016"
        self.visits += 1
        service = self.service_for(path) if self.tunnel_id else self.target
        if service.startswith("http_status:"):
            return int(service.removeprefix("http_status:")), b""
        parts = urlsplit(service)
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


def befall(tunnel: Tunnel, what: str, how: str) -> None:
    """Let something happen in the world outside."""
    match what:
        case "edge-down":
            tunnel.log("Lost connection with the edge", connIndex=0)
            time.sleep(tunnel.plan["lag"])
            tunnel.edge = False
        case "silence":
            tunnel.silent = True
        case "edge-up":
            tunnel.register("http2")
        case "delete":
            tunnel.delete()
        case "push":
            tunnel.push(json.loads(how))
        case "metrics":
            tunnel.plan["metrics"] = how
        case "say":
            tunnel.log(how, "ERR")
        case _:
            fail(f"nothing of the world outside is called {what}")


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

        def answer(self, path: str) -> tuple[int, bytes]:
            if path == "/ready":
                up = tunnel.edge and not tunnel.stopping.is_set()
                return (200 if up else 503), json.dumps({"status": 200, "readyConnections": int(up)}).encode()
            if path == "/quicktunnel":
                return 200, json.dumps({"hostname": "" if tunnel.tunnel_id else tunnel.host}).encode()
            if path == "/diag/tunnel":
                return 200, json.dumps({"tunnelID": tunnel.tunnel_id, "connectorID": str(uuid.uuid4())}).encode()
            if path == "/config":
                return 200, json.dumps({"version": tunnel.version, "config": {"ingress": tunnel.rules}}).encode()
            if path == "/metrics":
                return 200, f"# TYPE x counter\ncloudflared_tunnel_total_requests {tunnel.visits}\n".encode()
            if path.startswith("/_fake/visit"):
                return tunnel.visit(path.removeprefix("/_fake/visit") or "/")
            _, _, happening = path.partition("/_fake/")
            befall(tunnel, *happening.partition("/")[::2])
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


def quick_tunnel(options: dict[str, str], plan: dict[str, Any], log: Log) -> Tunnel:
    log("Requesting new quick Tunnel on trycloudflare.com...")
    host = ask_for_name(options["--quick-service"], plan["patience"], log)
    for line in ("+----+", f"|  https://{host}   |", "+----+"):
        log(line)
    return Tunnel(options["--url"], host, plan, log)


def named_tunnel(options: dict[str, str], plan: dict[str, Any], log: Log) -> Tunnel:
    """Return the one whose token is in the environment; where it leads without --url, visitors get a 503."""
    tunnel_id, secret = identify(os.environ.get("TUNNEL_TOKEN", ""))
    log(f"Starting tunnel tunnelID={tunnel_id}")
    routes = plan["tunnels"].get(tunnel_id, {}).get("routes", [])
    tunnel = Tunnel(options.get("--url", "http_status:503"), routes[0] if routes else "", plan, log)
    tunnel.tunnel_id, tunnel.secret = tunnel_id, secret
    return tunnel


def main(arguments: Sequence[str]) -> int:
    if arguments in (["--version"], ["version"]):
        print(f"cloudflared version {VERSION} (built 2026-08-20-09:54 UTC)")
        return 0
    options = parse(arguments)
    with open(options["--plan"], encoding="utf-8") as file:
        plan = DEFAULTS | json.load(file)
    log = Log(as_json=plan["json"])
    if "--config" not in options:
        plan["service"] = plan["service"] or configured_service()
    tunnel = named_tunnel(options, plan, log) if RUN in options else quick_tunnel(options, plan, log)
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
    if plan["registers"] and tunnel.tunnel_id:
        threading.Thread(target=tunnel.knock, args=(options["--protocol"],), daemon=True).start()
    elif plan["registers"]:
        tunnel.register(options["--protocol"])
    for number in range(plan["flood"]):
        log(f"noise {number}", "ERR")
    wait_for_the_end(tunnel)
    os._exit(0)  # not by way of the interpreter's own end, which a busy thread of the metrics server may hold up


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
