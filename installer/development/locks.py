"""Writes the lock files: every package with its version and its hashes, for all systems and Pythons."""

import shutil
import subprocess

from development.environment import SetUpError
from development.places import Places, say

# --universal: one file for Linux, macOS and Windows and all Pythons from requires-python on.
# The rest keeps everything out that belongs to the machine it is written on, addresses of an index above all.
OPTIONS = (
    "--quiet",
    "--universal",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
)


def write_locks(places: Places, *, upgrade: bool) -> None:
    """Write the lock files; what is in more than one of them has one version."""
    compiler = shutil.which("uv")
    if compiler is None:
        sentence = "Lock files are written by uv, which is not installed. This installs it: pipx install uv"
        raise SetUpError(sentence)
    shared = [compiler, "pip", "compile", *OPTIONS, *(["--upgrade"] if upgrade else [])]
    runtime, dev, package = str(places.runtime_lock), str(places.dev_lock), str(places.package_lock)
    for arguments in (
        ["pyproject.toml", "--group", "build", "-o", runtime],
        ["pyproject.toml", "--group", "dev", "-c", runtime, "-o", dev],
        # Without what Portway requires: it has an environment of its own.
        ["--group", "package", "-c", dev, "--python-version", "3.11", "-o", package],
    ):
        finished = subprocess.run([*shared, *arguments], cwd=places.root, stdout=subprocess.DEVNULL, check=False)
        if finished.returncode:
            sentence = "The lock files were not written."
            raise SetUpError(sentence)
    for lock in (places.runtime_lock, places.dev_lock, places.package_lock):
        complaints = faults(lock.read_text(encoding="utf-8"))
        if complaints:
            raise SetUpError("\n".join(f"{lock.name}: {complaint}" for complaint in complaints))
        say(f"Wrote installer/{lock.name}.")


def faults(content: str) -> list[str]:
    """Return what must not be in a lock file."""
    requirements = split_requirements(content)
    addresses = [f"an address: {line.strip()}" for line in content.splitlines() if "://" in line]
    unhashed = [f"no hash: {name}" for name, text in requirements if "--hash=sha256:" not in text]
    unpinned = [f"no exact version: {name}" for name, text in requirements if "==" not in text.split(";")[0]]
    unwanted = [f"unwanted: {name}" for name, _ in requirements if name.lower() == "aiohttp"]
    return addresses + unhashed + unpinned + unwanted


def split_requirements(content: str) -> list[tuple[str, str]]:
    """Return name and text of each requirement; one may go over several lines."""
    joined = content.replace("\\\n", " ")
    lines = (line.strip() for line in joined.splitlines())
    return [(_name(line), line) for line in lines if line and not line.startswith("#")]


def _name(requirement: str) -> str:
    return requirement.split("==", maxsplit=1)[0].split(";", maxsplit=1)[0].split(maxsplit=1)[0]
