"""What `dev.py build` made works as the program does, without Python: tried from outside, as a person would.

`dev.py trial` runs these; else they are skipped, as a build takes a minute.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import brotli
import pytest

from development.locks import split_requirements
from shipping.notices import FILE_NAME, required
from shipping.steps import VARIABLE
from tests.fakes.backends.news import wait_until
from tests.fakes.desktop.session_bus import session_bus
from tests.fakes.portway.program import LOOPBACK_ONLY, Program, fetch, started

ROOT = Path(__file__).parents[3]
MEGABYTE = 1_000_000
MOST_MEGABYTES = 150
BACKENDS = ("lan", "cloudflared", "ngrok", "tailscale", "ssh")
# What every desktop has, and the packages name: all else that the bundle links to lies inside.
OUTSIDE = re.compile(r"(libEGL|libGL|libOpenGL|libdbus-1|libxcb|libwayland-(client|cursor))\.so|ld-linux|linux-vdso")
GLIBC = {"libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libresolv.so.2", "libutil.so.1"}
ADDRESS = re.compile(r"http://127\.0\.0\.[12]:\d+")
CODE = re.compile("[█▀▄#]{7}")  # a corner of a QR code, also where the encoding of a pipe has no such signs
# Elsewhere the whole of 127.0.0.0/8 leads here.
LAN = {"PORTWAY_LAN_ADDRESS": "127.0.0.1"} if sys.platform == "darwin" else {}
WORDS = b"words that a server packed by brotli"

if VARIABLE not in os.environ:
    pytest.skip(f"{VARIABLE} names no bundle; dev.py trial does", allow_module_level=True)
BUNDLE = Path(os.environ[VARIABLE])
pytestmark = [pytest.mark.children, pytest.mark.timeout(120)]
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at files and processes as Linux has them")


class _Packed(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = brotli.compress(WORDS)
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Encoding", "br")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Keep the output of the tests clean."""


@pytest.fixture
def packing_origin() -> Iterator[str]:
    """Serve WORDS, packed by brotli; return the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Packed)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="origin", daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("HOME", "SYSTEMROOT", "TMPDIR") if name in os.environ}
    profile = {"PORTWAY_HOME": str(tmp_path / "home"), "PORTWAY_KEYRING": "memory", "LC_ALL": "C.UTF-8"}
    # Without a place where other programs are found: nothing of the Python that runs the tests is of help.
    return {**kept, **profile, **LOOPBACK_ONLY, **LAN, "PATH": "/nowhere"}


def ask(environment: dict[str, str], *arguments: str) -> str:
    """Return what one command of the bundle printed."""
    done = subprocess.run([str(BUNDLE), *arguments], env=environment, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, (arguments, done.stdout, done.stderr)
    return done.stdout.decode()


@contextmanager
def running(environment: dict[str, str], *arguments: str) -> Iterator[Program]:
    with started(environment, Path(environment["PORTWAY_HOME"]).with_suffix(".out"), [str(BUNDLE), *arguments]) as one:
        yield one


def findings(environment: dict[str, str]) -> dict[str, str]:
    said = json.loads(ask(environment, "doctor", "--json"))
    return {finding["subject"]: finding["text"] for finding in said["findings"]}


def rows(environment: dict[str, str]) -> list[dict[str, object]]:
    recorded: list[dict[str, object]] = json.loads(ask(environment, "requests", "lan", "--json"))["requests"]
    return recorded


def files(bundle: Path) -> Iterator[Path]:
    return (path for path in bundle.rglob("*") if path.is_file() and not path.is_symlink())


def test_every_way_out_is_there(environment: dict[str, str]) -> None:
    said = findings(environment)
    assert {name: said[name] for name in BACKENDS if "not run on this" in said[name]} == {}
    assert "sdk" in said["ngrok"]
    assert "builtin" in said["lan"]


def test_a_page_comes_through_and_the_request_is_shown(environment: dict[str, str], packing_origin: str) -> None:
    with running(environment, "expose", packing_origin, "--qr") as program:
        wait_until(
            lambda: ADDRESS.search(program.said) and CODE.search(program.said), 40, "the address with its QR code"
        )
        assert brotli.decompress(fetch(ADDRESS.findall(program.said)[0])) == WORDS
        wait_until(lambda: rows(environment), 20, "the record of the request")
        (row,) = rows(environment)
        assert WORDS.decode() in ask(environment, "requests", str(row["id"]))
        archive = Path(environment["PORTWAY_HOME"]) / "visits.har"
        ask(environment, "requests", "lan", "--har", str(archive))
        (entry,) = json.loads(archive.read_text(encoding="utf-8"))["log"]["entries"]
        assert entry["response"]["content"]["text"] == WORDS.decode()
        if sys.platform != "win32":
            program.process.send_signal(signal.SIGINT)
            assert program.ended() == 0


def test_who_has_no_password_gets_the_page_that_asks_for_it(environment: dict[str, str], packing_origin: str) -> None:
    with running(environment, "expose", packing_origin, "--password-generate") as program:
        wait_until(lambda: ADDRESS.search(program.said), 40, "the address")
        as_a_browser = Request(ADDRESS.findall(program.said)[0], headers={"Accept": "text/html"})
        with pytest.raises(HTTPError, match="401") as refused:
            urlopen(as_a_browser, timeout=10)
        with refused.value as answer:
            assert b"<form" in answer.read()


def test_what_it_does_not_hold_or_know_is_told_in_a_sentence(environment: dict[str, str]) -> None:
    done = subprocess.run([str(BUNDLE), "mcp"], env=environment, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"pipx install" in done.stderr
    newest = findings(environment)["new versions"]
    assert "does not know where they are" in newest or "github.com would be asked" in newest


@on_linux
def test_the_keyring_of_the_desktop_is_found(environment: dict[str, str], tmp_path: Path) -> None:
    with session_bus(tmp_path / "user") as bus:
        bus.unlock_keyring()
        said = findings({**environment, **bus.environment, "PORTWAY_KEYRING": "system"})
    assert said["keyring"] == "it is there and open."


@on_linux
def test_the_tray_speaks_german_with_the_words_of_qt(environment: dict[str, str]) -> None:
    on_no_screen = {"DISPLAY": ":nowhere", "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de"}
    with running({**environment, **on_no_screen}) as program:
        program.api()
        mapped = Path("/proc", str(program.process.pid), "maps").read_text(encoding="utf-8")
        assert program.call("POST", "/api/quit") == (200, {"success": True})
        assert program.ended() == 0
    inside = f"{BUNDLE.parent}/_internal"
    assert f"{inside}/PySide6/Qt/translations/qtbase_de.qm" in mapped
    assert f"{inside}/portway/resources/translations/portway_de.qm" in mapped


@on_linux
def test_a_command_loads_no_qt(environment: dict[str, str]) -> None:
    command = [str(BUNDLE), "--version"]
    watched = {**environment, "LD_DEBUG": "files"}
    done = subprocess.run(command, env=watched, capture_output=True, text=True, timeout=60, check=True)
    assert "libpython" in done.stderr
    assert "libQt6" not in done.stderr


@on_linux
def test_nothing_is_linked_that_is_neither_inside_nor_on_every_desktop() -> None:
    inside = {path.name for path in BUNDLE.parent.rglob("*") if ".so" in path.name}
    binaries = [path for path in files(BUNDLE.parent) if path.read_bytes()[:4] == b"\x7fELF"]
    assert len(binaries) > 100
    listed = subprocess.run(
        ["readelf", "--dynamic", *map(str, binaries)], capture_output=True, text=True, check=True
    ).stdout
    needed = set(re.findall(r"\(NEEDED\).*\[(.+)\]", listed))
    assert {name for name in needed - inside - GLIBC if not OUTSIDE.match(name)} == set()


@on_linux
def test_it_is_small() -> None:
    size = sum(path.stat().st_size for path in files(BUNDLE.parent))
    assert size <= MOST_MEGABYTES * MEGABYTE


def test_the_licence_of_everything_inside_lies_beside_it() -> None:
    page = BUNDLE.parent / FILE_NAME
    text = page.read_text(encoding="utf-8")
    lock = (ROOT / "installer" / "requirements.txt").read_text(encoding="utf-8")
    locked = {line.split()[0] for _, line in split_requirements(lock)}
    for name, distribution in required().items():
        assert f"{name}=={distribution.version}" in locked, "the bundle was not built from the lock"
        assert re.search(rf"^  {re.escape(name)} +{re.escape(distribution.version)} ", text, re.MULTILINE)
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text
    assert (page.parent / "LICENSE").is_file()


def test_the_command_line_is_whole(environment: dict[str, str]) -> None:
    for arguments in (["--help"], ["man"], ["completion", "bash"], ["config", "list"], ["expose", "--help"]):
        assert ask(environment, *arguments)
