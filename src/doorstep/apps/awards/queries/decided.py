"""What meetings decided about money, and whether anything followed from it."""

from django.db.models import QuerySet

from doorstep.apps.awards.models import Delegation
from doorstep.apps.partnerships.models import AgendaItem, ItemDecision, Outcome, StartMoney
from doorstep.apps.places.models import Place


def waiting(place: Place) -> QuerySet[ItemDecision]:
    """Money that a meeting gave and limits that it set, which nobody acted on yet."""
    money = [AgendaItem.Kind.MONEY, AgendaItem.Kind.LIMIT]
    carried = ItemDecision.objects.filter(
        item__meeting__partnership__place=place, item__kind__in=money, outcome=Outcome.CARRIED
    )
    return (
        carried.filter(leaf__partnership_decision=None)
        .select_related("leaf", "item__title", "item__organisation", "item__meeting")
        .order_by("pk")
    )


def starting(place: Place) -> QuerySet[StartMoney]:
    """Start-up money that an open meeting agreed on, which nobody promised yet."""
    agreed = StartMoney.objects.filter(start__place=place, leaf__partnership_decision=None)
    return agreed.select_related("title", "leaf").order_by("number")


def limits(place: Place) -> QuerySet[Delegation]:
    """Every limit a place ever set, the newest first, each with its decision."""
    set_here = Delegation.objects.filter(decision__place=place)
    return set_here.select_related("decision__title", "decision__leaf").order_by("-pk")
