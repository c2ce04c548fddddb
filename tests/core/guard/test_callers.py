"""What the setting says about openings of programs."""

from __future__ import annotations

import pytest

from portway.core.guard.callers import ANYTHING, ASK, LOCAL, NEVER, Caller, Opening, Verdict, judge
from portway.core.status import Reach, TunnelId

NEAR, FAR, GUARDED = "near", "far", "guarded"


def _opening(kind: str) -> Opening:
    return Opening(
        caller=Caller("an agent"),
        tunnel=TunnelId("toy"),
        way="Toy",
        reach=Reach.NETWORK if kind == NEAR else Reach.INTERNET,
        target_url="http://127.0.0.1:3000",
        seconds=3600.0 if kind == GUARDED else None,
        lasting=False,
        password=kind == GUARDED,
    )


@pytest.mark.parametrize(
    ("setting", "kind", "with_screen", "without"),
    [
        (NEVER, NEAR, Verdict.NEVER, Verdict.NEVER),
        (NEVER, FAR, Verdict.NEVER, Verdict.NEVER),
        (NEVER, GUARDED, Verdict.NEVER, Verdict.NEVER),
        (ASK, NEAR, Verdict.ASKED, Verdict.ALLOWED),
        (ASK, FAR, Verdict.ASKED, Verdict.NO_SCREEN),
        (ASK, GUARDED, Verdict.ASKED, Verdict.ALLOWED),
        (LOCAL, NEAR, Verdict.ALLOWED, Verdict.ALLOWED),
        (LOCAL, FAR, Verdict.LOCAL_ONLY, Verdict.LOCAL_ONLY),
        (LOCAL, GUARDED, Verdict.LOCAL_ONLY, Verdict.LOCAL_ONLY),
        (ANYTHING, NEAR, Verdict.ALLOWED, Verdict.ALLOWED),
        (ANYTHING, FAR, Verdict.ALLOWED, Verdict.ALLOWED),
    ],
)
def test_the_setting_decides_and_without_a_screen_nobody_is_asked(
    setting: str, kind: str, with_screen: Verdict, without: Verdict
) -> None:
    assert judge(setting, _opening(kind), can_ask=True) is with_screen
    assert judge(setting, _opening(kind), can_ask=False) is without


def test_without_a_screen_a_password_or_an_end_alone_is_not_enough() -> None:
    for password, seconds in ((True, None), (False, 60.0)):
        opening = Opening(
            caller=Caller("an agent"),
            tunnel=TunnelId("toy"),
            way="Toy",
            reach=Reach.INTERNET,
            target_url="http://127.0.0.1:3000",
            seconds=seconds,
            lasting=False,
            password=password,
        )
        assert judge(ASK, opening, can_ask=False) is Verdict.NO_SCREEN
