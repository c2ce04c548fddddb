"""Writes where a copy comes from, as the release knows it: `dev.py origin`, before bundle and wheel are built.

Then About leads to site and documentation, newer versions can be looked for, and the page that the package index shows
has a picture and links. No address stands in the source: a clone, and what is built from it by hand, know none.
"""

import json
import os
import re
import runpy
from collections.abc import Mapping
from pathlib import Path

from development.environment import SetUpError
from development.places import Places, say

FILE = Path("resources", "origin.json")
PAGE = Path("docs", "index.md")  # what the package index shows; no address there can be relative
PICTURE = Path("docs", "pictures", "happy-light.png")
_SERVER = "https://github.com"
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}", re.ASCII)


def write_origin(places: Places, environment: Mapping[str, str] = os.environ) -> int:
    """Write it from what a workflow of GitHub has in its environment; return the exit code."""
    repository = environment.get("GITHUB_REPOSITORY", "")
    if environment.get("GITHUB_SERVER_URL") != _SERVER or _REPOSITORY.fullmatch(repository) is None:
        sentence = "This is for a workflow of GitHub, which sets GITHUB_SERVER_URL and GITHUB_REPOSITORY."
        raise SetUpError(sentence)
    version = runpy.run_path(str(places.root / "app" / "portway" / "__init__.py"))["__version__"]
    record = origin_of(repository, f"v{version}")
    (places.root / FILE).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    page = (places.root / PAGE).read_text(encoding="utf-8")
    links = links_of(repository, f"v{version}")
    if links not in page:
        (places.root / PAGE).write_text(page + links, encoding="utf-8")
    say(f"{FILE.as_posix()} says that this copy comes from {record['site']}.")
    return 0


def origin_of(repository: str, tag: str) -> dict[str, str]:
    """Return what the file says; `portway.system.releases.origin` reads it."""
    site = f"{_SERVER}/{repository}"
    return {
        "site": site,
        "docs": f"{site}/blob/{tag}/docs/index.md",
        "releases": f"https://api.github.com/repos/{repository}/releases/latest",
    }


def links_of(repository: str, tag: str) -> str:
    """Return the end of the page that the package index shows: a picture, and where there is more."""
    site = f"{_SERVER}/{repository}"
    picture = f"https://raw.githubusercontent.com/{repository}/{tag}/{PICTURE.as_posix()}"
    pages = {"Website": site, "Documentation": f"{site}/tree/{tag}/docs", "Changes": f"{site}/blob/{tag}/CHANGELOG.md"}
    links = " · ".join(f"[{name}]({address})" for name, address in pages.items())
    return f"\n![The window of Portway: a local server is open, with its URL and a QR code]({picture})\n\n{links}\n"


def site_of(root: Path) -> str:
    """Return the site that was written down, for what describes a package; empty where none was."""
    try:
        return str(json.loads((root / FILE).read_text(encoding="utf-8"))["site"])
    except OSError:
        return ""
