"""Python runs this at the start of each child process whose PYTHONPATH a test begins with this folder.

Most children never call the REST API, so that what watches its answers is imported at the first request only.
"""

from __future__ import annotations

import os
import sys

_WATCHER = "tests.watched.http_answers"


def _at_first_request(event: str, _: tuple[object, ...]) -> None:
    """Watch from here on, this request included: a hook added now is called for the same event."""
    if event == "http.client.send" and _WATCHER not in sys.modules:
        from tests.watched.http_answers import watch_for_parent

        watch_for_parent()


if "PORTWAY_TEST_ANSWERS" in os.environ:
    sys.addaudithook(_at_first_request)
