"""Parts of the ballot page, as functions: a ballot of forty ideas calls them forty times."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.apps.ledger.rules import pounds
from doorstep.apps.voting.ballot import Row
from doorstep.apps.voting.choices import Question

register = template.Library()


@register.simple_tag
def how_to_vote(question: Question) -> str:
    """One or two sentences: what to do on this ballot."""
    if question.kind == "cumulative":
        said = ngettext(
            "Share out %(n)s point: more points for what matters more.",
            "Share out %(n)s points: more points for what matters more.",
            question.points,
        ) % {"n": question.points}
    elif question.kind == "ordinal":
        said = _("Put ideas in your order: tap the one you want most first.")
    elif question.only_one:
        said = _("Choose the one idea that you want most.")
    else:
        said = _("Choose every idea that you would like to see happen.")
    return " ".join(each for each in (said, _limits(question)) if each)


def _limits(question: Question) -> str:
    if question.only_one:
        return ""
    if question.maximum is not None and question.least > 1:
        return _("At least %(least)s, at most %(most)s.") % {
            "least": question.least,
            "most": question.most,
        }
    if question.maximum is not None:
        return _("At most %(most)s.") % {"most": question.most}
    if question.least > 1:
        return _("At least %(least)s.") % {"least": question.least}
    return ""


@register.simple_tag
def ballot_row(row: Row, question: Question) -> SafeString:
    """One idea with its buttons. The name is in each button for whoever only hears it."""
    name: str | SafeString = row.name
    if row.link:
        name = format_html('<a href="{}">{}</a>', row.link, row.name)
    state = SafeString(' class="chosen"') if row.chosen else ""
    if row.withdrawn:
        body = format_html(
            "<p>{} {}</p>",
            _("Withdrawn. It cannot be chosen any more."),
            _("The reason given: %(reason)s") % {"reason": row.reason},
        )
    else:
        body = _BUTTONS[question.kind](row, question)
    return format_html(
        '<li id="i{}"{}><h3>{}</h3><p class="sum">{}</p><div class="taps">{}</div></li>',
        row.place,
        state,
        name,
        pounds(row.cost_pence),
        body,
    )


def _button(row: Row, tap: str, words: str, *, kind: str = "", seen: str = "") -> SafeString:
    """A button that posts the whole form and comes back to this idea."""
    return format_html(
        '<button name="{}" value="{}" formaction="{}#i{}"{}>{}<span class="unseen"> {}</span>'
        "</button>",
        tap,
        row.place,
        reverse("voting:ballot"),
        row.place,
        format_html(' class="{}"', kind) if kind else "",
        format_html('<span aria-hidden="true">{}</span><span class="unseen">{}</span>', seen, words)
        if seen
        else words,
        row.name,
    )


def _approval(row: Row, question: Question) -> SafeString:
    if row.chosen:
        return format_html(
            '<strong class="in">✓ {}</strong>{}',
            _("In your vote"),
            _button(row, "take", _("Take away"), kind="plain"),
        )
    if not row.can_add:
        return format_html('<span class="hint">{}</span>', _("Take one away to choose this"))
    return _button(row, "add", _("Choose"))


def _cumulative(row: Row, question: Question) -> SafeString:
    given = ngettext("%(n)s point", "%(n)s points", row.points) % {"n": row.points}
    less = _button(row, "less", _("One point less for"), kind="plain step", seen="−")
    more = _button(row, "more", _("One point more for"), kind="step", seen="+")
    return format_html(
        '{}<strong class="in">{}</strong>{}',
        less if row.points else "",
        given,
        more if row.can_add else "",
    )


def _ordinal(row: Row, question: Question) -> SafeString:
    if row.rank is None:
        if not row.can_add:
            return format_html('<span class="hint">{}</span>', _("Take one away to add this"))
        return _button(row, "add", _("Add"))
    return format_html(
        "{}{}{}",
        SafeString("") if row.first else _button(row, "up", _("Move up"), kind="plain"),
        SafeString("") if row.last else _button(row, "down", _("Move down"), kind="plain"),
        _button(row, "take", _("Take away"), kind="plain"),
    )


_BUTTONS = {"approval": _approval, "cumulative": _cumulative, "ordinal": _ordinal}
