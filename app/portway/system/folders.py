"""Where Portway keeps its files: the platform's folders, or one folder of the person's choice."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

APP = "portway"
_LONGEST_SOCKET_PATH = 90  # sockaddr_un ends at 108 bytes (104 on macOS); room for a file name


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Absolute paths. Nothing is created here; `private_folder` does that when it is needed."""

    config: Path
    data: Path
    state: Path
    cache: Path
    run: Path
    log: Path
    sockets: Path  # for the single-instance lock and socket; short, even where `run` is long
    root: Path | None  # of a profile of the person's choice; None for the default one

    @property
    def profile(self) -> str:
        """Empty for the default profile, else a short hash: separates keyring entries and sockets."""
        return "" if self.root is None else _hash(self.root)

    @property
    def keyring_service(self) -> str:
        """The service name of keyring entries."""
        return APP if self.root is None else f"{APP}:{self.profile}"

    @property
    def all(self) -> tuple[Path, ...]:
        """Every folder that holds something of ours."""
        return (self.config, self.data, self.state, self.cache, self.run, self.log)


def find_folders(environment: Mapping[str, str]) -> Folders:
    """Return the folders that this environment means. `PORTWAY_HOME` puts all of them into one profile."""
    home = environment.get("PORTWAY_HOME", "")
    if not home:
        return _default_folders()
    root = Path(home).expanduser().resolve()
    run = root / "run"
    return Folders(
        config=root / "config",
        data=root / "data",
        state=root / "state",
        cache=root / "cache",
        run=run,
        log=root / "log",
        sockets=_short(run, root),
        root=root,
    )


def _default_folders() -> Folders:
    import platformdirs  # late: a profile does not need it

    state = platformdirs.user_state_path(APP, appauthor=False)
    return Folders(
        config=platformdirs.user_config_path(APP, appauthor=False, roaming=True),
        data=platformdirs.user_data_path(APP, appauthor=False),
        state=state,
        cache=platformdirs.user_cache_path(APP, appauthor=False),
        run=state / "run",
        log=platformdirs.user_log_path(APP, appauthor=False),
        sockets=_short(state / "run", None),
        root=None,
    )


def _short(run: Path, root: Path | None) -> Path:
    """Return `run`, or a private folder with a short path where sockets in `run` would not fit."""
    if len(os.fsencode(run)) <= _LONGEST_SOCKET_PATH:
        return run
    import tempfile  # late: it is rarely needed, and as slow to import as the rest of this module

    user = os.getuid() if hasattr(os, "getuid") else "user"
    profile = "default" if root is None else _hash(root)
    return Path(tempfile.gettempdir()) / f"{APP}-{user}-{profile}"


def _hash(root: Path) -> str:
    import hashlib  # late: it loads OpenSSL, 3.5 MB that nothing else needs while idle

    return hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
