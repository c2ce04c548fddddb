from __future__ import annotations

import pytest

from portway.core.command_line import check_command
from portway.core.errors import TunnelError


def test_words_are_split_as_in_a_shell() -> None:
    assert check_command('/bin/tool --name "my project" x\\ y') == ("/bin/tool", "--name", "my project", "x y")


def test_an_open_quotation_mark_is_refused() -> None:
    with pytest.raises(TunnelError, match="hookCommand: a quotation mark"):
        check_command('tool "open', field="general.hookCommand")
