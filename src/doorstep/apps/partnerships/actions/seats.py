"""Seats are filled and given up. Two people are needed to give somebody a seat: one opens it, and
another settles it; the power to act comes and goes with the seat."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from doorstep.apps.partnerships.actions.common import carried_by
from doorstep.apps.partnerships.actions.members import join, leave, seated_again
from doorstep.apps.partnerships.models import (
    Candidate,
    Filling,
    FillingState,
    ItemDecision,
    Membership,
    Partnership,
)
from doorstep.apps.partnerships.rules import seats as rules
from doorstep.apps.people.actions import end_role, give_role, open_account
from doorstep.apps.people.models import Account, Role
from doorstep.apps.people.spells import holding
from doorstep.apps.places.models import Place
from doorstep.apps.places.rules import refuse_blank
from doorstep.apps.promises.actions import give_back
from doorstep.apps.promises.models import Promise, PromiseState
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule

MOST_SEATS, MOST_CANDIDATES = 20, 200


@transaction.atomic
def open_filling(
    partnership: Partnership,
    how: str,
    *,
    seats: int,
    closes_on: date,
    seed_from: str,
    on: date,
    actor: Actor,
) -> Filling:
    """Say that seats are to be filled, how, until when people may stand, and what the seed is."""
    if how not in Filling.How.values:
        raise Refused(_("Choose how the seats are filled."), code="how")
    if not 1 <= seats <= MOST_SEATS:
        raise Refused(
            _("Fill between 1 and %(most)s seats at a time.") % {"most": MOST_SEATS}, code="seats"
        )
    if closes_on <= on:
        raise Refused(_("Let people stand until a day that is still to come."), code="closes")
    refuse_blank({_("public number"): seed_from}, {_("public number"): 300})
    lock_head()
    last = Filling.objects.filter(partnership=partnership).aggregate(n=Max("number"))["n"] or 0
    words = keep_words(seed_from.strip())
    leaf = write_leaf(
        "partnership.seats_open",
        {
            "place": partnership.place.slug,
            "filling": last + 1,
            "how": str(how),
            "seats": seats,
            "closes_on": closes_on.isoformat(),
            "seed_from": words.commitment,
            "actor": actor.as_leaf(),
        },
    )
    return Filling.objects.create(
        partnership=partnership, number=last + 1, how=how, seats=seats, closes_on=closes_on,
        seed_from=words, opened=leaf,
        opened_by_id=actor.id if isinstance(actor.id, int) else None,
    )  # fmt: skip


@transaction.atomic
def stand(
    filling: Filling, email: str, name: str, *, lives_here: bool, on: date, actor: Actor
) -> Candidate:
    """Somebody stands for a seat. Their name is kept for the members; the record has a number. A
    member stands again when their term ends."""
    filling = _held(filling)
    if on >= filling.closes_on:
        raise Refused(_("It is too late to stand. Wait for the next time."), code="closed")
    refuse_blank({_("name"): name}, {_("name"): 80})
    account = Account.objects.filter(email=email.strip().lower()).first()
    account = account or open_account(email, actor=actor)
    seat = _seat_of(account, filling.partnership, on)
    years = rule("partnership.term", filling.closes_on, filling.partnership.place.slug)
    if seat is not None and rules.ending(seat.term_since, filling.closes_on, years) is None:
        raise Refused(_("This person holds a seat already."), code="seated")
    if (earlier := filling.candidates.filter(account=account).first()) is not None:
        return earlier
    number = filling.candidates.count() + 1
    if number > MOST_CANDIDATES:
        raise Refused(_("No more people can stand here."), code="candidates")
    words = keep_words(" ".join(name.split()))
    write_leaf(
        "partnership.stands",
        {
            "place": filling.partnership.place.slug,
            "filling": filling.number,
            "candidate": number,
            "name": words.commitment,
            "lives_here": lives_here,
            "actor": actor.as_leaf(),
        },
    )
    return Candidate.objects.create(
        filling=filling, number=number, account=account, name=words, lives_here=lives_here
    )


@transaction.atomic
def settle_filling(
    filling: Filling,
    *,
    seed: str = "",
    votes: Mapping[int, int] | None = None,
    decision: ItemDecision | None = None,
    chosen: list[int] | None = None,
    on: date,
    actor: Actor,
) -> list[Membership]:
    """Say who is in, and give them their seats from today: by the meeting's `decision` those in
    `chosen`, by `votes` (candidate to number), or by the lot of `seed`."""
    filling = _held(filling)
    _refuse_alone(filling, actor)
    if on < filling.closes_on:
        raise Refused(_("People may still stand. Settle it once they no longer may."), code="early")
    standing = {one.number: one for one in filling.candidates.select_related("account", "name")}
    if not standing:
        raise Refused(_("Nobody stands. Close it without filling the seats."), code="nobody")
    seed = rules.plain_seed(seed)
    numbers = _numbers(filling, standing, seed, votes or {}, decision, chosen or [])
    leaf = write_leaf(
        "partnership.seats_filled",
        {
            "place": filling.partnership.place.slug,
            "filling": filling.number,
            "how": filling.how,
            "candidates": len(standing),
            "seats": filling.seats,
            "seed": seed,
            "votes": [
                {"candidate": number, "votes": cast} for number, cast in (votes or {}).items()
            ],
            "decision": decision.leaf.idx if decision else 0,
            "chosen": numbers,
            "actor": actor.as_leaf(),
        },
    )
    made = []
    for number in numbers:
        candidate = standing[number]
        candidate.membership = _seated(filling.partnership, candidate, on, actor)
        made.append(candidate.membership)
    for number, candidate in standing.items():
        candidate.votes = (votes or {}).get(number)
        candidate.save(update_fields=["votes", "membership"])
    filling.state, filling.ended, filling.seed = FillingState.FILLED, leaf, seed
    filling.decision = decision
    filling.save(update_fields=["state", "ended", "seed", "decision"])
    return made


@transaction.atomic
def drop_filling(filling: Filling, *, actor: Actor) -> Filling:
    """Close it without giving anybody a seat."""
    filling = _held(filling)
    leaf = write_leaf(
        "partnership.seats_dropped",
        {
            "place": filling.partnership.place.slug,
            "filling": filling.number,
            "actor": actor.as_leaf(),
        },
    )
    filling.state, filling.ended = FillingState.DROPPED, leaf
    filling.save(update_fields=["state", "ended"])
    return filling


@transaction.atomic
def give_up_seat(membership: Membership, *, on: date, actor: Actor) -> Membership:
    """A member leaves: the seat ends, the role with it, and what they had taken on is held by
    nobody, so that others see it."""
    membership = leave(membership, on=on, actor=actor)
    place, account = membership.partnership.place, membership.account
    role = Role.objects.filter(
        holding(on), account=account, place=place, kind=Role.Kind.PARTNERSHIP_MEMBER
    ).first()
    if role is not None:
        end_role(role, on=on, actor=actor)
    drop_duties(account, place, on=on, actor=actor)
    return membership


def drop_duties(account: Account, place: Place, *, on: date, actor: Actor) -> None:
    """What a member had taken on for the partnership is held by nobody again."""
    taken = Promise.objects.filter(
        held_by=account, place=place, state=PromiseState.OPEN,
        owed_by_role=Role.Kind.PARTNERSHIP_MEMBER,
    )  # fmt: skip
    for promise in taken.order_by("pk"):
        give_back(promise, on=on, actor=actor)


def _seated(partnership: Partnership, candidate: Candidate, on: date, actor: Actor) -> Membership:
    account, place = candidate.account, partnership.place
    lives_here = candidate.lives_here
    held = _seat_of(account, partnership, on)
    if held is not None:
        return seated_again(held, lives_here=lives_here, term_since=on, on=on, actor=actor)
    membership = join(
        partnership, account, lives_here=lives_here, since=on, name=candidate.name.text or "",
        actor=actor,
    )  # fmt: skip
    role = Role.Kind.PARTNERSHIP_MEMBER
    if not Role.objects.filter(holding(on), account=account, place=place, kind=role).exists():
        give_role(account, role, place=place, since=on, actor=actor)
    return membership


def _seat_of(account: Account, partnership: Partnership, on: date) -> Membership | None:
    held = Membership.objects.filter(holding(on), partnership=partnership, account=account)
    return held.first()


def _numbers(
    filling: Filling,
    standing: Mapping[int, Candidate],
    seed: str,
    votes: Mapping[int, int],
    decision: ItemDecision | None,
    chosen: list[int],
) -> list[int]:
    """Who is in, by the way that was named when the seats were opened."""
    if filling.how == Filling.How.LOT:
        if not seed:
            raise Refused(_("Enter the public number that was named for the lot."), code="seed")
        return rules.chosen_by_lot(seed, len(standing), filling.seats)
    if filling.how == Filling.How.ELECTION:
        if set(votes) != set(standing) or any(cast < 0 for cast in votes.values()):
            raise Refused(_("Enter the votes of everybody who stands."), code="votes")
        found = rules.chosen_by_votes(votes, filling.seats, seed)
        if not found:
            raise Refused(_("Nobody had a vote. Close it without filling the seats."), code="votes")
        return found
    if decision is None or not carried_by(decision, filling.partnership):
        raise Refused(
            _("Choose the meeting’s item by which the members agreed to it."), code="decision"
        )
    if not chosen or set(chosen) - set(standing) or len(set(chosen)) > filling.seats:
        raise Refused(
            _("Mark who was agreed on, at most %(seats)s.") % {"seats": filling.seats},
            code="chosen",
        )
    return sorted(set(chosen))


def _refuse_alone(filling: Filling, actor: Actor) -> None:
    """A seat opens the way to money, so nobody gives one alone."""
    if filling.opened_by_id is not None and actor.id == filling.opened_by_id:
        raise Refused(
            _("You opened this, so another member enters who is in. Nobody gives a seat alone."),
            code="alone",
        )


def _held(filling: Filling) -> Filling:
    lock_head()
    now = Filling.objects.select_related("partnership__place").get(pk=filling.pk)
    if now.state != FillingState.OPEN:
        raise Refused(_("This is settled already."), code="filling_state")
    return now
