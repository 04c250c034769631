"""What happens to a partnership: it forms, members join and leave, declare interests, and it
chooses the organisations that hold its money."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.organisations.actions import end_spell
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.models import (
    HostAgreement,
    Household,
    Interest,
    Membership,
    Partnership,
)
from doorstep.apps.people.models import Account
from doorstep.apps.people.spells import overlaps
from doorstep.apps.places.models import Place
from doorstep.apps.places.rules import refuse_blank
from doorstep.apps.record.actions import erase_words, keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Log, Wording
from doorstep.apps.refused import Refused

LONGEST_NAME = 80
RELATED = ("partnership__place", "account", "name")


@transaction.atomic
def form_partnership(place: Place, name: str, *, actor: Actor) -> Partnership:
    """A place gets the group that decides for it. A place has one."""
    refuse_blank({_("name"): name}, {_("name"): 160})
    lock_head()
    if Partnership.objects.filter(place=place).exists():
        raise Refused(
            _("%(place)s has a partnership already. Change its members instead.")
            % {"place": place.name},
            code="partnership_exists",
        )
    partnership = Partnership.objects.create(place=place, name=name)
    write_leaf(
        "partnership.formed",
        {
            "place": place.slug,
            "partnership": partnership.pk,
            "name": keep_words(name).commitment,
            "actor": actor.as_leaf(),
        },
    )
    return partnership


@transaction.atomic
def join(
    partnership: Partnership,
    account: Account,
    *,
    seat: str = Membership.Seat.MEMBER,
    lives_here: bool,
    since: date,
    name: str = "",
    named_in_public: bool = False,
    actor: Actor,
) -> Membership:
    """Somebody takes a seat. The public leaf says the seat and whether its holder lives here."""
    if seat not in Membership.Seat.values:
        raise Refused(
            _("“%(seat)s” is not a seat. Use one of %(known)s.")
            % {"seat": seat, "known": ", ".join(Membership.Seat.values)},
            code="seat",
        )
    lock_head()
    earlier = Membership.objects.filter(partnership=partnership, account=account)
    if overlaps(earlier, since, None):
        raise Refused(
            _("This account is a member on some of these days already. End that first."),
            code="membership_overlaps",
        )
    said = _name(name)
    return _seated(
        Membership(
            partnership=partnership, account=account, seat=seat, lives_here=lives_here,
            since=since, term_since=since, name=said,
            named_in_public=named_in_public and said is not None,
        ),
        actor,
    )  # fmt: skip


def _name(name: str) -> Wording | None:
    said = " ".join(name.split())
    if len(said) > LONGEST_NAME:
        raise Refused(
            _("Write a name of at most %(most)s characters.") % {"most": LONGEST_NAME}, code="name"
        )
    return keep_words(said) if said else None


def _seated(membership: Membership, actor: Actor) -> Membership:
    """Write a new seat down, for good."""
    membership.save()
    write_leaf(
        "partnership.member_joined",
        {
            "place": membership.partnership.place.slug,
            "membership": membership.pk,
            "seat": str(membership.seat),
            "lives_here": membership.lives_here,
            "since": membership.since.isoformat(),
            "term_since": membership.term_since.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    return membership


def seated_again(
    old: Membership,
    *,
    on: date,
    actor: Actor,
    seat: str | None = None,
    lives_here: bool | None = None,
    term_since: date | None = None,
) -> Membership:
    """The holder of a seat gives it up and takes one at the same moment: the same but for what is
    given here. So the term goes on, unless it begins anew with `term_since`."""
    left = leave(old, on=on, actor=actor)
    return _seated(
        Membership(
            partnership=left.partnership, account=left.account, seat=seat or left.seat,
            lives_here=left.lives_here if lives_here is None else lives_here, since=on,
            term_since=term_since or left.term_since, name=left.name,
            named_in_public=left.named_in_public,
        ),
        actor,
    )  # fmt: skip


@transaction.atomic
def leave(membership: Membership, *, on: date, actor: Actor) -> Membership:
    """A seat is given up, with the interests declared for it; `on` is the first day without it."""
    lock_head()
    membership = Membership.objects.select_related(*RELATED).get(pk=membership.pk)
    end_spell(membership, on)
    write_leaf(
        "partnership.member_left",
        {
            "place": membership.partnership.place.slug,
            "membership": membership.pk,
            "until": on.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    return membership


@transaction.atomic
def move(membership: Membership, *, lives_here: bool, on: date, actor: Actor) -> Membership:
    """A member moves away, or into the area, and keeps the seat: from `on` they are counted as
    what they are then. What was decided before stays counted as it was."""
    lock_head()
    old = Membership.objects.get(pk=membership.pk)
    if old.lives_here == lives_here:
        raise Refused(_("This member is counted so already."), code="moved_already")
    return seated_again(old, lives_here=lives_here, on=on, actor=actor)


@transaction.atomic
def name_member(
    membership: Membership, name: str, *, named_in_public: bool, actor: Actor
) -> Membership:
    """What the other members call somebody, and whether the street may read it. The name before
    is erased: nobody is held to a name they gave up."""
    lock_head()
    membership = Membership.objects.select_related("name").get(pk=membership.pk)
    said, former = _name(name), membership.name
    membership.name = said
    membership.named_in_public = named_in_public and said is not None
    membership.save(update_fields=["name", "named_in_public"])
    write_leaf(
        "partnership.member_named",
        {
            "membership": membership.pk,
            "named_in_public": membership.named_in_public,
            "actor": actor.as_leaf(),
        },
        log=Log.AUDIT,
    )
    still = Membership.objects.filter(name=former).exclude(pk=membership.pk).exists()
    if former is not None and former.erasure_id is None and not still:
        erase_words(former, actor=actor, reason=_("Another name was given."))
    return membership


@transaction.atomic
def share_household(one: Account, other: Account, *, since: date, actor: Actor) -> Household:
    """Two people live together or are close family. Written down in the audit log alone."""
    if one.pk == other.pk:
        raise Refused(_("Choose two different people."), code="household")
    lock_head(Log.AUDIT)
    first, second = sorted((one, other), key=lambda account: account.pk)
    if overlaps(Household.objects.filter(one=first, other=second), since, None):
        raise Refused(_("That is written down already."), code="household_overlaps")
    household = Household.objects.create(one=first, other=second, since=since)
    write_leaf(
        "partnership.household_shared",
        {"household": household.pk, "since": since.isoformat(), "actor": actor.as_leaf()},
        log=Log.AUDIT,
    )
    return household


@transaction.atomic
def end_household(household: Household, *, on: date, actor: Actor) -> Household:
    """They live apart; `on` is the first day."""
    lock_head(Log.AUDIT)
    household = Household.objects.get(pk=household.pk)
    end_spell(household, on)
    write_leaf(
        "partnership.household_ended",
        {"household": household.pk, "until": on.isoformat(), "actor": actor.as_leaf()},
        log=Log.AUDIT,
    )
    return household


@transaction.atomic
def declare_interest(
    membership: Membership, organisation: Organisation, kind: str, *, since: date, actor: Actor
) -> Interest:
    """A member says which organisation they are tied to, and how."""
    if kind not in Interest.Kind.values:
        raise Refused(
            _("“%(kind)s” is not a kind of interest. Use one of %(known)s.")
            % {"kind": kind, "known": ", ".join(Interest.Kind.values)},
            code="interest_kind",
        )
    lock_head()
    earlier = Interest.objects.filter(membership=membership, organisation=organisation, kind=kind)
    if overlaps(earlier, since, None):
        raise Refused(_("This interest is declared already."), code="interest_overlaps")
    interest = Interest.objects.create(
        membership=membership, organisation=organisation, kind=kind, since=since
    )
    write_leaf(
        "partnership.interest_declared",
        {
            "place": membership.partnership.place.slug,
            "membership": membership.pk,
            "interest": interest.pk,
            "organisation": organisation.slug,
            "interest_kind": str(kind),
            "since": since.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    return interest


@transaction.atomic
def end_interest(interest: Interest, *, on: date, actor: Actor) -> Interest:
    """A tie is over; `on` is the first day without it. The declaration stays on record."""
    lock_head()
    interest = Interest.objects.get(pk=interest.pk)
    end_spell(interest, on)
    write_leaf(
        "partnership.interest_ended",
        {"interest": interest.pk, "until": on.isoformat(), "actor": actor.as_leaf()},
    )
    return interest


@transaction.atomic
def agree_host(
    partnership: Partnership, organisation: Organisation, *, since: date, actor: Actor
) -> HostAgreement:
    """The partnership chooses an organisation to hold and pay its money."""
    lock_head()
    earlier = HostAgreement.objects.filter(partnership=partnership, organisation=organisation)
    if overlaps(earlier, since, None):
        raise Refused(
            _("%(host)s is a host on some of these days already. End that agreement first.")
            % {"host": organisation.name},
            code="host_overlaps",
        )
    agreement = HostAgreement.objects.create(
        partnership=partnership, organisation=organisation, since=since
    )
    write_leaf(
        "partnership.host_agreed",
        {
            "place": partnership.place.slug,
            "agreement": agreement.pk,
            "organisation": organisation.slug,
            "since": since.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    return agreement


@transaction.atomic
def end_host(agreement: HostAgreement, *, on: date, actor: Actor) -> HostAgreement:
    """An organisation stops being host; `on` is the first day without it."""
    lock_head()
    agreement = HostAgreement.objects.select_related("partnership__place").get(pk=agreement.pk)
    end_spell(agreement, on)
    write_leaf(
        "partnership.host_ended",
        {
            "place": agreement.partnership.place.slug,
            "agreement": agreement.pk,
            "until": on.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    return agreement
