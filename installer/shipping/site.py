"""What mkdocs adds to the pages in docs when it makes a site: the pages beside that folder to which they lead."""

from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
BESIDE = ("SECURITY.md",)


def on_files(files: Any, config: Any) -> Any:  # noqa: ANN401 - mkdocs' own, which is not in every environment
    """Let them be pages of the site."""
    from mkdocs.structure.files import File  # late: only mkdocs itself calls this

    for name in BESIDE:
        files.append(File.generated(config, name, content=(ROOT / name).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, **_: object) -> str:
    """Lead to them where they are in the site."""
    for name in BESIDE:
        markdown = markdown.replace(f"](../{name}", f"]({name}")
    return markdown
