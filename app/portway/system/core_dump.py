"""What is left of this process on the disk should it crash: no image of its memory, where tokens and passwords are."""

from __future__ import annotations

import contextlib


def forbid_core_dump() -> None:
    """Have the system keep no core dump of this process and of what it starts; a child may allow its own again.

    On Windows nothing: dumps are made only where an administrator has set them up.
    """
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
