"""What ngrok says of this machine, and of its token, before anything is connected."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from portway.backends.ngrok.backend import NgrokBackend, NgrokOptions
from portway.core.backend import Context
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import AuthNeeded, TunnelError
from portway.core.secret import Secret
from portway.core.target import Target
from portway.system.services import Services
from tests.backends.ngrok.test_tunnel import visit
from tests.fakes.backends.news import KnownSecrets, RecordedNews
from tests.fakes.ngrok.edge import Account, NgrokEdge, ngrok_edge
from tests.fakes.origins.page import PAGE

TOKEN = "2abcdefghijKLMNOPQRSTuvw" + "_" + "5xYz0123456789abcdefg"  # made up, in ngrok's form
ROOT = Path(__file__).parents[3]


def asking(origin: Target, texts: Mapping[str, str]) -> tuple[Context, KnownSecrets]:
    secrets = KnownSecrets(texts)
    context = Context(
        target=origin,
        origin=origin,
        options=NgrokOptions(),
        cancel=CancelToken(),
        secrets=secrets,
        listener=RecordedNews(),
    )
    return context, secrets


def test_a_missing_token_shows_at_rest(services: Services) -> None:
    missing = NgrokBackend(services).inspect().missing
    assert missing is not None
    assert missing.code is Code.NEEDS_TOKEN
    assert missing.action_url == "https://dashboard.ngrok.com/get-started/your-authtoken"


def test_a_token_of_any_source_is_seen_at_rest(services: Services, environment: dict[str, str]) -> None:
    backend = NgrokBackend(services)
    environment["NGROK_AUTHTOKEN"] = TOKEN
    assert backend.inspect().missing is None
    del environment["NGROK_AUTHTOKEN"]
    assert backend.inspect().missing is not None
    services.secrets.put("ngrok", "auth_token", Secret(TOKEN))
    assert backend.inspect().missing is None


def test_opens_nothing_without_a_token(services: Services, origin: Target) -> None:
    context, _ = asking(origin, {})
    with pytest.raises(AuthNeeded) as caught:
        NgrokBackend(services).open(context)
    assert caught.value.code is Code.NEEDS_TOKEN
    assert caught.value.problem.action_url


@pytest.mark.parametrize("text", ["nonsense", f"{TOKEN} {TOKEN}", f"{TOKEN}\x00", "ak_2abcdefghijKLMNOPQRSTuvwxyz"])
def test_what_is_no_token_is_never_sent(services: Services, origin: Target, text: str) -> None:
    context, secrets = asking(origin, {"auth_token": text})
    with pytest.raises(AuthNeeded) as caught:
        NgrokBackend(services).open(context)  # which would end in no_network, if it had tried
    assert caught.value.problem.key == "token_rejected.shape"
    assert text not in caught.value.problem.sentence
    assert secrets.forgotten == ["auth_token"]


def test_a_rejected_token_is_forgotten_and_the_next_one_works(
    edge: NgrokEdge, account: Account, backend: NgrokBackend, origin: Target
) -> None:
    context, secrets = asking(origin, {"auth_token": TOKEN})
    with pytest.raises(AuthNeeded) as caught:
        backend.open(context)
    assert caught.value.code is Code.TOKEN_REJECTED
    assert secrets.forgotten == ["auth_token"]
    context, secrets = asking(origin, {"auth_token": account.token})
    session = backend.open(context)
    assert visit(edge, session.public_url).content == PAGE
    assert secrets.forgotten == []
    session.close(context)


def test_other_refusals_cost_no_token(edge: NgrokEdge, backend: NgrokBackend, origin: Target) -> None:
    account = edge.account(sessions_allowed=0)
    context, secrets = asking(origin, {"auth_token": account.token})
    with pytest.raises(TunnelError):
        backend.open(context)
    assert secrets.forgotten == []


def test_stays_blocked_until_a_token_comes(services: Services, origin: Target) -> None:
    backend = NgrokBackend(services)
    context, _ = asking(origin, {})
    with pytest.raises(AuthNeeded):
        backend.open(context)
    assert backend.still_blocked(Code.NEEDS_TOKEN)
    services.secrets.put("ngrok", "auth_token", Secret(TOKEN))
    assert not backend.still_blocked(Code.NEEDS_TOKEN)


def test_a_token_that_was_rejected_unblocks_nothing(
    services: Services, environment: dict[str, str], origin: Target
) -> None:
    environment["NGROK_AUTHTOKEN"] = "nonsense"
    context, _ = asking(origin, {"auth_token": "nonsense"})
    backend = NgrokBackend(services)
    with pytest.raises(AuthNeeded):
        backend.open(context)
    assert backend.still_blocked(Code.TOKEN_REJECTED)


@pytest.mark.parametrize(
    "named",
    [
        ("PORTWAY_NGROK_SERVER_ADDR", "nonsense"),
        ("PORTWAY_NGROK_SERVER_ADDR", "https://host:443"),
        ("PORTWAY_NGROK_CA_FILE", "/nowhere/ca.pem"),
        ("PORTWAY_NGROK_CA_FILE", __file__),
    ],
)
def test_what_would_make_the_sdk_panic_is_refused(
    environment: dict[str, str], services: Services, context: Context, named: tuple[str, str]
) -> None:
    variable, value = named
    environment[variable] = value
    backend = NgrokBackend(services)
    with pytest.raises(TunnelError) as caught:
        backend.open(context)
    backend.shut_down()
    assert variable in caught.value.problem.sentence


def test_an_intercepted_connection_is_told(
    services: Services, environment: dict[str, str], tmp_path: Path, origin: Target
) -> None:
    with ngrok_edge(tmp_path, trusted=False) as edge:
        environment |= {"PORTWAY_NGROK_SERVER_ADDR": edge.address, "PORTWAY_NGROK_CA_FILE": str(edge.ca_file)}
        backend = NgrokBackend(services)
        context, _ = asking(origin, {"auth_token": TOKEN})
        with pytest.raises(TunnelError) as caught:
            backend.open(context)
        backend.shut_down()
    assert caught.value.code is Code.TLS_INTERCEPTED


_WITHOUT_SDK = """
import importlib.abc, sys
class Blocked(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "{name}":
            raise {error}
        return None
sys.meta_path.insert(0, Blocked())
"""


@pytest.mark.children
@pytest.mark.parametrize(
    ("name", "error"),
    [("ngrok", "ModuleNotFoundError(name)"), ("ngrok.ngrok", "ImportError('no native part for this system')")],
)
def test_a_system_without_the_sdk_runs_all_the_same(tmp_path: Path, name: str, error: str) -> None:
    """The import is blocked in a process of its own, which tells what the backend says."""
    code = _WITHOUT_SDK.format(name=name, error=error) + ("from tests.fakes.ngrok.without_sdk import tell\ntell()\n")
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": f"{ROOT / 'app'}:{ROOT}", "PORTWAY_HOME": str(tmp_path), "PORTWAY_KEYRING": "memory"},
        capture_output=True,
        check=False,
        timeout=20,
    )
    assert done.stdout.split() == [b"unsupported_platform", b"False"], done.stderr.decode()
