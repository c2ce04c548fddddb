"""Tunnels that a client adds, changes and removes: their bodies, and the answers. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from portway.core.backend import Backend
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.hub import Hub
from portway.core.options import Kind, Option, tunnel_options
from portway.core.settings import TUNNEL_ID, TUNNEL_NAME, TUNNEL_TARGET, SavedTunnel
from portway.core.status import TunnelId
from portway.rest.api.backend_messages import Messages
from portway.rest.api.bodies import Body, Values, parse_object
from portway.rest.api.messages import DoneMessage
from portway.rest.http.answers import Response, answer

_ID = Option(
    label="Word",
    help="Its word: small letters, digits and dashes. It is needed unless `lasting` is false.",
    kind=Kind.TEXT,
    body="id",
    pattern=TUNNEL_ID,
    expected="a word of small letters, digits and dashes, like shop or api-2, at most 32",
)
_LASTING = Option(
    label="Lasting",
    kind=Kind.FLAG,
    body="lasting",
    help="False: a temporary tunnel, gone once it was on and is off again. Without an id, Portway chooses its word.",
)
_COMMON = {"name": TUNNEL_NAME, "target": TUNNEL_TARGET}


def change_body(backend: Backend) -> Body:
    """Return what may be changed of a saved tunnel of this backend; null, or an empty text, takes a value away."""
    return Body({**_COMMON, **tunnel_options(backend.options)}, null_clears=True)


@dataclass(frozen=True, slots=True)
class AddBody(Body):
    """A tunnel that is to be added: the common keys, and the options of its backend."""

    backends: tuple[Backend, ...] = ()

    def read(self, content: bytes) -> Values:
        """Return a SavedTunnel as `tunnel`, and `lasting`. Raises TunnelError(bad_request)."""
        if not content:
            raise TunnelError(Code.BAD_REQUEST, "body_missing")
        given = parse_object(content).get("backend")
        words = [str(backend.kind) for backend in self.backends]
        if given is None:
            raise TunnelError(Code.BAD_REQUEST, field="backend", problem="it is missing")
        if not isinstance(given, str) or given not in words:
            raise TunnelError(Code.BAD_REQUEST, "value_choice", field="backend", choices=", ".join(words))
        backend = next(one for one in self.backends if one.kind == given)
        values = Body({"id": _ID, "lasting": _LASTING, **_COMMON, **tunnel_options(backend.options)}).read(content)
        lasting = values.get("lasting") is not False
        if lasting and not values.get("id"):
            raise TunnelError(Code.BAD_REQUEST, field="id", problem="it is missing")
        tunnel = SavedTunnel(id=str(values.get("id", "")), backend=backend.kind)
        return {"tunnel": with_values(tunnel, values), "lasting": lasting}

    def schema(self) -> dict[str, Any]:
        """Return its JSON Schema: one for each backend."""
        return {"anyOf": [_add_schema(backend) for backend in self.backends]}


def _add_schema(backend: Backend) -> dict[str, Any]:
    keys = {
        "id": _ID,
        "lasting": _LASTING,
        "name": TUNNEL_NAME,
        "target": TUNNEL_TARGET,
        **tunnel_options(backend.options),
    }
    schema = Body(keys).schema()
    schema["properties"]["backend"] = {"description": "The way to expose.", "const": str(backend.kind)}
    schema["required"] = ["backend"]
    named = {"required": ["id"], "properties": {"id": {"type": "string", "pattern": "[a-z]"}}}
    temporary = {"required": ["lasting"], "properties": {"lasting": {"const": False}}}
    return {**schema, "anyOf": [named, temporary]}


def with_values(tunnel: SavedTunnel, values: Mapping[str, Any]) -> SavedTunnel:
    """Return a tunnel with what a body names; null, or an empty text, takes a value away."""
    named = {name: value for name, value in values.items() if name not in ("id", "lasting", "name", "target")}
    options = {name: value for name, value in {**tunnel.options, **named}.items() if value not in ("", None)}
    name, target = values.get("name", tunnel.name), values.get("target", tunnel.target)
    return replace(tunnel, name=str(name or ""), target=str(target or ""), options=MappingProxyType(options))


class SavedTunnels:
    """Answers the calls that add, change and remove tunnels. Main thread."""

    def __init__(self, hub: Hub, messages: Messages) -> None:
        self._hub = hub
        self._messages = messages

    def add(self, tunnel: SavedTunnel) -> Response:
        """Add one; it is not turned on. Raises TunnelError(name_taken, bad_request)."""
        self._hub.add(tunnel)
        return self._shown(tunnel.id, 201)

    def change(self, tunnel: TunnelId, values: Values) -> Response:
        """Change a saved one. Raises TunnelError(built_in, bad_request)."""
        saved = self._hub.settings.tunnels.get(tunnel)
        if saved is None:
            raise TunnelError(Code.BUILT_IN, name=tunnel)
        self._hub.change(with_values(saved, values))
        return self._shown(tunnel, 200)

    def remove(self, tunnel: TunnelId) -> Response:
        """Remove one that is off. Raises TunnelError(built_in, still_on)."""
        status = self._hub.status(tunnel)
        if status.id != status.backend and (status.wanted or status.active):
            raise TunnelError(Code.STILL_ON, name=tunnel)
        self._hub.remove(tunnel)
        return answer(DoneMessage(success=True))

    def _shown(self, tunnel: TunnelId, code: int) -> Response:
        return answer(self._messages.status(self._hub.status(tunnel)), code)
