import os
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from development import commands, environment
from development.environment import SetUpError
from development.places import Places
from development.stamp import Extent, Stamp, Work, read_stamp, wanted_stamp, work_left, write_stamp
from tests.limits import NEVER, SEEN

pytestmark = pytest.mark.children

INSTALLER = Path(__file__).parents[3] / "installer"
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
        time.sleep(90)
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
            command,
            capture_output=True,
            text=True,
            cwd=cwd,
            check=False,
            timeout=2 * NEVER,
            env=environment_of_a_person(),
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
        assert process.wait(SEEN) == 5


def test_an_environment_that_is_not_whole_is_made_again_and_only_portway_writes_to_standard_output(
    clone: Clone,
) -> None:
    """Its Python has gone. After an interrupted set-up it is the stamp that is not there, which comes to the same."""
    for link in clone.venv.glob("bin/python*"):
        link.unlink()
    for path in clone.venv.glob("lib/python*/site-packages/portway*"):
        path.rename(path.with_name("half " + path.name))
    finished = clone.run("run")
    assert "Making .venv" in finished.stderr
    assert (finished.returncode, len(finished.stdout.splitlines())) == (3, 1)


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


@pytest.mark.parametrize("lacks", ["its Python", "its stamp", "nothing"])
def test_an_environment_counts_where_it_has_its_python_and_its_stamp(places: Places, lacks: str) -> None:
    places.python.parent.mkdir(parents=True)
    if lacks != "its Python":
        places.python.touch()
    if lacks != "its stamp":
        write_stamp(places.stamp, FRESH)
    assert environment._found(places) == (FRESH if lacks == "nothing" else None)


def test_a_changed_lock_makes_the_environment_again(places: Places) -> None:
    before = wanted_stamp(places, Extent.RUNTIME)
    places.runtime_lock.write_text("click==9\n", encoding="utf-8")
    assert work_left(before, wanted_stamp(places, Extent.RUNTIME)) is Work.EVERYTHING


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
