"""The answers of one backend: types made from the fields that it declares, and values of them."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_type_hints

from msgspec import UNSET, UnsetType, defstruct
from msgspec.structs import fields

from portway.core.backend import Answer, Backend, Command
from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.options import camel
from portway.core.status import BackendId, TunnelId, TunnelStatus
from portway.rest.api.messages import (
    Action,
    CommandMessage,
    FailureMessage,
    Message,
    StatusMessage,
    SwitchMessage,
    guard_message,
    progress_message,
    traffic_message,
    verified_message,
)

Cautions = Callable[[BackendId, TunnelId], str]


def no_caution(_backend: BackendId, _tunnel: TunnelId) -> str:
    """Nothing: for messages that are not sent."""
    return ""


class BackendMessages:
    """The message types of one backend, made from what it declares."""

    def __init__(self, backend: Backend, caution: Cautions) -> None:
        name = backend.kind.capitalize()
        extras = type(backend.no_extras)
        self.backend = backend
        self._caution = caution
        self.status_type = _extended(f"{name}Status", StatusMessage, extras)
        status = ("status", self.status_type)
        aliases = [command.answer for command in backend.commands if command.action is not None]
        self.switch_type = _extended(f"{name}Switched", SwitchMessage, *aliases, fixed=[status], optional=True)
        self.command_types = {
            command.name: _command_type(f"{name}{command.name.title()}", command, status)
            for command in backend.commands
            if command.action is None
        }
        self._extra_names = tuple(item.name for item in dataclasses.fields(extras))  # type: ignore[arg-type]

    def status(self, status: TunnelStatus) -> StatusMessage:
        """Return a status as it is sent."""
        installation = status.installation
        extras = status.extras
        message: StatusMessage = self.status_type(
            id=status.id,
            name=status.name,
            saved=status.saved,
            backend=status.backend,
            reach=status.reach,
            phase=status.phase,
            running=status.running,
            public_url=status.public_url,
            api_url=status.api_url,
            target_url=status.target_url,
            last_error=status.last_error,
            code=status.code,
            action_url=status.action_url,
            supported=installation.supported,
            installed=installation.installed,
            binary_path=installation.binary_path,
            version=installation.version,
            install_source=installation.source,
            managed_install=installation.managed,
            pid=status.pid,
            progress=None if status.progress is None else progress_message(status.progress),
            wanted=status.wanted,
            since=status.since,
            attempt=status.attempt,
            retry_at=status.retry_at,
            log_path=status.log_path,
            traffic=None if status.traffic is None else traffic_message(status.traffic),
            inspect=status.inspect,
            guard=guard_message(status.guard),
            expires_at=status.expires_at,
            until_logout=status.until_logout,
            verified=verified_message(status.verified),
            host=status.host,
            caution=None if status.wanted else self._caution(status.backend, status.id) or None,
            **{name: getattr(extras, name) for name in self._extra_names},
        )
        return message

    def switched(  # noqa: PLR0913 - each is a part of the answer
        self,
        status: TunnelStatus,
        action: Action,
        problem: Problem | None,
        *,
        success: bool,
        pending: bool = False,
        warning: Problem | None = None,
    ) -> SwitchMessage:
        """Return how a switch came out, with the fields that the backend's alias of that action adds."""
        shapes = [command.shape for command in self.backend.commands if command.action == action]
        more = {key: value for shape in shapes if shape is not None for key, value in shape(status).items()}
        message: SwitchMessage = self.switch_type(
            success=success,
            action=action,
            status=self.status(status),
            pending=pending or UNSET,
            warning=UNSET if warning is None else warning.sentence,
            **_explained(problem),
            **_by_field(self.switch_type, more),
        )
        return message

    def command(self, command: Command, found: Answer, status: TunnelStatus) -> Message:
        """Return what a command that went well found out; a GET's answer is that alone."""
        message_type: type[Message] = self.command_types[command.name]
        found_fields = _by_field(message_type, found)
        if command.method == "GET":
            return message_type(**found_fields)
        return message_type(success=True, status=self.status(status), **found_fields)

    def command_failed(
        self, command: Command, problem: Problem | None, status: TunnelStatus, *, pending: bool = False
    ) -> Message:
        """Return why a command did not go well, or that it is still at work."""
        if command.method == "GET":
            shown = problem or Problem(Code.TOO_BUSY)
            return FailureMessage(error=shown.sentence, code=shown.code, status=self.status(status))
        message: Message = self.command_types[command.name](
            success=False, status=self.status(status), pending=pending or UNSET, **_explained(problem)
        )
        return message


class Messages:
    """The message types of all backends."""

    def __init__(self, backends: Iterable[Backend], caution: Cautions = no_caution) -> None:
        """`caution` says what to know before a tunnel is turned on; without it, nothing is said of that."""
        self._backends = {backend.kind: BackendMessages(backend, caution) for backend in backends}

    def of(self, backend: BackendId) -> BackendMessages:
        """Return those of one backend."""
        return self._backends[backend]

    def all(self) -> tuple[BackendMessages, ...]:
        """Return those of every backend, in their order."""
        return tuple(self._backends.values())

    def status(self, status: TunnelStatus) -> StatusMessage:
        """Return a status as it is sent."""
        return self._backends[status.backend].status(status)


def _explained(problem: Problem | None) -> dict[str, Any]:
    if problem is None:
        return {}
    return {"error": problem.sentence, "code": problem.code, "action_url": problem.action_url or UNSET}


def _command_type(name: str, command: Command, status: tuple[str, Any]) -> type[Any]:
    base = Message if command.method == "GET" else CommandMessage
    fixed = [] if base is Message else [status]
    return _extended(name, base, command.answer, fixed=fixed, optional=True)


def _extended(
    name: str, base: type[Message], *declared: type, fixed: Iterable[tuple[str, Any]] = (), optional: bool = False
) -> type[Any]:
    """Return `base` with the fields of dataclasses on top. `optional`: each may be left out."""
    own = {item.name for item in fields(base)}
    more: dict[str, Any] = {}
    for dataclass in declared:
        for key, hint in get_type_hints(dataclass).items():
            if key not in own:
                more[key] = (key, hint | UnsetType, UNSET) if optional else (key, hint)
    return defstruct(
        _title(name),
        [*fixed, *more.values()],
        bases=(base,),
        frozen=True,
        kw_only=True,
        rename=camel,
        module=__name__,
    )


def _title(name: str) -> str:
    return "".join(character for character in name if character.isalnum())


def _by_field(message_type: type[Any], found: Mapping[str, object]) -> dict[str, object]:
    """Return what a backend found, by field name; it may have written the names in either spelling."""
    names = {item.encode_name: item.name for item in fields(message_type)}
    return {names[camel(key)]: value for key, value in found.items()}
