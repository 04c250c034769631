"""Where only totals are published, two people recount and sign; then the ballots are destroyed."""

import pytest
from django.db import IntegrityError, connection, transaction

from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.actions import count_round, sign_recount
from doorstep.apps.rounds.models import Round
from doorstep.apps.rounds.verify import verify_rounds
from doorstep.apps.rounds.verify_counters import verdicts
from doorstep.apps.voting.actions import rewriting
from doorstep.apps.voting.actions.box import open_box
from doorstep.engine.count import Rule, canonical, count, read_pabulib
from tests.apps.people.signing_in import sign_in
from tests.apps.voting.boxes import World, running, vote
from tests.millbrook import ACTOR

pytestmark = pytest.mark.django_db


def counted(**more: object) -> World:
    world = running(**more)
    for voter, idea in enumerate((0, 0, 1)):
        vote(world, voter, [idea])
    world.end()
    world.look(1, 2)
    world.round = count_round(open_box(world.round, actor=ACTOR), actor=ACTOR)
    return world


def at_home(world: World) -> bytes:
    """What `doorstep count FILE --json` writes on somebody's own computer."""
    box = Round.objects.get(pk=world.round.pk).box
    election = read_pabulib(box.pabulib, name=f"{world.round.slug}.pb")
    return canonical(count(election, Rule.from_dict(world.round.rule))).encode()


def sign(world: World, number: int, outcome: bytes) -> bool:
    trustee = world.trustee(number)
    return sign_recount(
        world.round, outcome, signer=trustee.account, name=trustee.name, actor=ACTOR
    )


def test_two_who_find_the_same_sign_and_the_ballots_are_destroyed(page):
    world = counted(publication="aggregate")
    mine = at_home(world)
    address = f"/rounds/{world.round.slug}/"
    assert sign(world, 1, mine) is False
    assert "Not counted again yet" in page.get(address).text
    assert sign(world, 1, mine) is False  # one person twice is one person
    assert list(verdicts()) == []
    assert sign(world, 2, mine + b"\n") is True
    round_ = Round.objects.get(pk=world.round.pk)
    assert bytes(round_.box.packed) == b""
    assert round_.box.voters == 3
    assert list(verify_rounds()) == []
    assert list(verdicts()) == [
        "Round east-2026: recounted by Ann Able and Ben Bold, signed; not publicly recountable."
    ]
    assert "Recounted by Ann Able and Ben Bold, and signed; not publicly" in page.get(address).text
    assert sign(world, 3, b"too late") is True  # nothing more happens


def test_another_result_is_refused():
    world = counted(publication="aggregate")
    with pytest.raises(Refused, match="not the published one"):
        sign(world, 1, at_home(world).replace(b"kitchen", b"bench"))


def test_published_ballots_are_never_destroyed():
    world = counted(publication="whole")
    with pytest.raises(Refused, match="counted again by everybody"):
        sign(world, 1, at_home(world))


def test_the_database_forgets_ballots_only_under_the_leaf():
    world = counted(publication="aggregate")
    for statement in (
        "UPDATE rounds_ballotbox SET packed = ''",
        "UPDATE rounds_ballotbox SET voters = 4",
        "DELETE FROM rounds_ballotbox",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    mine = at_home(world)
    sign(world, 1, mine)
    sign(world, 2, mine)
    assert Leaf.objects.filter(kind="round.recount_signed").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE rounds_ballotbox SET packed = 'other'")


def test_the_pages_lead_two_trustees_through_it_and_nobody_else(page, monkeypatch):
    from django.core.files.uploadedfile import SimpleUploadedFile

    rewritten: list[str] = []  # not inside the transaction of a test
    monkeypatch.setattr(rewriting, "compact", lambda: rewritten.append("once"))

    world = counted(publication="aggregate")
    address = f"/rounds/{world.round.slug}/recount/"
    stranger = world.accounts[2].__class__.objects.create_user("stranger@example.org")
    sign_in(page.client, stranger)
    page.get(address, status=404)
    mine = at_home(world)
    for number in (0, 1):
        sign_in(page.client, world.accounts[number])
        read = page.get(address)
        assert "--json east-2026.json" in read.text
        assert page.client.get(f"{address}ballots/").content.startswith(b"META\n")
        wrong = page.post(address, {"outcome": SimpleUploadedFile("x.json", b"{}")})
        assert "not the published one" in wrong.text
        page.post(address, {"outcome": SimpleUploadedFile("x.json", mine)})
    assert rewritten == ["once"]
    assert "destroyed" in page.get(address).text
    assert page.client.get(f"{address}ballots/").status_code == 404
    assert page.client.get(f"/rounds/{world.round.slug}/ballots.pb").status_code == 404
    page.get(f"/rounds/{world.round.slug}/")
