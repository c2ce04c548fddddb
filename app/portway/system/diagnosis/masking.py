"""Takes out of a text what tells who somebody is: secrets, addresses, names of computers and people, paths."""

import ipaddress
import re
import sysconfig
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TypeAlias

from portway.core.secret import Secret
from portway.system.secrets.redaction import HIDDEN, Redactor

Keeping: TypeAlias = Callable[[str], str]

_PACKAGE = Path(__file__).resolve().parents[2]
# Where programs lie, and no person's own files: a path below one of these is told from there on.
_PROGRAMS = (_PACKAGE.parent, *(Path(sysconfig.get_path(name)) for name in ("purelib", "platlib", "stdlib")))
_LONGEST_LINE = 1000  # characters
_SHORTEST_NAME = 3  # a shorter one would take half of every sentence with it
_PLACE, _ADDRESS, _LOCAL, _HERE, _NAME = "[path]", "[address]", "[local address]", "[this computer]", "[name]"
_ACCOUNT, _PERSON, _HARDWARE = "[account]", "[user]", "[hardware address]"

# What begins a line of our log: the time, the level and the module.
_HEAD = re.compile(r"[0-9]{4}-[0-9T:.-]+Z [A-Z]+ +[A-Za-z0-9_.-]+: ", re.ASCII)
_QUOTES = "\"'`“”‘’„«»"  # noqa: RUF001 - those that texts of others have, too
_STOPS = rf"\s<>|{_QUOTES}"
_KEPT = re.compile("\ue000([0-9]+)\ue001", re.ASCII)
_MARKS = re.compile("[\ue000\ue001]")
_URL = re.compile(
    rf"\b(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{{1,20}})://(?:[^{_STOPS}/@]*@)?"
    rf"(?P<host>\[[0-9A-Fa-f:.%\w]*\]|[^{_STOPS}/:?#@\\]*)(?P<port>:[0-9]+)?(?P<rest>[^{_STOPS}]*)",
    re.UNICODE,  # as below: names are written in every script
)
_BEGINS_A_PATH = r"(?:(?:~[\w.-]*)?[/\\]|[A-Za-z]:[\\/])"
_QUOTED_PATH = re.compile(rf"(?P<quote>[{_QUOTES}])(?P<path>{_BEGINS_A_PATH}[^{_QUOTES}\n]*)", re.UNICODE)
_PATH = re.compile(rf"(?<![\w.~/\\\]-]){_BEGINS_A_PATH}[^{_STOPS},;)\]}}]+", re.UNICODE)
_MODULE_FILE = re.compile(r"\bportway(?:[/\\][a-z_]+)*[/\\][a-z_]+\.py\b", re.ASCII)
_OF_MAIL = rf"[^{_STOPS}@,;:=()]"
_MAIL = re.compile(rf"(?<!{_OF_MAIL}){_OF_MAIL}+@{_OF_MAIL}+", re.UNICODE)
_MAC = re.compile(r"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b", re.ASCII)
_IPV6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,8}[0-9A-Fa-f.]*(?:%[\w.-]+)?", re.ASCII)
_IPV4 = re.compile(r"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?!\.?[0-9])", re.ASCII)
_HOST = re.compile(r"(?<![\w@.-])\.*(?:\w[\w-]{0,62}\.)+(?:[^\W\d_]{2,24}|xn--[A-Za-z0-9-]+)(?![\w-])", re.UNICODE)
_HOST_WITH_PORT = re.compile(r"(?<![\w.-])(?!localhost:)[A-Za-z][\w-]*(?=:[0-9]{2,5}(?!\w))", re.ASCII)
_TOKEN = re.compile(r"(?<![\w+=-])(?=[\w+=-]*[0-9])(?=[\w+=-]*[A-Za-z])[\w+=-]{20,}", re.ASCII)
_PUNCTUATION = re.compile(r"[.,;:!)\]}…]+")
_PROGRAM_FILE = re.compile(r"[\w./-]+\.py", re.ASCII)
_OF_AN_ERROR = re.compile(r"[A-Z]\w*(?:Error|Exception|Warning|Timeout|Exit|Interrupt)", re.UNICODE)


class Mask:
    """Knows who is meant here. `plain` are words with a dot that tell nobody anything: settings, our files."""

    def __init__(
        self,
        *,
        secrets: Iterable[str] = (),
        people: Iterable[str] = (),
        computers: Iterable[str] = (),
        folders: Iterable[Path] = (),
        plain: Collection[str] = (),
    ) -> None:
        self._redactor = Redactor()
        for secret in secrets:
            self._redactor.learn(Secret(secret))
        self._known = [(_word(one), _PERSON) for one in people if len(one) >= _SHORTEST_NAME]
        self._known += [(_word(one), _HERE) for one in computers if len(one) >= _SHORTEST_NAME]
        longest_first = sorted({str(one) for one in folders}, key=len, reverse=True)
        self._folders = [re.compile(rf"{re.escape(one)}[^{_STOPS},;)]*") for one in longest_first if len(one) > 1]
        self._plain = frozenset(plain)

    def text(self, text: str) -> str:
        """Return a text without all of that, line by line. What is written in it stays, as far as it tells nobody."""
        return "\n".join(map(self.line, text.split("\n")))

    def line(self, line: str) -> str:
        """Return one line without it; a very long one is cut."""
        line = _MARKS.sub("", line[:_LONGEST_LINE])
        head = _HEAD.match(line)
        begin = "" if head is None else head[0]
        return self._names(begin) + self._rest(self._redactor.clean(line[len(begin) :]))

    def _rest(self, text: str) -> str:
        kept: list[str] = []

        def keep(words: str) -> str:
            """Put words where no later step looks at them."""
            kept.append(words)
            return f"\ue000{len(kept) - 1}\ue001"

        text = text.replace(HIDDEN, keep(HIDDEN))
        text = _URL.sub(lambda found: keep(_url(found)), text)
        text = _QUOTED_PATH.sub(lambda found: found["quote"] + keep(_path(found["path"])), text)
        for folder in self._folders:
            text = folder.sub(lambda found: keep(_path(found[0])), text)
        text = _PATH.sub(lambda found: keep(_path(found[0])), text)
        text = _MODULE_FILE.sub(lambda found: keep(found[0].replace("\\", "/")), text)
        text = _MAIL.sub(lambda _: keep(_ACCOUNT), text)
        text = _MAC.sub(lambda _: keep(_HARDWARE), text)
        for pattern in (_IPV6, _IPV4):
            text = pattern.sub(lambda found: _with_end(found[0], keep), text)
        text = self._names(text, keep)
        text = _HOST.sub(lambda found: keep(found[0] if self._tells_nobody(found[0]) else _NAME), text)
        text = _HOST_WITH_PORT.sub(lambda _: keep(_NAME), text)
        text = _TOKEN.sub(lambda _: keep(HIDDEN), text)
        return _KEPT.sub(lambda found: kept[int(found[1])], text)

    def _names(self, text: str, keep: Keeping = str) -> str:
        for pattern, shown in self._known:
            text = pattern.sub(keep(shown), text)
        return text

    def _tells_nobody(self, name: str) -> bool:
        """Whether a word with dots is one of ours, a module, or the name of an error."""
        last = name.rpartition(".")[2]
        if name in self._plain or _OF_AN_ERROR.fullmatch(last) is not None:
            return True
        inside = _PACKAGE.parent.joinpath(*name.split("."))
        return name.startswith("portway.") and (inside.is_dir() or inside.with_suffix(".py").is_file())


def _word(name: str) -> re.Pattern[str]:
    """A short one is looked for as a word alone."""
    edge = r"\b" if len(name) == _SHORTEST_NAME else ""
    return re.compile(f"{edge}{re.escape(name)}{edge}", re.IGNORECASE)


def _url(found: re.Match[str]) -> str:
    host, rest = found["host"].strip("[]"), found["rest"]
    if not host:
        return f"{found['scheme']}://{_PLACE}"
    here = host.lower() == "localhost" or host.lower().endswith(".localhost")
    shown = _HERE if here else _address(host) or _NAME
    end = rest if rest == "/" or _PUNCTUATION.fullmatch(rest) else f"/{_PLACE}" if rest else ""
    return f"{found['scheme']}://{shown}{found['port'] or ''}{end}"


def _address(text: str) -> str | None:
    """Return of what kind an address is, or None for what is none."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if address.is_unspecified:
        return text.partition("%")[0]
    return _HERE if address.is_loopback else _LOCAL if address.is_private else _ADDRESS


def _with_end(text: str, keep: Keeping) -> str:
    """Return what stands for an address, with what ended the sentence after it; what is none stays."""
    address = text if _address(text) is not None else text.rstrip(".:")
    shown = _address(address)
    return text if shown is None else keep(shown) + text[len(address) :]


def _path(text: str) -> str:
    """Return a file of a program from the folder of programs on; of any other path nothing."""
    for programs in _PROGRAMS:
        inside = text.removeprefix(f"{programs}/").removeprefix(f"{programs}\\").replace("\\", "/")
        if len(inside) < len(text) and _PROGRAM_FILE.fullmatch(inside):
            return inside
    return _PLACE
