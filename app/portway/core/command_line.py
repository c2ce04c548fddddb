"""The grammar of a command that a person types in Settings: words as in a shell, which is never started."""

from __future__ import annotations

import shlex

from portway.core.codes import Code
from portway.core.errors import TunnelError


def check_command(text: str, *, field: str = "command") -> tuple[str, ...]:
    """Return program and arguments. Raises TunnelError(bad_request) that names `field` for an open quote."""
    try:
        return tuple(shlex.split(text))
    except ValueError:
        raise TunnelError(Code.BAD_REQUEST, "command", field=field) from None
