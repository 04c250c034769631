"""Reads about promises that pages, feeds and commands share. None grows with its rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Paginator
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from doorstep.apps.organisations.models import Officer, Organisation
from doorstep.apps.organisations.queries import bodies_of
from doorstep.apps.people.models import Account, Role
from doorstep.apps.people.queries import roles_on
from doorstep.apps.people.spells import holding
from doorstep.apps.places.models import Place
from doorstep.apps.promises import kinds, rules
from doorstep.apps.promises.models import HolidayStep, Promise, PromiseState, Step
from doorstep.engine.rulebook import AddedHoliday, Deadline, due_by, rule, working_days_after

PAGE = 50
MOST_ON_A_DESK = 200
A_YEAR = timedelta(days=365)
_RELATED = ("place", "owed_by_organisation", "owed_to_organisation", "words")


@dataclass(frozen=True)
class Shown:
    """A promise as a page shows it. `body` is never a person."""

    promise: Promise
    about: kinds.About
    body: str
    word: rules.Word


@dataclass(frozen=True)
class Desk:
    """What one account owes, in the order in which to do it."""

    due: list[Shown]
    nobody: list[Shown]
    later: list[Shown]
    more: int

    @property
    def empty(self) -> bool:
        return not (self.due or self.nobody or self.later)


def related() -> tuple[str, ...]:
    """What is read with promises that are shown: also the bodies for which roles speak."""
    return (*_RELATED, *(f"place__{body}" for body in kinds.bodies().values()))


def added_holidays() -> list[AddedHoliday]:
    """The bank holidays that were added and not taken out again; one statement."""
    last = {step.day: step for step in HolidayStep.objects.order_by("pk")}
    return [
        AddedHoliday(step.day, step.name, tuple(step.nations.split(",")))
        for step in last.values()
        if step.holds
    ]


def due_after(key: str, start: date, place: str | None = None) -> Deadline:
    """The day by which the rule under `key` asks for something, with the holidays added here."""
    found = rule(key, start, place)
    return due_by(found, start, added=added_holidays())


def sum_of(promise: Promise) -> Deadline | None:
    """How its last day is worked out, on the holidays of now; None for a day that was named."""
    if promise.counted_from is None or promise.days is None:
        return None
    if promise.counted == Promise.Counted.WORKING:
        nations = promise.nations.split(",")
        return working_days_after(promise.counted_from, promise.days, nations, added_holidays())
    last = promise.counted_from + timedelta(days=promise.days)
    return Deadline(last, promise.counted_from, promise.days, (), (), working=False)


def body_of(promise: Promise) -> str:
    """Who owes it, as the street may know: an organisation, the body for which a role speaks, or a
    role at a place."""
    if promise.owed_by_organisation is not None:
        return promise.owed_by_organisation.name
    named = _name_at(promise.place, promise.owed_by_role)
    role = rules.owing(promise.owed_by_role)
    return named or (f"{promise.place.name}: {role}" if promise.place else role)


def _name_at(place: Place | None, role: str) -> str:
    """The own name of the body for which a role speaks at a place; "" where there is none."""
    body = getattr(place, kinds.bodies().get(role, ""), None) if place else None
    return body.name if body else ""


def shown(promises: Iterable[Promise], today: date) -> list[Shown]:
    """Each with what it is about and how it stands; one statement for each kind of promise."""
    kept = list(promises)
    said = kinds.told(kept)
    return [Shown(p, said[p.pk], body_of(p), rules.word(p, today)) for p in kept]


def public_at(place: Place) -> QuerySet[Promise]:
    """A place's public promises: open ones by their day, then what ended, newest first."""
    ended = Case(
        When(state=PromiseState.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return (
        Promise.objects.filter(place=place, public=True)
        .select_related(*related())
        .annotate(has_ended=ended)
        .order_by("has_ended", "-ended_on", "due_on", "pk")
    )


def page_of(promises: QuerySet[Promise], number: str | None, today: date):
    """One page of promises, and each of them shown."""
    page = Paginator(promises, PAGE).get_page(number)
    return page, shown(page.object_list, today)


def tallies(place: Place, today: date) -> list[rules.Tally]:
    """How each body at a place kept its public promises of the last year; one statement."""
    rows = (
        Promise.objects.filter(place=place, public=True)
        .filter(Q(state=PromiseState.OPEN) | Q(ended_on__gt=today - A_YEAR))
        .exclude(state=PromiseState.WITHDRAWN)
        .order_by()
        .values("owed_by_role", "owed_by_organisation__name")
        .annotate(
            in_time=Count("pk", filter=Q(state=PromiseState.MET, ended_on__lte=F("due_on"))),
            late=Count("pk", filter=Q(state=PromiseState.MET, ended_on__gt=F("due_on"))),
            not_done=Count("pk", filter=Q(state=PromiseState.NOT_DONE)),
            open=Count("pk", filter=Q(state=PromiseState.OPEN)),
            overdue=Count("pk", filter=Q(state=PromiseState.OPEN, due_on__lt=today)),
        )
    )
    found = [
        rules.Tally(
            row["owed_by_organisation__name"]
            or _name_at(place, row["owed_by_role"])
            or rules.owing(row["owed_by_role"]),
            row["in_time"],
            row["late"],
            row["not_done"],
            row["open"],
            row["overdue"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda tally: tally.body)


def offices_of(account: Account, on: date) -> list[Organisation]:
    """The organisations that an account speaks for on a day; one statement."""
    held = Officer.objects.filter(holding(on), account=account).select_related("organisation")
    return list({office.organisation_id: office.organisation for office in held}.values())


def owed_by_account(account: Account, on: date) -> Q:
    """The open promises that an account can keep; one statement for its roles."""
    return owed_by(account, roles_on(account, on), on)


def owed_by(account: Account, roles: Iterable[Role], on: date) -> Q:
    """The open promises that an account can keep: those it took on, those of its roles that nobody
    took on, and those of the organisations it speaks for; no statement of its own."""
    wanted = Q(held_by=account)
    kinds: defaultdict[int | None, set[str]] = defaultdict(set)
    for role in roles:
        kinds[role.place_id].add(role.kind)
    for place, here in kinds.items():
        unheld = Q(owed_by_role__in=here, held_by__isnull=True)
        wanted |= unheld if place is None else unheld & Q(place=place)
    ours = Q(owed_by_organisation__in=bodies_of(account, on))
    wanted |= ours & (Q(held_by__isnull=True) | Q(held_by=account))
    return wanted & Q(state=PromiseState.OPEN)


def desk_of(account: Account, today: date) -> Desk:
    """Everything that waits for one person, late first."""
    return _desk(Promise.objects.filter(owed_by_account(account, today)), today)


def desk_of_body(organisation: Organisation, today: date) -> Desk:
    """Everything an organisation owes."""
    mine = Q(owed_by_organisation=organisation, state=PromiseState.OPEN)
    return _desk(Promise.objects.filter(mine), today)


def desk_at(place: Place, roles: Collection[str], today: date) -> Desk:
    """Every open duty of roles at a place, whoever took it on: what a new holder takes over."""
    mine = Q(place=place, owed_by_role__in=roles, state=PromiseState.OPEN)
    return _desk(Promise.objects.filter(mine), today)


def _desk(promises: QuerySet[Promise], today: date) -> Desk:
    rows = promises.select_related(*related()).order_by("due_on", "pk")
    found = shown(rows[: MOST_ON_A_DESK + 1], today)
    more = rows.count() - MOST_ON_A_DESK if len(found) > MOST_ON_A_DESK else 0
    found = found[:MOST_ON_A_DESK]
    late = [one for one in found if one.promise.due_on <= today]
    rest = [one for one in found if one.promise.due_on > today]
    return Desk(
        due=late,
        nobody=[one for one in rest if one.promise.held_by_id is None],
        later=[one for one in rest if one.promise.held_by_id is not None],
        more=more,
    )


def history(promise: Promise) -> Sequence[Step]:
    """Its steps in their order, each with its reason; one statement."""
    return list(promise.steps.select_related("reason", "leaf").order_by("seq"))
