"""Makes the packages of Linux from the bundle in dist/portway: `dev.py package` starts this in the environment."""

import runpy
import sys
from pathlib import Path

from shipping.icons import DRAWING, PNG_SIZES, png
from shipping.linux import PACKAGERS, Sources, make_packages

ROOT = Path(__file__).parents[2]


def main(nfpm: str, packagers: list[str]) -> int:
    """Make those that are named, else all; print where each is."""
    unknown = set(packagers) - set(PACKAGERS)
    if unknown:
        sys.stderr.write(f"There is no package “{unknown.pop()}”; there are {', '.join(PACKAGERS)}.\n")
        return 2
    bundle = ROOT / "dist" / "portway"
    if sys.platform != "linux" or not (bundle / "portway").is_file():
        sys.stderr.write("This needs Linux, and the bundle that python3 installer/dev.py build makes.\n")
        return 1
    version = runpy.run_path(str(ROOT / "app" / "portway" / "__init__.py"))["__version__"]
    sources = Sources(ROOT, bundle, version, lambda size: png(ROOT / DRAWING, size), PNG_SIZES)
    work = ROOT / "build" / "package"
    work.mkdir(parents=True, exist_ok=True)
    for path in make_packages(nfpm, sources, work, ROOT / "dist", tuple(packagers) or PACKAGERS):
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
