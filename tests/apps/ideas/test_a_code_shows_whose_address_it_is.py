"""Nobody needs an account: six digits to an address, five tries, and words that wait meanwhile."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from doorstep.apps.ideas.actions import (
    ask_to_follow,
    confirm,
    follow_instead,
    forget_unconfirmed,
    retire,
    send_new_code,
    stop_following,
)
from doorstep.apps.ideas.links import follower_of, token_of
from doorstep.apps.ideas.models import Follower, Idea, Unconfirmed
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from tests.apps.ideas.proposing import (
    BENCH,
    asked,
    author_of,
    code_in,
    follows,
    proposed,
    taking_ideas,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_():
    return taking_ideas()


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_nothing_is_proposed_before_the_code_comes_back(round_):
    row = asked(round_)
    assert (Idea.objects.count(), Leaf.objects.filter(kind="idea.proposed").count()) == (0, 0)
    assert told()[0][0] == "ann@millbrook.example"
    idea = confirm(row, f" {code_in()[:3]} {code_in()[3:]} ")
    assert (idea.title.text, idea.ground, idea.typed_in) == ("A new kitchen", "lives", False)
    assert "Keep this message: the link is the key to your idea." in told()[-1][2]


def test_once_it_is_done_what_was_typed_is_forgotten_beside_the_record(round_):
    row = asked(round_)
    confirm(row, code_in())
    row.refresh_from_db()
    assert row.said == {}


def test_the_code_is_kept_as_a_hash_only(round_):
    row = asked(round_)
    assert code_in() not in str(vars(Unconfirmed.objects.get(pk=row.pk)))


def test_sent_twice_it_is_done_once(round_):
    row = asked(round_)
    code = code_in()
    assert confirm(row, code) == confirm(Unconfirmed.objects.get(pk=row.pk), code)
    assert Idea.objects.count() == 1


def test_a_second_click_sends_no_second_code(round_):
    assert asked(round_).pk == asked(round_).pk
    assert len(told()) == 1
    assert asked(round_, BENCH).pk != Unconfirmed.objects.first().pk


def test_the_same_words_of_one_author_are_one_idea(round_):
    first = confirm(asked(round_), code_in())
    assert confirm(asked(round_), code_in()) == first
    assert Idea.objects.count() == 1


def test_five_tries_and_no_more_and_the_words_are_kept(round_):
    row, code = asked(round_), code_in()
    for left in (4, 3, 2, 1):
        with pytest.raises(Refused, match=f"You can try {left} more time"):
            confirm(row, wrong(code))
    with pytest.raises(Refused, match="Ask for a new one: your words are kept"):
        confirm(row, wrong(code))
    with pytest.raises(Refused, match="too many tries"):
        confirm(row, code)
    send_new_code(row, connection="1")
    row.refresh_from_db()
    assert confirm(row, code_in()).title.text == "A new kitchen"


def test_an_expired_code_says_so_and_a_new_one_works(round_):
    row, code = asked(round_), code_in()
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        with pytest.raises(Refused, match="run out of time"):
            confirm(row, code)
        send_new_code(row, connection="1")
        row.refresh_from_db()
        if code_in() != code:
            with pytest.raises(Refused, match="not the code"):
                confirm(row, code)
        assert confirm(row, code_in()).number == 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "\u0661\u0662\u0663", "٣" * 6])
def test_what_is_no_code_costs_no_try(round_, typed):
    row = asked(round_)
    with pytest.raises(Refused, match="six digits"):
        confirm(row, typed)
    row.refresh_from_db()
    assert row.tries_left == 5


def test_a_code_of_one_is_no_code_of_another(round_):
    asked(round_)
    code = code_in()
    other = asked(round_, BENCH, "bob@millbrook.example")
    if code_in() != code:
        with pytest.raises(Refused, match="not the code"):
            confirm(other, code)


def test_an_address_is_not_flooded_with_codes(round_):
    for number in range(8):
        asked(round_, BENCH.__class__(f"Idea {number}", "What"))
    with pytest.raises(Refused, match="Try again tomorrow"):
        asked(round_, BENCH)
    asked(round_, BENCH, "bob@millbrook.example")


def test_one_connection_does_not_ask_for_codes_without_end(round_):
    for number in range(60):
        asked(round_, BENCH, f"person-{number}@millbrook.example")
    with pytest.raises(Refused, match="Wait a while"):
        asked(round_, BENCH, "one-more@millbrook.example")


@pytest.mark.parametrize("address", ["07700 900123", "ann", "", "a@b", "ann@@millbrook.example"])
def test_a_code_goes_to_an_email_address_only(round_, address):
    with pytest.raises(Refused):
        asked(round_, address=address)
    assert not Unconfirmed.objects.exists()


def test_what_was_never_confirmed_is_forgotten_after_a_day(round_):
    asked(round_)
    assert forget_unconfirmed() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert forget_unconfirmed() == 1
    assert not Unconfirmed.objects.exists()


def test_a_supporter_follows_by_a_code_too_and_writes_no_leaf(round_):
    idea = proposed(round_)
    before = Leaf.objects.filter(log="public").count()
    follower = follows(idea, "cat@millbrook.example")
    assert Leaf.objects.filter(log="public").count() == before
    assert follows(idea, "cat@millbrook.example") == follower
    stop_following(follower)
    assert not idea.followers.filter(is_author=False).exists()


def test_an_author_who_follows_their_own_idea_stays_its_author(round_):
    idea = proposed(round_)
    assert follows(idea, "ann@millbrook.example").is_author


def test_a_supporter_says_yes_to_the_other_idea_and_is_not_moved_before(round_):
    idea, other = proposed(round_), proposed(round_, BENCH, "bob@millbrook.example")
    follower = follows(idea, "cat@millbrook.example")
    retire(idea, other)
    assert other.followers.count() == 1
    assert follow_instead(follower).idea_id == other.pk
    assert Follower.objects.filter(pk=follower.pk).exists()


def test_a_link_names_one_follower_and_ends_with_it(round_):
    author = author_of(proposed(round_))
    token = token_of(author)
    assert follower_of(token) == author
    for other in (token[:-1], token + "x", "", "a:b", token.replace(":", "::")):
        assert follower_of(other) is None
    stop_following(author)
    assert follower_of(token) is None


def test_each_is_told_in_their_own_language(round_):
    with translation.override("cy"):
        row = asked(round_)
    assert told()[-1][1].startswith("Eich cod:")
    code = code_in()
    with translation.override("en-gb"):
        confirm(row, code)
    assert told()[-1][1].startswith("Mae eich syniad")


def test_hidden_words_are_followed_by_nobody(round_):
    idea = proposed(round_)
    row = ask_to_follow(idea, address="cat@millbrook.example", connection="1")
    from doorstep.apps.ideas.actions import hide
    from tests.apps.ideas.proposing import CHECKER

    code = code_in()
    hide(idea, "It names a neighbour.", actor=CHECKER)
    with pytest.raises(Refused, match="nobody follows it now"):
        confirm(row, code)
