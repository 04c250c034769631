"""Changes one value of the record, the ledger or the ballots in the database; verify finds it.

A change is one bit of a byte string, one character of a text, another number, day or answer, the
value of another row in the same column, or nothing where something stood. Every column of every
table of the four rooms gets its turn, as often as the others. Whoever makes the change has taken
seals, foreign keys and CHECKs away, as an owner of the machine can. What a unique key still refuses
shows only that it cannot be written while the key stands: so the key goes too, the change is made,
and verify must find it like any other. Such changes are counted apart.
"""

import gzip
import itertools
import random
import string
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import time_machine

from bench.torture import Figure, Options
from bench.torture.frame.databases import fresh

NUMBERS = ("T12",)
EACH_DATABASE = True

ROOMS = ("record", "ledger", "rounds", "voting")
# Nothing public rests on these, so nothing public can tell. A table stands for all its columns.
FREE = {
    "voting_credential.tries_left": "how many wrong codes came; the desk sets it back",
    "voting_credential.is_replacement": "how the desk came to give it",
    "voting_letteraddress": "where a letter goes: for the desk alone, and told nobody",
    "voting_poll.rewrite_owed": "a note to the chores that the file is to be rewritten",
    "rounds_round.created_at": "when somebody began to write it down, before it was frozen",
    "rounds_looks": "how often a ballot was looked up: decides nothing, as its model says",
    "ledger_bankaccount.last_three": "tells a wrong file from a right one, before it is read",
    "record_checkpoint.signed_at": "what our own clock said; others say when (their lines, stamps)",
}
# Of a draft nothing is public yet: what it asks may be changed until it is frozen, and no leaf
# tells of it. Its row must still name no step. (How rows lead to the state of their round.)
DRAFTED = {
    "rounds_terms": "round__state",
    "rounds_project": "round__state",
    "voting_codeplan": "round__state",
    "voting_poll.round_id": "round__state",
    **{
        f"rounds_round.{column}": "state"
        for column in (
            "slug", "place_id", "title_id", "is_example", "budget_pence", "vote_type", "rule",
            "without_vote",
        )
    },
}  # fmt: skip


@dataclass
class Came:
    """What came of the changes, each counted by its column."""

    done: Counter[str] = field(default_factory=Counter)
    keyed: Counter[str] = field(default_factory=Counter)
    """Of those done, what a unique key refused until it was taken away."""
    missed: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)


def main(options: Options) -> list[Figure]:
    with fresh(options):
        _furnish()
        return [_flips(options)]


def _furnish() -> None:
    """A fund that has done every act once, a second vote that is still open, a signed record."""
    from django.conf import settings

    from doorstep.apps.record.keys import make_keys
    from doorstep.apps.record.publishing import publish
    from doorstep.apps.voting import trackers
    from doorstep.apps.voting.actions.casting import cast, credential_of
    from doorstep.apps.voting.actions.polls import log_envelopes
    from doorstep.apps.voting.choices import Choice
    from tests.apps.voting.polling import DURING, running
    from tests.site.acts import every_act

    acts, result = every_act(), None
    while True:
        try:
            _name, act = acts.send(result)
        except StopIteration:
            break
        result = act()
    polling = running(slug="north-2026", cards=12, letters=["1 Mill Lane", "2 Mill Lane"])
    with time_machine.travel(DURING, tick=True):
        for code in polling.codes:
            cast(credential_of(polling.credential(code).pk), Choice(((0, 1),)), trackers.new())
        log_envelopes(polling.poll)
    make_keys(settings.ADDRESS)
    publish()


def _flips(options: Options) -> Figure:
    from tests.apps.record.losing import take_protections_away

    take_protections_away()
    if faults := _first_finding(""):
        raise RuntimeError(f"before anything was changed: {faults}")
    columns, came, chance = _columns(), Came(), options.chance()
    wanted = options.size(300, 10_000)
    # A turn of a column whose only value stays what it was is no change: there is another turn.
    for room, model, column in itertools.cycle(columns):
        if came.done.total() == wanted:
            break
        _one(room, model, column, chance, came)
        options.say(f"{came.done.total():,} changes, {came.missed.total()} missed")
    if faults := _first_finding(""):
        raise RuntimeError(f"after every change was taken back: {faults}")
    for name, example in came.examples.items():
        print(f"  missed: {name}: {example}")
    named = [f"{column} ({count})" for column, count in came.missed.items()]
    figure = (
        f"{came.done.total():,} changes in {len(came.done)} columns of "
        f"{len({name.partition('.')[0] for name in came.done})} tables, all looked for by verify, "
        f"{came.keyed.total():,} of them after a key that refused them was gone too; "
        f"missed {came.missed.total()}"
    )
    return Figure("T12", "values in the database", "; ".join([figure, *named]), not named)


def _columns() -> list[tuple[str, Any, Any]]:
    """(room, model, column) of everything that is to be changed, and has a row to change."""
    from django.apps import apps

    return [
        (room, model, column)
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
        for column in model._meta.local_concrete_fields
        if column.name not in ("id", "pk")
        and not {model._meta.db_table, f"{model._meta.db_table}.{column.column}"} & FREE.keys()
        and model._base_manager.exists()
    ]


def _one(room: str, model: Any, column: Any, chance: random.Random, came: Came) -> None:
    from django.db import IntegrityError

    from tests.apps.record.losing import without_keys

    keys = [each.attname for each in model._meta.pk_fields]
    rows = list(_tellable(model, column).order_by(*keys).values_list(column.attname, *keys))
    if not rows:
        return
    value, *key = chance.choice(rows)
    other = _other(value, [row[0] for row in rows], chance, nothing=column.null)
    if other == value or _reads_the_same(column, value, other):
        return
    name = f"{model._meta.db_table}.{column.column}"
    changed = model._base_manager.filter(**dict(zip(keys, key, strict=True)))
    try:
        found = _found(room, changed, {column.attname: other})
    except IntegrityError:
        came.keyed[name] += 1
        with without_keys(model._meta.db_table):
            found = _found(room, changed, {column.attname: other})
    came.done[name] += 1
    if not found:
        came.missed[name] += 1
        came.examples[name] = f"{value!r:.150} to {other!r:.150}"


def _tellable(model: Any, column: Any) -> Any:
    """The rows of which something public tells what stands in this column: all but of drafts."""
    from doorstep.apps.rounds.models import RoundState

    table = model._meta.db_table
    way = DRAFTED.get(table) or DRAFTED.get(f"{table}.{column.column}")
    rows = model._base_manager.all()
    return rows.exclude(**{way: RoundState.DRAFT}) if way else rows


def _found(room: str, changed: Any, values: dict[str, Any]) -> str:
    """What verify says of a change that is then taken back. Raises what a key refuses it with."""
    from django.db import transaction

    with transaction.atomic():
        with transaction.atomic():
            changed.update(**values)
        found = _first_finding(room)
        transaction.set_rollback(True)
    return found


def _reads_the_same(column: Any, value: Any, other: Any) -> bool:
    """Whether only the wrapping changed: gzip passes over most bits of its own header."""
    if column.name != "packed":
        return False
    try:
        return gzip.decompress(bytes(value)) == gzip.decompress(bytes(other or b""))
    except (OSError, EOFError, zlib.error):
        return False


def _other(value: Any, others: Iterable[Any], chance: random.Random, *, nothing: bool) -> Any:
    """Another value, now and then another row's, or none; the same where there is no other."""
    elsewhere = [each for each in others if each != value and each is not None]
    if value is not None and nothing and chance.random() < 0.2:
        return None
    if elsewhere and (value is None or chance.random() < 0.3):
        return chance.choice(elsewhere)
    return _changed(value, chance)


def _changed(value: Any, chance: random.Random) -> Any:
    if value is None or value in ("", b"", [], {}):
        return value
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + chance.choice([-1, 1, 10])
    if isinstance(value, (date, datetime)):
        return value + timedelta(days=chance.choice([-1, 1, 365]))
    if isinstance(value, str):
        place = chance.randrange(len(value))
        letters = [each for each in string.ascii_lowercase + string.digits if each != value[place]]
        return value[:place] + chance.choice(letters) + value[place + 1 :]
    if isinstance(value, list):
        place = chance.randrange(len(value))
        return [*value[:place], _changed(value[place], chance), *value[place + 1 :]]
    if isinstance(value, dict):
        name = chance.choice(sorted(value))
        return value | {name: _changed(value[name], chance)}
    if not isinstance(value, (bytes, memoryview)):
        raise TypeError(f"no other value than {value!r} is known")
    bytes_ = bytearray(bytes(value))
    bytes_[chance.randrange(len(bytes_))] ^= 1 << chance.randrange(8)
    return bytes(bytes_)


def _first_finding(room: str) -> str:
    """What verify says first, the room's own checks before the others; a fault of verify's own on
    what it reads is a finding, and one of the database ends the run."""
    from doorstep.site.verify import CHECKS, findings_of, verify_seals

    checks = [check for _title, _size, check in CHECKS if check is not verify_seals]
    checks.sort(key=lambda check: f".{room}." not in check.__module__)
    return next((str(finding) for check in checks for finding in findings_of(check)), "")
