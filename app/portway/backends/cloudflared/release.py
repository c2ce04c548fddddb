"""What the newest release of cloudflared offers for this computer. Pure; the list is untrusted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portway.backends.cloudflared.declaration import PROGRAM

_VERSION = re.compile(r"\d{4}\.\d{1,2}\.\d{1,3}", re.ASCII)
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_NAMES: Mapping[tuple[str, str], str] = {
    ("linux", "amd64"): "linux-amd64",
    ("linux", "386"): "linux-386",
    ("linux", "arm"): "linux-armhf",
    ("linux", "arm64"): "linux-arm64",
    ("darwin", "amd64"): "darwin-amd64.tgz",
    ("darwin", "arm64"): "darwin-arm64.tgz",
    ("win32", "amd64"): "windows-amd64.exe",
    ("win32", "386"): "windows-386.exe",
    ("win32", "arm64"): "windows-amd64.exe",  # there is none for it: Windows translates
}
_MACHINES: Mapping[str, str] = {
    "x86_64": "amd64",
    "amd64": "amd64",
    "i386": "386",
    "i686": "386",
    "x86": "386",
    "armv6l": "arm",
    "armv7l": "arm",
    "aarch64": "arm64",
    "arm64": "arm64",
}


class UnusableReleaseError(Exception):
    """The list does not say what is needed; the text says why."""


class NoChecksumError(UnusableReleaseError):
    """The file is there, but nothing that it could be verified by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file of a release. `program_sha256` is the hash of the program inside an archive, where it is published."""

    version: str
    name: str
    url: str
    sha256: str
    program_sha256: str | None = None

    def is_older_than(self, version: str) -> bool:
        """Whether this release came before `version`."""
        return _numbers(self.version) < _numbers(version)

    @property
    def is_archive(self) -> bool:
        """Whether the program lies in a .tgz."""
        return self.name.endswith(".tgz")


def asset_name(platform: str, machine: str) -> str | None:
    """Return the name of the file for a system and machine, None where there is none."""
    name = _NAMES.get((platform, _MACHINES.get(machine.lower(), "")))
    return None if name is None else f"{PROGRAM}-{name}"


def choose(release: object, name: str) -> Asset:
    """Return the file called `name` of a release in GitHub's form. Raises UnusableReleaseError."""
    record = _object(release)
    version = record.get("tag_name")
    if not isinstance(version, str) or _VERSION.fullmatch(version) is None:
        message = "the list of releases names no version"
        raise UnusableReleaseError(message)
    assets = record.get("assets")
    for entry in assets if isinstance(assets, list) else ():
        asset = _object(entry)
        if asset.get("name") == name:
            return _asset(asset, version, name, record.get("body"))
    message = f"release {version} has no {name}"
    raise UnusableReleaseError(message)


def _asset(asset: Mapping[str, Any], version: str, name: str, body: object) -> Asset:
    url, digest = asset.get("browser_download_url"), asset.get("digest")
    found = _DIGEST.fullmatch(digest) if isinstance(digest, str) else None
    if not isinstance(url, str) or found is None:
        message = f"release {version} publishes no checksum for {name}"
        raise NoChecksumError(message)
    return Asset(version=version, name=name, url=url, sha256=found[1], program_sha256=_in_body(body, name))


def _in_body(body: object, name: str) -> str | None:
    """Return the hash that the release notes give; for an archive that is the one of the program inside."""
    found = re.search(rf"^\W*{re.escape(name)}:\s*([0-9a-f]{{64}})\b", str(body), re.MULTILINE | re.ASCII)
    return found[1] if found else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
