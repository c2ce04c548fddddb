"""What every backend is built from: one frozen value instead of globals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portway.core.timing import Timing
from portway.system.folders import Folders
from portway.system.secret_store import SecretStore
from portway.system.state_file import StateFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Given to each backend's constructor. `environment` is that of the program's start, read once."""

    folders: Folders
    environment: Mapping[str, str]
    timing: Timing
    app_state: StateFile  # state/app.json: small facts that outlive a run
    secrets: SecretStore
