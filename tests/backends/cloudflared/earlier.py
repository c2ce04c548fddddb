"""An earlier Portway, in a process of its own: it opens a tunnel, tells its URL, and is killed."""

from __future__ import annotations

import os
import signal

from portway.backends.cloudflared.backend import CloudflaredBackend, CloudflaredOptions
from portway.core.backend import Context, Session
from portway.core.cancel import CancelToken
from portway.core.target import parse_target
from portway.core.timing import Timing
from portway.system.secrets.store import open_secret_store
from portway.system.services import Services
from portway.system.storage.folders import find_folders
from portway.system.storage.state_file import StateFile
from tests.fakes.backends.news import KnownSecrets, RecordedNews


def open_and_die(url: str) -> None:
    """Expose `url`, print the public URL, and end without a goodbye."""
    print(open_tunnel(url).public_url, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


def open_and_stay(url: str) -> None:
    """Expose `url` once told to, and stay until somebody ends this."""
    print("ready", flush=True)
    input()
    open_tunnel(url)
    input()


def open_tunnel(url: str) -> Session:
    """Return the session, with the timing of the real program."""
    environment = dict(os.environ)
    folders, timing, target = find_folders(environment), Timing(), parse_target(url)
    app_state = StateFile(folders.state / "app.json")
    secrets = open_secret_store(folders, environment, timing, app_state, may_prompt=False)
    services = Services(folders=folders, environment=environment, timing=timing, app_state=app_state, secrets=secrets)
    context = Context(
        target=target,
        origin=target,
        options=CloudflaredOptions(),
        cancel=CancelToken(),
        secrets=KnownSecrets({}),
        listener=RecordedNews(),
    )
    return CloudflaredBackend(services).open(context)
