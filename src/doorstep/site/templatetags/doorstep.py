"""`{% load doorstep %}`: the words and parts that every page uses.

Filters: money, day, moment, counted. Tags: field, fields, error_summary, data_table, pager,
state_tag, money_picture, bar_chart, flow_picture, photo, place_picture, award_table, idea_list,
trail, and the frame's own main_nav, site_notice, signed_in, notices and door.
"""

from collections.abc import Sequence

from django import template
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.paginator import Page
from django.http import HttpRequest
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from doorstep.site import words
from doorstep.site.components import awards, forms, ideas, photos, pictures, tables

register = template.Library()

register.filter("money", words.money)
register.filter("day", words.day)
register.filter("moment", words.moment)
register.filter("counted", words.counted)

register.simple_tag(forms.field)
register.simple_tag(forms.fields)
register.simple_tag(forms.error_summary)
register.simple_tag(tables.state_tag)
register.simple_tag(tables.data_table)
register.simple_tag(pictures.money_picture)
register.simple_tag(pictures.bar_chart)
register.simple_tag(pictures.flow_picture)
register.simple_tag(photos.photo)
register.simple_tag(awards.place_picture)
register.simple_tag(awards.award_table)
register.simple_tag(ideas.idea_list)


@register.simple_tag(takes_context=True)
def pager(context: Context, page: Page) -> SafeString:
    """Previous and next, keeping the rest of the address."""
    request = context.get("request")
    return tables.pager(page, request.GET if request else None)


NAVIGATION: Sequence[tuple[str, str]] = (
    ("/", gettext_noop("Home")),
    ("/places/", gettext_noop("Places")),
    ("/fund/", gettext_noop("The fund")),
    ("/record/", gettext_noop("Record")),
    ("/rules/", gettext_noop("Rules")),
)


def is_signed_in(request: HttpRequest | None) -> bool:
    """Whether this visitor has signed in, without touching the session of one who has none.

    A page that never looks at the session stays the same for every visitor, so it can be kept.
    """
    if request is None or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return bool(getattr(request, "user", None) and request.user.is_authenticated)


@register.simple_tag(takes_context=True)
def main_nav(context: Context) -> SafeString:
    """The links at the top. The one that leads here, or to the room this page is in, is marked."""
    request = context.get("request")
    here = request.path if request else ""
    last = (
        ("/desk/", _("Your desk")) if is_signed_in(request) else ("/accounts/login/", _("Sign in"))
    )
    links = [*((to, _(name)) for to, name in NAVIGATION), last]
    return format_html_join(
        "",
        '<li><a href="{}"{}>{}</a></li>',
        ((to, SafeString(_current(to, here)), name) for to, name in links),
    )


# Notices that we know the Welsh of; an operator's own is shown as it was written.
KNOWN_NOTICES = (gettext_noop("Millbrook is made up: its people, its money and its votes."),)

# Rooms whose pages have no link of their own at the top stand under the one that leads there.
UNDER = {"/places/": ("/rounds/", "/ideas/", "/awards/", "/ledger/", "/street/", "/map/")}


def _current(to: str, here: str) -> str:
    if to == here:
        return ' aria-current="page"'
    inside = to != "/" and here.startswith((to, *UNDER.get(to, ())))
    return ' aria-current="true"' if inside else ""


@register.simple_tag
def trail(*steps: str) -> SafeString:
    """The way here, above the heading: `{% trail _("Places") "/places/" place.name "/…/" %}`."""
    if len(steps) % 2:
        raise template.TemplateSyntaxError("trail takes pairs: a name and its address")
    links = format_html_join(
        "",
        '<li><a href="{}">{}</a></li>',
        ((steps[i + 1], steps[i]) for i in range(0, len(steps), 2)),
    )
    return format_html(
        '<nav class="trail wrap" aria-label="{}"><ol>{}</ol></nav>', _("You are here"), links
    )


@register.simple_tag(takes_context=True)
def signed_in(context: Context) -> bool:
    """Whether to show the sign-out button and the like: `{% signed_in as here %}`."""
    return is_signed_in(context.get("request"))


@register.simple_tag
def site_notice() -> SafeString:
    """What the operator says on every page (DOORSTEP_NOTICE), in the reader's language if known."""
    if not settings.NOTICE:
        return SafeString("")
    return format_html(
        '<aside class="site-notice" aria-label="{}"><p class="wrap">{}</p></aside>',
        _("About this site"),
        _(settings.NOTICE),
    )


@register.simple_tag(takes_context=True)
def notices(context: Context) -> SafeString:
    """What just happened ("The round is closed"), once, at the top of the next page."""
    request = context.get("request")
    kept_in = {settings.SESSION_COOKIE_NAME, settings.NOTICES_COOKIE_NAME}
    if request is None or not kept_in & request.COOKIES.keys():
        return SafeString("")
    said = list(get_messages(request))
    if not said:
        return SafeString("")
    return format_html(
        '<div class="notice" role="status">{}</div>',
        format_html_join("", "<p>{}</p>", ((message,) for message in said)),
    )


# The mark: a door, its step, and the light above it.
DOOR = SafeString(
    '<svg class="door" viewBox="0 0 28 32" width="28" height="32" aria-hidden="true">'
    '<path d="M5 27V9a9 9 0 0 1 18 0v18z"/><path class="light" d="M9 12a5 5 0 0 1 10 0z"/>'
    '<circle class="light" cx="19" cy="19" r="1.3"/><path d="M1 28h26v4H1z"/></svg>'
)


@register.simple_tag
def door() -> SafeString:
    """The mark beside the name."""
    return DOOR
