"""What every test gets: no screen, folders of its own, and a failure for each unexpected record in the log."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = os.environ.get("PORTWAY_TEST_PLATFORM", "offscreen")  # before Qt is imported
os.environ.pop("QT_QPA_PLATFORMTHEME", None)

import psutil
import pytest

from portway.core.target import Target
from portway.core.timing import Timing
from portway.system.folders import Folders, find_folders
from portway.system.secret_store import open_secret_store
from portway.system.services import Services
from portway.system.state_file import StateFile
from tests.fakes.origin import origin_server
from tests.fakes.tailscale import check_all_in
from tests.watched import http_answers
from tests.watched.documented import Documented

ROOT = Path(__file__).parents[1]
_seen: list[http_answers.Seen] = []  # by this process, in the running test; an audit hook cannot be given another one
http_answers.watch(_seen.append)


class _Unexpected(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "expected_logs: this test provokes warnings in the log")
    config.addinivalue_line("markers", "odd_answers: this test lets REST answer what it never would")


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
def no_child_left() -> Iterator[None]:
    """Fail a test that leaves a child process running."""
    ours = psutil.Process()
    before = {child.pid for child in ours.children(recursive=True)}
    yield
    left = [child for child in ours.children(recursive=True) if child.pid not in before]
    _gone, alive = psutil.wait_procs(left, timeout=3)
    for child in alive:
        child.kill()
    psutil.wait_procs(alive, timeout=3)
    assert not alive


@pytest.fixture(autouse=True)
def neighbours_are_left_alone(tmp_path: Path) -> Iterator[None]:
    """Fail a test after which something of others in a Tailscale is not as it was, or a secret got into a call."""
    yield
    check_all_in(tmp_path)


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
    request: pytest.FixtureRequest, tmp_path: Path, documented: Documented, published: Documented
) -> Iterator[None]:
    """Fail a test in which REST answered, or told by an event, what its document does not know.

    That holds for this process and for those that it starts with `environment`. Whoever makes up odd answers for a
    client to refuse marks the test `odd_answers`.
    """
    _seen.clear()
    yield
    if request.node.get_closest_marker("odd_answers"):
        return
    for known, answers in ((documented, _seen), (published, http_answers.told_by_children(_answers_file(tmp_path)))):
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
    }
    return {**kept, **watched, "PORTWAY_HOME": str(tmp_path / "home"), "PORTWAY_KEYRING": "memory"}


@pytest.fixture
def folders(environment: dict[str, str]) -> Folders:
    return find_folders(environment)


@pytest.fixture
def timing() -> Timing:
    """Return limits that suit tests: waits are short, what only bounds a hang stays generous."""
    return Timing(
        origin_watch_up=0.3, origin_watch_down=0.1, start_limit=10.0, stop_grace=1.0, close_limit=5.0,
        retry_first=0.05, retry_longest=0.4, rate_limit_wait=0.4, steady_after=0.5, auth_watch_every=0.05,
        auth_watch_for=2.0, network_poll=0.2, network_debounce=0.02, address_return=0.5, firewall_hint=0.3, poll=0.3,
        keyring_limit=2.0, event_heartbeat=0.2, wrong_token_delay=0.01,
    )  # fmt: skip


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
