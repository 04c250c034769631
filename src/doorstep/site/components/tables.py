"""Real tables that still work at 360 pixels, page numbers, and words that name a state."""

from collections.abc import Iterable, Sequence

from django.core.paginator import Page
from django.http import QueryDict
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

TONES = {"plain", "good", "waiting", "stopped"}


def state_tag(words: object, tone: str = "plain") -> SafeString:
    """The name of a state in a small box. The words carry it; the tone only helps the eye."""
    if tone not in TONES:
        raise ValueError(f"{tone!r} is not a tone; choose from {sorted(TONES)}")
    return format_html('<strong class="state {}">{}</strong>', tone, words)


def data_table(
    caption: object,
    columns: Sequence[str | tuple[str, str]],
    rows: Iterable[Sequence[object]],
    *,
    hide_caption: bool = False,
    nothing: object = "",
) -> SafeString:
    """A table from values: a column is its heading, or (heading, "number") to align figures.

    The first cell of a row is its heading. On a narrow screen each row becomes a small card whose
    cells carry their column's name. ARIA roles are written out because a table that is laid out
    as cards would otherwise stop being a table to a screen reader.
    """
    heads = [(c, "") if isinstance(c, str) else c for c in columns]
    # Each cell's opening tag is the same in every row, so it is made once; a page of fifty rows
    # then costs one escape a cell.
    opening = ['<tr role="row"><th scope="row" role="rowheader">'] + [
        format_html('</td><td role="cell" data-label="{}"{}>', head, _kind(kind))
        for head, kind in heads[1:]
    ]
    opening[1:2] = [opening[1].replace("</td>", "</th>", 1)] if len(heads) > 1 else []
    end = "</td></tr>" if len(heads) > 1 else "</th></tr>"
    body = [
        "".join(
            part
            for before, cell in zip(opening, row, strict=True)
            for part in (before, conditional_escape(cell))  # type: ignore[arg-type]
        )
        + end
        for row in rows
    ]
    if not body:
        return format_html('<p class="none">{}</p>', nothing or _("Nothing here yet."))
    return format_html(
        '<table class="cards" role="table"><caption{}>{}</caption>'
        '<thead role="rowgroup"><tr role="row">{}</tr></thead>'
        '<tbody role="rowgroup">{}</tbody></table>',
        SafeString(' class="unseen"') if hide_caption else "",
        caption,
        format_html_join(
            "",
            '<th scope="col" role="columnheader"{}>{}</th>',
            ((_kind(kind), head) for head, kind in heads),
        ),
        SafeString("".join(body)),
    )


def _kind(kind: str) -> SafeString | str:
    return format_html(' class="{}"', kind) if kind else ""


def pager(page: Page, query: QueryDict | None = None) -> SafeString:
    """Links to the page before and after, keeping whatever else the address asks for."""
    if page.paginator.num_pages < 2:
        return SafeString("")

    def link(number: int, words: str, rel: str) -> SafeString:
        asked = query.copy() if query is not None else QueryDict(mutable=True)
        asked["page"] = str(number)
        return format_html('<a href="?{}" rel="{}">{}</a>', asked.urlencode(), rel, words)

    before = link(page.previous_page_number(), _("Previous"), "prev") if page.has_previous() else ""
    after = link(page.next_page_number(), _("Next"), "next") if page.has_next() else ""
    where = _("Page %(page)s of %(pages)s") % {
        "page": page.number,
        "pages": page.paginator.num_pages,
    }
    return format_html(
        '<nav class="pager" aria-label="{}">{}<span>{}</span>{}</nav>',
        _("Pages"),
        before,
        where,
        after,
    )
