"""Values that let somebody in are not shown by chance, and all that helps to find a fault stays."""

from __future__ import annotations

import pytest

from portway.relay.capture.masking import MASK, masked_path, masked_value


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Authorization", "Bearer abc.def", f"Bearer {MASK}"),
        ("authorization", "abc", MASK),
        ("Proxy-Authorization", "Basic dTpw", f"Basic {MASK}"),
        ("Cookie", "sid=1; theme=dark", f"sid={MASK}; theme={MASK}"),
        ("Set-Cookie", "sid=1; Path=/; HttpOnly", f"sid={MASK}; Path=/; HttpOnly"),
        ("X-Api-Key", "k", MASK),
        ("X-Hub-Signature-256", "sha256=1", MASK),
        ("X-Auth-Token", "t", MASK),
        ("X-CSRF-Token", "t", MASK),
        ("apikey", "k", MASK),
        ("Referer", "https://a.test/?token=1&page=2", f"https://a.test/?token={MASK}&page=2"),
        ("Location", "/done?session_key=1", f"/done?session_key={MASK}"),
        ("Location", "https://a.test/in#access_token=1&state=2", f"https://a.test/in#access_token={MASK}&state=2"),
        ("Cf-Access-Jwt-Assertion", "a.b.c", MASK),
        ("Content-Type", "application/json", "application/json"),
        ("WWW-Authenticate", "Bearer", "Bearer"),
        ("X-Request-Id", "7", "7"),
        ("Keep-Alive", "timeout=5", "timeout=5"),
    ],
)
def test_a_header_is_shown_without_its_secret(name: str, value: str, shown: str) -> None:
    assert masked_value(name, value) == shown


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/hook?token=1", f"/hook?token={MASK}"),
        ("/hook?a=1&api_key=2&b=3", f"/hook?a=1&api_key={MASK}&b=3"),
        ("/s3?X-Amz-Signature=ab&X-Amz-Date=1", f"/s3?X-Amz-Signature={MASK}&X-Amz-Date=1"),
        ("/login?user=me;password=p", f"/login?user=me;password={MASK}"),
        ("/cart;jsessionid=1", f"/cart;jsessionid={MASK}"),
        ("/cart?session_id=1&x=2", f"/cart?session_id={MASK}&x=2"),
        ("/in?jwt=1", f"/in?jwt={MASK}"),
        ("/page?layout=wide", "/page?layout=wide"),
        ("/page?sessions=3", "/page?sessions=3"),
        ("/token=1", "/token=1"),
    ],
)
def test_a_path_is_shown_without_the_secrets_of_its_query(path: str, shown: str) -> None:
    assert masked_path(path) == shown
