"""Lays out what the packages of Linux install, and lets nfpm make them: .deb, .rpm and one for Arch.

The bundle goes to /usr/lib/portway; beside it all that a program of a desktop has.
"""

import gzip
import json
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from shipping.notices import FILE_NAME as NOTICES
from shipping.origin import site_of

MAINTAINER = "The Portway authors <portway@users.noreply.github.com>"
SUMMARY = "open a local server to the local network or the internet"
DESCRIPTION = f"""\
{SUMMARY}
Portway puts a local server on a URL that others can open: on the devices
around you, or on the internet through Cloudflare, ngrok, Tailscale Funnel or
a server of your own by SSH. It lives in the system tray, and does the same
from a command line and from scripts."""
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
PACKAGERS = ("deb", "rpm", "archlinux")
# What the bundle links to and does not hold, and fontconfig, without which Qt finds no fonts. Of RPM systems there are
# several, which agree on the names of libraries alone.
DEPENDS = {
    "deb": (
        "libc6 (>= {glibc})",
        "libegl1",
        "libgl1",
        "libdbus-1-3",
        "libwayland-client0",
        "libwayland-cursor0",
        "libxcb1",
    ),
    "rpm": (
        *("libc.so.6(GLIBC_{glibc})(64bit)", "libEGL.so.1()(64bit)", "libGL.so.1()(64bit)", "libdbus-1.so.3()(64bit)"),
        *("libwayland-client.so.0()(64bit)", "libwayland-cursor.so.0()(64bit)", "libxcb.so.1()(64bit)"),
    ),
    "archlinux": ("glibc>={glibc}", "dbus", "libglvnd", "wayland", "libxcb"),
}
# Where the shells of the three look for completions that a package brings.
COMPLETIONS = {
    "bash": "share/bash-completion/completions/portway",
    "zsh": "share/zsh/vendor-completions/_portway",
    "fish": "share/fish/vendor_completions.d/portway.fish",
}
_ZSH_ELSEWHERE = "/usr/share/zsh/site-functions/_portway"
_PROGRAM = "/usr/lib/portway/portway"
_RELEASE = re.compile(r"^## \[(\d[^\]]*)\] - (\d{4}-\d{2}-\d{2})$", re.MULTILINE)
_NEEDS_GLIBC = re.compile(rb"GLIBC_2\.(\d+)\b")
_RUN_LIMIT = 60.0  # seconds, for a command that prints


@dataclass(frozen=True)
class Sources:
    """`bundle`: the folder of the bundle. `png`: draws the icon of a size."""

    root: Path
    bundle: Path
    version: str
    png: Callable[[int], bytes]
    sizes: tuple[int, ...]


def stage(sources: Sources, target: Path) -> None:
    """Lay out /usr in a folder that is made anew; the modes are those that the packages get."""
    shutil.rmtree(target, ignore_errors=True)
    usr = target / "usr"
    shutil.copytree(sources.bundle, usr / "lib" / "portway", symlinks=True)
    for path in (usr / "lib" / "portway").rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path == usr / "lib" / "portway" / "portway" else 0o644)
    for name in ("portway", "portway-tray"):  # without arguments the one program starts the tray
        _link(usr / "bin" / name, "../lib/portway/portway")
    for name, content in {**_desktop_files(sources), **_documents(sources)}.items():
        path = usr / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for folder in ("portway/LICENSE", f"portway/{NOTICES}"):
        (usr / "lib" / folder).unlink()  # they are among the documents
    _link(usr / "share" / "man" / "man1" / "portway-tray.1.gz", "portway.1.gz")
    for path in (target, *target.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)


def _link(path: Path, target: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def _desktop_files(sources: Sources) -> dict[str, bytes]:
    linux = sources.root / "resources" / "linux"
    (page,) = linux.glob("*.metainfo.xml")
    known = f"{_homepage(sources)}{_releases(sources)}</component>"
    metainfo = page.read_text(encoding="utf-8").replace("</component>", known)
    icons = {f"share/icons/hicolor/{size}x{size}/apps/portway.png": sources.png(size) for size in sources.sizes}
    drawing = (sources.root / "resources" / "icons" / "portway.svg").read_bytes()
    return {
        "share/applications/portway.desktop": (linux / "portway.desktop").read_bytes(),
        f"share/metainfo/{page.name}": metainfo.encode(),
        "lib/systemd/user/portway.service": (linux / "portway.service").read_bytes(),
        "share/icons/hicolor/scalable/apps/portway.svg": drawing,
        **icons,
        **{path: _printed(sources, "completion", shell) for shell, path in COMPLETIONS.items()},
    }


def _documents(sources: Sources) -> dict[str, bytes]:
    changes = (sources.root / "CHANGELOG.md").read_bytes()
    return {
        "share/man/man1/portway.1.gz": _packed(_printed(sources, "man")),
        "share/doc/portway/changelog.gz": _packed(changes),
        f"share/doc/portway/{NOTICES}.gz": _packed((sources.bundle / NOTICES).read_bytes()),
    }


def _printed(sources: Sources, *arguments: str) -> bytes:
    """Return what a command of the bundle prints: so that man page and completions are those of what is installed."""
    command = [str(sources.bundle / "portway"), *arguments]
    return subprocess.run(command, capture_output=True, check=True, timeout=_RUN_LIMIT).stdout


def _packed(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


def _homepage(sources: Sources) -> str:
    site = site_of(sources.root)
    return f'  <url type="homepage">{site}</url>\n' if site else ""


def _releases(sources: Sources) -> str:
    found = _RELEASE.findall((sources.root / "CHANGELOG.md").read_text(encoding="utf-8"))
    lines = [f'    <release version="{version}" date="{date}"/>\n' for version, date in found]
    return f"  <releases>\n{''.join(lines)}  </releases>\n" if lines else ""


def glibc_needed(bundle: Path) -> str:
    """Return the oldest glibc on which everything in the bundle can be loaded."""
    newest = 0
    for path in bundle.rglob("*"):
        if path.is_file() and not path.is_symlink() and (content := path.read_bytes()).startswith(b"\x7fELF"):
            newest = max(newest, *(int(minor) for minor in _NEEDS_GLIBC.findall(content)), 0)
    return f"2.{newest}"


def recipe(sources: Sources, staged: Path, *, compression: str) -> dict[str, object]:
    """Return what nfpm is told; it reads YAML, of which JSON is a part."""
    glibc = glibc_needed(sources.bundle)
    depends = {name: [*(line.format(glibc=glibc) for line in lines), "fontconfig"] for name, lines in DEPENDS.items()}
    ends_running = str(sources.root / "installer" / "linux" / "end-running.sh")
    return {
        "name": "portway",
        "arch": ARCHITECTURES[platform.machine()],
        "platform": "linux",
        "version": sources.version,
        "release": "1",
        "section": "net",
        "priority": "optional",
        "maintainer": MAINTAINER,
        "description": DESCRIPTION,
        "homepage": site_of(sources.root),
        "license": "GPL-3.0-or-later",
        "contents": list(_contents(sources, staged)),
        "scripts": {"preinstall": ends_running, "preremove": ends_running},
        "rpm": {"group": "Applications/Internet", "summary": SUMMARY, "compression": compression},
        "deb": {"compression": compression},
        "archlinux": {"packager": MAINTAINER},
        "overrides": {
            "deb": {
                "depends": depends["deb"],
                "recommends": ["gnome-keyring | kwalletmanager | keepassxc"],
                "suggests": ["openssh-client"],
            },
            "rpm": {"depends": depends["rpm"]},
            "archlinux": {"depends": depends["archlinux"]},
        },
    }


def _contents(sources: Sources, staged: Path) -> Iterator[Mapping[str, object]]:
    only_elsewhere = (f"usr/{COMPLETIONS['zsh']}",)
    for path in sorted(staged.rglob("*")):
        name = path.relative_to(staged).as_posix()
        if path.is_dir() and "portway" in path.relative_to(staged).parts:
            yield {"dst": f"/{name}", "type": "dir"}  # else it stays behind where an .rpm is removed
        elif path.is_symlink():
            yield {"src": str(path.readlink()), "dst": f"/{name}", "type": "symlink"}
        elif path.is_file():
            entry = {"src": str(path), "dst": f"/{name}", "file_info": {"mode": path.stat().st_mode & 0o777}}
            if name in only_elsewhere:
                yield {**entry, "packager": "deb"}
                yield from ({**entry, "dst": _ZSH_ELSEWHERE, "packager": packager} for packager in ("rpm", "archlinux"))
            else:
                yield entry
    own, linux = {"mode": 0o644}, sources.root / "installer" / "linux"
    overrides, changes = staged.parent / "lintian-overrides", staged.parent / "changelog.Debian.gz"
    shutil.copy(linux / "lintian-overrides", overrides)
    changes.write_bytes(_packed(_debian_changelog(sources).encode()))
    for path, place in (
        (linux / "copyright", "doc/portway/copyright"),
        (overrides, "lintian/overrides/portway"),
        (changes, "doc/portway/changelog.Debian.gz"),
    ):
        yield {"src": str(path), "dst": f"/usr/share/{place}", "packager": "deb", "file_info": own}
    licence = str(sources.root / "LICENSE")
    for packager in ("rpm", "archlinux"):
        yield {"dst": "/usr/share/licenses/portway", "type": "dir", "packager": packager}
        place = "/usr/share/licenses/portway/LICENSE"
        yield {"src": licence, "dst": place, "packager": packager, "file_info": own}


def _debian_changelog(sources: Sources) -> str:
    """Return the one entry that a package of another's hand has; what changed is in changelog.gz."""
    moment = os.environ.get("SOURCE_DATE_EPOCH", (sources.root / "CHANGELOG.md").stat().st_mtime)
    date = format_datetime(datetime.fromtimestamp(float(moment), UTC))
    return (
        f"portway ({sources.version}-1) unstable; urgency=medium\n\n"
        f"  * What has changed is told in changelog.gz.\n\n -- {MAINTAINER}  {date}\n"
    )


def make_packages(nfpm: str, sources: Sources, work: Path, target: Path, packagers: tuple[str, ...]) -> list[Path]:
    """Make the packages; return their files. `PORTWAY_PACKAGE_COMPRESSION=zstd` is for trials: xz takes minutes."""
    stage(sources, work / "staged")
    compression = os.environ.get("PORTWAY_PACKAGE_COMPRESSION", "xz")
    config = work / "nfpm.json"
    config.write_text(json.dumps(recipe(sources, work / "staged", compression=compression), indent=2), encoding="utf-8")
    before = set(target.iterdir())
    for packager in packagers:
        command = [nfpm, "package", "--config", str(config), "--packager", packager, "--target", str(target)]
        subprocess.run(command, check=True)
    return sorted(set(target.iterdir()) - before)
