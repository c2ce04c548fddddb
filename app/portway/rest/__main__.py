"""Prints the OpenAPI document of this version: `python -m portway.rest > docs/openapi.json`."""

import sys
import tempfile

from portway import __version__
from portway.backends.registry import build_backends
from portway.core.timing import Timing
from portway.rest.api.openapi import document
from portway.system.secrets.store import open_secret_store
from portway.system.services import Services
from portway.system.storage.folders import find_folders
from portway.system.storage.state_file import StateFile


def published() -> bytes:
    """Return the document of the real program, built away from the person's own files and secrets."""
    with tempfile.TemporaryDirectory() as home:
        environment = {"PORTWAY_HOME": home, "PORTWAY_KEYRING": "memory"}
        folders, timing = find_folders(environment), Timing()
        state = StateFile(folders.state / "app.json")
        secrets = open_secret_store(folders, environment, timing, state, may_prompt=False)
        services = Services(folders=folders, environment=environment, timing=timing, app_state=state, secrets=secrets)
        return document(build_backends(services), __version__) + b"\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(published())
