"""The shape of the source: sizes, imports, circles, and how many files a reader opens to follow one trip.

Reads the source as text, so that it needs nothing installed and can measure any other Python package as well.
"""

import ast
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

TRIPS_FILE = Path(__file__).with_name("trips.toml")
# Goals. The share of imports falls with fuller modules; a folder is taken in at one look; so is a function.
MOST_IMPORTS = 0.06
MOST_FILES_IN_A_FOLDER = 16
LONGEST_FUNCTION = 60
MOST_LINES = 30_776
# Measured in the same way: normcap 0.6.0, qutebrowser 3.7.0, vorta 0.11.6; the core of Proton VPN (9da74c9) in part.
ANCHORS = (
    "            files  lines  imports  functions (median, longest)",
    "proton core    58   8.2k           6, 75",
    "normcap        79  12.6k   3.5 %  11, 140",
    "vorta          98  14.1k   5.6 %   8, 250",
    "qutebrowser   209  58.9k   3.1 %   9, 146",
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_IMPORTS = (ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class Function:
    """A function or method, by its place in the source."""

    module: str
    name: str
    lines: int

    def __str__(self) -> str:
        return f"{self.lines} ({self.module}.{self.name})"


@dataclass(frozen=True)
class Step:
    """One file of a trip, and what is read first in it: a function, a class or a method of one."""

    module: str
    name: str


@dataclass(frozen=True)
class Module:
    """One source file."""

    name: str
    folder: str
    lines: int
    import_lines: int
    functions: tuple[Function, ...]
    names: frozenset[str]  # of its functions and classes, and of the methods of these
    imports: frozenset[str]  # other modules of the same package; what only a type checker imports counts as well
    is_marker: bool  # an __init__.py that holds a docstring at most: there is nothing in it to read


@dataclass(frozen=True)
class Trip:
    """What a reader opens, file by file, to follow one thing that happens."""

    name: str
    steps: tuple[Step, ...]
    most: int  # files, as the goal

    @property
    def modules(self) -> list[str]:
        """The files, each once."""
        return list(dict.fromkeys(step.module for step in self.steps))


@dataclass(frozen=True)
class Package:
    """All modules of a package, by name."""

    modules: Mapping[str, Module]

    @property
    def lines(self) -> int:
        return sum(module.lines for module in self.modules.values())

    @property
    def median_lines(self) -> float:
        return median(module.lines for module in self.modules.values())

    @property
    def largest(self) -> Module:
        return max(self.modules.values(), key=lambda module: module.lines)

    @property
    def import_share(self) -> float:
        """The part of all lines that only import."""
        return sum(module.import_lines for module in self.modules.values()) / self.lines

    @property
    def functions(self) -> list[Function]:
        """All functions, the longest first."""
        every = [function for module in self.modules.values() for function in module.functions]
        return sorted(every, key=lambda function: -function.lines)

    @property
    def folders(self) -> Counter[str]:
        """How many files there are to read in each folder."""
        return Counter(module.folder for module in self.modules.values() if not module.is_marker)

    @property
    def circles(self) -> list[list[str]]:
        """The groups of modules in which each needs each other, found as Tarjan does."""
        return [sorted(group) for group in _strong_components(self.modules) if len(group) > 1]

    def without(self, prefix: str) -> "Package":
        """Return the package without one part of it."""
        kept = {name: module for name, module in self.modules.items() if not f"{name}.".startswith(f"{prefix}.")}
        return Package(kept)


def read_package(root: Path) -> Package:
    """Read the package in the folder `root`; its files must be Python that this Python can parse."""
    paths = {_name(path, root): path for path in sorted(root.rglob("*.py"))}
    return Package({name: _read(name, path, paths.keys()) for name, path in paths.items()})


def read_trips(path: Path = TRIPS_FILE) -> list[Trip]:
    """Return the trips that the file lists."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        Trip(entry["name"], tuple(Step(*step.split(":")) for step in entry["steps"]), entry["most"])
        for entry in document["trip"]
    ]


def faults(trip: Trip, package: Package) -> list[str]:
    """Return why a trip cannot be: what is not there, and what no import joins to the rest."""
    absent = [f"{trip.name}: {step.module} has no {step.name}" for step in trip.steps if not _is_there(step, package)]
    if absent:
        return absent
    reached, ahead = set[str](), [trip.modules[0]]
    while ahead:
        name = ahead.pop()
        reached.add(name)
        ahead += [other for other in trip.modules if other not in reached and _are_neighbours(package, name, other)]
    apart = (name for name in trip.modules if name not in reached)
    return [f"{trip.name}: no import joins {name} to the rest" for name in apart]


def misses(package: Package, trips: Iterable[Trip]) -> dict[str, list[str]]:
    """Return, for each goal, what is not as it should be. The relay counts for all but the number of lines."""
    longest = package.functions[0]
    lines = package.without("portway.relay").lines
    share = package.import_share
    return {
        "circles": [f"a circle: {' ↔ '.join(circle)}" for circle in package.circles],
        "folders": [
            f"{files} files in {folder}, {MOST_FILES_IN_A_FOLDER} at most"
            for folder, files in package.folders.items()
            if files > MOST_FILES_IN_A_FOLDER
        ],
        "functions": _if(
            longest.lines > LONGEST_FUNCTION, f"a function of {longest} lines, {LONGEST_FUNCTION} at most"
        ),
        "trips": [fault for trip in trips for fault in (*faults(trip, package), *_too_long(trip))],
        "imports": _if(share > MOST_IMPORTS, f"{share:.1%} of all lines import, {MOST_IMPORTS:.0%} at most"),
        "lines": _if(lines >= MOST_LINES, f"{lines:,} lines without the relay, fewer than {MOST_LINES:,} wanted"),
    }


def _if(missed: bool, sentence: str) -> list[str]:  # noqa: FBT001 - reads as it is said
    return [sentence] if missed else []


def _too_long(trip: Trip) -> list[str]:
    files = len(trip.modules)
    return _if(files > trip.most, f"{trip.name}: {files} files to read, {trip.most} at most")


def report(package: Package, trips: Iterable[Trip]) -> str:
    """Return the figures as text."""
    lengths = [function.lines for function in package.functions]
    folder, files = package.folders.most_common(1)[0]
    largest = f"largest {package.largest.lines} ({package.largest.name})"
    rows = [
        ("files", f"{len(package.modules)}, median {package.median_lines:g} lines, {largest}"),
        ("lines", f"{package.lines:,}"),
        ("imports", f"{package.import_share:.1%} of all lines"),
        ("functions", f"median {median(lengths):g} lines, longest {package.functions[0]}"),
        ("circles", ", ".join(" ↔ ".join(circle) for circle in package.circles) or "none"),
        ("flat folder", f"{files} files in {folder}"),
        *((trip.name, f"{len(trip.modules)} files to read") for trip in trips),
    ]
    width = max(len(name) for name, _ in rows) + 2
    return "\n".join(f"{name:<{width}}{value}" for name, value in rows)


def by_folder(package: Package) -> str:
    """Return, for each folder, what a mender wants to know: files, lines, imports, small files."""
    lines = [f"{'folder':<40}{'files':>6}{'lines':>7}{'imports':>9}{'under 60':>10}"]
    for folder in sorted(package.folders):
        inside = [module for module in package.modules.values() if module.folder == folder and not module.is_marker]
        total = sum(module.lines for module in inside)
        share = sum(module.import_lines for module in inside) / total
        small = sum(module.lines < 60 for module in inside)  # noqa: PLR2004 - a page of a screen
        lines.append(f"{folder:<40}{len(inside):>6}{total:>7}{share:>9.1%}{small:>10}")
    return "\n".join(lines)


def _name(path: Path, root: Path) -> str:
    parts = path.relative_to(root.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _read(name: str, path: Path, known: Iterable[str]) -> Module:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    statements = [node for node in ast.walk(tree) if isinstance(node, _IMPORTS)]
    named = {target for node in statements for target in _targets(node, package, frozenset(known))}
    return Module(
        name,
        path.parent.name if "." not in package else package.replace(".", "/"),
        len(text.splitlines()),
        sum((node.end_lineno or node.lineno) - node.lineno + 1 for node in statements),
        tuple(_functions(tree, name)),
        frozenset(_defined(tree)),
        frozenset(named - {name}),
        path.name == "__init__.py" and len(tree.body) <= (ast.get_docstring(tree) is not None),
    )


def _functions(tree: ast.Module, module: str) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, _FUNCTIONS):
            yield Function(module, node.name, (node.end_lineno or node.lineno) - node.lineno + 1)


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            yield node.name
        if isinstance(node, ast.ClassDef):
            yield from (f"{node.name}.{inner.name}" for inner in node.body if isinstance(inner, _FUNCTIONS))


def _targets(node: ast.Import | ast.ImportFrom, package: str, known: frozenset[str]) -> Iterator[str]:
    """Yield the modules among `known` that a statement names, the longest name of each."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in known)
        return
    above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
    source = ".".join([*above, *([node.module] if node.module else [])])
    for alias in node.names:
        longer = f"{source}.{alias.name}"
        yield from (name for name in (longer if longer in known else source,) if name in known)


def _is_there(step: Step, package: Package) -> bool:
    return step.module in package.modules and step.name in package.modules[step.module].names


def _are_neighbours(package: Package, one: str, other: str) -> bool:
    return other in package.modules[one].imports or one in package.modules[other].imports


def _strong_components(modules: Mapping[str, Module]) -> list[list[str]]:
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    open_ones: list[str] = []
    groups: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = low[name] = len(order)
        open_ones.append(name)
        for other in modules[name].imports:
            if other not in order:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in open_ones:
                low[name] = min(low[name], order[other])
        if low[name] == order[name]:
            place = open_ones.index(name)
            groups.append(open_ones[place:])
            del open_ones[place:]

    sys.setrecursionlimit(max(sys.getrecursionlimit(), 3 * len(modules) + 100))
    for name in modules:
        if name not in order:
            visit(name)
    return groups
