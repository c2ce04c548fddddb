"""What is declared refuses what no Tailscale and no sudo could take, before anything runs."""

from __future__ import annotations

import pytest

from portway.backends.tailscale.backend import TailscaleOptions
from portway.backends.tailscale.declaration import LoginOptions, PasswordOptions
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.options import check_value, declared

BAD_NAMES = ("-desk", "desk-", "a.b", "a" * 64, "$(id)", "a b", "dësk", "a_b", "--operator=eve")


@pytest.mark.parametrize("name", BAD_NAMES)
@pytest.mark.parametrize("options", [TailscaleOptions, LoginOptions])
def test_a_host_name_is_checked_before_anything_runs(options: type, name: str) -> None:
    with pytest.raises(TunnelError) as caught:
        check_value(declared(options)["hostname"], name)
    assert caught.value.code is Code.BAD_REQUEST
    assert caught.value.problem.sentence.startswith("hostname: ")


@pytest.mark.parametrize("name", ["a", "Desk-1", "a" * 63])
def test_a_good_host_name_passes(name: str) -> None:
    assert check_value(declared(TailscaleOptions)["hostname"], name) == name


@pytest.mark.parametrize("password", ["a\nb", "a\x00b", "x" * 20_000, 1, True, None])
def test_a_password_that_no_sudo_could_read_is_refused_and_not_repeated(password: object) -> None:
    with pytest.raises(TunnelError) as caught:
        check_value(declared(PasswordOptions)["sudo_password"], password)
    assert caught.value.problem.sentence.startswith("sudoPassword: ")
    assert not isinstance(password, str) or password not in caught.value.problem.sentence


@pytest.mark.parametrize("port", ["80", "0", "443,8443", "", True, 443])
def test_other_public_ports_are_refused(port: object) -> None:
    with pytest.raises(TunnelError):
        check_value(declared(TailscaleOptions)["public_port"], port)
