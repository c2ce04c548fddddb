"""What a project's file may hold, and the sentence and the line for what it may not."""

from __future__ import annotations

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portway.cli.project.reading import Ways, read_project, words_in
from portway.cli.project.tunnels import FileHook, ProjectError, ProjectTunnel
from portway.core.guard.rules import Guard
from portway.core.options import Kind, Option

DOMAIN = Option(label="Domain", help="", kind=Kind.TEXT, body="domain", pattern=r"[a-z.]+", expected="a domain")
PORT = Option(label="Port", help="", kind=Kind.PORT, body="listenPort")
WAYS: Ways = {"lan": {"listenPort": PORT}, "cloudflared": {}, "ngrok": {"domain": DOMAIN}}
AT_ITS_OWN_PACE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines are busy
WEB = "[tunnel.web]\ntarget = 3000\n"


def read(text: str | bytes) -> tuple[ProjectTunnel, ...]:
    return read_project(text.encode() if isinstance(text, str) else text, WAYS, "lan")


def refusal(text: str | bytes) -> tuple[int | None, str]:
    with pytest.raises(ProjectError) as caught:
        read(text)
    return caught.value.line, caught.value.sentence


def test_all_that_a_tunnel_may_have_is_read() -> None:
    text = """
[tunnel.web]
target = "localhost:3000"
via = "cloudflare"
name = "Shop"
for = "8h"
guard = { password = true, readOnly = true, allow = ["203.0.113.7"], rateLimit = 60 }
env = { file = "web/.env.local", key = "BASE_URL" }
command = "node hook.mjs 'a b'"

[tunnel.api]
target = 8000
listenPort = 4000
for = 90

[[tunnel.api.env]]
file = "api.env"
key = "HOST"
value = "{host}"

[[tunnel.api.env]]
file = ".env"
key = "SOCKET"
value = "wss://{host}/socket"
"""
    web, api = read(text)
    assert web == ProjectTunnel(
        word="web",
        target="localhost:3000",
        way="cloudflared",
        name="Shop",
        guard=Guard(password=True, read_only=True, allow=("203.0.113.7",), rate_limit=60),
        lasts="8h",
        files=(FileHook("web/.env.local", "BASE_URL"),),
        command="node hook.mjs 'a b'",
    )
    assert (api.way, dict(api.options), api.lasts) == ("lan", {"listenPort": 4000}, "90s")
    assert api.files == (FileHook("api.env", "HOST", "{host}"), FileHook(".env", "SOCKET", "wss://{host}/socket"))


def test_it_may_end_when_the_person_logs_out() -> None:
    assert [tunnel.lasts for tunnel in read(f"{WEB}for = 'logout'")] == ["logout"]


def test_a_byte_order_mark_and_line_ends_of_windows_are_fine() -> None:
    assert [tunnel.word for tunnel in read(b"\xef\xbb\xbf[tunnel.web]\r\ntarget = 3000\r\n")] == ["web"]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", None, "names no tunnel"),
        ("# nothing\n", None, "names no tunnel"),
        ("[tunnel]\n", None, "names no tunnel"),
        ("tunnel = 3", 1, "a table is expected"),
        ("[[tunnel]]\ntarget = 1", 1, "a table is expected"),
        ("[tunnel]\nweb = 3000", 2, "a table is expected"),
        (f"\n\n{WEB}other = 1", 5, "no such key"),
        (f"{WEB}[tunel.api]\ntarget = 1", 3, "Did you mean “tunnel”?"),
        (f"{WEB}tagret = 1", 3, "Did you mean “target”?"),
        ("[tunnel.web]\nname = 'x'", 1, "target is missing"),
        ("[tunnel.Web]\ntarget = 1", 1, "small letters"),
        ("[tunnel.a-name-that-is-much-too-long]\ntarget = 1", 1, "small letters"),
        ('["tunnel".web]\ntarget = 1', 1, "without quotation marks"),
        ('[tunnel.web]\n"target" = 1', 2, "without quotation marks"),
        ('[tunnel."../x"]\ntarget = 1', 1, "small letters"),
        (f"{WEB}\n{WEB}", 4, "second time"),
        (f"{WEB}target = 3001", 3, "second time"),
        (f"{WEB}name = ", 3, "no TOML"),
        (f"{WEB}name = 'x\n", 3, "no TOML"),
        ("[tunnel.web\n", 1, "no TOML"),
        ("[tunnel.web]\ntarget = 0", 2, "port"),
        ("[tunnel.web]\ntarget = true", 2, "a text is expected"),
        ("[tunnel.web]\ntarget = 3000.5", 2, "a text is expected"),
        ("[tunnel.web]\ntarget = [3000]", 2, "a text is expected"),
        ("[tunnel.web]\ntarget = 'http://192.168.1.5:80'", 2, "only servers on this computer"),
        ("[tunnel.web]\ntarget = 'http://[::ffff:10.0.0.1]:80'", 2, "only servers on this computer"),
        ("[tunnel.web]\ntarget = 'file:///etc/passwd'", 2, "only http and https"),
        ("[tunnel.web]\ntarget = 'http://me:secret@localhost:1'", 2, "user name or password"),
        (f"{WEB}via = 'cloudflair'", 3, "Did you mean “cloudflare”?"),
        (f"{WEB}via = 3", 3, "a text is expected"),
        (f"{WEB}domain = 'x.test'", 3, "lan has no such option"),
        (f"{WEB}via = 'ngrok'\ndomain = 'X'", 4, "a domain"),
        (f"{WEB}listenPort = '4000'", 3, "port"),
        (f"{WEB}name = '{'x' * 61}'", 3, "at most 60 characters"),
        (f'{WEB}name = "a\\u202eb"', 3, "cannot be seen"),
        (f'{WEB}name = "a\\nb"', 3, "cannot be seen"),
        (f"{WEB}for = 'soon'", 3, "15m, 1h or 2d"),
        (f"{WEB}for = true", 3, "15m, 1h or 2d"),
        (f"{WEB}for = 0", 3, "15m, 1h or 2d"),
        (f"{WEB}guard = 'open'", 3, "a table is expected"),
        (f"{WEB}guard = {{ allow = ['here'] }}", 3, "an address like"),
        (f"{WEB}\n[tunnel.web.guard]\nreadOnly = true\nallow = ['here']", 6, "an address like"),
        (f"{WEB}guard = {{ readonly = true }}", 3, "Did you mean “readOnly”?"),
        (f"{WEB}env = '.env'", 3, "write it like"),
        (f"{WEB}env = {{ key = 'A' }}", 3, "file:"),
        (f"{WEB}env = {{ file = '.env' }}", 3, "key: it is missing"),
        (f"{WEB}env = {{ file = '.env', key = 'A B' }}", 3, "letters, digits and underscores"),
        (f"{WEB}env = {{ file = '.env', key = 'A', value = '$(x)' }}", 3, "{url} or {host}"),
        (f"{WEB}env = {{ file = '.env', key = 'A', value = '{{url.__class__}}' }}", 3, "{url} or {host}"),
        (f"{WEB}[[tunnel.web.env]]\nfile = '.env'\nkey = 'A'\n[[tunnel.web.env]]\nfile = '.bashrc'", 7, "a file below"),
        (f"{WEB}command = ['rm']", 3, "a text is expected"),
        (f"{WEB}command = ' '", 3, "must not be empty"),
        (f'{WEB}command = "a \'b"', 3, "quotation mark"),
        (f"{WEB}command = '''a\nb'''", 3, "cannot be seen"),
        (f"{WEB}{'a.' * 200}b = 1", 3, "too long"),
        (f"{WEB}x = {'[' * 30_000}", None, "nested too deep"),
        (f"{WEB}x = {'1' * 30_000}", None, "no TOML"),
        ("".join(f"[tunnel.t{number}]\ntarget = 1\n" for number in range(21)), None, "more than 20 tunnels"),
        (b"[tunnel.web]\ntarget = 1\nname = '\xff'", 3, "not UTF-8"),
        (b"[tunnel.web]\ntarget = 1\n\x00", 3, "no TOML"),
    ],
)
def test_what_it_may_not_hold_is_refused_with_its_line(text: str | bytes, line: int | None, said: str) -> None:
    found, sentence = refusal(text)
    assert said in sentence
    assert found == line


@pytest.mark.parametrize(
    "file",
    ["/etc/x.env", "../.env", "a/../../.env", "./.env", "~/.bashrc", ".bashrc", ".git/config", "a\\.env", "C:.env", ""],
)
def test_only_files_for_variables_below_the_folder_can_be_written(file: str) -> None:
    line, sentence = refusal(f"{WEB}env = {{ file = '{file}', key = 'A' }}")
    assert (line, "a file below this folder" in sentence) == (3, True)


@pytest.mark.parametrize(
    "place", ["guard = {{ password = '{secret}' }}", "password = '{secret}'", "passwd = '{secret}'"]
)
def test_a_password_is_refused_and_told_how_it_is_given_instead(place: str) -> None:
    secret = "hunter22hunter22"
    line, sentence = refusal(WEB + place.format(secret=secret))
    assert line == 3
    assert "“portway up” then makes one" in sentence
    assert "--password-stdin" in sentence
    assert secret not in sentence


@pytest.mark.parametrize("key", ["authToken", "token", "tunnelToken", "authtoken", "sudoPassword", "secret", "apikey"])
def test_no_other_secret_is_taken_or_repeated(key: str) -> None:
    line, sentence = refusal(f"[tunnel.web]\ntarget = 1\nvia = 'ngrok'\n{key} = 'abcdef123456'")
    assert (line, "does not belong here" in sentence or "no secret belongs here" in sentence) == (4, True)
    assert "abcdef123456" not in sentence


def test_the_names_in_a_file_are_told_however_wrong_the_rest_of_it_is() -> None:
    assert words_in(f"{WEB}[tunnel.api]\nodd = 1\n[tunnel.Odd]".encode()) == ["web", "api"]
    assert words_in(b"tunnel = 3") == []
    assert words_in(b"\xff") == []


_PARTS = st.sampled_from(
    [
        *"[]{}\"'=.,#\\\n \t",
        '"""',
        "'''",
        "[tunnel.web]\n",
        "[[tunnel.web.env]]\n",
        "target = 3000\n",
        "guard = ",
        "password",
        "true",
        "env = ",
        "file",
        "\\u202e",
        "\x1b[2J",
        "é",
    ]
)


def refused(text: str | bytes) -> ProjectError | None:
    """Return what is wrong with it, None if nothing is. Any other error passes, and fails the test."""
    try:
        read(text)
    except ProjectError as error:
        return error
    return None


@AT_ITS_OWN_PACE
@given(st.lists(_PARTS, max_size=40).map("".join))
def test_whatever_a_file_says_it_is_read_whole_or_refused_in_a_sentence_that_can_be_printed(text: str) -> None:
    error = refused(text)
    said, line = ("fine", None) if error is None else (error.sentence, error.line)
    assert said.isprintable()
    assert line is None or 1 <= line <= text.count("\n") + 1


@AT_ITS_OWN_PACE
@given(st.binary(max_size=200))
def test_no_bytes_are_more_than_it_bears(content: bytes) -> None:
    assert refused(content) is not None


_VALUES = st.one_of(
    st.sampled_from(["true", "0", "-1", "1e400", "nan", "1979-05-27", "[]", "{}", "[[1]]", "{ a = 1 }", "['.env']"]),
    st.text(string.ascii_letters + "/.:[]@ $(){}~", max_size=20).map(lambda text: f"'{text}'"),
)


@AT_ITS_OWN_PACE
@given(st.sampled_from(["via", "name", "guard", "for", "env", "command", "listenPort", "x"]), _VALUES)
def test_a_value_of_any_sort_is_taken_or_refused_where_it_stands(key: str, value: str) -> None:
    error = refused(f"[tunnel.web]\ntarget = 3000\n{key} = {value}")
    assert error is None or error.line == 3
