"""A real browser as the visitor of a guarded tunnel, over https: what it is shown, what it keeps, what lets it in."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import pytest
import trustme

from portway.core.guard.deadline import Deadline
from portway.core.guard.rules import Guard
from portway.core.secret import Secret
from tests.real_visitors.chromium import CHROMIUM, Chromium, Person, chromium
from tests.real_visitors.pages import PAGES, show
from tests.real_visitors.site import ASKS, PASSWORD, Site, authority, site

pytestmark = [
    pytest.mark.children,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(sys.platform == "win32", reason="a shell gives it its pipe"),
    pytest.mark.timeout(180),
]

_PHONE = (360, 740)
_MONTH = 30 * 86_400  # seconds
_FINGER = 44  # pixels: less is hard to press
_NO_ZOOM = 16  # pixels: into smaller letters a phone zooms by itself
_OK = 200


@pytest.fixture(autouse=True)
def no_child_left() -> None:
    """Leave its processes to the browser, which starts and ends them as it likes; `browser` ends them all."""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture(scope="module")
def certifies() -> trustme.CA:
    return authority()


@pytest.fixture
def shop(certifies: trustme.CA) -> Iterator[Site]:
    with site(certifies) as shop:
        yield shop


@pytest.fixture
def visitor(browser: Chromium, shop: Site) -> Iterator[Person]:
    """Somebody who has no cookie yet. He leaves before the site does."""
    with browser.person() as visitor:
        yield visitor


def _logged_in(visitor: Person, shop: Site, place: str = "/") -> None:
    assert visitor.open(shop.url + place) == 401
    assert visitor.type(PASSWORD.reveal()) == _OK
    assert visitor.place == place


class TestLogIn:
    def test_the_page_asks_and_leads_on_to_where_one_wanted_to_go(self, visitor: Person, shop: Site) -> None:
        place = "/nothing/there?a=1&b=%C3%BC"
        assert visitor.open(shop.url + place) == 401
        assert "asks for a password" in visitor.title
        assert visitor.type(PASSWORD.reveal()) == 404  # as the local server says
        assert visitor.place == place

    def test_the_button_does_what_enter_does(self, visitor: Person, shop: Site) -> None:
        visitor.open(shop.url)
        visitor.write(PASSWORD.reveal())
        assert visitor.click("button") == _OK

    def test_it_takes_no_script(self, browser: Chromium, shop: Site) -> None:
        with browser.person(script=False) as visitor:
            _logged_in(visitor, shop)
            assert visitor.reload() == _OK

    def test_the_browser_has_nothing_to_say_against_the_page(self, visitor: Person, shop: Site) -> None:
        visitor.open(shop.url)
        visitor.type("wrong")
        assert {text for text in visitor.complaints if "status of 401" not in text} == set()

    def test_the_cookie_is_kept_where_no_other_site_and_no_script_gets_at_it(self, visitor: Person, shop: Site) -> None:
        _logged_in(visitor, shop)
        [cookie] = visitor.cookies
        assert cookie["name"].startswith("__Host-portway")
        assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Lax")
        assert (cookie["domain"], cookie["path"]) == ("shop.example", "/")
        assert cookie["expires"] - time.time() == pytest.approx(_MONTH, abs=3600)
        assert visitor.ask("document.cookie") == ""

    def test_a_wrong_password_is_told_and_can_be_mended(self, visitor: Person, shop: Site) -> None:
        visitor.open(shop.url)
        assert visitor.type("wrong") == 401
        assert "That is not the password." in visitor.text
        assert visitor.cookies == []
        assert visitor.type(PASSWORD.reveal()) == _OK

    def test_who_guesses_on_is_told_to_wait(self, visitor: Person, shop: Site) -> None:
        visitor.open(shop.url)
        assert [visitor.type(f"wrong {number}") for number in range(5)] == [401] * 4 + [429]
        assert "Too many wrong passwords" in visitor.text

    def test_the_way_back_leads_past_the_log_in(self, visitor: Person, shop: Site) -> None:
        _logged_in(visitor, shop, "/peer")
        assert visitor.open(f"{shop.url}/host") == _OK
        visitor.ask("history.back()")
        visitor.wait("location.pathname === '/peer' && document.readyState === 'complete'")
        assert "password" not in visitor.text.lower()


class TestWhoIsIn:
    def test_a_websocket_opens_after_the_log_in(self, visitor: Person, shop: Site) -> None:
        _logged_in(visitor, shop)
        assert visitor.ask(shop.socket()) == "hello"

    def test_no_page_of_another_site_opens_one_with_his_cookie(
        self, visitor: Person, shop: Site, certifies: trustme.CA
    ) -> None:
        _logged_in(visitor, shop)
        with site(certifies, "evil.example", Guard()) as evil:
            assert visitor.open(evil.url) == _OK
            assert visitor.ask(shop.socket()) == "refused"
            assert visitor.open(shop.url) == _OK  # but a link from there leads in
            assert visitor.ask(shop.socket()) == "hello"
            visitor.open("about:blank")

    def test_another_password_ends_his_websocket_and_he_is_asked_again(self, visitor: Person, shop: Site) -> None:
        _logged_in(visitor, shop)
        assert visitor.ask(shop.socket()) == "hello"
        visitor.ask("line.onclose = () => { window.closed_by_rules = true; }; 0")
        shop.gate.guard_by(ASKS, Secret("another horse"), None)
        visitor.wait("window.closed_by_rules === true")
        assert visitor.reload() == 401
        assert visitor.type(PASSWORD.reveal()) == 401
        assert visitor.type("another horse") == _OK

    def test_once_the_tunnel_was_off_he_is_asked_again(self, visitor: Person, shop: Site) -> None:
        _logged_in(visitor, shop)
        shop.gate.forget_visitors()
        shop.gate.guard_by(ASKS, PASSWORD, None)
        assert visitor.reload() == 401
        assert visitor.type(PASSWORD.reveal()) == _OK

    def test_once_his_cookie_has_expired_he_is_asked_again(self, visitor: Person, shop: Site) -> None:
        _logged_in(visitor, shop)
        visitor.forget_cookies()
        assert visitor.reload() == 401
        assert visitor.type(PASSWORD.reveal()) == _OK

    def test_after_the_end_his_cookie_opens_nothing(self, visitor: Person, shop: Site) -> None:
        _logged_in(visitor, shop)
        assert visitor.ask(shop.socket()) == "hello"
        visitor.ask("line.onclose = () => { window.closed_by_rules = true; }; 0")
        shop.gate.expire()
        visitor.wait("window.closed_by_rules === true")
        assert visitor.reload() == 410
        assert "This link has ended" in visitor.text

    def test_a_deadline_that_passed_is_told(self, visitor: Person, shop: Site) -> None:
        _logged_in(visitor, shop)
        shop.gate.guard_by(ASKS, PASSWORD, Deadline.within(-1.0, shop.gate._clock()))
        assert visitor.reload() == 410


class TestOtherTunnels:
    def test_the_cookie_of_another_tunnel_opens_nothing(
        self, visitor: Person, shop: Site, certifies: trustme.CA
    ) -> None:
        with site(certifies, "api.example", tunnel="api") as api:
            _logged_in(visitor, api)
            visitor.carry(visitor.cookies, shop.url)
            assert visitor.open(shop.url) == 401
            visitor.open("about:blank")

    def test_who_is_in_two_tunnels_of_one_name_stays_in_both(
        self, visitor: Person, shop: Site, certifies: trustme.CA
    ) -> None:
        """Ports do not part cookies: two Funnels of one computer, or two tunnels in the local network, share them."""
        with site(certifies, "shop.example", tunnel="other") as other:
            _logged_in(visitor, shop)
            _logged_in(visitor, other)
            assert visitor.open(shop.url) == _OK
            assert visitor.open(other.url) == _OK
            visitor.open("about:blank")


class TestLink:
    def test_a_second_device_gets_in_without_the_password_and_a_third_does_not(
        self, browser: Chromium, shop: Site
    ) -> None:
        link = shop.link()
        with browser.person(phone=_PHONE) as phone:
            assert phone.open(link) == _OK
            assert phone.place == "/"
            assert phone.reload() == _OK
        with browser.person(phone=_PHONE) as another:
            assert another.open(link) == 401
            assert "This link was used already." in another.text
            assert another.type(PASSWORD.reveal()) == _OK

    def test_a_page_that_loads_it_unseen_does_not_use_it_up(
        self, visitor: Person, shop: Site, certifies: trustme.CA
    ) -> None:
        link = shop.link()
        with site(certifies, "evil.example", Guard()) as evil:
            visitor.open(evil.url)
            visitor.ask(f"fetch({link!r}, {{mode: 'no-cors', credentials: 'include'}}).then(() => 0, () => 0)")
            visitor.ask(
                "new Promise(done => { const seen = document.createElement('img');"
                f" seen.onerror = seen.onload = () => done(0); seen.src = {link!r}; document.body.append(seen); }})"
            )
            visitor.open("about:blank")
        assert shop.gate.link_waits(link.removeprefix(shop.url))
        assert visitor.sent_to(link) == _OK  # and one that leads there shows a button, which a person has to press
        assert visitor.cookies == []
        assert visitor.click("button") == _OK
        assert visitor.place == "/"


class TestPages:
    @pytest.mark.parametrize(
        ("languages", "language", "word"), [("de-DE,de", "de", "Weiter"), ("en-GB,en", "en", "Go on"), ("fr", "en", "")]
    )
    def test_they_speak_the_language_of_the_browser(
        self, browser: Chromium, shop: Site, languages: str, language: str, word: str
    ) -> None:
        with browser.person(languages=languages) as visitor:
            visitor.open(shop.url)
            assert visitor.ask("document.documentElement.lang") == language
            assert word in visitor.text

    @pytest.mark.parametrize("languages", ["de-DE,de", "en-GB,en"])
    @pytest.mark.parametrize("page", PAGES)
    def test_they_are_read_and_pressed_on_a_phone(
        self, browser: Chromium, shop: Site, page: str, languages: str
    ) -> None:
        with browser.person(phone=_PHONE, languages=languages) as visitor:
            show(visitor, shop, page)
            assert visitor.ask("innerWidth") == _PHONE[0]
            assert visitor.ask("document.documentElement.scrollWidth <= innerWidth")
            assert visitor.ask("document.documentElement.scrollHeight <= innerHeight")
            for control in ("input:not([type=hidden], [hidden])", "button"):
                heights = visitor.ask(f"[...document.querySelectorAll({control!r})].map(one => one.offsetHeight)")
                assert all(height >= _FINGER for height in heights), (control, heights)
            letters = "parseFloat(getComputedStyle(one).fontSize)"
            sizes = visitor.ask(f"[...document.querySelectorAll('p, input, button, code')].map(one => {letters})")
            assert sizes
            assert all(size >= _NO_ZOOM for size in sizes), sizes
