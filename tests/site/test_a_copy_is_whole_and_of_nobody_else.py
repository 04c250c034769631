"""The copy of a person holds what they wrote and handed in, wherever it lies, every line of the
record that names them, and nothing of anybody else; and whoever has no account gets theirs too."""

import json
import re
from base64 import b64decode
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doorstep.apps.awards.actions.reports import hand_in_receipt, show_receipt
from doorstep.apps.awards.models import Said
from doorstep.apps.files.models import Content, StoredFile
from doorstep.apps.ideas.models import Follower
from doorstep.apps.outbox.models import Contact, Message
from doorstep.apps.people.actions import open_account
from doorstep.apps.people.models import Account
from doorstep.apps.record.actions import write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf, Log
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.actions import close_room, enter_tally
from doorstep.apps.voting.models import Trustee
from doorstep.site import operations, personal
from doorstep.site.personal import HELD, copy_of
from doorstep.site.personal.copying import HANDED_IN, theirs
from doorstep.site.personal.leaves import BY_ACCOUNT, BY_IDEA
from tests.apps.awards.applying import SECRET_PLAN, published, sent_in
from tests.apps.awards.scene import scene
from tests.apps.awards.test_what_became_of_the_money_is_told import paid, picture
from tests.apps.ideas.proposing import BENCH, follows, proposed, taking_ideas
from tests.apps.people.signing_in import TEST, sign_in
from tests.apps.rounds.live import live_room, photo
from tests.apps.rounds.test_one_room_counts_twice import FOUND
from tests.apps.voting.boxes import drafted as drafted_box
from tests.apps.voting.boxes import frozen, with_trustees
from tests.millbrook import place_with_money

SOURCES = Path(personal.__file__).parents[2]
IVY = "ivy@millbrook.example"

pytestmark = pytest.mark.django_db


def lines(held: dict[str, object]) -> set[tuple[str, int]]:
    return {(line["log"], line["number"]) for line in held["record"]}


def where(leaf: Leaf) -> tuple[str, int]:
    return leaf.log, leaf.idx


@pytest.fixture
def ann() -> Account:
    return open_account("ann@millbrook.example", actor=TEST)


# The record --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["payee", "author", "system"])
def test_a_number_that_is_no_accounts_leads_to_nobodys_line(ann, kind):
    """A payee acts under the number of a payment: the same number is somebody's account."""
    leaf = write_leaf("test.done", {"actor": Actor(kind, ann.pk).as_leaf()}, log=Log.AUDIT)
    assert where(leaf) not in lines(copy_of(ann))


@pytest.mark.parametrize("kind", sorted(BY_ACCOUNT))
def test_whoever_acted_finds_the_line(ann, kind):
    leaf = write_leaf("test.done", {"actor": Actor(kind, ann.pk).as_leaf()}, log=Log.AUDIT)
    other = write_leaf("test.done", {"actor": Actor(kind, ann.pk * 10).as_leaf()}, log=Log.AUDIT)
    assert where(leaf) in lines(copy_of(ann))
    assert where(other) not in lines(copy_of(ann))


def test_every_way_of_acting_is_known_by_whose_number_it_gives():
    """A new Actor("…", number) says here whether the number is an account's."""
    by_others = {BY_IDEA, "payee", "system"}
    found = {
        kind
        for file in SOURCES.rglob("*.py")
        for kind in re.findall(r'\bActor\(\s*"([a-z_]+)"', file.read_text(encoding="utf-8"))
    }
    assert found <= BY_ACCOUNT | by_others, "put it into BY_ACCOUNT, or into by_others here"


def test_a_line_that_names_somebody_elsewhere_is_theirs(ann):
    room = live_room(place_with_money())
    bob = open_account("bob@millbrook.example", actor=TEST)
    enter_tally(room, FOUND, counter=ann, photo=photo())
    enter_tally(room, FOUND, counter=bob, photo=None)
    close_room(room, actor=TEST)
    closed = Leaf.objects.get(kind="round.closed")
    assert where(closed) in lines(copy_of(ann)) & lines(copy_of(bob))
    cat = open_account("cat@millbrook.example", actor=TEST)
    assert where(closed) not in lines(copy_of(cat))


def test_a_line_that_commits_to_somebodys_name_is_theirs():
    world = frozen(with_trustees(drafted_box()))
    me = Trustee.objects.get(round=world.round, account=world.accounts[0])
    naming = [
        where(leaf)
        for leaf in Leaf.objects.all()
        if me.name.commitment.encode() in bytes(leaf.body)
    ]
    assert naming
    assert set(naming) <= lines(copy_of(world.accounts[0]))


# Words and files ---------------------------------------------------------------------------------


def test_the_answers_of_an_application_are_in_the_copy():
    told = scene()
    sent_in(told, published(told))
    held = json.loads(json.dumps(copy_of(told.officer)))
    assert Said.objects.exists()
    assert len(held["rows"]["awards.Said"]) == Said.objects.count()
    assert SECRET_PLAN in json.dumps(held)
    assert "awards.Said" not in copy_of(told.neighbour)["rows"]


def test_an_idea_is_in_the_copy_of_its_author_alone(ann):
    idea = proposed(taking_ideas(), BENCH, ann.email)
    follows(idea, IVY)
    held = json.loads(json.dumps(copy_of(ann)))
    assert held["rows"]["ideas.Idea"][0]["title"] == BENCH.title
    assert {row["idea"] for row in held["rows"]["ideas.Step"]} == {idea.number}
    assert "ideas.Idea" not in personal.copy_for(personal.who_is(IVY))["rows"]


def test_a_file_is_given_to_whoever_handed_it_in_and_to_nobody_who_looked_at_it():
    told = scene()
    payment = paid(told)
    hand_in = told.acting("worker")
    receipt = hand_in_receipt(payment, picture(), pence=5_000, actor=hand_in)
    show_receipt(receipt, covered=None, actor=told.acting("secretary"))
    [file] = copy_of(told.worker)["files"]
    kept = Content.objects.get(pk=receipt.file_id)
    assert b64decode(file["base64"]) == bytes(kept.data)
    assert copy_of(told.secretary)["files"] == []


# Every row in which a file lies that no person handed in as themselves, and why.
NOBODYS_FILES = {
    "files.Content": "the bytes of all of them",
    "rounds.TallySheet": "the photo of a Tally once more",
    "partnerships.Paper": "a paper of a meeting, for everybody",
    "awards.YearReport": "the accounts of a group, for everybody",
}


def test_every_row_with_a_file_says_whose_it_is():
    found = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is StoredFile
    }
    assert found == set(HANDED_IN) | set(NOBODYS_FILES)


# Words about people that no row joins to the one they are about, and why.
OF_NOBODY_KNOWN = {
    "ledger.BankLine": "whom a bank names; no account is known by it",
    "voting.LetterAddress": "a street's addresses, until the round is sealed",
    "files.Content": "given by the row that the file belongs to",
    "partnerships.CouncilAgreement": "duties of bodies",
    "partnerships.ItemDecision": "a meeting's, and of no one who was there",
    "partnerships.MinutesStep": "a meeting's, and of no one who was there",
    "partnerships.Listening": "what many said, by nobody's name",
    "partnerships.LearningEntry": "a partnership's, of no member by name",
    "awards.YearReport": "a group's",
    "fund.Arrival": "given by a body; no account is known by it",
    "promises.Step": "why a promise changed, as whoever owed it told everybody",
    "ledger.Journal": "an entry of the accounts; who was paid stands on the payment",
    "mfa.Authenticator": "has a part of its own",
    "outbox.Message": "has a part of its own",
    "outbox.Contact": "has a part of its own",
    "people.Account": "has a part of its own",
}


def test_everything_named_as_personal_is_reached_by_the_copy(ann):
    contact = Contact.objects.create(
        lookup="x", sealed="x", medium="email", token="x", told_at="2026-01-01T00:00Z"
    )
    person = personal.Person(ann, [contact], [1])
    missed = {
        label
        for label in {name.rpartition(".")[0] for name in HELD}
        if theirs(person, apps.get_model(label)) is None
    }
    assert missed - set(OF_NOBODY_KNOWN) == set()


# The page, and those without an account ----------------------------------------------------------


def test_opening_the_page_reads_no_line_of_the_record(client, ann):
    sign_in(client, ann, second_factor=False)
    with CaptureQueriesContext(connection) as statements:
        assert client.get("/desk/mine/").status_code == 200
    assert not [one["sql"] for one in statements if '"record_leaf"."body"' in one["sql"]]


def test_a_copy_asked_for_too_often_waits(client, ann):
    sign_in(client, ann, second_factor=False)
    said = {client.post("/desk/mine/copy/").status_code for _ in range(61)}
    assert said == {200, 429}


def test_a_copy_parses_those_lines_alone_that_may_name_somebody(ann, monkeypatch):
    for number in range(40):
        write_leaf("test.done", {"actor": Actor("worker", 5_000 + number).as_leaf()})
    parsed = []
    real = json.loads
    monkeypatch.setattr(
        "doorstep.site.personal.leaves.json.loads", lambda text: parsed.append(1) or real(text)
    )
    copy_of(ann)
    assert len(parsed) < 10


def test_a_follower_without_an_account_gets_a_copy_and_is_erased(tmp_path):
    idea = proposed(taking_ideas())
    follows(idea, IVY)
    kept = tmp_path / "ivy.json"
    operations.export_person(f" {IVY.upper()} ", kept)
    held = json.loads(kept.read_text())
    assert held["account"] is None
    assert held["reached_at"] == [{"medium": "email", "address": IVY}]
    assert len(held["rows"]["ideas.Follower"]) == 1
    assert "Erased" in operations.erase_person(IVY, "They asked.")
    assert not Follower.objects.filter(is_author=False).exists()
    assert not Message.objects.filter(contact__lookup__startswith="forgotten").exclude(sealed="")
    with pytest.raises(Refused, match="Nothing is held under this"):
        operations.erase_person(IVY, "Again.")
    logged = set(Leaf.objects.filter(log="audit").values_list("kind", flat=True))
    assert logged >= {"contact.copied", "contact.erased"}


def test_an_author_is_found_by_the_number_of_their_idea(tmp_path):
    round_ = taking_ideas()
    idea, typed_in = proposed(round_, address=IVY), proposed(round_, BENCH, address=None)
    kept = tmp_path / "ivy.json"
    operations.export_person(str(idea.number), kept)
    held = json.loads(kept.read_text())
    assert held["reached_at"] == [{"medium": "email", "address": IVY}]
    assert [row["number"] for row in held["rows"]["ideas.Idea"]] == [idea.number]
    operations.export_person(str(typed_in.number), kept)
    assert BENCH.title in kept.read_text()
    with pytest.raises(Refused, match="erase its words there"):
        operations.erase_person(str(typed_in.number), "They asked.")
    operations.erase_person(str(idea.number), "They asked.")
    assert not Follower.objects.filter(is_author=True).exists()


def test_an_author_with_an_account_is_that_account(ann):
    idea = proposed(taking_ideas(), address=ann.email)
    assert personal.who_is(str(idea.number)).account == ann


@pytest.mark.parametrize("nobody", ["nobody@millbrook.example", "07700 900123", "999"])
def test_whoever_is_not_known_is_said_so(nobody):
    with pytest.raises(Refused, match="Nothing is held under this"):
        personal.who_is(nobody)


def test_what_is_no_address_is_said_so():
    with pytest.raises(Refused, match="not an e-mail address"):
        personal.who_is("ann@")
