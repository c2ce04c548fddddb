"""What a copy of a tunnel is called: a word and a name that are free, as a person would number them."""

from __future__ import annotations

import pytest

from portway.backends.cloudflared.declaration import CloudflaredOptions
from portway.core.guard.rules import Guard
from portway.core.settings import SavedTunnel, check_tunnel_id
from portway.core.status import BackendId, Reach, TunnelStatus
from portway.gui.model.copied_tunnel import copied, copied_rules

NGROK = BackendId("ngrok")


def _there(*words: tuple[str, str]) -> list[TunnelStatus]:
    known = (("ngrok", "ngrok"), *words)
    return [
        TunnelStatus(backend=NGROK, id=word, name=name, reach=Reach.INTERNET, target_url="http://localhost:3000")
        for word, name in known
    ]


@pytest.mark.parametrize(
    ("word", "name", "others", "copy"),
    [
        ("api", "", [], ("api-2", "api 2")),
        ("api", "My API", [], ("api-2", "My API 2")),
        ("api-2", "My API 2", [("api", "My API")], ("api-3", "My API 3")),
        ("api", "", [("api-2", "api 2")], ("api-3", "api 3")),
        ("api", "", [("api-2", "Market")], ("api-3", "api 3")),
        ("api", "", [("shop", "api 2")], ("api-3", "api 3")),
        ("v8", "V8", [], ("v8-2", "V8 2")),  # that number is a part of its name
        ("a" * 32, "n" * 60, [], ("a" * 30 + "-2", "n" * 58 + " 2")),
        ("ngrok-2", "", [], ("ngrok-3", "ngrok 3")),
    ],
)
def test_it_is_called_by_the_next_number(
    word: str, name: str, others: list[tuple[str, str]], copy: tuple[str, str]
) -> None:
    options = {"domain": "shop.example.com"}
    tunnel = SavedTunnel(id=word, backend=NGROK, name=name, target="8000", options=options)
    made = copied(tunnel, _there((word, name or word), *others), CloudflaredOptions)
    assert (made.id, made.name) == copy
    assert (made.backend, made.target, made.options) == (NGROK, "8000", options)
    check_tunnel_id(made.id, ("ngrok",))


def test_all_rules_go_with_it_but_not_the_secret() -> None:
    guard = Guard(password=True, basic=True, allow=("203.0.113.7",), read_only=True, paths=("/a",), rate_limit=60)
    change = copied_rules(guard)
    assert "password" not in change.rules
    assert change.secret is None
    assert change.of(Guard()) == Guard(basic=True, allow=("203.0.113.7",), read_only=True, paths=("/a",), rate_limit=60)
