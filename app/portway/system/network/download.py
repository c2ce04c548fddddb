"""Downloads a file: streamed, bounded in size, from hosts that are allowed, and cancelled within a moment."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from portway.core.cancel import CancelToken
from portway.system.storage.files import PRIVATE_FILE

if TYPE_CHECKING:
    import requests

_BLOCK = 1 << 18
_MOST_REDIRECTS = 5
_CONNECT_LIMIT = 10.0
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_REDIRECTS = (301, 302, 303, 307, 308)
_OK = 200
_SERVER_FAULT = 500

Tell = Callable[[int, int | None], None]


class UnreachableError(Exception):
    """No DNS, no route, nobody there."""


class UntrustedHostError(Exception):
    """The certificate of the host is not genuine."""


class DownloadError(Exception):
    """The host was reached and did not give the file. `may_pass`: another try may do. `status`: what it answered."""

    def __init__(self, reason: str, *, may_pass: bool = False, status: int | None = None) -> None:
        super().__init__(reason)
        self.may_pass = may_pass
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """One file. `largest` is in bytes; `hosts` are those that may serve it, empty for any that comes by https."""

    url: str
    largest: int
    hosts: frozenset[str] = field(default_factory=frozenset)


def download(what: Download, file: Path, *, cancel: CancelToken, stall: float, tell: Tell | None = None) -> str:
    """Write the file, 0600 and flushed to the disk, and return its SHA-256; `tell` hears bytes received and total.

    `stall` is the longest silence in seconds. Raises UnreachableError, UntrustedHostError, DownloadError, Cancelled, or
    OSError where the disk takes no more. Proxies are those of the environment.
    """
    import requests  # late: its import costs 60 ms and 10 MB

    cancel.check()
    with requests.Session() as session:
        session.headers["User-Agent"] = "portway"
        session.auth = lambda request: request  # a .netrc holds logins that are not for us
        try:
            response = _opened_unless_cancelled(session, what, stall, cancel)
            with response, cancel.calling(lambda: _shut(response)):
                return _save(response, what, file, cancel, tell)
        except requests.exceptions.RequestException as error:
            cancel.check()
            raise _meaning(error) from error


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    import hashlib  # late: it loads OpenSSL, 3.5 MB that nothing else needs while idle

    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _opened_unless_cancelled(
    session: requests.Session, what: Download, stall: float, cancel: CancelToken
) -> requests.Response:
    """Ask on a thread that is left behind when cancelled: nothing else ends a wait for a name or a silent host."""
    opening: Future[requests.Response] = Future()
    decided = threading.Event()
    opening.add_done_callback(lambda _: decided.set())

    def ask() -> None:
        try:
            opening.set_result(_opened(session, what, stall))
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            opening.set_exception(error)

    with cancel.calling(decided.set):
        threading.Thread(target=ask, name="opening of a download", daemon=True).start()
        decided.wait()
    if cancel.cancelled:
        opening.add_done_callback(_discard)
        cancel.check()
    return opening.result()


def _discard(opening: Future[requests.Response]) -> None:
    if opening.exception() is None:
        opening.result().close()


def _opened(session: requests.Session, what: Download, stall: float) -> requests.Response:
    """Follow redirects by hand: each address is looked at before anything is asked of it."""
    url = what.url
    for _ in range(_MOST_REDIRECTS + 1):
        _check(url, what)
        response = session.get(url, stream=True, allow_redirects=False, timeout=(_CONNECT_LIMIT, stall))
        if response.status_code in _REDIRECTS:
            url = urljoin(url, response.headers.get("Location", ""))
            response.close()
            continue
        if response.status_code != _OK:
            response.close()
            reason = f"{urlsplit(url).hostname} answered {response.status_code}"
            status = response.status_code
            raise DownloadError(reason, may_pass=status >= _SERVER_FAULT, status=status)
        return response
    raise DownloadError("it is redirected in circles")


def _check(url: str, what: Download) -> None:
    parts = urlsplit(url)
    loopback = parts.scheme == "http" and parts.hostname in _LOOPBACK and urlsplit(what.url).hostname in _LOOPBACK
    if parts.scheme != "https" and not loopback:
        raise DownloadError("it would come by an insecure connection")
    if what.hosts and parts.hostname not in what.hosts:
        raise DownloadError(f"it would come from {parts.hostname}, which is not a host of the project")


def _save(response: requests.Response, what: Download, file: Path, cancel: CancelToken, tell: Tell | None) -> str:
    import hashlib

    total = _length(response)
    if total is not None and total > what.largest:
        raise DownloadError("the file is larger than it may be")
    cancel.check()
    received, digest = 0, hashlib.sha256()
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(file, flags, PRIVATE_FILE), "wb") as target:
        for block in response.iter_content(_BLOCK):
            cancel.check()
            received += len(block)
            if received > what.largest:
                raise DownloadError("the file is larger than it may be")
            target.write(block)
            digest.update(block)
            if tell is not None:
                tell(received, total)
        cancel.check()
        target.flush()
        os.fsync(target.fileno())
    if total is not None and received != total:
        raise DownloadError("the connection ended too early", may_pass=True)
    return digest.hexdigest()


def _length(response: requests.Response) -> int | None:
    text = response.headers.get("Content-Length", "")
    return int(text) if text.isdecimal() and "Content-Encoding" not in response.headers else None


def _shut(response: requests.Response) -> None:
    """Wake the thread that waits for bytes."""
    response.raw.shutdown()


def _meaning(error: requests.exceptions.RequestException) -> Exception:
    import requests

    match error:
        case requests.exceptions.SSLError() if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return UntrustedHostError(str(error))
        case requests.exceptions.SSLError():
            return DownloadError("the secure connection could not be made", may_pass=True)
        case requests.exceptions.ReadTimeout():
            return DownloadError("the host does not answer", may_pass=True)
        case requests.exceptions.ChunkedEncodingError() | requests.exceptions.ContentDecodingError():
            return DownloadError("the connection ended too early", may_pass=True)
        case requests.exceptions.ConnectionError() if "Read timed out" in str(error):
            return DownloadError("the download stood still", may_pass=True)
        case requests.exceptions.ConnectionError():
            return UnreachableError(type(error).__name__)
        case _:
            return DownloadError("the address cannot be used")
