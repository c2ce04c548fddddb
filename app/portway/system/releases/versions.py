"""Which of two versions came later, by the rules of Python's packages (PEP 440). Pure."""

import re
from dataclasses import dataclass, field

_LONGEST = 60  # characters; a version is shown, and its numbers are counted
_VERSION = re.compile(
    r"""
    v?
    (?:(?P<epoch>[0-9]+)!)?
    (?P<release>[0-9]+(?:\.[0-9]+)*)
    (?:[-_.]?(?P<pre>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?P<pre_number>[0-9]*))?
    (?:-(?P<plain_post>[0-9]+)|[-_.]?(?P<post>post|rev|r)[-_.]?(?P<post_number>[0-9]*))?
    (?:[-_.]?(?P<dev>dev)[-_.]?(?P<dev_number>[0-9]*))?
    (?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_PHASES = {"a": 0, "alpha": 0, "b": 1, "beta": 1, "c": 2, "rc": 2, "pre": 2, "preview": 2}
_UNFINISHED, _FINISHED = (-1, 0), (3, 0)  # before and after every one of these
_NO_POST = -1
_NOT_DEVELOPED = (1, 0)  # after every .devN of the same


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """Later ones are greater. What builders add after a + makes no difference; `text` is how it is written."""

    epoch: int
    release: tuple[int, ...]  # without zeros at its end: 1.0 is 1.0.0
    pre: tuple[int, int]
    post: int
    dev: tuple[int, int]
    text: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest release of Portway. `newer`: it came after this copy. `page`: where a person gets it."""

    version: str
    newer: bool
    page: str


def read_version(text: str) -> Version:
    """Read a version, or the tag of one, which may begin with a v. Raises ValueError for what is none."""
    found = _VERSION.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        raise ValueError("no version")
    numbers = [int(part) for part in found["release"].split(".")]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    post = found["plain_post"] or (found["post"] and (found["post_number"] or "0"))
    return Version(
        epoch=int(found["epoch"] or 0),
        release=tuple(numbers),
        pre=_pre(found, has_post=post is not None),
        post=_NO_POST if post is None else int(post),
        dev=(0, int(found["dev_number"] or 0)) if found["dev"] else _NOT_DEVELOPED,
        text=text.removeprefix("v").removeprefix("V"),
    )


def _pre(found: re.Match[str], *, has_post: bool) -> tuple[int, int]:
    if found["pre"]:
        return _PHASES[found["pre"].lower()], int(found["pre_number"] or 0)
    return _UNFINISHED if found["dev"] and not has_post else _FINISHED
