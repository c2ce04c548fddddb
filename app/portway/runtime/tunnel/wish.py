"""What is wanted of the tunnels: the wish of each, what it means for an attempt, and which outlive the program."""

import dataclasses
import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from portway.core.backend import Backend
from portway.core.errors import TunnelError
from portway.core.guard.deadline import Deadline, Until
from portway.core.guard.rules import OWN_PASSWORD, PASSWORD, Guard, GuardChange, whole_change
from portway.core.hub import EnableRequest
from portway.core.options import HOST_OPTION, Kind, check_value, declared
from portway.core.secret import Secret
from portway.core.status import TunnelId
from portway.core.target import Target, parse_target
from portway.runtime.tunnel.attempt import Attempt
from portway.system.storage.wishes_file import Wish, WishesFile

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RestoredWish:
    """What was wanted of an earlier Portway: as its file has it, and the enable request that it means."""

    wish: Wish
    request: EnableRequest


class DesiredStateStore:
    """The lasting wishes of all tunnels, as state/wishes.json has them. Main thread, but `settle`.

    `left_alone`: this process serves one command. It neither restores wishes, nor changes what the file holds.
    `limit`: seconds for which `settle` waits for the disk.
    """

    def __init__(self, file: WishesFile, *, left_alone: bool = False, limit: float = 2.0) -> None:
        self._file = file
        self._limit = limit
        self._left_alone = left_alone
        self._wishes: dict[TunnelId, Wish] = {}
        self._begun = False  # until then the file holds what an earlier Portway left
        self._closed = False

    def begin(
        self, backends: Iterable[Backend], *, always: bool, clock: float, guarded: Collection[str] = ()
    ) -> Mapping[TunnelId, RestoredWish]:
        """Begin with the wishes of the earlier Portway that still hold, and return them.

        From now on an end without `finish` is an unclean one. `clock` is what the clock that counts sleep says now;
        `guarded` are the tunnels whose guard is in the settings.
        """
        if self._left_alone:
            return {}
        self._begun = True
        known = {backend.id: backend for backend in backends}
        restored: dict[TunnelId, RestoredWish] = {}
        for wish in self._file.restored(always=always):
            backend = known.get(wish.tunnel)
            fits = backend is not None and backend.kind == wish.backend
            request = request_of(backend, wish, clock, guarded) if backend is not None and fits else None
            if request is None:
                logger.warning("The stored wish for %s is not valid any more and is not restored.", wish.tunnel)
            else:
                restored[wish.tunnel] = RestoredWish(wish, request)
                self._wishes[wish.tunnel] = wish
        self._write()
        return restored

    def keep(self, wish: Wish) -> None:
        """This is wanted from now on."""
        if self._wishes.get(wish.tunnel) != wish:
            self._wishes[wish.tunnel] = wish
            self._write()

    def drop(self, tunnel: TunnelId) -> None:
        """This is not wanted any more."""
        if self._wishes.pop(tunnel, None) is not None:
            self._write()

    def settle(self) -> None:
        """Wait until the file says what is wanted. Any thread but the main one; a disk that hangs is not waited for."""
        if not self._file.flush(self._limit):
            logger.warning("The disk is slow: after a crash now, Portway may not know what was wanted.")

    def finish(self, staying: Collection[TunnelId]) -> None:
        """The program ends on purpose; tunnels of `staying` are left up. Later changes are not wishes."""
        if self._closed or not self._begun:
            return
        self._closed = True
        wishes = [dataclasses.replace(wish, stays=wish.tunnel in staying) for wish in self._wishes.values()]
        self._file.write(wishes, clean=True)

    def _write(self) -> None:
        if self._begun and not self._closed:
            self._file.write(self._wishes.values())


class DesiredState:
    """What is wanted of one tunnel, stored while it stands. Main thread.

    `request` is the wish, None while nothing is wanted; `deadline`, or `until`, is when it ends by itself. `facts` are
    the surroundings to which it belongs. `standing` is the tunnel's guard, of which a wish may differ; `records` tells
    whether requests are recorded by default.
    """

    def __init__(
        self,
        backend: Backend,
        store: DesiredStateStore,
        standing: Callable[[], Guard],
        records: Callable[[], bool],
    ) -> None:
        self._backend = backend
        self._records = records
        self._store = store
        self.request: EnableRequest | None = None
        self.deadline: Deadline | None = None
        self.until: Until | None = None
        self._standing = standing
        self._facts: Mapping[str, str] = MappingProxyType({})

    @property
    def wanted(self) -> bool:
        """Whether the tunnel is to be up."""
        return self.request is not None

    @property
    def own_target(self) -> bool:
        """Whether the target was named for this tunnel, not taken from the settings."""
        return self.request is not None and self.request.target is not None

    @property
    def inspect(self) -> bool:
        """Whether requests are to be recorded: as was named, else as is set."""
        if self.request is None:
            return False
        return self._records() if self.request.inspect is None else self.request.inspect

    @property
    def guard(self) -> Guard:
        """Who may open it, or would."""
        change = None if self.request is None else self.request.guard
        return self._standing() if change is None else change.of(self._standing())

    @property
    def password_name(self) -> str:
        """Under which name the keyring has its password."""
        change = None if self.request is None else self.request.guard
        return OWN_PASSWORD if change is not None and change.own else PASSWORD

    @property
    def facts(self) -> Mapping[str, str]:
        """The surroundings in which it was fulfilled; empty until then."""
        return self._facts

    def join(self, request: EnableRequest) -> EnableRequest:
        """Want the tunnel, or change the wish: what `request` does not name stays as it was. Return the whole."""
        self.request = joined(self.request, request)
        return self.request

    def bind(self, facts: Mapping[str, str]) -> None:
        """The wish belongs to these surroundings from now on. Store it."""
        self._facts = facts
        if self.until is not None:
            # Whoever starts Portway next may have logged in anew: what was to end with that does not come back.
            self._store.drop(self._backend.id)
        elif self.request is not None and self.request.lasting:
            own = self.password_name == OWN_PASSWORD
            wish = wish_of(self._backend, self.request, facts)
            change = self.request.guard
            rules = () if change is None else tuple(change.rules)
            wish = dataclasses.replace(wish, guard=self.guard, own_password=own, own_rules=rules)
            if self.deadline is not None:
                wish = dataclasses.replace(wish, expires_at=self.deadline.at, expires_due=self.deadline.due)
            self._store.keep(wish)

    def keep(self) -> None:
        """Store what was changed."""
        self.bind(self._facts)

    def fulfilled(self) -> None:
        """What was to be done the first time it comes up is done."""
        if self.request is not None:
            self.request = dataclasses.replace(
                self.request, remember=False, on_stored=(), by_person=False, restored=False
            )

    def drop_secrets(self) -> None:
        """The secrets that came with the request were not accepted."""
        if self.request is not None:
            self.request = without_secrets(self.request)

    def follow_guard(self, named: Collection[str]) -> None:
        """What is named of the guard holds as the tunnel has it, not as this wish had it."""
        if self.request is not None and self.request.guard is not None:
            self.request = dataclasses.replace(self.request, guard=self.request.guard.without(named))

    def drop(self) -> None:
        """The tunnel is not wanted any more."""
        self.request = self.deadline = self.until = None
        self._facts = MappingProxyType({})
        self._store.drop(self._backend.id)


def joined(wish: EnableRequest | None, request: EnableRequest) -> EnableRequest:
    """Return the wish after another enable: what `request` does not name stays as it was."""
    if request.follows_default:
        request = dataclasses.replace(request, target=None)
    if wish is None:
        follows = request.inspect is not None or request.by_person or request.restored
        return request if follows else dataclasses.replace(request, inspect=False)  # a call says what it wants
    return dataclasses.replace(
        request,
        target=None if request.follows_default else request.target or wish.target,
        options=MappingProxyType({**_lasting(wish, request), **request.options}),
        remember=request.remember or wish.remember,
        on_stored=wish.on_stored + request.on_stored,
        lasting=request.lasting or wish.lasting,
        inspect=wish.inspect if request.inspect is None else request.inspect,
        guard=wish.guard if request.guard is None else request.guard.after(wish.guard),
    )


def _lasting(wish: EnableRequest, request: EnableRequest) -> Mapping[str, object]:
    """Return the options of a wish that hold for a request, too: the Host belongs to the target it was sent to."""
    same = not request.follows_default and (request.target is None or request.target == wish.target)
    return wish.options if same else {name: value for name, value in wish.options.items() if name != HOST_OPTION}


def led_on(latest: Attempt, wish: EnableRequest, target: Target | None) -> Attempt:
    """Return `latest` as it leads to `target`, None for its own, under the Host that is wanted for that."""
    fields = {item.name for item in dataclasses.fields(latest.options)}  # type: ignore[arg-type]
    options: Any = latest.options
    if HOST_OPTION in fields:
        options = dataclasses.replace(options, **{HOST_OPTION: wish.options.get(HOST_OPTION, "")})
    return dataclasses.replace(latest, target=target or latest.target, options=options)


def restarts(backend: Backend, attempt: Attempt, request: EnableRequest) -> bool:
    """Whether `request` names options other than `attempt` has, for which the tunnel has to start anew."""
    options = declared(backend.options)
    return any(
        name in options and name != HOST_OPTION and options[name].restarts and value != getattr(attempt.options, name)
        for name, value in request.options.items()
    )


def without_host(options: Any) -> Any:  # noqa: ANN401 - any options dataclass
    """Return `options` without a Host of their own: that belongs to the target with which it was set."""
    return dataclasses.replace(options, **{HOST_OPTION: ""}) if getattr(options, HOST_OPTION, "") else options


def with_named(options: Any, request: EnableRequest) -> Any:  # noqa: ANN401 - any options dataclass
    """Return `options` with those replaced that `request` names."""
    fields = {item.name for item in dataclasses.fields(options)}
    named = {name: value for name, value in request.options.items() if name in fields}
    return dataclasses.replace(options, **named)


def secrets_of(request: EnableRequest) -> Mapping[str, Secret]:
    """Return the secrets that came with the request."""
    return {name: value for name, value in request.options.items() if isinstance(value, Secret)}


def without_secrets(request: EnableRequest) -> EnableRequest:
    """Return the same without one-shot secrets: they were not accepted, or have done their work."""
    kept = {name: value for name, value in request.options.items() if not isinstance(value, Secret)}
    return dataclasses.replace(request, options=MappingProxyType(kept), remember=False, on_stored=())


def wish_of(backend: Backend, request: EnableRequest, facts: Mapping[str, str]) -> Wish:
    """Return what is stored of an enable: what was named in it, without secrets."""
    kept = {
        name: request.options[name]
        for name, option in declared(backend.options).items()
        if name in request.options and option.kind is not Kind.SECRET
    }
    options = {name: value for name, value in kept.items() if isinstance(value, str | int | bool)}
    target = None if request.target is None else request.target.url
    return Wish(
        tunnel=backend.id,
        backend=backend.kind,
        target=target,
        options=MappingProxyType(options),
        facts=MappingProxyType(dict(facts)),
        inspect=request.inspect,
    )


def request_of(backend: Backend, wish: Wish, clock: float, guarded: Collection[str] = ()) -> EnableRequest | None:
    """Return the enable that a restored wish means; None if its target is not one. A bad option is left out alone."""
    try:
        target = None if wish.target is None else parse_target(wish.target)
    except TunnelError:
        return None
    options: dict[str, object] = {}
    for name, option in declared(backend.options).items():
        if name in wish.options and option.kind is not Kind.SECRET:
            try:
                options[name] = check_value(option, wish.options[name])
            except TunnelError:
                continue
    return EnableRequest(
        target=target,
        options=MappingProxyType(options),
        restored=True,
        inspect=wish.inspect,
        guard=_guard_of(wish, alone=wish.tunnel not in guarded),
        expires_in=_time_left(wish, clock),
    )


def _guard_of(wish: Wish, *, alone: bool) -> GuardChange | None:
    """Return what a stored wish changes of the tunnel's guard. Where there is none, all that held holds again."""
    whole = whole_change(wish.guard, own=wish.own_password)
    return whole if alone and wish.guard.stands else whole.without(whole.rules.keys() - set(wish.own_rules))


def _time_left(wish: Wish, clock: float) -> float | None:
    """Return the seconds until a stored wish ends, not more than 0 if it has; None if it does not end by itself."""
    return None if wish.expires_at is None else Deadline.kept(wish.expires_at, clock, wish.expires_due).left(clock)
