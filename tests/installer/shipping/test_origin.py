"""A release writes down where its copies come from; a clone knows nothing, and wheel and sdist take it along."""

from __future__ import annotations

import json
import re
import tarfile
import zipfile
from pathlib import Path

import pytest

from development.environment import SetUpError
from development.places import Places
from portway import __version__
from portway.system.releases.origin import FILE_NAME, read_origin
from shipping.linux import Sources, recipe
from shipping.origin import FILE, PAGE, PICTURE, site_of, write_origin
from tests.installer.shipping.test_packaging import build

ROOT = Path(__file__).parents[3]
AT_GITHUB = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "some-body/portway.x"}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """As much of a clone as a wheel is made from."""
    root = tmp_path / "clone"
    for name in ("app/portway", "resources", "docs/man"):
        (root / name).mkdir(parents=True)
    for name in (
        "pyproject.toml",
        "LICENSE",
        ".gitignore",
        "docs/index.md",
        "docs/troubleshooting.md",
        "docs/troubleshooting_de.md",
        "docs/man/portway.1",
    ):
        (root / name).write_bytes((ROOT / name).read_bytes())
    (root / "app" / "portway" / "__init__.py").write_text(f'__version__ = "{__version__}"\n', encoding="utf-8")
    return root


def test_what_a_release_writes_is_what_portway_believes(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert FILE.name == FILE_NAME
    assert site_of(clone) == ""
    assert write_origin(Places(clone, clone), AT_GITHUB) == 0
    origin = read_origin(json.loads((clone / FILE).read_text(encoding="utf-8")))
    assert origin.site == "https://github.com/some-body/portway.x" == site_of(clone)
    assert origin.docs == f"{origin.site}/blob/v{__version__}/docs/index.md"
    assert origin.site in capsys.readouterr().err


def test_the_page_of_the_package_index_gets_a_picture_and_links_that_lead_from_anywhere(clone: Path) -> None:
    before = (clone / PAGE).read_text(encoding="utf-8")
    for _ in range(2):  # a release that is made twice adds them once
        write_origin(Places(clone, clone), AT_GITHUB)
    added = (clone / PAGE).read_text(encoding="utf-8").removeprefix(before)
    site, tag = site_of(clone), f"v{__version__}"
    assert re.findall(r"\]\(([^)]*)\)", added) == [
        f"https://raw.githubusercontent.com/some-body/portway.x/{tag}/{PICTURE.as_posix()}",
        site,
        f"{site}/tree/{tag}/docs",
        f"{site}/blob/{tag}/CHANGELOG.md",
    ]
    assert (ROOT / PICTURE).is_file()
    assert re.findall(r"\]\((?!https://)", before) == []


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"GITHUB_REPOSITORY": "some-body/portway"},
        {**AT_GITHUB, "GITHUB_SERVER_URL": "https://github.example"},
        {**AT_GITHUB, "GITHUB_REPOSITORY": "some-body/../x"},
        {**AT_GITHUB, "GITHUB_REPOSITORY": 'some-body/"x"'},
        {**AT_GITHUB, "GITHUB_REPOSITORY": ""},
    ],
)
def test_anywhere_else_nothing_is_written(clone: Path, environment: dict[str, str]) -> None:
    with pytest.raises(SetUpError, match="workflow of GitHub"):
        write_origin(Places(clone, clone), environment)
    assert not (clone / FILE).exists()


def test_no_clone_has_it() -> None:
    assert f"/{FILE.as_posix()}" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


@pytest.mark.children
def test_wheel_and_sdist_take_it_along(clone: Path, tmp_path: Path) -> None:
    write_origin(Places(clone, clone), AT_GITHUB)
    with zipfile.ZipFile(build("wheel", clone, tmp_path / "wheel")) as wheel:
        assert wheel.read(f"portway/resources/{FILE_NAME}") == (clone / FILE).read_bytes()
    with tarfile.open(build("sdist", clone, tmp_path / "sdist")) as packed:
        assert [name for name in packed.getnames() if name.endswith(f"/{FILE.as_posix()}")]
    spec = (ROOT / "build.spec").read_text(encoding="utf-8")
    assert '(str(ROOT / "resources"), "portway/resources")' in spec


def test_packages_name_the_site_that_is_known(clone: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    sources = Sources(clone, bundle, "1.2.3", lambda _size: b"", ())
    (clone / "installer" / "linux").mkdir(parents=True)
    for name in ("copyright", "lintian-overrides"):
        (clone / "installer" / "linux" / name).write_text("", encoding="utf-8")
    (clone / "CHANGELOG.md").write_text("", encoding="utf-8")
    staged = tmp_path / "staged"
    staged.mkdir()
    assert recipe(sources, staged, compression="xz")["homepage"] == ""
    write_origin(Places(clone, clone), AT_GITHUB)
    assert recipe(sources, staged, compression="xz")["homepage"] == site_of(clone)
