"""One thread writes, in order, merges what waits, and can be waited for."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from portway.system.storage.disk_writer import DiskWriter

LIMIT = 10.0  # seconds
FIRST, SECOND = Path("/first"), Path("/second")


class Disk:
    """Notes what is written, and can hang."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.threads: set[str] = set()
        self.free = threading.Event()
        self.free.set()
        self.reached = threading.Event()

    def write(self, text: str) -> None:
        self.reached.set()
        self.free.wait(LIMIT)
        self.threads.add(threading.current_thread().name)
        self.written.append(text)


def test_what_was_submitted_is_written_elsewhere_and_in_order() -> None:
    writer, disk = DiskWriter(), Disk()
    for number in range(5):
        writer.submit(Path(f"/{number}"), lambda number=number: disk.write(str(number)))  # type: ignore[misc]
    assert writer.flush(LIMIT)
    assert disk.written == ["0", "1", "2", "3", "4"]
    assert disk.threads == {"disk writer"}


def test_what_waits_for_one_file_is_one_write() -> None:
    writer, disk = DiskWriter(), Disk()
    disk.free.clear()
    writer.submit(FIRST, lambda: disk.write("old"))
    assert disk.reached.wait(LIMIT)
    writer.submit(FIRST, lambda: disk.write("newer"))
    writer.submit(SECOND, lambda: disk.write("other"))
    writer.submit(FIRST, lambda: disk.write("newest"))
    disk.free.set()
    assert writer.flush(LIMIT)
    assert disk.written == ["old", "newest", "other"]


def test_a_flush_waits_for_all_that_came_before_it_within_its_limit() -> None:
    writer, disk = DiskWriter(), Disk()
    assert writer.flush(0)
    disk.free.clear()
    writer.submit(FIRST, lambda: disk.write("slow"))
    assert disk.reached.wait(LIMIT)
    writer.submit(FIRST, lambda: disk.write("later"))
    began = time.monotonic()
    assert not writer.flush(0.05)
    assert time.monotonic() - began < LIMIT / 2
    disk.free.set()
    assert writer.flush(LIMIT)
    assert disk.written == ["slow", "later"]


def test_the_thread_ends_with_its_work_and_comes_back_for_more() -> None:
    writer, disk = DiskWriter(), Disk()
    for text in ("one", "two"):
        writer.submit(FIRST, lambda text=text: disk.write(text))  # type: ignore[misc]
        assert writer.flush(LIMIT)
    assert disk.written == ["one", "two"]
    for thread in threading.enumerate():
        if thread.name == "disk writer":
            thread.join(LIMIT)
            assert not thread.is_alive()


@pytest.mark.expected_logs
def test_a_write_that_fails_stops_no_other() -> None:
    writer, disk = DiskWriter(), Disk()

    def fail() -> None:
        message = "a bug"
        raise ValueError(message)

    writer.submit(FIRST, fail)
    writer.submit(SECOND, lambda: disk.write("fine"))
    assert writer.flush(LIMIT)
    assert disk.written == ["fine"]
