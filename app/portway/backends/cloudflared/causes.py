"""What can go wrong with cloudflared alone, and how that is told."""

from portway.core.codes import Code
from portway.core.sentences import Cause

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
