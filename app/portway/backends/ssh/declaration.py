"""What the SSH backend declares: its options, its status fields, and its time limits."""

import re
from dataclasses import dataclass

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.foreign_text import PublicUrl
from portway.core.options import HIGHEST_PORT, Kind, host_header_option, option
from portway.core.status import Extras
from portway.core.texts import About, Hint, Note
from portway.core.timing import Timing

SERVICE = "SSH"
PROGRAM = "ssh"
VARIABLE = "SSH_BIN"
ABOUT = About(
    purpose="Public, through a server of your own",
    summary="Through a server of yours that lets you in by SSH: your name, your certificate, nobody in between.",
    cost="A server of your own. Its address stays.",
    page="https://man.openbsd.org/ssh.1",
    get="Linux: sudo apt install openssh-client. Windows: Settings, System, Optional features, OpenSSH Client",
)
FINGERPRINT = r"SHA256:[A-Za-z0-9+/]{43}"
_WORD = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_SERVER = rf"(?:{_WORD}@)?(?:{_WORD}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+)"  # never an option of ssh, which begins with a dash
_BIND = re.compile(
    r"(?:(?P<address>\*|[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):)?(?P<port>[1-9][0-9]{0,4})|(?P<path>/[A-Za-z0-9_./@+-]+)"
)
_LONGEST_PATH = 100  # bytes of a Unix socket's name on every system


@dataclass(frozen=True, slots=True)
class Bind:
    """What is asked for on the server: a port at an address, empty where none was named, or a socket."""

    address: str = ""
    port: int = 0  # 0: any free one
    path: str = ""


def bind_of(text: str) -> Bind:
    """Return what a text asks for. Raises ValueError."""
    if not text:
        return Bind()
    found = _BIND.fullmatch(text)
    if found is None or len(text) > _LONGEST_PATH or int(found["port"] or 0) > HIGHEST_PORT:
        message = "neither port nor socket"
        raise ValueError(message)
    return Bind(found["address"] or "", int(found["port"] or 0), found["path"] or "")


def public_url_of(text: str) -> PublicUrl:
    """Return the address that a person gave; without a scheme it is an encrypted one. Raises ValueError."""
    return PublicUrl(text if "://" in text else f"https://{text}")


def check_bind(text: str, *, field: str = "bind") -> None:
    """Raise TunnelError(bad_request) for what ssh could not ask for."""
    try:
        bind_of(text)
    except ValueError:
        raise TunnelError(Code.BAD_REQUEST, "value_pattern", field=field, expected=_EXPECTED_BIND) from None


def check_public_url(text: str, *, field: str = "publicUrl") -> None:
    """Raise TunnelError(bad_request) for what is no plain address of a web server."""
    try:
        public_url_of(text)
    except ValueError:
        raise TunnelError(Code.BAD_REQUEST, "value_pattern", field=field, expected=_EXPECTED_URL) from None


_EXPECTED_BIND = "a port like 8022, or a socket like /run/portway/dev.sock"
_EXPECTED_URL = "an address like https://dev.example.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class SshOptions:
    """The server alone is needed; what is not given is as the person's SSH configuration has it."""

    server: str = option(
        "",
        label="Server",
        help="A name of your SSH configuration, or of a server: dev.example.com, me@dev.example.com.",
        kind=Kind.TEXT,
        body="server",
        pattern=_SERVER,
        expected="the name of a server like dev.example.com",
    )
    user: str = option(
        "",
        label="User",
        help="Your name on the server. Without one, that of your SSH configuration.",
        kind=Kind.TEXT,
        body="user",
        pattern=_WORD,
        expected="the name of a user",
    )
    server_port: int | None = option(
        None,
        label="SSH port",
        help="Where the server takes SSH. Without one, that of your SSH configuration, else 22.",
        kind=Kind.PORT,
        body="serverPort",
    )
    bind: str = option(
        "",
        label="Port on the server",
        help="The port, or socket, that leads here, like 8022. Without one, the server chooses a port.",
        kind=Kind.TEXT,
        body="bind",
        grammar=check_bind,
    )
    public_url: str = option(
        "",
        label="Public address",
        help="The address whose web server leads to that port. Without one, the port itself is opened, unencrypted.",
        kind=Kind.TEXT,
        body="publicUrl",
        grammar=check_public_url,
    )
    host_key: str = option(
        "",
        label="Fingerprint",
        help="Trust a server that is not known yet if its key has just this fingerprint.",
        kind=Kind.TEXT,
        body="hostKey",
        in_settings=False,
        restarts=False,
        pattern=FINGERPRINT,
        expected="a fingerprint like SHA256:… of 43 characters",
    )
    host_header: str = host_header_option()


@dataclass(frozen=True, slots=True, kw_only=True)
class SshExtras(Extras):
    """`server` is the one that it leads through, `remote` what is open there, `encrypted` how visitors come.

    `host_key` is the fingerprint of a server that is not known, which a person may say yes to.
    """

    server: str | None = None
    remote: str | None = None
    encrypted: bool | None = None
    host_key: str | None = None

    def note(self) -> Note | None:
        """A visit of our own came through."""
        return (
            None if self.server is None else Note(text="a visit came through {server}", values={"server": self.server})
        )

    def hint(self, _target_url: str) -> Hint | None:
        """A plain port of a server shows everything to everybody on the way."""
        if self.encrypted is not False:
            return None
        return Hint(
            text=(
                "This address is not encrypted: others on the way can read along. "
                "A web server on {server} with a certificate helps; name its address in Settings."
            ),
            values={"server": self.server or ""},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SshTiming(Timing):
    """How long things take over SSH, beside the limits that all backends share. Seconds throughout."""

    keep_alive: float = 5.0  # whole seconds between two questions whether the server is there; three unanswered: lost
    connect_limit: float = 10.0  # whole seconds, for one try to connect
    visit_limit: float = 5.0  # one visit of our own
    visit_again: float = 1.0  # between two of them
    proof_limit: float = 10.0  # until one has to have come through
    ghost_limit: float = 120.0  # for the server to notice that an earlier connection of ours is gone
    release_limit: float = 4.0  # for the server to free a port after a connection that we closed
    release_look: float = 0.3  # between two tries meanwhile
    words_look: float = 1.0  # between two looks at what ssh writes
