"""Logs tell what happened, to this user only, without secrets, and never stop the program."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import stat
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portway.core.cancel import CancelToken
from portway.core.secret import Secret
from portway.system.logs import log_file
from portway.system.logs import logs as logs_module
from portway.system.logs.log_reader import follow, read_tail
from portway.system.logs.logs import RunningLogs, log_as, log_path, logging_alike, program_logger, start_logging
from portway.system.secrets.redaction import Redactor

pytestmark = pytest.mark.expected_logs
Start = Callable[..., RunningLogs]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    running: list[RunningLogs] = []

    def start(level: str = "info", redactor: Redactor | None = None, console: io.StringIO | None = None) -> RunningLogs:
        running.append(start_logging(folder, level, redactor or Redactor(), console=console))
        return running[-1]

    yield start
    for one in running:
        one.stop()


def log_of(folder: Path, name: str = "portway") -> str:
    return log_path(folder, name).read_text(encoding="utf-8")


def test_each_backend_has_a_file_of_its_own(start: Start, folder: Path) -> None:
    start()
    logging.getLogger("portway.backends.toy.session").info("toy came up")
    logging.getLogger("portway.runtime.hub").info("hub started")
    logging.getLogger("elsewhere").warning("odd")
    assert "toy came up" in log_of(folder, "toy")
    assert "toy came up" not in log_of(folder)
    assert "hub started" in log_of(folder)
    assert "odd" in log_of(folder)


def test_lines_of_a_backend_name_the_tunnel_whose_word_is_its_own(start: Start, folder: Path) -> None:
    start()
    session, words = logging.getLogger("portway.backends.toy.session"), program_logger("portway.backends.toy.session")

    async def in_a_task() -> None:
        asyncio.get_running_loop().call_soon(session.info, "in a task")
        await asyncio.sleep(0)

    with log_as("api"):
        session.info("here")
        logging.getLogger("portway.backends.toy.api").info("itself")
        logging.getLogger("portway.runtime.hub").info("elsewhere")
        watch = threading.Thread(target=logging_alike(lambda: words.info("watched")))
        watch.start()
        watch.join()
        asyncio.run(in_a_task())
    session.info("by the backend's word")
    assert [line.partition("INFO")[2].strip() for line in log_of(folder, "toy").splitlines()] == [
        "portway.backends.toy.api.session: here",
        "portway.backends.toy.api: itself",
        "portway.backends.toy.api.session.program: watched",
        "portway.backends.toy.api.session: in a task",
        "portway.backends.toy.session: by the backend's word",
    ]
    assert "portway.runtime.hub: elsewhere" in log_of(folder)


def test_a_line_tells_time_level_and_origin(start: Start, folder: Path) -> None:
    start()
    logging.getLogger("portway.x").info("%s of %s", 1, 2)
    [line] = log_of(folder).splitlines()
    assert line[10] == "T"
    assert line[23:] == "Z INFO    portway.x: 1 of 2"


def test_files_are_private_from_their_first_moment(start: Start, folder: Path) -> None:
    before = os.umask(0)
    try:
        start()
        logging.getLogger("portway.x").info("line")
    finally:
        os.umask(before)
    assert stat.S_IMODE(log_path(folder).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_planted_link_is_not_written_through(start: Start, folder: Path, tmp_path: Path) -> None:
    folder.mkdir()
    victim = tmp_path / "victim"
    victim.write_text("")
    log_path(folder).symlink_to(victim)
    start()
    logging.getLogger("portway.x").info("line")
    assert victim.read_text() == ""


def test_files_are_bounded_with_one_old_one(start: Start, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "LARGEST_LOG", 2000)
    start()
    for number in range(200):
        logging.getLogger("portway.x").info("line %d", number)
    assert {path.name for path in folder.iterdir()} == {"portway.log", "portway.log.1"}
    assert all(path.stat().st_size <= 2000 for path in folder.iterdir())
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())
    assert "line 199" in log_of(folder)


def test_the_level_can_change_while_it_runs(start: Start, folder: Path) -> None:
    running = start("warning")
    logging.getLogger("portway.x").info("unseen")
    running.set_level("debug")
    logging.getLogger("portway.x").debug("seen")
    assert log_of(folder).count("seen") == 1
    assert "unseen" not in log_of(folder)


def test_libraries_that_name_tokens_at_debug_are_never_lowered(start: Start, folder: Path) -> None:
    start("debug")
    logging.getLogger("ngrok.internals.raw_session").debug("token")
    logging.getLogger("muxado.x").info("frame")
    logging.getLogger("portway.x").info("line")
    assert len(log_of(folder).splitlines()) == 1


def _fail(error: Exception) -> None:
    raise error


def test_no_secret_gets_into_a_line_or_a_traceback(start: Start, folder: Path) -> None:
    redactor = Redactor()
    redactor.learn(Secret("hunter2hunter2"))
    console = io.StringIO()
    start(redactor=redactor, console=console)
    try:
        _fail(ValueError("it was hunter2hunter2"))
    except ValueError:
        logging.getLogger("portway.x").exception("with %s", {"token": "hunter2hunter2"})
    assert log_of(folder).count("[hidden]") == 3  # the message, the line of the source that raised, and the exception
    assert "hunter2" not in log_of(folder) + console.getvalue()


def test_the_console_shows_warnings_and_worse(start: Start) -> None:
    console = io.StringIO()
    start(console=console)
    logging.getLogger("portway.x").info("quiet")
    logging.getLogger("portway.x").warning("The disk is full.")
    assert console.getvalue() == "portway: The disk is full.\n"


def test_the_words_of_a_program_are_in_its_log_and_not_on_the_console(start: Start, folder: Path) -> None:
    console = io.StringIO()
    start(console=console)
    program_logger("portway.backends.toy.session").error("edge lost")
    assert "ERROR   portway.backends.toy.session.program: edge lost" in log_of(folder, "toy")
    assert console.getvalue() == ""


def test_unexpected_exceptions_and_warnings_are_logged(start: Start, folder: Path) -> None:
    start()
    try:
        _fail(RuntimeError("main"))
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)

    def die() -> None:
        raise RuntimeError("worker")

    thread = threading.Thread(target=die, name="toy")
    thread.start()
    thread.join()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)  # pytest's own capture stands in front of it
        warnings.warn("old-fashioned", stacklevel=1)
        logging.captureWarnings(capture=False)
    text = log_of(folder)
    assert "RuntimeError: main" in text
    assert "toy died." in text
    assert "RuntimeError: worker" in text
    assert "old-fashioned" in text


def test_ctrl_c_is_no_unexpected_exception(start: Start, folder: Path) -> None:
    start()
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert not log_path(folder).exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_raises_nothing_and_prints_nothing(
    start: Start, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logs_module, "log_path", lambda _folder, _name="": Path("/dev/full"))
    running = start()
    logging.getLogger("portway.x").info("lost")
    logging.getLogger("portway.x").error("lost too")
    running.stop()
    assert capsys.readouterr() == ("", "")


def test_a_folder_that_cannot_be_made_raises_nothing(
    start: Start, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.write_text("a file in its place")
    start()
    logging.getLogger("portway.x").info("lost")
    assert capsys.readouterr() == ("", "")


def test_stopping_takes_everything_back(start: Start) -> None:
    before = (sys.excepthook, threading.excepthook, logging.getLogger().handlers[:], logging.getLogger().level)
    start().stop()
    assert before == (sys.excepthook, threading.excepthook, logging.getLogger().handlers[:], logging.getLogger().level)


def numbered(first: int, end: int) -> str:
    return "".join(f"line {number}\n" for number in range(first, end))


@pytest.mark.parametrize(("wanted", "first"), [(0, 9000), (1, 8999), (10, 8990), (9000, 0), (10_000, 0)])
def test_the_tail_is_the_last_lines(tmp_path: Path, wanted: int, first: int) -> None:
    path = tmp_path / "portway.log"
    path.write_text(numbered(0, 9000))
    assert read_tail(path, wanted) == numbered(first, 9000).splitlines()


def test_the_tail_reaches_into_the_rotated_file(tmp_path: Path) -> None:
    path = tmp_path / "portway.log"
    (tmp_path / "portway.log.1").write_text(numbered(0, 5))
    assert read_tail(path, 2) == ["line 3", "line 4"]
    path.write_text(numbered(5, 7))
    assert read_tail(path, 4) == ["line 3", "line 4", "line 5", "line 6"]


def test_the_tail_of_no_file_is_empty(tmp_path: Path) -> None:
    assert read_tail(tmp_path / "portway.log", 10) == []


def test_following_survives_rotation_truncation_and_a_late_start(tmp_path: Path) -> None:
    path = tmp_path / "portway.log"
    cancel = CancelToken()
    lines: list[str] = []
    arrived = threading.Condition()

    def read() -> None:
        for line in follow(path, cancel, 10):
            with arrived:
                lines.append(line)
                arrived.notify()

    def wait_for(count: int) -> None:
        with arrived:
            assert arrived.wait_for(lambda: len(lines) >= count, timeout=10)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        path.write_text(numbered(0, 2))
        wait_for(2)
        path.rename(tmp_path / "portway.log.1")
        path.write_text(numbered(2, 3))
        wait_for(3)
        with path.open("r+") as file:
            file.truncate(0)
        path.write_text("4\n")
        wait_for(4)
    finally:
        cancel.cancel()
        thread.join(10)
    assert lines == ["line 0", "line 1", "line 2", "4"]


def test_text_of_others_neither_steers_a_terminal_nor_forges_a_line(start: Start, folder: Path) -> None:
    start()
    foreign = "up\r2026-01-01T00:00:00.000Z ERROR   portway.x: forged\n2026-01-01T00:00:00.000Z ERROR   portway.x: too"
    logging.getLogger("portway.x").info("it says %s", f"\x1b]0;title\x07{foreign}\u202e")
    first, second = log_of(folder).splitlines()
    assert first.endswith(
        "portway.x: it says \\x1b]0;title\\x07up\\r2026-01-01T00:00:00.000Z ERROR   portway.x: forged"
    )
    assert second == "    2026-01-01T00:00:00.000Z ERROR   portway.x: too\\u202e"


def test_a_raw_line_of_an_older_file_is_read_harmlessly_and_as_one(tmp_path: Path) -> None:
    path = tmp_path / "portway.log"
    path.write_bytes("one\rtwo\x1b[2J\x85three\n\nfour\r\n".encode())
    cancel = CancelToken()
    wanted = ["one\\rtwo\\x1b[2J\\x85three", "", "four"]
    assert read_tail(path, 10) == wanted
    seen = []
    for line in follow(path, cancel, 10):
        seen.append(line)
        if len(seen) == len(wanted):
            cancel.cancel()
    assert seen == wanted
