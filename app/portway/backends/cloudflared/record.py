"""state/cloudflared-state.json: which process of ours has a tunnel up, so that a later Portway finds it again."""

from dataclasses import dataclass
from datetime import datetime

from portway.backends.cloudflared.declaration import CloudflaredOptions, Managed
from portway.core.foreign_text import PublicUrl
from portway.system.processes.identity import ProcessIdentity
from portway.system.processes.identity_record import as_record, identity_in, moment, text, whole
from portway.system.storage.state_file import StateFile


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelRecord:
    """One process. `public_url`, `metrics_port` and `started_at` are there once its tunnel was up.

    `tunnel_id` is that of a named one. `options` hold no token.
    """

    identity: ProcessIdentity
    target_url: str
    options: CloudflaredOptions
    tunnel_id: str | None = None
    public_url: PublicUrl | None = None
    metrics_port: int | None = None
    started_at: datetime | None = None


class TunnelRecordFile:
    """The file of that record. What is in it is untrusted: anything odd reads as none."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def write(self, record: TunnelRecord) -> None:
        """Remember it. A full disk is only logged: then a crash of ours leaves a tunnel that nobody finds."""
        self._file.write(
            {
                **as_record(record.identity),
                "publicUrl": record.public_url,
                "targetUrl": record.target_url,
                "protocol": record.options.protocol,
                "hostHeader": record.options.host_header,
                "hostname": record.options.hostname,
                "tunnelId": record.tunnel_id,
                "metricsPort": record.metrics_port,
                "startedAt": None if record.started_at is None else record.started_at.isoformat(),
            }
        )

    def read(self) -> TunnelRecord | None:
        """Return what an earlier Portway left."""
        record = self._file.read()
        try:
            return TunnelRecord(
                identity=identity_in(record),
                target_url=text(record["targetUrl"]),
                options=CloudflaredOptions(
                    protocol=text(record["protocol"]),
                    host_header=str(record["hostHeader"]),
                    hostname=str(record.get("hostname") or ""),
                ),
                tunnel_id=None if record.get("tunnelId") is None else text(record["tunnelId"]),
                public_url=None if record.get("publicUrl") is None else PublicUrl(text(record["publicUrl"])),
                metrics_port=None if record.get("metricsPort") is None else whole(record["metricsPort"]),
                started_at=None if record.get("startedAt") is None else moment(record["startedAt"]),
            )
        except (KeyError, TypeError, ValueError):
            return None

    def clear(self) -> None:
        """Nothing of ours is up."""
        self._file.clear()


@dataclass(frozen=True, slots=True)
class Before:
    """What the last start of a named tunnel has shown: who leads its visitors, and under which name they found it."""

    managed: Managed | None = None
    known_name: str = ""


class BeforeFile:
    """state/cloudflared-named.json: that, by the tunnel's id.

    Untrusted as well; what is in it only says for how long a start waits, and whether it asks for the name.
    """

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def read(self, tunnel_id: str) -> Before:
        """Return what was noted of this tunnel."""
        record = self._file.read()
        if record.get("tunnelId") != tunnel_id:
            return Before()
        ways = {str(one): one for one in (Managed.LOCAL, Managed.REMOTE)}
        return Before(ways.get(str(record.get("managed"))), str(record.get("knownName") or ""))

    def note(self, tunnel_id: str, before: Before) -> None:
        """Remember it for the next start."""
        if self.read(tunnel_id) != before:
            self._file.write(
                {"tunnelId": tunnel_id, "managed": str(before.managed or ""), "knownName": before.known_name}
            )
