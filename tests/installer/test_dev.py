import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from development import checks, commands, environment
from development.checks import Step, run_steps
from development.environment import SetUpError
from development.places import Places
from development.stamp import Extent, Stamp, Work, read_stamp, wanted_stamp, work_left, write_stamp

INSTALLER = Path(__file__).parent.parent.parent / "installer"
FRESH = Stamp("Python", "/clone", "runtime lock", "dev lock", "project", "runtime")

PROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "portway"
version = "1"
"""
# The smallest build backend that pip takes for an editable install: no package has to be fetched for it.
BACKEND = """\
import pathlib, zipfile

def build_editable(directory, settings=None, metadata=None):
    name, info = "portway-1-py3-none-any.whl", "portway-1.dist-info"
    files = {
        "portway.pth": str(pathlib.Path("app").resolve()),
        f"{info}/METADATA": "Metadata-Version: 2.1\\nName: portway\\nVersion: 1\\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    record = "".join(f"{file},,\\n" for file in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(pathlib.Path(directory, name), "w") as wheel:
        for file, text in {**files, f"{info}/RECORD": record}.items():
            wheel.writestr(file, text)
    return name
"""
PORTWAY = """\
import os, sys, time
try:
    print(os.getpid(), *sys.argv[1:], flush=True)
    if "wait" in sys.argv:
        time.sleep(30)
except KeyboardInterrupt:
    sys.exit(5)
sys.exit(3)
"""


@dataclass(frozen=True)
class Clone:
    """A small project with the real dev.py in it."""

    root: Path

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(self.root / "installer" / "dev.py"), *arguments]

    def run(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        command = self.command(*arguments)
        return subprocess.run(
            command, capture_output=True, text=True, cwd=cwd, check=False, timeout=50, env=environment_of_a_person()
        )

    @property
    def venv(self) -> Path:
        return self.root / ".venv"


def environment_of_a_person() -> dict[str, str]:
    ours = ("PORTWAY_", "COVERAGE_", "PYTEST_", "DISPLAY", "WAYLAND_DISPLAY")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    root = tmp_path_factory.mktemp("clone with a space")
    copytree(INSTALLER, root / "installer", ignore=ignore_patterns("__pycache__"))
    package = root / "app" / "portway"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(PORTWAY, encoding="utf-8")
    (root / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (root / "backend.py").write_text(BACKEND, encoding="utf-8")
    for lock in ("requirements.txt", "requirements-dev.txt"):
        (root / "installer" / lock).write_text("# nothing\n", encoding="utf-8")
    made = Clone(root)
    first = made.run("run")
    assert first.returncode == 3, first.stderr
    assert "Making .venv" in first.stderr
    return made


def test_arguments_and_exit_code_are_handed_on_from_any_folder(clone: Clone, tmp_path: Path) -> None:
    finished = clone.run("run", "--", "expose", "3000", "--", "--help", cwd=tmp_path)
    assert finished.stdout.split()[1:] == ["expose", "3000", "--", "--help"]
    assert finished.returncode == 3


def test_a_second_start_makes_nothing(clone: Clone) -> None:
    before = (clone.venv / "pyvenv.cfg").stat().st_mtime_ns
    assert clone.run("run").stderr == ""
    assert (clone.venv / "pyvenv.cfg").stat().st_mtime_ns == before


def test_a_file_in_the_current_folder_is_not_taken_for_portway(clone: Clone, tmp_path: Path) -> None:
    (tmp_path / "portway.py").write_text("raise SystemExit(9)", encoding="utf-8")
    assert clone.run("run", cwd=tmp_path).returncode == 3


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no exec")
def test_portway_takes_the_place_of_dev_so_that_ctrl_c_is_its_own(clone: Clone) -> None:
    with subprocess.Popen(
        clone.command("run", "--", "wait"), stdout=subprocess.PIPE, text=True, env=environment_of_a_person()
    ) as process:
        assert process.stdout
        assert process.stdout.readline().split()[0] == str(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 5


def test_an_interrupted_set_up_is_repaired(clone: Clone) -> None:
    (clone.venv / "portway-stamp.json").unlink()
    for path in clone.venv.glob("lib/python*/site-packages/portway*"):
        path.rename(path.with_name("half " + path.name))
    finished = clone.run("run")
    assert "Making .venv" in finished.stderr
    assert finished.returncode == 3


def test_an_environment_whose_python_has_gone_is_made_again(clone: Clone) -> None:
    for link in clone.venv.glob("bin/python*"):
        link.unlink()
    assert clone.run("run").returncode == 3


def test_a_changed_lock_makes_the_environment_again(clone: Clone) -> None:
    with (clone.root / "installer" / "requirements.txt").open("a", encoding="utf-8") as lock:
        lock.write("# changed\n")
    finished = clone.run("run")
    assert "Making .venv" in finished.stderr
    assert finished.returncode == 3


def test_only_portway_writes_to_standard_output(clone: Clone) -> None:
    (clone.venv / "portway-stamp.json").write_text("{}", encoding="utf-8")
    assert len(clone.run("run").stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("found", "wanted", "work"),
    [
        (None, FRESH, Work.EVERYTHING),
        (FRESH, FRESH, Work.NOTHING),
        (FRESH, replace(FRESH, interpreter="another Python"), Work.EVERYTHING),
        (FRESH, replace(FRESH, root="/moved"), Work.EVERYTHING),
        (FRESH, replace(FRESH, runtime_lock="changed"), Work.EVERYTHING),
        (FRESH, replace(FRESH, dev_lock="changed"), Work.NOTHING),
        (FRESH, replace(FRESH, project="changed"), Work.PROJECT),
        (FRESH, replace(FRESH, extent="dev"), Work.PACKAGES),
        (FRESH, replace(FRESH, extent="dev", dev_lock="changed"), Work.PACKAGES),
        (replace(FRESH, extent="dev"), FRESH, Work.NOTHING),
        (replace(FRESH, extent="dev"), replace(FRESH, dev_lock="changed"), Work.EVERYTHING),
        (replace(FRESH, extent="dev"), replace(FRESH, extent="dev", dev_lock="changed"), Work.EVERYTHING),
    ],
)
def test_work_left(found: Stamp | None, wanted: Stamp, work: Work) -> None:
    assert work_left(found, wanted) is work


def test_a_stamp_is_read_back(tmp_path: Path) -> None:
    write_stamp(tmp_path / "stamp.json", FRESH)
    assert read_stamp(tmp_path / "stamp.json") == FRESH


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"interpreter": 1, "other": 2}', "\ud800"])
def test_a_damaged_stamp_counts_as_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "stamp.json"
    path.write_bytes(content.encode(errors="surrogatepass"))
    assert read_stamp(path) is None


@pytest.fixture
def places(tmp_path: Path) -> Places:
    (tmp_path / "installer").mkdir()
    places = Places(tmp_path, tmp_path / ".venv")
    places.runtime_lock.write_text("click==8\n", encoding="utf-8")
    places.dev_lock.write_text("click==8\npytest==9\n", encoding="utf-8")
    places.project_file.write_text('[project]\nname = "portway"\n', encoding="utf-8")
    return places


def test_settings_of_the_linters_install_nothing_anew(places: Places) -> None:
    before = wanted_stamp(places, Extent.DEV)
    places.project_file.write_text('[project]\nname = "portway"\n[tool.ruff]\nline-length = 1\n', encoding="utf-8")
    assert wanted_stamp(places, Extent.DEV) == before


def test_a_new_command_installs_the_project_anew(places: Places) -> None:
    before = wanted_stamp(places, Extent.DEV)
    places.project_file.write_text('[project]\nname = "portway"\nscripts.a = "b:c"\n', encoding="utf-8")
    assert work_left(before, wanted_stamp(places, Extent.DEV)) is Work.PROJECT


def test_other_line_ends_are_no_change(places: Places) -> None:
    before = wanted_stamp(places, Extent.DEV)
    places.dev_lock.write_bytes(b"click==8\r\npytest==9\r\n")
    assert wanted_stamp(places, Extent.DEV) == before


def test_a_folder_with_other_things_is_not_emptied(places: Places) -> None:
    places.venv.mkdir()
    (places.venv / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(SetUpError, match="other things"):
        environment.ensure_environment(places, Extent.RUNTIME)
    assert (places.venv / "letter.txt").exists()


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
    places = replace(places, venv=Path(sys.prefix))
    tests, *_ = checks.test_steps(places, ["-q", "-p", "no:cacheprovider", str(tmp_path)])
    assert isinstance(tests, tuple)
    (step,) = tests
    unmeasured = step.command[step.command.index("pytest") :]
    assert run_steps(places, [Step("pytest", (sys.executable, "-m", *unmeasured))]) == 5


def test_the_two_halves_are_all_tests_and_none_twice() -> None:
    places = Places(INSTALLER.parent, Path(sys.prefix))
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


@pytest.mark.parametrize(
    ("arguments", "parsed"),
    [
        (["run"], ("run", [])),
        (["run", "--", "expose", "3000"], ("run", ["expose", "3000"])),
        (["test", "--", "-k", "lan", "--", "x"], ("test", ["-k", "lan", "--", "x"])),
        (["lock", "--upgrade"], ("lock", ["--upgrade"])),
    ],
)
def test_command_line(arguments: list[str], parsed: tuple[str, list[str]]) -> None:
    assert commands.parse(arguments) == parsed


@pytest.mark.parametrize("arguments", [[], ["fly"], ["run", "expose"], ["lint", "--", "x"], ["run", "--upgrade"]])
def test_a_wrong_command_line_is_told_so(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        commands.parse(arguments)
    assert "usage: dev.py" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["", "run", "test", "lint", "bench", "pictures", "build", "lock"])
def test_help_needs_no_set_up(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        commands.main([command, "--help"] if command else ["--help"])
    assert capsys.readouterr().out.startswith("usage: dev.py")
