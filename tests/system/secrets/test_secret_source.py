"""Where the secrets of a run come from, in which order, and what becomes of a rejected one."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping

import pytest

from portway.backends.cloudflared.backend import CloudflaredBackend, CloudflaredOptions
from portway.backends.cloudflared.declaration import TUNNEL_TOKEN
from portway.backends.ngrok.backend import NgrokBackend, NgrokOptions
from portway.core.errors import AuthNeeded
from portway.core.options import declared
from portway.core.secret import Secret
from portway.system.secrets.os_keyring import KeyringLockedError
from portway.system.secrets.source import LayeredSecrets, secret_at_hand
from portway.system.secrets.store import SecretStore
from portway.system.services import Services
from tests.fakes.desktop.keyrings import HungKeyring, OpenKeyring, RaisingKeyring
from tests.limits import AT_ONCE, NEVER

NAME = "auth_token"
OPTION = declared(NgrokOptions)[NAME]
GIVEN, STORED, VARIABLE, FILE = (Secret(f"made-up-{name}-token") for name in ("given", "stored", "variable", "file"))


@pytest.fixture
def keyring() -> OpenKeyring:
    return OpenKeyring()


@pytest.fixture
def services(services: Services, keyring: OpenKeyring) -> Services:
    return with_keyring(services, keyring)


def with_keyring(services: Services, keyring: OpenKeyring | RaisingKeyring) -> Services:
    return dataclasses.replace(
        services, secrets=SecretStore(keyring, services.app_state, services.timing.keyring_limit)
    )


def run_secrets(
    services: Services, given: Mapping[str, Secret] | None = None, learned: list[Secret] | None = None
) -> LayeredSecrets:
    heard: list[Secret] = [] if learned is None else learned
    return LayeredSecrets(services, NgrokBackend(services), NgrokOptions, given or {}, heard.append)


def write_file(services: Services, text: str) -> None:
    services.folders.config.mkdir(parents=True)
    (services.folders.config / ".env").write_text(text)


def test_request_then_keyring_then_environment_then_file(services: Services, environment: dict[str, str]) -> None:
    """Each source is taken away in turn, so the next one shows."""
    write_file(services, f"NGROK_AUTHTOKEN={FILE.reveal()}\n")
    environment["NGROK_AUTHTOKEN"] = VARIABLE.reveal()
    services.secrets.put("ngrok", NAME, STORED)
    assert run_secrets(services, {NAME: GIVEN}).get(NAME) == GIVEN
    assert run_secrets(services, {NAME: Secret("")}).get(NAME) == STORED
    services.secrets.remove("ngrok", NAME)
    assert run_secrets(services).get(NAME) == VARIABLE
    environment["NGROK_AUTHTOKEN"] = "  "
    assert run_secrets(services).get(NAME) == FILE
    write_again = services.folders.config / ".env"
    write_again.unlink()
    assert run_secrets(services).get(NAME) is None


def test_every_secret_in_use_is_learned_for_the_logs(services: Services) -> None:
    learned: list[Secret] = []
    services.secrets.put("ngrok", NAME, STORED)
    run_secrets(services, {NAME: GIVEN}, learned).get(NAME)
    run_secrets(services, {}, learned).get(NAME)
    assert learned == [GIVEN, STORED]


def test_all_tunnels_of_a_backend_share_the_stored_one(services: Services) -> None:
    services.secrets.put("ngrok", NAME, STORED)
    another = NgrokBackend(services).another("shop")
    assert LayeredSecrets(services, another, NgrokOptions, {}, lambda _secret: None).get(NAME) == STORED


def test_one_that_belongs_to_a_tunnel_is_that_ones_alone(services: Services) -> None:
    built_in = CloudflaredBackend(services)
    shop, api = built_in.another("shop"), built_in.another("api")
    for owner in ("cloudflared", "shop"):
        services.secrets.put(owner, TUNNEL_TOKEN, Secret(f"that of {owner}"))

    def secrets(backend: CloudflaredBackend) -> LayeredSecrets:
        return LayeredSecrets(services, backend, CloudflaredOptions, {}, lambda _secret: None)

    found = [secrets(backend).get(TUNNEL_TOKEN) for backend in (built_in, shop, api)]
    assert found == [Secret("that of cloudflared"), Secret("that of shop"), None]
    rejected = secrets(shop)
    rejected.get(TUNNEL_TOKEN)
    rejected.forget(TUNNEL_TOKEN)
    assert [services.secrets.known(owner, TUNNEL_TOKEN) for owner in ("cloudflared", "shop")] == [True, False]


def test_a_given_one_is_not_stored(services: Services, keyring: OpenKeyring) -> None:
    run_secrets(services, {NAME: GIVEN}).get(NAME)
    assert keyring.entries == {}


def test_a_rejected_one_is_forgotten_if_it_was_stored(services: Services) -> None:
    services.secrets.put("ngrok", NAME, STORED)
    secrets = run_secrets(services)
    secrets.get(NAME)
    secrets.forget(NAME)
    assert services.secrets.known("ngrok", NAME) is False


def test_a_rejected_one_of_the_request_costs_no_stored_one(services: Services) -> None:
    services.secrets.put("ngrok", NAME, STORED)
    secrets = run_secrets(services, {NAME: GIVEN})
    secrets.get(NAME)
    secrets.forget(NAME)
    assert services.secrets.get("ngrok", NAME) == STORED


def test_the_environment_is_used_at_once_where_the_keyring_is_locked(
    services: Services, environment: dict[str, str]
) -> None:
    services.app_state.update(tokenStored={"ngrok/auth_token": True})
    environment["NGROK_AUTHTOKEN"] = VARIABLE.reveal()
    locked = with_keyring(services, RaisingKeyring(KeyringLockedError()))
    began = time.monotonic()
    assert run_secrets(locked).get(NAME) == VARIABLE
    assert time.monotonic() - began < AT_ONCE


def test_a_hung_keyring_is_not_waited_for_where_the_environment_has_one(
    services: Services, environment: dict[str, str]
) -> None:
    services.app_state.update(tokenStored={"ngrok/auth_token": True})
    environment["NGROK_AUTHTOKEN"] = VARIABLE.reveal()
    hung = HungKeyring()
    impatient = dataclasses.replace(
        services, timing=dataclasses.replace(services.timing, keyring_patience=0.1, keyring_limit=NEVER)
    )
    began = time.monotonic()
    assert run_secrets(with_keyring(impatient, hung)).get(NAME) == VARIABLE
    assert time.monotonic() - began < AT_ONCE
    hung.wake()


def test_nobody_is_asked_to_unlock_where_another_one_is_at_hand(
    services: Services, environment: dict[str, str], keyring: OpenKeyring
) -> None:
    services.secrets.put("ngrok", NAME, STORED)
    run_secrets(services).get(NAME)
    environment["NGROK_AUTHTOKEN"] = VARIABLE.reveal()
    assert run_secrets(services).get(NAME) == STORED
    assert keyring.prompts == [True, False]


def test_a_locked_keyring_that_has_the_only_one_is_told(services: Services) -> None:
    services.app_state.update(tokenStored={"ngrok/auth_token": True})
    locked = with_keyring(services, RaisingKeyring(KeyringLockedError()))
    with pytest.raises(AuthNeeded) as caught:
        run_secrets(locked).get(NAME)
    assert caught.value.problem.key == "needs_token.keyring"


def test_a_locked_keyring_that_may_have_none_is_no_news(services: Services) -> None:
    assert run_secrets(with_keyring(services, RaisingKeyring(KeyringLockedError()))).get(NAME) is None


def test_a_keyring_known_to_hold_none_is_not_touched(services: Services) -> None:
    services.app_state.update(tokenStored={"ngrok/auth_token": False})
    untouched = with_keyring(services, RaisingKeyring(AssertionError("it was touched")))
    assert run_secrets(untouched).get(NAME) is None


def test_whether_one_is_at_hand_is_told_without_the_keyring(services: Services, environment: dict[str, str]) -> None:
    untouched = with_keyring(services, RaisingKeyring(AssertionError("it was touched")))
    assert not secret_at_hand(untouched, "ngrok", NAME, OPTION)
    services.app_state.update(tokenStored={"ngrok/auth_token": True})
    assert secret_at_hand(untouched, "ngrok", NAME, OPTION)
    services.app_state.update(tokenStored={"ngrok/auth_token": False})
    environment["NGROK_AUTHTOKEN"] = VARIABLE.reveal()
    assert secret_at_hand(untouched, "ngrok", NAME, OPTION)
