"""The three who open the box: named, their keys, the round's key, and what each found inside."""

import gzip
import hashlib
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.organisations import strongbox
from doorstep.apps.people.models import Account
from doorstep.apps.record.actions import erase_words, keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.actions import locked
from doorstep.apps.rounds.models import Round, RoundState, Secrecy, Terms
from doorstep.apps.voting import box
from doorstep.apps.voting.actions import messages
from doorstep.apps.voting.models import (
    HouseAsk,
    KeyCopy,
    KeyGone,
    Opening,
    Poll,
    PollState,
    RoundKey,
    Trustee,
)
from doorstep.apps.voting.models.trustees import HOW_MANY, INNER_BYTES, OUTER_BYTES
from doorstep.apps.voting.sealing import is_public_key, new_key

KEY_OF_A_ROUND = b"doorstep round key v1"


@transaction.atomic
def name_trustees(
    round_: Round, people: Sequence[tuple[Account, str]], *, apart: bool, actor: Actor
) -> list[Trustee]:
    """Name the three who open the box, as (account, public name). Said again, it starts anew.

    `apart` is the partnership's word that no two of them share a household.
    """
    round_ = locked(round_, RoundState.DRAFT)
    if len(people) != HOW_MANY or len({account.pk for account, _name in people}) != HOW_MANY:
        raise Refused(
            _("Name three different people. Any two of them can open the box together."),
            code="three_trustees",
        )
    if not apart:
        raise Refused(
            _("Say that no two of them live in one household. If they do, choose another person."),
            code="trustees_apart",
        )
    _forget_keys(round_)
    before = list(Trustee.objects.filter(round=round_).select_related("name"))
    Trustee.objects.filter(round=round_).delete()
    for former in before:
        # No row leads to these words any more, so nobody could ever ask for them to be erased.
        erase_words(former.name, actor=actor, reason=_("Trustees were named anew."))
    named = [
        Trustee.objects.create(round=round_, number=number, account=account, name=keep_words(name))
        for number, (account, name) in enumerate(people, start=1)
    ]
    write_leaf(
        "voting.trustees_named",
        {
            "round": round_.slug,
            "names": [trustee.name.commitment for trustee in named],
            "apart": True,
            "actor": actor.as_leaf(),
        },
    )
    messages.invite(round_, named)
    return named


@transaction.atomic
def keep_trustee_key(trustee: Trustee, public_key: bytes, *, actor: Actor) -> Trustee:
    """Keep the public half of a trustee's key. A new key undoes the round's key made with the old.

    Sent twice, the second changes nothing.
    """
    locked(trustee.round, RoundState.DRAFT)
    trustee = _again(trustee)
    if not is_public_key(public_key):
        raise Refused(
            _("That key did not reach us whole. Open the page again and make a key once more."),
            code="key_damaged",
        )
    if trustee.public_key is not None and bytes(trustee.public_key) == public_key:
        return trustee
    _forget_keys(trustee.round)
    trustee.public_key = public_key
    trustee.tried = False
    trustee.save(update_fields=["public_key", "tried"])
    write_leaf(
        "voting.trustee_key_given",
        {
            "round": trustee.round.slug,
            "trustee": trustee.number,
            "key": public_key.hex(),
            "actor": actor.as_leaf(),
        },
    )
    return trustee


@transaction.atomic
def keep_round_key(
    trustee: Trustee,
    public_key: bytes,
    copies: Mapping[tuple[int, int], bytes],
    *,
    actor: Actor,
) -> RoundKey:
    """Keep the round's public key, and for each ordered pair of trustees a copy of the private one
    that only the two can read. `copies` is {(first, second): sealed}. Made again, it replaces.
    """
    round_ = locked(trustee.round, RoundState.DRAFT)
    trustees = {one.number: one for one in Trustee.objects.filter(round=round_)}
    if len(trustees) != HOW_MANY or any(one.public_key is None for one in trustees.values()):
        raise Refused(
            _("The round’s key is made when all three trustees have given theirs. Wait for them."),
            code="keys_missing",
        )
    pairs = {(one, other) for one in trustees for other in trustees if one != other}
    whole = all(len(sealed) == OUTER_BYTES for sealed in copies.values())
    if set(copies) != pairs or not whole or not is_public_key(public_key):
        raise Refused(
            _("The round’s key did not reach us whole. Open the page again and make it once more."),
            code="key_damaged",
        )
    _forget_keys(round_)
    key = RoundKey.objects.create(round=round_, public_key=public_key, made_by=trustee)
    KeyCopy.objects.bulk_create(
        KeyCopy(first=trustees[first], second=trustees[second], sealed=sealed)
        for (first, second), sealed in sorted(copies.items())
    )
    written = b"".join(copies[pair] for pair in sorted(copies))
    write_leaf(
        "voting.round_key_made",
        {
            "round": round_.slug,
            "by": trustee.number,
            "key": public_key.hex(),
            "copies_sha256": hashlib.sha256(written).hexdigest(),
            "actor": actor.as_leaf(),
        },
    )
    return key


@transaction.atomic
def mark_tried(trustee: Trustee) -> Trustee:
    """A trustee's device has opened its layer of every copy, so their key is there and works."""
    round_ = locked(trustee.round, RoundState.DRAFT)
    if not RoundKey.objects.filter(round=round_).exists():
        raise Refused(
            _("There is no key of the round to try yet. Make it first."), code="keys_missing"
        )
    Trustee.objects.filter(pk=trustee.pk).update(tried=True)
    return _again(trustee)


@transaction.atomic
def key_is_gone(trustee: Trustee, *, actor: Actor) -> KeyGone:
    """A trustee's device has deleted its key. Refused while the box may still need it.

    Sent twice, it is said once.
    """
    lock_head()
    trustee = _again(trustee)
    if said := KeyGone.objects.filter(trustee=trustee).first():
        return said
    poll = Poll.objects.filter(round=trustee.round).first()
    over = poll is not None and poll.state in (PollState.OPENED, PollState.SEALED)
    if trustee.public_key is None or not (over or trustee.round.state == RoundState.CANCELLED):
        raise Refused(
            _("Your key is still needed to open the box. Keep it until your part is done."),
            code="key_needed",
        )
    leaf = write_leaf(
        "voting.trustee_key_gone",
        {"round": trustee.round.slug, "trustee": trustee.number, "actor": actor.as_leaf()},
    )
    return KeyGone.objects.create(trustee=trustee, leaf=leaf)


def make_house_key(round_: Round, actor: Actor) -> None:
    """Where the house opens the box: make its key when the round is frozen."""
    terms = Terms.objects.get(round=round_)
    if terms.secrecy != Secrecy.HOUSE or RoundKey.objects.filter(round=round_).exists():
        return
    private, public = new_key()
    RoundKey.objects.create(
        round=round_,
        public_key=public,
        in_strongbox=strongbox.seal(private.hex(), KEY_OF_A_ROUND),
    )


@transaction.atomic
def hand_on(trustee: Trustee, inner: Mapping[int, bytes], *, actor: Actor) -> None:
    """After voting: keep the copies whose outer layer this trustee's device has taken off.

    `inner` is {second trustee's number: bytes}. Handed on twice, nothing more happens.
    """
    lock_head()
    _refuse_unless_ended(trustee.round)
    copies = {copy.second.number: copy for copy in trustee.copies_to_peel.select_related("second")}
    if set(inner) != set(copies) or any(len(one) != INNER_BYTES for one in inner.values()):
        raise Refused(
            _("What you handed on did not reach us whole. Open the page again and try once more."),
            code="key_damaged",
        )
    if all(copy.inner is not None for copy in copies.values()):
        return
    for number, copy in copies.items():
        copy.inner = inner[number]
        copy.save(update_fields=["inner"])
    write_leaf(
        "voting.key_handed_on",
        {
            "round": trustee.round.slug,
            "trustee": trustee.number,
            "to": sorted(inner),
            "inner_sha256": hashlib.sha256(b"".join(inner[n] for n in sorted(inner))).hexdigest(),
            "actor": actor.as_leaf(),
        },
    )


@transaction.atomic
def keep_opening(trustee: Trustee, found: object, *, actor: Actor) -> Opening:
    """Keep what a trustee's device found in the box: `{"ballots": [{t, v}, …], "spoilt": n}`.

    Refused unless it accounts for every envelope, and where it differs from what another trustee
    found: then it says who should open again. The refused one is kept beside, so that two who
    agree outvote one who does not. Sent twice the same, the second changes nothing.
    """
    lock_head()
    round_ = trustee.round
    _refuse_unless_ended(round_)
    ballots, spoilt = box.read_opening(found)
    envelopes = box.how_many_count(round_)
    if len(ballots) + spoilt != envelopes:
        raise Refused(
            _(
                "The box holds %(envelopes)s envelopes, and you sent %(found)s. Open the page "
                "again and open the box once more."
            )
            % {"envelopes": envelopes, "found": len(ballots) + spoilt},
            code="opening_incomplete",
        )
    written = box.written_opening(ballots, spoilt)
    digest = hashlib.sha256(written).hexdigest()
    if earlier := Opening.objects.filter(trustee=trustee, sha256=digest).first():
        return earlier
    opening, _new = Opening.objects.update_or_create(
        trustee=trustee,
        defaults={
            "packed": gzip.compress(written, mtime=0),
            "sha256": digest,
            "ballots": len(ballots),
            "spoilt": spoilt,
        },
    )
    write_leaf(
        "voting.box_looked_into",
        {
            "round": round_.slug,
            "trustee": trustee.number,
            "ballots": len(ballots),
            "spoilt": spoilt,
            "opening_sha256": opening.sha256,
            "actor": actor.as_leaf(),
        },
    )
    return opening


@transaction.atomic
def ask_the_house(round_: Round, account: Account, *, actor: Actor) -> int:
    """A member asks the server to open the box; gives how many have asked. It takes two."""
    lock_head()
    if actor.kind != "partnership_member":
        raise Refused(
            _("Only members of the partnership ask for this. Tell two of them that it is time."),
            code="members_only",
        )
    _refuse_unless_ended(round_)
    if round_.terms.secrecy != Secrecy.HOUSE:
        raise Refused(
            _("Three trustees open this box, and the server cannot. Ask two of them."),
            code="not_the_house",
        )
    _ask, new = HouseAsk.objects.get_or_create(round=round_, account=account)
    asked = HouseAsk.objects.filter(round=round_).count()
    if new:
        write_leaf(
            "voting.house_asked",
            {"round": round_.slug, "asked": asked, "actor": actor.as_leaf()},
        )
    return asked


def _again(trustee: Trustee) -> Trustee:
    return Trustee.objects.select_related("round", "name").get(pk=trustee.pk)


def _forget_keys(round_: Round) -> None:
    """Drop a draft's key and its copies: they were sealed to keys that are no longer these."""
    KeyCopy.objects.filter(first__round=round_).delete()
    RoundKey.objects.filter(round=round_).delete()
    Trustee.objects.filter(round=round_).update(tried=False)


def _refuse_unless_ended(round_: Round) -> None:
    if Round.objects.filter(pk=round_.pk, state=RoundState.CANCELLED).exists():
        raise Refused(
            _("This round was called off. Nobody opens its box: it is sealed as it stands."),
            code="cancelled",
        )
    state = Poll.objects.filter(round=round_).values_list("state", flat=True).first()
    if state == PollState.ENDED:
        return
    if state in (PollState.OPENED, PollState.SEALED):
        raise Refused(
            _("The box of this round was opened already. There is nothing more to do."),
            code="box_opened",
        )
    raise Refused(_("The box stays shut until voting has ended. Come back then."), code="box_shut")
