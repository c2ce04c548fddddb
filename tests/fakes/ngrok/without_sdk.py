"""What the ngrok backend says in a process in which the SDK cannot be imported."""

from __future__ import annotations

import os

from portway.backends.ngrok.backend import NgrokBackend, NgrokOptions
from portway.core.backend import Context
from portway.core.cancel import CancelToken
from portway.core.errors import TunnelError
from portway.core.target import parse_target
from portway.core.timing import Timing
from portway.system.secrets.store import open_secret_store
from portway.system.services import Services
from portway.system.storage.folders import find_folders
from portway.system.storage.state_file import StateFile
from tests.fakes.backends.news import KnownSecrets, RecordedNews

TOKEN = "2abcdefghijKLMNOPQRSTuvw" + "_" + "5xYz0123456789abcdefg"  # made up, in ngrok's form


def tell() -> None:
    """Print the code with which it opens, and after that whether it counts as installed."""
    folders, state = find_folders(os.environ), StateFile(find_folders(os.environ).state / "app.json")
    secrets = open_secret_store(folders, os.environ, Timing(), state, may_prompt=False)
    backend = NgrokBackend(
        Services(folders=folders, environment=os.environ, timing=Timing(), app_state=state, secrets=secrets)
    )
    target = parse_target("http://127.0.0.1:3000")
    context = Context(
        target=target,
        origin=target,
        options=NgrokOptions(),
        cancel=CancelToken(),
        secrets=KnownSecrets({"auth_token": TOKEN}),
        listener=RecordedNews(),
    )
    try:
        backend.open(context)
    except TunnelError as error:
        print(error.code, backend.inspect().installed)
