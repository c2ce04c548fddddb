"""All time limits in one value, so that tests run them at a fraction. Seconds."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long things may take. Seconds throughout. A backend adds what only it has in a class that inherits this."""

    resolve_address: float = 0.3  # one try to connect to 127.0.0.1 or ::1 while a target is resolved
    resolve_name: float = 5.0  # the look-up of a target's name
    origin_look: float = 1.0  # one look at a target while a tunnel runs
    origin_speech: float = 15.0  # for a target's first word: servers for development may build the page first
    origin_watch_up: float = 10.0  # between two looks at a target that answers
    origin_watch_down: float = 5.0  # between two looks at a target that does not
    start_limit: float = 30.0  # from start to verified-ready
    stop_grace: float = 5.0  # between asking a child to end and ending it
    close_limit: float = 8.0  # for one session to close
    quit_limit: float = 1.2  # for all sessions to close at the end of the program; their processes are ended then
    retry_first: float = 1.0
    retry_longest: float = 60.0
    rate_limit_wait: float = 300.0
    intercepted_wait: float = 60.0  # what opens encrypted connections does not go away within seconds
    steady_after: float = 60.0  # a tunnel up for so long has earned a fresh back-off
    auth_watch_every: float = 3.0
    auth_watch_for: float = 600.0
    stall_limit: float = 15.0  # a download without a byte
    request_limit: float = 5.0  # a whole request must have arrived at the REST server
    handed_limit: float = 10.0
    closing_limit: float = 1.0
    wrong_token_delay: float = 0.1
    enable_wait: float = 60.0
    event_heartbeat: float = 15.0
    keyring_limit: float = 10.0
    keyring_patience: float = 2.0  # where the environment has the token too
    probe_limit: float = 5.0  # one bounded call to a measuring command
    network_poll: float = 10.0  # where no change event can be had
    network_debounce: float = 0.2
    poll: float = 30.0  # slow look at what could change outside
    command_limit: float = 20.0  # one changing call to a command of another program
    password_limit: float = 15.0  # sudo's look at a password: a fingerprint reader may hang
    dialog_limit: float = 120.0  # a person at the system's own question for rights
    lost_after: float = 15.0  # a tunnel that is away for so long is worth a notification
    own_click: float = 3.0  # what comes so soon after a person's click needs none
    consent_limit: float = 60.0  # for a person to say whether a program may open a tunnel
    look_retry: float = 15.0  # between two looks from outside, at first, where the last one found nothing
    look_again: float = 600.0  # what was found from outside is not looked for again so soon
    look_after_change: float = 10.0  # after a change of the network: the tunnel notices it as well
    hook_limit: float = 10.0  # a person's own command that takes a URL

    @classmethod
    def of(cls, common: Timing) -> Self:
        """Return `common` with the limits that a backend adds in a class of its own; one of that class as it is."""
        if isinstance(common, cls):
            return common
        return cls(**{item.name: getattr(common, item.name) for item in fields(common)})

    def scaled(self, factor: float) -> Self:
        """Return the same limits, all multiplied by `factor`."""
        return replace(self, **{item.name: getattr(self, item.name) * factor for item in fields(self)})
