"""A leaf is canonical bytes about roles and numbers; whatever cannot be one is refused first."""

import json

import pytest
from django.db import transaction

from doorstep.apps.record.actions import lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf, LogHead
from doorstep.apps.record.queries import size
from doorstep.apps.record.sentences import sentence, tells
from doorstep.apps.record.verify import verify_record
from doorstep.apps.refused import Refused
from doorstep.engine.seal.leaf import CHAIN_START, chain_hash, leaf_hash
from tests.apps.record.publishing import lift_seals


@pytest.mark.django_db
def test_leaves_are_gapless_and_chained_in_each_log():
    for number in range(3):
        write_leaf("garden.bench_placed", {"bench": number})
    write_leaf("garden.gate_opened", {"gate": 1}, log="audit")
    chain = CHAIN_START
    for expected, leaf in enumerate(Leaf.objects.filter(log="public").order_by("idx")):
        assert leaf.idx == expected
        assert bytes(leaf.leaf_hash) == leaf_hash(bytes(leaf.body))
        chain = chain_hash(chain, bytes(leaf.leaf_hash))
        assert bytes(leaf.chain) == chain
    assert bytes(LogHead.objects.get(log="public").chain) == chain
    assert (size(), size("audit")) == (3, 1)
    assert list(verify_record()) == []


@pytest.mark.django_db
def test_the_body_says_what_and_when():
    leaf = write_leaf("garden.bench_placed", {"bench": 1, "actor": Actor("person", 7).as_leaf()})
    body = json.loads(bytes(leaf.body))
    assert body == {
        "v": 1, "kind": "garden.bench_placed", "bench": 1, "actor": {"role": "person", "id": 7},
        "time": leaf.recorded_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("garden.bench_placed", {"bench": 1.5}, "float"),
        ("garden.bench_placed", {"bench": 2**53}, "as a string"),
        ("garden.bench_placed", {"bench": "x" * 66_000}, "65,535"),
        ("garden.bench_placed", {"kind": "other.kind"}, "itself"),
        ("garden.bench_placed", {"time": "now"}, "itself"),
        ("garden", {}, "room.event"),
        ("garden.Bench", {}, "room.event"),
    ],
)
def test_what_cannot_be_a_leaf_is_refused(kind, body, said):
    with pytest.raises(Refused, match=said):
        write_leaf(kind, body)
    assert size() == 0


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("person", "jo@example.org"),
        ("person", "Jo Smith"),
        ("Person", 1),
        ("person", True),
        ("person", 1.5),
        ("person", ""),
        ("", 1),
    ],
)
def test_an_actor_is_a_role_and_a_number(kind, number):
    with pytest.raises(Refused, match="role and number only"):
        Actor(kind, number)


def test_the_head_is_locked_only_inside_a_transaction(committed_db):
    with pytest.raises(RuntimeError, match="atomic"):
        lock_head()


def test_a_leaf_of_an_older_form_is_still_told():
    tells("garden.test_told", group="Garden")(lambda body, words: f"Bench {body['bench']}.")
    assert sentence("garden.test_told", {"bench": 1}, str) == "Bench 1."
    assert sentence("garden.test_told", {}, str) == "Garden: test told."
    assert sentence("shed.roof_mended", {}, str) == "Shed: roof mended."


@pytest.mark.django_db
def test_nothing_is_written_in_a_log_without_a_head():
    lift_seals("record_loghead")
    LogHead.objects.filter(log="audit").delete()
    with pytest.raises(Refused, match="not in place") as no, transaction.atomic():
        write_leaf("garden.gate_opened", {"gate": 1}, log="audit")
    assert (no.value.code, Leaf.objects.count()) == ("unsealed", 0)
