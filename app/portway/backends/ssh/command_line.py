"""What ssh is asked to do: its options, and what is opened on the server. Pure."""

from dataclasses import dataclass, replace
from pathlib import Path

from portway.backends.ssh import causes
from portway.backends.ssh.declaration import Bind, SshOptions, SshTiming, bind_of, public_url_of
from portway.backends.ssh.program import Server
from portway.core.errors import TunnelError
from portway.core.foreign_text import PublicUrl
from portway.core.target import Target

# The person's configuration holds, but for what would share a connection, run commands, ask, or write.
_OPTIONS = (
    "BatchMode=yes",
    "ControlMaster=no",
    "ControlPath=none",
    "PermitLocalCommand=no",
    "RemoteCommand=none",
    "RequestTTY=no",
    "ForwardAgent=no",
    "ForwardX11=no",
    "CheckHostIP=no",
    "UpdateHostKeys=no",
)
_UNANSWERED = 2  # questions, after which the next one finds the connection dead


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What is to be open on the server, for which local address. `url` None: the port itself, whichever it is."""

    bind: Bind
    origin: Target
    url: PublicUrl | None

    @property
    def forward(self) -> str:
        """The words behind -R."""
        host = f"[{self.origin.host}]" if ":" in self.origin.host else self.origin.host
        return f"{self.asked}:{host}:{self.origin.port}"

    @property
    def asked(self) -> str:
        """What the server is asked to open."""
        if self.bind.path:
            return self.bind.path
        # A port that visitors open themselves is asked for at all addresses, one for a web server there at loopback.
        address = self.bind.address or ("*" if self.url is None else "127.0.0.1")
        return f"{address}:{self.bind.port}"

    @property
    def chooses(self) -> bool:
        """Whether the server chooses the port, and tells it."""
        return not self.bind.path and self.bind.port == 0

    def at_port(self, port: int) -> "Opening":
        """Return the same with this port in place of any free one."""
        return replace(self, bind=replace(self.bind, port=port))

    def remote(self, port: int | None) -> str:
        """Return what is open there, for people; `port` is the one that the server chose."""
        return self.bind.path or f"port {port or self.bind.port}"

    def public_url(self, server: Server, port: int | None) -> PublicUrl:
        """Return what visitors open. Raises TunnelError where a person has to name it."""
        if self.url is not None:
            return self.url
        try:
            return PublicUrl(f"http://{server.hostname}:{port or self.bind.port}")
        except ValueError:
            raise TunnelError(causes.NO_ADDRESS, field="publicUrl") from None


def opening_of(options: SshOptions, origin: Target) -> Opening:
    """Return what these options ask for. Raises TunnelError where they cannot lead to an address."""
    bind = bind_of(options.bind)
    url = public_url_of(options.public_url) if options.public_url else None
    if bind.path and url is None:
        raise TunnelError(causes.NO_ADDRESS, field="publicUrl")
    if not bind.path and not bind.port and url is not None:
        raise TunnelError(causes.NO_PORT, field="bind")
    return Opening(bind=bind, origin=origin, url=url)


def arguments(server: Server, opening: Opening, known_hosts: Path, timing: SshTiming) -> list[str]:
    """Return the words that follow the program."""
    options = (
        *_OPTIONS,
        "StrictHostKeyChecking=yes",
        f"GlobalKnownHostsFile={_with(known_hosts, server.all_known_hosts)}",
        "ExitOnForwardFailure=yes",
        f"ServerAliveInterval={max(1, round(timing.keep_alive))}",
        f"ServerAliveCountMax={_UNANSWERED}",
        f"ConnectTimeout={max(1, round(timing.connect_limit))}",
    )
    # Only with -v it tells that a fixed port is open.
    return ["-v", "-N", *_flags(options), "-R", opening.forward, *server.words]


def key_question(server: Server, file: Path, timing: SshTiming) -> list[str]:
    """Return the words that make ssh write the server's key into a file, and log in nowhere."""
    options = (
        *_OPTIONS,
        "StrictHostKeyChecking=accept-new",
        f'UserKnownHostsFile="{as_word(file)}"',
        "GlobalKnownHostsFile=none",
        "HashKnownHosts=no",
        "PreferredAuthentications=none",
        "PubkeyAuthentication=no",
        f"ConnectTimeout={max(1, round(timing.connect_limit))}",
    )
    return ["-N", *_flags(options), *server.words]


def _with(ours: Path, others: str) -> str:
    """Return our file of known servers beside those of this computer; those of the person stay as they are."""
    return f'"{as_word(ours)}"' if others in ("", "none") else f'"{as_word(ours)}" {others}'


def as_word(path: Path) -> str:
    """Return a path as ssh takes it between quotation marks, where a percent sign begins a name of its own."""
    return path.as_posix().replace("%", "%%")


def _flags(options: tuple[str, ...]) -> list[str]:
    return [word for option in options for word in ("-o", option)]
