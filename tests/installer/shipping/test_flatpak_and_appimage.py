"""As much of Flatpak and AppImage as can be claimed where neither can be built: what they name is there, and fits."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from development.commands import COMMANDS
from tests.limits import NEVER

ROOT = Path(__file__).parents[3]
LINUX = ROOT / "installer" / "linux"
(METAINFO,) = (ROOT / "resources" / "linux").glob("*.metainfo.xml")
SCRIPT = LINUX / "make-appimage.sh"
ID = METAINFO.name.removesuffix(".metainfo.xml")
MANIFEST = LINUX / f"{ID}.yml"
# Stands where appimagetool would: says what it was given.
TOOL = """\
#!/bin/sh
for word in "$@"; do echo "word $word"; done
for folder in "$@"; do [ -d "$folder" ] && cd "$folder"; done
find . | sort
sh AppRun --version
"""


@pytest.fixture
def manifest() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return told


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    """As `dev.py package` lays it out, as far as the script looks at it."""
    root = tmp_path / "root"
    for name in (
        "lib/portway/portway",
        "lib/systemd/user/portway.service",
        "share/applications/portway.desktop",
        "share/icons/hicolor/256x256/apps/portway.png",
    ):
        path = root / "usr" / name
        path.parent.mkdir(parents=True)
        path.write_text('#!/bin/sh\necho started with "$@"\n', encoding="utf-8")
        path.chmod(0o755)
    (root / "usr" / "bin").mkdir()
    (root / "usr" / "bin" / "portway").symlink_to("../lib/portway/portway")
    return root


def run(tmp_path: Path, *words: str, tool: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TMPDIR": str(tmp_path), "APPIMAGETOOL": tool}
    return subprocess.run(
        [str(SCRIPT), *words],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=2 * NEVER,
        check=False,
    )


def test_the_manifest_is_called_like_what_it_describes(manifest: dict[str, Any]) -> None:
    assert manifest["id"] == ID
    assert f"<id>{ID}</id>" in METAINFO.read_text(encoding="utf-8")


def test_what_the_manifest_takes_is_what_the_packages_lay_out(manifest: dict[str, Any]) -> None:
    (module,) = manifest["modules"]
    (source,) = module["sources"]
    laid_out = (ROOT / "installer" / "shipping" / "__main__.py").read_text(encoding="utf-8")
    assert (MANIFEST.parent / source["path"]).resolve() == ROOT / "build" / "package" / "staged" / "usr"
    assert 'ROOT / "build" / "package"' in laid_out
    recipe = (ROOT / "installer" / "shipping" / "linux.py").read_text(encoding="utf-8")
    assert 'work / "staged"' in recipe
    staged = {node.value for node in ast.walk(ast.parse(recipe)) if isinstance(node, ast.Constant)}
    assert "share/applications/portway.desktop" in staged
    assert "share/icons/hicolor/scalable/apps/portway.svg" in staged
    assert (manifest["rename-desktop-file"], manifest["rename-icon"]) == ("portway.desktop", "portway")
    assert manifest["command"] in recipe


def test_what_the_manifest_changes_in_the_metainfo_is_there(manifest: dict[str, Any]) -> None:
    (change,) = [one for one in manifest["modules"][0]["build-commands"] if one.startswith("sed")]
    before, after, path = re.findall(r"s\|(.+?)\|(.+?)\|' (\S+)", change)[0]
    text = METAINFO.read_text(encoding="utf-8")
    assert text.count(before) == 1
    assert after == f">{ID}.desktop<"
    assert path == f"/app/share/metainfo/{METAINFO.name}"


def test_the_sandbox_is_opened_for_what_portway_speaks_to_and_no_further(manifest: dict[str, Any]) -> None:
    buses = {one.removeprefix("--talk-name=") for one in manifest["finish-args"] if one.startswith("--talk-name=")}
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "app").rglob("*.py"))
    assert {name for name in buses - {"org.freedesktop.secrets"} if name not in source} == set()
    others = {one for one in manifest["finish-args"] if not one.startswith("--talk-name=")}
    assert others == {
        "--share=network",
        "--share=ipc",
        "--socket=wayland",
        "--socket=fallback-x11",
        "--device=dri",
    }


@pytest.mark.parametrize("path", [MANIFEST, SCRIPT], ids=lambda path: str(path.name))
def test_the_commands_and_files_that_they_name_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r"dev\.py (\w+)", text)) <= set(COMMANDS)
    assert [name for name in re.findall(r"\b(installer/[\w./-]+\.\w+)", text) if not (ROOT / name).is_file()] == []
    assert "Nobody has" in text


@pytest.mark.children
@pytest.mark.skipif(sys.platform != "linux", reason="the script is for Linux")
@pytest.mark.parametrize("runtime", ["", "/the/runtime"], ids=["fetched by the tool", "given"])
def test_the_script_hands_a_folder_that_starts_to_the_tool(
    tmp_path: Path, layout: Path, monkeypatch: pytest.MonkeyPatch, runtime: str
) -> None:
    tool = tmp_path / "tool"
    tool.write_text(TOOL, encoding="utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("APPIMAGE_RUNTIME", runtime)
    done = run(tmp_path, "out/portway.AppImage", str(layout), tool=str(tool))
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert f"word {tmp_path}/out/portway.AppImage" in lines
    assert ("word --runtime-file" in lines, f"word {runtime}" in lines) == (bool(runtime), bool(runtime))
    assert {"./AppRun", "./portway.desktop", "./portway.png", "./.DirIcon", "./usr/bin/portway"} <= set(lines)
    assert not [line for line in lines if "systemd" in line]
    assert lines[-1] == "started with --version"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("tmp.")], "it tidies up"


@pytest.mark.children
@pytest.mark.skipif(sys.platform != "linux", reason="the script is for Linux")
@pytest.mark.parametrize(
    ("spoil", "tool", "said"),
    [
        (lambda _root: None, "/nowhere/appimagetool", "appimagetool is not here"),
        (lambda root: (root / "usr" / "lib" / "portway" / "portway").unlink(), "/bin/true", "holds no layout"),
    ],
    ids=["without the tool", "without a layout"],
)
def test_the_script_says_what_is_missing(
    tmp_path: Path, layout: Path, spoil: Callable[[Path], None], tool: str, said: str
) -> None:
    spoil(layout)
    done = run(tmp_path, "out.AppImage", str(layout), tool=tool)
    assert done.returncode == 1
    assert said in done.stderr


@pytest.mark.children
def test_shell_scripts_have_nothing_that_shellcheck_finds() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck not found")
    scripts = [*ROOT.glob(".ci/*"), *ROOT.glob("installer/*/*.sh")]
    done = subprocess.run(["shellcheck", *scripts], capture_output=True, text=True, timeout=2 * NEVER, check=False)
    assert done.returncode == 0, done.stdout
