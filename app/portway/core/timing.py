"""All time limits in one value, so that tests run them at a fraction. Seconds."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long things may take. Seconds throughout."""

    resolve_address: float = 0.3  # one try to connect to 127.0.0.1 or ::1 while a target is resolved
    origin_look: float = 1.0  # one look at a target while a tunnel runs
    origin_watch_up: float = 10.0  # between two looks at a target that answers
    origin_watch_down: float = 5.0  # between two looks at a target that does not
    start_limit: float = 30.0  # from start to verified-ready
    stop_grace: float = 5.0  # between asking a child to end and ending it
    close_limit: float = 8.0  # for one session to close at shutdown
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
    address_return: float = 10.0  # a lost address that returns within this keeps its tunnel
    firewall_hint: float = 20.0  # without a visitor under a firewall
    name_answer: float = 1.0  # to a multicast query; avahi answers within 1 ms
    poll: float = 30.0  # slow look at what could change outside
    command_limit: float = 20.0  # one changing call to a command of another program
    password_limit: float = 15.0  # sudo's look at a password: a fingerprint reader may hang
    dialog_limit: float = 120.0  # a person at the system's own question for rights
    install_limit: float = 600.0
    lost_after: float = 15.0  # a tunnel that is away for so long is worth a notification
    own_click: float = 3.0  # what comes so soon after a person's click needs none
    hook_limit: float = 10.0  # a person's own command that takes a URL
    agent_connect: float = 15.0  # an agent session to be accepted by the service
    agent_bind: float = 10.0  # an endpoint to be opened on it
    agent_unbind: float = 1.0
    agent_hang_up: float = 0.3
    agent_heartbeat: float = 10.0  # whole seconds; the tolerance for a late one is as long again, and half
    agent_settle: float = 1.0  # a reconnect that is not refused within this has succeeded
    agent_retry_longest: float = 30.0  # between two of the session's own tries to come back
    edge_look: float = 10.0  # between two looks at a metrics server whose program has written nothing
    words_look: float = 0.25  # between two looks at what a child writes all the time
    daemon_look: float = 10.0  # between two looks at what a daemon of this computer serves
    silent_loss: float = 240.0  # a connection that broke without a word is noticed and back: 149 s and 44 s, measured
    public_look: float = 600.0  # at our own URL from outside, where nothing else tells: each look counts as a visit

    def scaled(self, factor: float) -> Timing:
        """Return the same limits, all multiplied by `factor`."""
        return replace(self, **{item.name: getattr(self, item.name) * factor for item in fields(self)})
