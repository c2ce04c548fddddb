"""What helps to find a fault: versions, states, settings. Nothing in it is secret, and nothing is read to make it."""

import dataclasses
import json
import platform
from collections.abc import Iterator

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from portway import __version__
from portway.core.options import declared
from portway.core.secret import Secret
from portway.core.settings import Settings
from portway.core.status import TunnelStatus
from portway.gui.dependencies import GuiDependencies


def diagnostics(dependencies: GuiDependencies) -> str:
    """Return it as text. Public URLs and paths are left out: both tell who somebody is."""
    lines = [
        f"Portway {__version__}",
        f"Python {platform.python_version()}, Qt {qVersion()}, {QGuiApplication.platformName()}",
        f"{platform.platform()}",
        f"API port {dependencies.api.port}, secrets {dependencies.services.secrets.state}",
        "",
        *(_line(status) for status in dependencies.hub.statuses()),
        "",
        *_settings(dependencies.hub.settings),
    ]
    return "\n".join(lines) + "\n"


def _line(status: TunnelStatus) -> str:
    facts = {
        "phase": status.phase,
        "code": status.code,
        "wanted": status.wanted,
        "attempt": status.attempt,
        "supported": status.installation.supported,
        "installed": status.installation.installed,
        "version": status.installation.version,
        "source": status.installation.source,
    }
    return f"{status.backend}: {json.dumps(facts, default=str)}"


def _settings(settings: Settings) -> Iterator[str]:
    yield f"general: {json.dumps(_changed(settings.general), default=str)}"
    for backend, options in settings.backends.items():
        yield f"{backend}: {json.dumps(_changed(options), default=str)}"
    yield f"from the environment: {json.dumps(dict(settings.locked))}"


def _changed(options: object) -> dict[str, object]:
    """Return what differs from the defaults; of texts that a person wrote only that they differ."""
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
