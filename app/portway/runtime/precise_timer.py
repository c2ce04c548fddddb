"""Timers that come to the millisecond, where those of Qt may come too early by a twentieth."""

from PySide6.QtCore import QTimer


def be_precise(timer: QTimer) -> None:
    """Let it come neither early nor late. Main thread."""
    from PySide6.QtCore import Qt  # late: the first use of this namespace takes 10 ms and 0.9 MB

    timer.setTimerType(Qt.TimerType.PreciseTimer)
