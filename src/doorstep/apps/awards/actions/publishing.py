"""A grant form is shown to applicants, within its budget or with an officer's name and reason."""

import re
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from doorstep.apps.awards import asking
from doorstep.apps.awards.actions.common import person, refuse_bad_key
from doorstep.apps.awards.models import AwardKind, GrantForm
from doorstep.apps.awards.rules import refuse_unknown
from doorstep.apps.ledger.rules import check_pence
from doorstep.apps.places.models import Place
from doorstep.apps.places.rules import refuse_blank
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused

MAY_PUBLISH = ("partnership_member", "worker", "funder", "council_officer")
MOST_EXTRAS = 20
LONGEST_EXTRA, LONGEST_NAME = 200, 100
MOST_MINUTES = 6_000


@transaction.atomic
def publish_form(
    place: Place,
    *,
    key: str,
    title: str,
    kind: str,
    least: int,
    most: int,
    extras: Sequence[tuple[str, int]] = (),
    officer: str = "",
    explanation: str = "",
    on: date,
    actor: Actor,
) -> GrantForm:
    """Let people apply for `least` to `most` pence with this form. `key` is the page's own: sent
    twice it is published once. Refused over budget, unless an officer's name and reason stand
    on it; the record says how far over it is."""
    lock_head()
    refuse_bad_key(key)
    slug = f"{slugify(title)[:30].strip('-') or 'form'}-{key[:12]}"
    if (earlier := GrantForm.objects.filter(slug=slug, place=place).first()) is not None:
        return earlier
    refuse_blank({_("name"): title}, {_("name"): 200})
    refuse_unknown(kind, [AwardKind.PROJECT.value, AwardKind.UNRESTRICTED.value], _("a kind"))
    check_pence(least)
    check_pence(most)
    if least > most:
        raise Refused(_("The smallest sum is above the largest one."), code="form_range")
    asked = _extras(extras)
    found = asking.furthest(least, most, asked, on)
    asking.refuse_over_budget(found, officer, explanation)
    words = keep_words(title)
    over = found.over > 0
    if over:
        refuse_blank(
            {_("name of the officer"): officer, _("reason"): explanation},
            {_("name of the officer"): LONGEST_NAME, _("reason"): 500},
        )
    name = keep_words(officer.strip()) if over else None
    why = keep_words(explanation.strip()) if over else None
    leaf = write_leaf(
        "form.published",
        {
            "form": slug,
            "place": place.slug,
            "title": words.commitment,
            "award_kind": str(kind),
            "least": least,
            "most": most,
            "extras": [[what, minutes] for what, minutes in asked],
            "minutes": found.minutes,
            "budget": found.budget,
            "officer": name.commitment if name else "",
            "reason": why.commitment if why else "",
            "published_on": on.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    return GrantForm.objects.create(
        slug=slug,
        place=place,
        kind=kind,
        title=words,
        least=least,
        most=most,
        extras=[[what, minutes] for what, minutes in asked],
        minutes=found.minutes,
        budget=found.budget,
        officer=name,
        explanation=why,
        published_by_id=person(actor),
        published_on=on,
        published=leaf,
    )


@transaction.atomic
def end_form(form: GrantForm, *, actor: Actor) -> GrantForm:
    """Nobody begins with it any more. Whoever has begun goes on by its rules."""
    lock_head()
    form = GrantForm.objects.select_related("place").get(pk=form.pk)
    if form.ended_id is None:
        form.ended = write_leaf(
            "form.ended",
            {"form": form.slug, "place": form.place.slug, "actor": actor.as_leaf()},
        )
        form.save(update_fields=["ended"])
    return form


def _extras(extras: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    found = []
    for what, minutes in extras:
        plain = re.sub(r"\s+", " ", what).strip()
        if not plain or len(plain) > LONGEST_EXTRA or not 0 <= minutes <= MOST_MINUTES:
            raise Refused(
                _("Say what is asked besides, and how many minutes it takes."), code="extra"
            )
        found.append((plain, minutes))
    if len(found) > MOST_EXTRAS or len({what for what, _minutes in found}) < len(found):
        raise Refused(_("Ask each thing once, and not for so many."), code="extra")
    return found
