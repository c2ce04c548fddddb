"""Finds whatever a person can operate in a window, and operates it where it is drawn."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QToolButton,
    QWidget,
)

from tests.gui.hands import activate

# `findChildren` takes one class at a time.
_OPERABLE: tuple[type[QWidget], ...] = (
    QAbstractButton,
    QComboBox,
    QLineEdit,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
)


def operable(top: QWidget) -> Iterator[QWidget]:
    """Return every control below, visible or not, without those that native controls are made of."""
    for kind in _OPERABLE:
        for one in top.findChildren(kind):
            if not isinstance(one, QScrollBar) and not _is_inner(one):
                yield one


def name_of(control: QWidget) -> str:
    """Return what it is called where it is heard."""
    return control.accessibleName() or (control.text() if isinstance(control, QAbstractButton) else "")


def in_sight(top: QWidget) -> dict[str, QWidget]:
    """Return what can be operated now, by its name."""
    found: dict[str, QWidget] = {}
    for one in operable(top):
        if one.isVisible() and one.isEnabled():
            assert name_of(one), f"{one!r} has no name"
            assert name_of(one) not in found, f"two controls are called “{name_of(one)}”"
            found[name_of(one)] = one
    return found


def words_in_sight(top: QWidget) -> list[str]:
    """Return all texts that can be read now."""
    return [one.text() for one in top.findChildren(QLabel) if one.isVisible() and one.text()]


def press(control: QWidget, typed: str = "") -> None:
    """Do what a person does with it: click it, type into it, or choose its last entry."""
    match control:
        case QComboBox() if control.isEditable():
            _type(control.lineEdit(), typed)
        case QComboBox():
            _reach(control)
            control.setFocus()
            QTest.keyClick(control, Qt.Key.Key_End)
        case QLineEdit():
            _type(control, typed)
        case QTabBar():
            tab = next(at for at in range(control.count()) if control.tabText(at) == typed)
            QTest.mouseClick(control, Qt.MouseButton.LeftButton, pos=control.tabRect(tab).center())
        case QAbstractItemView():
            activate(control.window())  # shortcuts are heard in the active window only
            _click(control)
            QTest.keyClick(control, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            QTest.keyClick(control, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        case _:
            _click(control)


def menu_of(control: QWidget) -> QMenu | None:
    """Return the menu that a click on it opens, filled as it is then."""
    menu = control.menu() if isinstance(control, QToolButton) else None
    if menu is not None:
        menu.aboutToShow.emit()
    return menu


def _type(field: QLineEdit | None, text: str) -> None:
    assert field is not None
    _click(field)
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def _click(control: QWidget) -> None:
    """Click at its place in the window: what lies above it would get the click instead."""
    _reach(control)
    window = control.window()
    place = control.mapTo(window, control.rect().center())
    hit = window.childAt(place)
    assert hit is not None, f"“{name_of(control)}” is out of the window"
    assert hit is control or control.isAncestorOf(hit), f"“{name_of(control)}” lies below {hit!r}"
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def _reach(control: QWidget) -> None:
    """Scroll to it."""
    parent = control.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(control)
        parent = parent.parentWidget()
    QTest.qWait(0)


def _is_inner(one: QWidget) -> bool:
    if (
        isinstance(one.parentWidget(), QTabBar)
        or one.objectName().startswith("qt_")
        or type(one).__name__.startswith("QLineEditIcon")
    ):
        return True
    parent = one.parentWidget()
    while parent is not None:
        if isinstance(parent, (QComboBox, QAbstractSpinBox)) or parent.inherits("QComboBoxPrivateContainer"):
            return True
        parent = parent.parentWidget()
    return isinstance(one.parentWidget(), QLineEdit)
