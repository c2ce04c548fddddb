"""Splits the tests into parts that take equally long, by what each file took the last time it ran here."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from pathlib import Path

# Seconds that a test is taken to need before a run here has told, as measured on two processors: inside this process,
# with programs, on a screen.
_INSIDE, _WITH_PROGRAMS, _ON_A_SCREEN = 0.14, 0.27, 1.7
# The same of modules that need far more, by their dotted names.
LONG: Mapping[str, float] = {
    "tests.agents.test_mcp_program": 21,
    "tests.backends.cloudflared.test_program": 14,
    "tests.backends.cloudflared.test_running": 10,
    "tests.backends.cloudflared.test_starting": 11,
    "tests.backends.ngrok.test_reconnect": 25,
    "tests.backends.ngrok.test_sessions_are_let_go": 16,
    "tests.backends.ngrok.test_tunnel": 10,
    "tests.backends.ssh.test_adoption": 22,
    "tests.backends.ssh.test_contract": 12,
    "tests.backends.ssh.test_host_keys": 9,
    "tests.backends.ssh.test_loss": 14,
    "tests.backends.ssh.test_program": 13,
    "tests.backends.ssh.test_starting": 16,
    "tests.backends.tailscale.funnel.test_session": 11,
    "tests.backends.tailscale.funnel.test_watching": 10,
    "tests.backends.tailscale.setup.test_agreed_install": 9,
    "tests.backends.tailscale.test_contract": 8,
    "tests.backends.tailscale.test_refusals": 11,
    "tests.cli.commands.test_expose_program": 26,
    "tests.cli.commands.test_install_program": 18,
    "tests.cli.commands.test_login_program": 23,
    "tests.cli.commands.test_up_program": 20,
    "tests.desktop.test_clipboard": 8,
    "tests.desktop.test_every_control": 53,
    "tests.desktop.test_every_menu_item": 14,
    "tests.desktop.test_keyring_through_the_window": 27,
    "tests.desktop.test_notifications": 15,
    "tests.desktop.test_second_start": 15,
    "tests.desktop.test_tray": 28,
    "tests.desktop.test_window": 18,
    "tests.desktop.test_window_and_tray": 16,
    "tests.gui.cards.test_card": 13,
    "tests.gui.test_nothing_cut_off": 23,
    "tests.gui.window.test_window": 14,
    "tests.real_visitors.test_visitors": 22,
    "tests.relay.test_streaming": 10,
    "tests.rest.http.test_fuzz": 38,
    "tests.rest.server.test_floods": 9,
    "tests.runtime.tunnel.test_guard": 9,
    "tests.system.processes.test_command": 8,
    "tests.test_guard_after_a_kill": 9,
    "tests.test_quit_from_anywhere": 32,
    "tests.test_whole_program": 11,
    "tests.test_whole_program_in_trouble": 9,
}


def split(tests: Path, count: int, seconds: Mapping[str, float]) -> list[list[Path]]:
    """Return `count` lists of files that are all tests together, the longest work shared out first."""
    weights = {path: _weight(path, tests, seconds) for path in tests.rglob("test_*.py")}
    parts: list[list[Path]] = [[] for _ in range(count)]
    totals = [0.0] * count
    for path in sorted(weights, key=lambda path: (-weights[path], path)):
        lightest = totals.index(min(totals))
        parts[lightest].append(path)
        totals[lightest] += weights[path]
    return [sorted(part) for part in parts]


def seconds_of(reports: Iterable[Path]) -> dict[str, float]:
    """Return what each module of tests took, by its dotted name, from reports of pytest (`--junit-xml`).

    A report that is not there or not whole says nothing.
    """
    seconds: dict[str, float] = {}
    for report in reports:
        try:
            cases = list(ET.parse(report).iter("testcase"))  # noqa: S314 - written by pytest, here
        except (OSError, ET.ParseError):
            continue
        for case in cases:
            module = re.sub(r"\.[A-Z].*", "", case.attrib.get("classname", ""))  # without the class of the test
            seconds[module] = seconds.get(module, 0.0) + float(case.attrib.get("time", 0))
    return seconds


def _weight(path: Path, tests: Path, seconds: Mapping[str, float]) -> float:
    name = ".".join(path.relative_to(tests.parent).with_suffix("").parts)
    return seconds.get(name) or LONG.get(name) or _guess(path, tests)


def _guess(path: Path, tests: Path) -> float:
    text = path.read_text(encoding="utf-8")
    if path.is_relative_to(tests / "desktop"):
        each = _ON_A_SCREEN
    else:
        each = _WITH_PROGRAMS if "mark.children" in text else _INSIDE
    return each * len(re.findall(r"^\s*def test_", text, re.MULTILINE))
