from pathlib import Path

from shipping.late_imports import installed_modules, named_modules

PACKAGE = Path(__file__).parents[3] / "app" / "portway"


def test_a_module_named_by_a_constant_is_found_and_one_that_is_computed_is_not(tmp_path: Path) -> None:
    source = 'import importlib\nimportlib.import_module("email.mime")\nimportlib.import_module(f"one.{2}")\n'
    (tmp_path / "module.py").write_text(source, encoding="utf-8")
    assert named_modules(tmp_path) == {"email.mime"}


def test_one_that_is_not_installed_here_is_left_out(tmp_path: Path) -> None:
    source = 'import_module("json")\nimport_module("no_such_module")\nimport_module("no_such_package.module")\n'
    (tmp_path / "module.py").write_text(source, encoding="utf-8")
    assert installed_modules(tmp_path) == ["json"]


def test_what_portway_imports_late_is_known_to_the_bundle() -> None:
    assert {"ngrok", "brotli"} <= named_modules(PACKAGE)
