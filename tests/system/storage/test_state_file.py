"""A record in the state folder survives whatever happens to its file."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from portway.system.storage.disk_writer import DiskWriter
from portway.system.storage.state_file import StateFile

LIMIT = 10.0  # seconds


def test_a_record_reads_back(tmp_path: Path) -> None:
    file = StateFile(tmp_path / "state" / "app.json")
    assert file.read() == {}
    assert file.write({"a": 1, "b": [True, None]})
    assert StateFile(file.path).read() == {"a": 1, "b": [True, None]}


def test_an_update_keeps_what_it_does_not_name_and_removes_what_is_none(tmp_path: Path) -> None:
    file = StateFile(tmp_path / "app.json")
    file.write({"kept": 1, "changed": 1, "removed": 1})
    file.update(changed=2, removed=None, new=3)
    assert file.read() == {"kept": 1, "changed": 2, "new": 3}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b"null",
        b"\xff\xfe",
        b"{}" + b"\0" * 9,
        b"[" * 100_000,
        b'{"a": ' + b"[" * 500 + b"]" * 500 + b"}",
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
@pytest.mark.expected_logs
def test_damage_is_moved_aside_and_reads_as_empty(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    file = StateFile(tmp_path / "app.json")
    file.path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert file.read() == {}
    assert "damaged" in caplog.text
    assert [entry.read_bytes() for entry in tmp_path.glob("app.json.bad-*")] == [content]
    assert file.write({"works": True})
    assert file.read() == {"works": True}


@pytest.mark.expected_logs
def test_a_record_that_cannot_be_written_is_reported_and_not_fatal(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    assert StateFile(blocked / "app.json").write({"a": 1}) is False


def test_threads_do_not_lose_each_others_updates(tmp_path: Path) -> None:
    file = StateFile(tmp_path / "app.json")
    threads = [threading.Thread(target=file.update, kwargs={f"key{number}": number}) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert file.read() == {f"key{number}": number for number in range(12)}


def test_with_a_writer_memory_answers_at_once_and_the_disk_follows(tmp_path: Path) -> None:
    writer = DiskWriter()
    file = StateFile(tmp_path / "app.json", writer)
    blocked, free = threading.Event(), threading.Event()

    def hang() -> None:
        blocked.set()
        free.wait(LIMIT)

    writer.submit(tmp_path / "slow", hang)
    assert blocked.wait(LIMIT)
    assert file.write({"a": 1})
    assert file.update(b=2)
    assert file.read() == {"a": 1, "b": 2}
    assert not file.path.exists()
    free.set()
    assert file.flush(LIMIT)
    assert StateFile(file.path).read() == {"a": 1, "b": 2}


def test_with_a_writer_the_disk_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "app.json"
    StateFile(path).write({"a": 1})
    file = StateFile(path, DiskWriter())
    assert file.read() == {"a": 1}
    path.unlink()
    assert file.read() == {"a": 1}


def test_changes_of_another_process_are_kept_and_seen_after_the_next_change(tmp_path: Path) -> None:
    file, other = StateFile(tmp_path / "app.json", DiskWriter()), StateFile(tmp_path / "app.json")
    file.update(ours=1)
    assert file.flush(LIMIT)
    other.update(theirs=1)
    file.update(ours=2)
    assert file.flush(LIMIT)
    assert other.read() == file.read() == {"ours": 2, "theirs": 1}


@pytest.mark.expected_logs
def test_what_the_disk_refused_holds_in_memory_and_is_tried_again(tmp_path: Path) -> None:
    blocked = tmp_path / "state"
    blocked.write_bytes(b"")
    file = StateFile(blocked / "app.json", DiskWriter())
    assert file.update(first=1)
    assert file.flush(LIMIT)
    assert file.read() == {"first": 1}
    blocked.unlink()
    file.update(second=2)
    assert file.flush(LIMIT)
    assert StateFile(file.path).read() == {"first": 1, "second": 2}


@pytest.mark.children
def test_processes_do_not_lose_each_others_updates(tmp_path: Path) -> None:
    script = "import sys; from portway.system.storage.state_file import StateFile; from pathlib import Path\n"
    script += "for n in range(20): StateFile(Path(sys.argv[1])).update(**{f'{sys.argv[2]}{n}': n})"
    path = tmp_path / "app.json"
    others = [subprocess.Popen([sys.executable, "-c", script, str(path), name]) for name in ("a", "b", "c")]
    assert [other.wait(60) for other in others] == [0, 0, 0]
    assert len(StateFile(path).read()) == 60
