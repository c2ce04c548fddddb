"""All routes, as they follow from what the backends declare. Pure; the router and the document are made from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portway.core.backend import Backend, Command
from portway.core.options import Option, declared
from portway.rest.bodies import ACTION, LASTING, PORT, REMEMBER, RENEW, TARGET, Body
from portway.rest.messages import Action
from portway.rest.policy import BodyRule, Rule

TUNNELS = "/api/tunnels"
HEALTH = "/api/health"


class Operation(StrEnum):
    """What a route does."""

    HEALTH = "health"
    DOCUMENT = "document"
    STATUSES = "statuses"
    EVENTS = "events"
    TOKEN = "token"  # noqa: S105 - the name of an operation
    WINDOW = "window"
    RELOAD = "reload"
    QUIT = "quit"
    STATUS = "status"
    SWITCH = "switch"
    COMMAND = "command"
    CANCEL = "cancel"
    STORE = "store"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method of one path. `action` is that of an alias; else the body names it. `secret` is the stored option."""

    method: str
    path: str
    operation: Operation
    summary: str
    backend: Backend | None = None
    command: Command | None = None
    action: Action | None = None
    secret: str | None = None
    body: Body | None = None
    waits: bool = False

    @property
    def rule(self) -> Rule:
        """What the head of a call to it may ask."""
        if self.body is None:
            return Rule(BodyRule.NONE, self.waits)
        return Rule(BodyRule.REQUIRED if self.body.required else BodyRule.OPTIONAL, self.waits)

    @property
    def streams(self) -> bool:
        """Whether it answers with server-sent events."""
        runs_streaming = self.command is not None and self.command.streams and self.operation is Operation.COMMAND
        return runs_streaming or self.operation is Operation.EVENTS


def build_routes(backends: Iterable[Backend]) -> tuple[Route, ...]:
    """Return every route, each path's methods side by side."""
    return (*_common(), *(route for backend in backends for route in _of_backend(backend)))


def _common() -> Iterator[Route]:
    nothing = Body()
    yield Route(method="GET", path=HEALTH, operation=Operation.HEALTH, summary="Tell that Portway runs.")
    yield Route(method="GET", path="/api/openapi.json", operation=Operation.DOCUMENT, summary="Describe this API.")
    yield Route(method="GET", path=TUNNELS, operation=Operation.STATUSES, summary="Tell the status of all tunnels.")
    yield Route(
        method="GET", path="/api/events", operation=Operation.EVENTS,
        summary="Stream a `status` event for each tunnel now, and again on every change.",
    )  # fmt: skip
    yield Route(
        method="POST", path="/api/token", operation=Operation.TOKEN, body=Body({"renew": RENEW}),
        summary="Return the lasting token, made when first asked for. Takes only the token of the running program.",
    )  # fmt: skip
    yield Route(
        method="POST", path="/api/window", operation=Operation.WINDOW, body=nothing, summary="Raise the window."
    )
    yield Route(
        method="POST", path="/api/reload", operation=Operation.RELOAD, body=nothing,
        summary="Read the settings file again.",
    )  # fmt: skip
    yield Route(method="POST", path="/api/quit", operation=Operation.QUIT, body=nothing, summary="End Portway.")


def _of_backend(backend: Backend) -> Iterator[Route]:
    path = f"{TUNNELS}/{backend.id}"
    yield Route(
        method="GET", path=path, operation=Operation.STATUS, backend=backend,
        summary=f"Tell the status of {backend.title}, from memory.",
    )  # fmt: skip
    yield Route(
        method="POST", path=path, operation=Operation.SWITCH, backend=backend, waits=True,
        summary=f"Turn {backend.title} on or off, and wait for the outcome.",
        body=_switch_body(backend, "enable", {"action": ACTION}),
    )  # fmt: skip
    for name, option in declared(backend.options).items():
        if option.stored:
            yield from _of_secret(backend, name, option)
    for command in backend.commands:
        yield from _of_command(backend, command)


def _of_secret(backend: Backend, name: str, option: Option) -> Iterator[Route]:
    path = f"{TUNNELS}/{backend.id}/token"
    yield Route(
        method="PUT", path=path, operation=Operation.STORE, backend=backend, secret=name,
        summary=f"Store in the keyring: {option.label}.", body=Body({name: option}, frozenset({name})),
    )  # fmt: skip
    yield Route(
        method="DELETE", path=path, operation=Operation.REMOVE, backend=backend, secret=name,
        summary=f"Remove from the keyring: {option.label}.",
    )  # fmt: skip


def _of_command(backend: Backend, command: Command) -> Iterator[Route]:
    path = f"{TUNNELS}/{backend.id}/{command.path}"
    summary = command.help or command.label
    if command.action is not None:
        yield Route(
            method=command.method, path=path, operation=Operation.SWITCH, backend=backend, command=command,
            action=command.action, waits=True, summary=summary, body=_switch_body(backend, command.action, {}),
        )  # fmt: skip
        return
    yield Route(
        method=command.method, path=path, operation=Operation.COMMAND, backend=backend, command=command,
        summary=summary, waits=not command.streams, body=_command_body(command),
    )  # fmt: skip
    if command.streams:
        yield Route(
            method="DELETE", path=path, operation=Operation.CANCEL, backend=backend, command=command,
            summary=f"Cancel it while it runs: {command.label}.",
        )  # fmt: skip


def _command_body(command: Command) -> Body | None:
    return Body(_in_body(command.options)) if command.method in ("POST", "PUT") else None


def _switch_body(backend: Backend, action: Action, first: Mapping[str, Option]) -> Body:
    """Return the keys of a switch: the common ones, the backend's, and those of its aliases."""
    aliases = [command for command in backend.commands if command.action is not None]
    options = _in_body(backend.options)
    for command in aliases:
        options |= _in_body(command.options)
    common: dict[str, Option] = {**first}
    if action == "enable":
        common |= {"target": TARGET, "port": PORT, "lasting": LASTING}
        if any(option.stored for option in declared(backend.options).values()):
            common["remember"] = REMEMBER
    taken = common.keys() & options.keys() | {key.body for key in common.values()} & {
        key.body for key in options.values()
    }
    if taken:
        message = f"{backend.id} declares an option whose name the API itself uses: {', '.join(sorted(taken))}"
        raise ValueError(message)
    return Body({**common, **options}, frozenset(first))


def _in_body(options: type) -> dict[str, Option]:
    return {name: option for name, option in declared(options).items() if option.in_body}
