"""What can go wrong with cloudflared alone, and how that is told."""

from portway.core.codes import Code
from portway.core.sentences import Cause
from portway.core.texts import Offer, OfferKind, translatable

NO_TOKEN = Cause(
    code=Code.NEEDS_TOKEN,
    variant="tunnel",
    text=(
        "For {host} {service} needs the token of the tunnel that has this name. "
        "Make the tunnel in the dashboard, then enter its token here."
    ),
)
NO_TOKEN_SHAPE = Cause(
    code=Code.TOKEN_REJECTED,
    variant="tunnel_shape",
    text=(
        "What is set as the token is not that of a {service} tunnel. "
        "Copy it from the tunnel's page in the dashboard: it begins with eyJ."
    ),
)
TOKEN_REFUSED = Cause(
    code=Code.TOKEN_REJECTED,
    variant="tunnel",
    text=(
        "{service} does not accept the token of this tunnel: it is wrong, or was renewed. "
        "Copy the current one from the tunnel's page in the dashboard."
    ),
)
TUNNEL_DELETED = Cause(
    code=Code.TOKEN_REJECTED,
    variant="tunnel_deleted",
    text=(
        "The tunnel that this token belongs to is not there any more at {service}. "
        "Make another one in the dashboard, and enter its token."
    ),
)
_COPY_OURS = Offer(kind=OfferKind.COPY, label=translatable("Copy {ours}"), value="{ours}")
OTHER_TARGET = Cause(
    code=Code.OTHER_TARGET,
    text=(
        "{service}'s dashboard sends visitors of {host} to {theirs}, and not to {ours}, where Portway waits for them. "
        "Enter {ours} there as the service of this host name, then turn the tunnel on again."
    ),
    page=translatable("Open the dashboard"),
    offers=(_COPY_OURS,),
)
NO_ROUTE = Cause(
    code=Code.OTHER_TARGET,
    variant="no_route",
    text=(
        "{service}'s dashboard has no public host name {host} for this tunnel. "
        "Add it there with the service {ours}, then turn the tunnel on again."
    ),
    page=translatable("Open the dashboard"),
    offers=(_COPY_OURS,),
)
NO_RECORD = Cause(
    code=Code.DOMAIN_NOT_YOURS,
    variant="no_record",
    word=translatable("Name is not known"),
    text=(
        "Nobody finds {host}: there is no DNS record for it. "
        "Add it to the tunnel in {service}'s dashboard as a public host name, then turn the tunnel on again."
    ),
    page=translatable("Open the dashboard"),
    offers=(Offer(kind=OfferKind.COPY, label=translatable("Copy {host}"), value="{host}"),),
)
SLEPT = Cause(
    code=Code.EDGE_UNREACHABLE,
    variant="slept",
    text=(
        "Nothing has come through the tunnel since this computer slept. "
        "{program} comes back by itself within minutes, with the same URL."
    ),
)
OPTIONS_UNKNOWN = Cause(
    code=Code.VERSION_TOO_OLD,
    variant="options",
    text="This {program} does not know the options that Portway gives it. Update it to a newer one.",
)
REPLACED = Cause(
    code=Code.CHECKSUM_MISMATCH,
    variant="replaced",
    text="{program} at {path} is not the file that Portway installed, so it is not started. Install it again.",
)
NO_CHECKSUM = Cause(
    code=Code.CHECKSUM_MISMATCH,
    variant="none",
    text="{program} was not installed: {reason}, so the download cannot be verified.",
)
OLD_KEPT = Cause(
    code=Code.BINARY_UNUSABLE,
    variant="old_kept",
    text="The new {program} ({path}) cannot be used: {reason}. The older one was kept.",
)
INSTALL_BY_HAND = Cause(
    code=Code.INSTALL_FAILED,
    variant="by_hand",
    text=(
        "{program} could not be installed: {reason}. Download it by hand from the page and name the file in {variable}."
    ),
)
