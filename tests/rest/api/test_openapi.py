"""The OpenAPI document: complete, valid, the same as in docs/, and free of Qt."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from portway.rest.api.openapi import document
from portway.rest.api.routes import build_routes, tunnel_routes
from portway.system.services import Services
from tests.fakes.backends.api import NEEDS_LOGIN, api_backends
from tests.fakes.backends.toy import ToyBackend
from tests.fakes.runtime.hub import blocked, up
from tests.rest.wire import VERSION, Rest
from tests.watched.documented import Documented

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.children
def test_the_file_in_docs_is_that_of_this_version() -> None:
    command = [sys.executable, "-m", "portway.rest"]
    made = subprocess.run(command, capture_output=True, check=True, timeout=30).stdout
    assert made == (DOCS / "openapi.json").read_bytes(), "stale: python -m portway.rest > docs/openapi.json"


@pytest.mark.children
def test_writing_it_needs_no_qt() -> None:
    code = (
        "import runpy, sys; runpy.run_module('portway.rest', run_name='__main__'); sys.exit('PySide6' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=30)


def test_it_is_served(rest: Rest) -> None:
    answer = rest.call("GET", "/api/openapi.json")
    assert answer.body == document(rest.hub.backends, VERSION)
    assert answer.json["openapi"] == "3.1.0"


def test_every_route_is_in_it_and_nothing_else(documented: Documented) -> None:
    described = {(method.upper(), path) for path, item in documented.document["paths"].items() for method in item}
    backends = api_backends()
    routes = (*build_routes(backends), *(route for backend in backends for route in tunnel_routes(backend)))
    assert described == {(route.method, route.path) for route in routes}


def test_every_operation_has_a_name_of_its_own(documented: Documented) -> None:
    names = [operation["operationId"] for item in documented.document["paths"].values() for operation in item.values()]
    assert len(set(names)) == len(names)


def schemas(part: Any) -> list[Any]:  # noqa: ANN401 - any part of the document
    """Return every schema in a part of the document."""
    if isinstance(part, dict):
        return ([part["schema"]] if "schema" in part else []) + [
            one for value in part.values() for one in schemas(value)
        ]
    return [one for value in part for one in schemas(value)] if isinstance(part, list) else []


def test_every_schema_is_valid_and_every_reference_leads_somewhere(documented: Documented) -> None:
    found = [*schemas(documented.document["paths"]), *documented.document["components"]["schemas"].values()]
    assert len(found) > 50
    for schema in found:
        whole = {"components": documented.document["components"], **schema}
        jsonschema_rs.Draft202012Validator(whole)


def test_nothing_of_this_computer_is_in_it() -> None:
    text = (DOCS / "openapi.json").read_text(encoding="utf-8")
    assert str(Path.home()) + "/" not in text
    assert "/tmp" not in text  # noqa: S108 - looked for, not used


def test_an_answer_that_is_not_as_described_is_found(documented: Documented) -> None:
    status = json.loads(json.dumps({"backend": "lan"}))
    with pytest.raises(jsonschema_rs.ValidationError):
        documented.check("GET", "/api/tunnels/lan", 200, status)


@pytest.mark.parametrize("event", ["status", "progress", "done", "error"])
def test_an_event_that_is_not_as_described_is_found(documented: Documented, event: str) -> None:
    call = ("GET", "/api/events") if event == "status" else ("POST", "/api/tunnels/cloudflared/install")
    with pytest.raises(jsonschema_rs.ValidationError):
        documented.check_event(*call, event, {"backend": "lan"})
    with pytest.raises(AssertionError, match="has no event news"):
        documented.check_event(*call, "news", {"backend": "lan"})


def test_a_backend_that_only_declares_itself_is_in_it(services: Services) -> None:
    described = Documented.of((ToyBackend(services),), VERSION).document
    assert {"/api/tunnels/toy", "/api/tunnels/toy/token", "/api/tunnels/toy/paint", "/api/tunnels/toy/check"} <= set(
        described["paths"]
    )
    body = described["paths"]["/api/tunnels/toy"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["required"] == ["action"]
    assert body["properties"]["colour"]["enum"] == ["red", "blue", None]
    assert body["properties"]["authToken"]["writeOnly"]
    assert "spins" in described["components"]["schemas"]["ToyStatus"]["properties"]


@pytest.mark.parametrize("changes", [{}, up("tailscale"), blocked(NEEDS_LOGIN)])
def test_every_kind_of_status_is_as_described(rest: Rest, changes: dict[str, Any]) -> None:
    rest.hub.show("tailscale", **changes)
    assert rest.call("GET", "/api/tunnels/tailscale").status == 200
    assert rest.call("GET", "/api/tunnels").status == 200
