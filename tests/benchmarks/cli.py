"""How fast the command line is.

Goals: `portway status` takes at most 1.5 times as long as a bare script that imports click, http.client and json and
makes the same request; `portway expose` prints a URL within 2 s where nothing runs yet.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.measure import REPEATS, median, report
from tests.fakes.origins.page import origin_server
from tests.fakes.portway.rest_double import RUN_TOKEN, RestDouble, status_of

_STARTS = 4 * REPEATS  # one start of Python is short, and varies
_BARE = """
import http.client, json, sys
import click
connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=10)
connection.request("GET", "/api/tunnels", headers={"Authorization": f"Bearer {sys.argv[2]}"})
for status in json.loads(connection.getresponse().read())["tunnels"]:
    click.echo(f"{status['backend']}  {status['phase']}")
"""
_INSTALLED = "import sys; from portway.__main__ import main; sys.exit(main())"  # what the script `portway` does


def run() -> list[bool]:
    """Measure and print."""
    return [_status(), _expose()]


def _status() -> bool:
    with _profile() as environment:
        folder = Path(environment["PORTWAY_HOME"], "run")
        with RestDouble([status_of(name) for name in ("lan", "cloudflared", "ngrok", "tailscale")]).running(
            folder
        ) as api:
            bare = [sys.executable, "-c", _BARE, str(api.port), RUN_TOKEN]
            ours = [sys.executable, "-c", _INSTALLED, "status"]
            # By turns, so that what else the computer does meanwhile weighs on both.
            pairs = [(_duration(bare, environment), _duration(ours, environment)) for _ in range(_STARTS)]
    floor, value = (statistics.median(side) for side in zip(*pairs, strict=True))
    return report("portway status", 1000 * value, 1000 * floor, "≤ 1.5", " ms")


def _expose() -> bool:
    with _profile() as environment, origin_server() as origin:
        command = [sys.executable, "-c", _INSTALLED, "expose", str(origin.port)]
        value = median(lambda: _seconds_to_url(command, environment))
    return report("portway expose, from cold to the URL", value, None, "≤ 2", " s")


def _duration(command: list[str], environment: dict[str, str]) -> float:
    began = time.perf_counter()
    # Without a limit: with one, Python would look for the end in steps of up to 50 ms.
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def _seconds_to_url(command: list[str], environment: dict[str, str]) -> float:
    began = time.perf_counter()
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as expose:
        assert expose.stdout is not None
        url = expose.stdout.readline()
        took = time.perf_counter() - began
        expose.terminate()  # by Ctrl-C it would not where that is ignored, as behind a shell
    assert url.startswith("http://127.0.0.2:")
    return took


@contextmanager
def _profile() -> Iterator[dict[str, str]]:
    """Yield an environment with a profile of its own."""
    with tempfile.TemporaryDirectory(prefix="portway-bench-") as folder:
        yield {
            **os.environ,
            "PORTWAY_HOME": str(Path(folder, "home")),
            "PORTWAY_KEYRING": "memory",
            "PORTWAY_API_PORT": "0",
            "PORTWAY_LAN_ADDRESS": "127.0.0.2",
        }
