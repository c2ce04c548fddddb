"""What can go wrong over SSH, and how that is told."""

from portway.core.codes import Code
from portway.core.sentences import Cause
from portway.core.texts import Offer, OfferKind, translatable

_NO_LOGIN = translatable("Key refused")
_NOT_PROVEN = translatable("Address leads elsewhere")

NOT_INSTALLED = Cause(
    code=Code.NOT_INSTALLED,
    variant="ssh",
    text="The program ssh (OpenSSH) is not on this computer. On Debian and Ubuntu: sudo apt install openssh-client",
)
NO_SERVER = Cause(
    code=Code.BAD_REQUEST,
    variant="ssh_server",
    text="{field}: no server is named yet. Name the one that lets you in by SSH, in Settings.",
    word="Server needed",
)
NO_ADDRESS = Cause(
    code=Code.BAD_REQUEST,
    variant="ssh_address",
    text="{field}: what is opened on the server has no address of its own. Name the one that leads there.",
    word="Address needed",
)
NO_PORT = Cause(
    code=Code.BAD_REQUEST,
    variant="ssh_port",
    text="{field}: name the port on the server to which your web server there leads, like 8022.",
    word="Port needed",
)
OWN_FORWARDS = Cause(
    code=Code.BAD_REQUEST,
    variant="ssh_forwards",
    text=(
        "{field}: your SSH configuration opens forwards of its own for this server, or lets ssh go to the background. "
        "Name an entry without that."
    ),
    word="Configuration",
)
CONFIGURATION = Cause(
    code=Code.BINARY_UNUSABLE,
    variant="ssh_configuration",
    text="{program} does not take your SSH configuration: {reason}. Mend it, then try again.",
    word="Configuration",
)
OPTIONS_UNKNOWN = Cause(
    code=Code.VERSION_TOO_OLD,
    variant="ssh_options",
    text="This {program} does not know the options that Portway gives it. Update OpenSSH to 7.6 or newer.",
)
NAME_UNKNOWN = Cause(
    code=Code.NO_NETWORK,
    variant="ssh_name",
    text="The server {server} was not found. Check its name and the internet connection; Portway keeps trying.",
)
UNREACHABLE = Cause(
    code=Code.EDGE_UNREACHABLE,
    variant="ssh",
    text="{server} does not take the connection: {reason}. Check that it runs and takes SSH; Portway keeps trying.",
)
LOST = Cause(
    code=Code.EDGE_UNREACHABLE,
    variant="ssh_lost",
    text="The connection to {server} was lost. Portway connects again by itself.",
)
NOTHING_IN_COMMON = Cause(
    code=Code.REFUSED_BY_SERVICE,
    variant="ssh_terms",
    text="{server} and this ssh find no way of encryption that both know: {reason}.",
)
NO_KEY = Cause(
    code=Code.NEEDS_LOGIN,
    variant="ssh_no_key",
    text="{server} lets nobody in without a key, and ssh has none here. Make one, and add it there: {command}",
    word=translatable("Key needed"),
)
KEY_LOCKED = Cause(
    code=Code.NEEDS_LOGIN,
    variant="ssh_locked",
    text="{server} takes your key, but that asks for a passphrase. Give it to the agent: {command}",
    word=translatable("Passphrase needed"),
)
KEY_REFUSED = Cause(
    code=Code.NEEDS_LOGIN,
    variant="ssh_key",
    text="{server} takes none of the keys that ssh has. Add yours to that account: {command}",
    word=_NO_LOGIN,
)
TOO_MANY_KEYS = Cause(
    code=Code.NEEDS_LOGIN,
    variant="ssh_keys",
    text=(
        "{server} hung up after too many wrong keys. "
        "Name the right one in your SSH configuration, with IdentityFile and IdentitiesOnly."
    ),
    word=_NO_LOGIN,
)
UNKNOWN_HOST = Cause(
    code=Code.UNKNOWN_HOST,
    text=(
        "{server} is not known here yet. Its key is {fingerprint}. "
        "Trust it only if its owner or its console says the same (--host-key)."
    ),
    word="Server not known yet",
    offers=(Offer(kind=OfferKind.SETTING, label="Trust it", value="hostKey={fingerprint}", after_reading=True),),
)
UNKNOWN_ON_THE_WAY = Cause(
    code=Code.UNKNOWN_HOST,
    variant="way",
    text="A server on the way to {server} is not known here. Log in once in a terminal: {command}",
    word="Server not known yet",
)
OTHER_KEY = Cause(
    code=Code.BAD_REQUEST,
    variant="ssh_fingerprint",
    text="{field}: the server has another key than the one with this fingerprint, so it is not trusted.",
    word="Another key",
)
HOST_CHANGED = Cause(
    code=Code.HOST_CHANGED,
    text=(
        "{server} has another key than before: it may have been set up anew, or somebody sits in between. "
        "Ask its owner. If the change is right, take the old key out of {file}."
    ),
    word="Another key",
)
PORT_REFUSED = Cause(
    code=Code.PORT_CONFLICT,
    variant="ssh",
    text=(
        "{server} does not open {remote}: it is in use there, or not allowed "
        "(PermitListen, AllowTcpForwarding, a port below 1024). Choose another one."
    ),
)
SOCKET_REFUSED = Cause(
    code=Code.PORT_CONFLICT,
    variant="ssh_socket",
    text=(
        "{server} does not open {remote}: an old one may lie there, or it is not allowed. "
        "Remove it there, or set StreamLocalBindUnlink yes in its sshd_config."
    ),
)
GHOST = Cause(
    code=Code.EDGE_UNREACHABLE,
    variant="ssh_ghost",
    text=(
        "{server} still holds {remote} for a connection of Portway that is gone. Portway tries again; "
        "ClientAliveInterval in its sshd_config lets it notice sooner."
    ),
    word="Still held",
)
INSIDE_ONLY = Cause(
    code=Code.EDGE_UNREACHABLE,
    variant="ssh_inside",
    text=(
        "Nobody reaches {url}: {remote} is open on {server} itself only. Let a web server there lead to it and "
        "name its address in Settings, or set GatewayPorts clientspecified in its sshd_config."
    ),
    word="Open inside only",
)
SILENT = Cause(
    code=Code.EDGE_UNREACHABLE,
    variant="ssh_silent",
    text="{url} does not answer. It has to lead to {remote} on {server}; Portway keeps trying.",
    word="Address is silent",
)
ELSEWHERE = Cause(
    code=Code.EDGE_UNREACHABLE,
    variant="ssh_elsewhere",
    text=(
        "{url} answers with status {status}, and not from this computer. "
        "It has to lead to {remote} on {server}; Portway keeps trying."
    ),
    word=_NOT_PROVEN,
)
NOT_TRUSTED = Cause(
    code=Code.EDGE_UNREACHABLE,
    variant="ssh_certificate",
    text="The certificate of {url} is not valid, so visitors are warned away. Mend it there; Portway keeps trying.",
    word="Certificate not valid",
)
