"""What is worth a notification: from one status to the next, what happened that a person should know. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum

from portway.core.status import Phase, Reach, TunnelStatus


class News(StrEnum):
    """What happened to one tunnel. Retries are no news."""

    UP = "up"
    CHANGED = "changed"
    LOST = "lost"  # worth telling only once it has lasted
    BACK = "back"  # worth telling only where LOST was told
    NEEDED = "needed"
    STOPPED = "stopped"
    VISITOR = "visitor"
    ENDING = "ending"  # within minutes, by itself; told by the one who waits for it
    OVER = "over"  # by the person's own wish: what was told before is no longer so


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of one tunnel between two statuses, since its wish."""

    url: str = ""  # the last one under which it was up
    lost: bool = False
    told: tuple[Phase, str] = (Phase.STOPPED, "")  # the last trouble: phase and cause
    visited: bool = False


def notice(memory: Memory, status: TunnelStatus) -> tuple[Memory, News | None]:
    """Return what to remember from now on, and what happened."""
    match status.phase:
        case Phase.RUNNING if status.wanted:
            return _while_up(memory, status)
        case Phase.STARTING if status.wanted:
            if memory.url and not memory.lost and status.problem is not None:
                return replace(memory, lost=True), News.LOST
            return replace(memory, told=(Phase.STARTING, "")), None
        case Phase.RUNNING | Phase.STARTING if not status.wanted and status.problem is None:
            return memory, None  # it is being closed: what is told at its end says why
        case Phase.NEEDS_AUTH if status.wanted:
            return _trouble(memory, status, News.NEEDED)
        case Phase.ERROR:
            return _trouble(memory, status, News.STOPPED)
        case Phase.STOPPED if status.problem is not None and memory != Memory():
            return Memory(), News.STOPPED
        case _:
            return Memory(), None if memory == Memory() else News.OVER


def _while_up(memory: Memory, status: TunnelStatus) -> tuple[Memory, News | None]:
    url = status.public_url or ""
    up = replace(memory, url=url, lost=False, told=(Phase.RUNNING, ""))
    if not memory.url:
        return up, News.UP
    if memory.url != url:
        return up, News.CHANGED
    if memory.lost:
        return up, News.BACK
    visited = status.reach is Reach.NETWORK and getattr(status.extras, "last_visitor_at", None) is not None
    if visited and not memory.visited:
        return replace(up, visited=True), News.VISITOR
    return up, None


def _trouble(memory: Memory, status: TunnelStatus, news: News) -> tuple[Memory, News | None]:
    """Tell each cause once."""
    told = (status.phase, "" if status.problem is None else status.problem.key)
    return replace(memory, told=told, url="", lost=False), None if memory.told == told else news
