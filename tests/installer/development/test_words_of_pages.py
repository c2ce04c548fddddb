"""Every variable, setting, code, key and path that the pages name is one that the source has."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portway.backends.registry import build_backends
from portway.core.codes import Code
from portway.system.services import Services
from portway.system.storage.settings_file import FILE_NAME, SettingsFile

ROOT = Path(__file__).parents[3]
# Those for people who use it: what the source calls its parts is in other pages, and what was measured is made.
_FOUND = {*(ROOT / name for name in ("README.md", "SECURITY.md", "CHANGELOG.md")), *(ROOT / "docs").glob("*.md")}
PAGES = sorted(_FOUND - {ROOT / "docs" / "benchmarks.md"})
SPECIFICATION = (ROOT / "docs" / "openapi.json").read_text(encoding="utf-8")
# Words of others: a setting of Next.js, a part of a policy of Tailscale, settings of editors and agents, of sshd, Caddy
# and nginx.
FOREIGN = {
    *("allowedDevOrigins", "nodeAttrs"),
    *("isBackground", "mcpServers", "problemMatcher", "context_servers", "tool_timeout_sec"),
    *("sshd_config", "authorized_keys", "known_hosts", "reverse_proxy", "server_name", "ssl_certificate"),
    *("ssl_certificate_key", "proxy_pass", "proxy_http_version", "proxy_set_header", "proxy_buffering"),
    *("client_max_body_size", "http_upgrade", "http_connection", "ssh_host_ed25519_key"),
}
_OURS = r"(?:PORTWAY|CLOUDFLARED|TAILSCALED?|NGROK|TUNNEL)_[A-Z_]*[A-Z]"
# For tests alone; and how one process of Portway knows another one.
_UNTOLD = {
    "PORTWAY_CHILD",
    "PORTWAY_CLOUDFLARED_ARGS",
    "PORTWAY_CLOUDFLARED_RELEASES",
    "PORTWAY_NGROK_CA_FILE",
    "PORTWAY_NGROK_SERVER_ADDR",
    "PORTWAY_PAGE_TITLES",
    "PORTWAY_SSH_ARGS",
    "PORTWAY_TAILSCALE_INSTALLER",
    "_PORTWAY_COMPLETE",  # click's
}
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def code(page: Path) -> Iterator[str]:
    """Yield what stands in code, between words and fenced."""
    text = page.read_text(encoding="utf-8")
    yield from re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def named(page: Path, pattern: str) -> set[str]:
    return {word for part in code(page) for word in re.findall(pattern, part)}


@pytest.fixture(scope="module")
def texts() -> set[str]:
    """Return every text that the source holds."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "app").rglob("*.py"))
    found = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {text for text in found if isinstance(text, str)}


@pytest.fixture(scope="module")
def variables(texts: set[str]) -> set[str]:
    """Return those that are a variable of the environment."""
    return {text for text in texts if re.fullmatch(f"_?{_OURS}", text)}


def unknown(words: set[str], texts: set[str]) -> set[str]:
    """Return those that neither a code, nor the document of the API, nor the source has."""
    known = {*map(str, Code), *texts, *FOREIGN}
    return {word for word in words - known if f'"{word}"' not in SPECIFICATION}


@pytest.fixture
def settings(services: Services) -> set[str]:
    path = services.folders.config / FILE_NAME
    keys = SettingsFile(path, services.environment, build_backends(services)).keys()
    return {key.name for key in keys}


@each_page
def test_every_variable_is_one_that_is_read_or_given(page: Path, variables: set[str]) -> None:
    assert named(page, rf"\b{_OURS}\b") <= variables


def test_every_variable_is_told_but_those_for_tests(variables: set[str]) -> None:
    told = {word for page in PAGES for word in re.findall(rf"\b{_OURS}\b", page.read_text(encoding="utf-8"))}
    assert variables - told - _UNTOLD == set()
    assert _UNTOLD - {"_PORTWAY_COMPLETE"} <= variables - told


@each_page
def test_every_setting_is_one(page: Path, settings: set[str]) -> None:
    pattern = r"(?<![\w./-])(?:general|lan|cloudflared|ngrok|tailscale|ssh)\.[a-z][A-Za-z]+(?![\w.(])"
    guards = {
        f"{section}.guard" for section in ("lan", "cloudflared", "ngrok", "tailscale", "ssh")
    }  # a section, no value
    files = {f"{name}.{end}" for name in ("lan", "cloudflared", "ngrok", "tailscale", "ssh") for end in ("log", "md")}
    assert named(page, pattern) - guards - files <= settings


@each_page
def test_every_code_and_word_of_a_status_is_one(page: Path, texts: set[str]) -> None:
    assert unknown(named(page, r"(?<![\w./-])[a-z]+(?:_[a-z]+)+(?![\w./(-])"), texts) == set()


@each_page
def test_every_key_is_one_of_the_api(page: Path, texts: set[str]) -> None:
    assert unknown(named(page, r"(?<![\w./$-])[a-z]+(?:[A-Z][a-z]+)+(?![\w/(])"), texts) == set()


@each_page
def test_every_path_is_one_of_the_api(page: Path) -> None:
    known = [re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)) for path in json.loads(SPECIFICATION)["paths"]]
    paths = {path.rstrip("/.") for path in named(page, r"(?<![\w/])/api/[\w{}/.-]*|(?<=:\d{5})/api/[\w{}/.-]*")}
    assert {path for path in paths if not any(re.fullmatch(one, path) for one in known)} == set()


def test_the_checks_see_what_they_look_for() -> None:
    api, readme = ROOT / "docs" / "api.md", ROOT / "README.md"
    assert "needs_auth" in named(api, r"[a-z]+_[a-z]+")
    assert "/api/tunnels/ngrok" in named(api, r"(?<=:\d{5})/api/[\w{}/.-]*")
    assert "NGROK_AUTHTOKEN" in named(readme, _OURS)
