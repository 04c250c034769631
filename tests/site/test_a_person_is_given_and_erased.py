"""A copy holds everything about a person; erasing takes what may go, and the record stays whole."""

import json

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core import serializers
from django.db import models
from django.utils import timezone

from doorstep.apps.ideas.models import Follower
from doorstep.apps.outbox.actions import tell
from doorstep.apps.outbox.models import Contact, Message
from doorstep.apps.outbox.sending import address_of, words_of
from doorstep.apps.people.actions import end_role, give_role, open_account
from doorstep.apps.people.models import Account
from doorstep.apps.record.models import Leaf, LogHead, Wording
from doorstep.apps.refused import Refused
from doorstep.site import operations
from doorstep.site.personal import HELD, KEPT, copy_of, erase_person
from doorstep.site.verify import verify_everything
from tests.apps.ideas.proposing import follows, proposed, taking_ideas
from tests.apps.people.signing_in import TEST, sign_in
from tests.apps.voting.boxes import drafted as drafted_box
from tests.apps.voting.boxes import frozen, with_trustees
from tests.site.estate import BEGAN
from tests.site.personal_fields import PLAIN

pytestmark = pytest.mark.django_db
ANN = "ann.unmistakable@millbrook.example"
# Models without anything about people: figures, money, the record's own marks, counts, what is
# sealed by others. A field of a person in one of them belongs into HELD.
NOT_ABOUT_PEOPLE = {
    "auth", "contenttypes", "sessions", "django_tasks_database", "limits", "places", "record",
    "ledger",
}  # fmt: skip
TEXTS = (models.TextField, models.CharField, models.JSONField, models.GenericIPAddressField)


def about_people(field: models.Field) -> bool:
    """A pointer to a person or to words that may name one, or room for a name, free words, an
    address or something sealed. A choice from a list, and a slug of ours, has no such room."""
    if isinstance(field, models.ForeignKey):
        return field.related_model in (Account, Contact, Wording)
    if field.model._meta.app_label in NOT_ABOUT_PEOPLE:
        return field.name == "sealed"
    return (
        isinstance(field, TEXTS) and not field.choices and not isinstance(field, models.SlugField)
    )


def test_every_field_about_a_person_is_named_with_what_becomes_of_it():
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if about_people(field)
    }
    unnamed = sorted(found - set(HELD) - PLAIN)
    assert not unnamed, (
        "These fields can hold something about a person, and nobody said what becomes of it:\n  "
        + "\n  ".join(unnamed)
        + "\nAdd each to HELD in doorstep/site/personal/held.py, erased or kept and why, and erase "
        "it in erasing.py; or to OF_NOBODY in tests/site/personal_fields.py, with the reason."
    )


def test_every_name_in_the_list_is_a_field():
    for name in HELD:
        label, _dot, field = name.rpartition(".")
        apps.get_model(label)._meta.get_field(field)
    for name in PLAIN:
        label, _dot, field = name.rpartition(".")
        assert about_people(apps.get_model(label)._meta.get_field(field)), (
            f"{name} is not asked for"
        )
    assert set(HELD) & PLAIN == set()
    assert all(held.why for held in HELD.values() if held.fate == KEPT)


@pytest.fixture
def ann() -> Account:
    account = open_account(ANN, actor=TEST)
    tell(ANN, subject="Unmistakable words", text="For Ann", topic="fate", key="1", at_once=True)
    follows(proposed(taking_ideas()), ANN)
    role = give_role(account, "funder", since=BEGAN, actor=TEST)
    end_role(role, on=timezone.localdate(), actor=TEST)
    return account


def test_a_copy_holds_every_row_message_and_line_about_somebody(ann):
    held = json.loads(json.dumps(copy_of(ann)))
    assert held["account"]["email"] == ANN
    assert {"people.Role", "account.EmailAddress", "ideas.Follower"} <= set(held["rows"])
    assert "Unmistakable words" in [told["words"]["subject"] for told in held["messages"]]
    assert held["reached_at"] == [{"medium": "email", "address": ANN}]
    assert {"account.opened", "account.role_given"} <= {line["kind"] for line in held["record"]}
    assert held["fate"]["awards.Approval.account"]["fate"] == KEPT


def test_a_copy_holds_nothing_about_anybody_else(ann):
    open_account("bob@millbrook.example", actor=TEST)
    assert "bob@" not in json.dumps(copy_of(ann))


def everything_said() -> str:
    return "".join(
        serializers.serialize("json", model._base_manager.all()) for model in apps.get_models()
    )


def test_erasing_takes_every_trace_and_the_record_stays_whole(ann, client):
    sign_in(client, ann)
    before = {(leaf.log, leaf.idx): bytes(leaf.chain) for leaf in Leaf.objects.all()}
    erase_person(ann, reason="She asked.", actor=TEST)
    assert "unmistakable" not in everything_said().lower()
    assert not EmailAddress.objects.filter(user=ann).exists()
    assert not Authenticator.objects.filter(user=ann).exists()
    assert not Follower.objects.filter(is_author=False).exists()
    after = {(leaf.log, leaf.idx): bytes(leaf.chain) for leaf in Leaf.objects.all()}
    assert after.items() >= before.items()
    assert [line.text for line in verify_everything() if not line.sound] == []
    assert client.get("/desk/")["Location"].startswith("/accounts/login/")
    with pytest.raises(Refused, match="erased already"):
        erase_person(ann, reason="Again.", actor=TEST)


def test_whoever_is_still_needed_hears_what_to_end_first(ann):
    give_role(ann, "resident", place=taking_place(), since=BEGAN, actor=TEST)
    with pytest.raises(Refused, match="still holds a role"):
        erase_person(ann, reason="She asked.", actor=TEST)
    assert Account.objects.get(pk=ann.pk).email == ANN


def taking_place():
    from doorstep.apps.places.models import Place

    return Place.objects.get()


def test_a_key_of_an_open_box_keeps_its_trustee():
    world = frozen(with_trustees(drafted_box()))
    with pytest.raises(Refused, match="key of a box"):
        erase_person(world.accounts[0], reason="Asked.", actor=TEST)
    assert Wording.objects.filter(text="Ann Able").exists()
    assert LogHead.objects.exists()


def test_the_page_gives_the_copy_and_erases_when_it_is_sure(page, client, ann):
    sign_in(client, ann, second_factor=False)
    read = page.get("/desk/mine/")
    assert "What is held about you" in page.get("/desk/").links
    assert "every line of the record that names you" in read.text
    answer = client.post("/desk/mine/copy/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert json.loads(answer.content)["account"]["email"] == ANN
    assert "Tick the box first" in page.post("/desk/mine/erase/").text
    assert "You are erased" in page.post("/desk/mine/erase/", {"sure": "yes"}).html
    assert Account.objects.get(pk=ann.pk).email != ANN


def test_signing_out_elsewhere_ends_every_other_session(page, client, ann):
    other = client.__class__()
    for one in (client, other):
        one.force_login(ann)
    page.post("/desk/mine/elsewhere/")
    assert client.get("/desk/").status_code == 200
    assert other.get("/desk/").status_code == 302


def test_a_lost_second_step_is_taken_off_by_the_operator_and_told(ann, client):
    sign_in(client, ann)
    assert "no second step now" in operations.take_off_second_steps(ANN)
    assert client.get("/desk/").status_code == 302
    assert not Authenticator.objects.filter(user=ann).exists()
    letter = Message.objects.get(topic="account", at_once=True)
    assert address_of(letter.contact).text == ANN
    assert words_of(letter).subject == "Your second step was taken off"
    logged = Leaf.objects.filter(log="audit").values_list("kind", flat=True)
    assert "account.second_factor_removed" in set(logged)
    with pytest.raises(Refused, match="no second step"):
        operations.take_off_second_steps(ANN)


def test_the_operator_signs_somebody_out_and_takes_a_copy_and_both_are_logged(
    ann, client, tmp_path
):
    client.force_login(ann)
    assert "signed out everywhere" in operations.end_sessions(ANN)
    assert client.get("/desk/").status_code == 302
    kept = tmp_path / "ann.json"
    operations.export_person(ANN, kept)
    assert json.loads(kept.read_text())["account"]["email"] == ANN
    assert kept.stat().st_mode & 0o777 == 0o600
    logged = set(Leaf.objects.filter(log="audit").values_list("kind", flat=True))
    assert logged >= {"account.signed_out", "account.copied"}
    with pytest.raises(Refused, match="no account"):
        operations.end_sessions("nobody@millbrook.example")
