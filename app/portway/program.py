"""The composition root of what runs with or without a screen: hub, backends, REST API, and what stops them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication

from portway import __version__
from portway.backends.registry import build_backends
from portway.core.backend import Backend
from portway.core.secret import Secret
from portway.core.timing import Timing
from portway.rest.service import RestService
from portway.rest.tokens import Tokens
from portway.runtime.ending import Ending
from portway.runtime.hub import TunnelHub
from portway.runtime.single_instance import SingleInstance
from portway.runtime.stop_signals import StopSignals
from portway.runtime.tie import Tie
from portway.runtime.url_hooks import UrlHooks
from portway.runtime.vault import Vault
from portway.runtime.wish_book import WishBook
from portway.runtime.world_watch import WorldWatch
from portway.start import DONE, FAILED, Start
from portway.system.boot import boot_id
from portway.system.secret_source import RunSecrets
from portway.system.secret_store import open_secret_store
from portway.system.services import Services
from portway.system.settings_file import FILE_NAME, SettingsFile
from portway.system.state_file import StateFile
from portway.system.wishes_file import WishesFile

_AFTER_SESSIONS = 2.0  # seconds that the rest of the end may take


class Program:
    """The parts of one running Portway. They end together, whoever asks for it.

    Raises TunnelError(bad_request) for a PORTWAY_API_TOKEN that is too short.
    """

    def __init__(self, start: Start, instance: SingleInstance, application: QCoreApplication) -> None:
        self._start = start
        timing = Timing()
        tokens = Tokens.load(start.folders.data, start.environment)
        self.services = _services(start, timing)
        backends = build_backends(self.services)
        self.settings_file = SettingsFile(start.folders.config / FILE_NAME, start.environment, backends)
        self.vault = Vault(self.services.secrets)
        self.hub = TunnelHub(
            backends,
            self.services,
            load_settings=self.settings_file.load,
            secrets=self._secrets,
            vault=self.vault,
            wishes=WishBook(WishesFile(start.folders.state / "wishes.json", boot_id()), left_alone=start.tied),
        )
        self.hub.settings_changed.connect(self._take_settings)
        self.vault.changed.connect(self.hub.look_again)
        self._take_settings()
        self.hooks = UrlHooks(self.hub, self.services, self.hub)
        self.api = RestService(
            self.hub, self.vault, tokens, version=__version__, timing=timing, run_folder=start.folders.run
        )
        self._ending = Ending(end_limit(timing))
        self._listen(instance)
        self._ending.first(self.api.close)
        self._ending.then(self.hub.close)
        self._ending.then(self.hooks.close)
        self._ending.then(instance.release)
        # A log-out may end the process as soon as this signal is over.
        application.aboutToQuit.connect(self._ending.run)

    def serve(self, window: Callable[[], None] | None = None) -> None:
        """Open the REST API. `window` raises the window; None where there is none."""
        port = self.api.start(self.hub.settings.general.api_port, window)
        if port is not None:
            self.hub.claim_port(port)

    def begin(self) -> None:
        """Bring the wishes back, and tell the command line where we are."""
        self.hub.start()
        self.api.tell()

    def end(self) -> None:
        """End all parts. Idempotent."""
        self._ending.run()
        if self.hub.hangs:
            # A thread of Qt that still runs would abort the process: it ends without looking back.
            self._start.logs.stop()
            os._exit(FAILED)

    def _listen(self, instance: SingleInstance) -> None:
        """Let a later start, signals, the starter of this program, sleep and the network be heard."""
        self.hub.quit_asked.connect(_stop)
        instance.end_asked.connect(_stop)
        signals = StopSignals(self.hub)
        signals.received.connect(_stop)
        self._ending.then(signals.close)
        world = WorldWatch(self.services.timing, self.hub)
        world.changed.connect(self.hub.try_again)
        self._ending.then(world.close)
        if self._start.tied:
            Tie(self.hub).loosed.connect(_stop)

    def _secrets(self, backend: Backend, options: type, given: Mapping[str, Secret]) -> RunSecrets:
        return RunSecrets(self.services, backend, options, given, self._start.redactor.learn)

    def _take_settings(self) -> None:
        self._start.logs.set_level(self.hub.settings.general.log_level)


def end_limit(timing: Timing) -> float:
    """Return the seconds that the end of a whole Portway takes at most."""
    return timing.close_limit + _AFTER_SESSIONS


def _services(start: Start, timing: Timing) -> Services:
    folders, environment = start.folders, start.environment
    app_state = StateFile(folders.state / "app.json")
    secrets = open_secret_store(folders, environment, timing, app_state, may_prompt=not start.headless)
    return Services(folders=folders, environment=environment, timing=timing, app_state=app_state, secrets=secrets)


def _stop() -> None:
    """Leave the event loop. Not by `quit`, which a window can refuse."""
    QCoreApplication.exit(DONE)
