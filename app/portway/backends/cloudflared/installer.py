"""Fetches cloudflared, and lets it become executable only after its checksum was found right."""

import contextlib
import json
import logging
import platform
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from portway.backends.cloudflared import causes
from portway.backends.cloudflared.binary_locator import BinaryLocator, Managed, install_failed
from portway.backends.cloudflared.declaration import PROGRAM
from portway.backends.cloudflared.release import Asset, NoChecksumError, UnusableReleaseError, asset_name, choose
from portway.core.backend import Context
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.status import Progress
from portway.core.texts import translatable
from portway.system.network.download import (
    Download,
    DownloadError,
    UnreachableError,
    UntrustedHostError,
    download,
    sha256_of,
)
from portway.system.services import Services
from portway.system.storage.files import private_folder, remove, storage_failed

logger = logging.getLogger(__name__)

RELEASES = "https://api.github.com/repos/cloudflare/cloudflared/releases/latest"
RELEASES_VARIABLE = "PORTWAY_CLOUDFLARED_RELEASES"
_HOSTS = frozenset(
    {
        "api.github.com",
        "github.com",
        "objects.githubusercontent.com",
        "release-assets.githubusercontent.com",
        "github-releases.githubusercontent.com",
    }
)
_LARGEST_LIST = 4 << 20
_LARGEST_PROGRAM = 128 << 20
_TRIES = 3
_LOOK_EVERY = 0.1  # seconds between two looks at the cancel token, while another installation is under way
_TELL_EVERY = 0.1  # more often nobody can see
_LIST, _FILE, _UNPACKED = "releases.part", "download.part", "unpacked.part"
_RELEASE_HOST = "The release host"


class Installer:
    """Installs into our own folder. One at a time; blocks on the caller's thread."""

    def __init__(self, services: Services, locator: BinaryLocator) -> None:
        self._services = services
        self._locator = locator
        self._timing = services.timing
        self._lock = threading.Lock()
        self._folder = locator.folder

    def install(self, context: Context, *, update: bool) -> str:
        """Fetch the newest release and return its version. Without `update` a copy that is there is good enough.

        Raises TunnelError or Cancelled; nothing is then left on disk, and an older copy stays.
        """
        while not self._lock.acquire(timeout=_LOOK_EVERY):
            context.cancel.check()
        try:
            managed = self._sound_copy()
            if managed is not None and not update:
                return managed.version
            version = self._fetched(context, managed)
            context.listener.inspected(self._locator.installation())
            return version
        finally:
            context.listener.progress(None)
            self._clean()
            self._lock.release()

    def sweep(self) -> None:
        """Remove what an installation left that was killed."""
        if self._lock.acquire(blocking=False):
            try:
                self._clean()
            finally:
                self._lock.release()

    def _sound_copy(self) -> Managed | None:
        """Return the copy that is there, if it is still what was installed."""
        managed = self._locator.managed()
        if managed is None:
            return None
        with contextlib.suppress(OSError):
            return managed if sha256_of(self._locator.path_of(managed)) == managed.sha256 else None
        return None

    def _fetched(self, context: Context, managed: Managed | None) -> str:
        name = asset_name(sys.platform, platform.machine())
        if name is None:
            raise TunnelError(Code.UNSUPPORTED_PLATFORM, program=PROGRAM)
        private_folder(self._folder)
        context.listener.progress(Progress(step="release", message="Looking for the newest cloudflared"))
        asset = self._chosen(name, context)
        recorded = self._locator.managed()
        if recorded is not None and asset.is_older_than(recorded.version):
            raise install_failed(f"the newest release is said to be {asset.version}, which is older than the copy here")
        if managed is not None and managed.version == asset.version:
            return asset.version
        file = self._folder / _FILE
        digest = self._get(asset, file, context)
        context.listener.progress(Progress(step="verify", message="Verifying cloudflared"))
        program, digest = self._verified(asset, file, digest)
        context.cancel.check()
        program.chmod(0o700)
        self._locator.put(program, Managed(asset.version, digest))
        self._try_out(asset)
        logger.info("installed cloudflared %s, SHA-256 %s", asset.version, digest)
        return asset.version

    def _chosen(self, name: str, context: Context) -> Asset:
        url = self._services.environment.get(RELEASES_VARIABLE) or RELEASES
        file = self._folder / _LIST
        self._download(Download(url=url, largest=_LARGEST_LIST, hosts=self._hosts(url)), file, context, None)
        try:
            return choose(json.loads(file.read_bytes()), name)
        except (ValueError, RecursionError):
            raise install_failed("the release host did not answer with a list of releases") from None
        except NoChecksumError as error:
            raise TunnelError(causes.NO_CHECKSUM, program=PROGRAM, reason=error) from None
        except UnusableReleaseError as error:
            raise install_failed(str(error)) from None

    def _get(self, asset: Asset, file: Path, context: Context) -> str:
        last = 0.0

        def tell(received: int, total: int | None) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last < _TELL_EVERY and received != total:
                return
            last = now
            message = translatable("Downloading cloudflared")
            context.listener.progress(Progress(step="download", message=message, received=received, total=total))

        hosts = self._hosts(self._services.environment.get(RELEASES_VARIABLE) or RELEASES)
        return self._download(Download(url=asset.url, largest=_LARGEST_PROGRAM, hosts=hosts), file, context, tell)

    def _download(
        self, what: Download, file: Path, context: Context, tell: Callable[[int, int | None], None] | None
    ) -> str:
        """Try a few times and return the SHA-256. Raises TunnelError."""
        for left in reversed(range(_TRIES)):
            try:
                return download(what, file, cancel=context.cancel, stall=self._timing.stall_limit, tell=tell)
            except UntrustedHostError as error:
                logger.info("the release host is not genuine: %s", error)
                wait = self._timing.intercepted_wait
                raise TunnelError(Code.TLS_INTERCEPTED, retry_after=wait, service=_RELEASE_HOST) from None
            except UnreachableError as error:
                logger.info("the release host cannot be reached: %s", error)
                if not left:
                    raise TunnelError(Code.NO_NETWORK, "service", service=_RELEASE_HOST) from None
            except DownloadError as error:
                logger.info("the download failed: %s", error)
                if not left or not error.may_pass:
                    raise install_failed(str(error)) from None
            except OSError as error:
                raise storage_failed(file, error) from error
            context.cancel.wait(self._timing.retry_first)
        raise AssertionError  # the last try has returned or raised

    def _verified(self, asset: Asset, file: Path, digest: str) -> tuple[Path, str]:
        """Return the program and its hash. Raises TunnelError(checksum_mismatch)."""
        if digest != asset.sha256:
            raise TunnelError(Code.CHECKSUM_MISMATCH, program=PROGRAM)
        if not asset.is_archive:
            return file, digest
        from portway.backends.cloudflared.archive import UnusableArchiveError, extract  # late: see there

        program = self._folder / _UNPACKED
        try:
            inner = extract(file, program, _LARGEST_PROGRAM)
        except UnusableArchiveError as error:
            logger.info("the archive cannot be used: %s", error)
            raise install_failed("the archive does not hold the program") from None
        except OSError as error:
            raise storage_failed(program, error) from error
        # The release notes name the program inside; some releases named the archive itself.
        if asset.program_sha256 not in (None, inner, digest):
            raise TunnelError(Code.CHECKSUM_MISMATCH, program=PROGRAM)
        return program, inner

    def _try_out(self, asset: Asset) -> None:
        """A program that does not even tell its version is of no use: the older one comes back."""
        installed = self._locator.managed()
        if installed is not None and self._locator.version(self._locator.path_of(installed)) is not None:
            return
        kept = self._locator.put_back()
        raise TunnelError(
            causes.OLD_KEPT if kept else Code.BINARY_UNUSABLE,
            program=PROGRAM,
            path=asset.name,
            reason="it does not run on this computer",
        )

    def _hosts(self, releases: str) -> frozenset[str]:
        return _HOSTS if releases == RELEASES else frozenset()

    def _clean(self) -> None:
        for name in (_LIST, _FILE, _UNPACKED):
            remove(self._folder / name)
