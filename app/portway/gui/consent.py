"""The one sentence before the first internet exposure: asked once, wherever the click came from."""

from __future__ import annotations

from portway.core.status import Reach, TunnelStatus
from portway.system.app_state import AppState

_QUESTION = "internet_exposure"


def needs_consent(app_state: AppState, status: TunnelStatus) -> bool:
    """Whether turning it on opens this computer to the internet for the first time."""
    return status.reach is Reach.INTERNET and not status.wanted and not app_state.answered(_QUESTION)


def agree(app_state: AppState) -> None:
    """Never ask again."""
    app_state.remember_answer(_QUESTION)
