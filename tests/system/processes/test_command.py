"""A program of others runs once, bounded, and ends with all that it started."""

from __future__ import annotations

import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from portway.core.cancel import CancelToken
from portway.core.errors import Cancelled
from portway.system.processes.child import Children
from portway.system.processes.command import CommandTimeoutError, EndPolicy, Finished, run_command
from tests.fakes.backends.news import wait_until
from tests.limits import AT_ONCE, NEVER

pytestmark = [
    pytest.mark.children,
    pytest.mark.skipif(sys.platform == "win32", reason="the programs are written for /bin/sh"),
]


def sh(script: str, *arguments: str) -> list[str]:
    return ["/bin/sh", "-c", script, "sh", *arguments]


def run(arguments: list[str], **options: Any) -> Finished:  # noqa: ANN401 - those of run_command
    return run_command(Children(), arguments, **options)


def test_tells_how_it_ended(environment: dict[str, str]) -> None:
    finished = run(sh("echo out; echo err >&2; exit 3"), environment=environment, limit=AT_ONCE)
    assert (finished.code, finished.stdout, finished.stderr) == (3, "out\n", "err\n")


def test_tells_by_which_signal_it_ended(environment: dict[str, str]) -> None:
    assert run(sh("kill -9 $$"), environment=environment, limit=AT_ONCE).code == -signal.SIGKILL


def test_gives_nothing_to_read_and_only_the_environment_that_is_named() -> None:
    finished = run(sh('cat; echo "$A-$HOME"'), environment={"A": "1", "PATH": "/usr/bin:/bin"}, limit=AT_ONCE)
    assert finished.stdout == "1-\n"


def test_gives_what_is_to_be_read(environment: dict[str, str]) -> None:
    assert run(["/bin/cat"], environment=environment, limit=AT_ONCE, stdin=b"line\n").stdout == "line\n"


def test_a_program_that_reads_nothing_is_fine(environment: dict[str, str]) -> None:
    assert run(["/bin/true"], environment=environment, limit=AT_ONCE, stdin=b"line\n").code == 0


def test_each_line_is_told_while_it_runs(environment: dict[str, str], tmp_path: Path) -> None:
    heard: list[tuple[str, str]] = []
    gate = tmp_path / "gate"

    def listen(stream: str, line: str) -> None:
        heard.append((stream, line))
        gate.touch()  # it goes on only after its first line was heard

    script = 'printf "o"; echo ne; while [ ! -e "$1" ]; do sleep 0.01; done; echo two >&2'
    run(sh(script, str(gate)), environment=environment, limit=AT_ONCE, on_line=listen)
    assert heard == [("stdout", "one"), ("stderr", "two")]


@pytest.mark.parametrize(
    "script", ["sleep 60", "trap '' TERM; sleep 60 & sleep 60", "yes"], ids=["sleeps", "stubborn", "floods"]
)
def test_ends_all_of_it_after_the_limit(environment: dict[str, str], script: str) -> None:
    began = time.monotonic()
    with pytest.raises(CommandTimeoutError, match=r"sh did not end within 0\.3 seconds"):
        run(sh(script), environment=environment, limit=0.3, ending=EndPolicy(grace=0.2))
    assert time.monotonic() - began < AT_ONCE


def test_ends_all_of_it_when_cancelled(environment: dict[str, str]) -> None:
    cancel, said = CancelToken(), list[str]()

    def listen(_stream: str, line: str) -> None:
        said.append(line)
        cancel.cancel()

    with pytest.raises(Cancelled):
        run(sh("sleep 60 & echo $!; wait"), environment=environment, limit=NEVER, cancel=cancel, on_line=listen)
    (grandchild,) = map(int, said)
    wait_until(lambda: not psutil.pid_exists(grandchild), AT_ONCE)


def test_starts_nothing_that_goes_on_after_a_cancel(environment: dict[str, str]) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        run(sh("sleep 60"), environment=environment, limit=NEVER, cancel=cancel)


def test_what_a_listener_raises_ends_it(environment: dict[str, str]) -> None:
    def listen(_stream: str, line: str) -> None:
        raise LookupError(line)

    with pytest.raises(LookupError, match="first"):
        run(sh("echo first; sleep 60"), environment=environment, limit=NEVER, on_line=listen)


def test_a_listener_that_takes_its_time_hears_all_that_was_said_before_the_end(environment: dict[str, str]) -> None:
    heard: list[str] = []

    def listen(_stream: str, line: str) -> None:
        time.sleep(0.02)  # in all longer than the end of the streams is waited for
        heard.append(line)

    script = "i=0; while [ $i -lt 50 ]; do echo $i; i=$((i + 1)); done"
    run(sh(script), environment=environment, limit=NEVER, on_line=listen)
    assert heard == [str(number) for number in range(50)]


def test_one_that_outlives_it_does_not_hold_the_answer_back(environment: dict[str, str], tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    began = time.monotonic()
    finished = run(sh('sleep 60 & echo $! > "$1"; echo done', str(pid)), environment=environment, limit=NEVER)
    assert finished.stdout == "done\n"
    assert time.monotonic() - began < AT_ONCE


def test_more_output_than_is_kept_is_cut_and_does_not_block(environment: dict[str, str]) -> None:
    finished = run(sh("head -c 3000000 /dev/zero | tr '\\0' 'a'"), environment=environment, limit=NEVER)
    assert len(finished.stdout) == 1 << 20
    assert finished.code == 0


def test_one_that_must_not_be_killed_is_asked_and_waited_for(environment: dict[str, str], tmp_path: Path) -> None:
    cancel, gate, ended = CancelToken(), tmp_path / "gate", tmp_path / "ended"
    waited: list[bool] = []

    def on_waiting() -> None:
        waited.append(ended.exists())
        gate.touch()

    at_the_end = 'while [ ! -e "$1" ]; do sleep 0.02; done; : > "$2"; exit 0'
    with pytest.raises(Cancelled):
        run(
            sh(f"trap '{at_the_end}' TERM; echo up; while :; do sleep 0.05; done", str(gate), str(ended)),
            environment=environment,
            limit=NEVER,
            cancel=cancel,
            on_line=lambda _stream, _line: cancel.cancel(),
            ending=EndPolicy(grace=0.1, by_force=False, on_waiting=on_waiting),
        )
    assert waited == [False]
    assert ended.exists()


def test_its_last_words_are_kept_and_no_more(environment: dict[str, str]) -> None:
    finished = run(sh("yes | head -c 3000000; printf END"), environment=environment, limit=NEVER, kept=4096)
    assert len(finished.stdout) == 4096
    assert finished.stdout.endswith("END")


def test_a_flood_does_not_grow_this_process(environment: dict[str, str]) -> None:
    ours = psutil.Process()
    before = ours.memory_info().rss
    with pytest.raises(CommandTimeoutError):
        run(sh("yes >&2"), environment=environment, limit=1.0, kept=4096)
    with pytest.raises(CommandTimeoutError):
        run(sh("yes | tr -d '\\n'"), environment=environment, limit=1.0, on_line=lambda _name, _line: time.sleep(0.01))
    assert ours.memory_info().rss - before < 32 << 20


def test_one_that_closes_its_streams_and_goes_on_is_still_bounded(environment: dict[str, str]) -> None:
    cancel = CancelToken()
    threading.Timer(0.2, cancel.cancel).start()
    with pytest.raises(Cancelled):
        run(sh("exec >&- 2>&-; sleep 60"), environment=environment, limit=NEVER, cancel=cancel)


def test_what_it_leaves_in_its_group_ends_with_it(environment: dict[str, str], tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    stubborn = "trap '' TERM; echo $$ > \"$1\"; while :; do sleep 0.1; done"
    script = f"sh -c '{stubborn.replace(chr(39), chr(39) + chr(92) + chr(39) + chr(39))}' sh \"$1\" & "
    run(sh(script + 'while [ ! -s "$1" ]; do sleep 0.01; done', str(pid)), environment=environment, limit=NEVER)
    wait_until(lambda: not psutil.pid_exists(int(pid.read_text())), AT_ONCE)


def test_what_it_leaves_runs_on_where_that_is_allowed(environment: dict[str, str], tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    began = time.monotonic()
    script = 'sleep 60 & echo $! > "$1"'
    run(sh(script, str(pid)), environment=environment, limit=NEVER, ending=EndPolicy(alone=True))
    assert time.monotonic() - began < AT_ONCE
    left = psutil.Process(int(pid.read_text()))
    assert left.is_running()
    left.kill()


def test_the_end_of_the_program_ends_all_and_starts_none(environment: dict[str, str], tmp_path: Path) -> None:
    children, codes = Children(), []
    gate = tmp_path / "gate"
    script = "trap '' TERM; : > \"$1\"; while :; do sleep 0.1; done"

    def work() -> None:
        finished = run_command(children, sh(script, str(gate)), environment=environment, limit=NEVER)
        codes.append(finished.code)

    thread = threading.Thread(target=work)
    thread.start()
    wait_until(gate.exists)
    children.end_all()
    thread.join(AT_ONCE)
    assert children.end_all()
    assert codes == [-signal.SIGKILL]
    with pytest.raises(Cancelled):
        run_command(children, ["/bin/true"], environment=environment, limit=AT_ONCE)


def test_one_that_is_not_there_is_told(environment: dict[str, str]) -> None:
    with pytest.raises(FileNotFoundError):
        run(["/nowhere/at-all"], environment=environment, limit=AT_ONCE)
