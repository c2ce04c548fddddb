"""Every check runs, whatever the others did, and the tests in parts side by side."""

import signal
import sys
import time
from pathlib import Path

import pytest

from development import checks
from development.checks import Step, run_steps
from development.places import Places
from tests.limits import NEVER

pytestmark = pytest.mark.children

ROOT = Path(__file__).parents[3]


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
    tests, *_ = checks.test_steps(places, ["-q", "-p", "no:cacheprovider", str(tmp_path)], (3, 13))
    assert isinstance(tests, tuple)
    (step,) = tests
    unmeasured = step.command[step.command.index("pytest") :]
    assert run_steps(places, [Step("pytest", (sys.executable, "-m", *unmeasured))]) == 5


def test_the_parts_are_all_tests_and_none_twice() -> None:
    places = Places(ROOT, Path(sys.prefix))
    oldest, newest = (checks.test_steps(places, [], version)[0] for version in ((3, 11), (3, 13)))
    for together in (oldest, newest, checks.fast_steps(places, [])[0]):
        assert isinstance(together, tuple)
        words = [word for step in together for word in step.command[step.command.index("pytest") + 1 :]]
        named = [Path(word) for word in words if not word.startswith("--")]
        inside = [path for name in named for path in ([name] if name.is_file() else name.rglob("test_*.py"))]
        assert sorted(inside) == sorted((ROOT / "tests").rglob("test_*.py"))


def test_the_fast_tests_are_asked_for_by_their_marks_alone() -> None:
    (together,) = checks.fast_steps(Places(ROOT, Path(sys.prefix)), ["tests/core", "-k", "retry"])
    assert isinstance(together, tuple)
    (step,) = together
    assert step.command[1:] == ("-m", "pytest", "--fast", "tests/core", "-k", "retry")


@pytest.mark.parametrize(
    ("version", "arguments", "said"),
    [((3, 11), [], set()), ((3, 12), [], {"coverage", "floors"}), ((3, 13), ["tests/core"], {"coverage"})],
)
def test_coverage_is_measured_where_python_can_and_held_against_floors_where_all_tests_ran(
    version: tuple[int, ...], arguments: list[str], said: set[str]
) -> None:
    tests, *others = checks.test_steps(Places(ROOT, Path(sys.prefix)), arguments, version)
    assert isinstance(tests, tuple)
    assert all(("coverage" in step.command) == bool(said) for step in tests)
    names = [step.name for step in others if isinstance(step, Step)]
    assert {"coverage", "floors"} & set(names) == said


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
    assert run_steps(places, [Step("hang", (sys.executable, "-c", f"import time; time.sleep({2 * NEVER})"))]) == 124
    assert time.monotonic() - started < NEVER


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_a_step_that_crashes_is_a_failure(places: Places) -> None:
    crash = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert run_steps(places, [Step("crash", (sys.executable, "-c", crash))]) == 128 + signal.SIGKILL
