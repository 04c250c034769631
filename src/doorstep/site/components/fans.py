"""Pictures of a forecast: a fan of what may come, and the bars of what it hangs on."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

WIDE, HIGH = 720, 300
LEFT, BOTTOM = 112, 30  # room for "£12.3m" in the large type of a phone
Rows = Sequence[Sequence[float]]


def fan_chart(
    rows: Rows, first_year: int, *, title: str, key: str, said: Sequence[str]
) -> SafeString:
    """A fan: `rows` hold for each year the values with 5, 25, 50, 75 and 95 percent of paths below.

    `said` are the words at the foot and the top of the scale. The table beside it says the rest.
    """
    most = max((row[-1] for row in rows), default=0) or 1
    last = max(len(rows) - 1, 1)

    def point(year: int, value: float) -> str:
        x = LEFT + year * (WIDE - LEFT) // last
        y = round((HIGH - BOTTOM) * (1 - max(value, 0) / most))
        return f"{x} {y}"

    def band(low: int, high: int) -> str:
        there = [point(year, row[high]) for year, row in enumerate(rows)]
        back = [point(year, row[low]) for year, row in reversed(list(enumerate(rows)))]
        return f"M{'L'.join(there)}L{'L'.join(back)}z"

    middle = "M" + "L".join(point(year, row[2]) for year, row in enumerate(rows))
    years = sorted({0, last // 2, last})
    marks = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="{}">{}</text>',
        (
            (
                LEFT + year * (WIDE - LEFT) // last,
                HIGH - 6,
                "start" if year == 0 else "end" if year == last else "middle",
                first_year + year,
            )
            for year in years
        ),
    )
    return format_html(
        '<svg class="fan" viewBox="0 -16 {0} {1}" role="img" aria-labelledby="{2}-t">'
        '<title id="{2}-t">{3}</title><path class="fan-wide" d="{4}"/>'
        '<path class="fan-near" d="{5}"/><path class="fan-mid" d="{6}"/>'
        '<path class="axis" d="M{7} 0V{8}H{0}"/>{9}'
        '<text x="{10}" y="{8}" text-anchor="end">{11}</text>'
        '<text x="{10}" y="10" text-anchor="end">{12}</text></svg>',
        WIDE,
        HIGH + 16,
        key,
        title,
        mark_safe(band(0, 4)),  # noqa: S308 - whole numbers only
        mark_safe(band(1, 3)),  # noqa: S308
        mark_safe(middle),  # noqa: S308
        LEFT,
        HIGH - BOTTOM,
        marks,
        LEFT - 6,
        said[0],
        said[1],
    )


def range_bar(low: float, high: float, most: float) -> SafeString:
    """One bar of the tornado, from the outcome at one end of a range to that at the other."""
    left, right = sorted((low, high))
    scale = 1000 / most if most else 0
    x, width = round(max(left, 0) * scale), max(4, round((right - max(left, 0)) * scale))
    return format_html(
        '<svg class="bar" viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="tone-none" width="1000" height="100"/>'
        '<rect class="tone-1" x="{}" width="{}" height="100"/></svg>',
        x,
        width,
    )
