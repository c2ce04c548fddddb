"""Where a copy of Portway comes from: its site, its pages and its releases, as the release wrote it down. Pure.

A copy that was not made by a release has no such file, and knows none of these. No address stands in the source.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

FILE_NAME = "origin.json"  # among the resources
_REPOSITORY = r"(?P<owner>[A-Za-z0-9][A-Za-z0-9-]{0,38})/(?P<name>[A-Za-z0-9_-][A-Za-z0-9._-]{0,99})"
_SITE = re.compile(rf"https://github\.com/{_REPOSITORY}", re.ASCII)
_BELOW = re.compile(r"(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)+", re.ASCII)
_KEYS = {"site", "docs", "releases"}


@dataclass(frozen=True, slots=True)
class Origin:
    """`releases` is where the newest release is asked for, in GitHub's form. None of them ends with a slash."""

    site: str
    docs: str
    releases: str

    @property
    def host(self) -> str:
        """Whom a person knows it from, and who is asked."""
        return urlsplit(self.site).hostname or ""

    def page_of(self, tag: str) -> str:
        """Return the page of a release. The tag is a version."""
        return f"{self.site}/releases/tag/{tag}"


def read_origin(record: object) -> Origin:
    """Check what the file says: https alone, hosts of GitHub alone, and all three of one repository.

    Raises ValueError for anything else.
    """
    if (
        not isinstance(record, dict)
        or record.keys() != _KEYS
        or not all(isinstance(one, str) for one in record.values())
    ):
        raise ValueError("it does not say site, docs and releases")
    origin = Origin(**record)
    found = _SITE.fullmatch(origin.site)
    if found is None:
        raise ValueError("its site is no repository of GitHub")
    if origin.releases != f"https://api.github.com/repos/{found['owner']}/{found['name']}/releases/latest":
        raise ValueError("its releases are not those of its site")
    rest = origin.docs.removeprefix(origin.site)
    if rest == origin.docs or _BELOW.fullmatch(rest) is None:
        raise ValueError("its pages are not those of its site")
    return origin
