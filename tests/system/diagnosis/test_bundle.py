"""The file holds the texts that were shown, for this user alone, and is never large."""

from __future__ import annotations

import io
import stat
import sys
import zipfile
from pathlib import Path

import pytest

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.system.diagnosis.bundle import LARGEST, Entry, pack, unpack
from portway.system.diagnosis.by_doctor import bundle_by_doctor
from portway.system.services import Services
from tests.fakes.portway.diagnostics import DIAGNOSTICS
from tests.limits import NEVER


def test_what_is_packed_is_what_was_there() -> None:
    assert unpack(DIAGNOSTICS.content) == DIAGNOSTICS
    assert [entry.name for entry in DIAGNOSTICS.entries][:2] == ["about.txt", "settings.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_the_file_is_for_this_user_alone(tmp_path: Path) -> None:
    DIAGNOSTICS.write(tmp_path / "file.zip")
    assert stat.S_IMODE((tmp_path / "file.zip").stat().st_mode) == 0o600
    assert unpack((tmp_path / "file.zip").read_bytes()) == DIAGNOSTICS


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(TunnelError) as refused:
        DIAGNOSTICS.write(tmp_path / "nowhere" / "file.zip")
    assert refused.value.code is Code.STORAGE_FAILED


def test_it_stays_below_five_megabytes_and_keeps_the_ends() -> None:
    bundle = pack(Entry(f"{number}.txt", f"begin{'ä' * 1_000_000}{number}") for number in range(40))
    assert sum(entry.size for entry in bundle.entries) <= LARGEST == 5 << 20
    assert len(bundle.content) <= LARGEST
    assert all(entry.text.endswith(entry.name.removesuffix(".txt")) for entry in bundle.entries)


def _too_large() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("bomb.txt", b"0" * (LARGEST + 1))
    return file.getvalue()


@pytest.mark.parametrize("content", [b"", b"no zip", _too_large()], ids=["empty", "another file", "too large"])
def test_another_file_is_none(content: bytes) -> None:
    with pytest.raises(ValueError, match="it is"):
        unpack(content)


@pytest.mark.children
def test_the_window_gets_what_the_command_line_collects(services: Services) -> None:
    bundle = bundle_by_doctor(services, (sys.executable, "-P", "-m", "portway"), NEVER)
    assert {"about.txt", "settings.txt", "doctor.txt"} <= {entry.name for entry in bundle.entries}
    assert list(services.folders.cache.iterdir()) == []


@pytest.mark.children
@pytest.mark.parametrize(
    ("code", "reason"), [("import sys; sys.exit('It broke.')", "It broke"), ("", "it wrote nothing")]
)
def test_one_that_collects_nothing_is_told(services: Services, code: str, reason: str) -> None:
    with pytest.raises(TunnelError) as failed:
        bundle_by_doctor(services, (sys.executable, "-c", code), NEVER)
    assert failed.value.problem.sentence == f"portway doctor ended unexpectedly: {reason}."
