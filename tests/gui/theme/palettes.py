"""The palettes of desktops, as far as colours are derived from them: window, base, text, accent."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

ROLES = (
    QPalette.ColorRole.Window,
    QPalette.ColorRole.Base,
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Accent,
)
# By name: Adwaita of GTK 3 and of libadwaita, Breeze of KDE, Qt's own for Windows, macOS
# (whose text lets the ground through a little, which the derived roles do not), and Fusion.
PALETTES = {
    "Adwaita": ("#f6f5f4", "#ffffff", "#2e3436", "#3584e4"),
    "Adwaita dark": ("#353535", "#2d2d2d", "#eeeeec", "#3584e4"),
    "Adwaita, window and base alike": ("#ffffff", "#ffffff", "#2e3436", "#3584e4"),
    "Adwaita dark, window and base alike": ("#2d2d2d", "#2d2d2d", "#eeeeec", "#3584e4"),
    "libadwaita": ("#fafafb", "#ffffff", "#323237", "#3584e4"),
    "libadwaita dark": ("#222226", "#1d1d20", "#ffffff", "#3584e4"),
    "Breeze": ("#eff0f1", "#ffffff", "#232629", "#3daee9"),
    "Breeze, darker accent": ("#eff0f1", "#ffffff", "#232629", "#2a71c8"),
    "Breeze dark": ("#202326", "#141618", "#fcfcfc", "#3daee9"),
    "Windows": ("#f0f0f0", "#ffffff", "#000000", "#0067c0"),
    "Windows 11": ("#f3f3f3", "#ffffff", "#000000", "#0067c0"),
    "Windows dark": ("#1e1e1e", "#2d2d2d", "#ffffff", "#4cc2ff"),
    "macOS": ("#ececec", "#ffffff", "#000000", "#007aff"),
    "macOS dark": ("#323232", "#1e1e1e", "#ffffff", "#007aff"),
    "Fusion": ("#efefef", "#ffffff", "#000000", "#308cc6"),
    "Fusion dark": ("#323232", "#242424", "#ffffff", "#308cc6"),
    "a grey desktop": ("#c3c3c3", "#b8b8b8", "#000000", "#3d5a80"),
}
ACCENTS = ("#e93d58", "#e9643a", "#3dd425", "#926ee4", "#f7d038", "#767676", "#000080")


def palette_of(window: str, base: str, text: str, accent: str) -> QPalette:
    palette = QPalette()
    for role, colour in zip(ROLES, (window, base, text, accent), strict=True):
        palette.setColor(role, QColor(colour))
    return palette
