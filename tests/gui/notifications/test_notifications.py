from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from portway.backends.lan.declaration import LanExtras
from portway.core.codes import Code
from portway.core.errors import Problem
from portway.core.status import BackendId, Phase, Reach, TunnelStatus
from portway.gui.notifications.news import Memory, News, notice

REST = TunnelStatus(
    backend=BackendId("lan"), reach=Reach.NETWORK, target_url="http://localhost:3000", extras=LanExtras()
)
STARTING = replace(REST, phase=Phase.STARTING, wanted=True)
UP = replace(REST, phase=Phase.RUNNING, wanted=True, public_url="http://192.168.1.2:4000")
LOST = replace(STARTING, problem=Problem(Code.NO_NETWORK))
OTHER_URL = replace(UP, public_url="http://192.168.1.2:4001")
VISITED = replace(UP, extras=LanExtras(last_visitor_at=datetime.now(UTC)))
NEEDS = replace(
    REST, phase=Phase.NEEDS_AUTH, wanted=True, problem=Problem(Code.NEEDS_TOKEN, parameters={"service": "x"})
)
GIVEN_UP = replace(REST, phase=Phase.ERROR, wanted=True, problem=Problem(Code.PORT_CONFLICT, parameters={"port": "1"}))
ELSEWHERE = replace(REST, problem=Problem(Code.NETWORK_CHANGED))
EXPIRED = replace(REST, problem=Problem(Code.EXPIRED))
SERVER_DOWN = replace(UP, problem=Problem(Code.ORIGIN_DOWN, parameters={"target": "x"}))


@pytest.mark.parametrize(
    ("statuses", "news"),
    [
        ([STARTING, UP], [News.UP]),
        ([STARTING, LOST, STARTING, UP], [News.UP]),  # retries are no news
        ([UP, UP, SERVER_DOWN, UP], [News.UP]),
        ([UP, LOST, LOST, UP], [News.UP, News.LOST, News.BACK]),
        ([UP, LOST, STARTING, LOST, OTHER_URL], [News.UP, News.LOST, News.CHANGED]),
        ([UP, VISITED, VISITED], [News.UP, News.VISITOR]),
        ([STARTING, NEEDS, NEEDS], [News.NEEDED]),
        ([replace(NEEDS, wanted=False)], []),  # at rest nobody asked for it
        ([UP, LOST, GIVEN_UP], [News.UP, News.LOST, News.STOPPED]),
        ([UP, ELSEWHERE, ELSEWHERE], [News.UP, News.STOPPED]),
        ([UP, replace(UP, wanted=False), REST], [News.UP, News.OVER]),
        ([UP, replace(UP, wanted=False), EXPIRED], [News.UP, News.STOPPED]),
        ([STARTING, replace(STARTING, wanted=False), EXPIRED], [News.STOPPED]),
        ([STARTING, REST], [News.OVER]),
        ([REST, REST], []),
        ([UP, REST, STARTING, UP], [News.UP, News.OVER, News.UP]),
    ],
)
def test_what_is_worth_telling(statuses: list[TunnelStatus], news: list[News]) -> None:
    memory, told = Memory(), []
    for status in statuses:
        memory, happened = notice(memory, status)
        told += [happened] if happened else []
    assert told == news
