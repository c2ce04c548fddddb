"""Publishes a target as Portway does, in a process of its own: `publisher TARGET ADDRESS`.

Prints the port. When its standard input ends, it prints how late a thread was, in 99 of 100 cases, that wanted to run
every 10 ms, in seconds: that is what the tray feels of the visitors.
"""

from __future__ import annotations

import os
import select
import sys
import time

from portway.backends.lan.backend import LanBackend, LanOptions
from portway.core.backend import Context
from portway.core.cancel import CancelToken
from portway.core.target import parse_target
from portway.core.timing import Timing
from portway.relay.engine.forwarder import Limits
from portway.system.secrets.store import open_secret_store
from portway.system.services import Services
from portway.system.storage.folders import find_folders
from portway.system.storage.state_file import StateFile
from tests.fakes.backends.news import KnownSecrets, RecordedNews

_EVERY = 0.01  # seconds
_ROOM_FOR_ALL = Limits(connections=256, per_peer=256)


def publish(target_url: str, address: str) -> None:
    services = _services()
    target = parse_target(target_url)
    context = Context(
        target=target,
        origin=target,
        options=LanOptions(address=address),
        cancel=CancelToken(),
        secrets=KnownSecrets({}),
        listener=RecordedNews(),
    )
    session = LanBackend(services, limits=_ROOM_FOR_ALL).open(context)
    print(session.port, flush=True)
    print(_lateness(), flush=True)
    session.close(context)


def _lateness() -> float:
    late = []
    while not select.select([sys.stdin], [], [], 0)[0]:
        began = time.perf_counter()
        time.sleep(_EVERY)
        late.append(time.perf_counter() - began - _EVERY)
    return sorted(late)[len(late) * 99 // 100]


def _services() -> Services:
    folders, timing = find_folders(os.environ), Timing()
    app_state = StateFile(folders.state / "app.json")
    secrets = open_secret_store(folders, os.environ, timing, app_state, may_prompt=False)
    return Services(folders=folders, environment=os.environ, timing=timing, app_state=app_state, secrets=secrets)


if __name__ == "__main__":
    publish(*sys.argv[1:])
