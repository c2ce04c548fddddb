"""The tray menu: what it says of each tunnel, and what each of its items does. Clicked without a panel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from portway.core.codes import Code
from portway.core.errors import Problem, TunnelError, problem_of
from portway.core.guard.rules import SHUT
from portway.core.sentences import Cause
from portway.core.settings import SavedTunnel
from portway.core.status import BackendId, Installation, Traffic, TunnelId
from portway.core.texts import Offer, OfferKind
from portway.gui.model.card_view import Action
from portway.gui.model.summary import summary_of
from portway.gui.tray.actions import TrayActions
from portway.gui.tray.menu import TrayMenu
from portway.gui.tray.rows import mnemonic_free, short_link, tooltip_of
from portway.gui.tray.section import StartMenu
from portway.gui.tray.targets import TargetMenu
from tests.fakes.backends.toy import WOULD_NOT_CLOSE
from tests.fakes.runtime.hub import DOWN, blocked, up
from tests.gui.conftest import Desk
from tests.gui.states import STATES

URL = "https://cloudflared.example"


@dataclass
class Windows:
    """What was shown, in order."""

    shown: list[tuple[str, ...]] = field(default_factory=list)

    def show_tunnels(self) -> None:
        self.shown.append(("tunnels",))

    def show_settings(self) -> None:
        self.shown.append(("settings",))

    def show_card(self, backend: TunnelId, action: Action | None = None) -> None:
        self.shown.append(("card", backend, "" if action is None else action.label))

    def show_protection(self, tunnel: TunnelId) -> None:
        self.shown.append(("protection", tunnel))

    def show_qr(self, backend: TunnelId) -> None:
        self.shown.append(("qr", backend))

    def show_log(self, backend: BackendId) -> None:
        self.shown.append(("log", backend))

    def show_requests(self) -> None:
        self.shown.append(("requests",))

    def change_target(self) -> None:
        self.shown.append(("target",))


@dataclass
class Tray:
    """The menu, filled, with what it acts on."""

    desk: Desk
    menu: QMenu
    actions: TrayActions
    filled: TrayMenu
    windows: Windows
    refused: list[str] = field(default_factory=list)

    def items(self, menu: QMenu | None = None) -> list[QAction]:
        """Return every item that can be seen, of submenus too."""
        found: list[QAction] = []
        for action in (menu or self.menu).actions():
            inner = action.menu()
            if action.isVisible() and not action.isSeparator():
                found += [action, *(self.items(inner) if isinstance(inner, QMenu) else [])]
        return found

    def texts(self) -> list[str]:
        self.filled.refresh()
        return [action.text() for action in self.items()]

    def lines_between(self, above: str, below: str) -> int:
        """Return how many lines are drawn between two items."""
        self.filled.refresh()
        shown = [action for action in self.menu.actions() if action.isVisible()]
        texts = [action.text() for action in shown]
        return sum(action.isSeparator() for action in shown[texts.index(above) : texts.index(below)])

    def click(self, text: str) -> None:
        self.filled.refresh()
        (action,) = [action for action in self.items() if action.text() == text]
        assert action.isEnabled()
        action.trigger()


def _among(tray: Tray, *texts: str) -> list[str]:
    """Return these items as they stand in the menu."""
    return [text for text in tray.texts() if text in texts]


@pytest.fixture
def tray(desk: Desk, qtbot: QtBot) -> Iterator[Tray]:
    menu, windows, owner = QMenu(), Windows(), QObject()
    qtbot.addWidget(menu)
    actions = TrayActions(desk.dependencies, windows, owner)
    made = Tray(desk, menu, actions, TrayMenu(menu, desk.dependencies, actions, lambda: False), windows)
    actions.refused.connect(made.refused.append)
    yield made
    owner.deleteLater()


@pytest.mark.parametrize("name", STATES)
def test_each_state_has_words_and_nothing_that_leads_nowhere(tray: Tray, name: str) -> None:
    backend, changes, _ = STATES[name]
    status = tray.desk.hub.show(backend, **changes)
    title = next(one.title for one in tray.desk.hub.backends if one.id == backend)
    texts = tray.texts()
    assert [text for text in texts if text.startswith(f"{title}: ")]
    link = "" if status.public_url is None else f"Copy {short_link(status.public_url)}"
    assert (link in texts) == (status.public_url is not None)
    more = {"Copy as curl command", "Copy line for .env", "Open in browser", "QR code…"} & set(texts)
    assert bool(more) == (status.active and status.public_url is not None)
    assert ("Stop all" in texts) == (status.wanted or status.active)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "off"),
        ({"wanted": True, **up("cloudflared")}, "running"),
        ({"wanted": False, **up("cloudflared")}, "stopping"),
        (
            {"wanted": False, **up("cloudflared"), "problem": WOULD_NOT_CLOSE},
            "still running",
        ),
        (
            {"wanted": True, **up("cloudflared"), "problem": Problem(Code.ORIGIN_DOWN, parameters={"target": URL})},
            "server does not answer",
        ),
        (
            {
                "wanted": True,
                **up("cloudflared"),
                "problem": Problem(Code.HOST_REFUSED, parameters={"target": URL, "host": "a.example"}),
            },
            "server refuses visitors",
        ),
        (
            {"wanted": True, **up("cloudflared"), "problem": STATES["wrong_scheme"][1]["problem"]},
            "server is not understood",
        ),
        ({"wanted": True, **up("cloudflared"), "guard": SHUT}, "running, open to nobody"),
        ({"wanted": True, **blocked(Problem(Code.NEEDS_TOKEN, parameters={"service": "X"}))}, "token needed"),
        ({"wanted": True, **blocked(Problem(Code.NEEDS_LOGIN, parameters={"service": "X"}))}, "log-in needed"),
    ],
)
def test_the_toggle_says_what_is(tray: Tray, changes: dict[str, object], words: str) -> None:
    tray.desk.hub.show("cloudflared", **changes)
    assert f"Cloudflare: {words}" in tray.texts()


def test_a_click_turns_it_on_for_a_person_and_another_one_off(tray: Tray) -> None:
    clicked: list[str] = []
    tray.actions.clicked.connect(clicked.append)
    tray.click("Local network: off")
    ((backend, request),) = tray.desk.hub.enabled
    assert (backend, request.by_person) == ("lan", True)
    tray.click("Local network: starting")
    assert tray.desk.hub.disabled == ["lan"]
    assert clicked == ["lan", "lan"]


def test_a_refused_click_is_a_sentence_and_the_tick_is_gone(tray: Tray) -> None:
    tray.desk.hub.refusal = TunnelError(Code.BAD_REQUEST, "target_own_port", field="target", port=20129)
    tray.click("Local network: off")
    assert len(tray.refused) == 1
    (toggle,) = [action for action in tray.items() if action.text() == "Local network: off"]
    assert not toggle.isChecked()


def test_the_first_way_to_the_internet_asks_and_a_yes_turns_it_on(tray: Tray, qtbot: QtBot) -> None:
    tray.desk.dependencies.services.app_state.update(answered=["first_run"])
    tray.click("Cloudflare: off")
    assert not tray.desk.hub.enabled
    box = tray.actions._consent._box
    assert isinstance(box, QMessageBox)
    box.buttons()[0].click()
    qtbot.waitUntil(lambda: [name for name, _ in tray.desk.hub.enabled] == ["cloudflared"])


def test_before_that_it_can_be_protected_and_nothing_is_open_meanwhile(tray: Tray) -> None:
    tray.desk.dependencies.services.app_state.update(answered=["first_run"])
    tray.click("Cloudflare: off")
    box = tray.actions._consent._box
    assert isinstance(box, QMessageBox)
    next(one for one in box.buttons() if one.text() == "Protect…").click()
    assert not box.isVisible()
    assert tray.windows.shown == [("protection", "cloudflared")]
    assert not tray.desk.hub.enabled


def test_what_is_up_can_be_copied_opened_and_shown(tray: Tray) -> None:
    tray.desk.hub.show("cloudflared", wanted=True, **up("cloudflared"))
    for text in (
        "Copy cloudflared.example",
        "Copy as curl command",
        "Copy line for .env",
        "Open in browser",
        "QR code…",
    ):
        tray.click(text)
    tray.click("Show log")
    assert tray.desk.clipboard.texts == [URL, f"curl {URL}", f"NEXT_PUBLIC_BASE_URL={URL}"]
    assert tray.desk.opened == [URL]
    assert tray.windows.shown == [("qr", "cloudflared"), ("log", "cloudflared")]


def test_a_tunnel_of_ones_own_is_among_those_to_start_while_it_is_off_and_on_top_while_it_is_on(tray: Tray) -> None:
    before = tray.texts()
    tray.desk.hub.add(SavedTunnel(id="shop", backend=BackendId("ngrok"), name="My & shop"))
    after = tray.texts()
    start = before.index("Tailscale: off") + 1
    assert after == [*before[:start], "Start another", "My && shop", *before[start:]]
    tray.click("My && shop")
    assert tray.desk.hub.enabled[-1][0] == "shop"
    assert tray.texts()[:3] == ["Starting…", "My && shop: starting", "More for My && shop"]
    assert "Start another" not in tray.texts()
    tray.desk.hub.show("shop", **DOWN)
    assert tray.texts() == after
    tray.desk.hub.remove("shop")
    assert tray.texts() == before


def test_the_persons_own_stand_in_their_order_above_the_built_in_ones(tray: Tray) -> None:
    hub = tray.desk.hub
    for name in ("first", "second", "third"):
        hub.add(SavedTunnel(id=name, backend=BackendId("ngrok")))
    assert _among(tray, "first", "second", "third") == ["third", "second", "first"]
    hub.move("first", "third")
    assert _among(tray, "first", "second", "third") == ["first", "third", "second"]
    for name in ("second", "first", "lan"):
        hub.show(name, wanted=True, **up(name))
    shown = ["first: running", "second: running", "Local network: running"]
    assert _among(tray, *shown) == shown
    hub.move("second", "first")
    shown = ["second: running", "first: running", "Local network: running"]
    assert _among(tray, *shown) == shown


def test_forty_of_ones_own_make_the_menu_no_longer(tray: Tray) -> None:
    tray.desk.hub.add(SavedTunnel(id="t0", backend=BackendId("ngrok")))
    tray.filled.refresh()
    length = len([action for action in tray.menu.actions() if action.isVisible()])
    for number in range(1, 40):
        tray.desk.hub.add(SavedTunnel(id=f"t{number}", backend=BackendId("ngrok")))
    tray.filled.refresh()
    assert len([action for action in tray.menu.actions() if action.isVisible()]) == length
    (start,) = tray.menu.findChildren(StartMenu)
    assert [action.text() for action in start.actions()] == [f"t{number}" for number in reversed(range(40))]


def test_one_whose_program_is_not_there_cannot_be_started(tray: Tray) -> None:
    tray.desk.hub.add(SavedTunnel(id="shop", backend=BackendId("tailscale")))
    tray.desk.hub.show("shop", installation=Installation(installed=False))
    tray.filled.refresh()
    (item,) = [action for action in tray.items() if action.text().startswith("shop")]
    assert (item.text(), item.isEnabled()) == ("shop: not installed", False)


def test_one_that_may_come_to_nothing_is_started_at_its_card_which_says_so(tray: Tray) -> None:
    tray.desk.hub.cautions["ngrok"] = "It has one address."
    tray.desk.hub.add(SavedTunnel(id="shop", backend=BackendId("ngrok")))
    tray.desk.hub.show("ngrok", wanted=True, **up("ngrok"))
    tray.click("shop")
    assert not tray.desk.hub.enabled
    assert [shown[:2] for shown in tray.windows.shown] == [("card", "shop")]


def test_what_is_on_is_set_apart_by_one_line_each(tray: Tray) -> None:
    assert tray.lines_between("Local network: off", "Tailscale: off") == 0
    tray.desk.hub.show("cloudflared", wanted=True, **up("cloudflared"))
    assert tray.lines_between("Local network: off", "Cloudflare: running") == 1
    assert tray.lines_between("Cloudflare: running", "ngrok: off") == 1
    assert tray.lines_between("ngrok: off", "Tailscale: off") == 0


def test_with_five_on_what_is_copied_stands_in_a_submenu_each(tray: Tray) -> None:
    names = ("lan", "cloudflared", "ngrok", "tailscale")
    for name in names:
        tray.desk.hub.show(name, wanted=True, **up(name))
    tray.filled.refresh()
    top = [action.text() for action in tray.menu.actions() if action.isVisible()]
    assert [f"Copy {name}.example" in top for name in names] == [True] * 4
    assert top.count("QR code…") == 4
    tray.desk.hub.add(SavedTunnel(id="shop", backend=BackendId("ngrok")))
    tray.desk.hub.show("shop", wanted=True, **up("shop"))
    tray.filled.refresh()
    top = [action.text() for action in tray.menu.actions() if action.isVisible()]
    assert not [text for text in top if text.startswith(("Copy", "QR"))]
    (more,) = [action.menu() for action in tray.items() if action.text() == "More for shop"]
    assert isinstance(more, QMenu)
    assert [action.text() for action in tray.items(more)][:2] == ["Copy shop.example", "QR code…"]
    tray.click("Copy shop.example")
    assert tray.desk.clipboard.texts == ["https://shop.example"]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://iris-amber-ember-grove.trycloudflare.com", "iris-amber-ember-grove…"),
        ("https://heron-quartz.ngrok-free.app", "heron-quartz.ngrok-free.app"),
        ("http://192.168.178.24:30300", "192.168.178.24:30300"),
        (f"https://{'a' * 63}.example.com", f"{'a' * 30}…"),
    ],
)
def test_a_link_is_as_short_as_its_name(url: str, shown: str) -> None:
    assert short_link(url) == shown


def test_the_tooltip_says_what_works_for_whom_and_what_needs_somebody(tray: Tray) -> None:
    hub, now = tray.desk.hub, datetime.now(UTC)
    assert tooltip_of(summary_of(hub.statuses()), now) == "Portway\nNothing is open"
    hub.show("cloudflared", wanted=True, traffic=Traffic(requests=4, present=2), **up("cloudflared"))
    assert tooltip_of(summary_of(hub.statuses()), now) == (
        "Portway\n1 tunnel is up, 2 visitors now\nAnyone with the link can open it."
    )
    hub.show("ngrok", wanted=True, **up("ngrok"), problem=Problem(Code.ORIGIN_DOWN, parameters={"target": URL}))
    words = tooltip_of(summary_of(hub.statuses()), now)
    assert words.splitlines()[-1] == "ngrok: your server does not answer"
    assert "http" not in words


def test_stop_all_stops_all(tray: Tray) -> None:
    tray.desk.hub.show("lan", wanted=True, **up("lan"))
    tray.desk.hub.show("cloudflared", wanted=True, **up("cloudflared"))
    tray.click("Stop all")
    assert set(tray.desk.hub.disabled) >= {"lan", "cloudflared"}
    tray.desk.hub.show("lan", **DOWN)
    tray.desk.hub.show("cloudflared", **DOWN)
    assert "Stop all" not in tray.texts()


def test_the_way_on_of_the_card_is_in_the_menu(tray: Tray) -> None:
    tray.desk.hub.show("ngrok", wanted=True, **blocked(Problem(Code.NEEDS_TOKEN, parameters={"service": "ngrok"})))
    tray.click("Enter ngrok token…")
    assert [shown[:2] for shown in tray.windows.shown] == [("card", "ngrok")]


def test_what_has_to_be_read_before_is_shown_and_not_done(tray: Tray) -> None:
    offer = Offer(kind=OfferKind.SETTING, label="Trust it", value="hostKey={key}", after_reading=True)
    cause = Cause(code=Code.UNKNOWN_HOST, text="Its key is {key}.", offers=(offer,))
    tray.desk.hub.show("ngrok", wanted=True, **blocked(problem_of(cause, key="SHA256:abc")))
    assert "Trust it" not in tray.texts()
    tray.click("Look at ngrok…")
    assert tray.windows.shown == [("card", "ngrok", "")]


def test_another_target_is_chosen_from_those_that_listen(tray: Tray, qtbot: QtBot) -> None:
    (targets,) = tray.menu.findChildren(TargetMenu)
    targets.aboutToShow.emit()
    qtbot.waitUntil(lambda: any("8080" in action.text() for action in targets.actions()))
    next(action for action in targets.actions() if "8080" in action.text()).trigger()
    qtbot.waitUntil(lambda: "8080" in tray.desk.dependencies.settings_file.load().general.target)
    assert any("8080" in url for url in tray.desk.dependencies.app_state.recent_targets)


def test_a_target_that_is_none_is_refused_in_a_sentence(tray: Tray) -> None:
    tray.actions.set_target("ftp://nowhere")
    assert len(tray.refused) == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Open Portway", "tunnels"), ("Requests", "requests"), ("Settings…", "settings"), ("Other…", "target")],
)
def test_windows_are_raised(tray: Tray, text: str, shown: str) -> None:
    tray.click(text)
    assert tray.windows.shown == [(shown,)]


@pytest.mark.parametrize(
    ("text", "exported", "plain"), [("a & b_c", False, "a && b_c"), ("a & b_c", True, "a && b__c")]
)
def test_no_letter_of_a_name_becomes_a_key(text: str, exported: bool, plain: str) -> None:  # noqa: FBT001 - of a table
    assert mnemonic_free(text, exported=exported) == plain
