"""A place's money and its awards, as the pages that join rooms show them."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from doorstep.apps.awards.models import Award
from doorstep.apps.awards.queries import AwardRow
from doorstep.apps.ledger.queries import PlaceMoney
from doorstep.site.components.pictures import money_picture
from doorstep.site.components.tables import data_table
from doorstep.site.words import money as pounds


def place_picture(money: PlaceMoney | None) -> SafeString:
    """What came in, what is promised, on its way, paid and left; or that nothing came yet."""
    if money is None:
        return format_html('<p class="none">{}</p>', _("No money has reached this place yet."))
    return money_picture(
        money.came_in, money.promised, money.paid, money.left, on_its_way=money.on_its_way
    )


def award_table(awards: Iterable[AwardRow]) -> SafeString:
    """Rows of `awards.queries.awards_of`: name, round, state and sum; a card each on a phone."""
    # One reverse, not fifty: looking an address up costs more than the rest of the row.
    address = reverse("award", args=["-slug-"])
    return data_table(
        _("Awards, newest first"),
        [_("What it is for"), _("Chosen in"), _("State"), (_("Sum"), "number")],
        [
            (
                format_html(
                    '<a href="{}">{}</a>',
                    address.replace("-slug-", slug),
                    title or _("(name removed)"),
                ),
                chosen_in or _("A decision of the partnership"),
                Award.NEIGHBOUR_WORDS[Award.State(state)],
                pounds(pence),
            )
            for slug, title, chosen_in, state, pence in awards
        ],
        hide_caption=True,
        nothing=_("Nothing has been chosen here yet."),
    )
