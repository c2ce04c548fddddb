"""The answers as types, as far as every backend has them; the OpenAPI document is made from the same."""

import dataclasses
from datetime import datetime
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from portway.core.codes import Code
from portway.core.guard.rules import Guard, note_of, plain_network
from portway.core.options import camel
from portway.core.status import Passage, Phase, Progress, Proof, Reach, StreamTest, Traffic, Verified

Action = Literal["enable", "disable"]


class Message(Struct, frozen=True, kw_only=True, rename=camel):
    """What every message is: fields in camelCase; one that is unset is left out."""


class ProgressMessage(Message, frozen=True, kw_only=True):
    """How far a long step is; `received` and `total` are null where unknown."""

    step: str
    message: str
    received: int | None
    total: int | None


class TrafficMessage(Message, frozen=True, kw_only=True):
    """What passed since the tunnel came up; bytes are those of bodies."""

    requests: int
    failures: int
    refused: int
    visitors: int
    active_connections: int
    bytes_in: int
    bytes_out: int
    last_at: datetime | None


class GuardMessage(Message, frozen=True, kw_only=True):
    """Who may open a tunnel. `password` tells whether visitors are asked for one; it is never told itself.

    `notes` has what a person noted of entries of `allow` and `deny`.
    """

    password: bool
    basic: bool
    allow: tuple[str, ...]
    deny: tuple[str, ...]
    read_only: bool
    open: tuple[str, ...]
    paths: tuple[str, ...]
    rate_limit: int | None
    notes: dict[str, str]


class VerifiedMessage(Message, frozen=True, kw_only=True):
    """What a look at the public URL from outside found. `unknown`: it could not be found out from here."""

    state: Proof
    at: datetime | None
    ms: int | None
    reason: str | None


class StatusMessage(Message, frozen=True, kw_only=True):
    """What is known about one tunnel now. Each service adds fields of its own.

    `caution` is what to know before it is turned on beside the others of its backend that are on, null where there is
    nothing, and while it is on itself.
    """

    id: str
    name: str
    saved: bool
    backend: str
    reach: Reach
    phase: Phase
    running: bool
    public_url: str | None
    api_url: str | None
    target_url: str
    last_error: str | None
    code: Code | None
    action_url: str | None
    supported: bool
    installed: bool
    binary_path: str | None
    version: str | None
    install_source: str | None
    managed_install: bool
    pid: int | None
    progress: ProgressMessage | None
    wanted: bool
    since: datetime | None
    attempt: int
    retry_at: datetime | None
    log_path: str | None
    traffic: TrafficMessage | None
    inspect: bool
    host: str | None
    guard: GuardMessage
    expires_at: datetime | None
    until_logout: bool
    verified: VerifiedMessage
    caution: str | None


class FailureMessage(Message, frozen=True, kw_only=True):
    """The one envelope of all errors."""

    error: str
    code: Code
    status: StatusMessage | UnsetType = UNSET


class TunnelsMessage(Message, frozen=True, kw_only=True):
    """That a tunnel was added, is called or set otherwise, or is gone."""

    tunnel: str
    change: Literal["added", "changed", "removed"]


class StreamCheckMessage(Message, frozen=True, kw_only=True):
    """How one thing gets through: `held`: it is kept on the way until it is whole. `reason` says what that means."""

    test: StreamTest
    state: Passage
    reason: str
    ms: int | None


class HealthMessage(Message, frozen=True, kw_only=True):
    """That Portway runs, and which version."""

    ok: bool
    version: str


class DoneMessage(Message, frozen=True, kw_only=True):
    """That it was done."""

    success: bool


class LinkMessage(Message, frozen=True, kw_only=True):
    """A URL that lets one device in without the password, once."""

    url: str


class TokenMessage(Message, frozen=True, kw_only=True):
    """The lasting token. `warning` says that it is stored nowhere, so that this is the only time it is shown."""

    token: str
    warning: str | UnsetType = UNSET


class SwitchMessage(Message, frozen=True, kw_only=True):
    """How an enable or disable came out. `success` is true exactly when it is as asked.

    `warning` says that a token that was to be remembered is held until exit only.
    """

    success: bool
    action: Action
    status: StatusMessage
    pending: bool | UnsetType = UNSET
    error: str | UnsetType = UNSET
    code: Code | UnsetType = UNSET
    action_url: str | UnsetType = UNSET
    warning: str | UnsetType = UNSET


class CommandMessage(Message, frozen=True, kw_only=True):
    """How a command came out, with what it found."""

    success: bool
    status: StatusMessage
    pending: bool | UnsetType = UNSET
    error: str | UnsetType = UNSET
    code: Code | UnsetType = UNSET
    action_url: str | UnsetType = UNSET


def traffic_message(traffic: Traffic) -> TrafficMessage:
    """Return figures as they are sent."""
    return TrafficMessage(**{name: getattr(traffic, name) for name in TrafficMessage.__struct_fields__})


def guard_message(guard: Guard) -> GuardMessage:
    """Return a guard as it is sent."""
    rules = {item.name: getattr(guard, item.name) for item in dataclasses.fields(guard)}
    entries = (*guard.allow, *guard.deny)
    notes = {plain_network(entry): note_of(entry) for entry in entries if note_of(entry)}
    plain = {name: tuple(map(plain_network, rules[name])) for name in ("allow", "deny")}
    return GuardMessage(**{**rules, **plain, "notes": notes})


def verified_message(verified: Verified) -> VerifiedMessage:
    """Return what was found as it is sent."""
    reason = None if verified.reason is None else str(verified.reason)
    return VerifiedMessage(state=verified.state, at=verified.at, ms=verified.ms, reason=reason)


def progress_message(progress: Progress) -> ProgressMessage:
    """Return a progress as it is sent."""
    return ProgressMessage(
        step=progress.step, message=progress.message, received=progress.received, total=progress.total
    )
