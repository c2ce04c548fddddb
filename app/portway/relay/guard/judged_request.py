"""What one request tells those who judge it."""

import base64
import binascii
from urllib.parse import parse_qsl

from portway.relay.guard import pages
from portway.relay.guard.judged_fields import JudgedFields
from portway.relay.guard.paths import plain_path
from portway.relay.guard.policy import Address, Facts, Rules
from portway.relay.guard.visitors import Visitor
from portway.relay.http.heads import RequestHead

_MOST_FIELDS = 8
_OURS = b"/.portway/"
_OWN = (pages.LOG_IN.encode(), pages.LINK.encode())


class JudgedRequest(JudgedFields):
    """A request as it came."""

    __slots__ = ("head",)

    def __init__(self, head: RequestHead) -> None:
        JudgedFields.__init__(self, head.fields)
        self.head = head

    def facts(self, rules: Rules, visitor: Visitor) -> Facts:
        """Return what the rules need to know."""
        head, about_paths = self.head, rules.about_paths
        return Facts(
            visitor.address,
            head.method.decode("ascii"),
            plain_path(head.target) if about_paths else None,
            "" if head.upgrade is None else head.upgrade.decode("latin-1").strip().lower(),
            (about_paths or rules.guard.read_only) and visitor.hides_method,
            about_paths and visitor.hides_path,
            rules.guard.password and head.target.startswith(_OURS) and head.target.partition(b"?")[0] in _OWN,
        )

    def asker(self, address: Address | None) -> pages.Asker:
        """Return what a page for the visitor depends on."""
        head = self.head
        return pages.Asker(
            method=head.method.decode("ascii"),
            accepts=self.value(b"accept").decode("latin-1"),
            languages=self.value(b"accept-language").decode("latin-1"),
            keeps=head.keeps and (head.length == 0 or head.target.startswith(pages.LOG_IN.encode())),
            address=None if address is None else str(address),
        )

    @property
    def place(self) -> str:
        """Where the visitor wanted to go, for after the log-in."""
        reading = self.head.method in {b"GET", b"HEAD"}
        return pages.safe_place(self.head.target.decode("latin-1")) if reading else "/"

    @property
    def is_opened_by_a_person(self) -> bool:
        """Whether a browser says that somebody opened this link: what looks at links in messages does not say so."""
        return (
            self.head.method == b"GET"
            and self.value(b"sec-fetch-user") == b"?1"
            and self.value(b"sec-fetch-mode") == b"navigate"
            and not (self.value(b"purpose") or self.value(b"sec-purpose"))
        )

    @property
    def basic_password(self) -> str | None:
        """The password of Basic credentials, None without any, or two. The user's name does not matter."""
        given = self.values(b"authorization")
        scheme, _, encoded = given[0].partition(b" ") if len(given) == 1 else (b"", b"", b"")
        if scheme.lower() != b"basic":
            return None
        try:
            return base64.b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""


def form_of(body: bytes) -> dict[str, str]:
    """Return the fields of a form, the last one of each name; none where there are more than any of ours has."""
    if body.count(b"&") >= _MOST_FIELDS:
        return {}
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
