"""Python runs this at the start of each child process whose PYTHONPATH a test begins with this folder."""

from __future__ import annotations

from tests.watched.http_answers import watch_for_parent

watch_for_parent()
