"""What members learned: for everybody to read, and for whoever keeps the books to write down."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorstep.apps.partnerships.actions import learning as actions
from doorstep.apps.partnerships.forms_learning import (
    DutyForm,
    EntryForm,
    GiveBackForm,
    SupportForm,
    TodayForm,
    TrainingForm,
    WithdrawForm,
    minutes_of,
)
from doorstep.apps.partnerships.models import LearningEntry, LearningKind, Partnership
from doorstep.apps.partnerships.models.learning import hours_of
from doorstep.apps.partnerships.queries import learning as queries
from doorstep.apps.partnerships.rules import learning as rules
from doorstep.apps.partnerships.views.common import done
from doorstep.apps.people.guards import acting, needs_role, place_at, public
from doorstep.apps.places.models import Place
from doorstep.apps.public import kept_for
from doorstep.apps.record.actors import Actor


@public
@kept_for()
def page(request: HttpRequest, slug: str) -> HttpResponse:
    place = place_at(request, slug)
    bench = Partnership.objects.filter(place=place).first()
    entries = queries.entries_of(bench) if bench else []
    return render(request, "partnerships/learning.html", {"bench": bench, **_shown(place, entries)})


@needs_role("worker", "partnership_member", place=place_at)
@require_http_methods(["GET", "HEAD", "POST"])
def work(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that can be written down, each behind its name, and what stands there already."""
    rows = Partnership.objects.select_related("place")
    partnership = get_object_or_404(rows, place__slug=slug)
    entries = queries.entries_of(partnership)
    do, today, actor = request.POST.get("do", ""), timezone.localdate(), acting(request)
    forms = _forms(request, do, partnership, entries)

    def act() -> str:
        form = forms[do]
        if not form.is_valid():
            return ""
        _written(do, form, partnership, today, actor)
        return _("Written down.")

    if do in forms and done(request, act):
        return redirect("partnerships:learning-work", slug)
    return render(
        request, "partnerships/learning_work.html", {**_shown(partnership.place, entries), **forms}
    )


def _forms(
    request: HttpRequest, do: str, partnership: Partnership, entries: list[LearningEntry]
) -> dict[str, TodayForm]:
    counted = [one for one in entries if not rules.is_withdrawn(one)]
    lines = {"lines": queries.paying_lines(partnership)}
    wanted: dict[str, tuple[type[TodayForm], dict[str, Any]]] = {
        "training": (TrainingForm, lines),
        "support": (SupportForm, lines),
        "duty": (DutyForm, {}),
        "back": (GiveBackForm, {"entries": rules.standing(entries).held}),
        "withdraw": (WithdrawForm, {"entries": counted}),
    }
    return {
        name: kind(request.POST if do == name else None, auto_id=f"{name}_%s", **more)
        for name, (kind, more) in wanted.items()
    }


def _written(do: str, form: TodayForm, partnership: Partnership, today: date, actor: Actor) -> None:
    given = form.cleaned_data
    who: dict[str, Any] = {"on": today, "actor": actor}

    def training() -> object:
        assert isinstance(form, TrainingForm)
        return actions.take_training(
            partnership, given["what"], form.given(), day=given["day"],
            minutes=minutes_of(given["hours"]), members=given["members"], **who,
        )  # fmt: skip

    def support() -> object:
        assert isinstance(form, SupportForm)
        return actions.use_support(
            partnership, given["kind"], form.given(), day=given["day"],
            minutes=minutes_of(given["hours"]), **who,
        )  # fmt: skip

    def duty() -> object:
        return actions.take_over_duty(
            partnership, given["duty"], given["before"], which=given["which"],
            since=given["day"], **who,
        )  # fmt: skip

    def back() -> object:
        assert isinstance(form, EntryForm)
        return actions.give_back_duty(form.chosen(), given["reason"], day=given["day"], **who)

    def withdraw() -> object:
        assert isinstance(form, EntryForm)
        return actions.withdraw_entry(form.chosen(), given["reason"], **who)

    acts: dict[str, Callable[[], object]] = {
        "training": training, "support": support, "duty": duty, "back": back,
        "withdraw": withdraw,
    }  # fmt: skip
    acts[do]()


def _shown(place: Place, entries: list[LearningEntry]) -> dict[str, object]:
    """What both pages tell: every entry by its kind, and what counts of them."""
    standing = rules.standing(entries)
    held, returned = {one.pk for one in standing.held}, _returns(entries)
    return {
        "place": place, "entries": entries, "standing": standing,
        "trainings": _of(entries, LearningKind.TRAINING),
        "supports": _of(entries, LearningKind.SUPPORT),
        "duties": [
            (one, one.pk in held, returned.get(one.pk, []))
            for one in _of(entries, LearningKind.DUTY)
        ],
        "training_hours": hours_of(standing.training_minutes),
        "member_hours": hours_of(standing.member_minutes),
        "support_hours": hours_of(standing.support_minutes),
    }  # fmt: skip


def _of(entries: list[LearningEntry], kind: LearningKind) -> list[LearningEntry]:
    return [one for one in entries if one.kind == kind]


def _returns(entries: list[LearningEntry]) -> dict[int, list[LearningEntry]]:
    """{duty: the entries by which it went back, withdrawn ones too}."""
    found: dict[int, list[LearningEntry]] = {}
    for one in entries:
        if one.returns_id is not None:
            found.setdefault(one.returns_id, []).append(one)
    return found
