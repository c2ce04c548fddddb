"""What Portway needs from Debian and Ubuntu, found without asking the package manager."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from development.environment import SetUpError
from development.places import say

# Library → package. Asked for by library: the packages have other names on newer systems (libglib2.0-0t64).
QT_LIBRARIES: Mapping[str, str] = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfreetype.so.6": "libfreetype6",
    "libfontconfig.so.1": "libfontconfig1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libzstd.so.1": "libzstd1",
}
SCREEN_LIBRARIES: Mapping[str, str] = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
# Program → package: what the tests on a real desktop start. Where one is missing, its tests are skipped.
DESKTOP_PROGRAMS: Mapping[str, str] = {
    "Xvfb": "xvfb",
    "dbus-daemon": "dbus-daemon",
    "dbus-send": "dbus-bin",
    "gnome-keyring-daemon": "gnome-keyring",
    "trayer": "trayer",
    "xdotool": "xdotool",
    "xclip": "xclip",
    "ip": "iproute2",
    "sway": "sway",
    "wl-copy": "wl-clipboard",
    "dunst": "dunst",
    "chromium": "chromium",
    "curl": "curl",
    "sudo": "sudo",
    "setpriv": "util-linux",
    "ssh": "openssh-client",
    "sshd": "openssh-server",
}
# What begins to listen on the network as soon as systemd has it: that is for a person to install.
_SERVICES = frozenset({"openssh-server"})
_SYSTEMD = Path("/run/systemd/system")
_LIBRARY_LIST = "/sbin/ldconfig"
_ADMINISTRATOR_FOLDERS = "/usr/local/sbin:/usr/sbin:/sbin"


def ensure_system(libraries: Mapping[str, str]) -> None:
    """Return once Python can make environments and Qt finds its libraries; else raise with the command."""
    missing = missing_venv_package() + missing_packages(libraries, installed_libraries())
    if not missing:
        return
    if not _is_debian():
        say(f"Portway may not start: not found were {', '.join(missing)} (names as on Debian).")
    elif os.geteuid():
        sentence = f"Some system packages are missing. This installs them:\n\n  {install_command(missing)}\n"
        raise SetUpError(sentence)
    elif not _apt_install(missing):
        sentence = f"apt-get could not install {' '.join(missing)}."
        raise SetUpError(sentence)


def ensure_desktop_programs() -> None:
    """Install what the desktop tests start, if that needs no password; else say what will be skipped."""
    missing = missing_packages(DESKTOP_PROGRAMS, installed_programs(DESKTOP_PROGRAMS))
    if not missing or sys.platform != "linux":
        return
    if not _is_debian() or os.geteuid():
        way_on = f" This installs them: {install_command(missing)}" if _is_debian() else ""
        say(f"Tests that need {', '.join(missing)} will be skipped.{way_on}")
        return
    wanted = [package for package in missing if package not in _SERVICES or not _SYSTEMD.exists()]
    if wanted != missing:
        say(f"Tests that need {', '.join(_SERVICES)} will be skipped: it would begin to listen here at once.")
    if wanted and not _apt_install(wanted):
        # One that this release does not have must not cost the others.
        unavailable = [package for package in wanted if not _apt_install([package])]
        say(f"Tests that need {', '.join(unavailable)} will be skipped: apt-get could not install them.")


def install_command(packages: Iterable[str]) -> str:
    """Return the one command that a person has to type."""
    return f"sudo apt-get install --yes {' '.join(packages)}"


def missing_packages(wanted: Mapping[str, str], present: frozenset[str] | None) -> list[str]:
    """Return the packages of what is not present; none where it cannot be told."""
    if present is None:
        return []
    return [package for name, package in wanted.items() if name not in present]


def missing_venv_package() -> list[str]:
    """Debian leaves the part of Python that makes environments to a package of its own."""
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return []
    return [f"python{sys.version_info.major}.{sys.version_info.minor}-venv"]


def installed_libraries() -> frozenset[str] | None:
    """Return the names of all shared libraries, None on a system that keeps no list of them."""
    if sys.platform != "linux" or not Path(_LIBRARY_LIST).exists():
        return None
    listing = subprocess.run([_LIBRARY_LIST, "-p"], capture_output=True, text=True, check=False).stdout
    return frozenset(line.split(maxsplit=1)[0] for line in listing.splitlines()[1:] if line.strip())


def installed_programs(names: Iterable[str]) -> frozenset[str]:
    """Return which of the programs can be started; some are outside an ordinary user's PATH."""
    path = f"{os.environ.get('PATH', os.defpath)}{os.pathsep}{_ADMINISTRATOR_FOLDERS}"
    return frozenset(name for name in names if shutil.which(name, path=path))


def _is_debian() -> bool:
    return shutil.which("apt-get") is not None


def _apt_install(packages: list[str]) -> bool:
    say(f"Installing system packages with apt-get: {' '.join(packages)}")
    install = ["install", "--yes", "--quiet", "--no-install-recommends", *packages]
    if any(Path("/var/lib/apt/lists").glob("*_Packages*")) and _apt_get(install):
        return True
    # There were no package lists, or they are too old to find the packages by.
    return _apt_get(["update", "--quiet"]) and _apt_get(install)


def _apt_get(arguments: list[str]) -> bool:
    # At this level of a system without systemd, no service is started because it was installed.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    finished = subprocess.run(
        ["apt-get", *arguments],  # noqa: S607 - root's PATH decides, as when it is typed
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if finished.returncode:
        say(finished.stdout)
    return finished.returncode == 0
