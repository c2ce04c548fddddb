"""A record in the state folder survives whatever happens to its file."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import pytest

from portway.system.state_file import StateFile


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
    [b"", b"{", b"[]", b"7", b"null", b"\xff\xfe", b"{}" + b"\0" * 9, b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}"],
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
