"""The relays of all tunnels: each one listens where it always did, before its backend is opened."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from portway.core.backend import Backend, PortOwner
from portway.core.cancel import CancelToken
from portway.core.codes import Code
from portway.core.errors import TunnelError
from portway.core.guard.rules import OWN_PASSWORD
from portway.core.hub import KeptOut
from portway.core.options import HOST_OPTION
from portway.core.status import Reach, TunnelId
from portway.core.target import Target
from portway.core.timing import Timing
from portway.runtime.tunnel.attempt import Attempt, AttemptListener, Terms
from portway.runtime.tunnel.request_log import LateRequestLog
from portway.system.desktop.awake import Clock
from portway.system.secrets.store import KeyringUnreachableError, SecretStore
from portway.system.storage.app_state import AppState

if TYPE_CHECKING:
    from portway.core.secret import Secret
    from portway.relay.capture.recorder import Recorder
    from portway.relay.guard.gate import Gate
    from portway.relay.http.stage import Pace, Stage
    from portway.relay.relay import Relay


class Relays:
    """What the relays of all tunnels share. Safe on every thread.

    `learn` is told each password that visitors are asked for, so that logs can hide it.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - each is a dependency of its own
        self,
        memory: AppState,
        timing: Timing,
        requests: LateRequestLog,
        secrets: SecretStore,
        learn: Callable[[Secret], None],
        clock: Clock,
    ) -> None:
        self.memory = memory
        self.clock = clock
        self.secrets = secrets
        self.learn = learn
        self.timing = timing
        self.requests = requests
        self._lock = threading.Lock()
        self._ports: frozenset[int] = frozenset()

    @property
    def ports(self) -> frozenset[int]:
        """Those on which relays listen now: never a target."""
        return self._ports

    def opened(self, port: int) -> None:
        """A relay listens there."""
        with self._lock:
            self._ports |= {port}

    def forget(self, tunnel: TunnelId) -> None:
        """That tunnel is gone, and with it what was recorded of it and the port that was kept for it."""
        self.memory.forget_tunnel(tunnel)
        self.requests.record(tunnel, on=False)
        self.requests.clear(tunnel)

    def closed(self, port: int) -> None:
        """None listens there any longer."""
        with self._lock:
            self._ports -= {port}


class TunnelRelay:
    """The relay of one tunnel, and the gate before it, which outlives the relay. Worker's thread, but what says so."""

    def __init__(self, backend: Backend, relays: Relays) -> None:
        self._backend = backend
        self._relays = relays
        self._relay: Relay | None = None
        self._lock = threading.Lock()
        self._gate: Gate | None = None
        self._terms = Terms()
        self._passwords: dict[str, Secret] = {}  # that were given or read, by their name in the keyring

    def guard_by(self, terms: Terms) -> None:
        """Let these terms hold from now on, also for visitors who are in. Any thread."""
        if terms.password is not None:
            self._relays.learn(terms.password)
        with self._lock:
            self._terms = terms
            if terms.password is not None:
                self._passwords[terms.password_name] = terms.password
            if self._gate is not None:
                self._apply(self._gate)

    @property
    def is_open(self) -> bool:
        """Whether visitors pass it. Any thread."""
        return self._relay is not None

    def expire(self) -> None:
        """Let nobody in any longer, and cut those who are. Any thread."""
        with self._lock:
            if self._gate is not None:
                self._gate.expire()

    def forget_visitors(self) -> None:
        """Nothing is wanted any longer: whoever was in, and a password of that wish alone, is forgotten. Any thread."""
        with self._lock:
            self._passwords.pop(OWN_PASSWORD, None)
            if self._gate is not None:
                self._gate.forget_visitors()

    def expect_visit(self) -> tuple[str, bytes]:
        """Return a path that is answered once with this content, whatever the rules for visitors are. Any thread."""
        return self.gate().expect_visit()

    def open_stage(self, pace: Pace) -> Stage:
        """Answer the requests of a test from now on, whatever the rules for visitors are. Any thread."""
        return self.gate().open_stage(pace)

    def end_stage(self) -> None:
        """Answer them no longer. Any thread; idempotent."""
        with self._lock:
            gate = self._gate
        if gate is not None:
            gate.end_stage()

    def one_time_link(self) -> str | None:
        """Return the path of a link that lets one device in, None where there is none. Any thread."""
        with self._lock:
            return None if self._gate is None else self._gate.new_link()

    def link_waits(self, path: str) -> bool:
        """Whether the link of this path was not used yet. Any thread."""
        with self._lock:
            return self._gate is not None and self._gate.link_waits(path)

    def kept_out(self) -> tuple[KeptOut, ...]:
        """Return those who were kept out since it came up, the latest first. Any thread."""
        with self._lock:
            return () if self._gate is None else self._gate.kept_out.all()

    def visits(self) -> Mapping[str, datetime]:
        """Return when those who may come were there last, by entry of the rule about addresses. Any thread."""
        with self._lock:
            return {} if self._gate is None else self._gate.visits.all()

    def unlock(self, cancel: CancelToken) -> None:
        """Read the password of the terms, unless it is known. Raises TunnelError(no_secure_storage), Cancelled."""
        terms = self._terms
        if not terms.guard.password or terms.password_name in self._passwords:
            return
        try:
            found = self._relays.secrets.get(self._backend.id, terms.password_name, cancel=cancel)
        except KeyringUnreachableError:
            raise TunnelError(Code.NO_SECURE_STORAGE, "guard") from None
        if found is None:
            raise TunnelError(Code.NO_SECURE_STORAGE, "guard_lost")
        self._relays.learn(found)
        with self._lock:
            self._passwords.setdefault(terms.password_name, found)
            if self._gate is not None:
                self._apply(self._gate)

    def gate(self) -> Gate:
        """Return what judges visitors of this tunnel."""
        from portway.relay.guard.gate import Gate  # late: only what is open needs it

        backend = self._backend
        with self._lock:
            if self._gate is None:
                secure = backend.reach is Reach.INTERNET  # over http, as in the local network, no browser keeps it so
                clock = self._relays.clock
                self._gate = Gate(backend.id, client_header=backend.trusted_client, secure=secure, clock=clock)
            self._apply(self._gate)
            return self._gate

    def own_gate(self, *, wanted: bool) -> Gate | None:
        """Return one for a backend that listens for visitors itself and is to be open."""
        return self.gate() if wanted and isinstance(self._backend, PortOwner) else None

    def _apply(self, gate: Gate) -> None:
        """Under the lock."""
        terms = self._terms
        gate.guard_by(terms.guard, self._passwords.get(terms.password_name), terms.deadline)

    def serves(self, attempt: Attempt) -> bool:
        """Whether an attempt goes through it: one that listens for visitors itself has the same inside."""
        return attempt.relayed and not attempt.only_adopt and not isinstance(self._backend, PortOwner)

    def recorder(self) -> Recorder:
        """Return what writes exchanges of this tunnel into the store, while that is wanted."""
        from portway.relay.capture.recorder import Recorder  # late: only what is open needs it
        from portway.relay.relay import client_by

        return Recorder(self._relays.requests.store, self._backend.id, client_by(self._backend.trusted_client))

    def own_recorder(self, *, wanted: bool) -> Recorder | None:
        """Return one for a backend that listens for visitors itself and is to be open."""
        return self.recorder() if wanted and isinstance(self._backend, PortOwner) else None

    def open(self, attempt: Attempt, listener: AttemptListener) -> Target:
        """Listen, and return what the backend is to lead to. Raises TunnelError."""
        return self._open(attempt, listener, kept=True)

    def open_elsewhere(self, attempt: Attempt, listener: AttemptListener) -> Target:
        """Listen at another port than the one that is kept, and keep that. Raises TunnelError."""
        return self._open(attempt, listener, kept=False)

    def lead(self, attempt: Attempt, origin: Target) -> bool:
        """Lead visitors to the target of an attempt, under the name that it is to get; False without a relay."""
        if self._relay is None:
            return False
        self._relay.send_host(attempt.host, attempt.target)
        return self.aim_at(origin)

    def without_host(self, attempt: Attempt) -> object:
        """Return the options for the backend, which has not to rewrite what the relay does."""
        if not self.serves(attempt) or not getattr(attempt.options, HOST_OPTION, ""):
            return attempt.options
        return dataclasses.replace(attempt.options, **{HOST_OPTION: ""})  # type: ignore[type-var]

    def aim_at(self, origin: Target) -> bool:
        """Lead visitors to another literal address, or another target; False where there is no relay."""
        if self._relay is None:
            return False
        self._relay.aim_at(origin)
        return True

    def shut_out(self) -> None:
        """Let nobody in any longer. What leads here may live on for a while, so the port is kept."""
        if self._relay is not None:
            self._relay.shut_out()

    def close(self) -> None:
        """Free everything. Idempotent."""
        relay, self._relay = self._relay, None
        if relay is not None:
            relay.close(self._relays.timing.close_limit)
            self._relays.closed(relay.port)

    def _open(self, attempt: Attempt, listener: AttemptListener, *, kept: bool) -> Target:
        from portway.relay.ports import listen_at_kept_port, listen_at_new_port  # late: only what is open needs it
        from portway.relay.relay import Opening, Relay

        memory = self._relays.memory
        listening = listen_at_kept_port(self._backend.id, memory) if kept else None
        if listening is None:
            listening = listen_at_new_port(self._backend.id, memory, self._relays.ports | {attempt.target.port})
        opening = Opening(
            listening=listening,
            name=self._backend.title,
            origin=attempt.target.first,
            listener=listener,
            client_header=self._backend.trusted_client,
            recorder=self.recorder(),
            gate=self.gate(),
        )
        self._relay = Relay(opening)
        self._relays.opened(self._relay.port)
        return self._relay.address
