"""Splits the tests into parts that take equally long, by what each file took the last time it ran here."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from pathlib import Path

# Its tests share one screen, one message bus and one keyring, which each part would have to start for itself.
WHOLE = ("desktop",)
# Seconds that a test is taken to need before a run here has told, as measured on two processors: inside this process,
# with a whole window, with programs, on a screen.
_INSIDE, _WITH_A_WINDOW, _WITH_PROGRAMS, _ON_A_SCREEN = 0.2, 0.5, 0.8, 1.5
# The same of modules that need far more, by their dotted names.
LONG: Mapping[str, float] = {
    "tests.agents.test_mcp_program": 54,
    "tests.backends.cloudflared.test_adoption": 17,
    "tests.backends.cloudflared.test_program": 31,
    "tests.backends.cloudflared.test_running": 13,
    "tests.backends.cloudflared.test_starting": 15,
    "tests.backends.ngrok.test_reconnect": 26,
    "tests.backends.ngrok.test_sessions_are_let_go": 17,
    "tests.backends.tailscale.funnel.test_session": 26,
    "tests.backends.tailscale.funnel.test_watching": 14,
    "tests.backends.tailscale.test_refusals": 14,
    "tests.cli.commands.test_expose_program": 29,
    "tests.cli.commands.test_install_program": 25,
    "tests.cli.commands.test_login_program": 32,
    "tests.cli.commands.test_up_program": 30,
    "tests.desktop.test_clipboard": 23,
    "tests.desktop.test_every_control": 214,
    "tests.desktop.test_keyring_through_the_window": 23,
    "tests.desktop.test_tray": 36,
    "tests.desktop.test_window": 18,
    "tests.gui.cards.test_card": 20,
    "tests.gui.cards.test_tunnel_list": 17,
    "tests.gui.test_accessibility": 17,
    "tests.gui.test_nothing_cut_off": 69,
    "tests.gui.window.test_window": 37,
    "tests.installer.development.test_dev": 28,
    "tests.real_visitors.test_visitors": 37,
    "tests.relay.guard.test_guessing": 15,
    "tests.relay.test_streaming": 13,
    "tests.rest.api.test_secrecy": 14,
    "tests.rest.http.test_fuzz": 80,
    "tests.test_quit_from_anywhere": 44,
    "tests.test_whole_program": 25,
    "tests.test_whole_program_in_trouble": 23,
}


def split(tests: Path, count: int, seconds: Mapping[str, float]) -> list[list[Path]]:
    """Return `count` lists of files and folders that are all tests together, the longest work shared out first."""
    weights = {unit: sum(_weight(path, tests, seconds) for path in _files(unit)) for unit in _units(tests)}
    parts: list[list[Path]] = [[] for _ in range(count)]
    totals = [0.0] * count
    for unit in sorted(weights, key=lambda unit: (-weights[unit], unit)):
        lightest = totals.index(min(totals))
        parts[lightest].append(unit)
        totals[lightest] += weights[unit]
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


def _units(tests: Path) -> set[Path]:
    whole = [tests / name for name in WHOLE]
    units = set()
    for path in _files(tests):
        inside = [folder for folder in whole if path.is_relative_to(folder)]
        units.add(inside[0] if inside else path)
    return units


def _files(unit: Path) -> list[Path]:
    return [unit] if unit.is_file() else sorted(unit.rglob("test_*.py"))


def _weight(path: Path, tests: Path, seconds: Mapping[str, float]) -> float:
    name = ".".join(path.relative_to(tests.parent).with_suffix("").parts)
    return seconds.get(name) or LONG.get(name) or _guess(path, tests)


def _guess(path: Path, tests: Path) -> float:
    text = path.read_text(encoding="utf-8")
    if path.relative_to(tests).parts[0] in WHOLE:
        each = _ON_A_SCREEN
    elif "mark.children" in text:
        each = _WITH_PROGRAMS
    else:
        each = _WITH_A_WINDOW if path.relative_to(tests).parts[0] == "gui" else _INSIDE
    return each * len(re.findall(r"^\s*def test_", text, re.MULTILINE))
