"""The section on what was carried over: who brought what, what it bought, and what goes along."""

from __future__ import annotations

from html import escape
from math import floor

from ..bringing import Bringing, Purse
from ..outcome import Outcome, said_of_carrying
from ..pictures import bar
from .sections import drawn, long_table
from .writing import Writer, paragraph, section, table


def brought_over(outcome: Outcome, brought: Bringing | None, write: Writer) -> str:
    """Nothing where nothing could be carried over. brought: None where no voter had a share, or
    the ballots are not there; then only the sentence is said."""
    if outcome.carried is None:
        return ""
    parts = [paragraph(said_of_carrying(outcome, write.translate))]
    if outcome.carried.absent:
        parts.append(paragraph(write.say("brought_absent", number=f"{outcome.carried.absent:,}")))
    if brought:
        parts += [paragraph(write.say("brought_bar_said")), _purses(brought, write)]
        parts += _kinds(brought, write) if brought.kinds else [_left(outcome, write)]
        parts.append(paragraph(write.say("not_drawn"), "none"))
    return section("brought", write.say("brought"), *parts)


def _left(outcome: Outcome, write: Writer) -> str:
    left = write.money(outcome.budget - outcome.spent)
    return paragraph(write.say("along_by_voter", left=left))


def _purses(brought: Bringing, write: Writer) -> str:
    largest = max((one.brought + one.share) / one.people for one in brought.purses)
    whole = max(floor(largest * 100), 1)
    taken = any(one.takes_along is not None for one in brought.purses)
    columns = [
        (write.say("brought_each"), "name"),
        (write.say("people"), "number"),
        (write.say("brought_bar"), "drawn"),
        (write.say("brought_together"), "number"),
        (write.say("shares_together"), "number"),
        (write.say("paid"), "number"),
        (write.say("not_spent"), "number"),
        *[(write.say("takes_along"), "number")] * taken,
    ]
    rows = [
        (
            _each(one, write),
            f"{one.people:,}",
            drawn(
                bar(
                    [
                        ("tone-1", floor(one.share * 100 / one.people)),
                        ("tone-4", floor(one.brought * 100 / one.people)),
                    ],
                    whole,
                ),
                "",
            ),
            write.about(one.brought),
            write.about(one.share),
            write.about(one.paid),
            write.about(one.kept),
            *[write.about(one.takes_along or 0)] * taken,
        )
        for one in brought.purses
    ]
    return table(write.say("brought"), columns, rows)


def _each(one: Purse, write: Writer) -> str:
    if not one.most:
        return write.say("brought_nothing")
    if one.least == one.most:
        return write.money(one.most)
    return write.say("brought_some", least=write.money(one.least), most=write.money(one.most))


def _kinds(brought: Bringing, write: Writer) -> list[str]:
    title = write.say("kinds_brought")
    columns = [
        (write.say("kind"), "name"),
        (write.say("was_owed"), "number"),
        (write.say("shared_by"), "number"),
        (write.say("fair_part"), "number"),
        (write.say("spent_on_kind"), "number"),
        (write.say("still_owed"), "number"),
    ]
    rows = [
        (
            one.value,
            write.about(one.owed),
            write.counted(one.people, "people"),
            write.about(one.fair),
            write.about(one.spent),
            write.about(one.takes_along),
        )
        for one in brought.kinds
    ]
    return [
        f"<h3>{escape(title)}</h3>",
        paragraph(write.say("along_by_kind")),
        long_table(write, title, columns, rows),
    ]
