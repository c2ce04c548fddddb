"""Answers as Portway's REST API does, from a script that a test writes. For tests of its clients."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from portway.backends.lan.declaration import LanExtras
from portway.core.options import camel
from portway.core.status import NoExtras
from tests.fakes.backends.toy import ToyExtras

Record = dict[str, Any]
Reply = tuple[int, Record] | list[tuple[str, Record]]
"""A status with a body, or the frames of an event stream."""

_EXTRAS: dict[str, Any] = {"lan": LanExtras(), "toy": ToyExtras()}
RUN_TOKEN = "the-token-of-this-run"


OPEN_TO_ALL: Record = {
    "password": False,
    "basic": False,
    "allow": [],
    "deny": [],
    "readOnly": False,
    "open": [],
    "paths": [],
    "rateLimit": None,
    "notes": {},
}


def status_of(backend: str, **changes: object) -> Record:
    """Return a status with every field of that backend, as `GET /api/tunnels/BACKEND` answers it."""
    status: Record = {
        "id": backend,
        "name": backend,
        "saved": False,
        "backend": backend,
        "reach": "internet",
        "phase": "stopped",
        "running": False,
        "publicUrl": None,
        "apiUrl": None,
        "targetUrl": "http://127.0.0.1:20128",
        "lastError": None,
        "code": None,
        "actionUrl": None,
        "supported": True,
        "installed": True,
        "binaryPath": None,
        "version": "1.2",
        "installSource": "builtin",
        "managedInstall": False,
        "pid": None,
        "progress": None,
        "wanted": False,
        "since": None,
        "attempt": 0,
        "retryAt": None,
        "logPath": None,
        "traffic": None,
        "inspect": False,
        "host": None,
        "guard": {**OPEN_TO_ALL},
        "expiresAt": None,
        "untilLogout": False,
        "verified": {"state": "off", "at": None, "ms": None, "reason": None},
        "caution": None,
    }
    status |= {
        camel(name): list(value) if isinstance(value, tuple) else value
        for name, value in asdict(_EXTRAS.get(backend, NoExtras())).items()
    }
    status |= changes
    if status["publicUrl"] is not None:
        status |= {"phase": "running", "running": True, "wanted": True, "apiUrl": f"{status['publicUrl']}/v1"} | changes
    return status


def row_of(number: int, tunnel: str, **changes: object) -> Record:
    """Return one recorded request, as lists and events have it."""
    return {
        "id": number,
        "tunnel": tunnel,
        "startedAt": "2026-01-02T03:04:05Z",
        "method": "GET",
        "path": "/shop",
        "status": 200,
        "durationMs": 12.3,
        "firstByteMs": 2.0,
        "requestBytes": 0,
        "responseBytes": 2,
        "contentType": None,
        "client": "203.0.113.7",
        "replayOf": None,
        "refusedBy": None,
        "state": "done",
    } | changes


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it arrived."""

    method: str
    path: str
    body: Record | None
    headers: Mapping[str, str] = field(compare=False, repr=False)


class RestDouble:
    """One server. `replies` decide first, by method and path without query; the rest answers from `statuses`.

    `outcomes` are the statuses that an enable of a backend goes through; it answers when they are told.
    """

    def __init__(self, statuses: Iterable[Record] = ()) -> None:
        self.statuses = {status["id"]: status for status in statuses}
        self.replies: dict[tuple[str, str], Reply] = {}
        self.outcomes: dict[str, list[Record]] = {}
        self.calls: list[Call] = []
        self._temporary: set[str] = set()  # gone once they are turned off
        self.lock = threading.RLock()
        self._readers: list[queue.SimpleQueue[tuple[str, Record] | None]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.has_ended = False

    @contextmanager
    def running(self, run_folder: Path, token: str = RUN_TOKEN) -> Iterator[RestDouble]:
        """Serve, and say so in `api.json`, for this block."""
        run_folder.mkdir(parents=True, exist_ok=True)
        record = {"pid": 1, "port": self.port, "url": f"http://127.0.0.1:{self.port}", "version": "0", "token": token}
        file = run_folder / "api.json"
        file.write_text(json.dumps(record))
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            file.unlink(missing_ok=True)
            self.end_streams()
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def tell(self, status: Record) -> None:
        """Change a status, as every reader of the events hears."""
        with self.lock:
            self.statuses[status["id"]] = status
            for reader in self._readers:
                reader.put(("status", status))

    def tell_request(self, row: Record) -> None:
        """Tell of a recorded request, or of how many others there were, as every reader hears who asked for them."""
        with self.lock:
            for reader in self._readers:
                reader.put(("request", row))

    def end_streams(self) -> None:
        """End every event stream and answer nobody any more, as the end of the program does."""
        self.has_ended = True
        self.drop_readers()

    def drop_readers(self) -> None:
        """End every event stream, as the program does where somebody does not read for long."""
        with self.lock:
            for reader in self._readers:
                reader.put(None)

    @property
    def readers(self) -> int:
        """How many read the events now."""
        with self.lock:
            return len(self._readers)

    def asked(self, method: str, path: str) -> list[Record | None]:
        """Return the bodies of the calls to a path, whatever their query."""
        return [call.body for call in self.calls if (call.method, urlsplit(call.path).path) == (method, path)]

    def reply_to(self, call: Call) -> Reply:
        """Return the answer to a call."""
        if self.has_ended or call.headers.get("Authorization") != f"Bearer {RUN_TOKEN}":
            return 401, {"error": "This call needs Portway's API token.", "code": "unauthorized"}
        parts = urlsplit(call.path)
        scripted = self.replies.get((call.method, parts.path))
        if scripted is not None:
            return scripted
        match call.method, parts.path.split("/")[2:]:
            case "GET", ["tunnels"]:
                return 200, {"tunnels": list(self.statuses.values())}
            case "POST", ["tunnels"]:
                return self._added(call.body or {})
            case "GET", ["tunnels", backend] if backend in self.statuses:
                return 200, self.statuses[backend]
            case "POST", ["tunnels", backend] if backend in self.statuses:
                return self._switched(backend, call.body or {}, pending=parts.query == "wait=0")
            case "POST", ["window" | "reload" | "quit"]:
                return 200, {"success": True}
            case _:
                return 404, {"error": "There is nothing at this path.", "code": "not_found"}

    def _added(self, body: Record) -> Reply:
        lasting = body.get("lasting") is not False
        name = body.get("id") or f"{body['backend']}-2"
        if name in self.statuses:
            return 409, {"error": "There is a tunnel of that word already.", "code": "name_taken"}
        if not lasting:
            self._temporary.add(name)
        made = status_of(body["backend"], id=name, name=body.get("name", name), saved=lasting)
        self.tell(made | {"reach": self.statuses[body["backend"]]["reach"]})
        return 201, self.statuses[name]

    def _switched(self, backend: str, body: Record, *, pending: bool) -> Reply:
        action = body["action"]
        now = self.statuses[backend]
        off = status_of(now["backend"], id=backend, name=now["name"], saved=now["saved"], reach=now["reach"])
        outcomes = self.outcomes.get(backend, []) if action == "enable" else [off]
        for status in outcomes:
            self.tell(status)
        status = self.statuses[backend]
        if action == "disable" and backend in self._temporary:
            self._temporary.discard(backend)
            with self.lock:
                del self.statuses[backend]
        done = {"action": action, "status": status}
        if action == "disable" or status["running"]:
            return 200, {"success": True, **done}
        if pending or status["lastError"] is None:
            return 202, {"success": False, "pending": True, **done}
        failed = {"success": False, "error": status["lastError"], "code": status["code"], **done}
        return (200 if status["phase"] == "needs_auth" else 502), failed

    def stream(self, write: Any, types: Collection[str]) -> None:  # noqa: ANN401 - a function of bytes
        """Send all statuses, then every event of these types, until the streams are ended."""
        reader: queue.SimpleQueue[tuple[str, Record] | None] = queue.SimpleQueue()
        with self.lock:
            for status in self.statuses.values():
                reader.put(("status", status))
            self._readers.append(reader)
        try:
            while (told := reader.get()) is not None:
                if told[0] in types:
                    write(frame(*told))
        finally:
            with self.lock:
                self._readers.remove(reader)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        double = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                content = self.rfile.read(length)
                call = Call(self.command, self.path, json.loads(content) if content else None, dict(self.headers))
                with double.lock:
                    double.calls.append(call)
                parts = urlsplit(call.path)
                if parts.path == "/api/events" and (call.method, parts.path) not in double.replies:
                    self._head(200, "text/event-stream")
                    double.stream(self.wfile.write, parse_qs(parts.query).get("types", ["status"])[0].split(","))
                    return
                reply = double.reply_to(call)
                if isinstance(reply, list):
                    double.has_ended = parts.path == "/api/events"
                    self._head(200, "text/event-stream")
                    self.wfile.write(b"".join(frame(*one) for one in reply))
                else:
                    self._head(reply[0], "application/json")
                    self.wfile.write(json.dumps(reply[1]).encode())

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815 - http.server looks for these names

            def _head(self, status: int, content_type: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Connection", "close")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def frame(event: str, record: Record) -> bytes:
    """Return one server-sent event, with the heartbeat that may come before any."""
    return f":\n\nid: 1\nevent: {event}\ndata: {json.dumps(record)}\n\n".encode()
