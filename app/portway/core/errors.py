"""What can go wrong, as values: a code, named parameters, and the sentence that follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from portway.core.codes import Code
from portway.core.sentences import Cause, common_cause

# What the sentence about a refused value may tell: the field and what is expected of it, all words of ours. What was
# given may be a secret that went into the wrong place, so no parameter holds it. `port` is that of our own API.
_OF_THE_FIELD = frozenset({"field", "problem", "expected", "choices", "lowest", "limit", "shortest", "port"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One cause of trouble, told apart from how it is told.

    `variant` picks a more precise cause of the same code among the common ones; `declared` is one of a backend's own.
    `parameters` fill its template and hold no secret. `action_url` is a page that lets a person go on. `retry_after`
    is in seconds, where the service named a time.
    """

    code: Code
    variant: str = ""
    parameters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    action_url: str | None = None
    retry_after: float | None = None
    declared: Cause | None = None

    def __post_init__(self) -> None:
        # A missing parameter is a bug of the caller: found here, not where the sentence is shown.
        self.cause.text.format_map(self.parameters)
        if self.code is Code.BAD_REQUEST and not self.parameters.keys() <= _OF_THE_FIELD:
            message = "the refusal of a value tells more than the field and what is expected"
            raise ValueError(message)

    @property
    def cause(self) -> Cause:
        """What it is a case of: sentence, word, buttons."""
        return self.declared or common_cause(self.code, self.variant)

    @property
    def key(self) -> str:
        """The name of its cause: the code, and the variant after a dot where there is one."""
        return self.cause.key

    @property
    def sentence(self) -> str:
        """One English sentence that a person can act on."""
        return self.cause.text.format_map(self.parameters)


def problem_of(
    cause: Cause, *, action_url: str | None = None, retry_after: float | None = None, **parameters: object
) -> Problem:
    """Return a case of a declared cause."""
    return Problem(cause.code, cause.variant, _texts(parameters), action_url, retry_after, cause)


def _texts(parameters: Mapping[str, object]) -> Mapping[str, str]:
    return MappingProxyType({name: str(value) for name, value in parameters.items()})


def where_raised(error: BaseException) -> str:
    """Return type and places of an error, for a log, without its message: that may repeat a value, and so a secret."""
    import traceback  # late: the command line does without

    seen: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        seen.append(f"{''.join(traceback.format_tb(cause.__traceback__))}{type(cause).__qualname__}")
        cause = cause.__cause__ or cause.__context__
    return "\nraised from\n".join(seen)


class TunnelError(Exception):
    """A failure with a known cause: a common one by code and variant, or one that a backend declares.

    Anything else that is raised is a bug of ours.

    TunnelError
    ├── AuthNeeded    a person has to do something elsewhere first (phase needs_auth)
    └── Cancelled     the work is not wanted any more
    """

    def __init__(
        self,
        cause: Code | Cause,
        variant: str = "",
        *,
        action_url: str | None = None,
        retry_after: float | None = None,
        **parameters: object,
    ) -> None:
        if isinstance(cause, Cause):
            self.problem = problem_of(cause, action_url=action_url, retry_after=retry_after, **parameters)
        else:
            self.problem = Problem(cause, variant, _texts(parameters), action_url, retry_after)
        super().__init__(self.problem.sentence)

    @property
    def code(self) -> Code:
        """The stable word for the cause."""
        return self.problem.code


class AuthNeeded(TunnelError):  # noqa: N818 - names the state it leads to
    """A token, a login or a permission is missing; `open` returns at once instead of waiting for a person."""


class Cancelled(TunnelError):  # noqa: N818 - an outcome, not a fault
    """The work was cancelled: by a disable, a newer request, or the end of the program. Backends let it pass."""

    def __init__(self) -> None:
        super().__init__(Code.CANCELLED)
