"""Who lives and works in Millbrook, and when their season begins."""

from datetime import UTC, datetime, timedelta

SECRETARY = "secretary@millbrook.example"
CHAIR = "chair@millbrook.example"
WORKER = "worker@millbrook.example"
TREASURER = "treasurer@millbrook.example"
RESIDENT = "resident@millbrook.example"
FINANCE = "finance@alderdale-cvs.example"
BOOKKEEPER = "bookkeeper@alderdale-cvs.example"
HALL = "treasurer@st-annes-hall.example"
TRUSTEES = {CHAIR: "Maya", TREASURER: "Idris", RESIDENT: "Rosa"}
BEGINS = datetime(2027, 2, 1, 10, tzinfo=UTC)  # a Monday


def day(number: int) -> str:
    """So many days after the season began, as a form takes it."""
    return (BEGINS + timedelta(days=number)).strftime("%Y-%m-%d")
