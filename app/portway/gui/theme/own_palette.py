"""Palettes of our own, for where that of the desktop does not carry the design or is not the one that was chosen."""

from PySide6.QtGui import QColor, QPalette

from portway.gui.theme.colours import LIFT, card_ground, colours_of, contrast, is_dark, mix

_LIGHT = (QColor("#eff0f1"), QColor("#ffffff"), QColor("#232629"))  # window, base, text
_DARK = (QColor("#202326"), QColor("#141618"), QColor("#fcfcfc"))
_WHITE = QColor("#ffffff")
_PAGE_BELOW_CARD = 1.14  # the contrast of a white card to its page, as designed

_Role, _Group = QPalette.ColorRole, QPalette.ColorGroup


def needed_palette(palette: QPalette, *, dark: bool) -> QPalette | None:
    """Return the roles that the application has to set so that `palette` looks as designed; None where it does.

    A palette of the other brightness is replaced, but for its accent. A window as white as the cards on it gets darker.
    """
    if is_dark(palette) is not dark:
        return own_palette(palette.color(_Role.Accent), dark=dark)
    window, base, text = (palette.color(role) for role in (_Role.Window, _Role.Base, _Role.WindowText))
    if contrast(card_ground(window, base, text), window) >= LIFT:
        return None
    changed = QPalette()
    changed.setColor(_Role.Window, _page_below_cards(window, text))
    changed.setColor(_Role.Base, _WHITE)
    return changed


def own_palette(accent: QColor, *, dark: bool) -> QPalette:
    """Return a whole palette, light or dark, with this accent."""
    window, base, text = _DARK if dark else _LIGHT
    palette = QPalette(mix(window, text, 0.06), window)
    for role, colour in (
        (_Role.WindowText, text),
        (_Role.Text, text),
        (_Role.ButtonText, text),
        (_Role.Base, base),
        (_Role.Accent, accent),
    ):
        palette.setColor(role, colour)
    own = colours_of(palette)
    for role, colour in (
        (_Role.AlternateBase, mix(base, window, 0.5)),
        (_Role.Highlight, own.solid.ground),
        (_Role.HighlightedText, own.solid.text),
        (_Role.PlaceholderText, own.muted),
        (_Role.Link, own.link),
        (_Role.LinkVisited, own.link),
        (_Role.ToolTipBase, own.card),
        (_Role.ToolTipText, text),
    ):
        palette.setColor(role, colour)
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.HighlightedText, _Role.PlaceholderText):
        palette.setColor(_Group.Disabled, role, own.disabled)
    palette.setColor(_Group.Disabled, _Role.Highlight, own.inset)
    return palette


def _page_below_cards(window: QColor, text: QColor) -> QColor:
    steps = (mix(window, text, step * 0.01) for step in range(30))
    return next(page for page in steps if contrast(_WHITE, page) >= _PAGE_BELOW_CARD)
