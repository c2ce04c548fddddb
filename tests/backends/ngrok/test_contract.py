"""ngrok keeps what every backend promises: the real SDK on a stand-in for the service."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import requests

from portway.backends.ngrok.backend import NgrokBackend, NgrokOptions
from portway.core.backend import Session
from portway.core.codes import Code
from portway.core.target import Target
from tests.contract import BackendContract, Stage, make_context
from tests.fakes.backends.news import RecordedNews
from tests.fakes.ngrok.edge import Account, Kind, NgrokEdge
from tests.limits import SEEN


class NgrokStage:
    """One backend whose connection to the service is up, as between two tunnels: so nothing is new in a test."""

    def __init__(self, edge: NgrokEdge, account: Account, backend: NgrokBackend) -> None:
        self.backend = backend
        self.options: object = NgrokOptions()
        self.secrets: Mapping[str, str] = {"auth_token": account.token}
        self._edge = edge

    def fetch(self, public_url: str) -> bytes:
        return fetch(self._edge, public_url).content

    def visit(self, public_url: str, path: str, body: bytes | None = None) -> bytes:
        edge, method = self._edge, "GET" if body is None else "POST"
        proxies, verify = {"https": edge.proxy}, str(edge.ca_file)
        return requests.request(
            method, public_url + path, data=body, proxies=proxies, verify=verify, timeout=SEEN
        ).content

    def hold_start(self) -> None:
        self._edge.hold(Kind.BIND)

    def fail_start(self) -> Code:
        self._edge.refuse(Kind.BIND, "ERR_NGROK_324")
        return Code.REFUSED_BY_SERVICE

    def cut(self, session: Session) -> None:
        self._edge.cut()


class TestNgrok(BackendContract):
    @pytest.fixture
    def stage(self, edge: NgrokEdge, account: Account, backend: NgrokBackend, origin: Target) -> Stage:
        stage = NgrokStage(edge, account, backend)
        context = make_context(stage, origin, RecordedNews())
        backend.open(context).close(context)
        return stage


def fetch(edge: NgrokEdge, public_url: str, path: str = "/") -> requests.Response:
    """Visit; OSError where the service says that nothing is online."""
    answer = requests.get(public_url + path, proxies={"https": edge.proxy}, verify=str(edge.ca_file), timeout=5)
    if answer.headers.get("ngrok-error-code") == "ERR_NGROK_3200":
        raise OSError("offline")
    return answer
