"""What a project's file asks for, in the words of those who are to agree to it: who can open what, and what is run."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from portway.cli.project.tunnels import ProjectTunnel, Words
from portway.cli.terminal.guard_options import guard_lines
from portway.core.foreign_text import harmless_line
from portway.core.guard.deadline import Until
from portway.core.guard.rules import GUARD_KEYS
from portway.core.options import tunnel_options
from portway.core.target import parse_target

if TYPE_CHECKING:
    from portway.core.backend import Backend

_LABEL = 11  # columns


class Description:
    """Describes these tunnels. Nothing of it is shortened: what is agreed to is seen whole."""

    def __init__(self, tunnels: Sequence[ProjectTunnel], words: Words, backends: Mapping[str, "Backend"]) -> None:
        self._tunnels = tunnels
        self._words = words
        self._backends = backends

    def tunnels(self) -> Iterator[str]:
        """Yield the lines about what is opened to whom, and what is written."""
        for number, tunnel in enumerate(self._tunnels):
            if number:
                yield ""
            title = f" “{tunnel.name}”" if tunnel.name else ""
            yield f"  {click.style(tunnel.word, bold=True)}{harmless_line(title)}"
            yield from _rows(self._facts(tunnel))

    def commands(self) -> Iterator[str]:
        """Yield each command that is run, whole."""
        for tunnel in self._tunnels:
            if tunnel.command:
                yield f"  {click.style(tunnel.word, bold=True)}"
                yield f"    {harmless_line(tunnel.command)}"

    def _facts(self, tunnel: ProjectTunnel) -> Iterator[tuple[str, str]]:
        backend = self._backends[tunnel.way]
        yield "server", parse_target(tunnel.target).url
        yield "by", backend.title
        rules = {key: getattr(tunnel.guard, name) for key, name in GUARD_KEYS.items()}
        at_logout = tunnel.lasts == Until.LOGOUT
        yield from guard_lines({"guard": rules, "reach": backend.reach, "expiresAt": None, "untilLogout": at_logout})
        yield "tunnel", self._words.tunnel(tunnel.word)
        if tunnel.lasts and not at_logout:
            yield "stops", f"by itself after {tunnel.lasts}"
        for option in tunnel_options(backend.options).values():
            if option.body in tunnel.options:
                yield "with", f"{option.label}: {harmless_line(str(tunnel.options[option.body]))}"
        for hook in tunnel.files:
            yield "writes", f"{hook.key}={hook.value} into {hook.file}"


def _rows(facts: Iterator[tuple[str, str]]) -> Iterator[str]:
    for label, text in facts:
        yield f"    {click.style(label.ljust(_LABEL), dim=True)} {text}"
