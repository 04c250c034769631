"""Pictures of money and numbers: SVG with a title, a description, and always a table beside it.

Sizes and colours are attributes and classes, never style. Text is left out of pictures that
stretch with the page, so that nothing shrinks below reading size on a phone; the table says it.
"""

from collections.abc import Mapping, Sequence
from string import ascii_uppercase
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from doorstep.engine.count.pictures import Stream, flow, posts
from doorstep.engine.count.pictures import bar as drawn_bar
from doorstep.site.components.tables import data_table
from doorstep.site.words import money

Words = str | Promise
CROWDED = 4  # from this last column on, names are clipped, and sums stand in the table alone
CLIPPED = 18


class Part(NamedTuple):
    """One stretch of a bar: `tone` is the CSS class that colours it and its key in the table."""

    name: Words
    pence: int
    tone: str
    note: Words = ""


def bar(parts: Sequence[tuple[str, int]], whole: int) -> SafeString:
    """The bare SVG of a stacked bar: (tone, amount) of `whole`, in hundredths of a percent."""
    return mark_safe(drawn_bar(parts, whole))  # noqa: S308 - classes and whole numbers only


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


def flow_picture(
    streams: Sequence[Stream | tuple[str, str, int] | tuple[str, str, int, str]],
    *,
    title: Words = "",
    key: str = "flow",
    short: Mapping[str, str] | None = None,
) -> SafeString:
    """Money flowing through the fund: asset classes to reserve and pot, and on to places.

    `streams`: (from, to, pence) each, and where its entries are, which its figure links to; columns
    follow from who feeds whom. `short` are names for a picture of many columns. Drawn twice, for
    text inside a picture shrinks with it: wide with words, and narrow with letters that the table
    explains. Only one is ever shown or read.
    """
    named = [Stream(str(s[0]), str(s[1]), s[2]) for s in streams if s[2]]
    if not named:
        return format_html('<p class="none">{}</p>', _("No money has moved yet."))
    title = title or _("How the money flows")
    passing = posts(named, 1000)
    letters = {n: ascii_uppercase[i : i + 1] or str(i) for i, n in enumerate(passing)}
    crowded = max(post.column for post in passing.values()) >= CROWDED
    in_full = {
        name: _clipped((short or {}).get(name, name)) if crowded else f"{name} {money(post.amount)}"
        for name, post in passing.items()
    }
    links = {(str(one[0]), str(one[1])): str(one[3]) for one in streams if len(one) > 3}
    table = data_table(
        title,
        [_("From"), _("To"), (_("Amount"), "number")],
        [(_keyed(letters, s.source), _keyed(letters, s.target), _figure(s, links)) for s in named],
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
                mark_safe(flow(named, said, width=width, height=tall - 4)),  # noqa: S308 - escaped
            )
            for shape, width, tall, said in (
                ("wide", 880, 380, in_full),
                ("narrow", 340, 420, letters),
            )
        ),
    )
    return format_html('<figure class="picture">{}{}</figure>', pictures, table)


def _clipped(name: str) -> str:
    return name if len(name) <= CLIPPED else f"{name[: CLIPPED - 1].rstrip()}…"


def _figure(stream: Stream, links: Mapping[tuple[str, str], str]) -> SafeString | str:
    """A sum, as a link to the entries that it is made of."""
    link = links.get((stream.source, stream.target))
    if not link:
        return money(stream.amount)
    return format_html(
        '<a href="{}">{}<span class="unseen">: {} – {}</span></a>',
        link,
        money(stream.amount),
        stream.source,
        stream.target,
    )


def _keyed(letters: dict[str, str], name: str) -> SafeString:
    """A post's name, with the letter that stands for it beside the narrow picture only."""
    return format_html('<span><span class="flow-key">{} </span>{}</span>', letters[name], name)
