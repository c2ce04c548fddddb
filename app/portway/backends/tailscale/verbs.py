"""The verbs of the Tailscale backend, from which routes, commands and buttons follow."""

import dataclasses
import sys

from portway.backends.tailscale.daemon.client import Client
from portway.backends.tailscale.daemon.service import Daemon
from portway.backends.tailscale.declaration import (
    CheckAnswer,
    EnableAnswer,
    InstallOptions,
    LoginAnswer,
    LoginOptions,
    PasswordOptions,
    TailscaleExtras,
    TailscaleOptions,
    TailscaleTiming,
    enable_answer,
)
from portway.backends.tailscale.local_tailscale import LocalTailscale
from portway.backends.tailscale.parse.node import STOPPED
from portway.backends.tailscale.parse.texts import blocked_by
from portway.backends.tailscale.setup.installer import Agreed, Installer
from portway.backends.tailscale.setup.script import Fetcher, Script
from portway.core.backend import Answer, Command, Context, Role
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, TunnelError
from portway.core.status import TunnelStatus


class Verbs:
    """What a person may ask of Tailscale besides a Funnel. Each runs on a thread of its own."""

    def __init__(self, tailscale: LocalTailscale) -> None:
        self._tailscale = tailscale

    @property
    def commands(self) -> tuple[Command, ...]:
        """All of them, declared."""
        return (*self._of_the_computer, *self._of_the_account, *self._switches)

    @property
    def _of_the_computer(self) -> tuple[Command, ...]:
        """What leads to a Tailscale that is installed and runs."""
        return (
            Command(
                name="check",
                method="GET",
                path="check",
                label="Check",
                answer=CheckAnswer,
                run=self._check,
                help="Measure whether Tailscale is installed, runs, is logged in and publishes something.",
                offered=lambda _status: False,
            ),
            Command(
                name="install",
                role=Role.INSTALL,
                method="POST",
                path="install",
                label="Install",
                options=InstallOptions,
                streams=True,
                help="Install Tailscale by its own script (Linux), Homebrew (macOS) or winget (Windows).",
                offered=_is_missing,
                run=self._install,
                fetch=self._fetch if sys.platform == "linux" else None,
            ),
            Command(
                name="start-daemon",
                role=Role.START,
                method="POST",
                path="start-daemon",
                label="Start",
                options=PasswordOptions,
                help="Start the Tailscale service of this computer.",
                offered=_is_asleep,
                run=self._start_daemon,
            ),
        )

    @property
    def _of_the_account(self) -> tuple[Command, ...]:
        """What leads to one that this person may use, and that is logged in."""
        return (
            Command(
                name="operator",
                role=Role.GRANT,
                method="POST",
                path="operator",
                label="Use without a password",
                run=self._operator,
                help="Let your account control Tailscale on this computer from now on.",
                options=PasswordOptions,
                offered=_can_need_operator,
            ),
            Command(
                name="login",
                role=Role.LOG_IN,
                method="POST",
                path="login",
                label="Log in",
                options=LoginOptions,
                answer=LoginAnswer,
                help="Log this computer in to Tailscale; a person finishes it on the page that is named.",
                offered=_needs_login,
                run=self._login,
            ),
        )

    @property
    def _switches(self) -> tuple[Command, ...]:
        """What is one word in the command line and one call of the API for each way to expose."""
        return (
            Command(
                name="enable",
                method="POST",
                path="enable",
                label="Turn on",
                options=TailscaleOptions,
                answer=EnableAnswer,
                action="enable",
                shape=enable_answer,
                help="Turn Tailscale Funnel on.",
            ),
            Command(
                name="disable",
                method="POST",
                path="disable",
                label="Turn off",
                options=PasswordOptions,
                action="disable",
                help="Turn Tailscale Funnel off.",
            ),
        )

    def _check(self, _context: Context) -> Answer:
        try:
            self._tailscale.client()
        except TunnelError as error:
            if error.code is not Code.NOT_INSTALLED:
                raise
        answer = self._tailscale.findings().answer
        return {item.name: getattr(answer, item.name) for item in dataclasses.fields(answer)}

    def _fetch(self, cancel: CancelToken) -> Script:
        services = self._tailscale.services
        return Fetcher(services.environment, services.folders.cache / "tailscale", services.timing).fetch(cancel)

    def _install(self, context: Context) -> Answer:
        tailscale = self._tailscale
        options: InstallOptions = context.options
        installer = Installer(
            tailscale.privileges,
            self._fetch,
            tailscale.services.environment,
            TailscaleTiming.of(tailscale.services.timing),
            tailscale.services.children,
        )
        agreed = Agreed(options.fetched if isinstance(options.fetched, Script) else None, options.sha256)
        installer.install(tailscale.passwords(context), context.listener, context.cancel, agreed)
        tailscale.client()  # what is said to be installed has to be there
        context.listener.report(tailscale.findings().extras)
        return {}

    def _start_daemon(self, context: Context) -> Answer:
        tailscale = self._tailscale
        daemon = Daemon(tailscale.privileges, tailscale.services.environment, tailscale.services.timing)
        daemon.start(tailscale.client(), tailscale.passwords(context), context.cancel)
        context.listener.report(tailscale.findings().extras)
        return {}

    def _operator(self, context: Context) -> Answer:
        tailscale = self._tailscale
        client = tailscale.client()
        client.node(context.cancel)  # the daemon has to be there; that of an account that is root needs no operator
        if not tailscale.privileges.are_ours:
            tailscale.rights.become_operator(client, tailscale.passwords(context), context.cancel, may_ask=True)
        return {}

    def _login(self, context: Context) -> Answer:
        tailscale = self._tailscale
        options: LoginOptions = context.options
        client = tailscale.client()
        node = client.node(context.cancel)
        passwords = tailscale.passwords(context)
        if node.state == STOPPED:
            self._switch_on(client, context)
            return {"already_logged_in": True}
        try:
            tailscale.login(client).begin(node, options.hostname, passwords, context.cancel, may_ask=True)
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
        finished = self._tailscale.rights.change(client, ["up"], self._tailscale.passwords(context), context.cancel)
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
