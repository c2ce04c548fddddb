"""Which settings differ from their defaults; of texts that a person wrote only that they do. Pure."""

import dataclasses
import json
from collections.abc import Iterator

from portway.core.options import declared
from portway.core.secret import Secret
from portway.core.settings import Settings


def settings_lines(settings: Settings) -> Iterator[str]:
    """Yield one line for each section, and one for what the environment decides."""
    yield f"general: {json.dumps(_changed(settings.general), default=str)}"
    for backend, options in settings.backends.items():
        yield f"{backend}: {json.dumps(_changed(options), default=str)}"
    yield f"from the environment: {json.dumps(dict(settings.locked))}"


def _changed(options: object) -> dict[str, object]:
    if not dataclasses.is_dataclass(options) or isinstance(options, type):
        return {}
    known = declared(type(options))
    found: dict[str, object] = {}
    for item in dataclasses.fields(options):
        value = getattr(options, item.name)
        if item.name in known and value != item.default and not isinstance(value, Secret):
            plain = isinstance(value, bool | int) or value in known[item.name].choices
            found[item.name] = value if plain else "set"
    return found
