"""What the kernel tells of changes of the network, each in a network namespace of its own."""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
import sys

import pytest

from portway.system.network.network_changes import Topic, subscribe_to_changes

pytestmark = pytest.mark.children

_LIMIT = 20.0  # seconds
_ALONE = ["unshare", "--net"]
_UP, _IPV4, _IPV6 = "link set lo up", "address add 10.9.0.1/24 dev lo", "address add fd00::1/64 dev lo"
_ROUTE = "route add 10.8.0.0/24 dev lo"

_HEAR = """
import json, select, subprocess, sys
from portway.system.network.network_changes import Topic, discard_changes, subscribe_to_changes

topics, *changes = json.loads(sys.argv[1])
news, heard = subscribe_to_changes(Topic(topics)), []
for change, is_told in changes:
    subprocess.run(["ip", *change.split()], check=True)
    heard.append(bool(select.select([news], [], [], 20 if is_told else 0)[0]))  # the kernel may tell it later
    discard_changes(news)
    assert not select.select([news], [], [], 0)[0]
print(json.dumps(heard))
"""


@functools.cache
def _can_be_alone() -> bool:
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return False
    return subprocess.run([*_ALONE, "true"], capture_output=True, timeout=_LIMIT, check=False).returncode == 0


@pytest.mark.parametrize(
    ("topic", "heard"),
    [
        (Topic.LINKS, [True, False, False, False]),
        (Topic.IPV6_ADDRESSES, [True, False, False, True]),  # ::1 comes with the link
        (Topic.IPV4_ADDRESSES, [True, True, False, False]),  # and so does 127.0.0.1
        (Topic.IPV4_ROUTES, [True, True, True, False]),  # an address brings routes of its own
    ],
    ids=lambda value: value.name if isinstance(value, Topic) else "",
)
def test_is_readable_once_after_a_change_that_was_asked_for(topic: Topic, heard: list[bool]) -> None:
    if not _can_be_alone():
        pytest.skip("takes the right to make network namespaces, and the command ip")
    changes = zip([_UP, _IPV4, _ROUTE, _IPV6], heard, strict=True)
    asked = json.dumps([int(topic), *changes])
    told = subprocess.run(
        [*_ALONE, sys.executable, "-c", _HEAR, asked], capture_output=True, text=True, timeout=2 * _LIMIT, check=True
    )
    assert json.loads(told.stdout) == heard


def test_there_is_nothing_to_hear_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert subscribe_to_changes(Topic.LINKS) is None
