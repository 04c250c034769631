"""Pictures of money and numbers: SVG with a title, a description, and always a table beside it.

Sizes and colours are attributes and classes, never style. Text is left out of pictures that
stretch with the page, so that nothing shrinks below reading size on a phone; the table says it.
"""

from collections.abc import Sequence
from string import ascii_uppercase
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from doorstep.site.components.tables import data_table
from doorstep.site.words import money

Words = str | Promise


class Part(NamedTuple):
    """One stretch of a bar: `tone` is the CSS class that colours it and its key in the table."""

    name: Words
    pence: int
    tone: str
    note: Words = ""


def bar(parts: Sequence[tuple[str, int]], whole: int) -> SafeString:
    """The bare SVG of a stacked bar: (tone, amount) of `whole`, in hundredths of a percent."""
    places = []
    start = 0
    for tone, amount in parts:
        end = start + amount
        left, right = (start * 10_000 // whole, end * 10_000 // whole) if whole else (0, 0)
        places.append((tone, left, right - left))
        start = end
    return format_html_join("", '<rect class="{}" x="{}" width="{}" height="100"/>', places)


def money_bar(
    key: str, title: Words, total_name: Words, parts: Sequence[Part], *, total: int
) -> SafeString:
    """One bar split into `parts` that must add up to `total`, with its table beneath.

    `key` makes the ids on the page. A picture whose parts do not add up is refused: on a public
    ledger that is a lie, and the caller has a fault to mend.
    """
    if sum(part.pence for part in parts) != total:
        raise ValueError(f"{title}: the parts do not add up to {total} pence: {parts}")
    description = ", ".join(f"{part.name} {money(part.pence)}" for part in parts)
    rows = format_html_join(
        "",
        '<tr><th scope="row"><svg class="key" viewBox="0 0 10 10" aria-hidden="true">'
        '<rect class="{}" width="10" height="10"/></svg>{}{}</th><td class="number">{}</td></tr>',
        (
            (
                part.tone,
                part.name,
                format_html('<span class="hint">{}</span>', part.note) if part.note else "",
                money(part.pence),
            )
            for part in parts
        ),
    )
    return format_html(
        '<figure class="picture"><svg class="bar" viewBox="0 0 10000 100"'
        ' preserveAspectRatio="none" role="img" aria-labelledby="{0}-t {0}-d">'
        '<title id="{0}-t">{1}</title><desc id="{0}-d">{2}</desc>'
        '<rect class="tone-none" width="10000" height="100"/>{3}</svg>'
        '<table class="keyed"><caption class="unseen">{1}</caption><thead class="unseen"><tr>'
        '<th scope="col">{7}</th><th scope="col">{8}</th></tr></thead><tbody>{4}</tbody>'
        '<tfoot><tr><th scope="row">{5}</th><td class="number">{6}</td></tr></tfoot></table>'
        "</figure>",
        key,
        title,
        description,
        bar([(part.tone, part.pence) for part in parts], total),
        rows,
        total_name,
        money(total),
        _("What"),
        _("Amount"),
    )


def money_picture(
    came_in: int,
    promised: int,
    paid: int,
    left: int,
    *,
    key: str = "money",
    title: Words = "",
    on_its_way: int = 0,
) -> SafeString:
    """A place's money: in = paid + on its way + promised + left, all in pence."""
    parts = [
        Part(_("Paid"), paid, "tone-1", _("Money that has left the bank")),
        Part(_("Promised"), promised, "tone-2", _("Set aside for ideas that were chosen")),
        Part(_("Left"), left, "tone-3", _("Not yet decided by residents")),
    ]
    if on_its_way:
        parts.insert(1, Part(_("On its way"), on_its_way, "tone-4", _("Sent, not yet at the bank")))
    return money_bar(key, title or _("The money so far"), _("Came in"), parts, total=came_in)


def bar_chart(
    caption: Words,
    what: Words,
    rows: Sequence[tuple],
    *,
    amount: Words = "",
    as_money: bool = True,
    full: int | None = None,
) -> SafeString:
    """A table whose rows carry a bar: `rows` of (name, number) or (name, number, link).

    Bars are drawn against the longest, or against `full` where a share of something is meant.
    """
    longest = max([full or 0, *(row[1] for row in rows)], default=0)
    made = []
    for name, number, *link in rows:
        label = format_html('<a href="{}">{}</a>', link[0], name) if link else name
        shown = money(number) if as_money else f"{number:,}"
        made.append((label, shown, bar([("tone-1", number)], longest)))
    # On a phone each bar stands below its name, as wide as the screen. The roles say that it is a
    # table even then.
    return format_html(
        '<table class="bars" role="table"><caption>{}</caption><thead role="rowgroup">'
        '<tr role="row"><th scope="col" role="columnheader">{}</th>'
        '<th scope="col" role="columnheader" class="number">{}</th><td role="cell"></td></tr>'
        '</thead><tbody role="rowgroup">{}</tbody></table>',
        caption,
        what,
        amount or _("Amount"),
        format_html_join(
            "",
            '<tr role="row"><th scope="row" role="rowheader">{}</th>'
            '<td role="cell" class="number">{}</td><td role="cell" class="drawn">'
            '<svg class="bar" viewBox="0 0 10000 100" preserveAspectRatio="none"'
            ' aria-hidden="true">{}</svg></td></tr>',
            made,
        ),
    )


# --- the flow of the whole fund -------------------------------------------------------------


class Stream(NamedTuple):
    """Money that runs from the node named `source` to the node named `target`, in pence."""

    source: str
    target: str
    pence: int


class _Node(NamedTuple):
    name: str
    column: int
    pence: int
    top: int
    height: int


_GAP = 26  # room for a node's two lines of words, in the picture's units
_LEAST = 2  # a stream too thin to see would look like money that is not there


def _columns(streams: Sequence[Stream]) -> dict[str, int]:
    """Which column each node stands in: one after the last that feeds it."""
    column: dict[str, int] = {}
    for _step in range(len(streams) + 1):
        for stream in streams:
            start = column.setdefault(stream.source, 0)
            column[stream.target] = max(column.get(stream.target, 0), start + 1)
        if max(column.values(), default=0) > len(streams):
            raise ValueError("Money runs in a circle in this picture.")
    return column


def _nodes(streams: Sequence[Stream], height: int) -> dict[str, _Node]:
    column = _columns(streams)
    size = {
        name: max(
            sum(s.pence for s in streams if s.source == name),
            sum(s.pence for s in streams if s.target == name),
        )
        for name in column
    }
    last = max(column.values())
    # What is still held at the end of a stream stays in its own column; the rest spread out.
    nodes: dict[str, _Node] = {}
    fullest = max(sum(size[n] for n in column if column[n] == c) for c in range(last + 1)) or 1
    most = max(sum(1 for n in column if column[n] == c) for c in range(last + 1))
    room = height - _GAP * most
    for c in range(last + 1):
        top = 0
        for name in (n for n in column if column[n] == c):
            tall = max(_LEAST, size[name] * room // fullest)
            nodes[name] = _Node(name, c, size[name], top + _GAP - 6, tall)
            top += tall + _GAP
    return nodes


def _drawn(
    streams: Sequence[Stream], *, width: int, height: int, text: int, said: dict[str, str]
) -> SafeString:
    """The ribbons, the posts they run between, and what is `said` above each post."""
    nodes = _nodes(streams, height)
    last = max(node.column for node in nodes.values())
    post = 10
    spread = (width - post) // last
    leaving = dict.fromkeys(nodes, 0)
    coming = dict.fromkeys(nodes, 0)
    ribbons = []
    for stream in streams:
        a, b = nodes[stream.source], nodes[stream.target]
        thick_a = max(1, stream.pence * a.height // a.pence) if a.pence else 1
        thick_b = max(1, stream.pence * b.height // b.pence) if b.pence else 1
        x1, x2 = a.column * spread + post, b.column * spread
        y1, y2 = a.top + leaving[a.name], b.top + coming[b.name]
        bend = (x1 + x2) // 2
        ribbons.append(
            (
                f"M{x1} {y1}C{bend} {y1} {bend} {y2} {x2} {y2}v{thick_b}"
                f"C{bend} {y2 + thick_b} {bend} {y1 + thick_a} {x1} {y1 + thick_a}z",
            )
        )
        leaving[a.name] += thick_a
        coming[b.name] += thick_b
    posts = format_html_join(
        "",
        '<rect class="tone-1" x="{0}" y="{1}" width="{2}" height="{3}"/>'
        '<text class="said" x="{4}" y="{5}" font-size="{6}" text-anchor="{7}">{8}</text>',
        (
            (
                node.column * spread,
                node.top,
                post,
                node.height,
                node.column * spread + (post if node.column == last else 0),
                node.top - 6,
                text,
                "end" if node.column == last else "start",
                said[node.name],
            )
            for node in nodes.values()
        ),
    )
    return mark_safe(  # noqa: S308 - both halves are already escaped
        format_html_join("", '<path class="ribbon" d="{}"/>', ribbons) + posts
    )


def flow_picture(
    streams: Sequence[Stream | tuple[str, str, int]], *, title: Words = "", key: str = "flow"
) -> SafeString:
    """Money flowing through the fund: asset classes to reserve and pot, and on to places.

    `streams`: (from, to, pence) each; columns follow from who feeds whom. Drawn twice, because
    text inside a picture shrinks with it: wide with words, and narrow with letters that the table
    explains. Only one is ever shown or read.
    """
    named = [Stream(str(s[0]), str(s[1]), s[2]) for s in streams if s[2]]
    if not named:
        return format_html('<p class="none">{}</p>', _("No money has moved yet."))
    title = title or _("How the money flows")
    nodes = _nodes(named, 1000)
    letters = {n: ascii_uppercase[i : i + 1] or str(i) for i, n in enumerate(nodes)}
    in_full = {name: f"{name} {money(node.pence)}" for name, node in nodes.items()}
    table = data_table(
        title,
        [_("From"), _("To"), (_("Amount"), "number")],
        [(_keyed(letters, s.source), _keyed(letters, s.target), money(s.pence)) for s in named],
    )
    pictures = format_html_join(
        "",
        '<svg class="flow {0}" viewBox="0 0 {1} {2}" role="img" aria-labelledby="{3}-{0}-t">'
        '<title id="{3}-{0}-t">{4}</title>{5}</svg>',
        (
            (
                shape,
                width,
                tall,
                key,
                _("%(title)s: the table below says the same in numbers") % {"title": title},
                _drawn(named, width=width, height=tall - 4, text=text, said=said),
            )
            for shape, width, tall, text, said in (
                ("wide", 880, 380, 15, in_full),
                ("narrow", 340, 420, 15, letters),
            )
        ),
    )
    return format_html('<figure class="picture">{}{}</figure>', pictures, table)


def _keyed(letters: dict[str, str], name: str) -> SafeString:
    """A post's name, with the letter that stands for it beside the narrow picture only."""
    return format_html('<span><span class="flow-key">{} </span>{}</span>', letters[name], name)
