"""Lets `portway doctor` collect the diagnostics, in a process of its own: the window does not look by itself."""

from collections.abc import Sequence

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.system.diagnosis.bundle import FILE_NAME, LARGEST, Bundle, unpack
from portway.system.processes.command import CommandTimeoutError, run_command
from portway.system.services import Services
from portway.system.storage.files import DamagedFileError, private_folder, read_trusted, remove

LIMIT = 20.0  # seconds; a busy computer may take some for the start alone
_PROGRAM = "portway doctor"


def bundle_by_doctor(services: Services, portway: Sequence[str], limit: float = LIMIT) -> Bundle:
    """Return what it has collected. `portway` are the words that start Portway; `limit` is in seconds.

    Blocks. Raises TunnelError.
    """
    path = private_folder(services.folders.cache) / FILE_NAME
    command = [*portway, "doctor", "--bundle", str(path), "--yes"]
    try:
        # It is Portway itself: it gets the whole environment, which says where everything is.
        done = run_command(services.children, command, environment=services.environment, limit=limit)
        content = read_trusted(path, LARGEST)
        if content is None:
            last = done.stderr.strip().splitlines() or ["it wrote nothing"]
            raise TunnelError(Code.PROCESS_DIED, program=_PROGRAM, reason=last[-1].rstrip("."))
        return unpack(content)
    except CommandTimeoutError:
        raise TunnelError(Code.START_TIMEOUT, program=_PROGRAM, seconds=round(limit)) from None
    except (OSError, DamagedFileError, ValueError) as error:
        raise TunnelError(Code.PROCESS_DIED, program=_PROGRAM, reason=type(error).__name__) from error
    finally:
        remove(path)
