"""What a card shows of each state: its word, its colour, its way on, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.status import BackendId, Phase, Progress, TunnelStatus
from portway.gui.card_rules import Surrounding, card_of
from portway.gui.card_view import Act, CardView, Doing, Question
from portway.gui.look import Ink
from tests.fakes.declared_backend import DeclaredBackend
from tests.fakes.window_backends import window_backends
from tests.gui.states import NOW, STATES

TARGET = "http://127.0.0.1:20128"
BACKENDS = {backend.id: backend for backend in window_backends()}


def status_of(name: str) -> tuple[DeclaredBackend, TunnelStatus]:
    backend = BACKENDS[BackendId(STATES[name][0])]
    plain = TunnelStatus(backend=backend.id, reach=backend.reach, target_url=TARGET, extras=backend.no_extras)
    return backend, replace(plain, **STATES[name][1])


def view_of(name: str, doing: Doing | None = None, *, show_api: bool = True) -> CardView:
    backend, status = status_of(name)
    return card_of(backend, status, doing or Doing(), Surrounding(NOW, TARGET, show_api))


def acts(view: CardView) -> list[Act]:
    return [] if view.callout is None else [way.act for way in view.callout.ways]


@pytest.mark.parametrize("name", STATES)
def test_every_state_says_its_word_and_shows_its_wish(name: str) -> None:
    view = view_of(name)
    assert view.word == STATES[name][2]
    assert view.switch_on is STATES[name][1].get("wanted", False)
    assert view.glyph


@pytest.mark.parametrize("name", STATES)
def test_a_url_is_shown_exactly_while_there_is_one(name: str) -> None:
    view, (_, status) = view_of(name), status_of(name)
    assert view.url == (status.public_url or "")
    assert view.api_url == (f"{status.public_url}/v1" if status.public_url else "")
    assert view_of(name, show_api=False).api_url == ""
    assert not view.live or status.running


@pytest.mark.parametrize(
    ("name", "glyph", "ink"),
    [
        ("stopped", "ring", Ink.MUTED), ("unsupported", "ring_slash", Ink.MUTED), ("not_installed", "ring", Ink.MUTED),
        ("starting", "busy", Ink.BUSY), ("reconnecting", "busy", Ink.BUSY), ("running", "disc_tick", Ink.OK),
        ("origin_down", "triangle", Ink.WARN), ("needs_token", "padlock", Ink.WARN),
        ("needs_login", "padlock", Ink.WARN), ("waiting", "octagon", Ink.BAD), ("error", "octagon", Ink.BAD),
        ("still_up", "triangle", Ink.BAD), ("stopping", "busy", Ink.BUSY),
    ],
)  # fmt: skip
def test_a_state_is_a_shape_and_a_colour(name: str, glyph: str, ink: Ink) -> None:
    view = view_of(name)
    assert (view.glyph, view.ink) == (glyph, ink)


@pytest.mark.parametrize(
    ("name", "ways"),
    [
        ("stopped", []),
        ("unsupported", []),
        ("not_installed", [Act.OPEN_PAGE, Act.COMMAND]),
        ("not_installed_yet", []),
        ("starting", []),
        ("running", []),
        ("reconnecting", []),
        ("stopping", []),
        ("lan_firewall", [Act.COPY_TEXT]),
        ("origin_down", [Act.CHANGE_TARGET]),
        ("other_target", [Act.SWITCH_TARGET]),
        ("still_up", [Act.SHOW_LOG, Act.STOP]),
        ("needs_token", [Act.OPEN_PAGE, Act.OPEN_PAGE, Act.ENTER_TOKEN]),
        ("token_at_rest", [Act.OPEN_PAGE, Act.OPEN_PAGE, Act.ENTER_TOKEN]),
        ("needs_login", [Act.COPY_TEXT, Act.SHOW_QR, Act.OPEN_PAGE]),
        ("login_unasked", [Act.COMMAND]),
        ("funnel_not_enabled", [Act.COPY_TEXT, Act.OPEN_PAGE]),
        ("waiting", [Act.TRY_AGAIN]),
        ("error", [Act.SHOW_LOG, Act.TRY_AGAIN]),
        ("port_conflict", [Act.SHOW_LOG, Act.USE_SETTING]),
        ("lan_port_conflict", [Act.SHOW_LOG, Act.USE_SETTING]),
        ("needs_privileges", [Act.COPY_TEXT, Act.COMMAND]),
        ("network_changed", [Act.TRY_AGAIN]),
    ],
)
def test_every_trouble_has_its_way_on_and_nothing_else_has_one(name: str, ways: list[Act]) -> None:
    assert acts(view_of(name)) == ways


def test_a_page_to_sign_up_is_offered_until_there_was_a_token() -> None:
    shown = [
        [way.label for way in callout.ways if way.link]
        for name in ("needs_token", "token_rejected")
        for callout in (view_of(name).callout, view_of(name, Doing(question=Question.TOKEN)).callout)
        if callout is not None
    ]
    assert shown == [["Get a token", "Sign up"], ["Get a token"], ["Get a token"], ["Get a token"]]


def test_the_switch_is_live_where_turning_on_installs_and_disabled_where_a_person_has_to() -> None:
    assert view_of("not_installed_yet").switch_enabled
    assert not view_of("not_installed").switch_enabled
    assert not view_of("unsupported").switch_shown


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("running", "2 h 10 min"), ("starting", "8 s"), ("waiting", "next try in 12 s"),
        ("reconnecting", "the address stays the same"), ("origin_down", "but your server does not answer"),
        ("stopped", "no account needed"),
    ],
)  # fmt: skip
def test_the_detail_says_since_when_or_until_when(name: str, detail: str) -> None:
    assert detail in view_of(name).detail


def test_progress_is_a_bar_where_its_end_is_known_and_words_where_not() -> None:
    steps = view_of("starting").bar
    assert steps is not None
    assert steps.text == "Step 2 of 3: waiting until Cloudflare's edge carries traffic"
    assert steps.share == pytest.approx(2 / 3)
    download = view_of("downloading").bar
    assert download is not None
    assert download.text == "Downloading, 18.2 of 38.4 MB"
    backend, status = status_of("starting")
    unknown = replace(status, progress=Progress(step="look", message="Looking around"))
    bar = card_of(backend, unknown, Doing(), Surrounding(NOW, TARGET)).bar
    assert bar is not None
    assert (bar.text, bar.share) == ("Looking around", None)


def test_a_running_command_can_be_cancelled_and_hides_what_it_answers() -> None:
    progress = Progress(step="download", message="Downloading", received=18_200_000, total=38_400_000)
    view = view_of("not_installed", Doing(command="install", running=True, progress=progress))
    assert view.word == "Installing"
    assert view.callout is None
    assert view.bar is not None
    assert view.bar.can_cancel


def test_a_command_that_failed_says_why_and_can_be_tried_again() -> None:
    failed = Problem(Code.INSTALL_FAILED, parameters={"program": "Tailscale", "reason": "the disk is full"})
    view = view_of("not_installed", Doing(command="install", failed=failed))
    assert view.callout is not None
    assert "the disk is full" in view.callout.sentence
    assert acts(view) == [Act.CANCEL, Act.COMMAND]


def test_a_question_comes_before_any_cause_and_a_secret_has_a_masked_field() -> None:
    token = view_of("needs_token", Doing(question=Question.TOKEN)).callout
    assert token is not None
    assert token.field == "Authtoken"
    password = view_of("needs_privileges", Doing(question=Question.PASSWORD, command="operator")).callout
    assert password is not None
    assert "password" in password.field.lower()
    exposure = view_of("stopped", Doing(question=Question.EXPOSURE)).callout
    assert exposure is not None
    assert TARGET in exposure.sentence


def test_commands_without_a_button_are_offered_in_the_menu() -> None:
    assert [way.value for way in view_of("not_installed_yet").ways] == ["install"]
    assert view_of("not_installed").ways == ()
    assert [way.value for way in view_of("needs_login").ways] == ["login"]


@pytest.mark.parametrize("phase", Phase)
def test_what_is_not_available_says_so_in_every_phase_at_rest(phase: Phase) -> None:
    backend, status = status_of("unsupported")
    problem = Problem(Code.UNSUPPORTED_PLATFORM, parameters={"program": "ngrok"})
    other = replace(status, phase=phase, problem=problem, public_url="https://x" if phase is Phase.RUNNING else None)
    view = card_of(backend, other, Doing(), Surrounding(NOW, TARGET))
    assert (view.glyph == "ring_slash") is (phase is not Phase.RUNNING)
