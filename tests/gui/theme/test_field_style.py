"""Text boxes and combo boxes have an edge that can be seen, on Fusion and on the palettes of every desktop."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QStyle, QStyleFactory, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from portway.gui.theme.colours import contrast
from portway.gui.theme.field_style import FieldStyle, mend_fields
from portway.gui.theme.look import colours
from tests.gui.theme.palettes import PALETTES, palette_of


@pytest.fixture
def mended(qapp: QApplication) -> Iterator[None]:
    mend_fields()
    yield
    qapp.setStyle(QStyleFactory.create("fusion"))
    qapp.setPalette(QPalette())


@pytest.fixture(params=["line", "combo", "editable"])
def field(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[QWidget]:
    page = QWidget()
    qtbot.addWidget(page)
    field: QWidget = QLineEdit() if request.param == "line" else QComboBox(editable=request.param == "editable")
    if isinstance(field, QComboBox):
        field.addItem("one")
    column = QVBoxLayout(page)
    column.addWidget(QLineEdit())  # has the focus
    column.addWidget(field)
    page.resize(200, 100)
    yield field
    page.close()  # its owner until here


def middle(field: QWidget) -> tuple[QColor, QColor]:
    """Return the colours of its left edge and just inside, at half the height."""
    image: QImage = field.grab().toImage()
    return image.pixelColor(0, image.height() // 2), image.pixelColor(2, image.height() // 2)


@pytest.mark.usefixtures("mended")
@pytest.mark.parametrize("name", PALETTES)
def test_its_edge_can_be_seen_from_inside_and_outside(name: str, field: QWidget) -> None:
    QApplication.setPalette(palette_of(*PALETTES[name]))
    edge, inside = middle(field)
    assert inside == colours().field
    for ground in (inside, colours().card, colours().window):
        assert contrast(edge, ground) >= 3


def test_without_it_the_edge_is_too_weak(field: QWidget, qapp: QApplication) -> None:
    qapp.setPalette(palette_of(*PALETTES["Fusion dark"]))
    edge, inside = middle(field)
    qapp.setPalette(QPalette())
    assert contrast(edge, inside) < 3


@pytest.mark.usefixtures("mended")
def test_a_disabled_one_is_paler_and_the_focus_has_the_accent(field: QWidget, qtbot: QtBot) -> None:
    edge, _inside = middle(field)
    field.setEnabled(False)
    assert contrast(middle(field)[0], colours().field) < contrast(edge, colours().field)
    field.setEnabled(True)
    page = field.window()
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    assert middle(field)[0] == colours().accent


@pytest.mark.usefixtures("mended")
def test_the_arrow_of_a_combo_box_is_painted(field: QWidget) -> None:
    if not isinstance(field, QComboBox):
        return
    image = field.grab().toImage()
    seen = {
        image.pixelColor(x, y).name()
        for x in range(image.width() - 24, image.width() - 4)
        for y in range(4, image.height() - 4)
    }
    assert len(seen - {colours().field.name()}) > 0


def test_styles_of_other_desktops_stay_as_they_are(qapp: QApplication) -> None:
    qapp.setStyle(QStyleFactory.create("windows"))
    mend_fields()
    style: QStyle = QApplication.style()
    kept = style.name().lower()
    qapp.setStyle(QStyleFactory.create("fusion"))
    assert (kept, isinstance(style, FieldStyle)) == ("windows", False)
