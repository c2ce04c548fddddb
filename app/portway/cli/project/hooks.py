"""Hands the URL of a tunnel to what the file names: lines in files of the project, and a command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from portway.cli.project.finding import inside
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.foreign_text import harmless_line
from portway.core.timing import Timing
from portway.system.processes.child import Children
from portway.system.url_hooks import run_hook, write_line

if TYPE_CHECKING:
    from portway.cli.client.client import Record
    from portway.cli.project.tunnels import FileHook, ProjectTunnel
    from portway.core.errors import Problem


class TunnelHooks:
    """Those of one tunnel. `commands`: its command may be run. `tell` gets each trouble as a sentence."""

    def __init__(
        self,
        tunnel: ProjectTunnel,
        folder: Path,
        environment: Mapping[str, str],
        tell: Callable[[str], None],
        *,
        commands: bool,
    ) -> None:
        self._tunnel = tunnel
        self._folder = folder
        self._environment = environment
        self._tell = tell
        self._command = tunnel.command if commands else ""
        self._url = ""
        self._latest: Record | None = None

    def end(self) -> None:
        """The tunnel is turned off, which nobody tells any more."""
        if self._latest is not None:
            self.take({**self._latest, "publicUrl": None, "wanted": False})

    def take(self, status: Record) -> None:
        """Run them if the URL is another one than before. Blocks for as long as a command takes, 10 s at most."""
        self._latest = status
        is_coming_back = status["wanted"] and status["phase"] == "starting"
        url = str(status["publicUrl"] or (self._url if is_coming_back else ""))
        if url == self._url:
            return
        old, self._url = self._url, url
        if url:
            for hook in self._tunnel.files:
                self._write(hook, url)
        if self._command:
            self._run(status, url, old)

    def _write(self, hook: FileHook, url: str) -> None:
        place = inside(self._folder, hook.file)
        if place is None:
            self._tell(f"{hook.file} leads out of the project's folder, so it was not written.")
            return
        try:
            write_line(place, hook.key, hook.value.format(url=url, host=urlsplit(url).netloc))
        except TunnelError as error:
            self._tell(harmless_line(str(error)))

    def _run(self, status: Record, url: str, old: str) -> None:
        facts = {
            "PORTWAY_BACKEND": str(status["backend"]),
            "PORTWAY_TUNNEL": str(status["id"]),
            "PORTWAY_URL": url,
            "PORTWAY_OLD_URL": old,
            "PORTWAY_EVENT": "down" if not url else "changed" if old else "up",
        }
        limit = Timing().hook_limit
        problem = run_hook(Children(), self._command, facts, self._environment, limit, folder=self._folder)
        if problem is not None:
            self._tell(_sentence(problem))


def _sentence(problem: Problem) -> str:
    facts = {name: harmless_line(str(value)) for name, value in problem.parameters.items()}
    match problem.code:
        case Code.START_TIMEOUT:
            return f"Its command did not end within {facts['seconds']} seconds, so it was ended."
        case Code.NOT_INSTALLED:
            return f"The program {facts['program']} of its command was not found."
        case _:
            return f"Its command failed: {facts['reason']}."
