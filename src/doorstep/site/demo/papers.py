"""The passport of a group in Millbrook: papers that were handed in once, who speaks for it, and
whom it lets read them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from doorstep.apps.organisations.actions import give_document, share
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.people.models import Account
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor
from doorstep.site.demo.spending import picture_of


def hand_in_papers(told: dict[str, Any], place: Place) -> None:
    """Each paper is a photo, as a treasurer takes one on the kitchen table."""
    group = Organisation.objects.get(slug=told["organisation"])
    officer = Actor("resident", Account.objects.get(email=told["officer"]).pk)
    today = timezone.localdate()
    for paper in told["papers"]:
        issued = today - timedelta(days=paper["issued"])
        lasts = paper.get("lasts")
        give_document(
            group, paper["kind"], picture_of(paper["lines"]), issued=issued,
            expires=issued + timedelta(days=lasts) if lasts else None, on=today, actor=officer,
        )  # fmt: skip
    share(
        group, place, told["shared"], last_day=today + timedelta(days=told["shared_days"]),
        on=today, actor=officer,
    )  # fmt: skip
