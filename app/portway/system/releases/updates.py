"""Whether there is a newer Portway: asked of its releases when a person wants that, and never by itself.

Nothing is installed and no package is fetched: what is read are the release in GitHub's form, and its checksums.
"""

import json
import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from portway import __version__
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import Cancelled, TunnelError
from portway.system.network.download import Download, DownloadError, UnreachableError, UntrustedHostError, download
from portway.system.releases.origin import FILE_NAME, Origin, read_origin
from portway.system.releases.versions import Newest, Version, read_version
from portway.system.storage.files import storage_failed
from portway.system.storage.resources import resource

logger = logging.getLogger(__name__)

CHECKSUMS = "SHA256SUMS"
LIMIT = 20.0  # seconds for all of it
_HOSTS = frozenset(
    {"api.github.com", "github.com", "objects.githubusercontent.com", "release-assets.githubusercontent.com"}
)
_LARGEST_LIST, _LARGEST_CHECKSUMS = 1 << 20, 1 << 16
_SHIPPED = "portway"  # so begins the name of each file of a release
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})", re.ASCII)
_LINE = re.compile(r"([0-9a-f]{64}) [ *](\S+)", re.ASCII)
_NOTHING_THERE, _REFUSED = 404, (403, 429)
_VARIANT = "updates"


class Updates:
    """Asks one origin. Any thread."""

    def __init__(self, origin: Origin, *, version: str = __version__, limit: float = LIMIT) -> None:
        self.origin = origin
        self._version = read_version(version)
        self._limit = limit

    def look(self) -> Newest:
        """Return the newest release, once its checksums were found right. Blocks for LIMIT seconds at most.

        Raises TunnelError.
        """
        import tempfile  # late: it is rarely needed, and as slow to import as the rest of this module

        try:
            with tempfile.TemporaryDirectory(prefix="portway-") as folder, _limited(self._limit) as cancel:
                return self._newest(Path(folder, "answer"), cancel)
        except Cancelled:
            limit = round(self._limit)
            raise TunnelError(Code.START_TIMEOUT, _VARIANT, host=self.origin.host, seconds=limit) from None
        except UntrustedHostError as error:
            logger.info("the host of the releases is not genuine: %s", error)
            raise self._failed(Code.TLS_INTERCEPTED) from None
        except UnreachableError as error:
            logger.info("the host of the releases cannot be reached: %s", error)
            raise self._failed(Code.NO_NETWORK) from None
        except DownloadError as error:
            raise self._refusal(error) from None
        except OSError as error:
            raise storage_failed("The folder for temporary files", error) from error

    def _newest(self, file: Path, cancel: CancelToken) -> Newest:
        self._get(self.origin.releases, _LARGEST_LIST, file, cancel)
        try:
            release = json.loads(file.read_bytes())
        except (ValueError, RecursionError):
            raise DownloadError("its answer is no release") from None
        tag, version = _tagged(release)
        if version <= self._version:
            return Newest(version.text, newer=False, page=self.origin.page_of(tag))
        digests, checksums = _published(release)
        if self._get(checksums, _LARGEST_CHECKSUMS, file, cancel) != digests.pop(CHECKSUMS):
            raise self._mismatch(version)
        said = {name: digest for digest, name in _LINE.findall(file.read_text(encoding="utf-8", errors="replace"))}
        if any(said.get(name) != digest for name, digest in digests.items()):
            raise self._mismatch(version)
        return Newest(version.text, newer=True, page=self.origin.page_of(tag))

    def _get(self, url: str, largest: int, file: Path, cancel: CancelToken) -> str:
        own = self.origin.host == "github.com"  # a stand-in for it has other hosts
        what = Download(url=url, largest=largest, hosts=_HOSTS if own else frozenset())
        return download(what, file, cancel=cancel, stall=self._limit)

    def _refusal(self, error: DownloadError) -> TunnelError:
        if error.status in _REFUSED:
            return self._failed(Code.RATE_LIMITED)
        reason = "nothing has been released there yet" if error.status == _NOTHING_THERE else str(error)
        return TunnelError(Code.REFUSED_BY_SERVICE, _VARIANT, host=self.origin.host, reason=reason)

    def _failed(self, code: Code) -> TunnelError:
        return TunnelError(code, _VARIANT, host=self.origin.host)

    @staticmethod
    def _mismatch(version: Version) -> TunnelError:
        return TunnelError(Code.CHECKSUM_MISMATCH, _VARIANT, version=version.text)


def known_updates() -> Updates | None:
    """Return what this copy can ask; None for one that was not made by a release."""
    origin = known_origin()
    return None if origin is None else Updates(origin)


def known_origin(find: Callable[[str], Path] = resource) -> Origin | None:
    """Return where this copy comes from; None where nobody wrote it down, or not so that it can be believed."""
    try:
        return read_origin(json.loads(find(FILE_NAME).read_bytes()))
    except OSError:
        return None
    except (ValueError, RecursionError) as error:
        logger.warning("%s is not used: %s.", FILE_NAME, error)
        return None


@contextmanager
def _limited(seconds: float) -> Iterator[CancelToken]:
    cancel = CancelToken()
    timer = threading.Timer(seconds, cancel.cancel)
    timer.daemon = True
    timer.start()
    try:
        yield cancel
    finally:
        timer.cancel()


def _tagged(release: object) -> tuple[str, Version]:
    tag = _mapping(release).get("tag_name")
    try:
        return str(tag), read_version(str(tag))
    except ValueError:
        raise DownloadError("its answer names no version") from None


def _published(release: object) -> tuple[dict[str, str], str]:
    """Return the digest of each file by its name, and where the checksums are. Raises DownloadError."""
    digests: dict[str, str] = {}
    address = ""
    assets = _mapping(release).get("assets")
    for entry in assets if isinstance(assets, list) else ():
        asset = _mapping(entry)
        name, url = asset.get("name"), asset.get("browser_download_url")
        if not isinstance(name, str) or (name != CHECKSUMS and not name.startswith(_SHIPPED)):
            continue
        found = _DIGEST.fullmatch(str(asset.get("digest")))
        if found is None:
            raise DownloadError("one of its files has no checksum")
        digests[name] = found[1]
        address = str(url) if name == CHECKSUMS else address
    if not address or len(digests) == 1:
        raise DownloadError("the release has no files with checksums")
    return digests, address


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
