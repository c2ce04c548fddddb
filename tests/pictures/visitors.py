"""What visitors see on a telephone, in a real Chromium: the pages of the guard, side by side."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtGui import QImage

from tests.pictures.stage import beside
from tests.real_visitors.chromium import chromium
from tests.real_visitors.pages import show
from tests.real_visitors.site import authority, site

_PHONE = (360, 560)
_TWICE = 2.0  # pixels of the picture for one of the page


def pages(names: tuple[str, ...], *, languages: str, dark: bool, wall: str) -> QImage:
    """Photograph these pages, where there is Chromium."""
    certifies = authority()
    seen = []
    with tempfile.TemporaryDirectory(prefix="portway-pictures-") as folder, chromium(Path(folder)) as browser:
        for name in names:
            with site(certifies) as shop, browser.person(phone=_PHONE, languages=languages, dark=dark) as visitor:
                show(visitor, shop, name)
                image = QImage.fromData(visitor.picture())
                image.setDevicePixelRatio(_TWICE)
                seen.append(image)
    return beside(seen, wall)
