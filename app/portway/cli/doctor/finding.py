"""One thing that `portway doctor` found."""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How good it is."""

    GOOD = "ok"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, what was found, and what helps. `stops_a_wish`: something wanted cannot work like this."""

    subject: str
    grade: Grade
    text: str
    way_on: str = ""
    stops_a_wish: bool = False

    def as_record(self) -> dict[str, object]:
        """Return it as JSON has it."""
        return {
            "subject": self.subject,
            "grade": str(self.grade),
            "text": self.text,
            "wayOn": self.way_on or None,
            "stopsAWish": self.stops_a_wish,
        }
