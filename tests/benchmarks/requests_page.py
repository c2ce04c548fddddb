"""What the page of recorded requests costs the program while visitors pass by the thousand.

Goals: with 2,000 requests a second through a tunnel that is recorded, and that page open, the main thread never holds
anything up for more than 50 ms, and the table is painted at most 10 times a second; also where it is sorted by what
changes with every request.
"""

from __future__ import annotations

import socket
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from portway.system.storage.folders import find_folders
from tests.benchmarks.desktop import desktop
from tests.benchmarks.desktop_parts.window import Ask, asked
from tests.benchmarks.measure import report
from tests.benchmarks.relay_parts.crowd import answer_all, in_a_process, steady
from tests.fakes.portway.program import LOOPBACK_ONLY, Program

_RATE, _WATCHED = 2000, 5.0  # a second; seconds
_PATIENCE = 20.0  # seconds
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
_SHOWN = "window() is not None and window().isVisible()"
_TABLE = "window().shown_page().table"
_ROWS = "window().shown_page().model.rowCount()"


def run() -> list[bool]:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="portway-bench-") as name, desktop(Path(name)) as (shown, _):
        command = [sys.executable, "-m", "tests.benchmarks.desktop_parts.driven"]
        listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        with (
            listening as server,
            in_a_process(lambda: answer_all(server, _ANSWER)),
            asked(command, {**shown, **LOOPBACK_ONLY}) as (ask, process, _first),
        ):
            _wait_for(ask, _SHOWN)
            program = Program(process, find_folders(shown), Path(name, "output"))
            target = f"http://127.0.0.1:{server.getsockname()[1]}"
            body = {"action": "enable", "target": target, "inspect": True}
            answer = program.call("POST", "/api/tunnels/lan", body)[1]
            assert answer["success"], answer
            return _watch(ask, answer["status"]["publicUrl"])


def _watch(ask: Ask, url: str) -> list[bool]:
    ask("time_of_page('requests')")
    place = urlsplit(url)
    assert place.hostname is not None
    request = f"GET /cart?item=7 HTTP/1.1\r\nHost: {place.netloc}\r\nAccept: */*\r\n\r\n".encode()
    met = []
    with steady((place.hostname, place.port or 80), request, _RATE) as answered:
        _wait_for(ask, f"{_ROWS} > 500")
        for column, name in ((0, "shown"), (6, "sorted by duration"), (2, "sorted by path")):
            ask(f"{_TABLE}.sortByColumn({column}, {_TABLE}.horizontalHeader().sortIndicatorOrder())")
            ask(f"[paints.watch({_TABLE}.viewport()), gaps.begin()]")
            time.sleep(_WATCHED)
            gap, painted = ask("gaps.end()"), ask("paints.count")
            assert isinstance(gap, float), gap
            assert isinstance(painted, int), painted
            met += [
                report(f"longest gap, {_RATE} requests a second {name}", gap, None, "≤ 50", " ms"),
                report(f"repaints, {_RATE} requests a second {name}", painted / _WATCHED, None, "≤ 10", " a second"),
            ]
    print(f"        {answered[0]:.0f} requests a second were answered")
    return met


def _wait_for(ask: Ask, expression: str) -> None:
    end = time.monotonic() + _PATIENCE
    while ask(expression) is not True:
        assert time.monotonic() < end, f"not within {_PATIENCE} s: {expression}"
        time.sleep(0.1)
