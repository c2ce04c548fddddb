"""Every text of the diagnostics can be read before the file is written; nothing is written by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.gui.help.diagnostics_dialog import DiagnosticsDialog
from portway.system.diagnosis.bundle import Bundle, unpack
from tests.fakes.portway.diagnostics import DIAGNOSTICS
from tests.gui.conftest import Desk


@pytest.fixture
def dialog(desk: Desk, qtbot: QtBot) -> Iterator[DiagnosticsDialog]:
    dialog = DiagnosticsDialog(desk.dependencies)
    dialog.show()
    yield dialog
    if isValid(dialog):  # one that is closed deletes itself
        dialog.close()


def test_each_text_is_listed_with_its_size_and_shown(dialog: DiagnosticsDialog) -> None:
    assert dialog.choice.count() == len(DIAGNOSTICS.entries)
    for place, entry in enumerate(DIAGNOSTICS.entries):
        dialog.choice.setCurrentIndex(place)
        assert dialog.choice.currentText().startswith(f"{entry.name} · {entry.size} bytes")
        assert dialog.text.toPlainText() == entry.text
    assert dialog.state.text.startswith(f"{len(DIAGNOSTICS.entries)} texts, ")


def test_what_was_shown_is_written_for_this_user_alone(dialog: DiagnosticsDialog, tmp_path: Path) -> None:
    dialog.save_to(str(tmp_path / "file.zip"))
    assert unpack((tmp_path / "file.zip").read_bytes()) == DIAGNOSTICS
    assert (tmp_path / "file.zip").stat().st_mode & 0o777 == 0o600
    assert not dialog.isVisible()


def test_a_place_that_cannot_be_written_is_said_and_another_can_be_named(
    dialog: DiagnosticsDialog, tmp_path: Path
) -> None:
    dialog.save_to(str(tmp_path / "nowhere" / "file.zip"))
    assert "could not be written" in dialog.state.text
    assert dialog.isVisible()
    assert dialog.save.isEnabled()


def test_where_nothing_could_be_collected_the_cause_is_said(desk: Desk, qtbot: QtBot) -> None:
    def fails() -> Bundle:
        raise TunnelError(Code.START_TIMEOUT, program="portway doctor", seconds=20)

    dialog = DiagnosticsDialog(replace(desk.dependencies, diagnose=fails))
    dialog.show()
    assert dialog.state.text == "portway doctor did not come up within 20 seconds."
    assert not dialog.save.isEnabled()
    dialog.save_to("/nowhere")
    assert dialog.isVisible()
    dialog.close()


def test_what_comes_after_it_was_closed_changes_nothing(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = []
    monkeypatch.setattr(desk.hub, "aside", lambda _call, done: waiting.append(done))
    dialog = DiagnosticsDialog(desk.dependencies)
    dialog.show()
    assert (dialog.state.text, dialog.save.isEnabled()) == ("Looking", False)
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    (done,) = waiting
    done(DIAGNOSTICS)
