"""Tailscale's own install script: fetched from Tailscale's hosts only, and looked at before anything runs it."""

from __future__ import annotations

import contextlib
import os
import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from portway.backends.tailscale import causes
from portway.backends.tailscale.causes import TAILSCALE
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.timing import Timing
from portway.system.storage.files import DamagedFileError, private_folder, read_trusted, remove, write_whole

if TYPE_CHECKING:
    import requests

SOURCE = "https://tailscale.com/install.sh"
VARIABLE = "PORTWAY_TAILSCALE_INSTALLER"  # for tests
LARGEST = 1 << 20
_BEGINNING = b"#!/bin/sh"
_MOST_REDIRECTS = 5
_CHUNK = 64 * 1024
_LOOKS_APART = 0.05
_KEPT_FOR = 24 * 3600  # seconds, at most: for a question that stays open that long
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Script:
    """A script that lies in a folder which nobody else can look into. Implements core.backend.Fetched."""

    path: Path
    source: str
    size: int
    sha256: str

    def check(self, expected: str = "") -> None:
        """Raise TunnelError(checksum_mismatch) if the file is not what was fetched any more, or not as `expected`."""
        if expected and expected.lower() != self.sha256:
            raise TunnelError(causes.SCRIPT_NOT_AGREED, program=TAILSCALE)
        try:
            content = read_trusted(self.path, LARGEST)
        except DamagedFileError:
            content = None
        if content is None or _sha256(content) != self.sha256:
            raise TunnelError(causes.SCRIPT_CHANGED, program=TAILSCALE)

    def text(self) -> str:
        """Return what it says; nothing if it was removed or replaced by something else."""
        try:
            content = read_trusted(self.path, LARGEST)
        except DamagedFileError:
            content = None
        return "" if content is None else content.decode(errors="replace")

    def remove(self) -> None:
        """Leave nothing behind."""
        remove(self.path)


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Downloads the script. Blocks, bounded."""

    environment: Mapping[str, str]
    folder: Path
    timing: Timing

    def fetch(self, cancel: CancelToken) -> Script:
        """Return the script. Raises TunnelError(no_network, tls_intercepted, install_failed), Cancelled."""
        url = self.environment.get(VARIABLE, SOURCE)
        named = urlsplit(url).hostname if VARIABLE in self.environment else None
        content, source = _cancellable(lambda: self._download(url, named), cancel)
        if not content.startswith(_BEGINNING):
            raise _failed("what came is no shell script")
        folder = private_folder(self.folder)
        _sweep(folder)
        path = folder / f"install-{os.urandom(6).hex()}.sh"
        write_whole(path, content)
        return Script(path, source, len(content), _sha256(content))

    def _download(self, url: str, named: str | None) -> tuple[bytes, str]:
        import requests  # late: it takes 50 ms, and most starts need none of it

        with requests.Session() as session:
            session.trust_env = False  # its own look at the environment would also send what ~/.netrc holds
            try:
                return self._follow(session, url, named)
            except requests.exceptions.SSLError as error:
                raise TunnelError(Code.TLS_INTERCEPTED, service=TAILSCALE) from error
            except requests.exceptions.ConnectionError as error:
                raise TunnelError(Code.NO_NETWORK, "service", service=TAILSCALE) from error
            except requests.exceptions.RequestException as error:
                raise _failed(f"the download broke off ({type(error).__name__})") from error

    def _follow(self, session: requests.Session, url: str, named: str | None) -> tuple[bytes, str]:
        for _ in range(_MOST_REDIRECTS):
            _check_source(url, named)
            limit, proxies = self.timing.stall_limit, self._proxies(url)
            with session.get(url, timeout=limit, stream=True, allow_redirects=False, proxies=proxies) as answer:
                if answer.is_redirect:
                    url = urljoin(url, answer.headers["Location"])
                    continue
                if answer.status_code != 200:  # noqa: PLR2004 - OK
                    raise _failed(f"{urlsplit(url).hostname} answered {answer.status_code}")
                return _read(answer, time.monotonic() + 4 * limit), url
        raise _failed("it was redirected too often")

    def _proxies(self, url: str) -> dict[str, str]:
        def value(name: str) -> str:
            return self.environment.get(name.lower(), "") or self.environment.get(name.upper(), "")

        import urllib.request  # late: it loads all of http, email and ssl

        host, no_proxy = urlsplit(url).hostname or "", {"no": value("no_proxy")}
        if urllib.request.proxy_bypass_environment(host, no_proxy):  # type: ignore[attr-defined]  # not in typeshed
            return {}
        found = {scheme: value(f"{scheme}_proxy") for scheme in ("http", "https", "all")}
        return {scheme: proxy for scheme, proxy in found.items() if proxy}


def _sweep(folder: Path) -> None:
    """Remove what a killed run left behind; a younger script may still be open before a person."""
    oldest = time.time() - _KEPT_FOR
    for path in folder.glob("install-*.sh"):
        with contextlib.suppress(OSError):
            if path.lstat().st_mtime < oldest:
                path.unlink()


def _sha256(content: bytes) -> str:
    import hashlib  # late: it loads OpenSSL, 3.5 MB that nothing else needs while idle

    return hashlib.sha256(content).hexdigest()


def _cancellable(work: Callable[[], tuple[bytes, str]], cancel: CancelToken) -> tuple[bytes, str]:
    """Do `work` on a thread of its own. After a cancel it ends by its own limits: a connect cannot be interrupted."""
    outcome: queue.SimpleQueue[tuple[bytes, str] | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            outcome.put(work())
        except Exception as error:  # noqa: BLE001 - it is raised on the other thread
            outcome.put(error)

    cancel.check()
    threading.Thread(target=run, name="install script", daemon=True).start()
    while True:
        try:
            found = outcome.get(timeout=_LOOKS_APART)
        except queue.Empty:
            cancel.check()
            continue
        if isinstance(found, Exception):
            raise found
        return found


def _read(answer: requests.Response, deadline: float) -> bytes:
    content = b""
    for chunk in answer.iter_content(_CHUNK):
        content += chunk
        if len(content) > LARGEST:
            raise _failed("the script is larger than 1 MiB")
        if time.monotonic() > deadline:
            raise _failed("the download was too slow")
    return content


def _check_source(url: str, named: str | None) -> None:
    """Raise unless it comes by https from Tailscale; `named` is a loopback host that a test names instead."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise _failed("the address is malformed") from None
    if named in _LOOPBACK and host == named:
        return
    is_tailscale = host == "tailscale.com" or host.endswith(".tailscale.com")
    if parts.scheme != "https" or not is_tailscale or port not in (None, 443) or "@" in parts.netloc:
        raise _failed(f"{host or 'the address'} is none of Tailscale's hosts, or not reached by https")


def _failed(reason: str) -> TunnelError:
    return TunnelError(Code.INSTALL_FAILED, program=TAILSCALE, reason=reason)
