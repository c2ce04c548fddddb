"""What every test gets: no screen, folders of its own, and a failure for each unexpected record in the log."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = os.environ.get("PORTWAY_TEST_PLATFORM", "offscreen")  # before Qt is imported
os.environ.pop("QT_QPA_PLATFORMTHEME", None)

import psutil
import pytest
from pytestqt.qtbot import QtBot

from portway.core.target import Target
from portway.core.timing import Timing
from portway.system.logs.logs import is_of_a_program
from portway.system.secrets.store import open_secret_store
from portway.system.services import Services
from portway.system.storage.folders import Folders, find_folders
from portway.system.storage.state_file import StateFile
from tests.fakes.origins.page import origin_server
from tests.fakes.tailscale.computer import check_all_in
from tests.limits import AT_ONCE, NEVER, SEEN
from tests.watched import http_answers
from tests.watched.children import Starts, descendants
from tests.watched.documented import Documented

ROOT = Path(__file__).parents[1]
_seen: list[http_answers.Seen] = []  # by this process, in the running test; an audit hook cannot be given another one
http_answers.watch(_seen.append)
_starts = Starts()
# A shell that starts tests in the background, or nohup, has them ignore these, which programs that tests start would
# inherit; a handler is not inherited.
signal.signal(signal.SIGINT, signal.default_int_handler)
if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda *_: None)
_STARTS_PROGRAMS = re.compile(r"^pytestmark = .*?pytest\.mark\.children", re.MULTILINE)
_MODULE_LIMIT = 1000.0  # seconds: a module with a screen may take minutes on a busy machine
_SHOWN = pytest.StashKey[int]()  # where standard error is seen, however it is captured
_NOT_FAST = ("children", "desktop", "network_namespace", "slow")


class _Unexpected(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not is_of_a_program(record):
            self.records.append(record)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fast", action="store_true", help="only tests that start no programs and are not slow")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With `--fast`, import no file of which no test would be left: that of a screen, and those that say so."""
    if not config.getoption("--fast"):
        return None
    if collection_path == ROOT / "tests" / "desktop":
        return True
    is_file = collection_path.suffix == ".py" and collection_path.name.startswith("test_")
    return True if is_file and _STARTS_PROGRAMS.search(collection_path.read_text(encoding="utf-8")) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--fast`, leave every test out whose marks say that it starts programs, needs a system, or takes long."""
    if config.getoption("--fast"):
        slow = [item for item in items if any(map(item.get_closest_marker, _NOT_FAST))]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in set(slow)]


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    for wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitExposed, QtBot.waitActive):
        defaults = wait.__kwdefaults__ or {}
        defaults["timeout"] = round(SEEN * 1000)  # its own five seconds are short on a busy machine
    config.stash[_SHOWN] = os.dup(2)
    faulthandler.enable(config.stash[_SHOWN])
    config.addinivalue_line("markers", "expected_logs: this test provokes warnings in the log")
    config.addinivalue_line("markers", "odd_answers: this test lets REST answer what it never would")


@pytest.fixture(autouse=True, scope="module")
def watchdog(pytestconfig: pytest.Config) -> Iterator[None]:
    """End the run with every stack where a test hangs inside Qt, where Python's own signal cannot reach it."""
    faulthandler.dump_traceback_later(_MODULE_LIMIT, exit=True, file=pytestconfig.stash[_SHOWN])
    yield
    faulthandler.cancel_dump_traceback_later()


@pytest.fixture(autouse=True)
def unexpected_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which `portway` warned, unless it is marked `expected_logs` or asked for that fixture."""
    if request.node.get_closest_marker("expected_logs") or "expected_logs" in request.fixturenames:
        yield
        return
    handler = _Unexpected()
    logger = logging.getLogger("portway")
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
    assert not handler.records, [record.getMessage() for record in handler.records]


@pytest.fixture
def expected_logs(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Let this test provoke warnings, and look at them."""
    caplog.set_level(logging.DEBUG, "portway")
    return caplog


@pytest.fixture(autouse=True)
def no_child_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a child process running, or that starts one and is not marked `children`."""
    before, started = descendants(), _starts.count
    yield
    left = list(descendants() - before)
    _gone, alive = psutil.wait_procs(left, timeout=AT_ONCE)
    for child in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()
    psutil.wait_procs(alive, timeout=AT_ONCE)
    assert not alive
    if _starts.count > started:  # what a service of the desktop's starts meanwhile is not this test's
        assert request.node.get_closest_marker("children"), "it starts programs: mark it `children`"


def _folder_of(request: pytest.FixtureRequest) -> Path | None:
    """Return the folder of a test that has one. Making one for every test would cost more than most tests do."""
    return request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None


@pytest.fixture(autouse=True)
def neighbours_are_left_alone(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test after which something of others in a Tailscale is not as it was, or a secret got into a call."""
    folder = _folder_of(request)
    yield
    if folder is not None:
        check_all_in(folder)


@pytest.fixture(scope="session")
def documented() -> Documented:
    """Return the document of the servers that tests talk to in this process; other backends have another one."""
    return Documented.published()


@pytest.fixture(scope="session")
def published() -> Documented:
    """Return the document of the real program."""
    return Documented.published()


@pytest.fixture(autouse=True)
def every_answer_is_documented(
    request: pytest.FixtureRequest, documented: Documented, published: Documented
) -> Iterator[None]:
    """Fail a test in which REST answered, or told by an event, what its document does not know.

    That holds for this process and for those that it starts with `environment`. Whoever makes up odd answers for a
    client to refuse marks the test `odd_answers`.
    """
    _seen.clear()
    folder = _folder_of(request)
    yield
    if request.node.get_closest_marker("odd_answers"):
        return
    told = [] if folder is None else http_answers.told_by_children(_answers_file(folder))
    for known, answers in ((documented, _seen), (published, told)):
        for seen in answers:
            known.check_seen(seen)


def _answers_file(folder: Path) -> Path:
    return folder / "answers-of-rest"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return a small environment with a profile of its own, to add to and to build things from."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT") if name in os.environ}
    watched = {
        "PYTHONPATH": os.pathsep.join(map(str, (ROOT / "tests" / "watched", ROOT, ROOT / "app"))),
        http_answers.VARIABLE: str(_answers_file(tmp_path)),
        "PORTWAY_PAGE_TITLES": "off",  # else a window would visit the servers of all other tests that run now
    }
    return {**kept, **watched, "PORTWAY_HOME": str(tmp_path / "home"), "PORTWAY_KEYRING": "memory"}


@pytest.fixture
def folders(environment: dict[str, str]) -> Folders:
    return find_folders(environment)


@pytest.fixture
def timing() -> Timing:
    """Return limits that suit tests: waits are short, what only bounds a hang stays generous.

    A test of what happens when such a bound is reached has a lower one of its own.
    """
    return Timing(
        resolve_address=SEEN,
        origin_look=SEEN,
        origin_speech=SEEN,
        origin_watch_up=0.3,
        origin_watch_down=0.1,
        start_limit=SEEN,
        stop_grace=1.0,
        close_limit=SEEN,
        quit_limit=SEEN,
        retry_first=0.05,
        retry_longest=0.4,
        rate_limit_wait=0.4,
        steady_after=0.5,
        auth_watch_every=0.05,
        auth_watch_for=NEVER,
        network_poll=0.2,
        network_debounce=0.02,
        poll=0.3,
        keyring_limit=SEEN,
        keyring_patience=SEEN,
        probe_limit=SEEN,
        request_limit=NEVER,
        handed_limit=NEVER,
        event_heartbeat=0.2,
        wrong_token_delay=0.01,
    )


@pytest.fixture
def services(environment: dict[str, str], folders: Folders, timing: Timing) -> Services:
    app_state = StateFile(folders.state / "app.json")
    return Services(
        folders=folders,
        environment=environment,
        timing=timing,
        app_state=app_state,
        secrets=open_secret_store(folders, environment, timing, app_state, may_prompt=False),
    )


@pytest.fixture
def origin() -> Iterator[Target]:
    """Serve one page on 127.0.0.1."""
    with origin_server() as target:
        yield target
