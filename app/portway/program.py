"""The composition root of what runs with or without a screen: hub, backends, REST API, and what stops them."""

import gc
import logging
import os
import time
from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication

from portway import __version__
from portway.backends.registry import build_backends
from portway.core.backend import Backend
from portway.core.guard.callers import Consents
from portway.core.secret import Secret
from portway.core.timing import Timing
from portway.launch_options import DONE, FAILED, LaunchOptions
from portway.rest.auth.tokens import Tokens
from portway.rest.server.server import RestServer
from portway.runtime.hub import TunnelHub
from portway.runtime.log_out import LogOut
from portway.runtime.process.environment_watch import EnvironmentMonitor
from portway.runtime.process.shutdown import ParentWatch, Shutdown, StopSignals
from portway.runtime.process.single_instance import SingleInstance
from portway.runtime.process.stall_watch import StallWatch
from portway.runtime.process.wake_ups import WakeUps
from portway.runtime.tunnel.wish import DesiredStateStore
from portway.runtime.url_hooks import UrlHooks
from portway.runtime.vault import Vault
from portway.system.desktop.login_watch import watch_login
from portway.system.processes.identity import boot_id
from portway.system.secrets.source import LayeredSecrets
from portway.system.secrets.store import open_secret_store
from portway.system.services import Services
from portway.system.storage.disk_writer import DiskWriter
from portway.system.storage.settings_file import FILE_NAME, SettingsFile
from portway.system.storage.state_file import StateFile
from portway.system.storage.wishes_file import WishesFile

logger = logging.getLogger(__name__)

_AFTER_SESSIONS = 2.0  # seconds that the rest of the end may take
_WRITTEN_WITHIN = 1.0  # seconds of them for the disk


class Program:
    """The parts of one running Portway. They end together, whoever asks for it.

    Raises TunnelError(bad_request) for a PORTWAY_API_TOKEN that is too short.
    """

    def __init__(self, start: LaunchOptions, instance: SingleInstance, application: QCoreApplication) -> None:
        self._start = start
        timing = Timing()
        tokens = Tokens.load(start.folders.data, start.environment)
        self._writer = DiskWriter()
        self._wish_writer = DiskWriter()  # of its own: each start of a tunnel waits until its wish is on the disk
        self.services = _services(start, timing, self._writer)
        backends = build_backends(self.services)
        self.settings_file = SettingsFile(start.folders.config / FILE_NAME, start.environment, backends, self._writer)
        self.vault = Vault(self.services.secrets)
        self.hub = TunnelHub(
            backends,
            self.services,
            settings=self.settings_file,
            secrets=self._secrets,
            vault=self.vault,
            wishes=DesiredStateStore(
                WishesFile(start.folders.state / "wishes.json", boot_id(), self._wish_writer), left_alone=start.tied
            ),
            learn=start.redactor.learn,
        )
        self.hub.settings_changed.connect(self._take_settings)
        self.vault.changed.connect(self.hub.look_again)
        self._stall_watch = StallWatch(parent=self.hub)
        self._take_settings()
        self.hooks = UrlHooks(self.hub, self.services, self.hub)
        self.api = RestServer(
            self.hub, self.vault, tokens, version=__version__, timing=timing, run_folder=start.folders.run
        )
        self._ending = Shutdown(end_limit(timing))
        self._listen(instance)
        self._ending.first(self.api.close)
        self._ending.then(self.hub.close)
        self._ending.then(self.hooks.close)
        self._ending.then(self._flush)
        self._ending.then(instance.release)
        # A log-out may end the process as soon as this signal is over.
        application.aboutToQuit.connect(self._ending.run)

    def serve(self, window: Callable[[], None] | None = None, consents: Consents | None = None) -> None:
        """Open the REST API. `window` raises the window, `consents` asks in it; None, both, where there is none."""
        port = self.api.listen(self.hub.settings.general.api_port, window, consents)
        if port is not None:
            self.hub.claim_port(port)

    def begin(self) -> None:
        """Bring the wishes back, and tell the command line where we are."""
        self.hub.start()
        gc.enable()  # all is imported and made
        self.api.announce()

    def end(self) -> None:
        """End all parts. Idempotent."""
        self._ending.run()
        self._flush()  # what the windows still had to say
        if self.hub.hangs:
            # A thread of Qt that still runs would abort the process: it ends without looking back.
            self._start.logs.stop()
            os._exit(FAILED)

    def _listen(self, instance: SingleInstance) -> None:
        """Let a later start, signals, the starter of this program, sleep and the network be heard."""
        self.hub.quit_asked.connect(_stop)
        instance.end_asked.connect(_stop)
        signals = StopSignals(self._start.signals, self.hub)
        signals.received.connect(_stop)
        self._ending.first(signals.close)  # while it ends, a further one changes nothing
        world = EnvironmentMonitor(self.services.timing, self.hub)
        world.woke.connect(self.hub.log_out)  # where nobody told of the sleep before
        world.changed.connect(self.hub.try_again)
        self._ending.then(world.close)
        self._ending.then(LogOut(self.hub, watch_login, self.hub).close)
        wake_ups = WakeUps(self._start.environment, self.services.timing.probe_limit, self.hub)
        wake_ups.woke_up.connect(self.hub.log_out)  # before anything else
        wake_ups.woke_up.connect(self.hub.try_again)
        self.hub.status_changed.connect(wake_ups.take_status)
        self._ending.then(wake_ups.close)
        self._ending.then(self._stall_watch.close)
        if self._start.tied:
            ParentWatch(self.hub).parent_ended.connect(_stop)

    def _flush(self) -> None:
        """Wait until all that is to be remembered is on the disk."""
        ends = time.monotonic() + _WRITTEN_WITHIN
        written = [one.flush(max(0.0, ends - time.monotonic())) for one in (self._writer, self._wish_writer)]
        if not all(written):
            logger.warning("The disk did not take everything in time. The next start may not know what was set last.")

    def _secrets(self, backend: Backend, options: type, given: Mapping[str, Secret]) -> LayeredSecrets:
        return LayeredSecrets(self.services, backend, options, given, self._start.redactor.learn)

    def _take_settings(self) -> None:
        level = self.hub.settings.general.log_level
        self._start.logs.set_level(level)
        self._stall_watch.look_at_events(on=level == "debug")


def end_limit(timing: Timing) -> float:
    """Return the seconds that the end of a whole Portway takes at most."""
    return timing.quit_limit + _AFTER_SESSIONS


def _services(start: LaunchOptions, timing: Timing, writer: DiskWriter) -> Services:
    folders, environment = start.folders, start.environment
    app_state = StateFile(folders.state / "app.json", writer)
    secrets = open_secret_store(folders, environment, timing, app_state, may_prompt=not start.headless)
    return Services(folders=folders, environment=environment, timing=timing, app_state=app_state, secrets=secrets)


def _stop() -> None:
    """Leave the event loop. Not by `quit`, which a window can refuse."""
    QCoreApplication.exit(DONE)
