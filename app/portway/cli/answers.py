"""What an answer of REST comes to on the command line: text on standard output, or a failure with its exit code."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping

import click

from portway.cli.client import Answer, Record
from portway.cli.failure import Exit, Failed
from portway.core.codes import FACTS, Code

WAYS_ON = ("actionUrl", "authUrl", "enableUrl")


def show_json(record: Mapping[str, object]) -> None:
    """Print what REST answered."""
    click.echo(json.dumps(record, ensure_ascii=False, indent=2))


def checked(answer: Answer, *, as_json: bool = False) -> Record:
    """Return the body of an answer that says that all went well, else raise Failed. `as_json` prints it, too."""
    if as_json:
        show_json(answer.body)
    if answer.status < http.client.BAD_REQUEST and answer.body.get("success") is not False:
        return answer.body
    raise failure(answer.body)


def failure(body: Record) -> Failed:
    """Return the failure that a body tells: its own cause, else the one of the status that it holds."""
    status = body.get("status") or {}
    cause = body if body.get("code") else status
    code = cause.get("code")
    sentence = body.get("error") or status.get("lastError") or ""
    if code == Code.NOT_FOUND:
        return Failed(
            "The running Portway has no such backend or command. “portway status” lists its backends.", Exit.USAGE
        )
    if not sentence:
        sentence = "It is not done yet." if body.get("pending") else "Portway did not do it and gave no reason."
    if _goes_on(status):
        sentence += f"\nPortway keeps trying; “portway status {status.get('backend')}” tells how it goes."
    urls = [body.get(name) or status.get(name) for name in WAYS_ON]
    return Failed(sentence, exit_for(code, cause.get("phase")), next(filter(None, urls), None))


def exit_for(code: str | None, phase: str | None = None) -> Exit:
    """Return the exit code for a cause."""
    if code == Code.BAD_REQUEST:
        return Exit.USAGE
    if phase == "needs_auth" or (code in set(Code) and FACTS[Code(code)].needs_auth):
        return Exit.NEEDS_AUTH
    return Exit.FAILED


def _goes_on(status: Record) -> bool:
    return bool(status.get("wanted")) and status.get("phase") == "starting"
