"""Settings survive whatever a person, a crash or an attacker does to their file."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.guard.rules import SHUT, Guard
from portway.core.options import Kind, option
from portway.core.settings import General, SavedTunnel
from portway.core.status import BackendId
from portway.system.storage.disk_writer import DiskWriter
from portway.system.storage.files import write_whole
from portway.system.storage.settings_file import SettingsFile

LIMIT = 10.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class ToyOptions:
    address: str = option(
        "", label="Address", help="", kind=Kind.TEXT, body="address", environment=("TOY_ADDRESS", "TOY_ADDR")
    )
    listen_port: int | None = option(None, label="Port", help="", kind=Kind.PORT, body="listenPort")
    program: str = option("", label="Program", help="", kind=Kind.PATH, body="program", environment=("TOY_BIN",))
    once: str = option("", label="Once", help="", kind=Kind.TEXT, body="once", in_settings=False)
    token: str = option("", label="Token", help="", kind=Kind.SECRET, body="token", environment=("TOY_TOKEN",))


class Toy:
    kind = BackendId("toy")
    options = ToyOptions


def settings_file(folder: Path, environment: Mapping[str, str] | None = None) -> SettingsFile:
    return SettingsFile(folder / "config" / "settings.toml", environment or {}, (Toy(),))


def written(folder: Path, text: str) -> SettingsFile:
    file = settings_file(folder)
    file.path.parent.mkdir(parents=True)
    file.path.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    settings = settings_file(tmp_path).load()
    assert settings.general == General()
    assert settings.backends == {"toy": ToyOptions()}
    assert settings.locked == {}
    assert list(tmp_path.iterdir()) == []


def test_what_was_set_is_loaded(tmp_path: Path) -> None:
    file = settings_file(tmp_path)
    file.set("general.target", "3000")
    file.set("general.apiPort", 20200)
    file.set("general.restore", True)
    file.set("toy.listen-port", 13000)
    settings = settings_file(tmp_path).load()
    assert settings.general == General(target="3000", api_port=20200, restore=True)
    assert settings.backends[Toy.kind] == ToyOptions(listen_port=13000)


def test_what_was_unset_falls_back_to_its_default(tmp_path: Path) -> None:
    file = written(tmp_path, "[toy]\naddress = 'a'\nlistenPort = 1\n")
    file.unset("toy.address")
    file.unset("general.target")
    assert file.load().backends[Toy.kind] == ToyOptions(listen_port=1)


def test_comments_order_and_unknown_keys_are_kept(tmp_path: Path) -> None:
    file = written(tmp_path, "# mine\n[later]\nx = 1 # why\n\n[toy]\nother = [1,\n  2]\naddress = 'a' # home\n")
    file.set("toy.address", "b")
    assert file.path.read_text() == ('# mine\n[later]\nx = 1 # why\n\n[toy]\nother = [1,\n  2]\naddress = "b" # home\n')


def test_a_value_in_place_of_a_section_is_replaced(tmp_path: Path) -> None:
    file = written(tmp_path, "toy = 3\n")
    file.set("toy.address", "b")
    assert file.load().backends[Toy.kind] == ToyOptions(address="b")


@pytest.mark.parametrize(
    "line",
    [
        "target = 'ftp://localhost:1'",
        "target = 3000",
        "defaultBackend = 'carrier-pigeon'",
        "restore = 'yes'",
        "apiPort = 65536",
        "apiPort = true",
        "apiPort = 1.5",
        "logLevel = 'loud'",
        "language = []",
    ],
)
def test_a_bad_value_falls_back_alone_with_one_warning(
    tmp_path: Path, line: str, expected_logs: pytest.LogCaptureFixture
) -> None:
    file = written(tmp_path, f"[general]\n{line}\nkeepUp = true\n")
    assert file.load().general == General(keep_up=True)
    assert [record.levelname for record in expected_logs.records] == ["WARNING"]
    assert f"general.{line.split(maxsplit=1)[0]}" in expected_logs.text


def test_a_section_that_is_none_falls_back_alone(tmp_path: Path, expected_logs: pytest.LogCaptureFixture) -> None:
    settings = written(tmp_path, "toy = 3\n[general]\nkeepUp = true\n").load()
    assert (settings.general, settings.backends[Toy.kind]) == (General(keep_up=True), ToyOptions())
    assert "“toy” is not a section" in expected_logs.text


@pytest.mark.parametrize("tunnel", ["toy", "api"])
def test_a_rule_that_is_taken_away_leaves_the_file(tmp_path: Path, tunnel: str) -> None:
    file = written(tmp_path, '[tunnel.api]\nbackend = "toy"\n')
    file.set_guard(tunnel, Guard(password=True, open=("/webhooks/",), read_only=True))
    file.set_guard(tunnel, Guard(password=True))
    assert settings_file(tmp_path).load().guards == {tunnel: Guard(password=True)}


def test_after_damage_to_a_file_with_rules_nobody_may_open_a_tunnel_until_a_person_decides(
    tmp_path: Path, expected_logs: pytest.LogCaptureFixture
) -> None:
    damaged = "[toy.guard]\nreadOnly = true\n[toy\n"
    written(tmp_path, damaged)
    assert settings_file(tmp_path).load().guards == {"toy": SHUT}
    again = settings_file(tmp_path)
    assert again.load().guards == {"toy": SHUT}
    again.set_guard("toy", Guard(read_only=True))
    assert settings_file(tmp_path).load().guards == {"toy": Guard(read_only=True)}
    [aside] = (path for path in again.path.parent.iterdir() if path != again.path and path.suffix != ".lock")
    assert aside.read_text(encoding="utf-8") == damaged
    assert "nobody may open a tunnel" in expected_logs.text


@pytest.mark.parametrize(
    "content",
    [
        b"[general",
        b"\xff",
        b"a = 1\na = 2",
        b"\0" * 9,
        b"x = " + b"[" * 100_000,
        b"#" * ((1 << 20) + 1),
        b"a." * 20_000 + b"a = 1",
        b"[" + b"a." * 20_000 + b"a]",
        b"x = {" + b"a . " * 20_000 + b"a = 1}",
    ],
    ids=["half", "no UTF-8", "twice", "NUL", "deep", "large", "deep key", "deep section", "deep inside"],
)
def test_a_damaged_file_is_moved_aside(tmp_path: Path, content: bytes, expected_logs: pytest.LogCaptureFixture) -> None:
    file = settings_file(tmp_path)
    file.path.parent.mkdir()
    file.path.write_bytes(content)
    assert file.load().general == General()
    assert "was moved to" in expected_logs.text
    [aside] = file.path.parent.iterdir()
    assert aside.read_bytes() == content


def test_a_byte_order_mark_is_no_damage(tmp_path: Path) -> None:
    file = written(tmp_path, "\ufeff[general]\r\nkeepUp = true # mine\r\n")
    assert file.load().general == General(keep_up=True)
    file.set("general.restore", True)
    assert settings_file(tmp_path).load().general == General(keep_up=True, restore=True)
    assert "# mine" in file.path.read_text()


def test_several_changes_are_one_write_and_none_where_one_is_refused(tmp_path: Path) -> None:
    file = settings_file(tmp_path)
    with pytest.raises(TunnelError):
        file.change({"general.keepUp": True, "general.apiPort": "many"})
    assert not file.path.exists()
    file.change({"general.keepUp": True, "toy.address": "a", "general.target": None})
    assert file.load().general == General(keep_up=True)


def test_a_sound_file_that_cannot_be_changed_in_place_is_a_known_error_and_stays(tmp_path: Path) -> None:
    text = "[general]\nkeepUp = true\n[mine]\nx = " + "{a = " * 180 + "1" + "}" * 180 + "\n"
    file = written(tmp_path, text)
    assert file.load().general == General(keep_up=True)
    with pytest.raises(TunnelError, match="its lines cannot be kept"):
        file.set("general.restore", True)
    assert file.path.read_text() == text


@pytest.mark.children
def test_processes_do_not_lose_each_others_changes(tmp_path: Path) -> None:
    path = written(tmp_path, "# mine\n[general]\ntarget = '1' # home\n").path
    script = "import sys; from pathlib import Path; from portway.system.storage.settings_file import SettingsFile\n"
    script += "SettingsFile(Path(sys.argv[1]), {}, ()).set(sys.argv[2], True)"
    names = ["restore", "keepUp", "startHidden", "rememberSudoPassword"]
    others = [subprocess.Popen([sys.executable, "-c", script, str(path), f"general.{name}"]) for name in names]
    assert [other.wait(60) for other in others] == [0, 0, 0, 0]
    general = settings_file(tmp_path).load().general
    assert general == General(target="1", restore=True, keep_up=True, start_hidden=True, remember_sudo_password=True)
    assert path.read_text().startswith("# mine\n[general]\ntarget = '1' # home\n")


def held_back(writer: DiskWriter, path: Path) -> threading.Event:
    """Keep the writer busy until the event is set."""
    busy, free = threading.Event(), threading.Event()

    def hang() -> None:
        busy.set()
        free.wait(LIMIT)

    writer.submit(path / "something else", hang)
    assert busy.wait(LIMIT)
    return free


def test_with_a_writer_a_change_holds_at_once_and_many_are_one_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes: list[bytes] = []

    def count(path: Path, content: bytes) -> None:
        writes.append(content)
        write_whole(path, content)

    monkeypatch.setattr("portway.system.storage.settings_file.write_whole", count)
    writer = DiskWriter()
    file = SettingsFile(tmp_path / "settings.toml", {}, (Toy(),), writer)
    free = held_back(writer, tmp_path)
    for key in file.keys():  # noqa: SIM118 - a method of its own, not a mapping's
        file.unset(key.name)
    file.set("general.keepUp", True)
    assert file.load().general.keep_up
    assert not file.path.exists()
    free.set()
    assert writer.flush(LIMIT)
    assert len(writes) == 1
    assert settings_file(tmp_path).load().general == General()  # another folder
    assert SettingsFile(file.path, {}, (Toy(),)).load().general == General(keep_up=True)


@pytest.mark.usefixtures("expected_logs")
def test_with_a_writer_a_change_that_the_disk_refuses_is_told_and_does_not_hold(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file in its place")
    writer, heard = DiskWriter(), list[TunnelError]()
    file = SettingsFile(tmp_path / "config" / "settings.toml", {}, (), writer)
    free = held_back(writer, tmp_path)
    file.change({"general.keepUp": True}, heard.append)
    free.set()
    assert writer.flush(LIMIT)
    assert [error.code for error in heard] == [Code.STORAGE_FAILED]
    (tmp_path / "config").unlink()
    assert file.load().general == General()


@pytest.mark.usefixtures("expected_logs")
@pytest.mark.parametrize("tunnel", ["toy", "shop"])
def test_rules_that_the_disk_refuses_hold_all_the_same_and_are_written_later(tmp_path: Path, tunnel: str) -> None:
    folder, rules = tmp_path / "config", Guard(password=True)
    writer = DiskWriter()
    file = SettingsFile(folder / "settings.toml", {}, (Toy(),), writer)
    file.save_tunnel(SavedTunnel(id="shop", backend=Toy.kind), new=True)
    assert writer.flush(LIMIT)
    folder.rename(tmp_path / "aside")
    folder.write_text("a file in its place")
    file.set_guard(tunnel, rules)
    assert writer.flush(LIMIT)
    folder.unlink()
    (tmp_path / "aside").rename(folder)
    assert file.load().guards[tunnel] == rules
    file.set("general.keepUp", True)
    assert writer.flush(LIMIT)
    assert SettingsFile(file.path, {}, (Toy(),)).load().guards[tunnel] == rules


@pytest.mark.usefixtures("expected_logs")
def test_a_planted_link_is_neither_read_nor_written_through(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.toml"
    elsewhere.write_text("[general]\nkeepUp = true\n")
    file = settings_file(tmp_path)
    file.path.parent.mkdir()
    file.path.symlink_to(elsewhere)
    assert file.load().general == General()
    file.set("general.keepUp", False)
    assert elsewhere.read_text() == "[general]\nkeepUp = true\n"
    assert not file.path.is_symlink()


def test_the_file_is_private(tmp_path: Path) -> None:
    file = settings_file(tmp_path)
    file.set("general.target", "3000")
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_a_known_error(tmp_path: Path) -> None:
    file = written(tmp_path, "")
    file.path.parent.chmod(0o500)
    with pytest.raises(TunnelError, match=r"could not be written"):
        file.set("general.target", "3000")


def test_the_environment_overrides_and_is_said_to(tmp_path: Path) -> None:
    written(tmp_path, "[general]\ntarget = '1'\n[toy]\naddress = 'file'\n")
    environment = {"PORTWAY_TARGET": "4000", "PORTWAY_API_PORT": "0", "TOY_ADDR": "second", "TOY_BIN": "not/absolute"}
    settings = settings_file(tmp_path, environment).load()
    assert settings.general == General(target="4000", api_port=0)
    assert settings.backends[Toy.kind] == ToyOptions(address="second", program="not/absolute")
    assert settings.locked == {
        "general.target": "PORTWAY_TARGET",
        "general.apiPort": "PORTWAY_API_PORT",
        "toy.address": "TOY_ADDR",
        "toy.program": "TOY_BIN",
    }


def test_a_bad_value_of_the_environment_is_told_and_not_used(
    tmp_path: Path, expected_logs: pytest.LogCaptureFixture
) -> None:
    settings = settings_file(tmp_path, {"PORTWAY_API_PORT": "many"}).load()
    assert (settings.general, settings.locked) == (General(), {})
    assert "PORTWAY_API_PORT: a port is a whole number" in expected_logs.text


def test_secrets_are_no_settings(tmp_path: Path) -> None:
    file = settings_file(tmp_path, {"TOY_TOKEN": "hunter2hunter2"})
    assert "hunter2" not in repr(file.load())
    with pytest.raises(TunnelError, match=r"no such setting"):
        file.set("toy.token", "hunter2hunter2")
    assert not file.path.exists()


def test_one_shot_options_are_no_settings(tmp_path: Path) -> None:
    file = written(tmp_path, "[toy]\nonce = 'x'\n")
    assert file.load().backends[Toy.kind] == ToyOptions()
    assert "toy.once" not in [key.name for key in file.keys()]  # noqa: SIM118 - a method of its own, not a mapping's


def test_keys_are_named_by_section_and_json_key(tmp_path: Path) -> None:
    names = [key.name for key in settings_file(tmp_path).keys()]  # noqa: SIM118 - a method of its own, not a mapping's
    assert names[:2] == ["general.target", "general.defaultBackend"]
    assert names[-3:] == ["toy.address", "toy.listenPort", "toy.program"]


def test_the_default_backend_is_one_of_those_there_are(tmp_path: Path) -> None:
    file = settings_file(tmp_path)
    assert file.key("general.default_backend").option.choices == ("toy",)
    with pytest.raises(TunnelError, match=r"general\.defaultBackend: it has to be one of: toy\."):
        file.set("general.defaultBackend", "lan")
    assert file.load().general.default_backend == "lan"


def test_one_setting_is_read_without_a_look_at_the_others(tmp_path: Path) -> None:
    path = written(tmp_path, "[general]\nlanguage = 'de'\ndefaultBackend = 'toy'\n[toy]\naddress = 1\n").path
    file = SettingsFile(path, {"PORTWAY_TARGET": "4000"}, backends=())
    assert file.value("general.language") == "de"
    assert file.value("general.target") == "4000"
    assert file.value("general.restore") is False
    assert SettingsFile(tmp_path / "none.toml", {}, backends=()).value("general.language") == ""


def test_one_setting_that_is_bad_has_its_default(tmp_path: Path, expected_logs: pytest.LogCaptureFixture) -> None:
    file = written(tmp_path, "[general]\nlanguage = 'xx'\n")
    assert file.value("general.language") == ""
    assert len(expected_logs.records) == 1


@pytest.mark.parametrize("name", ["", "general", "general.", "target", "lan.address", "general.target.x"])
def test_an_unknown_key_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(TunnelError, match=r"There is no such setting"):
        settings_file(tmp_path).set(name, "x")
