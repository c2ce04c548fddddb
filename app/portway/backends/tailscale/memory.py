"""What Portway remembers of its Funnel, so that a later run of it knows the Funnel for its own."""

from __future__ import annotations

from datetime import UTC, datetime

from portway.backends.tailscale.declaration import PUBLIC_PORTS
from portway.backends.tailscale.serve_config import Funnel
from portway.system.state_file import StateFile


class Memory:
    """The file tailscale-state.json. It is written before anything is published. Safe on every thread."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def funnel(self) -> Funnel | None:
        """Return the Funnel that is, or may be, ours."""
        record = self._file.read()
        host, port = record.get("host"), record.get("port")
        proxy, target = record.get("proxy"), record.get("target")
        if port not in PUBLIC_PORTS or not all(isinstance(text, str) and text for text in (host, proxy, target)):
            return None
        return Funnel(host=str(host), port=int(port), proxy=str(proxy), target=str(target))

    def since(self) -> datetime | None:
        """Return when it came up, in UTC."""
        try:
            found = datetime.fromisoformat(str(self._file.read().get("since")))
        except ValueError:
            return None
        return found if found.tzinfo is not None else None

    def keep(self, funnel: Funnel) -> None:
        """Remember that this one is ours from now on."""
        self._file.write(
            {
                "host": funnel.host, "port": funnel.port, "proxy": funnel.proxy, "target": funnel.target,
                "since": datetime.now(UTC).isoformat(),
            }
        )  # fmt: skip

    def forget(self) -> None:
        """Nothing is ours any longer."""
        self._file.clear()
