"""Whole numbers within limits, refused in a sentence of our own."""

from __future__ import annotations

import click


class Number(click.ParamType):  # type: ignore[type-arg]  # it has taken none before click 8.4
    """Takes what is from `lowest` to `highest`."""

    name = "number"

    def __init__(self, lowest: int, highest: int) -> None:
        self._lowest = lowest
        self._highest = highest

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value).strip()
        plain = text.isascii() and text.isdigit() and len(text) <= len(str(self._highest))
        if not plain or not self._lowest <= int(text) <= self._highest:
            self.fail(f"“{text}” is not a whole number from {self._lowest} to {self._highest}.", param, ctx)
        return int(text)
