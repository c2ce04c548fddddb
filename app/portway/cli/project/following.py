"""Follows the tunnels of a project that are open, until they have all ended or somebody wants them to."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from portway.cli.client.event_stream import REQUEST, STATUS, EventStream
from portway.cli.failure import Failed, NotRunning
from portway.cli.project.screen import advice_for_file
from portway.cli.terminal.exposure import Exposure
from portway.cli.terminal.interrupts import StopAsked, ignore_stop_signals

if TYPE_CHECKING:
    from portway.cli.client.client import Client, Record
    from portway.cli.project.hooks import TunnelHooks
    from portway.cli.project.opening import Opened, OpenTunnels
    from portway.cli.project.screen import ProjectScreen, TunnelScreen
    from portway.core.status import TunnelId


@dataclass(frozen=True, slots=True)
class Followed:
    """One tunnel that is open, what shows its news and what takes its URL."""

    opened: Opened
    exposure: Exposure
    screen: TunnelScreen
    hooks: TunnelHooks


class Following:
    """What `up` has opened, for as long as it runs."""

    def __init__(self, client: Client, open_tunnels: OpenTunnels, screen: ProjectScreen) -> None:
        self._client = client
        self._open_tunnels = open_tunnels
        self._screen = screen
        self._followed: dict[TunnelId, Followed] = {}
        self._ours: dict[TunnelId, str] = {}  # that are to be turned off at the end
        self._starting: set[TunnelId] = set()

    def will_open(self, name: TunnelId, word: str) -> None:
        """This one is off and is turned on now: whatever happens from here on, it is turned off at the end."""
        self._ours[name] = word

    def is_ours(self, name: TunnelId) -> bool:
        """Whether this one is turned off at the end."""
        return name in self._ours

    def add(self, opened: Opened, screen: TunnelScreen, hooks: TunnelHooks) -> None:
        """Follow this one, too."""
        exposure = Exposure(screen, advice=advice_for_file)
        self._followed[opened.id] = Followed(opened, exposure, screen, hooks)
        self._starting.add(opened.id)

    @contextlib.contextmanager
    def closing(self) -> Iterator[None]:
        """Turn off at the end of this block what is ours, however it ends, and let the hooks know."""
        hooks = self._followed
        try:
            yield
        finally:
            ignore_stop_signals()
            with contextlib.suppress(NotRunning):
                self._open_tunnels.close(self._ours)
            for name in self._ours.keys() & hooks.keys():
                hooks[name].hooks.end()
            self._screen.end([*self._ours.values()])

    def follow(self) -> None:
        """Show what happens, until none is left: then raises what the last one ended in, Failed or StopAsked."""
        types = (STATUS, REQUEST) if self._screen.tells_requests else (STATUS,)
        for frame in EventStream(self._client, *types).frames():
            is_request = frame.event == REQUEST
            followed = self._followed.get(str(frame.data.get("tunnel" if is_request else "id")))
            if followed is not None and is_request:
                self._screen.request(followed.opened.tunnel.word, frame.data)
            elif followed is not None and frame.event == STATUS:
                self._take(followed, frame.data)

    def _take(self, followed: Followed, status: Record) -> None:
        name, word = followed.opened.id, followed.opened.tunnel.word
        self._screen.waits(word, status)
        ended = _end_of(followed, {**status, "id": "It"})
        if not status["wanted"]:
            self._ours.pop(name, None)  # somebody else turned it off, and may turn it on again
        followed.hooks.take(status)
        if ended is not None:
            self._leave(followed, ended)
        if status["running"] or ended is not None:
            self._tell_ways_on(name)

    def _leave(self, followed: Followed, ended: Failed | StopAsked) -> None:
        """This one is over. The last one says how `up` ends."""
        del self._followed[followed.opened.id]
        if isinstance(ended, Failed):
            ended = Failed(f"{followed.opened.tunnel.word}: {ended.message}", ended.code, ended.action_url)
        if not self._followed:
            raise ended
        if isinstance(ended, StopAsked):
            followed.screen.trouble("Its time is over.")
        else:
            self._screen.say("!", "yellow", ended.message)
            if ended.action_url:
                click.echo(ended.action_url, err=True)

    def _tell_ways_on(self, name: TunnelId) -> None:
        """Say how it goes on, once each has had its first word."""
        if name in self._starting:
            self._starting.discard(name)
            if not self._starting:
                lasting = [one.opened.tunnel.word for key, one in self._followed.items() if key not in self._ours]
                self._screen.tell_ways_on(lasting)


def _end_of(followed: Followed, status: Record) -> Failed | StopAsked | None:
    """Show what is new; return how it ended, if it has."""
    try:
        followed.exposure.take(status)
    except (Failed, StopAsked) as ended:
        return ended
    return None
