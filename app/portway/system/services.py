"""What every backend is built from: one frozen value instead of globals."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portway.core.timing import Timing
from portway.system.processes.child import Children
from portway.system.secrets.store import SecretStore
from portway.system.storage.folders import Folders
from portway.system.storage.state_file import StateFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Given to each backend's constructor. `environment` is that of the program's start, read once."""

    folders: Folders
    environment: Mapping[str, str]
    timing: Timing
    app_state: StateFile  # state/app.json: small facts that outlive a run
    secrets: SecretStore
    children: Children = field(default_factory=Children)  # the end of the program ends them
