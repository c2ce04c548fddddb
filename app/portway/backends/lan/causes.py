"""What can keep this computer from being published on its network, and how that is told."""

from portway.core.codes import Code
from portway.core.sentences import Cause
from portway.core.texts import Offer, OfferKind

NO_LOCAL_NETWORK = Cause(
    code=Code.NO_NETWORK,
    variant="lan_none",
    text="This computer is not on a local network. Connect to Wi-Fi or a cable; Portway goes on by itself.",
)
PUBLIC_ADDRESS_ONLY = Cause(
    code=Code.NO_NETWORK,
    variant="lan_public",
    text=(
        "This computer has only the public address {address}, which Portway does not publish by itself. "
        "Choose an address in Settings to use it."
    ),
)
ADDRESS_GONE = Cause(
    code=Code.NO_NETWORK,
    variant="lan_address",
    text=(
        "The address {address} is not there. Choose another one, or connect that network; Portway goes on by itself."
    ),
)
ROUTER_MISSING = Cause(
    code=Code.NO_NETWORK,
    variant="lan_router",
    text="The router {gateway} of this network is not there yet. Portway goes on when it is.",
)
NETWORK_LOST = Cause(
    code=Code.NO_NETWORK,
    variant="lan_lost",
    text="The local network is gone. Portway goes on when {address} is back.",
)
PORT_TAKEN = Cause(
    code=Code.PORT_CONFLICT,
    variant="lan",
    text="Port {port} on {address} is used by another program. Choose another port.",
    offers=(Offer(kind=OfferKind.SETTING, label="Use port {free}", value="listenPort={free}"),),
)
NO_PORT_FREE = Cause(
    code=Code.PORT_CONFLICT,
    variant="lan_all",
    text="Portway could not listen on any port of {address}. Choose another address.",
)
LOOPBACK_NOT_KEPT = Cause(
    code=Code.BAD_REQUEST,
    variant="lan_loopback",
    text="{field}: an address that only this computer reaches is not kept. Name one of a local network.",
)
PORT_OF_TARGET = Cause(
    code=Code.BAD_REQUEST,
    variant="lan_target_port",
    text=(
        "{field}: this is the port of your local server itself, which may fail to start while it is taken. "
        "Choose another one."
    ),
)
PORT_TOO_LOW = Cause(
    code=Code.BAD_REQUEST,
    variant="lan_low_port",
    text="{field}: this port needs administrator rights on this system. Choose one from 1024.",
)
NOT_AN_ADDRESS = Cause(
    code=Code.BAD_REQUEST,
    variant="lan_address",
    text="{field}: this is not an address of this computer on a local network.",
)
