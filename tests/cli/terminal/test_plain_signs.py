"""An encoding without our signs gets plain ones."""

from __future__ import annotations

import io
import sys

import pytest

from portway.cli.terminal.plain_signs import speak_plainly_where_needed


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("utf-8", "→ “a” … █░ é 日"),
        ("cp1252", "-> “a” … #. é ?"),
        ("ascii", '-> "a" ... #. ? ?'),
    ],
)
def test_what_an_encoding_lacks_is_replaced(monkeypatch: pytest.MonkeyPatch, encoding: str, written: str) -> None:
    out, error = (io.TextIOWrapper(io.BytesIO(), encoding) for _ in range(2))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", error)
    speak_plainly_where_needed()
    for stream in (out, error):
        stream.write("→ “a” … █░ é 日")
        stream.flush()
        assert stream.buffer.getvalue().decode(encoding) == written


def test_no_output_at_all_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    speak_plainly_where_needed()
