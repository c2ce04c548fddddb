"""Each relay has a port of its own, also beside those of another profile."""

from pathlib import Path

from portway.relay.ports import listen_at_kept_port, listen_at_new_port
from portway.system.storage.app_state import AppState
from portway.system.storage.state_file import StateFile


def memory_of(folder: Path) -> AppState:
    return AppState(StateFile(folder / "app.json"))


def test_a_port_that_was_left_is_not_what_another_profile_takes(tmp_path: Path) -> None:
    """As after a kill: nobody listens there until its own Portway is back."""
    mine, other = memory_of(tmp_path / "mine"), memory_of(tmp_path / "other")
    with listen_at_new_port("shop", mine, avoided=()) as listener:
        port = listener.getsockname()[1]
    with listen_at_new_port("shop", other, avoided=()) as strange:
        assert strange.getsockname()[1] != port
        again = listen_at_kept_port("shop", mine)
        assert again is not None
        with again:
            assert again.getsockname()[1] == port
