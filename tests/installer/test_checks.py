"""Every check runs, whatever the others did, and the tests in two halves side by side."""

import signal
import sys
import time
from pathlib import Path

import pytest

from development import checks
from development.checks import Step, run_steps
from development.places import Places

ROOT = Path(__file__).parents[2]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path, tmp_path / ".venv")


def test_steps_all_run_and_the_first_failure_decides(places: Places, capfd: pytest.CaptureFixture[str]) -> None:
    codes = {"good": 0, "bad": 3, "worse": 4, "fine": 0}
    steps = [Step(name, (sys.executable, "-c", f"raise SystemExit({code})")) for name, code in codes.items()]
    assert run_steps(places, steps) == 3
    summary = capfd.readouterr().out.split("Summary")[1]
    assert [line.split()[:2] for line in summary.splitlines()[1:]] == [
        ["good", "passed,"],
        ["bad", "FAILED"],
        ["worse", "FAILED"],
        ["fine", "passed,"],
    ]


def test_no_tests_at_all_is_a_failure(places: Places, tmp_path: Path) -> None:
    tests, *_ = checks.test_steps(places, ["-q", "-p", "no:cacheprovider", str(tmp_path)])
    assert isinstance(tests, tuple)
    (step,) = tests
    unmeasured = step.command[step.command.index("pytest") :]
    assert run_steps(places, [Step("pytest", (sys.executable, "-m", *unmeasured))]) == 5


def test_the_two_halves_are_all_tests_and_none_twice() -> None:
    places = Places(ROOT, Path(sys.prefix))
    tests, *_ = checks.test_steps(places, [])
    assert isinstance(tests, tuple)
    halves = [step.command[step.command.index("pytest") + 1 :] for step in tests]
    named = sorted(Path(name).name for half in halves for name in half)
    root = places.root / "tests"
    assert named == sorted({path.relative_to(root).parts[0] for path in root.rglob("test_*.py")})


def test_what_runs_side_by_side_is_shown_one_after_the_other(
    places: Places, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    waits = f"import pathlib, time\nwhile not pathlib.Path({str(tmp_path / 'made')!r}).exists(): time.sleep(0.01)"
    steps = {
        "first": f"print('one', flush=True)\n{waits}",
        "second": f"open({str(tmp_path / 'made')!r}, 'w'); print('two')",
    }
    together = tuple(Step(name, (sys.executable, "-c", code)) for name, code in steps.items())
    assert run_steps(places, [together]) == 0
    shown = capfd.readouterr().out.split()
    assert [word for word in shown if word in {"one", "two"}] == ["one", "two"]


def test_a_step_that_hangs_is_ended(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "STEP_LIMIT_SECONDS", 0.2)
    started = time.monotonic()
    assert run_steps(places, [Step("hang", (sys.executable, "-c", "import time; time.sleep(20)"))]) == 124
    assert time.monotonic() - started < 10


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_a_step_that_crashes_is_a_failure(places: Places) -> None:
    crash = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert run_steps(places, [Step("crash", (sys.executable, "-c", crash))]) == 128 + signal.SIGKILL
