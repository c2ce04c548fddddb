"""What helps to find a fault: versions, states, settings. Nothing in it is secret, and nothing is read to make it."""

import json
import platform

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from portway import __version__
from portway.core.status import TunnelStatus
from portway.gui.dependencies import GuiDependencies
from portway.system.diagnosis.settings_lines import settings_lines


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
        *settings_lines(dependencies.hub.settings),
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
