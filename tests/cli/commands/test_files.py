"""Settings, logs and all that is kept, with or without a running Portway."""

from __future__ import annotations

from pathlib import Path

import pytest

from portway.system.storage.folders import Folders
from tests.cli.conftest import Portway
from tests.fakes.portway.rest_double import RestDouble


class TestConfig:
    """The settings file, with or without a running Portway."""

    def test_a_value_is_set_read_and_unset(self, portway: Portway) -> None:
        assert portway("config", "get", "general.target").out == "http://127.0.0.1:20128\n"
        assert portway("config", "set", "general.target", "3000").code == 0
        assert portway("config", "get", "general.target").out == "3000\n"
        assert portway("config", "set", "general.restore", "yes").code == 0
        assert portway("config", "get", "general.restore").out == "true\n"
        assert portway("config", "unset", "general.target").code == 0
        assert portway("config", "get", "general.target").out == "http://127.0.0.1:20128\n"

    def test_comments_stay(self, portway: Portway, folders: Folders) -> None:
        folders.config.mkdir(parents=True)
        (folders.config / "settings.toml").write_text("# mine\n[general]\ntarget = '1' # why\nother = 3\n")
        portway("config", "set", "general.target", "2")
        assert (folders.config / "settings.toml").read_text() == '# mine\n[general]\ntarget = "2" # why\nother = 3\n'

    def test_the_list_names_every_setting_of_every_backend(self, portway: Portway) -> None:
        text = portway("config", "list").out
        assert "general.apiPort = 20129\n" in text
        assert "toy.colour = red\n" in text
        record = portway("config", "list", "--json").record
        assert record["general.restore"] is False
        assert record["lan.listenPort"] is None

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("set", "general.target", "nope"), "general.target: write a port like 3000, or an address"),
            (("set", "general.restore", "maybe"), "general.restore: true or false is expected."),
            (("set", "toy.colour", "green"), "toy.colour: it has to be one of: red, blue."),
            (("set", "general.defaultBackend", "nope"), "it has to be one of: lan, toy."),
            (("get", "nope"), "There is no such setting."),
            (("unset", "toy.authToken"), "There is no such setting."),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
    )
    def test_what_is_wrong_is_said(self, portway: Portway, words: tuple[str, ...], sentence: str) -> None:
        said = portway("config", *words)
        assert said.code == 2
        assert sentence in said.err

    def test_a_running_portway_takes_it_over(self, portway: Portway, double: RestDouble) -> None:
        portway("config", "set", "general.target", "3000")
        portway("config", "unset", "general.target")
        assert double.asked("POST", "/api/reload") == [None, None]

    def test_a_value_that_the_environment_decides_is_told(self, portway: Portway) -> None:
        locked = {"PORTWAY_TARGET": "4000"}
        assert "PORTWAY_TARGET" in portway("config", "set", "general.target", "3000", environment=locked).err
        assert portway("config", "get", "general.target", environment=locked).out == "4000\n"
        assert "Set by PORTWAY_TARGET." in portway("config", "list", environment=locked).out


class TestConfigOfTunnels:
    """What can be set for a saved tunnel, by its word."""

    @pytest.fixture(autouse=True)
    def saved(self, folders: Folders) -> Path:
        folders.config.mkdir(parents=True)
        file = folders.config / "settings.toml"
        file.write_text('[tunnel.api-2]\nbackend = "toy" # mine\n\n[tunnel.api2]\nbackend = "toy"\ncolour = "red"\n')
        return file

    def test_a_value_is_set_read_and_unset_for_this_tunnel_alone(self, portway: Portway, saved: Path) -> None:
        assert portway("config", "set", "tunnel.api-2.hostHeader", "api.test").code == 0
        assert portway("config", "set", "tunnel.api-2.colour", "blue").code == 0
        assert portway("config", "get", "tunnel.api-2.host-header").out == "api.test\n"
        assert portway("config", "get", "tunnel.api2.colour").out == "red\n"
        assert '[tunnel.api-2]\nbackend = "toy" # mine\n' in saved.read_text()
        assert portway("config", "set", "tunnel.api-2.hostHeader", "").code == 0
        assert portway("config", "unset", "tunnel.api-2.colour").code == 0
        assert "blue" not in saved.read_text()
        assert "hostHeader" not in saved.read_text()

    def test_what_is_not_set_for_it_is_as_for_its_backend(self, portway: Portway) -> None:
        portway("config", "set", "toy.colour", "blue")
        portway("config", "set", "general.target", "3000")
        record = portway("config", "list", "--json").record
        assert (record["tunnel.api-2.colour"], record["tunnel.api2.colour"]) == ("blue", "red")
        assert (record["tunnel.api-2.target"], record["tunnel.api-2.name"]) == ("3000", "api-2")
        lines = portway("config", "list").out.splitlines()
        notes = {line: lines[number + 1] for number, line in enumerate(lines[:-1])}
        assert notes["tunnel.api-2.colour = blue"].endswith("Not set for this tunnel.")
        assert not notes["tunnel.api2.colour = red"].endswith("Not set for this tunnel.")

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("tunnel.api2.target", "nope"), "tunnel.api2.target: write a port like 3000, or an address"),
            (("tunnel.api2.colour", "green"), "tunnel.api2.colour: it has to be one of: red, blue."),
            (("tunnel.api2.authToken", "x"), "There is no such setting."),
            (("tunnel.API2.colour", "red"), "There is no such setting."),
            (("tunnel.other.colour", "red"), "There is no such setting."),
            (("tunnel.api2", "red"), "There is no such setting."),
            (("tunnel.", "red"), "There is no such setting."),
        ],
    )
    def test_what_is_wrong_is_said(self, portway: Portway, saved: Path, words: tuple[str, str], sentence: str) -> None:
        before = saved.read_text()
        said = portway("config", "set", *words)
        assert said.code == 2
        assert sentence in said.err
        assert saved.read_text() == before


class TestLogs:
    def test_it_shows_the_last_lines(self, portway: Portway, folders: Folders) -> None:
        folders.log.mkdir(parents=True)
        (folders.log / "portway.log").write_text("one\ntwo\nthree\n")
        (folders.log / "toy.log").write_text("toy\n")
        assert portway("logs", "-n", "2").out == "two\nthree\n"
        assert portway("logs", "toy").out == "toy\n"
        assert portway("logs", "lan").out == ""

    @pytest.mark.parametrize("name", ["nope", "../portway"])
    def test_there_are_only_those_of_backends(self, portway: Portway, name: str) -> None:
        said = portway("logs", name)
        assert said.code == 2
        assert "There is no such way. Choose one of: lan, toy." in said.err


def test_forgetting_removes_everything(portway: Portway, folders: Folders, environment: dict[str, str]) -> None:
    portway("config", "set", "general.target", "3000")
    folders.log.mkdir(parents=True)
    assert portway("forget", stdin="n\n").code == 1
    assert folders.config.exists()
    said = portway("forget", stdin="y\n")
    assert (said.code, said.out.splitlines()[-1]) == (0, "Portway has forgotten everything.")
    assert not Path(environment["PORTWAY_HOME"]).exists()
