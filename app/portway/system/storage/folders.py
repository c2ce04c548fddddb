"""Where Portway keeps its files: the platform's folders, or one folder of the person's choice."""

import errno
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.system.storage.files import private_folder

APP = "portway"
TUNNELS = "tunnels"  # in the state folder: a folder for each tunnel that is not built in
_FULL = (errno.ENOSPC, errno.EDQUOT)
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

    def state_of(self, backend: str, tunnel: str) -> Path:
        """Return where a tunnel keeps its state: the built-in one in `state` itself, each other in its own folder."""
        return self.state if tunnel == backend else self.state / TUNNELS / tunnel

    def left_tunnels(self, backends: Collection[str]) -> Iterator[tuple[str, str]]:
        """Yield each tunnel that is not built in and has kept something, and of which of these backends it is.

        The names of its files begin with the word of its backend. What is in no such form is not ours.
        """
        folder = self.state / TUNNELS
        if not folder.is_dir():
            return
        for one in sorted(folder.iterdir()):
            files = [file.name for file in one.iterdir()] if one.is_dir() else []
            backend = next((word for word in backends if any(file.startswith(f"{word}-") for file in files)), None)
            if backend is not None:
                yield one.name, backend

    @property
    def all(self) -> tuple[Path, ...]:
        """Every folder that holds something of ours."""
        return (self.config, self.data, self.state, self.cache, self.run, self.log)


def find_folders(environment: Mapping[str, str]) -> Folders:
    """Return the folders that this environment asks for. `PORTWAY_HOME` puts all of them into one profile.

    Raises TunnelError(storage_failed) where it names none, or one whose name is not valid UTF-8.
    """
    home = environment.get("PORTWAY_HOME", "")
    try:
        folders = _profile(Path(home).expanduser().resolve()) if home else _default_folders()
    except (RuntimeError, OSError, ValueError) as error:  # an unknown user, a circle of links, a NUL
        is_unknown = isinstance(error, RuntimeError) and home.startswith("~")
        raise _no_home(home, "there is no such user" if is_unknown else str(error)) from error
    for path in (*folders.all, folders.sockets):
        try:
            str(path).encode()
        except UnicodeEncodeError:
            # It would be in every status, log and address of a file, which are UTF-8.
            raise _no_home(home or path, "its name is not valid UTF-8") from None
    return folders


def make_usable(folders: Folders) -> None:
    """Make what a running Portway writes from its first moment on.

    Raises TunnelError(storage_failed) where that can never be written. A disk that is full can have room again: it is
    no reason not to start.
    """
    for path in folders.all:
        if path.exists() and not path.is_dir():
            raise _no_home(path, "it is a file")
    for path in (folders.state, folders.run, folders.sockets, folders.log):
        try:
            private_folder(path)
        except TunnelError as error:
            if isinstance(error.__cause__, OSError) and error.__cause__.errno in _FULL:
                return
            raise _no_home(path, error.problem.parameters["reason"]) from error
        if not os.access(path, os.W_OK | os.X_OK):
            raise _no_home(path, "it cannot be written")


def _profile(root: Path) -> Folders:
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


def _no_home(path: Path | str, reason: str) -> TunnelError:
    shown = os.fsencode(path).decode(errors="replace")
    return TunnelError(Code.STORAGE_FAILED, "home", path=shown, reason=reason.rstrip("."))


def _hash(root: Path) -> str:
    import hashlib  # late: it loads OpenSSL, 3.5 MB that nothing else needs while idle

    return hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
