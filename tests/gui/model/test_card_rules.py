"""What a card shows of each state: its word, its colour, its way on, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from portway.backends.lan.declaration import LanExtras
from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.status import BackendId, Phase, Progress, Proof, Traffic, TrafficSlot, TunnelStatus, Verified
from portway.gui.model.card_rules import Surrounding, card_of
from portway.gui.model.card_view import Act, CardState, CardView, Question
from portway.gui.model.live_rules import live_of, slot_at, visitors_now
from portway.gui.theme.tone import Tone
from tests.fakes.backends.declared import DeclaredBackend
from tests.fakes.backends.window import window_backends
from tests.gui.states import NOW, STATES

TARGET = "http://127.0.0.1:20128"
BACKENDS = {backend.id: backend for backend in window_backends()}


def status_of(name: str) -> tuple[DeclaredBackend, TunnelStatus]:
    backend = BACKENDS[BackendId(STATES[name][0])]
    plain = TunnelStatus(backend=backend.kind, reach=backend.reach, target_url=TARGET, extras=backend.no_extras)
    return backend, replace(plain, **STATES[name][1])


def view_of(name: str, card_state: CardState | None = None, *, show_api: bool = True) -> CardView:
    backend, status = status_of(name)
    return card_of(backend, status, card_state or CardState(), Surrounding(NOW, TARGET, show_api))


def acts(view: CardView) -> list[Act]:
    return [] if view.callout is None else [action.act for action in view.callout.actions]


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
    ("name", "glyph", "tone"),
    [
        ("stopped", "ring", Tone.MUTED),
        ("unsupported", "ring_slash", Tone.MUTED),
        ("not_installed", "ring", Tone.MUTED),
        ("starting", "busy", Tone.BUSY),
        ("reconnecting", "busy", Tone.BUSY),
        ("running", "disc_tick", Tone.OK),
        ("origin_down", "triangle", Tone.WARN),
        ("needs_token", "padlock", Tone.WARN),
        ("token_at_rest", "ring", Tone.MUTED),
        ("needs_login", "padlock", Tone.WARN),
        ("waiting", "octagon", Tone.BAD),
        ("error", "octagon", Tone.BAD),
        ("still_up", "triangle", Tone.BAD),
        ("stopping", "busy", Tone.BUSY),
    ],
)
def test_a_state_is_a_shape_and_a_colour(name: str, glyph: str, tone: Tone) -> None:
    view = view_of(name)
    assert (view.glyph, view.tone) == (glyph, tone)


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        ("stopped", []),
        ("unsupported", []),
        ("not_installed", []),
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
        ("token_at_rest", []),
        ("needs_login", [Act.COPY_TEXT, Act.SHOW_QR, Act.OPEN_PAGE]),
        ("login_unasked", [Act.COMMAND]),
        ("funnel_not_enabled", [Act.COPY_TEXT, Act.OPEN_PAGE]),
        ("waiting", [Act.TRY_AGAIN]),
        ("retrying", [Act.TRY_AGAIN]),
        ("own_target", []),
        ("error", [Act.SHOW_LOG, Act.TRY_AGAIN]),
        ("port_conflict", [Act.SHOW_LOG, Act.USE_SETTING]),
        ("lan_port_conflict", [Act.SHOW_LOG, Act.USE_SETTING]),
        ("needs_privileges", [Act.COPY_TEXT, Act.COMMAND]),
        ("network_changed", [Act.TRY_AGAIN]),
    ],
)
def test_every_trouble_has_its_way_on_and_nothing_else_has_one(name: str, actions: list[Act]) -> None:
    assert acts(view_of(name)) == actions


def test_a_page_to_sign_up_is_offered_until_there_was_a_token() -> None:
    shown = [
        [action.label for action in callout.actions if action.link]
        for name in ("needs_token", "token_rejected")
        for callout in (view_of(name).callout, view_of(name, CardState(question=Question.TOKEN)).callout)
        if callout is not None
    ]
    assert shown == [["Get a token", "Sign up"], ["Get a token", "Sign up"], ["Get a token"], ["Get a token"]]


def test_the_switch_is_live_where_turning_on_installs_and_disabled_where_a_person_has_to() -> None:
    assert view_of("not_installed_yet").switch_enabled
    assert not view_of("not_installed").switch_enabled
    assert not view_of("unsupported").switch_shown


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("running", "confirmed by ngrok"),
        ("starting", "8 s"),
        ("waiting", "next try in 12 s"),
        ("reconnecting", "the link stays the same"),
        ("origin_down", "since "),
        ("stopped", "no account"),
    ],
)
def test_the_detail_says_since_when_or_until_when(name: str, detail: str) -> None:
    assert detail in view_of(name).detail


@pytest.mark.parametrize(
    ("state", "detail"),
    [
        (Proof.OFF, "confirmed by ngrok"),
        (Proof.PENDING, "checking from outside…"),
        (Proof.OK, "verified from outside {time}"),
        (Proof.FAILED, "not there from outside {time}"),
        (Proof.UNKNOWN, "confirmed by ngrok"),
    ],
)
def test_what_a_look_from_outside_has_found_is_the_proof(state: Proof, detail: str) -> None:
    backend, status = status_of("running")
    looked = replace(status, verified=Verified(state=state, at=NOW))
    shown = card_of(backend, looked, CardState(), Surrounding(NOW, TARGET)).detail
    assert shown.endswith(detail.format(time=f"{NOW.astimezone():%H:%M}"))


def test_progress_is_a_bar_where_its_end_is_known_and_words_where_not() -> None:
    steps = view_of("starting").bar
    assert steps is not None
    assert steps.text == "Step 2 of 3: Connecting to Cloudflare"
    assert steps.share == pytest.approx(2 / 3)
    download = view_of("downloading").bar
    assert download is not None
    assert download.text == "Downloading, 18.2 of 38.4 MB"
    backend, status = status_of("starting")
    unknown = replace(status, progress=Progress(step="look", message="Looking around"))
    bar = card_of(backend, unknown, CardState(), Surrounding(NOW, TARGET)).bar
    assert bar is not None
    assert (bar.text, bar.share) == ("Looking around", None)


def test_a_running_command_can_be_cancelled_and_hides_what_it_answers() -> None:
    progress = Progress(step="download", message="Downloading", received=18_200_000, total=38_400_000)
    view = view_of("not_installed", CardState(command="install", running=True, progress=progress))
    assert view.word == "Installing"
    assert view.callout is None
    assert view.bar is not None
    assert view.bar.can_cancel


def test_a_command_that_failed_says_why_and_can_be_tried_again() -> None:
    failed = Problem(Code.INSTALL_FAILED, parameters={"program": "Tailscale", "reason": "the disk is full"})
    view = view_of("not_installed", CardState(command="install", failed=failed))
    assert view.callout is not None
    assert "the disk is full" in view.callout.sentence
    assert acts(view) == [Act.CANCEL, Act.COMMAND]


def test_a_question_comes_before_any_cause_and_a_secret_has_a_masked_field() -> None:
    token = view_of("needs_token", CardState(question=Question.TOKEN)).callout
    assert token is not None
    assert token.field == "Authtoken"
    assert "keyring" in token.sentence
    held = view_of("needs_token", CardState(question=Question.TOKEN, kept=False)).callout
    assert held is not None
    assert "until Portway ends" in held.sentence
    assert "keyring" not in held.sentence
    password = view_of("needs_privileges", CardState(question=Question.PASSWORD, command="operator")).callout
    assert password is not None
    assert "password" in password.field.lower()
    exposure = view_of("stopped", CardState(question=Question.EXPOSURE)).callout
    assert exposure is not None
    assert TARGET in exposure.sentence


def test_commands_without_a_button_are_offered_in_the_menu() -> None:
    assert [action.value for action in view_of("not_installed_yet").actions] == ["install"]
    assert [action.act for action in view_of("not_installed").actions] == [Act.OPEN_PAGE]
    assert [action.value for action in view_of("needs_login").actions] == ["login"]


@pytest.mark.parametrize("phase", Phase)
def test_what_is_not_available_says_so_in_every_phase_at_rest(phase: Phase) -> None:
    backend, status = status_of("unsupported")
    problem = Problem(Code.UNSUPPORTED_PLATFORM, parameters={"program": "ngrok"})
    other = replace(status, phase=phase, problem=problem, public_url="https://x" if phase is Phase.RUNNING else None)
    view = card_of(backend, other, CardState(), Surrounding(NOW, TARGET))
    assert (view.glyph == "ring_slash") is (phase is not Phase.RUNNING)


@pytest.mark.parametrize(
    ("target", "default", "offered"),
    [
        ("http://127.0.0.1:3000", "http://127.0.0.1:20128", True),
        ("http://127.0.0.1:3000", "http://localhost:3000", False),
        ("http://[::1]:3000", "http://localhost:3000", False),
        ("http://127.0.0.1:3000", "https://localhost:3000", True),
        ("http://127.0.0.1:3000", "http://[::1]:3000", True),
    ],
)
def test_following_the_default_target_is_offered_where_that_is_another_server(
    target: str, default: str, *, offered: bool
) -> None:
    backend, status = status_of("other_target")
    status = replace(status, target_url=target)
    view = card_of(backend, status, CardState(), Surrounding(NOW, default))
    assert acts(view) == ([Act.SWITCH_TARGET] if offered else [])
    named = replace(status, own_target=True)
    assert acts(card_of(backend, named, CardState(), Surrounding(NOW, default))) == []


def test_a_silent_server_is_said_before_another_default_target() -> None:
    backend, status = status_of("quick_origin_down")
    view = card_of(backend, status, CardState(), Surrounding(NOW, "http://127.0.0.1:3000"))
    assert acts(view) == [Act.CHANGE_TARGET]


def test_other_addresses_of_this_computer_are_listed_and_one_click_away() -> None:
    backend, status = status_of("lan_firewall")
    extras = LanExtras(address="203.0.113.24", other_addresses=("192.0.2.7", "198.51.100.9"))
    view = card_of(backend, replace(status, extras=extras), CardState(), Surrounding(NOW, TARGET))
    assert view.callout is not None
    assert view.callout.sentence == "This computer has other addresses, too: 192.0.2.7, 198.51.100.9."
    assert [(one.act, one.label, one.value) for one in view.callout.actions] == [
        (Act.USE_SETTING, "Publish 198.51.100.9", "address=198.51.100.9"),
        (Act.USE_SETTING, "Publish 192.0.2.7", "address=192.0.2.7"),
    ]
    one_more = replace(extras, other_addresses=("192.0.2.7",))
    assert acts(card_of(backend, replace(status, extras=one_more), CardState(), Surrounding(NOW, TARGET))) == [
        Act.USE_SETTING
    ]


@pytest.mark.parametrize(
    ("name", "way", "links"),
    [("token_at_rest", "Enter token…", ["Get a token", "Sign up"]), ("not_installed", "Install…", ["What is it?"])],
)
def test_what_nobody_asked_for_is_quiet_and_has_one_way_on(name: str, way: str, links: list[str]) -> None:
    view = view_of(name)
    assert (view.on, view.callout, view.switch_enabled) == (False, None, False)
    assert view.set_up is not None
    assert view.set_up.label == way
    assert [action.label for action in view.actions if action.act is Act.OPEN_PAGE] == links


@pytest.mark.parametrize("name", STATES)
def test_only_the_wish_and_what_is_open_put_a_card_above(name: str) -> None:
    changes = STATES[name][1]
    assert view_of(name).on is (changes.get("wanted", False) or "public_url" in changes)


@pytest.mark.parametrize(
    ("better", "act", "label"),
    [("https://127.0.0.1:20128", Act.USE_TARGET, "Use https"), ("", Act.CHANGE_TARGET, "Choose server…")],
)
def test_the_scheme_that_would_work_is_a_button(better: str, act: Act, label: str) -> None:
    backend, status = status_of("running")
    told = {"target": TARGET, "scheme": "http", **({"better": better} if better else {})}
    problem = Problem(Code.ORIGIN_SCHEME, "other" if better else "", told)
    view = card_of(backend, replace(status, problem=problem), CardState(), Surrounding(NOW, TARGET))
    assert view.callout is not None
    assert [(one.act, one.label, one.value) for one in view.callout.actions] == [(act, label, better)]


def test_figures_say_what_passes_and_those_that_hurt_have_their_colour() -> None:
    now = slot_at(NOW)
    recent = (
        TrafficSlot(number=now - 30, requests=3, visitors=2),
        TrafficSlot(number=now - 2, requests=5, failures=2, visitors=1),
    )
    traffic = Traffic(requests=37, failures=18, refused=9, last_at=NOW - timedelta(seconds=3), present=1, recent=recent)
    live = live_of(traffic, NOW)
    assert [(figure.text, figure.tone) for figure in live.figures] == [
        ("37 requests", Tone.MUTED),
        ("2 visitors now", Tone.MUTED),
        ("18 failed", Tone.BAD),
        ("9 kept out", Tone.WARN),
        ("last 3 s ago", Tone.MUTED),
    ]
    assert visitors_now(traffic, NOW + timedelta(minutes=2)) == 1
    assert [one.text for one in live_of(Traffic(), NOW).figures] == ["No visitor yet"]


@pytest.mark.children
def test_the_rules_need_no_window() -> None:
    """A headless caller may ask them as well; and a rule that reached for a widget would be hard to test."""
    names = ("card_view", "card_rules", "live_rules", "callout_rules", "state_words")
    code = "import sys\n" + "".join(f"import portway.gui.model.{name}\n" for name in names)
    code += "print(sorted({'PySide6.QtWidgets', 'PySide6.QtGui'} & sys.modules.keys()))"
    environment = {"PYTHONPATH": ":".join(sys.path)}
    told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
