"""How the terminal shows statuses and codes to scan. Colours only where there is a terminal."""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime

import click

from portway.cli.client.client import Record
from portway.cli.terminal.progress import progress_text
from portway.core.codes import Code

_COLOURS = {"running": "green", "starting": "yellow", "needs_auth": "magenta", "error": "red"}
_WORDS = {"needs_auth": "needs you", "error": "failed"}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400  # seconds


def phase_word(status: Record) -> str:
    """Return the phase in words; what is at rest because it is not there says so, as the window does."""
    phase = str(status["phase"])
    if phase == "stopped" and not status["supported"]:
        return "not available here"
    if phase == "stopped" and not status["installed"]:
        return "not installed"
    return _WORDS.get(phase, phase)


def phase_text(status: Record, width: int = 0) -> str:
    """Return the phase in words and in its colour."""
    phase = str(status["phase"])
    return click.style(phase_word(status).ljust(width), fg=_COLOURS.get(phase), dim=phase == "stopped")


def status_rows(statuses: Iterable[Record]) -> Iterable[str]:
    """Yield one line for each tunnel, and below it its URL, whole and alone in its line, and what is wrong with it."""
    shown = sorted(statuses, key=lambda status: status["id"] == status["backend"])  # a person's own ones first
    names = max((len(str(status["id"])) for status in shown), default=0)
    phases = max((len(phase_word(status)) for status in shown), default=0)
    is_terminal = sys.stdout.isatty()
    for status in shown:
        mark = _mark(status) if is_terminal else ""
        indent = " " * (names + len(click.unstyle(mark)) + 2)
        yield f"{mark}{str(status['id']).ljust(names)}  {phase_text(status, phases)}  {_more(status)}".rstrip()
        if status["publicUrl"]:
            yield indent + click.style(str(status["publicUrl"]), bold=True)
            yield from (indent + line for line in seen_from_outside(status))
        if status["wanted"] or status["phase"] not in ("stopped", "needs_auth"):
            yield from (indent + line for line in causes(status))


def event_rows(status: Record) -> Iterable[str]:
    """Yield a changed status in one line, and below it what is wrong with it."""
    up = f"  {status['publicUrl']} → {status['targetUrl']}" if status["publicUrl"] else ""
    moving = f"  {progress_text(status['progress'])}" if status["progress"] else ""
    yield f"{status['id']}  {phase_text(status)}{up or moving}"
    yield from causes(status)


def summary(statuses: Iterable[Record]) -> str:
    """Return in one sentence how many of the tunnels that are wanted work."""
    wanted = [status for status in statuses if status["wanted"] or status["running"]]
    works = sum(map(_works, wanted))
    if not wanted:
        return "Nothing is open."
    if works == len(wanted):
        return "1 tunnel is up." if works == 1 else f"{works} tunnels are up."
    return f"{works} of {len(wanted)} tunnels {'works' if works == 1 else 'work'}."


def duration_text(seconds: float) -> str:
    """Return how long something has lasted, as exactly as people say it."""
    if seconds < _MINUTE:
        return f"{max(seconds, 0):.0f} s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE:.0f} min"
    hours, rest = divmod(int(seconds), _HOUR)
    return f"{hours} h {rest // _MINUTE} min" if seconds < _DAY else f"{hours // 24} d {hours % 24} h"


def _works(status: Record) -> bool:
    return bool(status["running"]) and not status["lastError"]


def _mark(status: Record) -> str:
    if _works(status):
        return click.style("✓ ", fg="green")
    needs_a_look = status["wanted"] or status["running"] or status["phase"] == "error"
    return click.style("! ", fg="yellow") if needs_a_look else click.style("· ", dim=True)


def _more(status: Record) -> str:
    if status["progress"]:
        return progress_text(status["progress"])
    if not status["running"]:
        return str(status["targetUrl"]) if status["phase"] == "starting" else ""
    since = status["since"]
    if since is None:
        return str(status["targetUrl"])
    lasted = (datetime.now(UTC) - datetime.fromisoformat(since)).total_seconds()
    return ", ".join([f"{status['targetUrl']} for {duration_text(lasted)}", *protection_words(status)])


def protection_words(status: Record) -> Iterable[str]:
    """Yield in a few words each what keeps visitors out, and when the tunnel stops by itself."""
    guard = status["guard"]
    if guard["password"]:
        yield "password"
    if guard["allow"]:
        yield f"only {guard['allow'][0]}" if len(guard["allow"]) == 1 else f"only {len(guard['allow'])} addresses"
    if guard["paths"]:
        yield f"only {guard['paths'][0]}" if len(guard["paths"]) == 1 else f"only {len(guard['paths'])} paths"
    if guard["readOnly"]:
        yield "read only"
    if status["expiresAt"]:
        left = (datetime.fromisoformat(status["expiresAt"]) - datetime.now(UTC)).total_seconds()
        yield f"stops in {duration_text(left)}"
    elif status["untilLogout"]:
        yield "until you log out"


def seen_from_outside(status: Record) -> Iterable[str]:
    """Yield what a look from outside has found, when, and why it is not what it should be."""
    verified = status["verified"]
    if verified["at"] is None:
        return
    at = f"{datetime.fromisoformat(verified['at']).astimezone():%H:%M}"
    match verified["state"]:
        case "ok":
            yield f"Verified from outside at {at}, in {verified['ms']} ms."
        case "failed":
            yield f"It did not work from outside at {at}: {verified['reason']}."
        case _:
            yield f"Whether it works from outside was not to be found out at {at}: {verified['reason']}."


def host_advice(status: Record, again: str) -> str | None:
    """Return the option that helps where the local server does not know the public name.

    `again` is the command that turns the tunnel on.
    """
    if status["code"] != Code.HOST_REFUSED:
        return None
    own = str(status["targetUrl"]).partition("://")[2]
    return f"To send its own name: {again} --host {own}"


def causes(status: Record) -> Iterable[str]:
    """Yield why it is as it is, what helps, and the page that lets a person go on."""
    if status.get("lastError"):
        yield str(status["lastError"])
    advice = host_advice(status, f"portway enable {status['id']}")
    if advice is not None:
        yield advice
    if status.get("actionUrl"):
        yield str(status["actionUrl"])


def show_code(url: str, indent: int = 0) -> None:
    """Draw a QR code on standard error, so that standard output holds the URL alone."""
    import io  # late, like segno: few calls ask for a code

    import segno

    drawing = io.StringIO()
    segno.make(url, error="m").terminal(drawing, compact=True)
    try:
        drawing.getvalue().encode(getattr(sys.stderr, "encoding", None) or "ascii")
    except UnicodeEncodeError:
        click.echo("This terminal cannot show a QR code.", err=True)
        return
    for line in drawing.getvalue().splitlines():
        # Its own colours: on a light terminal the code would be inverted, which many cameras do not read.
        click.echo(" " * indent + click.style(line, fg="bright_white", bg="black"), err=True)
