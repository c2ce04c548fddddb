"""The composition root: the one place that names concrete classes, for the tray and for headless alike."""

from __future__ import annotations

import contextlib
import linecache
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portway import __version__
from portway.backends.registry import build_backends
from portway.core.backend import Backend
from portway.core.errors import Problem, TunnelError
from portway.core.secret import Secret
from portway.core.timing import Timing
from portway.rest.tokens import Issued, Tokens
from portway.system.app_state import AppState
from portway.system.boot import boot_id
from portway.system.display import has_display
from portway.system.folders import APP, Folders, find_folders
from portway.system.logs import RunningLogs, start_logging
from portway.system.redaction import Redactor
from portway.system.secret_source import RunSecrets
from portway.system.secret_store import open_secret_store
from portway.system.services import Services
from portway.system.settings_file import FILE_NAME, SettingsFile
from portway.system.state_file import StateFile
from portway.system.wishes_file import WishesFile

# isort: split
# Last, because PySide6 6.11 reads the source of every module that is imported after it: 0.1 s and 3 MB less this way.
from PySide6.QtCore import QCoreApplication, QProcess

from portway.runtime.ending import Ending
from portway.runtime.hub import TunnelHub
from portway.runtime.single_instance import Claim, SingleInstance
from portway.runtime.stop_signals import StopSignals
from portway.runtime.tie import Tie
from portway.runtime.url_hooks import UrlHooks
from portway.runtime.vault import Vault
from portway.runtime.wish_book import WishBook
from portway.runtime.world_watch import WorldWatch

if TYPE_CHECKING:
    from portway.gui.parts import Parts
    from portway.rest.service import RestService

_DONE, _FAILED = 0, 1
_RUNNING_ALREADY = "Portway is running already. “portway quit” ends it."
_AFTER_SESSIONS = 2.0  # seconds that the rest of the end may take


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """What one start is made of before anything runs."""

    environment: Mapping[str, str]
    folders: Folders
    timing: Timing
    tokens: Tokens
    redactor: Redactor
    logs: RunningLogs
    headless: bool
    tied: bool
    autostart: bool


def run(*, headless: bool, tied: bool = False, autostart: bool = False) -> int:
    """Run Portway in this process until it ends; return the exit code.

    `tied`: it ends when standard input does. `autostart`: it was started at login, not by a person.
    """
    environment = dict(os.environ)
    folders = find_folders(environment)
    redactor = Redactor()
    logs = start_logging(folders.log, "info", redactor, console=None if tied else sys.stderr)
    try:
        start = _Start(
            environment=environment, folders=folders, timing=Timing(), tokens=Tokens.load(folders.data, environment),
            redactor=redactor, logs=logs, headless=headless or _is_headless(environment), tied=tied,
            autostart=autostart,
        )  # fmt: skip
        return _run_headless(start) if start.headless else _run_tray(start)
    except TunnelError as error:
        _say(str(error))
        return _FAILED
    finally:
        logs.stop()


def _is_headless(environment: Mapping[str, str]) -> bool:
    if has_display(environment):
        return False
    _say("There is no display, so Portway runs without a screen.")
    return True


def _run_headless(start: _Start) -> int:
    application = QCoreApplication([APP])
    instance = SingleInstance(start.folders, headless=True)
    if instance.claim(show=False) is not Claim.OURS:
        _say(_RUNNING_ALREADY)
        return _FAILED
    program = _Program(start, instance, application)
    service = program.serve()
    if service.problem is not None:
        program.end()
        _say(service.problem.sentence)
        return _FAILED
    program.begin(service)
    if not start.tied:
        _say(f"Portway runs without a screen. Its API is at http://127.0.0.1:{service.port}.")
    application.exec()
    program.end()
    return _DONE


def _run_tray(start: _Start) -> int:
    from portway.gui.application import Desktop, make_application, run_tray  # late: headless needs no window

    application = make_application()
    instance = SingleInstance(start.folders, headless=False)
    refusal = _not_alone(start, instance)
    if refusal is not None:
        return refusal
    program = _Program(start, instance, application)
    api = _Api(start.tokens, program.vault)

    def begin(desktop: Desktop) -> None:
        program.hub.came_up.connect(desktop.take_up)
        program.hub.settings_changed.connect(desktop.take_settings)
        instance.window_asked.connect(desktop.open_window)
        api.service = program.serve(desktop.open_window)
        program.begin(api.service)

    code = run_tray(_parts(start, program, api), autostarted=start.autostart, begin=begin)
    program.end()
    return code


def _not_alone(start: _Start, instance: SingleInstance) -> int | None:
    """Return the exit code where another Portway runs and goes on, None where this one is the only one now."""
    from portway.gui.quitting import ask_to_end_headless

    match instance.claim(show=not start.autostart):
        case Claim.OURS:
            return None
        case Claim.WINDOW:
            return _DONE
        case Claim.HEADLESS if start.autostart:
            return _DONE
        case Claim.HEADLESS:
            limit = start.timing.close_limit + _AFTER_SESSIONS
            if ask_to_end_headless() and instance.take_over(limit):
                return None
        case Claim.SILENT:
            pass
    _say(_RUNNING_ALREADY)
    return _FAILED


def _parts(start: _Start, program: _Program, api: _Api) -> Parts:
    from portway.gui.clipboard import DesktopClipboard
    from portway.gui.opener import Opener
    from portway.gui.parts import Parts
    from portway.system.autostart import find_autostart
    from portway.system.listening_ports import listening_ports

    words = (sys.executable,) if getattr(sys, "frozen", False) else (sys.executable, "-m", APP)
    return Parts(
        hub=program.hub,
        vault=program.vault,
        services=program.services,
        settings_file=program.settings_file,
        app_state=AppState(program.services.app_state),
        clipboard=DesktopClipboard(start.environment),
        api=api,
        autostart=find_autostart(start.environment, start.folders, words),
        listening_ports=lambda: listening_ports(program.hub.own_ports()),
        hooks=program.hooks,
        open_url=Opener(start.environment).open,
        remove_all_data=lambda: _forget(words),
    )


def _forget(words: Sequence[str]) -> None:
    """Remove all our data, in a process of its own, which ends this one first."""
    QProcess.startDetached(words[0], [*words[1:], "forget", "--yes"])


class _Api:
    """Implements gui.parts.Api: the tray is there before the REST server is."""

    def __init__(self, tokens: Tokens, vault: Vault) -> None:
        self._tokens = tokens
        self._vault = vault
        self.service: RestService | None = None

    @property
    def port(self) -> int | None:
        return None if self.service is None else self.service.port

    @property
    def problem(self) -> Problem | None:
        return None if self.service is None else self.service.problem

    def lasting_token(self, done: Callable[[Issued | Problem], None], *, renew: bool = False) -> None:
        self._tokens.lasting(self._vault, done, renew=renew)


class _Program:
    """The parts of one running Portway. They end together, whoever asks for it."""

    def __init__(self, start: _Start, instance: SingleInstance, application: QCoreApplication) -> None:
        self._start = start
        self.services = _services(start)
        backends = build_backends(self.services)
        self.settings_file = SettingsFile(start.folders.config / FILE_NAME, start.environment, backends)
        self.vault = Vault(self.services.secrets)
        self.hub = TunnelHub(
            backends,
            self.services,
            load_settings=self.settings_file.load,
            secrets=self._secrets,
            vault=self.vault,
            wishes=WishBook(WishesFile(start.folders.state / "wishes.json", boot_id())),
        )
        self.hub.settings_changed.connect(self._take_settings)
        self._take_settings()
        self.hooks = UrlHooks(self.hub, self.services, self.hub)
        self._ending = Ending(start.timing.close_limit + _AFTER_SESSIONS)
        self._listen(instance, application.quit)
        self._ending.then(self.hub.close)
        self._ending.then(self.hooks.close)
        self._ending.then(instance.release)
        # A log-out may end the process as soon as this signal is over.
        application.aboutToQuit.connect(self._ending.run)

    def serve(self, window: Callable[[], None] | None = None) -> RestService:
        """Open the REST API. `window` raises the window; None where there is none."""
        from portway.rest.service import RestService  # late: the tray does not wait for QtHttpServer

        start = self._start
        service = RestService(
            self.hub, self.vault, start.tokens, version=__version__, timing=start.timing,
            run_folder=start.folders.run, window=window,
        )  # fmt: skip
        self._ending.first(service.close)
        port = service.start(self.hub.settings.general.api_port)
        if port is not None:
            self.hub.claim_port(port)
        return service

    def begin(self, service: RestService) -> None:
        """Bring the wishes back, and tell the command line where we are."""
        self.hub.start()
        service.tell()
        linecache.clearcache()  # of the sources that PySide6 has read

    def end(self) -> None:
        """End all parts. Idempotent."""
        self._ending.run()
        if self.hub.hangs:
            # A thread of Qt that still runs would abort the process: it ends without looking back.
            self._start.logs.stop()
            os._exit(_FAILED)

    def _listen(self, instance: SingleInstance, stop: Callable[[], None]) -> None:
        """Let a later start, signals, the starter of this program, sleep and the network be heard."""
        self.hub.quit_asked.connect(stop)
        instance.end_asked.connect(stop)
        signals = StopSignals(self.hub)
        signals.received.connect(stop)
        self._ending.then(signals.close)
        world = WorldWatch(self._start.timing, self.hub)
        world.changed.connect(self.hub.try_again)
        self._ending.then(world.close)
        if self._start.tied:
            tie = Tie(self.hub)
            tie.loosed.connect(stop)
            tie.begin()

    def _secrets(self, backend: Backend, options: type, given: Mapping[str, Secret]) -> RunSecrets:
        return RunSecrets(self.services, backend, options, given, self._start.redactor.learn)

    def _take_settings(self) -> None:
        self._start.logs.set_level(self.hub.settings.general.log_level)


def _services(start: _Start) -> Services:
    folders, environment, timing = start.folders, start.environment, start.timing
    app_state = StateFile(folders.state / "app.json")
    secrets = open_secret_store(folders, environment, timing, app_state, may_prompt=not start.headless)
    return Services(folders=folders, environment=environment, timing=timing, app_state=app_state, secrets=secrets)


def _say(sentence: str) -> None:
    """Tell whoever started this; there is nobody where a desktop did, and no stream at all on Windows then."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(f"portway: {sentence}", file=sys.stderr, flush=True)  # noqa: T201 - a person at a terminal reads it
