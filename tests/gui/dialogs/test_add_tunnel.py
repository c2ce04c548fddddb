"""The dialog that adds a tunnel: which servers it offers, what it suggests and refuses, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.settings import SavedTunnel
from portway.core.status import BackendId, Phase
from portway.gui.dialogs.add_tunnel import AddTunnelDialog, Admitted, suggested_word
from portway.gui.dialogs.protection import ProtectionDialog
from portway.gui.window.main_window import MainWindow
from tests.gui.conftest import Desk, Found
from tests.gui.hands import click, strike, write

Opened = Callable[..., AddTunnelDialog]
SERVERS = (
    Found(8000, "python3", "API docs"),
    Found(3000, "node", "Corner Shop"),
    Found(8080, "nginx"),
    Found(11434, "ollama"),
    Found(5432, None),
    Found(6379, None),
)


@pytest.fixture
def opened(desk: Desk, qtbot: QtBot) -> Opened:
    """Open the dialog where these servers listen, and wait for them to be found."""

    def make(*servers: Found) -> AddTunnelDialog:
        dialog = AddTunnelDialog(replace(desk.dependencies, listening_ports=lambda: servers))
        qtbot.addWidget(dialog)
        with qtbot.waitExposed(dialog):
            dialog.show()
        qtbot.waitUntil(lambda: bool(dialog.server.rows) or not servers)
        return dialog

    return make


def type_name(dialog: AddTunnelDialog, text: str) -> None:
    dialog.name.selectAll()
    strike(dialog.name, Qt.Key.Key_Delete)
    write(dialog.name, text)


def test_what_listens_is_offered_and_the_first_is_chosen_with_a_name_from_its_page(opened: Opened) -> None:
    dialog = opened(*SERVERS)
    assert [row.accessibleName() for row in dialog.server.rows.values()] == [
        "8000, python3, “API docs”",
        "3000, node, “Corner Shop”",
        "8080, nginx",
        "11434, ollama",
    ]
    assert (dialog.server.found, dialog.name.text()) == (SERVERS[0], "api-docs")
    click(dialog.server.rows[3000])
    assert dialog.name.text() == "corner-shop"
    assert dialog.help.text() == "In a terminal: portway enable corner-shop"
    assert dialog.server.more.text() == "2 more ports"
    click(dialog.server.more)
    assert list(dialog.server.rows) == [server.port for server in SERVERS]
    assert dialog.server.found == SERVERS[1]
    assert not dialog.server.more.isVisible()


def test_the_default_server_comes_first_to_mind_and_one_that_is_open_says_so(desk: Desk, opened: Opened) -> None:
    desk.dependencies.settings_file.set("general.target", "3000")
    desk.hub.reload()
    desk.hub.show("ngrok", phase=Phase.STARTING, wanted=True)
    dialog = opened(*SERVERS)
    assert dialog.server.found == SERVERS[1]
    assert dialog.server.rows[3000].accessibleName().endswith("already open as ngrok")


def test_it_is_added_as_chosen_and_the_window_starts_it(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    dialog = window.findChild(AddTunnelDialog)
    assert isinstance(dialog, AddTunnelDialog)
    qtbot.waitUntil(lambda: bool(dialog.server.rows))
    click(dialog.ways[BackendId("ngrok")])
    type_name(dialog, "shop")
    click(dialog.add)
    assert desk.hub.saved == {
        "shop": SavedTunnel(id="shop", backend=BackendId("ngrok"), target="http://localhost:3000")
    }
    assert [(tunnel, ask.by_person) for tunnel, ask in desk.hub.enabled] == [("shop", True)]
    assert next(iter(window.tunnels.cards)) == "shop"
    assert desk.dependencies.app_state.recent_targets[0] == "http://localhost:3000"


def added_with(window: MainWindow, qtbot: QtBot, admitted: Admitted, *, start: bool = True) -> ProtectionDialog:
    """Add a tunnel for these people, and return what says who they are."""
    click(window.tunnels.add)
    dialog = window.findChild(AddTunnelDialog)
    assert isinstance(dialog, AddTunnelDialog)
    qtbot.waitUntil(lambda: bool(dialog.server.rows))
    dialog.admitted.setCurrentIndex(dialog.admitted.findData(admitted))
    assert dialog.admitted_help.text()
    if not start:
        click(dialog.start)
    type_name(dialog, "shop")
    click(dialog.add)
    (who,) = window.findChildren(ProtectionDialog)
    assert who.windowTitle() == "Who can open shop"
    return who


def test_a_password_holds_before_it_is_started_and_is_shown(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    who = added_with(window, qtbot, Admitted.PASSWORD)
    assert desk.hub.status("shop").guard.password
    assert [tunnel for tunnel, _ in desk.hub.enabled] == ["shop"]
    assert len(who.field.text()) > 8
    ((tunnel, request),) = desk.hub.guarded
    assert tunnel == "shop"
    assert request.change.secret is not None
    assert request.change.secret.reveal() == who.field.text()
    who.reject()


@pytest.mark.parametrize("start", [True, False])
def test_who_is_chosen_is_asked_before_it_is_started(
    desk: Desk, window: MainWindow, qtbot: QtBot, *, start: bool
) -> None:
    who = added_with(window, qtbot, Admitted.CHOSEN, start=start)
    assert not desk.hub.enabled
    click(who.reading.switch)
    click(who.done_button)
    assert [tunnel for tunnel, _ in desk.hub.enabled] == (["shop"] if start else [])
    assert desk.hub.status("shop").guard.read_only


def test_what_a_second_one_may_come_to_is_told_before_it_is_added(desk: Desk, opened: Opened) -> None:
    desk.hub.cautions["ngrok"] = "A free ngrok account has one address."
    dialog = opened(*SERVERS)
    click(dialog.ways[BackendId("ngrok")])
    assert not dialog.caution.isVisible()  # no other one is on
    desk.hub.show("ngrok", phase=Phase.STARTING, wanted=True)
    for way, words in (("lan", ""), ("ngrok", "A free ngrok account has one address.")):
        click(dialog.ways[BackendId(way)])
        assert (dialog.caution.text(), dialog.caution.isVisible()) == (words, bool(words))
    assert dialog.add.isEnabled()


def test_who_can_open_it_is_called_by_the_way_that_is_chosen(opened: Opened) -> None:
    dialog = opened(*SERVERS)
    assert (dialog.way, dialog.admitted.currentText()) == ("lan", "Anyone on this network")
    click(dialog.ways[BackendId("cloudflared")])
    assert dialog.admitted.currentText() == "Anyone with the link"


def test_it_is_only_kept_where_it_is_not_to_be_started(desk: Desk, window: MainWindow, qtbot: QtBot) -> None:
    click(window.tunnels.add)
    dialog = window.findChild(AddTunnelDialog)
    assert isinstance(dialog, AddTunnelDialog)
    qtbot.waitUntil(lambda: bool(dialog.server.rows))
    click(dialog.start)
    assert dialog.add.text() == "Add"
    strike(dialog.name, Qt.Key.Key_Return)
    assert list(desk.hub.saved) == ["node"]
    assert not desk.hub.enabled
    assert window.tunnels.cards["node"].isVisible()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Shop", "small letters"),
        ("2nd", "small letters"),
        ("my shop", "small letters"),
        ("all", "means something else"),
        ("ngrok", "already"),
        ("taken", "already"),
    ],
)
def test_a_name_that_cannot_be_is_told_beside_it_while_it_is_typed(
    desk: Desk, opened: Opened, name: str, words: str
) -> None:
    desk.hub.add(SavedTunnel(id="taken", backend=BackendId("lan")))
    dialog = opened(*SERVERS)
    type_name(dialog, name)
    assert words in dialog.help.text()
    assert not dialog.add.isEnabled()
    type_name(dialog, "shop")
    assert dialog.add.isEnabled()
    strike(dialog.name, Qt.Key.Key_Escape)  # back to what is suggested
    assert (dialog.name.text(), dialog.isVisible()) == ("api-docs", True)
    strike(dialog.name, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_without_a_server_one_is_named_and_a_bad_address_is_told_beside_it(desk: Desk, opened: Opened) -> None:
    desk.hub.ports = frozenset({20129})
    dialog = opened()
    assert dialog.server.other.isChecked()
    assert (dialog.name.text(), dialog.add.isEnabled()) == ("lan-2", False)
    for text, words in (("ftp://localhost", "only http and https"), ("20129", "Portway's own")):
        dialog.server.field.clear()
        write(dialog.server.field, text)
        assert words in dialog.server.refusal.text()
        assert not dialog.add.isEnabled()
    dialog.server.field.clear()
    write(dialog.server.field, "5173")
    assert not dialog.server.refusal.isVisible()
    click(dialog.add)
    assert desk.hub.saved["lan-2"].target == "http://localhost:5173"


def test_a_refusal_of_the_hub_is_told_and_the_dialog_stays(
    desk: Desk, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = opened(*SERVERS)

    def refuse(_tunnel: SavedTunnel) -> None:
        raise TunnelError(Code.STORAGE_FAILED, path="/settings.toml", reason="the disk is full")

    monkeypatch.setattr(desk.hub, "add", refuse)
    click(dialog.add)
    assert "the disk is full" in dialog.refusal.text()
    assert dialog.isVisible()
    assert not desk.hub.enabled


def test_a_way_that_is_not_there_cannot_be_chosen(desk: Desk, opened: Opened) -> None:
    there = desk.hub.status("lan").installation
    desk.hub.show("lan", installation=replace(there, supported=False))
    dialog = opened(*SERVERS)
    assert not dialog.ways[BackendId("lan")].isEnabled()
    assert dialog.way == "cloudflared"


@pytest.mark.parametrize(
    ("found", "taken", "word"),
    [
        (Found(1, "node", "Vite + React"), (), "vite-react"),
        (Found(1, "node", "Vite + React"), ("vite-react", "vite-react-2"), "vite-react-3"),
        (Found(1, "node", "2048"), (), "node"),
        (Found(1, "node", "東京"), (), "node"),
        (Found(1, "nul", "ALL"), (), "lan"),
        (Found(1, None, "A page with a title that never seems to end"), (), "a-page-with-a-title-that"),
        (None, ("lan",), "lan-2"),
    ],
)
def test_a_word_is_suggested_that_is_good_and_free(found: Found | None, taken: tuple[str, ...], word: str) -> None:
    assert suggested_word(found, "lan", taken) == word
