"""An earlier Portway, in a process of its own: it opens a tunnel, tells its URL, and is killed."""

from __future__ import annotations

import os
import signal

from portway.backends.ssh.backend import SshBackend, SshOptions
from portway.core.backend import Context
from portway.core.cancel import CancelToken
from portway.core.target import parse_target
from portway.core.timing import Timing
from portway.system.secrets.store import open_secret_store
from portway.system.services import Services
from portway.system.storage.folders import find_folders
from portway.system.storage.state_file import StateFile
from tests.contract import KnownPage
from tests.fakes.backends.news import KnownSecrets, RecordedNews


def open_and_die(url: str, server: str, port: str, bind: str) -> None:
    """Expose `url`, print the public URL, and end without a goodbye."""
    environment = dict(os.environ)
    folders, timing, target = find_folders(environment), Timing(), parse_target(url)
    app_state = StateFile(folders.state / "app.json")
    secrets = open_secret_store(folders, environment, timing, app_state, may_prompt=False)
    services = Services(folders=folders, environment=environment, timing=timing, app_state=app_state, secrets=secrets)
    context = Context(
        target=target,
        origin=target,
        options=SshOptions(server=server, server_port=int(port), bind=bind),
        cancel=CancelToken(),
        secrets=KnownSecrets({}),
        listener=RecordedNews(),
        expects=KnownPage(),
    )
    print(SshBackend(services).open(context).public_url, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
