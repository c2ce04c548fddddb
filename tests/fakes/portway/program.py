"""A real Portway as its own process, and a small client of its API."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from portway.core.target import Target
from portway.system.storage.folders import Folders, find_folders
from tests.limits import NEVER, SEEN

START_LIMIT = NEVER  # seconds: a machine may be busy with many other tests
END_LIMIT = NEVER
TRAY = (sys.executable, "-m", "portway")
HEADLESS = (*TRAY, "--headless")
LOOPBACK_ONLY = {"PORTWAY_API_PORT": "0", "PORTWAY_LAN_ADDRESS": "127.0.0.2"}


@dataclass
class Program:
    """One started process. Its words are in `output`."""

    process: subprocess.Popen[bytes]
    folders: Folders
    output: Path

    @property
    def said(self) -> str:
        """What it printed so far."""
        return self.output.read_text(errors="replace")

    def api(self) -> dict[str, Any]:
        """Wait until it answers, and return its `api.json`."""
        path = self.folders.run / "api.json"
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end and self.process.poll() is None:
            try:
                record: dict[str, Any] = json.loads(path.read_text())
            except (OSError, ValueError):
                record = {}
            if record.get("pid") == self.process.pid:
                return record
            time.sleep(0.02)
        raise AssertionError(f"it did not come up: {self.process.poll()} {self.said}")

    def call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> tuple[int, dict[str, Any]]:
        """Return status and body of one answer."""
        api = self.api()
        return call_api(api["port"], api["token"], method, path, body)

    def status(self, backend: str = "lan") -> dict[str, Any]:
        return self.call("GET", f"/api/tunnels/{backend}")[1]

    def wait_for_phase(self, phase: str, backend: str = "lan") -> dict[str, Any]:
        """Wait until the backend is in this phase, and return its status."""
        end = time.monotonic() + START_LIMIT
        while (status := self.status(backend)).get("phase") != phase:
            assert time.monotonic() < end, status
            time.sleep(0.02)
        return status

    def enable(self, target: Target) -> str:
        """Enable `lan`, and return the public URL."""
        status, answer = self.call("POST", "/api/tunnels/lan", {"action": "enable", "target": target.url})
        assert (status, answer["success"]) == (200, True), answer
        url: str = answer["status"]["publicUrl"]
        return url

    def ended(self) -> int:
        """Wait for its end, and return its exit code."""
        return self.process.wait(END_LIMIT)


def call_api(
    port: int, token: str, method: str, path: str, body: Mapping[str, object] | None = None
) -> tuple[int, dict[str, Any]]:
    """Call a running Portway."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=NEVER)
    try:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


@contextmanager
def started(
    environment: Mapping[str, str], output: Path, command: Sequence[str] = HEADLESS, *, stdin: int = subprocess.DEVNULL
) -> Iterator[Program]:
    """Start Portway with exactly this environment; what still runs at the end is killed."""
    with output.open("wb") as sink:
        process = subprocess.Popen(command, env=dict(environment), stdin=stdin, stdout=sink, stderr=sink)
    program = Program(process, find_folders(environment), output)
    with process:
        try:
            yield program
        finally:
            process.kill()


Start = Callable[..., AbstractContextManager[Program]]


def starter(environment: Mapping[str, str], folder: Path) -> Start:
    """Return what starts one Portway after the other: a command, and variables that are added."""
    outputs = iter(range(100))

    def start(command: Sequence[str] = HEADLESS, **more: str) -> AbstractContextManager[Program]:
        return started({**environment, **more}, folder / f"output-{next(outputs)}", command)

    return start


class Stopwatch:
    """Measures how long a child goes on, without the time for which it was ready and others had the processor."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._waited = _waited_for_a_processor(process.pid)
        self._began = time.monotonic()

    def at_its_end(self) -> float:
        """Wait for its end, and return the seconds."""
        if sys.platform != "win32":  # its entry tells how long it waited until it is taken
            os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
        took = time.monotonic() - self._began
        waited = _waited_for_a_processor(self._process.pid) - self._waited
        self._process.wait(END_LIMIT)
        return time.monotonic() - self._began if sys.platform == "win32" else took - waited


def _waited_for_a_processor(pid: int) -> float:
    """Return for how many seconds the main thread of a process was ready to run and did not, where a system tells."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_bytes().split()[1]) / 1e9
    except OSError:
        return 0.0


def left_of(family: Iterable[psutil.Process], limit: float = SEEN) -> list[psutil.Process]:
    """Return which of these processes still run after `limit` seconds, and end them.

    The entry of one that has ended stays until init takes it, which in a container may be never.
    """
    end = time.monotonic() + limit
    alive = list(family)
    while (alive := [one for one in alive if not has_ended(one)]) and time.monotonic() < end:
        time.sleep(0.02)
    for one in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
    return alive


def has_ended(process: psutil.Process) -> bool:
    """Whether it runs no more, at whatever moment it ends."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def fetch(url: str) -> bytes:
    """Return what a visitor gets."""
    with urllib.request.urlopen(url, timeout=SEEN) as answer:
        content: bytes = answer.read()
        return content
