"""`portway tunnels`, and the commands that take the word of a tunnel."""

from __future__ import annotations

import pytest

from portway.core.settings import SavedTunnel
from portway.core.status import BackendId
from portway.system.services import Services
from portway.system.storage.folders import Folders
from portway.system.storage.settings_file import FILE_NAME, SettingsFile
from tests.cli.conftest import Portway
from tests.fakes.backends.toy import ToyBackend
from tests.fakes.portway.rest_double import RestDouble, status_of

URL = "https://shop.example"


@pytest.fixture
def shop(double: RestDouble, folders: Folders, services: Services) -> None:
    """Let there be a saved tunnel."""
    SettingsFile(folders.config / FILE_NAME, {}, (ToyBackend(services),)).save_tunnel(
        SavedTunnel(id="shop", backend=BackendId("toy"))
    )
    double.tell(status_of("toy", id="shop", name="My shop", saved=True))
    double.outcomes["shop"] = [status_of("toy", id="shop", name="My shop", saved=True, publicUrl=URL)]


def test_one_is_added_with_what_was_named(portway: Portway, double: RestDouble) -> None:
    said = portway("tunnels", "add", "api", "--via", "toy", "--target", "8000", "--name", "My API")
    assert (said.code, said.out) == (0, "")
    assert "portway enable api" in said.err
    assert double.asked("POST", "/api/tunnels") == [{"id": "api", "backend": "toy", "target": "8000", "name": "My API"}]
    taken = portway("tunnels", "add", "api", "--via", "toy")
    assert (taken.code, taken.out) == (1, "")


def test_one_is_added_with_the_options_of_its_backend(portway: Portway, double: RestDouble) -> None:
    said = portway("tunnels", "add", "api", "--colour", "blue", "--via=toy", "--host", "api.test", "--name", "My API")
    assert said.code == 0
    options = {"colour": "blue", "hostHeader": "api.test"}
    assert double.asked("POST", "/api/tunnels") == [{"id": "api", "backend": "toy", "name": "My API", **options}]
    assert "--colour [red|blue]" in portway("tunnels", "add", "--via", "toy", "--help").out
    assert "--colour" not in portway("tunnels", "add", "--help").out


@pytest.mark.parametrize("way", ["lan", "cloudflare", "ngrok", "tailscale"])
@pytest.mark.filterwarnings("error")  # that a flag is there twice
def test_every_way_shows_what_can_be_set_for_a_tunnel_of_it(real_portway: Portway, way: str) -> None:
    said = real_portway("tunnels", "add", "--via", way, "--help")
    assert (said.code, said.err) == (0, "")
    assert "--host" in said.out
    assert "--target" in said.out


@pytest.mark.parametrize(
    ("words", "body"),
    [
        (("--colour", "blue"), {"colour": "blue"}),
        (("--target", "9000", "--name", "Market"), {"target": "9000", "name": "Market"}),
        (("--target", "", "--name", "", "--host", ""), {"target": "", "name": "", "hostHeader": ""}),
    ],
)
@pytest.mark.usefixtures("shop")
def test_what_is_saved_for_one_is_changed_later(
    portway: Portway, double: RestDouble, words: tuple[str, ...], body: dict[str, object]
) -> None:
    double.replies["PATCH", "/api/tunnels/shop"] = 200, double.statuses["shop"]
    assert portway("tunnels", "change", "shop", *words).code == 0
    assert double.asked("PATCH", "/api/tunnels/shop") == [body]


@pytest.mark.usefixtures("shop")
def test_a_change_names_what_is_wrong_with_it(portway: Portway, double: RestDouble) -> None:
    assert "portway tunnels change shop --help" in portway("tunnels", "change", "shop").err
    assert "--colour" in portway("tunnels", "change", "shop", "--colour", "green").err
    assert "Did you mean “shop”?" in portway("tunnels", "change", "shpo", "--name", "x").err
    assert portway("tunnels", "change", "toy", "--name", "x").code == 1
    helped = portway("tunnels", "change", "--help").out
    assert "shop" in helped
    assert "toy" not in helped
    assert double.asked("PATCH", "/api/tunnels/shop") == []


@pytest.mark.parametrize("words", [("add", "api"), ("add", "api", "--via", "pigeon"), ("add", "api", "--target", "x")])
def test_wrong_usage_asks_nothing(portway: Portway, double: RestDouble, words: tuple[str, ...]) -> None:
    assert portway("tunnels", *words).code == 2
    assert double.calls == []


@pytest.mark.usefixtures("shop")
def test_one_is_listed_renamed_and_removed(portway: Portway, double: RestDouble) -> None:
    assert "shop" in portway("tunnels", "list").out
    double.replies["PATCH", "/api/tunnels/shop"] = 200, double.statuses["shop"]
    double.replies["DELETE", "/api/tunnels/shop"] = 200, {"success": True}
    assert portway("tunnels", "rename", "shop", "Market").code == 0
    assert portway("tunnels", "remove", "shop").code == 0
    assert double.asked("PATCH", "/api/tunnels/shop") == [{"name": "Market"}]
    assert double.asked("DELETE", "/api/tunnels/shop") == [None]


@pytest.mark.usefixtures("shop")
def test_the_persons_own_stand_first_as_in_the_window(portway: Portway, double: RestDouble) -> None:
    double.tell({**double.statuses["shop"], "id": "api"})
    for command in (("tunnels", "list"), ("status",)):
        words = [line.split()[0] for line in portway(*command).out.splitlines() if line[:1].strip()]
        assert [word for word in words if word in double.statuses] == [
            *(name for name, one in double.statuses.items() if one["id"] != one["backend"]),
            *(name for name, one in double.statuses.items() if one["id"] == one["backend"]),
        ]


@pytest.mark.usefixtures("shop")
def test_a_misspelt_word_is_told_with_the_one_that_was_meant(portway: Portway) -> None:
    assert "Did you mean “shop”?" in portway("tunnels", "remove", "shpo").err


@pytest.mark.usefixtures("shop")
def test_commands_take_the_word_of_a_tunnel_with_the_options_of_its_backend(
    portway: Portway, double: RestDouble
) -> None:
    said = portway("enable", "shop", "--colour", "blue")
    assert (said.code, said.out) == (0, f"{URL}\n")
    assert double.asked("POST", "/api/tunnels/shop") == [{"action": "enable", "colour": "blue"}]
    assert portway("url", "shop").out == f"{URL}\n"
    assert portway("status", "shop").out.startswith("shop: running")
    assert portway("disable", "shop").code == 0
    assert double.asked("POST", "/api/tunnels/toy") == []
    assert "shop" in portway("enable", "--help").out
    assert portway("logs", "shop").code == 0


def test_a_temporary_one_is_turned_off_by_its_word(portway: Portway, double: RestDouble) -> None:
    double.tell(status_of("toy", id="toy-2", publicUrl=URL))
    assert portway("disable", "toy-2").code == 0
    assert double.asked("POST", "/api/tunnels/toy-2") == [{"action": "disable"}]


def test_one_that_the_running_portway_alone_knows_is_turned_off_by_its_word(
    portway: Portway, double: RestDouble
) -> None:
    double.tell(status_of("toy", id="web-1a2b3c", publicUrl=URL))
    assert portway("disable", "web-1a2b3c").code == 0
    assert double.asked("POST", "/api/tunnels/web-1a2b3c") == [{"action": "disable"}]
    wrong = portway("disable", "web-1a2b3d")
    assert (wrong.code, "There is no such way" in wrong.err) == (2, True)


CAUTION = "Another toy is called so already.\n"


@pytest.fixture
def two_of_one_name(portway: Portway, double: RestDouble, shop: None) -> None:
    """Let both tunnels of the toy have one name, and the built-in one be on."""
    portway("config", "set", "toy.name", "ada")
    double.tell(status_of("toy", publicUrl="https://toy.example", targetUrl="http://localhost:3000"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("enable", "shop"), True),
        (("enable", "shop", "--name", "bob"), False),
        (("enable", "toy"), False),  # it is the one that is on
        (("expose", "4000", "--via", "toy"), True),
        (("expose", "4000", "--via", "toy", "--name", "shop"), True),
    ],
    ids=str,
)
@pytest.mark.usefixtures("two_of_one_name")
def test_what_a_second_one_may_come_to_is_told_before_it_is_tried(
    portway: Portway, double: RestDouble, words: tuple[str, ...], *, said: bool
) -> None:
    refused = {"error": "The address is taken.", "code": "url_taken"}
    for tunnel in ("shop", "toy-2"):
        double.replies["POST", f"/api/tunnels/{tunnel}"] = 409, refused
    answer = portway(*words)
    assert (CAUTION in answer.err) is said
    if said and "taken" in answer.err:
        assert answer.err.index(CAUTION) < answer.err.index("The address is taken.")


@pytest.mark.usefixtures("shop")
def test_nothing_is_told_of_a_second_one_while_no_other_is_on(portway: Portway) -> None:
    portway("config", "set", "toy.name", "ada")
    assert CAUTION not in portway("enable", "shop").err
