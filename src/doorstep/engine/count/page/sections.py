"""The sections of the report: each a picture, its table, and a sentence that says what to see."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from html import escape
from math import floor

from ..giving import Givers
from ..outcome import Outcome, Verdict
from ..pictures import Segment, Stream, bar, flow, numbered_bar, stretch
from ..words import said
from .writing import Writer, folded, name_of, paragraph, section, table

ROWS = 15  # what a table shows before it is folded
POSTS = 9  # funded ideas that the flow names
SHAPES = (("wide", 880), ("narrow", 340))


def _parts(amount: Fraction) -> int:
    """Money as whole hundredths, for a picture; tables say the exact figure."""
    return floor(amount * 100)


def rounds(outcome: Outcome, write: Writer, *, fold: bool = False) -> str:
    """What each round bought: the pot as one bar, and a row for each winner.

    With fold the table is behind one: for a page that lists the winners beside it.
    """
    title, pot = write.say("rounds"), _parts(outcome.budget)
    if not outcome.rounds:
        return section("rounds", title, paragraph(write.say("nothing_funded"), "none"))
    costs = [_parts(one.cost) for one in outcome.rounds]
    segments = [Segment(f"tone-{1 + number % 2}", cost) for number, cost in enumerate(costs)]
    words = write.say("pot_picture", ideas=write.counted(len(costs), "ideas"))
    pictures = "".join(
        f'<div class="{shape}">{numbered_bar(segments, pot, title=words, width=width)}</div>'
        for shape, width in SHAPES
    )
    priced = any(one.price is not None for one in outcome.rounds)
    point = outcome.rule.utility in ("score", "borda")
    columns = [
        (write.say("round"), "place"),
        (write.say("idea"), "name"),
        (write.say("cost"), "number"),
        (write.say("supporters"), "number"),
        *[(write.say("each_paid_point" if point else "each_paid"), "number")] * priced,
        (write.say("part_of_pot"), "drawn"),
    ]
    rows, before = list[tuple[str | int, ...]](), 0
    for number, (one, cost) in enumerate(zip(outcome.rounds, costs, strict=True)):
        place = stretch(segments[number].tone, before, before + cost, pot)
        price = write.say("from_left_over") if one.price is None else write.money(one.price)
        rows.append(
            (
                number + 1,
                name_of(outcome.verdict(one.project).name),
                write.money(one.cost),
                f"{one.supporters:,}",
                *[price] * priced,
                drawn(place),
            )
        )
        before += cost
    left = outcome.budget - outcome.spent
    return section(
        "rounds",
        title,
        paragraph(write.say("rounds_said", pot=write.money(outcome.budget))),
        paragraph(f"{write.say('left_of_pot')}: {write.money(left)}.") if left else "",
        f"<figure>{pictures}</figure>",
        folded(write.say("rounds_table"), table(title, columns, rows))
        if fold
        else long_table(write, title, columns, rows),
    )


TRACK = '<rect class="tone-none" width="10000" height="100"/>'


def drawn(inside: str, behind: str = TRACK) -> str:
    return (
        '<svg class="bar" viewBox="0 0 10000 100" preserveAspectRatio="none" aria-hidden="true">'
        f"{behind}{inside}</svg>"
    )


def long_table(
    write: Writer,
    caption: str,
    columns: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[object]],
) -> str:
    """A table; past so many rows the whole of it is behind a fold, and on paper only that."""
    cells = [[one if isinstance(one, int) else str(one) for one in row] for row in rows]
    if len(cells) <= ROWS + 3:
        return table(caption, columns, cells)
    return table(caption, columns, cells[:ROWS]) + folded(
        write.say("show_all", number=f"{len(cells):,}"), table(caption, columns, cells), "whole"
    )


def support_bars(outcome: Outcome) -> dict[str, str]:
    """For each idea that was not funded a bar: who supported it, and how many more would have been
    enough, everything else being the same. All in one measure, whose whole is the longest."""
    bars = {}
    near = outcome.nearest()
    most = max([floor(_had(one) + _needed(one)) for one in near] or [1]) or 1
    for one in outcome.verdicts:
        if not one.won:
            segments = [("tone-1", floor(_had(one))), ("tone-4", _needed(one))]
            bars[one.id] = bar(segments, most)
    return bars


def says_what_was_missing(outcome: Outcome) -> bool:
    """Whether it is known of any idea how many more would have been enough."""
    return any(_needed(one) for one in outcome.verdicts if not one.won)


def others(outcome: Outcome, write: Writer) -> str:
    """What each idea that was not funded would have needed, the nearest first."""
    title = write.say("others")
    near = outcome.nearest()
    listed = near + [one for one in outcome.verdicts if not one.won and one not in near]
    if not listed:
        return section("others", title, paragraph(write.say("all_funded"), "none"))
    bars = support_bars(outcome)
    rows = [
        (
            name_of(one.name),
            write.money(one.cost),
            drawn(bars[one.id], ""),
            said(one.reason.code, one.reason.params, outcome.currency, write.translate),
        )
        for one in listed
    ]
    columns = [
        (write.say("idea"), "name"),
        (write.say("cost"), "number"),
        (write.say("support_bar"), "drawn"),
        (write.say("why"), "why"),
    ]
    words = write.say("others_said" if says_what_was_missing(outcome) else "others_said_plain")
    return section("others", title, paragraph(words), long_table(write, title, columns, rows))


def _had(one: Verdict) -> Fraction:
    """Its supporters, or its score where the reason goes by score."""
    return Fraction(one.reason.params.get("score", one.votes))


def _needed(one: Verdict) -> int:
    params = one.reason.params
    return floor(Fraction(params.get("needed_supporters", params.get("needed_score", 0))))


def money_flow(
    outcome: Outcome, groups: Sequence[Givers], write: Writer, *, each_idea: bool = True
) -> str:
    """Whose shares paid for what; where there are no shares, where the pot went.

    With each_idea, what each group paid for each idea is in a table behind a fold.
    """
    shares = outcome.shares
    if shares is None or not groups:
        return _pot_flow(outcome, write)
    names = {one.id: name_of(one.name) for one in outcome.verdicts}
    who = {number: _who(one, write) for number, one in enumerate(groups)}
    paid = [one for one in outcome.rounds if one.price]
    largest = sorted(paid, key=lambda one: -one.cost)[:POSTS]
    shown = [one.project for one in paid if one in largest]
    rest, more = write.say("not_spent"), [one.project for one in paid if one not in largest]
    streams: list[Stream] = []
    for number, group in enumerate(groups):
        for one in shown:
            streams.append(Stream(f"<{number}", f">{one}", _parts(group.paid.get(one, Fraction()))))
        together = sum((group.paid.get(one, Fraction()) for one in more), Fraction())
        streams.append(Stream(f"<{number}", "more", _parts(together)))
        streams.append(Stream(f"<{number}", "rest", _parts(group.kept)))
    label = {f"<{number}": words for number, words in who.items()}
    label |= {f">{one}": names[one] for one in shown}
    label |= {"more": write.say("more_ideas", number=f"{len(more):,}"), "rest": rest}
    title = write.say("flow")
    words = [write.say("flow_said", share=write.money(shares.final))]
    if outcome.carried:
        words.append(write.say("flow_brought"))
    if shares.steps:
        steps = write.counted(shares.steps, "steps")
        words.append(write.say("flow_raised", first=write.money(shares.first), steps=steps))
    in_sum = [
        (write.say("who"), "name"),
        (write.say("people"), "number"),
        (write.say("shares_together"), "number"),
        (write.say("paid"), "number"),
        (rest, "number"),
    ]
    sums = [
        (
            who[number],
            f"{one.people:,}",
            write.about(one.given),
            write.about(one.given - one.kept),
            write.about(one.kept),
        )
        for number, one in enumerate(groups)
    ]
    each = [(write.say("idea"), "name"), *((one, "number") for one in who.values())]
    all_paid = [
        (names[one.project], *(write.about(g.paid.get(one.project, Fraction())) for g in groups))
        for one in paid
    ]
    fold = folded(write.say("group_table"), table(write.say("group_table"), each, all_paid))
    return section(
        "flow",
        title,
        *(paragraph(one) for one in words),
        _flow(streams, label, title, write, frozenset({"rest"})),
        table(title, in_sum, sums),
        fold if all_paid and each_idea else "",
    )


def _who(group: Givers, write: Writer) -> str:
    if group.most == 0:
        return write.say("chose_none")
    if group.most is None:
        return write.say("chose_more", least=str(group.least))
    if group.most == group.least:
        return write.say("chose_some", number=str(group.least))
    return write.say("chose_between", least=str(group.least), most=str(group.most))


def _pot_flow(outcome: Outcome, write: Writer) -> str:
    names = {one.id: name_of(one.name) for one in outcome.verdicts}
    bought = sorted(outcome.rounds, key=lambda one: -one.cost)
    left = outcome.budget - outcome.spent
    streams = [Stream("pot", f">{one.project}", _parts(one.cost)) for one in bought[:POSTS]]
    others = sum((one.cost for one in bought[POSTS:]), Fraction())
    streams += [Stream("pot", "more", _parts(others)), Stream("pot", "rest", _parts(left))]
    label = {f">{one.project}": names[one.project] for one in bought[:POSTS]}
    label |= {
        "pot": write.say("the_pot"),
        "more": write.say("more_ideas", number=f"{max(len(bought) - POSTS, 0):,}"),
        "rest": write.say("left_of_pot"),
    }
    title = write.say("flow_pot")
    rows = [(names[one.project], write.money(one.cost)) for one in bought]
    rows += [(label["rest"], write.money(left))] if left else []
    columns = [(write.say("idea"), "name"), (write.say("cost"), "number")]
    return section(
        "flow",
        title,
        paragraph(write.say("flow_pot_said")),
        _flow(streams, label, title, write, frozenset({"rest"})),
        long_table(write, title, columns, rows),
    )


def _flow(
    streams: Sequence[Stream],
    label: dict[str, str],
    title: str,
    write: Writer,
    rest: frozenset[str],
) -> str:
    """The flow drawn twice, for wide screens and for narrow ones. What carries nothing is left
    out, and so is the whole picture where nothing flows."""
    real = sorted((one for one in streams if one.amount), key=lambda one: one.target in rest)
    if not real:
        return ""
    ends = {one.target for one in real}
    high = 26 * max(len(ends), len({one.source for one in real})) + 240
    words = write.say("flow_picture", title=title)
    shown = "".join(
        f'<svg class="flow {shape}" viewBox="0 0 {width} {high}" role="img">'
        f"<title>{escape(words)}</title>"
        + flow(real, _cut(label, width, ends), width=width, height=high - 6, rest=rest)
        + "</svg>"
        for shape, width in SHAPES
    )
    return f'<figure class="picture">{shown}</figure>'


def _cut(label: dict[str, str], width: int, ends: set[str]) -> dict[str, str]:
    """Words that fit in half of a picture; the table has them in full."""
    room = width * 10 // (2 * 85)
    return {
        key: text if len(text) <= room else text[: room - 1].rstrip() + "…"
        for key, text in label.items()
    }
