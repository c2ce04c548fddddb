"""A lock keeps others away while it is held, and is gone with its holder."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from portway.core.errors import TunnelError
from portway.system.storage.file_lock import FileLock, changing

_HOLD = """
import sys, pathlib
from portway.system.storage.file_lock import changing
with changing(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_one_changes_at_a_time(tmp_path: Path) -> None:
    path, inside, most = tmp_path / "settings.toml", [0], [0]

    def change() -> None:
        with changing(path):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            threading.Event().wait(0.01)
            inside[0] -= 1

    threads = [threading.Thread(target=change) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == [1]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.children
def test_another_process_is_waited_for_within_the_limit_and_its_end_frees_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(TunnelError, match="another program is changing it"), changing(path, limit=0.05):
            pass
        holder.kill()
        holder.wait(10)
        with changing(path, limit=5):
            pass


def test_a_lock_is_free_after_an_exception(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    with pytest.raises(ValueError, match="odd"), changing(path):
        raise ValueError("odd")
    assert FileLock(path.with_name(".settings.toml.lock")).take()
