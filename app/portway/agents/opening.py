"""The tools that open tunnels, stop them, and say how they are."""

from __future__ import annotations

import contextlib

from portway.agents.link import ToolFailed
from portway.agents.shapes import Record, brief
from portway.agents.task import Arguments, Task
from portway.cli.client.client import Frame
from portway.cli.client.event_stream import STATUS
from portway.core.errors import TunnelError
from portway.core.target import Target, parse_target

_TUNNELS = "/api/tunnels"
# A person may be asked for a minute; an enable is answered after another one at the latest.
_OPEN_LIMIT = 150.0  # seconds
_STOP_WAIT, _STOP_LIMIT = 15, 30.0  # seconds
_ACTIVE = ("starting", "running")
_MEGABYTE = 1_000_000
_ASKING = "Portway was asked; a person may have to allow it on the screen first."


def list_tunnels(task: Task, _arguments: Arguments) -> Record:
    """Return all tunnels."""
    return {"tunnels": [brief(status) for status in task.call("GET", _TUNNELS)["tunnels"]]}


def status(task: Task, arguments: Arguments) -> Record:
    """Return one tunnel."""
    return brief(task.call("GET", f"{_TUNNELS}/{arguments['tunnel']}"))


def stop(task: Task, arguments: Arguments) -> Record:
    """Turn a tunnel off, and return its last status."""
    path = f"{_TUNNELS}/{arguments['tunnel']}?wait={_STOP_WAIT}"
    return brief(task.call("POST", path, {"action": "disable"}, _STOP_LIMIT)["status"])


def expose(task: Task, arguments: Arguments, way: str) -> Record:
    """Open a tunnel by `way`: its built-in one, or beside one that is on a temporary one."""
    target, lasting = str(arguments["target"]), bool(arguments.get("lasting"))
    asked = {key: arguments[key] for key in ("guard", "expiresIn") if key in arguments}
    running = _running(task, way, target)
    if running is not None and not asked:
        return brief(running)
    if lasting:
        _refuse_to_last(task)
    with task.link.choosing(lambda others: _tunnel_for(task, way, others)) as tunnel:
        if lasting and tunnel != way:
            _drop(task, tunnel)
            raise ToolFailed(
                f"{way} is on already, and what is opened beside it ends with this client. "
                "Ask the person to add a tunnel: portway tunnels add"
            )
        body = {"action": "enable", "target": target, "lasting": lasting, "inspect": True, **asked}
        return _opened(task, tunnel, body, temporary=tunnel != way)


def _opened(task: Task, tunnel: str, body: Record, *, temporary: bool) -> Record:
    told: list[str] = []

    def hear(frame: Frame) -> None:
        if frame.event == STATUS and frame.data["id"] == tunnel:
            sentence = _progress(frame.data)
            if sentence and told[-1:] != [sentence]:
                told.append(sentence)
                task.tell(sentence)

    task.tell(_ASKING)
    try:
        with task.link.following(hear):
            answer = task.call("POST", f"{_TUNNELS}/{tunnel}", body, _OPEN_LIMIT)
    except ToolFailed:
        if task.cancelled:
            with contextlib.suppress(ToolFailed):
                task.undo("POST", f"{_TUNNELS}/{tunnel}", {"action": "disable"})
        if temporary:
            _drop(task, tunnel)
        raise
    return brief(answer["status"])


def _running(task: Task, way: str, target: str) -> Record | None:
    """Return the status of a tunnel of this way that leads there already, None if there is none."""
    wanted = _target(target)
    for one in task.call("GET", _TUNNELS)["tunnels"]:
        if one["backend"] == way and one["running"] and wanted.may_be(parse_target(one["targetUrl"])):
            found: Record = one
            return found
    return None


def _tunnel_for(task: Task, way: str, others: set[str]) -> str:
    """Return the tunnel to use: none that is on, whoever opened it, nor one of `others`, which are used just now."""
    if way not in others and task.call("GET", f"{_TUNNELS}/{way}")["phase"] not in _ACTIVE:
        return way
    return str(task.call("POST", _TUNNELS, {"backend": way, "lasting": False})["id"])


def _drop(task: Task, tunnel: str) -> None:
    """Remove a temporary tunnel that did not come up; one that is still wanted goes when it is off."""
    with contextlib.suppress(ToolFailed):
        task.undo("DELETE", f"{_TUNNELS}/{tunnel}")


def _refuse_to_last(task: Task) -> None:
    task.call("GET", _TUNNELS)
    if task.link.is_own:
        raise ToolFailed(
            "Portway was started for this client and ends with it, so nothing stays open. "
            "Ask the person to start Portway first."
        )


def _target(text: str) -> Target:
    try:
        return parse_target(text)
    except TunnelError as error:
        raise ToolFailed(str(error), error.code) from None


def _progress(status: Record) -> str:
    """Return how far a start is, in a sentence; nothing where there is nothing to tell."""
    progress = status["progress"]
    if progress is None:
        return f"{status['name']} is starting." if status["phase"] == "starting" else ""
    received, total = progress["received"], progress["total"]
    if received is None or not total:
        return str(progress["message"])
    return f"{progress['message']} {received / _MEGABYTE:.0f} of {total / _MEGABYTE:.0f} MB"
