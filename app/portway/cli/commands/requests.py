"""What was recorded: `portway requests` and `portway replay`."""

import base64
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from portway.cli.client.client import Client, Record, checked, show_json
from portway.cli.client.event_stream import REQUEST, EventStream
from portway.cli.failure import Exit, Failed, WrongUsage
from portway.cli.invocation import Invocation
from portway.cli.terminal.backend_group import Number, complete_way
from portway.cli.terminal.request_lines import RequestLines
from portway.cli.vocabulary import no_such_way, way_of
from portway.core.foreign_text import harmless, harmless_line
from portway.system.storage.files import PRIVATE_FILE

MOST = 9999
_REPLAY_LIMIT = 60.0  # seconds: longer than Portway gives it
_LAST = "last"
_NOTHING = "No requests are recorded. “portway expose” and the window record them, unless that is switched off."


@click.command("requests")
@click.argument("what", required=False, metavar="[WAY|NUMBER]", shell_complete=complete_way)
@click.option("-n", "--number", "count", type=Number(1, MOST), default=50, help="How many of each way. Default: 50.")
@click.option("-f", "--follow", is_flag=True, help="Show each new one as it ends, until Ctrl-C.")
@click.option("--har", type=click.Path(dir_okay=False), metavar="FILE", help="Write those of WAY as an HTTP archive.")
@click.option("--curl", is_flag=True, help="Print request NUMBER as a curl command.")
@click.option("--secrets", is_flag=True, help="Show cookies, tokens and the like, too.")
@click.option("--json", "as_json", is_flag=True, help="Print what the REST API answered.")
@click.pass_obj
def requests_command(  # noqa: PLR0913 - each is an option
    invocation: Invocation,
    *,
    what: str | None,
    count: int,
    follow: bool,
    har: str | None,
    curl: bool,
    secrets: bool,
    as_json: bool,
) -> None:
    """Show recorded requests, the newest first: of all ways, of one WAY, or request NUMBER whole.

    \b
      portway requests
      portway requests -f
      portway requests cloudflare --har visits.har
      portway requests 12 --curl
    """
    number = _number(what) if what is not None and what.isdecimal() else None
    client = invocation.client()
    query = "?secrets=true" if secrets else ""
    if number is not None:
        _show_one(client, f"{_place_of(client, number)}/{number}", query, as_json=as_json, curl=curl)
    elif curl:
        raise WrongUsage("--curl: name the number of a request.")
    elif har is not None:
        _write_archive(client, _way(client, what), har, query)
    else:
        ways = [_way(client, what)] if what else _ways(client)
        if follow:
            _follow(client, ways, as_json=as_json)
        else:
            _list(client, ways, count, as_json=as_json)


@click.command("replay")
@click.argument("which", metavar="NUMBER|last")
@click.option("-X", "--request", "method", metavar="METHOD", help="Another method.")
@click.option("--path", help="Another path, with its query.")
@click.option("-H", "--header", "headers", multiple=True, metavar="LINE", help="Set a header; “Name:” leaves it out.")
@click.option("--data", metavar="TEXT|@FILE", help="Another body; @- reads standard input.")
@click.option("--json", "as_json", is_flag=True, help="Print what the REST API answered.")
@click.pass_obj
def replay_command(  # noqa: PLR0913 - each is an option
    invocation: Invocation,
    *,
    which: str,
    method: str | None,
    path: str | None,
    headers: tuple[str, ...],
    data: str | None,
    as_json: bool,
) -> None:
    """Send a recorded request again, to the local server alone, and print what came of it.

    \b
      portway replay last
      portway replay 12 -X PUT -H "X-Try: 2" --data @body.json
    """
    body: dict[str, object] = {"headers": dict(map(_header, headers))} if headers else {}
    body |= {name: value for name, value in (("method", method), ("path", path)) if value is not None}
    if data is not None:
        body["bodyBase64"] = base64.b64encode(_content(data)).decode()
    named = None if which == _LAST else _number(which)
    client = invocation.client()
    number = named or _newest(client)
    place = f"{_place_of(client, number)}/{number}/replay"
    answer = checked(client.call("POST", place, body, limit=_REPLAY_LIMIT), as_json=as_json)
    if not as_json:
        click.echo(RequestLines(numbered=True).of(answer["request"]))


def _ways(client: Client) -> list[str]:
    return [str(status["id"]) for status in checked(client.call("GET", "/api/tunnels"))["tunnels"]]


def _way(client: Client, word: str | None) -> str:
    if word is None:
        raise WrongUsage("--har: name the way whose requests are wanted.")
    known = _ways(client)
    if way_of(word) not in known:
        raise Failed(no_such_way(word, known), Exit.USAGE)
    return way_of(word)


def _recorded(client: Client, way: str, query: str) -> Record:
    return checked(client.call("GET", f"/api/tunnels/{way}/requests?{query}"))


def _place_of(client: Client, number: int) -> str:
    """Return the path of the requests among which this one is."""
    for way in _ways(client):
        rows = _recorded(client, way, f"limit=1&before={number + 1}")["requests"]
        if rows and rows[0]["id"] == number:
            return f"/api/tunnels/{way}/requests"
    raise Failed("No request with this number is kept.")


def _newest(client: Client) -> int:
    newest = [row["id"] for way in _ways(client) for row in _recorded(client, way, "limit=1")["requests"]]
    if not newest:
        raise Failed(_NOTHING)
    return int(max(newest))


def _number(word: str) -> int:
    if not word.isdecimal() or not word.isascii() or not 0 < int(word[:10]) == int(word):
        raise WrongUsage("Name the number of a request, or “last”.")
    return int(word)


def _header(line: str) -> tuple[str, str | None]:
    name, colon, value = line.partition(":")
    if not colon or not name.strip():
        raise WrongUsage("--header: it has to be like “Name: value”.")
    return name.strip(), value.strip() or None


def _content(data: str) -> bytes:
    if not data.startswith("@"):
        return data.encode()
    if data == "@-":
        return sys.stdin.buffer.read()
    try:
        return Path(data[1:]).read_bytes()
    except OSError as error:
        raise Failed(f"--data: the file cannot be read: {error.strerror}.") from None


def _list(client: Client, ways: list[str], count: int, *, as_json: bool) -> None:
    answers = [_recorded(client, way, f"limit={count}") for way in ways]
    rows = sorted((row for answer in answers for row in answer["requests"]), key=lambda row: row["id"], reverse=True)
    if as_json:
        show_json(answers[0] if len(answers) == 1 else {"requests": rows})
        return
    if not rows:
        click.echo(_NOTHING, err=True)
        return
    lines = RequestLines(numbered=True, mixed=len(ways) > 1)
    _echo(lines.title())
    _echo(map(lines.of, rows))


def _follow(client: Client, ways: list[str], *, as_json: bool) -> None:
    """Print each request as it ends, until Portway or this command does."""
    lines = RequestLines(numbered=True, mixed=len(ways) > 1)
    if not as_json:
        _echo(lines.title())
    try:
        for frame in EventStream(client, REQUEST).frames():
            row = frame.data
            if row["tunnel"] in ways:
                text = json.dumps(row, ensure_ascii=False) if as_json else lines.of(row)
                click.echo(text, err="more" in row)
    except KeyboardInterrupt:
        click.echo(err=True)


def _write_archive(client: Client, way: str, file: str, query: str) -> None:
    content = client.fetch(f"/api/tunnels/{way}/requests.har{query}", _REPLAY_LIMIT)
    try:
        # A new file is for this person alone: bodies are in it as they were, and with --secrets cookies and tokens.
        with open(file, "wb", opener=lambda path, flags: os.open(path, flags, PRIVATE_FILE)) as archive:
            archive.write(content)
    except OSError as error:
        raise Failed(f"--har: the file cannot be written: {error.strerror}.") from None


def _show_one(client: Client, place: str, query: str, *, as_json: bool, curl: bool) -> None:
    if curl:
        click.echo(harmless(client.fetch(f"{place}/curl{query}").decode()), nl=False)
    elif as_json:
        show_json(checked(client.call("GET", place + query)))
    else:
        _echo(_whole(json.loads(client.fetch(place + query))))


def _echo(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _whole(record: Record) -> Iterator[str]:
    """Yield a request and its answer as HTTP writes them; nothing of them can steer the terminal."""
    yield harmless_line(f"{record['method']} {record['path']}")
    yield from _part(record["requestHeaders"], record["requestBody"])
    yield ""
    yield f"{record['status'] or 'No answer'}  {record['state']}"
    yield from _part(record["responseHeaders"], record["responseBody"])


def _part(headers: list[list[str]], body: dict[str, Any]) -> Iterator[str]:
    yield from (harmless_line(f"{name}: {value}") for name, value in headers)
    if body["size"]:
        yield ""
        yield harmless(body["text"]) if "text" in body else f"({body['size']} bytes that are no text)"
        if not body["kept"]:
            yield "(not all of it was kept)"
