"""What the packages of Linux install, laid out from a stand-in for the bundle; scripts try the real ones."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shipping.linux import COMPLETIONS, DEPENDS, PACKAGERS, Sources, glibc_needed, recipe, stage
from shipping.notices import FILE_NAME
from tests.limits import NEVER

ROOT = Path(__file__).parents[3]
LINUX = ROOT / "resources" / "linux"
pytestmark = [
    pytest.mark.children,
    pytest.mark.skipif(sys.platform != "linux", reason="lays out files as Linux has them"),
]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    bundle = tmp_path_factory.mktemp("dist") / "portway"
    (bundle / "_internal").mkdir(parents=True)
    program = bundle / "portway"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m portway "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    (bundle / "_internal" / "libpart.so").write_bytes(b"\x7fELF...\0GLIBC_2.9\0GLIBC_2.34\0GLIBC_PRIVATE\0")
    (bundle / "_internal" / "link.so").symlink_to("libpart.so")
    for name in ("LICENSE", FILE_NAME):
        (bundle / name).write_text("a licence", encoding="utf-8")
    return Sources(ROOT, bundle, "1.2.3", lambda size: b"PNG of %d" % size, (16, 48))


@pytest.fixture(scope="module")
def staged(sources: Sources, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package") / "root"
    stage(sources, folder)
    return folder


def test_both_programs_lead_to_the_bundle(staged: Path) -> None:
    for name in ("portway", "portway-tray"):
        assert (staged / "usr" / "bin" / name).resolve() == staged / "usr" / "lib" / "portway" / "portway"


def test_it_has_what_a_program_of_a_desktop_has(staged: Path) -> None:
    share = staged / "usr" / "share"
    assert (share / "icons/hicolor/48x48/apps/portway.png").read_bytes() == b"PNG of 48"
    assert (share / "icons/hicolor/scalable/apps/portway.svg").is_file()
    assert (share / "applications/portway.desktop").is_file()
    assert (
        gzip.decompress((share / "man/man1/portway.1.gz").read_bytes())
        == (ROOT / "docs" / "man" / "portway.1").read_bytes()
    )
    assert (share / "man/man1/portway-tray.1.gz").resolve().is_file()
    assert b"GNU" not in (share / "doc/portway" / f"{FILE_NAME}.gz").read_bytes()
    assert {name: (staged / "usr" / path).stat().st_size > 300 for name, path in COMPLETIONS.items()} == dict.fromkeys(
        COMPLETIONS, True
    )


def test_only_the_program_can_be_started_and_everybody_can_read_all(staged: Path) -> None:
    modes = {path.relative_to(staged).as_posix(): path.stat().st_mode & 0o777 for path in staged.rglob("*")}
    files = {name for name in modes if (staged / name).is_file() and not (staged / name).is_symlink()}
    assert {name for name in files if modes[name] != 0o644} == {"usr/lib/portway/portway"}
    assert {modes[name] for name in modes if (staged / name).is_dir()} == {0o755}


def test_the_oldest_glibc_is_read_from_what_is_inside(sources: Sources) -> None:
    assert glibc_needed(sources.bundle) == "2.34"


def test_the_recipe_names_that_glibc_for_each_kind_of_package(sources: Sources, staged: Path) -> None:
    told = json.loads(json.dumps(recipe(sources, staged, compression="xz")))
    assert set(told["overrides"]) == set(PACKAGERS) == set(DEPENDS)
    assert all(any("2.34" in line for line in told["overrides"][packager]["depends"]) for packager in PACKAGERS)
    assert all(Path(script).is_file() for script in told["scripts"].values())


def test_every_file_of_the_recipe_exists_and_goes_where_it_is_only_once(sources: Sources, staged: Path) -> None:
    contents = recipe(sources, staged, compression="xz")["contents"]
    assert isinstance(contents, list)
    files = [entry for entry in contents if entry.get("type") is None]
    assert [entry["src"] for entry in files if not Path(entry["src"]).is_file()] == []
    for packager in PACKAGERS:
        places = [entry["dst"] for entry in contents if entry.get("packager", packager) == packager]
        assert len(places) == len(set(places))


def test_the_scripts_end_what_runs_by_the_file_and_never_by_a_name() -> None:
    script = (ROOT / "installer" / "linux" / "end-running.sh").read_text(encoding="utf-8")
    assert "-ef" in script
    assert not re.search(r"\b(pkill|killall|pidof)\b", script)


@pytest.mark.parametrize(
    "command",
    [
        ["desktop-file-validate", "portway.desktop"],
        ["appstreamcli", "validate", "--no-net", "io.github.portway.Portway.metainfo.xml"],
    ],
    ids=lambda command: str(command[0]),
)
def test_what_describes_portway_to_a_desktop_is_valid(command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} not found")
    done = subprocess.run(command, cwd=LINUX, capture_output=True, text=True, timeout=2 * NEVER, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "hint" not in done.stdout


def test_the_unit_is_valid(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze not found")
    text = (LINUX / "portway.service").read_text(encoding="utf-8").replace("/usr/bin/portway", sys.executable)
    (tmp_path / "portway.service").write_text(text, encoding="utf-8")
    run = tmp_path / "run"
    run.mkdir(mode=0o700)
    command = ["systemd-analyze", "--user", "--man=no", "verify", str(tmp_path / "portway.service")]
    environment = {"XDG_RUNTIME_DIR": str(run), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=2 * NEVER, check=False)
    assert (done.returncode, done.stderr) == (0, "")
