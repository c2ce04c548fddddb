"""All tunnels in a few words: how many work, and for whom. What nobody can open is not called open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.guard.rules import SHUT, Guard
from portway.core.status import BackendId, Phase, Reach, TunnelStatus
from portway.gui.i18n.language import use_language
from portway.gui.model.summary import summary_of, trouble_words
from portway.gui.theme.tone import TrayState

OPEN = TunnelStatus(
    backend=BackendId("cloudflared"),
    reach=Reach.INTERNET,
    target_url="http://localhost:3000",
    phase=Phase.RUNNING,
    wanted=True,
    public_url="https://w-x-y-z.trycloudflare.com",
)
NEAR = replace(OPEN, backend=BackendId("lan"), reach=Reach.NETWORK)
ADMITTED = replace(OPEN, guard=Guard(password=True))
CLOSED = replace(OPEN, guard=SHUT)
SILENT = replace(OPEN, problem=Problem(Code.ORIGIN_DOWN, parameters={"target": OPEN.target_url}))


@pytest.mark.parametrize(
    ("statuses", "headline", "reach", "state"),
    [
        ([], "Nothing is open", "", TrayState.IDLE),
        ([OPEN], "1 tunnel is up", "Anyone with the link can open it.", TrayState.EXPOSED),
        ([NEAR], "1 tunnel is up", "Everyone on this network can open it.", TrayState.EXPOSED),
        ([ADMITTED], "1 tunnel is up", "Only those whom you admit can open it.", TrayState.EXPOSED),
        ([CLOSED], "1 tunnel is up, open to nobody", "Nobody can open it.", TrayState.IDLE),
        ([CLOSED, CLOSED], "2 tunnels are up, open to nobody", "Nobody can open any of the 2.", TrayState.IDLE),
        (
            [OPEN, CLOSED],
            "2 tunnels are up",
            "1 is open to anyone with the link, 1 lets nobody in.",
            TrayState.EXPOSED,
        ),
        (
            [OPEN, ADMITTED, NEAR, CLOSED],
            "4 tunnels are up",
            (
                "1 is open to anyone with the link, 1 is protected, 1 is open to everyone on this network, "
                "1 lets nobody in."
            ),
            TrayState.EXPOSED,
        ),
        ([replace(SILENT, guard=SHUT)], "1 tunnel does not work", "Nobody can open it.", TrayState.TROUBLE),
        ([SILENT], "1 tunnel does not work", "Anyone with the link can open it.", TrayState.SILENT),
    ],
)
def test_they_are_counted_by_who_gets_in(
    statuses: list[TunnelStatus], headline: str, reach: str, state: TrayState
) -> None:
    use_language("en")
    summary = summary_of(statuses)
    assert (summary.headline, summary.reach, summary.tray_state) == (headline, reach, state)


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (SILENT.problem, "shop: your server does not answer"),
        (
            Problem(Code.HOST_REFUSED, parameters={"target": "x", "host": "y"}),
            "shop: your server refuses visitors",
        ),
        (Problem(Code.ORIGIN_SCHEME, parameters={"target": "x"}), "shop: your server is not understood"),
    ],
)
def test_what_visitors_meet_is_said(problem: Problem, words: str) -> None:
    assert trouble_words("shop", replace(OPEN, problem=problem)) == words
