"""Makes the program's icon in the forms that systems want, from the one drawing: PNG, .ico and .icns.

Qt draws; both containers are a table in front of PNG files, as Windows has read them since Vista, macOS since 10.7.
"""

import struct
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

DRAWING = Path("resources", "icons", "portway.svg")
PNG_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)  # folders of the hicolor theme
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 256)  # what Windows shows at 100 to 250 %
# Apple's names for sizes in points, and the pixels that they have: "@2x" has a name of its own.
ICNS_TYPES = {
    b"icp4": 16,
    b"icp5": 32,
    b"ic07": 128,
    b"ic08": 256,
    b"ic09": 512,
    b"ic10": 1024,
    b"ic11": 32,
    b"ic12": 64,
    b"ic13": 256,
    b"ic14": 512,
}
_ICO_HEAD, _ICO_ENTRY, _ICNS_ENTRY = struct.Struct("<HHH"), struct.Struct("<BBBBHHII"), struct.Struct(">4sI")
_ICON, _BITS = 1, 32


def png(drawing: Path, size: int) -> bytes:
    """Return the drawing as a square PNG file; raises ValueError for one that is none."""
    renderer = QSvgRenderer(str(drawing))
    if not renderer.isValid():
        sentence = f"{drawing} cannot be drawn."
        raise ValueError(sentence)
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload] # the stub wants bytes, which Qt refuses
    return bytes(content.data())


def ico(pictures: Mapping[int, bytes]) -> bytes:
    """Return an .ico of these PNG files by their sizes, at most 256."""
    place = _ICO_HEAD.size + _ICO_ENTRY.size * len(pictures)
    table = _ICO_HEAD.pack(0, _ICON, len(pictures))
    for size, content in pictures.items():
        side = size % 256  # 0 means 256
        table += _ICO_ENTRY.pack(side, side, 0, 0, 1, _BITS, len(content), place)
        place += len(content)
    return table + b"".join(pictures.values())


def icns(pictures: Mapping[int, bytes]) -> bytes:
    """Return an .icns of these PNG files, which have all sizes of ICNS_TYPES."""
    entries = b"".join(
        _ICNS_ENTRY.pack(name, _ICNS_ENTRY.size + len(pictures[size])) + pictures[size]
        for name, size in ICNS_TYPES.items()
    )
    return _ICNS_ENTRY.pack(b"icns", _ICNS_ENTRY.size + len(entries)) + entries


def write_icon(platform: str, drawing: Path, folder: Path) -> Path | None:
    """Write the icon that a program of this system carries inside; None where it carries none."""
    if platform == "win32":
        content, path = ico({size: png(drawing, size) for size in ICO_SIZES}), folder / "portway.ico"
    elif platform == "darwin":
        content, path = icns({size: png(drawing, size) for size in set(ICNS_TYPES.values())}), folder / "portway.icns"
    else:
        return None
    path.write_bytes(content)
    return path
