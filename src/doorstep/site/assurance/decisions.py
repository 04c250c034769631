"""What was decided, what was declared and who stayed out; what is still owed."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.awards.models import Approval, Award, Decision, Declared
from doorstep.apps.awards.queries.sampling import first_day, last_day
from doorstep.apps.partnerships.models import Interest
from doorstep.apps.people.rules import role_name
from doorstep.apps.promises.models import PromiseState
from doorstep.apps.promises.queries import public_at, shown
from doorstep.site.assurance.values import Cell, Pack, Part, Pence


def decisions(found: Pack) -> Part:
    """What was decided without a ballot, and the rounds that a ballot decided."""
    made = Decision.objects.filter(found.within("decided_on"), place=found.place)
    rows: list[tuple[Cell, ...]] = [
        (
            one.decided_on,
            _how(one),
            one.title.text or _("(words erased)"),
            Pence(one.pence),
            sum(one.voted.values()),
            sum(one.recused.values()),
            one.leaf.idx,
        )
        for one in made.select_related("title", "leaf__meeting_decision__item__meeting")
    ]
    by_ballot = Award.objects.filter(
        found.within("decision__recorded_at__date"),
        place=found.place,
        is_example=False,
        project__isnull=False,
    ).select_related("decision", "project__round__title")
    rows += {
        one.decision_id: (
            timezone.localdate(one.decision.recorded_at),
            _("a round of voting"),
            one.project.round.title.text or one.project.round.slug,
            Pence(one.project.round.budget_pence),
            None,
            None,
            one.decision.idx,
        )
        for one in by_ballot
        if one.project is not None
    }.values()
    return Part(
        "decisions",
        _("Decisions"),
        found.query("decisions"),
        [
            _("Day"),
            _("Kind"),
            _("What"),
            _("Up to"),
            _("Voted"),
            _("Stayed out"),
            _("Line of the record"),
        ],
        sorted(rows, key=lambda row: (row[0], row[6])),
        _("Nothing was decided in this year."),
        page=reverse("place", args=[found.place.slug]),
    )


def _how(one: Decision) -> str:
    """What kind of decision it is, and the meeting that made it where one is kept here."""
    by = getattr(one.leaf, "meeting_decision", None)
    if by is None:
        return str(one.get_kind_display())
    return _("%(kind)s: meeting %(meeting)s, item %(item)s") % {
        "kind": one.get_kind_display(), "meeting": by.item.meeting.number,
        "item": by.item.number,
    }  # fmt: skip


def interests(found: Pack) -> Part:
    """What members declared, without saying who, and each time somebody stayed out."""
    standing = Interest.objects.filter(
        Q(until=None) | Q(until__gt=first_day(found.year)),
        since__lte=last_day(found.year),
        membership__partnership__place=found.place,
    ).select_related("organisation")
    rows: list[tuple[Cell, ...]] = [
        (one.since, _("declared"), one.get_kind_display(), one.organisation.name, 1)
        for one in standing
    ]
    rows += [
        (one.decided_on, _("stayed out of a decision"), role_name(role), one.title.text, people)
        for one in Decision.objects.filter(
            found.within("decided_on"), place=found.place
        ).select_related("title")
        for role, people in sorted(one.recused.items())
        if people
    ]
    out = Approval.objects.filter(
        found.within("leaf__recorded_at__date"), payment__award__place=found.place
    ).exclude(declared=Declared.NONE)
    rows += [
        (
            timezone.localdate(one.leaf.recorded_at),
            _("stayed out of a payment"),
            one.get_declared_display(),
            f"{one.payment.award.title.text or _('(words erased)')}, {one.payment.slug}",
            1,
        )
        for one in out.select_related("leaf", "payment__award__title")
    ]
    return Part(
        "interests",
        _("Interests, and who stayed out"),
        found.query("interests"),
        [_("Day"), _("What"), _("Kind"), _("About"), _("People")],
        sorted(rows, key=lambda row: (row[0], str(row[3]))),
        _("Nobody declared an interest, and nobody stayed out."),
        [_("Who it was is not said here. Whoever decides keeps that in the minutes.")],
    )


def complaints(found: Pack) -> Part:
    """Complaints are not kept here yet, and the pack says so aloud."""
    return Part(
        "complaints",
        _("Complaints"),
        found.query("complaints"),
        [_("Day"), _("What")],
        [],
        _(
            "Doorstep does not keep complaints yet, so this pack can tell of none. Ask the "
            "partnership."
        ),
    )


def promises(found: Pack) -> Part:
    """What is owed to the place in public and still open, as the page of promises shows it."""
    still = public_at(found.place).filter(state=PromiseState.OPEN)
    return Part(
        "promises",
        _("Open promises"),
        found.query("promises"),
        [_("Last day"), _("What"), _("Owed by"), _("How it stands")],
        [
            (one.promise.due_on, str(one.about.title), one.body, str(one.word.said))
            for one in shown(still, found.made_on)
        ],
        _("Nothing is owed here in public now."),
        page=reverse("promises:place", args=[found.place.slug]),
    )
