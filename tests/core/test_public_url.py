"""Only a plain address of a web server passes as a public URL, whatever a service answers."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.foreign_text import PublicUrl, checked_url

WRONG = {
    "nothing": "",
    "script": "javascript:alert(1)",
    "file": "file:///etc/passwd",
    "data": "data:text/html,hello",
    "no scheme": "a.example.com",
    "no host": "https://",
    "user": "https://a.example.com@evil.example",
    "user and password": "https://a:b@evil.example",
    "path": "https://a.example.com/path",
    "query": "https://a.example.com?x=1",
    "fragment": "https://a.example.com#x",
    "two slashes": "https://a.example.com//",
    "backslash": "https://a.example.com\\@evil.example",
    "port too high": "https://a.example.com:99999",
    "port 0": "https://a.example.com:0",
    "port with zeros": "https://a.example.com:0443",
    "empty port": "https://a.example.com:",
    "full-width digits": "https://a.example.com:\uff14\uff14\uff13",
    "label of 64": f"https://{'a' * 64}.example.com",
    "label that ends in a dash": "https://a-.example.com",
    "empty label": "https://a..example.com",
    "dot at the end": "https://a.example.com./",
    "host too long": f"https://{'.'.join(['a' * 60] * 5)}.com",
    "5 KB": f"https://{'a.' * 2500}com",
    "control character": "https://a.example.com\x07",
    "line break": "https://a.example.com\n",
    "line break inside": "https://a.exa\nmple.com",
    "escape sequence": "https://a.example.com\x1b[31m",
    "right-to-left override": "https://a.example.com\u202e",
    "other script": "https://\u0430.example.com",
    "blank": " https://a.example.com",
    "underscore": "https://a_b.example.com",
    "IPv6": "https://[::1]",
    "percent": "https://a%2eexample.com",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no "):
        PublicUrl(text)
    with pytest.raises(TunnelError) as caught:
        checked_url(text, "Toy", lambda _url: True)
    assert caught.value.code is Code.REFUSED_BY_SERVICE
    assert not text or text not in caught.value.problem.sentence


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("https://a.example.com", ("https", "a.example.com", None)),
        ("https://A.Example.COM/", ("https", "a.example.com", None)),
        ("https://a.tail-1.ts.net:8443", ("https", "a.tail-1.ts.net", 8443)),
        ("http://192.168.1.23:30128", ("http", "192.168.1.23", 30128)),
        (f"https://{'a' * 63}.example.com:65535", ("https", f"{'a' * 63}.example.com", 65535)),
    ],
)
def test_a_plain_one_is_taken_in_lower_case(text: str, parts: tuple[str, str, int | None]) -> None:
    url = PublicUrl(text)
    assert (url.scheme, url.host, url.port) == parts
    assert url == text.lower().removesuffix("/")


def test_a_service_on_the_internet_gives_https_and_what_its_rule_allows() -> None:
    for text in ("http://a.example.com", "https://b.example.com"):
        with pytest.raises(TunnelError):
            checked_url(text, "Toy", lambda url: url.host == "a.example.com")
    assert (
        checked_url("https://a.example.com/", "Toy", lambda url: url.host == "a.example.com") == "https://a.example.com"
    )


@given(
    st.one_of(
        st.text(),
        st.from_regex(r"https?://[a-zA-Z0-9.\-:@/?#\\%_\x00-\x20]{0,80}", fullmatch=True),
        st.builds("https://{}".format, st.text(max_size=40)),
    )
)
def test_what_passes_means_the_same_to_whoever_reads_it(text: str) -> None:
    try:
        url = PublicUrl(text)
    except ValueError:
        return
    read = urlsplit(str(url))
    assert (read.scheme, read.hostname, read.port) == (url.scheme, url.host, url.port)
    assert (read.path, read.query, read.fragment, read.username, read.password) == ("", "", "", None, None)
    assert url.isascii()
    assert url.isprintable()
    assert len(url.host) <= 253
    assert all(0 < len(label) <= 63 for label in url.host.split("."))
    assert PublicUrl(url) == url
