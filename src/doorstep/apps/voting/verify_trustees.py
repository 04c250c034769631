"""Re-checks those who open a box: who they are, their keys, its copies, and what each found."""

import gzip
import hashlib
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from doorstep.apps.people.models import Account
from doorstep.apps.record.models import Leaf, Log
from doorstep.apps.record.verify import Finding, body_of
from doorstep.apps.rounds.models import Recount, Round, RoundState, Secrecy
from doorstep.apps.voting import box, sealing
from doorstep.apps.voting.models import (
    KeyCopy,
    KeyGone,
    Opening,
    Poll,
    PollState,
    RoundKey,
    Trustee,
)
from doorstep.apps.voting.models.trustees import HOW_MANY, INNER_BYTES


@dataclass
class _Told:
    """What leaves tell of the trustees of one round: what each said last, since they were named."""

    names: list[str] = field(default_factory=list)
    keys: dict[object, dict] = field(default_factory=dict)
    made: dict = field(default_factory=dict)
    handed_on: dict[object, dict] = field(default_factory=dict)
    found: dict[object, tuple] = field(default_factory=dict)


KINDS = (
    "voting.trustees_named",
    "voting.trustee_key_given",
    "voting.round_key_made",
    "voting.key_handed_on",
    "voting.box_looked_into",
)


def verify_trustees() -> Iterator[Finding]:
    """Every fault between trustees, what they hold and found, and the leaves that tell of them."""
    told = _told()
    slugs = {*told, *Trustee.objects.values_list("round__slug", flat=True)}
    slugs.update(RoundKey.objects.values_list("round__slug", flat=True))
    sealed = set(Poll.objects.filter(state=PollState.SEALED).values_list("round", flat=True))
    for round_ in Round.objects.filter(slug__in=slugs).select_related("terms").order_by("pk"):
        where, said = f"Voting in round {round_.slug}", told[round_.slug]
        faults = [*_named(round_, said), *_key(round_, said)]
        # Sealing destroys the copies and what was found.
        if round_.pk not in sealed:
            faults += [*_copies(round_, said), *_openings(round_, said)]
        yield from (Finding(where, fault) for fault in faults)
    yield from _keys_gone()
    yield from _signers()


def _told() -> dict[str, _Told]:
    told: dict[str, _Told] = defaultdict(_Told)
    for leaf in Leaf.objects.filter(log=Log.PUBLIC, kind__in=KINDS).order_by("idx"):
        body = body_of(leaf) or {}
        slug, number = str(body.get("round")), body.get("trustee")
        if leaf.kind == "voting.trustees_named":
            told[slug] = _Told(names=list(body.get("names") or []))
        elif leaf.kind == "voting.trustee_key_given":
            # The round's key was sealed to the key before.
            told[slug].keys[number], told[slug].made = body, {}
        elif leaf.kind == "voting.round_key_made":
            told[slug].made = body
        elif leaf.kind == "voting.key_handed_on":
            told[slug].handed_on[number] = body
        else:
            found = (body.get("ballots"), body.get("spoilt"), body.get("opening_sha256"))
            told[slug].found[number] = found
    return told


def _named(round_: Round, told: _Told) -> Iterator[str]:
    """Faults in who the three are, their public keys, and whether they tried them in time."""
    trustees = list(round_.trustees.select_related("name").order_by("number", "pk"))
    stands = [(one.number, one.name.commitment) for one in trustees]
    if stands != list(enumerate(told.names, start=1)):
        yield "its trustees are not the ones that the record names."
    accounts = {one.account_id for one in trustees}
    if Account.objects.filter(pk__in=accounts).count() != len(trustees):
        yield "its trustees are not as many people."
    terms = getattr(round_, "terms", None)
    must_have_tried = (
        round_.state != RoundState.DRAFT
        and not round_.without_vote
        and terms is not None
        and terms.secrecy == Secrecy.TRUSTEES
    )
    for one in trustees:
        said = told.keys.get(one.number, {})
        if bytes(one.public_key or b"").hex() != said.get("key", ""):
            yield f"the key of trustee {one.number} is not the one in the record."
        by = said.get("actor") or {}
        if by and by.get("role") != "system" and by.get("id") != one.account_id:
            yield f"trustee {one.number} is not the person who gave their key."
        if must_have_tried and not one.tried:
            yield f"it was frozen, and trustee {one.number} had not tried their key."


def _key(round_: Round, told: _Told) -> Iterator[str]:
    """Faults between the key that ballots are sealed to and the leaf of who made it."""
    key = RoundKey.objects.filter(round=round_).first()
    if key is None:
        if told.made:
            yield "the key of its box is gone."
        return
    trustees = dict(Trustee.objects.filter(round=round_).values_list("pk", "number"))
    # One who is not of the three is not nobody.
    maker = trustees.get(key.made_by_id, 0) if key.made_by_id is not None else None
    if maker != told.made.get("by"):
        yield "the key of its box was not made by whom the record names."
    if told.made and told.made.get("key") != bytes(key.public_key).hex():
        yield "the key of its box is not the one in the record."


def _copies(round_: Round, told: _Told) -> Iterator[str]:
    """Faults in the copies of the round's key, and in which of them were handed on."""
    copies = list(
        KeyCopy.objects.filter(first__round=round_, second__round=round_)
        .select_related("first", "second")
        .order_by("first__number", "second__number", "pk")
    )
    pairs = [(one.first.number, one.second.number) for one in copies]
    numbers = range(1, HOW_MANY + 1) if told.made else ()
    written = b"".join(bytes(one.sealed) for one in copies)
    whole = pairs == [(one, other) for one in numbers for other in numbers if one != other]
    said = told.made.get("copies_sha256", hashlib.sha256(b"").hexdigest())
    if not whole or hashlib.sha256(written).hexdigest() != said:
        yield "the copies of its key are not the ones in the record."
    for first in sorted({first for first, _second in pairs}):
        yield from _handed_on([one for one in copies if one.first.number == first], told)


def _handed_on(copies: list[KeyCopy], told: _Told) -> Iterator[str]:
    """Faults in what one trustee took the outer layer off; `copies` are those, in order."""
    first = copies[0].first.number
    said = told.handed_on.get(first, {})
    handed = [one for one in copies if one.inner is not None]
    if [one.second.number for one in handed] != list(said.get("to") or []):
        yield f"to whom trustee {first} handed on the key is not what the record says."
        return
    inner = [bytes(one.inner or b"") for one in handed]
    sound = all(
        len(each) == INNER_BYTES and sealing.is_public_key(each[: sealing.KEY_BYTES])
        for each in inner
    )
    # Leaves of earlier versions do not say it.
    written = hashlib.sha256(b"".join(inner)).hexdigest()
    if not sound or said.get("inner_sha256", written) != written:
        yield f"what trustee {first} handed on is not what the record says."


def _openings(round_: Round, told: _Told) -> Iterator[str]:
    """Faults between what trustees found in the box, its kept bytes, and what they said of it."""
    openings = Opening.objects.filter(trustee__round=round_).select_related("trustee")
    stands = {
        one.trustee.number: (one.ballots, one.spoilt, one.sha256) for one in openings
    }  # fmt: skip
    if stands != told.found:
        yield "what its trustees found in the box is not what the record says."
    for one in openings:
        if _inside(one) != stands[one.trustee.number]:
            yield f"the ballots that trustee {one.trustee.number} found were changed."


def _inside(opening: Opening) -> tuple[int, int, str] | None:
    """What kept bytes hold: ballots, spoilt ones, their hash; None where they cannot be read."""
    try:
        written = gzip.decompress(bytes(opening.packed))
        slips, spoilt = box.slips_of(written)
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError):
        return None
    return len(slips), spoilt, hashlib.sha256(written).hexdigest()


def _keys_gone() -> Iterator[Finding]:
    """Faults between trustees whose devices deleted their keys and the leaves that say so."""
    leaves = Leaf.objects.filter(log=Log.PUBLIC, kind="voting.trustee_key_gone")
    bodies = {leaf.pk: body_of(leaf) or {} for leaf in leaves}
    told = {(pk, body.get("round"), body.get("trustee")) for pk, body in bodies.items()}
    rows = {
        (one.leaf_id, one.trustee.round.slug, one.trustee.number)
        for one in KeyGone.objects.select_related("trustee__round")
    }
    for _leaf, slug, number in sorted(told ^ rows, key=str):
        sentence = f"its rows and the record disagree whether the key of trustee {number} is gone."
        yield Finding(f"Voting in round {slug}", sentence)


def _signers() -> Iterator[Finding]:
    """Recounts that are signed under the name of a trustee who is somebody else."""
    names = {
        (one.round_id, one.account_id): one.name_id for one in Trustee.objects.order_by("pk")
    }  # fmt: skip
    accounts = set(
        Account.objects.filter(pk__in=Recount.objects.values("signer")).values_list("pk", flat=True)
    )
    for one in Recount.objects.select_related("round").order_by("pk"):
        known = one.signer_id in accounts
        if not known or names.get((one.round_id, one.signer_id)) != one.name_id:
            sentence = "a recount is signed by another than whoever stands under it."
            yield Finding(f"Voting in round {one.round.slug}", sentence)
