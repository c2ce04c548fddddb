"""What an earlier Portway started and was killed before it could end it."""

import logging

from portway.core.backend import StillUpError
from portway.core.codes import Code
from portway.core.errors import Problem
from portway.system.processes.child import Children
from portway.system.processes.identity import ProcessIdentity, marked_processes

logger = logging.getLogger(__name__)


def end_unrecorded(children: Children, mark: str, recorded: ProcessIdentity | None, grace: float, program: str) -> None:
    """End what was started with this mark, other than what is recorded. Blocks. Raises StillUpError."""
    for identity in marked_processes(mark):
        if identity == recorded:
            continue
        logger.info("Process %s of an earlier Portway is ended: it was never recorded", identity.pid)
        if not children.adopt(identity).stop(grace):
            raise StillUpError(cannot_be_ended(identity, program), "")


def cannot_be_ended(identity: ProcessIdentity, program: str) -> Problem:
    """Return why something of ours is still up."""
    reason = f"process {identity.pid} of an earlier run cannot be ended"
    return Problem(Code.PROCESS_DIED, "", {"program": program, "reason": reason})
