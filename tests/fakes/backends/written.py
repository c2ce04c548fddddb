"""A child that writes to a file of its own, as a backend starts it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from portway.system.processes.child import Child, Children
from portway.system.processes.output_file import OutputFile


def child_writing_to(output: OutputFile, arguments: Sequence[str], environment: Mapping[str, str]) -> Child:
    """Start it with both streams in `output`, which is emptied before."""
    descriptor = output.open_empty()
    try:
        return Children().start(arguments, environment, stdout=descriptor, stderr=descriptor)
    finally:
        os.close(descriptor)
