"""The verbs of the Tailscale backend, from which routes, commands and buttons follow."""

from __future__ import annotations

import dataclasses
import sys
from typing import TYPE_CHECKING

from portway.backends.tailscale.client import Client
from portway.backends.tailscale.daemon import Daemon
from portway.backends.tailscale.declaration import (
    CheckAnswer,
    EnableAnswer,
    InstallOptions,
    LoginAnswer,
    LoginOptions,
    PasswordOptions,
    TailscaleExtras,
    TailscaleOptions,
    enable_answer,
)
from portway.backends.tailscale.installer import Agreed, Installer
from portway.backends.tailscale.node import STOPPED
from portway.backends.tailscale.script import Fetcher, Script
from portway.backends.tailscale.states import blocked_by
from portway.core.backend import Answer, Command, Context
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, TunnelError
from portway.core.status import TunnelStatus

if TYPE_CHECKING:
    from portway.backends.tailscale import TailscaleBackend


class Verbs:
    """What a person may ask of Tailscale besides a Funnel. Each runs on a thread of its own."""

    def __init__(self, backend: TailscaleBackend) -> None:
        self._backend = backend

    @property
    def commands(self) -> tuple[Command, ...]:
        """All of them, declared."""
        return (
            Command(
                name="check", method="GET", path="check", label="Check", answer=CheckAnswer, run=self._check,
                help="Measure whether Tailscale is installed, runs, is logged in and publishes something.",
                offered=lambda _status: False,
            ),
            Command(
                name="install", method="POST", path="install", label="Install", options=InstallOptions, streams=True,
                help="Install Tailscale by its own script (Linux), Homebrew (macOS) or winget (Windows).",
                offered=_is_missing, run=self._install, fetch=self._fetch if sys.platform == "linux" else None,
            ),
            Command(
                name="start-daemon", method="POST", path="start-daemon", label="Start", options=PasswordOptions,
                help="Start the Tailscale service of this computer.", offered=_is_asleep, run=self._start_daemon,
            ),
            Command(
                name="operator", method="POST", path="operator", label="Use without a password", run=self._operator,
                help="Let your account control Tailscale on this computer from now on.", options=PasswordOptions,
                offered=_can_need_operator,
            ),
            Command(
                name="login", method="POST", path="login", label="Log in", options=LoginOptions, answer=LoginAnswer,
                help="Log this computer in to Tailscale; a person finishes it on the page that is named.",
                offered=_needs_login, run=self._login,
            ),
            Command(
                name="enable", method="POST", path="enable", label="Turn on", options=TailscaleOptions,
                answer=EnableAnswer, action="enable", shape=enable_answer, help="Turn Tailscale Funnel on.",
            ),
            Command(
                name="disable", method="POST", path="disable", label="Turn off", options=PasswordOptions,
                action="disable", help="Turn Tailscale Funnel off.",
            ),
        )  # fmt: skip

    def _check(self, _context: Context) -> Answer:
        try:
            self._backend.client()
        except TunnelError as error:
            if error.code is not Code.NOT_INSTALLED:
                raise
        answer = self._backend.findings().answer
        return {item.name: getattr(answer, item.name) for item in dataclasses.fields(answer)}

    def _fetch(self, cancel: CancelToken) -> Script:
        services = self._backend.services
        return Fetcher(services.environment, services.folders.cache / "tailscale", services.timing).fetch(cancel)

    def _install(self, context: Context) -> Answer:
        backend = self._backend
        options: InstallOptions = context.options
        installer = Installer(backend.privileges, self._fetch, backend.services.environment, backend.services.timing)
        agreed = Agreed(options.fetched, options.sha256)
        installer.install(backend.passwords(context), context.listener, context.cancel, agreed)
        backend.client()  # what is said to be installed has to be there
        context.listener.report(backend.findings().extras)
        return {}

    def _start_daemon(self, context: Context) -> Answer:
        backend = self._backend
        daemon = Daemon(backend.privileges, backend.services.environment, backend.services.timing)
        daemon.start(backend.client(), backend.passwords(context), context.cancel)
        context.listener.report(backend.findings().extras)
        return {}

    def _operator(self, context: Context) -> Answer:
        backend = self._backend
        client = backend.client()
        client.node(context.cancel)  # the daemon has to be there; that of an account that is root needs no operator
        if not backend.privileges.are_ours:
            backend.rights.become_operator(client, backend.passwords(context), context.cancel, may_ask=True)
        return {}

    def _login(self, context: Context) -> Answer:
        backend = self._backend
        options: LoginOptions = context.options
        client = backend.client()
        node = client.node(context.cancel)
        passwords = backend.passwords(context)
        if node.state == STOPPED:
            self._switch_on(client, context)
            return {"already_logged_in": True}
        try:
            backend.login(client).begin(node, options.hostname, passwords, context.cancel, may_ask=True)
        except AuthNeeded as error:
            page = error.problem.action_url
            if error.code is not Code.NEEDS_LOGIN or page is None:
                raise
            return {"auth_url": page}
        blocked = blocked_by(client.node(context.cancel))
        if blocked is not None and blocked.code is not Code.TAILSCALE_STOPPED:
            raise blocked
        return {"already_logged_in": True}

    def _switch_on(self, client: Client, context: Context) -> None:
        # Without any flag: it changes nothing of how Tailscale is set up.
        finished = self._backend.rights.change(client, ["up"], self._backend.passwords(context), context.cancel)
        if finished.code != 0:
            raise client.failure_of(finished)


def _extras(status: TunnelStatus) -> TailscaleExtras:
    extras = status.extras
    return extras if isinstance(extras, TailscaleExtras) else TailscaleExtras()


def _needs_login(status: TunnelStatus) -> bool:
    return status.code in (Code.NEEDS_LOGIN, Code.TAILSCALE_STOPPED)


def _is_missing(status: TunnelStatus) -> bool:
    return not status.installation.installed or status.code is Code.VERSION_TOO_OLD


def _is_asleep(status: TunnelStatus) -> bool:
    return status.installation.installed and not _extras(status).daemon_running


def _can_need_operator(status: TunnelStatus) -> bool:
    return sys.platform != "win32" and _extras(status).daemon_running
