"""What can go wrong, as values: a code, named parameters, and the sentence that follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from portway.core.codes import FACTS, Code, CodeFacts
from portway.core.sentences import SENTENCES


@dataclass(frozen=True, slots=True)
class Problem:
    """One cause of trouble, told apart from how it is told.

    `variant` picks a more precise sentence of the same code. `parameters` fill its template and hold no secret.
    `action_url` is a page that lets a person go on. `retry_after` is in seconds, where the service named a time.
    """

    code: Code
    variant: str = ""
    parameters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    action_url: str | None = None
    retry_after: float | None = None

    def __post_init__(self) -> None:
        # A missing parameter is a bug of the caller: found here, not where the sentence is shown.
        SENTENCES[self.key].format_map(self.parameters)

    @property
    def key(self) -> str:
        """The name of its sentence: the code, and the variant after a dot where there is one."""
        return f"{self.code}.{self.variant}" if self.variant else str(self.code)

    @property
    def sentence(self) -> str:
        """One English sentence that a person can act on."""
        return SENTENCES[self.key].format_map(self.parameters)

    @property
    def facts(self) -> CodeFacts:
        """HTTP status and kind of its code."""
        return FACTS[self.code]


class TunnelError(Exception):
    """A failure with a known cause. Anything else that is raised is a bug of ours.

    TunnelError
    ├── AuthNeeded    a person has to do something elsewhere first (phase needs_auth)
    └── Cancelled     the person took the wish back
    """

    def __init__(
        self,
        code: Code,
        variant: str = "",
        *,
        action_url: str | None = None,
        retry_after: float | None = None,
        **parameters: object,
    ) -> None:
        texts = {name: str(value) for name, value in parameters.items()}
        self.problem = Problem(code, variant, MappingProxyType(texts), action_url, retry_after)
        super().__init__(self.problem.sentence)

    @property
    def code(self) -> Code:
        """The stable word for the cause."""
        return self.problem.code


class AuthNeeded(TunnelError):  # noqa: N818 - names the state it leads to
    """A token, a login or a permission is missing; `open` returns at once instead of waiting for a person."""


class Cancelled(TunnelError):  # noqa: N818 - an outcome, not a fault
    """The work was cancelled by a newer wish. Backends let it pass."""

    def __init__(self) -> None:
        super().__init__(Code.CANCELLED)
