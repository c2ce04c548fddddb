"""The real tray program as a process that also evaluates what comes in on standard input, on its main thread.

Each line is an expression over `window`, `gaps`, `paints` and the helpers below; its value goes back as one line of
JSON, as `{"broken": …}` where it raises. It may be started with `--tailscale-socket PATH`.
"""

from __future__ import annotations

import functools
import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication

from portway.__main__ import tray
from tests.fakes.runtime.gaps import Gaps, Paints


class Ear(QObject):
    """Evaluates on the main thread what the thread that reads sends it."""

    def __init__(self, main: QCoreApplication) -> None:
        super().__init__()
        self._known: dict[str, Any] = {
            "gaps": Gaps(self),
            "paints": Paints(self),
            "is_in_sight": is_in_sight,
            "press_shown": press_shown,
            "thread_names": thread_names,
            "time_of": time_of,
            "time_of_page": time_of_page,
            "window": window,
            "words": words,
        }
        self.moveToThread(main.thread())

    def event(self, event: QEvent) -> bool:
        if not isinstance(event, _Said):
            return super().event(event)
        try:
            value = eval(event.expression, self._known)  # noqa: S307 - the benchmark's own expressions
        except Exception as error:  # noqa: BLE001 - the benchmark shows it
            value = {"broken": f"{type(error).__name__}: {error}"}
        print(json.dumps(value, default=str), flush=True)
        return True


class _Said(QEvent):
    def __init__(self, expression: str) -> None:
        super().__init__(QEvent.Type.User)
        self.expression = expression


def window() -> Any:  # noqa: ANN401 - it is imported late, as in the program itself
    """Return the main window; None while it was not open yet."""
    return next((one for one in QApplication.topLevelWidgets() if one.objectName() == "portway"), None)


def time_of_page(key: str) -> float:
    """Return the milliseconds until a page that was not open before is painted."""
    begin = time.perf_counter()
    window().go_to(key)
    QApplication.processEvents()
    return (time.perf_counter() - begin) * 1000


def is_in_sight(name: str) -> bool:
    """Whether there is a control of this name to press on the page that is shown."""
    from tests.desktop.clicks.walker import in_sight  # late, as below

    return name in in_sight(window().shown_page())


def press_shown(name: str, typed: str = "") -> None:
    """Do what a person does with the control of this name on the page that is shown."""
    from tests.desktop.clicks.walker import in_sight, press  # late: benchmarks measure the memory without it

    press(in_sight(window().shown_page())[name], typed)


def words() -> list[str]:
    """Return what can be read on the page that is shown, in labels and in lines that tell a state."""
    from portway.gui.widgets.state_line import StateLine
    from tests.desktop.clicks.walker import words_in_sight

    page = window().shown_page()
    return words_in_sight(page) + [one.text for one in page.findChildren(StateLine) if one.isVisible()]


def time_of(call: Callable[[], object]) -> float:
    """Return the milliseconds that a call takes."""
    begin = time.perf_counter()
    call()
    return (time.perf_counter() - begin) * 1000


def thread_names() -> dict[int, str]:
    """Return the names of Python's threads by the ids that the system gave them; it is not told of the names."""
    return {one.native_id: one.name for one in threading.enumerate() if one.native_id is not None}


def _listen() -> None:
    """Runs on a thread of its own: the program knows nothing of it."""
    while (main := QCoreApplication.instance()) is None:
        time.sleep(0.01)
    ear = Ear(main)
    for line in sys.stdin:
        QCoreApplication.postEvent(ear, _Said(line.strip()))


def _find_daemon_at(socket: Path) -> None:
    """Let Portway look for the daemon of Tailscale here instead of where a system has it."""
    from portway.backends import registry  # late, as in the program itself
    from portway.backends.tailscale.backend import TailscaleBackend

    *others, _ = registry.FACTORIES
    registry.FACTORIES = (*others, functools.partial(TailscaleBackend, socket=socket))


if __name__ == "__main__":
    if "--tailscale-socket" in sys.argv:
        _find_daemon_at(Path(sys.argv.pop()))
    threading.Thread(target=_listen, daemon=True).start()
    sys.exit(tray())
