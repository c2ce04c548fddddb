"""As much of the installers for Windows and macOS as can be claimed on another system."""

from __future__ import annotations

import plistlib
import shutil
import subprocess
from pathlib import Path

import pytest

from shipping.icons import DRAWING, write_icon
from tests.limits import NEVER

ROOT = Path(__file__).parents[3]
MACOS, WINDOWS = ROOT / "installer" / "macos", ROOT / "installer" / "windows"
SCRIPT = WINDOWS / "portway.nsi"


@pytest.mark.children
def test_the_installer_of_windows_is_compiled_without_a_warning(tmp_path: Path) -> None:
    if shutil.which("makensis") is None:
        pytest.skip("makensis not found")
    bundle, setup = tmp_path / "bundle", tmp_path / "portway-1.2.3-setup.exe"
    (bundle / "_internal").mkdir(parents=True)
    for name in ("portway.exe", "portway-tray.exe", "_internal/part.dll"):
        (bundle / name).write_bytes(b"a stand-in")
    icon = write_icon("win32", ROOT / DRAWING, tmp_path)
    defined = {"VERSION": "1.2.3", "BUNDLE": bundle, "ICON": icon, "OUTPUT": setup}
    command = ["makensis", "-V2", "-WX", "-NOCD", *(f"-D{name}={value}" for name, value in defined.items())]
    done = subprocess.run([*command, str(SCRIPT)], capture_output=True, text=True, timeout=2 * NEVER, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert setup.read_bytes().startswith(b"MZ")


def test_the_installer_of_windows_needs_no_administrator_and_leaves_what_is_a_persons() -> None:
    script = SCRIPT.read_text(encoding="utf-8-sig")
    assert "RequestExecutionLevel user" in script
    assert "HKLM" not in script
    assert 'RMDir /r "$INSTDIR"' not in script, "the folder may hold other things"
    assert "$APPDATA" not in script


def test_every_text_of_the_installer_has_its_translation() -> None:
    script = SCRIPT.read_text(encoding="utf-8-sig")
    lines = [line.split() for line in script.splitlines() if line.startswith("LangString")]
    english, german = ({line[1] for line in lines if line[2] == f"${{LANG_{name}}}"} for name in ("ENGLISH", "GERMAN"))
    assert english
    assert english == german


def test_the_application_of_macos_lives_in_the_menu_bar() -> None:
    told = plistlib.loads((MACOS / "Info.plist").read_bytes())
    assert told["LSUIElement"] is True
    assert told["LSMinimumSystemVersion"] == "13.0"
    assert told["NSLocalNetworkUsageDescription"]
    assert "Info.plist" in (ROOT / "build.spec").read_text(encoding="utf-8")


def test_the_hardened_runtime_is_opened_for_what_python_needs_and_no_further() -> None:
    assert plistlib.loads((MACOS / "entitlements.plist").read_bytes()) == {
        "com.apple.security.cs.allow-unsigned-executable-memory": True,
        "com.apple.security.cs.disable-library-validation": True,
    }


@pytest.mark.children
def test_the_script_of_the_disk_image_is_a_script() -> None:
    done = subprocess.run(
        ["bash", "-n", str(MACOS / "make-dmg.sh")], capture_output=True, timeout=2 * NEVER, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
