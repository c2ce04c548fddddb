"""The tokens that let calls in, those of services that are stored, and the file by which the command line gets in."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError
from portway.core.secret import Secret
from portway.core.timing import Timing
from portway.rest.auth.tokens import ApiFile, Issued, Tokens
from portway.rest.http.policy import Credential
from tests.fakes.runtime.hub import FakeVault
from tests.rest.wire import Rest

NO_KEYRING = Problem(Code.NO_SECURE_STORAGE)
NGROK_TOKEN = "2abcdefghijklmnopqrstuv_0123456789abcdefghij"
TOKEN_PATH = "/api/tunnels/ngrok/token"


def lasting(tokens: Tokens, vault: FakeVault, *, renew: bool = False) -> Issued | Problem:
    told: list[Issued | Problem] = []
    tokens.lasting(vault, told.append, renew=renew)
    assert len(told) == 1
    return told[0]


def issued(tokens: Tokens, vault: FakeVault, *, renew: bool = False) -> Issued:
    answer = lasting(tokens, vault, renew=renew)
    assert isinstance(answer, Issued)
    return answer


def test_each_run_has_a_token_of_its_own(tmp_path: Path) -> None:
    first, second = Tokens.load(tmp_path, {}), Tokens.load(tmp_path, {})
    assert first.check(first.run.reveal().encode()) is Credential.RUN
    assert second.check(first.run.reveal().encode()) is None
    assert len(first.run.reveal()) == 43  # 256 bits


def test_the_lasting_token_lasts(tmp_path: Path, vault: FakeVault) -> None:
    token = issued(Tokens.load(tmp_path, {}), vault).token
    again = Tokens.load(tmp_path, {})
    assert again.check(token.reveal().encode()) is Credential.LASTING
    assert issued(again, vault).token == token


def test_only_its_hash_is_on_disk_and_only_for_us(tmp_path: Path, vault: FakeVault) -> None:
    token = issued(Tokens.load(tmp_path, {}), vault).token.reveal()
    file = tmp_path / "api-token.sha256"
    assert token not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_renewed_token_voids_the_old_one_at_once(tmp_path: Path, vault: FakeVault) -> None:
    tokens = Tokens.load(tmp_path, {})
    old = issued(tokens, vault).token.reveal().encode()
    new = issued(tokens, vault, renew=True).token.reveal().encode()
    assert (tokens.check(old), tokens.check(new)) == (None, Credential.LASTING)


def test_without_a_keyring_it_is_shown_once_with_a_warning(tmp_path: Path) -> None:
    tokens, vault = Tokens.load(tmp_path, {}), FakeVault(NO_KEYRING)
    assert issued(tokens, vault).warning == NO_KEYRING
    vault.secrets.clear()
    assert lasting(tokens, vault) == Problem(Code.NO_SECURE_STORAGE, "api_token")


def test_a_token_in_the_environment_replaces_it_and_is_not_shown(tmp_path: Path, vault: FakeVault) -> None:
    old = issued(Tokens.load(tmp_path, {}), vault).token.reveal().encode()
    tokens = Tokens.load(tmp_path, {"PORTWAY_API_TOKEN": "a token of 20 letters"})
    assert tokens.check(b"a token of 20 letters") is Credential.LASTING
    assert tokens.check(old) is None
    answer = lasting(tokens, vault)
    assert isinstance(answer, Problem)
    assert answer.key == "bad_request.token_environment"


@pytest.mark.parametrize("token", ["short", "x" * 19])
def test_a_short_token_in_the_environment_is_refused_at_start(tmp_path: Path, token: str) -> None:
    with pytest.raises(TunnelError, match="PORTWAY_API_TOKEN is shorter than 20 characters"):
        Tokens.load(tmp_path, {"PORTWAY_API_TOKEN": token})


@pytest.mark.expected_logs
@pytest.mark.parametrize("content", [b"", b"not a hash", b"0" * 63, b"\xff" * 64, b"0" * 100_000])
def test_a_damaged_hash_lets_nobody_in_and_is_moved_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "api-token.sha256").write_bytes(content)
    tokens = Tokens.load(tmp_path, {})
    assert tokens.check(content) is None
    assert not (tmp_path / "api-token.sha256").exists()


def test_a_disk_that_takes_nothing_keeps_the_old_token(tmp_path: Path, vault: FakeVault) -> None:
    tokens = Tokens.load(tmp_path, {})
    old = issued(tokens, vault).token.reveal().encode()
    (tmp_path / "api-token.sha256").unlink()
    (tmp_path / "api-token.sha256").mkdir()
    answer = lasting(tokens, vault, renew=True)
    assert isinstance(answer, Problem)
    assert answer.code is Code.STORAGE_FAILED
    assert tokens.check(old) is Credential.LASTING


def test_the_run_token_asks_for_the_lasting_one(rest: Rest) -> None:
    answer = rest.call("POST", "/api/token")
    token = answer.json["token"]
    assert rest.call("GET", "/api/tunnels", token=token).status == 200
    assert rest.call("POST", "/api/token").json == {"token": token}
    renewed = rest.call("POST", "/api/token", {"renew": True}).json["token"]
    assert rest.call("GET", "/api/tunnels", token=token).status == 401
    assert rest.call("GET", "/api/tunnels", token=renewed).status == 200


def test_the_lasting_token_does_not(rest: Rest) -> None:
    token = rest.call("POST", "/api/token").json["token"]
    for body in ({}, {"renew": True}):
        answer = rest.call("POST", "/api/token", body, token=token)
        assert (answer.status, answer.json["code"]) == (403, "forbidden")


def test_a_token_that_is_stored_nowhere_comes_with_a_warning(rest: Rest) -> None:
    rest.vault.problem = NO_KEYRING
    answer = rest.call("POST", "/api/token")
    assert (answer.status, answer.json["warning"]) == (200, NO_KEYRING.sentence)


def test_the_token_of_a_service_is_stored_and_removed(rest: Rest) -> None:
    assert rest.call("PUT", TOKEN_PATH, {"authToken": f" {NGROK_TOKEN}"}).json == {"success": True}
    assert rest.vault.secrets == {("ngrok", "auth_token"): Secret(NGROK_TOKEN)}
    assert rest.call("DELETE", TOKEN_PATH).json == {"success": True}
    assert rest.call("DELETE", TOKEN_PATH).json == {"success": True}
    assert not rest.vault.secrets


def test_a_keyring_that_is_missing_is_said_though_the_token_is_held(rest: Rest) -> None:
    rest.vault.problem = NO_KEYRING
    answer = rest.call("PUT", TOKEN_PATH, {"authToken": NGROK_TOKEN})
    assert (answer.status, answer.json["code"]) == (409, "no_secure_storage")
    assert rest.vault.secrets


@pytest.mark.parametrize("body", [{}, {"authToken": ""}, {"authToken": " "}, {"authToken": None}, {"authToken": "x y"}])
def test_what_is_no_token_is_not_stored(rest: Rest, body: object) -> None:
    answer = rest.call("PUT", TOKEN_PATH, body)
    assert answer.status == 400
    assert answer.json["error"].startswith("authToken: ")
    assert not rest.vault.secrets


def test_a_keyring_that_does_not_answer_holds_up_nobody_else(build: Callable[..., Rest], timing: Timing) -> None:
    rest = build(dataclasses.replace(timing, keyring_limit=-0.4))
    rest.vault.silent = True
    wire = rest.connect()
    wire.send(rest.head(f"DELETE {TOKEN_PATH}"))
    wire.wait(lambda: bool(rest.vault.waiting))
    assert rest.call("GET", "/api/tunnels").status == 200
    wire.to_end()
    assert b"409" in wire.received.split(b"\r\n")[0]
    for answer in rest.vault.waiting:  # it comes to itself after all: too late, and harmless
        answer()
    assert rest.call("GET", "/api/tunnels").status == 200


def test_who_leaves_while_a_token_is_stored_stops_nothing(rest: Rest) -> None:
    rest.vault.silent = True
    wire = rest.connect()
    wire.send(rest.head(f"DELETE {TOKEN_PATH}"))
    wire.wait(lambda: bool(rest.vault.waiting))
    wire.close()
    assert rest.call("GET", "/api/tunnels").status == 200
    rest.vault.waiting[0]()


def test_no_secret_is_in_any_answer(rest: Rest) -> None:
    rest.call("PUT", TOKEN_PATH, {"authToken": NGROK_TOKEN})
    rest.call("POST", "/api/tunnels/ngrok", {"action": "enable", "authToken": NGROK_TOKEN, "remember": True})
    for path in ("/api/tunnels", "/api/tunnels/ngrok", "/api/openapi.json"):
        body = rest.call("GET", path).body.decode()
        assert NGROK_TOKEN not in body
        assert rest.token not in body


def test_the_file_tells_where_and_how_to_get_in_to_this_user_alone(tmp_path: Path) -> None:
    file = ApiFile(tmp_path / "run", "1.2.3", Secret("the token"))
    file.write(20129)
    record = json.loads(file.path.read_bytes())
    assert record == {
        "pid": os.getpid(),
        "port": 20129,
        "url": "http://127.0.0.1:20129",
        "version": "1.2.3",
        "token": "the token",
    }
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700
    file.write(None)
    record = json.loads(file.path.read_bytes())
    assert (record["port"], record["url"]) == (None, None)
    file.remove()
    file.remove()
    assert not file.path.exists()


@pytest.mark.children
@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root may act as another user")
def test_another_user_of_this_computer_cannot_read_the_token(tmp_path: Path) -> None:
    file = ApiFile(tmp_path / "run", "1.2.3", Secret("the token"))
    file.write(20129)
    for folder in file.path.parents[1:4]:
        folder.chmod(0o755)
    other = [str(shutil.which("setpriv")), "--reuid", "65534", "--clear-groups", "cat", str(file.path)]
    outcome = subprocess.run(other, capture_output=True, check=False, timeout=10)
    assert outcome.returncode != 0
    assert outcome.stdout == b""
