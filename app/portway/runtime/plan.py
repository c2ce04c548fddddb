"""From what is asked to what a run gets. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from portway.core.backend import Backend
from portway.core.hub import Ask
from portway.core.options import declared
from portway.core.secret import Secret
from portway.runtime.run import Run


def joined(wish: Ask | None, ask: Ask) -> Ask:
    """Return the wish after another enable: what that one does not name stays as it was wished."""
    if wish is None:
        return ask
    return dataclasses.replace(
        ask,
        target=ask.target or wish.target,
        options=MappingProxyType({**wish.options, **ask.options}),
        remember=ask.remember or wish.remember,
        on_stored=wish.on_stored + ask.on_stored,
        lasting=ask.lasting or wish.lasting,
    )


def restarts(backend: Backend, run: Run, ask: Ask) -> bool:
    """Whether `ask` names something else than `run` has, for which the tunnel has to start anew."""
    if ask.target is not None and ask.target != run.target:
        return True
    options = declared(backend.options)
    return any(
        name in options and options[name].restarts and value != getattr(run.options, name)
        for name, value in ask.options.items()
    )


def with_named(options: Any, ask: Ask) -> Any:  # noqa: ANN401 - any options dataclass
    """Return `options` with those replaced that `ask` names."""
    fields = {item.name for item in dataclasses.fields(options)}
    return dataclasses.replace(options, **{name: value for name, value in ask.options.items() if name in fields})


def secrets_of(ask: Ask) -> Mapping[str, Secret]:
    """Return the secrets that came with the request."""
    return {name: value for name, value in ask.options.items() if isinstance(value, Secret)}


def without_secrets(ask: Ask) -> Ask:
    """Return the same without one-shot secrets: they were not accepted, or have done their work."""
    kept = {name: value for name, value in ask.options.items() if not isinstance(value, Secret)}
    return dataclasses.replace(ask, options=MappingProxyType(kept), remember=False, on_stored=())
