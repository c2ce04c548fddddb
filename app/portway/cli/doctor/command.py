"""`portway doctor`: looks at all that tunnels need, and says what helps."""

from collections.abc import Iterable, Iterator

import click

from portway.cli.client.client import Record, show_json
from portway.cli.doctor.finding import Finding, Grade
from portway.cli.failure import Exit, Failed, WrongUsage
from portway.cli.invocation import Invocation
from portway.core.foreign_text import harmless_line

_COLOURS = {Grade.GOOD: "green", Grade.NOTE: "yellow", Grade.BAD: "red"}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option(
    "--bundle",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write what helps others to find a fault into a zip file, once you have seen it.",
)
@click.option("--yes", is_flag=True, help="With --bundle: do not ask.")
@click.pass_obj
def doctor_command(invocation: Invocation, *, as_json: bool, bundle: str | None, yes: bool) -> int:
    """Look at every way, the network, the keyring, the ports and the folders, and say what helps.

    Nothing is changed. Whether there is a newer version is asked only where the setting checkForUpdates allows it. A
    running Portway adds what it knows. The exit code is 1 only if something that is wanted cannot work.

    A bundle holds versions, settings, states, the ends of the logs and these findings, without secrets, addresses,
    paths and names. Nothing is sent anywhere.
    """
    if bundle is not None:
        if as_json:
            raise WrongUsage("--bundle and --json do not go together.")
        from portway.cli.doctor.bundle import collect, save  # late: few ask for it

        save(collect(invocation, _statuses(invocation), findings(invocation)), bundle, yes=yes)
        return Exit.DONE
    found = []
    for finding in findings(invocation):
        found.append(finding)
        if not as_json:
            click.echo("\n".join(_lines(finding)))
    healthy = not any(finding.stops_a_wish for finding in found)
    if as_json:
        show_json({"healthy": healthy, "findings": [finding.as_record() for finding in found]})
    elif healthy:
        click.echo("Nothing that is wanted is in the way.")
    return Exit.DONE if healthy else Exit.FAILED


def findings(invocation: Invocation) -> Iterator[Finding]:
    """Yield what is found, one by one: some of it takes seconds. Changes nothing, asks nothing."""
    from portway.cli.doctor import backend_checks, system_checks  # late: they need nearly everything

    statuses = _statuses(invocation)
    wanted = backend_checks.wanted(invocation, statuses)
    yield system_checks.running(statuses)
    yield from backend_checks.check_all(invocation, wanted)
    yield from backend_checks.reported(statuses or ())
    yield from backend_checks.foreign(invocation.backends, statuses or ())
    yield from system_checks.check_all(invocation, runs=statuses is not None)


def _statuses(invocation: Invocation) -> Iterable[Record] | None:
    """Return what a running Portway knows, None if none runs."""
    try:
        client = invocation.living_client()
        return None if client is None else list(client.call("GET", "/api/tunnels").body["tunnels"])
    except Failed:
        return None


def _lines(finding: Finding) -> Iterator[str]:
    text = harmless_line(finding.text)  # of a program's own words, too
    yield f"{click.style(finding.grade.ljust(4), fg=_COLOURS[finding.grade])}  {finding.subject}: {text}"
    if finding.way_on:
        yield f"      → {finding.way_on}"
