"""state/ssh-state.json: which ssh of ours holds a tunnel, so that a later Portway finds it again."""

from dataclasses import dataclass
from datetime import datetime

from portway.core.foreign_text import PublicUrl
from portway.system.processes.identity import ProcessIdentity
from portway.system.processes.identity_record import as_record, identity_in, moment, text, whole
from portway.system.storage.state_file import StateFile


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelRecord:
    """One process. `what` names server and wish; `public_url` and `started_at` follow once it is up.

    `command` are the words of the process; `port` is the one that the server chose.
    """

    identity: ProcessIdentity
    command: tuple[str, ...]
    what: str
    port: int | None = None
    public_url: PublicUrl | None = None
    started_at: datetime | None = None


class TunnelRecordFile:
    """The file of that record. What is in it is untrusted: anything odd reads as none."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def write(self, record: TunnelRecord) -> None:
        """Remember it. A full disk is only logged: then a crash of ours leaves a tunnel that its mark alone tells."""
        self._file.write(
            {
                **as_record(record.identity),
                "command": list(record.command),
                "what": record.what,
                "port": record.port,
                "publicUrl": record.public_url,
                "startedAt": None if record.started_at is None else record.started_at.isoformat(),
            }
        )

    def read(self) -> TunnelRecord | None:
        """Return what an earlier Portway left."""
        record = self._file.read()
        try:
            return TunnelRecord(
                identity=identity_in(record),
                command=tuple(text(word) for word in record["command"]),
                what=text(record["what"]),
                port=None if record.get("port") is None else whole(record["port"]),
                public_url=None if record.get("publicUrl") is None else PublicUrl(text(record["publicUrl"])),
                started_at=None if record.get("startedAt") is None else moment(record["startedAt"]),
            )
        except (KeyError, TypeError, ValueError):
            return None

    def clear(self) -> None:
        """Nothing of ours is up."""
        self._file.clear()
