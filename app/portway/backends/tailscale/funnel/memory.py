"""What Portway remembers of its Funnel, so that a later start of it recognises the Funnel as its own."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from portway.backends.tailscale.declaration import PUBLIC_PORTS
from portway.backends.tailscale.parse.serve_config import Funnel
from portway.core.foreign_text import PublicUrl
from portway.system.storage.state_file import StateFile

_MOST_LEFT = 8


class Memory:
    """The file tailscale-state.json. It is written before anything is published. Safe on every thread."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def funnel(self) -> Funnel | None:
        """Return the Funnel that is, or may be, ours."""
        return _funnel_of(self._file.read())

    def left_behind(self) -> tuple[Funnel, ...]:
        """Return what is ours under a former name of this computer, where nothing could remove it."""
        kept = self._file.read().get("leftBehind")
        found = (_funnel_of(one) for one in kept if isinstance(one, dict)) if isinstance(kept, list) else ()
        return tuple(one for one in found if one is not None)

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
                **_record_of(funnel),
                "since": datetime.now(UTC).isoformat(),
                **_behind(self.left_behind()),
            }
        )

    def forget(self) -> None:
        """Nothing is public of ours any longer."""
        behind = self.left_behind()
        if behind:
            self._file.write(_behind(behind))
        else:
            self._file.clear()

    def leave_behind(self, funnel: Funnel) -> None:
        """Remember that this one is ours although nobody is led to it any longer."""
        behind = (*(one for one in self.left_behind() if one != funnel), funnel)[-_MOST_LEFT:]
        self._file.write({**self._file.read(), **_behind(behind)})

    def forget_left_behind(self, funnel: Funnel) -> None:
        """It is gone."""
        behind = tuple(one for one in self.left_behind() if one != funnel)
        record = {key: value for key, value in self._file.read().items() if key != "leftBehind"}
        self._file.write({**record, **_behind(behind)})


def _funnel_of(record: Mapping[str, Any]) -> Funnel | None:
    host, port = record.get("host"), record.get("port")
    proxy, target = record.get("proxy"), record.get("target")
    if port not in PUBLIC_PORTS or not all(isinstance(text, str) and text for text in (host, proxy, target)):
        return None
    found = Funnel(host=str(host), port=int(str(port)), proxy=str(proxy), target=str(target))
    try:
        PublicUrl(found.url)
    except ValueError:
        return None
    return found


def _record_of(funnel: Funnel) -> dict[str, object]:
    return {"host": funnel.host, "port": funnel.port, "proxy": funnel.proxy, "target": funnel.target}


def _behind(funnels: Iterable[Funnel]) -> dict[str, object]:
    kept = [_record_of(one) for one in funnels]
    return {"leftBehind": kept} if kept else {}
