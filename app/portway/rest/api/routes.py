"""All routes, as they follow from what the backends declare. Pure; the router and the document are made from them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portway.core.backend import Backend, Command
from portway.core.options import Option, declared
from portway.rest.api.bodies import ACTION, INSPECT, LASTING, PORT, REMEMBER, RENEW, TARGET, Body
from portway.rest.api.guard_bodies import ExtendBody, GuardBody, GuardedBody
from portway.rest.api.messages import Action
from portway.rest.api.replay_body import ReplayBody
from portway.rest.api.saved_tunnels import AddBody, change_body
from portway.rest.http.policy import NUMBER, TUNNEL, BodyRule, Parameter, Rule

TUNNELS = "/api/tunnels"
HEALTH = "/api/health"

_LISTED = (
    Parameter("limit", r"[1-9][0-9]{0,3}", "How many at most; 100 if absent."),
    Parameter("before", r"[1-9][0-9]{0,9}", "Only those with a smaller number."),
    Parameter("status", r"[1-5](?:[0-9]{2}|xx)|0", "Only this status, or one of this class, like 4xx."),
    Parameter("method", r"[A-Za-z-]{1,32}", "Only this method."),
    Parameter("q", r"[^\x00-\x1f\x7f]{1,200}", "Only those with this text in their path."),
)
_TYPES = (
    Parameter("types", r"status|request|status,request|request,status", "Which events; `status` alone if absent."),
)
_SECRETS = (Parameter("secrets", r"true|false", "Whether secrets are shown; masked unless true."),)


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
    ADD = "add"
    CHANGE = "change"
    DROP = "drop"
    STATUS = "status"
    SWITCH = "switch"
    COMMAND = "command"
    CANCEL = "cancel"
    STORE = "store"
    REMOVE = "remove"
    REQUESTS = "requests"
    REQUEST = "request"
    CURL = "curl"
    HAR = "har"
    REPLAY = "replay"
    CLEAR = "clear"
    GUARD = "guard"
    EXTEND = "extend"
    LINK = "link"
    VERIFY = "verify"
    STREAMS = "streams"


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
    query: tuple[Parameter, ...] = ()

    @property
    def rule(self) -> Rule:
        """What the head of a call to it may ask."""
        if self.body is None:
            return Rule(BodyRule.NONE, self.waits, self.query)
        return Rule(BodyRule.REQUIRED if self.body.required else BodyRule.OPTIONAL, self.waits, self.query)

    @property
    def streams(self) -> bool:
        """Whether it answers with server-sent events."""
        runs_streaming = self.command is not None and self.command.streams and self.operation is Operation.COMMAND
        return runs_streaming or self.operation in (Operation.EVENTS, Operation.STREAMS)


def build_routes(backends: Iterable[Backend]) -> tuple[Route, ...]:
    """Return every route but those of `tunnel_routes`, each path's methods side by side."""
    known = tuple(backends)
    return (*_common(known), *(route for backend in known for route in _of_backend(backend)))


def tunnel_routes(backend: Backend) -> tuple[Route, ...]:
    """Return the routes that every tunnel of a backend has, with TUNNEL in the place of its word.

    The built-in one has them as well, some with its word in its place.
    """
    path = f"{TUNNELS}/{TUNNEL}"
    secrets = _of_secrets(backend, path, own_alone=True)
    return (*_of_tunnel(backend, path), *secrets, *_of_saved(backend, path))


def _common(backends: tuple[Backend, ...]) -> Iterator[Route]:
    nothing = Body()
    yield Route(method="GET", path=HEALTH, operation=Operation.HEALTH, summary="Say that Portway runs, which version.")
    yield Route(method="GET", path="/api/openapi.json", operation=Operation.DOCUMENT, summary="Describe this API.")
    yield Route(
        method="GET",
        path=TUNNELS,
        operation=Operation.STATUSES,
        summary="Return the status of all tunnels.",
    )
    yield Route(
        method="POST",
        path=TUNNELS,
        operation=Operation.ADD,
        body=AddBody(required=frozenset({"backend"}), backends=backends),
        summary="Add a tunnel; it is saved, and not turned on.",
    )
    yield Route(
        method="GET",
        path="/api/events",
        operation=Operation.EVENTS,
        query=_TYPES,
        summary="Stream a `status` event for each tunnel now, and again on every change.",
    )
    yield Route(
        method="POST",
        path="/api/token",
        operation=Operation.TOKEN,
        body=Body({"renew": RENEW}),
        summary="Return the lasting token, made when first asked for. Takes only the token of the running program.",
    )
    yield Route(
        method="POST", path="/api/window", operation=Operation.WINDOW, body=nothing, summary="Raise the window."
    )
    yield Route(
        method="POST",
        path="/api/reload",
        operation=Operation.RELOAD,
        body=nothing,
        summary="Read the settings file again.",
    )
    yield Route(method="POST", path="/api/quit", operation=Operation.QUIT, body=nothing, summary="End Portway.")


def _of_backend(backend: Backend) -> Iterator[Route]:
    path = f"{TUNNELS}/{backend.kind}"
    yield from _of_tunnel(backend, path)
    yield from _of_secrets(backend, path)
    for command in backend.commands:
        yield from _of_command(backend, command)
    yield from _of_saved(backend, path)  # says that it can be neither changed nor removed


def _of_tunnel(backend: Backend, path: str) -> Iterator[Route]:
    yield Route(
        method="GET",
        path=path,
        operation=Operation.STATUS,
        backend=backend,
        summary=f"Return the status of {_called(backend, path)}, from memory.",
    )
    yield Route(
        method="POST",
        path=path,
        operation=Operation.SWITCH,
        backend=backend,
        waits=True,
        summary=f"Turn {_called(backend, path)} on or off, and wait for the outcome.",
        body=_switch_body(backend, "enable", {"action": ACTION}),
    )
    yield from _of_requests(backend, f"{path}/requests")
    yield from _of_guard(backend, path)


def _called(backend: Backend, path: str) -> str:
    return "a tunnel" if TUNNEL in path else backend.title


def _of_saved(backend: Backend, path: str) -> Iterator[Route]:
    yield Route(
        method="PATCH",
        path=path,
        operation=Operation.CHANGE,
        backend=backend,
        body=change_body(backend),
        summary="Change a saved tunnel. A new target holds at once; an empty text takes a value away."
        if TUNNEL in path
        else f"Refused with `built_in`: {backend.title} is always there.",
    )
    yield Route(
        method="DELETE",
        path=path,
        operation=Operation.DROP,
        backend=backend,
        summary="Remove a saved or temporary tunnel that is off."
        if TUNNEL in path
        else f"Refused with `built_in`: {backend.title} is always there.",
    )


def _of_requests(backend: Backend, path: str) -> Iterator[Route]:
    one = f"{path}/{NUMBER}"
    yield Route(
        method="GET",
        path=path,
        operation=Operation.REQUESTS,
        backend=backend,
        query=_LISTED,
        summary="Return recorded requests, the newest first.",
    )
    yield Route(
        method="DELETE", path=path, operation=Operation.CLEAR, backend=backend, summary="Forget recorded requests."
    )
    yield Route(
        method="GET",
        path=f"{path}.har",
        operation=Operation.HAR,
        backend=backend,
        query=_SECRETS,
        summary="Return all recorded requests as an HTTP archive (HAR 1.2).",
    )
    yield Route(
        method="GET",
        path=one,
        operation=Operation.REQUEST,
        backend=backend,
        query=_SECRETS,
        summary="Return a recorded request and its answer, with headers and bodies.",
    )
    yield Route(
        method="GET",
        path=f"{one}/curl",
        operation=Operation.CURL,
        backend=backend,
        query=_SECRETS,
        summary="Return a recorded request as a curl command.",
    )
    yield Route(
        method="POST",
        path=f"{one}/replay",
        operation=Operation.REPLAY,
        backend=backend,
        body=ReplayBody(),
        summary="Send a recorded request again, to the local server alone.",
    )


def _of_guard(backend: Backend, path: str) -> Iterator[Route]:
    yield Route(
        method="PUT",
        path=f"{path}/guard",
        operation=Operation.GUARD,
        backend=backend,
        body=GuardBody(),
        summary="Change who may open it, at once, also for visitors who are in; the URL stays.",
    )
    yield Route(
        method="POST",
        path=f"{path}/guard/link",
        operation=Operation.LINK,
        backend=backend,
        body=Body(),
        summary="Return a URL that lets one device in without the password.",
    )
    yield Route(
        method="POST",
        path=f"{path}/extend",
        operation=Operation.EXTEND,
        backend=backend,
        body=ExtendBody(required=frozenset({"expiresIn"})),
        summary="Let it stop by itself so much later than it would.",
    )
    yield Route(
        method="POST",
        path=f"{path}/verify",
        operation=Operation.VERIFY,
        backend=backend,
        body=Body(),
        summary="Ask for its public URL from outside. A resolver on the internet is told the name.",
    )
    yield Route(
        method="POST",
        path=f"{path}/streams",
        operation=Operation.STREAMS,
        backend=backend,
        body=Body(),
        summary="Find out whether an event stream, a WebSocket, an upload and a wait of 110 s get through.",
    )


def _of_secrets(backend: Backend, path: str, *, own_alone: bool = False) -> Iterator[Route]:
    for name, option in declared(backend.options).items():
        if option.stored and (option.own or not own_alone):
            yield from _of_secret(backend, f"{path}/token", name, option)


def _of_secret(backend: Backend, path: str, name: str, option: Option) -> Iterator[Route]:
    yield Route(
        method="PUT",
        path=path,
        operation=Operation.STORE,
        backend=backend,
        secret=name,
        summary=f"Store in the keyring: {option.label}.",
        body=Body({name: option}, frozenset({name})),
    )
    yield Route(
        method="DELETE",
        path=path,
        operation=Operation.REMOVE,
        backend=backend,
        secret=name,
        summary=f"Remove from the keyring: {option.label}.",
    )


def _of_command(backend: Backend, command: Command) -> Iterator[Route]:
    path = f"{TUNNELS}/{backend.kind}/{command.path}"
    summary = command.help or command.label
    if command.action is not None:
        yield Route(
            method=command.method,
            path=path,
            operation=Operation.SWITCH,
            backend=backend,
            command=command,
            action=command.action,
            waits=True,
            summary=summary,
            body=_switch_body(backend, command.action, {}),
        )
        return
    yield Route(
        method=command.method,
        path=path,
        operation=Operation.COMMAND,
        backend=backend,
        command=command,
        summary=summary,
        waits=not command.streams,
        body=_command_body(command),
    )
    if command.streams:
        yield Route(
            method="DELETE",
            path=path,
            operation=Operation.CANCEL,
            backend=backend,
            command=command,
            summary=f"Cancel it while it runs: {command.label.rstrip('…')}.",
        )


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
        common |= {"target": TARGET, "port": PORT, "lasting": LASTING, "inspect": INSPECT}
        if any(option.stored for option in declared(backend.options).values()):
            common["remember"] = REMEMBER
    taken = common.keys() & options.keys() | {key.body for key in common.values()} & {
        key.body for key in options.values()
    }
    taken |= {"guard", "expires_in", "expiresIn"} & {*options, *(key.body for key in options.values())}
    if taken:
        message = f"{backend.id} declares an option whose name the API itself uses: {', '.join(sorted(taken))}"
        raise ValueError(message)
    keys = {**common, **options}
    return GuardedBody(keys, frozenset(first)) if action == "enable" else Body(keys, frozenset(first))


def _in_body(options: type) -> dict[str, Option]:
    return {name: option for name, option in declared(options).items() if option.in_body}
