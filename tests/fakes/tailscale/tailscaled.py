"""A stand-in for the tailscaled program: it makes the world of a fake tailscale alive, and stays until it is killed."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from tests.fakes.tailscale.computer import FakeTailscale

_PROGRAM = """
import fcntl, json, os, sys, time
here = os.path.dirname(os.path.abspath(__file__))
if os.path.exists(os.path.join(here, "tailscaled.json")):
    sys.exit("tailscaled is running already")
with open(os.path.join(here, "tailscaled.json"), "w") as file:
    json.dump({"pid": os.getpid(), "argv": sys.argv[1:], "session": os.getsid(0), "stdin": sys.stdin.read()}, file)
time.sleep(0.2)
with open(os.path.join(here, "world.lock"), "w") as held:
    fcntl.flock(held, fcntl.LOCK_EX)
    with open(os.path.join(here, "world")) as file:
        world = eval(file.read())
    world["ways"].pop("daemon_down", None)
    with open(os.path.join(here, "world.new"), "w") as file:
        file.write(repr(world))
    os.replace(os.path.join(here, "world.new"), os.path.join(here, "world"))
while True:
    time.sleep(60)
"""


class FakeTailscaled:
    """Lies beside a fake tailscale, whose daemon is down until this one has started."""

    def __init__(self, tailscale: FakeTailscale, *, works: bool = True) -> None:
        self.program = tailscale.folder / "tailscaled"
        self._note = tailscale.folder / "tailscaled.json"
        self.program.write_text(f"#!{sys.executable} -IS\n{_PROGRAM if works else 'raise SystemExit(1)'}\n")
        self.program.chmod(0o755)
        tailscale.behave(daemon_down=True)

    @property
    def note(self) -> dict[str, object]:
        """What the running one wrote: `pid`, `argv`, `session`, `stdin`."""
        note: dict[str, object] = json.loads(self._note.read_text())
        return note

    def kill(self) -> None:
        """End it, if it was started."""
        if Path(self._note).exists():
            os.kill(int(str(self.note["pid"])), signal.SIGKILL)
