"""While voting is open: no page, no log, no leaf and no row says what anybody chose, or how many
chose what; and a whole ballot costs few requests and few bytes."""

import ast
import gzip
import json
import re
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from doorstep.apps import voting
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import VoteType
from doorstep.apps.voting import choices, trackers
from doorstep.apps.voting.actions.casting import cast, credential_of
from doorstep.apps.voting.actions.polls import log_envelopes
from doorstep.apps.voting.choices import Choice, Question
from doorstep.apps.voting.models import Envelope
from tests.apps.voting.polling import DURING, running

# An idea's number of votes would be one of these; nothing else in this round is.
VOTES = {"kitchen": 11, "bench": 4}
TRACKER = "otter-lamp-river-quilt-42"


def voted():
    polling = running(cards=11)
    for number, code in enumerate(polling.codes):
        ideas = [0, 1] if number < VOTES["bench"] else [0]
        cast(
            credential_of(polling.credential(code).pk),
            Choice(tuple((idea, 1) for idea in ideas)),
            TRACKER if number == 0 else trackers.new(),
        )
    log_envelopes(polling.poll)
    return polling


@pytest.mark.django_db
def test_no_public_page_and_no_leaf_tells_a_choice(client):
    with time_machine.travel(DURING, tick=True):
        polling = voted()
        slug = polling.round.slug
        seen = [
            client.get(address).content.decode()
            for address in (
                f"/rounds/{slug}/", f"/rounds/{slug}/voting/", f"/rounds/{slug}/frozen.jsonl",
                f"/places/{polling.round.place.slug}/", "/", "/record/", "/vote/",
            )
        ]  # fmt: skip
        for address in (f"/rounds/{slug}/ballots.pb", f"/rounds/{slug}/result.json"):
            assert client.get(address).status_code in {404, 409}
    leaves = [json.loads(bytes(leaf.body)) for leaf in Leaf.objects.all()]
    told = [leaf for leaf in leaves if leaf["kind"].startswith("voting.")]
    assert {frozenset(leaf) for leaf in told if leaf["kind"] == "voting.envelopes"} == {
        frozenset({"v", "kind", "time", "round", "hashes", "used", "actor"})
    }
    assert "used so far: 11" in " ".join(seen) or any(leaf.get("used") == 11 for leaf in told)
    for page in seen:
        assert TRACKER not in page
        assert not re.search(r"\b(4|11) (supporters|votes)\b", page)


@pytest.mark.django_db
def test_no_row_holds_a_choice_a_tracker_or_a_time():
    with time_machine.travel(DURING, tick=True):
        voted()
    for model in apps.get_app_config("voting").get_models():
        kinds = {field.get_internal_type() for field in model._meta.local_fields}
        if model._meta.db_table in {"voting_claim", "voting_envelope", "voting_credential"}:
            assert not kinds & {"DateTimeField", "DateField", "TimeField", "DurationField"}
        if model._meta.proxy:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            for row in cursor.fetchall():
                whole = b" ".join(
                    bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    for value in row
                )
                assert TRACKER.encode() not in whole


def test_nothing_that_reads_for_pages_can_open_an_envelope():
    """The room's reads and views never touch what is sealed; opening is the box's alone."""
    folder = Path(voting.__file__).parent
    for name in ("queries.py", "ballot.py", "views/casting.py", "views/codes.py", "visits.py"):
        for node in ast.walk(ast.parse((folder / name).read_text())):
            assert getattr(node, "attr", "") not in {"sealed", "open_sealed"}
            assert getattr(node, "id", "") != "open_sealed"
            assert getattr(node, "arg", "") != "sealed"
            assert getattr(node, "value", "") != "sealed"  # a column asked for by its name


@pytest.mark.django_db
@pytest.mark.parametrize(("taps", "done"), [((3, 7, 12), True), ((3, 7, 12, 1, 18), False)])
def test_a_whole_ballot_is_at_most_eight_requests_and_sixty_kilobytes(client, taps, done):
    """By the letter's QR code, with all that the pages name: three ideas and "I am done", or five
    ideas that are cast."""
    ideas = [(f"idea-{n}", f"An idea with a name of usual length {n}", 9_000) for n in range(20)]
    with time_machine.travel(DURING, tick=True):
        polling = running(ideas=ideas, cards=1)
        client.defaults["HTTP_ACCEPT_ENCODING"] = "gzip"
        sizes = []

        def ask(answer) -> str:
            body = b"".join(answer) if answer.streaming else answer.content
            headers = sum(len(name) + len(value) + 4 for name, value in answer.items())
            sizes.append(len(body) + headers)
            plain = gzip.decompress(body) if answer.get("Content-Encoding") == "gzip" else body
            return plain.decode()

        ask(client.get(f"/v/{polling.codes[0].printed}"))
        page = ask(client.get("/vote/ballot/"))
        named = re.findall(r'<(?:link|img|script)[^>]* (?:href|src)="([^"]+)"', page)
        for link in named:
            if not link.startswith("data:"):
                ask(client.get(link))
        for place in taps:
            choice = re.search(r'name="choice" value="([^"]*)"', page)[1]
            page = ask(client.post("/vote/ballot/", {"choice": choice, "add": place}))
        if done:
            left = client.post("/vote/leave/")
            ask(left)
            assert "forgotten you" in ask(client.get(left["Location"]))
    assert Envelope.objects.count() == len(taps)
    assert len(sizes) <= 8, sizes
    assert sum(sizes) <= 60_000, sizes


QUESTIONS = {
    "approval": Question("approval", tuple("abcdef"), 1, 3, None),
    "cumulative": Question("cumulative", tuple("abcdef"), 1, 3, None, 10),
    "ordinal": Question("ordinal", tuple("abcdef"), 1, 3, 4),
}


@given(st.sampled_from(sorted(QUESTIONS)), st.text("0123456789,:-+ ٣", max_size=40) | st.text())
def test_any_form_is_a_choice_or_refused(kind, raw):
    question = QUESTIONS[kind]
    try:
        choice = choices.read(question, raw)
    except Refused:
        return
    assert choices.read(question, choices.written(question, choice)) == choice
    assert choices.from_sealed(question, choices.sealed_form(question, choice)) == choice


@given(st.sampled_from(sorted(QUESTIONS)), st.data())
def test_any_taps_lead_to_a_choice_that_can_be_read_back(kind, data):
    question = QUESTIONS[kind]
    choice = Choice()
    taps = st.tuples(st.sampled_from(sorted(choices.TAPS[kind])), st.integers(0, 5))
    for tap, idea in data.draw(st.lists(taps, max_size=25)):
        wanted = choices.tapped(question, choice, tap, str(idea))
        again = choices.tapped(question, choice, tap, str(idea))
        assert wanted == again
        if choices.too_many(question, wanted) is None:
            choice = wanted
        assert choices.read(question, choices.written(question, choice)) == choice
        assert choices.too_many(question, choice) is None


@given(st.recursive(st.none() | st.integers() | st.text() | st.booleans(), st.lists, max_leaves=8))
def test_any_opened_value_is_a_choice_or_refused(value):
    for question in QUESTIONS.values():
        try:
            choices.from_sealed(question, value)
        except Refused:
            continue


def test_every_kind_that_is_cast_has_its_question():
    assert set(choices.KINDS) >= {VoteType.APPROVAL, VoteType.CUMULATIVE, VoteType.ORDINAL}
