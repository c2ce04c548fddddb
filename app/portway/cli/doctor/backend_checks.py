"""What `portway doctor` looks at for each backend: program, token, what runs, and tunnels of others."""

from collections.abc import Collection, Iterable, Iterator

from portway.cli.client.client import Record
from portway.cli.doctor.finding import Finding, Grade
from portway.cli.invocation import Invocation
from portway.cli.terminal.show import host_advice
from portway.core.backend import Backend
from portway.core.errors import TunnelError
from portway.core.options import declared
from portway.system.processes.identity import boot_id
from portway.system.secrets.source import secret_at_hand
from portway.system.services import Services
from portway.system.storage.wishes_file import WishesFile

_FOR_MUCH_ELSE = frozenset({"ssh"})  # programs that run for other reasons than a tunnel


def wanted(invocation: Invocation, statuses: Iterable[Record] | None) -> frozenset[str]:
    """Return the backends that are wanted: now, or at the next start."""
    if statuses is not None:
        return frozenset(status["backend"] for status in statuses if status["wanted"])
    restore = invocation.settings_file(invocation.backends).load().general.restore
    wishes = WishesFile(invocation.folders.state / "wishes.json", boot_id())
    return frozenset(str(wish.backend) for wish in wishes.restored(always=restore))


def check_all(invocation: Invocation, wishes: Collection[str]) -> Iterator[Finding]:
    """Look at each backend, from this process."""
    services = invocation.services()
    for backend in invocation.build_backends(services):
        finding = _inspected(backend, is_wanted=backend.id in wishes)
        yield finding
        if finding.grade is Grade.GOOD:  # else the finding itself says what comes first
            yield from _tokens(services, backend)


def reported(statuses: Iterable[Record]) -> Iterator[Finding]:
    """Tell what a running Portway says of itself, where there is trouble."""
    for status in statuses:
        name = status["id"]
        if status["lastError"] is None:
            continue
        stopped = status["wanted"] and status["phase"] in ("error", "needs_auth")
        grade = Grade.BAD if stopped else Grade.NOTE
        way_on = status["actionUrl"] or host_advice(status, f"portway enable {name}") or ""
        yield Finding(f"{name} now", grade, status["lastError"], way_on, stopped)


def foreign(backends: Iterable[Backend], statuses: Iterable[Record]) -> Iterator[Finding]:
    """Tell of programs that tunnel without us. They are left alone."""
    import psutil  # late: only doctor looks at other processes

    ours = {status["pid"] for status in statuses}
    names = {str(backend.id) for backend in backends} - _FOR_MUCH_ELSE
    for process in psutil.process_iter(["pid", "name"]):
        name = (process.info["name"] or "").removesuffix(".exe")
        if name in names and process.info["pid"] not in ours:
            text = f"process {process.info['pid']} was not started by this Portway, and is left alone."
            yield Finding(f"other {name}", Grade.NOTE, text)


def _inspected(backend: Backend, *, is_wanted: bool) -> Finding:
    try:
        found = backend.inspect()
    except TunnelError as error:
        return Finding(backend.id, Grade.BAD, str(error), error.problem.action_url or "", is_wanted)
    if not found.supported:
        return Finding(backend.id, Grade.NOTE, "it does not run on this system.", "", is_wanted)
    if not found.installed:
        return Finding(
            backend.id, _trouble(is_wanted), "it is not installed.", _install_way(backend), _stops(backend, is_wanted)
        )
    where = f" at {found.binary_path}" if found.binary_path else f" ({found.source})" if found.source else ""
    facts = f"version {found.version}{where}" if found.version else f"found{where}"
    if found.missing is not None:
        way = f"portway login {backend.id}" + (
            f"; the page is {found.missing.action_url}" if found.missing.action_url else ""
        )
        return Finding(backend.id, _trouble(is_wanted), f"{facts}. {found.missing.sentence}", way, is_wanted)
    return Finding(backend.id, Grade.GOOD, f"{facts}.")


def _trouble(is_wanted: bool) -> Grade:  # noqa: FBT001 - the one thing it depends on
    return Grade.BAD if is_wanted else Grade.NOTE


def _stops(backend: Backend, is_wanted: bool) -> bool:  # noqa: FBT001 - the one thing it depends on
    """Whether a missing program is in the way; one that an enable installs by itself is not."""
    return is_wanted and not any(command.name == "install" for command in backend.commands)


def _install_way(backend: Backend) -> str:
    can = any(command.name == "install" for command in backend.commands)
    return f"portway install {backend.id}" if can else backend.about.get


def _tokens(services: Services, backend: Backend) -> Iterator[Finding]:
    for name, option in declared(backend.options).items():
        if not option.stored:
            continue
        if secret_at_hand(services, backend.id, name, option):
            yield Finding(f"{backend.id} token", Grade.GOOD, "there is one.")
        elif not option.own:  # that of one tunnel is no need of its backend
            way = f"portway login {backend.id}" + (f"; the page is {option.page}" if option.page else "")
            yield Finding(f"{backend.id} token", Grade.NOTE, "there is none that Portway knows of.", way)
