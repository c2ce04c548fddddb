"""Sections of saved tunnels in settings.toml: each bad one falls alone, and what a person wrote stays."""

from __future__ import annotations

import dataclasses
import logging
from pathlib import Path

import pytest

from portway.backends.cloudflared.declaration import CloudflaredOptions
from portway.core.errors import TunnelError
from portway.core.guard.rules import SHUT, Guard
from portway.core.settings import SavedTunnel
from portway.core.status import BackendId
from portway.system.storage.disk_writer import DiskWriter
from portway.system.storage.settings_file import SettingsFile
from tests.fakes.backends.toy import ToyOptions

pytestmark = pytest.mark.expected_logs

TOY = BackendId("toy")
API = SavedTunnel(id="api", backend=TOY, name="My API", target="8000", options={"colour": "blue"})


class Toy:
    kind = TOY
    options = ToyOptions


CLOUDFLARED = BackendId("cloudflared")


class Cloudflared:
    kind = CLOUDFLARED
    options = CloudflaredOptions


def file_in(folder: Path, text: str = "", writer: DiskWriter | None = None) -> SettingsFile:
    path = folder / "settings.toml"
    if text:
        path.write_text(text, encoding="utf-8")
    return SettingsFile(path, {}, (Toy(),), writer)


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    file = file_in(tmp_path, '# mine\n[general]\ntarget = "3000"\n')
    file.save_tunnel(API)
    file.save_tunnel(SavedTunnel(id="site", backend=TOY))
    found = file_in(tmp_path).load()
    assert list(found.tunnels.values()) == [API, SavedTunnel(id="site", backend=TOY)]
    assert file.path.read_text().startswith('# mine\n[general]\ntarget = "3000"\n')
    assert "[tunnel.api]\n" in file.path.read_text()


def test_a_change_keeps_comments_and_keys_that_are_unknown(tmp_path: Path) -> None:
    file = file_in(tmp_path, '[tunnel.api]\nbackend = "toy"  # the best\ncolour = "blue"\nlater = 1\n')
    file.save_tunnel(SavedTunnel(id="api", backend=TOY, target="9000"))
    text = file.path.read_text()
    assert text == '[tunnel.api]\nbackend = "toy"  # the best\nlater = 1\ntarget = "9000"\n'


def test_what_lists_tunnels_takes_the_word_of_a_saved_one_and_keeps_that_of_one_that_is_gone(tmp_path: Path) -> None:
    file = file_in(tmp_path, '[tunnel.api]\nbackend = "toy"\n[tunnel.bad]\nbackend = "none"\n')
    assert file.key("general.hookBackend").option.choices == ("", "toy", "api")
    assert "api" not in file.key("general.defaultBackend").option.choices
    file.set("general.hookBackend", "api")
    for word in ("bad", "other"):
        with pytest.raises(TunnelError, match="toy, api"):
            file.set("general.hookBackend", word)
    file.drop_tunnel("api")
    assert file.load().general.hook_backend == "api"  # its URLs were meant for the hooks, those of others were not
    assert file.value("general.hookBackend") == "api"


def test_one_that_is_removed_is_gone_and_its_neighbour_stays(tmp_path: Path) -> None:
    file = file_in(tmp_path, '[tunnel.api]\nbackend = "toy"\n\n[tunnel.site]\nbackend = "toy"\n')
    file.drop_tunnel("api")
    assert list(file_in(tmp_path).load().tunnels) == ["site"]


def test_with_a_writer_what_was_asked_last_holds_at_once_and_on_the_disk(tmp_path: Path) -> None:
    writer = DiskWriter()
    file = file_in(tmp_path, writer=writer)
    file.save_tunnel(API)
    file.drop_tunnel("api")
    assert not file.load().tunnels
    file.save_tunnel(SavedTunnel(id="api", backend=TOY, target="9000"))
    assert file.load().tunnels["api"].target == "9000"
    assert writer.flush(10)
    assert file_in(tmp_path).load().tunnels == {"api": SavedTunnel(id="api", backend=TOY, target="9000")}


GOOD = '[tunnel.site]\nbackend = "toy"\n'
BAD = {
    "no section": "[tunnel]\napi = 3\n",
    "an unknown backend": '[tunnel.api]\nbackend = "pigeon"\n',
    "no backend": '[tunnel.api]\ntarget = "3000"\n',
    "a word of a backend": '[tunnel.toy]\nbackend = "toy"\n',
    "a word that commands use": '[tunnel.all]\nbackend = "toy"\n',
    "a device of Windows": '[tunnel.com1]\nbackend = "toy"\n',
    "capitals": '[tunnel.API]\nbackend = "toy"\n',
    "a colon": '[tunnel."toy:api"]\nbackend = "toy"\n',
    "33 letters": f'[tunnel.{"a" * 33}]\nbackend = "toy"\n',
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_section_is_left_out_alone_with_a_warning(
    tmp_path: Path, what: str, expected_logs: pytest.LogCaptureFixture
) -> None:
    assert list(file_in(tmp_path, BAD[what] + GOOD).load().tunnels) == ["site"]
    assert [record.levelno for record in expected_logs.records] == [logging.WARNING]


@pytest.mark.parametrize("line", ["target = 3", 'target = "ftp://x"', 'colour = "pink"', "name = 7"])
def test_a_bad_value_falls_back_alone(tmp_path: Path, line: str) -> None:
    found = file_in(tmp_path, f'[tunnel.api]\nbackend = "toy"\nhostHeader = "shop.test"\n{line}\n').load()
    assert found.tunnels["api"] == SavedTunnel(id="api", backend=TOY, options={"host_header": "shop.test"})


def test_no_secret_is_taken_from_a_section(tmp_path: Path) -> None:
    found = file_in(tmp_path, '[tunnel.api]\nbackend = "toy"\nauthToken = "hunter2"\n').load()
    assert not found.tunnels["api"].options


def test_of_two_sections_with_one_word_the_first_holds_and_the_rest_of_the_file_too(
    tmp_path: Path, expected_logs: pytest.LogCaptureFixture
) -> None:
    text = (
        '[tunnel.api]\nbackend = "toy"\ntarget = "1"\n[tunnel.api]\nbackend = "toy"\ntarget = "2"\n[toy]\nname = "x"\n'
    )
    file = file_in(tmp_path, text)
    found = file.load()
    assert found.tunnels["api"].target == "1"
    assert found.backends[TOY] == ToyOptions(name="x")
    assert "there twice" in expected_logs.text
    file.set("general.target", "3000")
    assert file_in(tmp_path).load() == file.load()


def test_who_may_open_one_is_kept_with_it_and_not_taken_over_by_the_next_of_its_word(tmp_path: Path) -> None:
    writer = DiskWriter()
    file = file_in(tmp_path, writer=writer)
    file.save_tunnel(API, new=True)
    file.set_guard("api", Guard(read_only=True))
    file.set_guard("toy", Guard(password=True))
    assert writer.flush(10)
    found = file_in(tmp_path).load()
    assert found.guards == {"toy": Guard(password=True), "api": Guard(read_only=True)}
    assert list(found.tunnels) == ["api"]
    file.save_tunnel(dataclasses.replace(API, target="9000"))
    assert file.load().guards["api"].read_only
    file.drop_tunnel("api")
    file.save_tunnel(API, new=True)
    assert list(file.load().guards) == ["toy"]
    assert writer.flush(10)
    assert list(file_in(tmp_path).load().guards) == ["toy"]


def test_a_damaged_guard_of_one_shuts_that_one_alone(tmp_path: Path) -> None:
    found = file_in(tmp_path, '[tunnel.api]\nbackend = "toy"\nguard = 3\n' + GOOD).load()
    assert found.guards == {"api": SHUT}


def test_what_belongs_to_one_tunnel_is_not_taken_from_the_section_of_its_backend(tmp_path: Path) -> None:
    lines = (
        '[cloudflared]\nhostname = "app.example.test"\nprotocol = "quic"',
        '[tunnel.api]\nbackend = "cloudflared"',
        '[tunnel.site]\nbackend = "cloudflared"\nhostname = "site.example.test"',
    )
    file = SettingsFile(tmp_path / "settings.toml", {}, (Cloudflared(),))
    file.path.write_text("\n".join(lines), encoding="utf-8")
    settings = file.load()
    found = [settings.options_of(CLOUDFLARED, name, CloudflaredOptions) for name in ("cloudflared", "api", "site", "x")]
    assert [options.hostname for options in found] == ["app.example.test", "", "site.example.test", ""]
    assert {options.protocol for options in found} == {"quic"}
    assert file.value("tunnel.api.hostname") == ""
    assert file.value("tunnel.api.protocol") == "quic"
