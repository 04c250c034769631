"""From the one screen to the answer, as people meet it: what they see, and what mistakes say."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from doorstep.apps.files.models import StoredFile
from doorstep.apps.ideas.actions import answer, ask_review, propose, put_on_ballot, question_hiding
from doorstep.apps.ideas.actions import hide as hide_words
from doorstep.apps.ideas.links import link_of
from doorstep.apps.ideas.models import Follower, Idea, Unconfirmed
from doorstep.apps.people.models import Account
from doorstep.apps.places.actions import add_street
from doorstep.engine.rulebook import rule
from tests.apps.ideas.proposing import (
    BENCH,
    CHECKER,
    KITCHEN,
    OTHER_CHECKER,
    Said,
    author_of,
    code_in,
    follows,
    holder,
    link_in,
    proposed,
    taking_ideas,
)
from tests.apps.people.signing_in import sign_in
from tests.desks import titles_on_desk_of
from tests.millbrook import ACTOR

pytestmark = pytest.mark.django_db
TYPED = {
    "title": "A shed",
    "what": "For tools.\r\nEverybody may borrow them.",
    "rough": "£1,800",
    "where": "12 mill la",
    "tags": ["green", "help"],
    "ground": "works",
    "of_age": "on",
    "address": "Dee@Millbrook.example",
}
PROPOSE = "/rounds/round-one/propose/"


@pytest.fixture
def round_():
    round_ = taking_ideas()
    add_street("Mill Lane", "ZA1 1AJ", place=round_.place, actor=ACTOR)
    return round_


def picture() -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(made, "PNG")
    made.seek(0)
    made.name = "shed.png"
    return made


def as_(page, kind: str, place) -> Account:
    account = holder(kind, place)
    sign_in(page.client, account)
    return account


def test_one_screen_and_a_code_make_an_idea(page, round_):
    code = page.post(PROPOSE, TYPED)
    assert code.heading == "Type the code we sent"
    assert "dee@millbrook.example" in code.text
    assert "A shed" in code.text
    wrong = page.post(code.address, {"code": "12345"})
    assert "The code has six digits." in wrong.text
    there = page.post(code.address, {"code": code_in()})
    assert there.heading == "A shed"
    assert "Thank you. Your idea is in" in there.text
    for words in ("somebody who works here", "Mill Lane", "Parks and growing", "£1,800"):
        assert words in there.text
    # The button was pressed twice, or the page loaded again: it leads to the same idea.
    assert page.post(code.address, {"code": "999999"}).address == there.address
    assert Idea.objects.count() == 1
    assert Idea.objects.get().what.text == "For tools.\nEverybody may borrow them."


def test_every_mistake_is_named_and_every_word_kept(page, round_):
    read = page.post(PROPOSE, {"what": "My words", "rough": "lots", "where": "Nowhere Road"})
    for words in (
        "Say the idea in a few words.",
        "We could not read this as a sum of money.",
        "We do not know that street in Millbrook East.",
        "Say how you belong to this place.",
        "You must be 11 or older",
        "Give your e-mail address.",
        "My words",
    ):
        assert words in read.text, words
    assert "lots" in read.html
    assert not Idea.objects.exists()


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("title", "x" * 81, "at most 80 fit"),
        ("what", "y" * 2001, "at most 2,000 fit"),
        ("what", "\u202e \x00 !!", "at least one word"),
        ("address", "07700 900123", "the code is sent there"),
        ("address", "dee@", "not an e-mail address"),
        ("ground", "studies", "studies"),
        ("tags", "war", "war"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_box(page, round_, name, typed, said):
    assert said in page.post(PROPOSE, TYPED | {name: typed}).html


def test_a_photo_is_shown_with_the_idea_and_a_disguised_file_is_not(page, round_):
    fake = io.BytesIO(b"<script>alert(1)</script>")
    fake.name = "photo.png"
    refused = page.post(PROPOSE, TYPED | {"photo": fake})
    assert "This is not a picture" in refused.text
    code = page.post(PROPOSE, TYPED | {"photo": picture()})
    there = page.post(code.address, {"code": code_in()})
    (shown,) = there.all("img")
    answer_ = page.client.get(shown.get("src"))
    assert (answer_.status_code, answer_["Content-Type"]) == (200, "image/jpeg")
    hide_words(Idea.objects.get(), "It shows a face.", actor=CHECKER)
    assert page.client.get(shown.get("src")).status_code == 404


def test_words_that_wait_for_a_code_can_be_changed(page, round_):
    code = page.post(PROPOSE, TYPED)
    back = page.get(code.links["Change something, or give another address"])
    assert "Everybody may borrow them." in back.html
    assert 'value="1,800"' in back.html


def test_a_new_code_is_sent_from_the_page(page, round_):
    code = page.post(PROPOSE, TYPED)
    first = code_in()
    again = page.post(f"{code.address}again/")
    assert "A new code is on its way." in again.text
    assert page.post(code.address, {"code": code_in()}).heading == "A shed"
    assert first


def test_no_link_in_an_idea_can_be_clicked_and_no_markup_works(page, round_):
    said = Said("<b>Bold</b> http://evil.example", 'See <a href="http://evil.example">this</a>.')
    proposed(round_, said)
    for address in ("/ideas/1/", "/rounds/round-one/ideas/"):
        read = page.get(address)
        assert "evil.example" in read.text
        assert not [to for to in read.links.values() if "evil" in to]
        assert not read.all("b")


def test_a_round_that_takes_no_ideas_says_when_and_hands_back_what_was_typed(page, round_):
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert "Keep yours for the next round." in page.get(PROPOSE).text
        late = page.post(PROPOSE, TYPED, status=409)
        assert "Everybody may borrow them." in late.text
    assert page.get("/rounds/no-such/propose/", status=404)


def test_a_worker_types_an_idea_in_for_somebody_and_it_says_so(page, round_):
    as_(page, "worker", round_.place)
    address = "/rounds/round-one/type-in/"
    assert "Read it back to them first" in page.post(address, TYPED).text
    there = page.post(address, TYPED | {"read_back": "on", "contact": ""})
    assert "Tell them its number: 1." in there.text
    assert "Typed in for them, read back and agreed" in there.text
    assert not Follower.objects.exists()
    # Pressed twice: the same words by the same worker are one idea.
    page.post(address, TYPED | {"read_back": "on", "contact": ""})
    assert Idea.objects.count() == 1
    assert "was typed in for somebody" in page.get("/record/").text
    word = page.get("/ideas/1/for-author/")
    assert word.heading == "Act on the author’s word"


def test_a_worker_of_another_place_types_nothing_in(page, round_):
    from tests.millbrook import place_with_money

    as_(page, "worker", place_with_money(slug="elsewhere"))
    for address in ("/rounds/round-one/type-in/", "/ideas/1/check/"):
        proposed(round_)
        assert page.get(address, status=403)


def test_a_checker_answers_from_the_desk_in_public(page, round_):
    proposed(round_)
    as_(page, "worker", round_.place)
    item = page.get("/desk/").links["Check 1 idea in “What first?”"]
    assert item == "/ideas/1/check/"
    assert "Choose an answer." in page.post(item, {}).text
    half = page.post(item, {"verdict": "not_possible", "reason": "No."})
    assert "Say which rule stands in the way" in half.text
    assert "Say what would change the answer." in half.text
    over = page.post(item, {"verdict": "possible", "cost": "99,999", "reason": "Yes."})
    assert "could never be funded" in over.text
    there = page.post(item, {"verdict": "possible", "cost": "1820", "reason": "Two quotes."})
    assert "Possible, for £1,820" in there.text
    assert "Two quotes." in there.text
    assert (
        page.post(item, {"verdict": "possible", "cost": "5", "reason": "x"}).address == "/ideas/1/"
    )
    assert "Check" not in "".join(page.get("/desk/").links)


def test_not_possible_shows_the_rule_and_what_would_change_it(page, round_):
    answer(
        proposed(round_), possible=False, reason="No.", rule_key="round.minimum_age",
        rule_words="Our policy, page 3", changes="Ask again in May.", actor=CHECKER,
    )  # fmt: skip
    read = page.get("/ideas/1/")
    assert read.links["Youngest age to vote"] == "/rules/#round.minimum_age"
    for words in ("Our policy, page 3", "Ask again in May.", "line "):
        assert words in read.text


def test_an_author_acts_by_the_link_in_their_message_and_nobody_else(page, round_):
    other = proposed(round_, BENCH, "bob@millbrook.example")
    idea = proposed(round_)
    assert page.get(f"/ideas/{idea.pk}/author/", status=403).heading.startswith("This page opens")
    author = author_of(idea)
    there = page.read(
        page.client.get(link_of(author), follow=True), f"/ideas/{idea.pk}/author/", 200
    )
    assert link_of(author) not in there.html
    assert page.get(f"/ideas/{other.pk}/author/", status=403)
    words = page.get(f"/ideas/{idea.pk}/author/words/")
    assert "A new kitchen" in words.html
    changed = page.post(f"/ideas/{idea.pk}/author/words/", TYPED)
    assert "The words were changed, and are checked again." in changed.text
    assert "Earlier words of this idea" in changed.text
    gone = page.post(
        f"/ideas/{idea.pk}/author/", {"do": "retire", "retire-favoured": str(other.pk)}
    )
    assert "retired for another idea" in gone.text
    assert "There is nothing to do for you now." in page.get(f"/ideas/{idea.pk}/author/").text


def test_an_author_asks_for_a_second_look_on_their_page(page, round_):
    idea = answer(proposed(round_), possible=True, cost_pence=5, reason="", actor=CHECKER)
    page.client.get(link_of(author_of(idea)))
    empty = page.post("/ideas/1/author/", {"do": "review", "review-reason": " "})
    assert "Say why, in a sentence." in empty.text
    there = page.post("/ideas/1/author/", {"do": "review", "review-reason": "It costs less."})
    assert "being looked at a second time" in there.text
    assert "It costs less." in there.text


def test_taking_back_asks_first(page, round_):
    idea = proposed(round_)
    page.client.get(link_of(author_of(idea)))
    assert "Tick this if you are sure." in page.post("/ideas/1/author/", {"do": "withdraw"}).text
    gone = page.post("/ideas/1/author/", {"do": "withdraw", "withdraw-sure": "on"})
    assert "taken back by its author" in gone.text


def test_a_supporter_follows_is_asked_and_stops_by_link(page, round_):
    idea, other = proposed(round_), proposed(round_, BENCH, "bob@millbrook.example")
    code = page.post("/ideas/1/follow/", {"address": "cat@millbrook.example"})
    assert page.post(code.address, {"code": code_in()}).address == "/ideas/1/"
    follower = Follower.objects.get(idea=idea, is_author=False)
    from doorstep.apps.ideas.actions import retire

    retire(idea, other)
    assert link_in() == link_of(follower)
    asked = page.read(page.client.get(link_in(), follow=True), "/ideas/1/following/", 200)
    assert "Do you follow the other idea too?" in asked.text
    assert page.post("/ideas/1/following/", {"do": "instead"}).address == "/ideas/2/"
    assert other.followers.filter(contact=follower.contact).exists()
    page.post("/ideas/1/following/", {"do": "stop"})
    assert page.get("/ideas/1/following/", status=403)


def test_how_many_follow_an_idea_is_shown_nowhere(page, round_):
    idea = proposed(round_)
    before = page.get("/ideas/1/").text, page.get("/rounds/round-one/ideas/").text
    follows(idea, "cat@millbrook.example")
    assert before == (page.get("/ideas/1/").text, page.get("/rounds/round-one/ideas/").text)


def test_the_list_finds_filters_counts_and_pages(page, round_):
    for number in range(32):
        proposed(
            round_, Said(f"Idea {number}", "Grow things", tags=["green"]), f"{number}@m.example"
        )
    proposed(round_, KITCHEN)
    address = "/rounds/round-one/ideas/"
    first = page.get(address)
    assert "33 ideas" in first.text
    assert "being checked (33)" in first.text
    assert len(first.all("ol")[0]) > 0
    assert "Page 1 of 2" in first.text
    assert "32 ideas Out of 33 ideas." in page.get(address, {"theme": "green"}).text
    assert "1 idea Out of 33 ideas." in page.get(address, {"q": "LUNCH club"}).text
    assert "No idea matches." in page.get(address, {"q": "zzz"}).text
    assert "33 ideas" in page.get(address, {"theme": "war", "state": "x", "page": "-7"}).text


def test_the_list_costs_the_same_however_many_ideas_there_are(
    page, round_, django_assert_max_num_queries
):
    for number in range(25):
        idea = proposed(round_, Said(f"Idea {number}", "w"), f"{number}@m.example")
        answer(idea, possible=True, cost_pence=500, reason="", actor=CHECKER)
    put_on_ballot(round_, CHECKER)
    with django_assert_max_num_queries(8):
        page.get("/rounds/round-one/ideas/")


def test_an_empty_list_invites(page, round_):
    assert "Yours could be the first." in page.get("/rounds/round-one/ideas/").text


def test_a_checker_decides_about_words_and_gives_a_reason(page, round_):
    proposed(round_)
    as_(page, "partnership_member", round_.place)
    address = "/ideas/1/words/"
    assert "Say why, in a sentence." in page.post(address, {"do": "hide", "reason": ""}).text
    hidden = page.post(address, {"do": "hide", "reason": "It names a neighbour."})
    assert hidden.heading == "Idea 1"
    question_hiding(Idea.objects.get(), "I named nobody.")
    assert "Look again at the hidden words of idea 1" in page.get("/desk/").links
    assert "I named nobody." in page.get(address).text
    own = page.post(address, {"do": "keep", "reason": "They stay."})
    assert "somebody else takes the second look" in own.text
    assert "words stand in public again" not in own.text
    back = page.post(address, {"do": "show", "reason": "So it is."})
    assert back.heading == "A new kitchen"


@pytest.mark.parametrize(
    "address",
    [
        "/rounds/round-one/ideas/", PROPOSE, "/ideas/1/", "/ideas/2/", "/ideas/3/",
        "/ideas/1/follow/", "/ideas/1/author/", "/ideas/1/following/",
    ],
)  # fmt: skip
def test_each_page_is_plain_in_welsh_too(page, round_, address):
    answer(
        proposed(round_), possible=False, reason="No.", rule_key="round.minimum_age",
        changes="Ask again.", actor=CHECKER,
    )  # fmt: skip
    ask_review(Idea.objects.get(), "Please.")
    hide_words(proposed(round_, BENCH), "It names a neighbour.", actor=CHECKER)
    propose(round_, KITCHEN, ground="lives", author=None, actor=OTHER_CHECKER)
    status = 403 if address.endswith(("author/", "following/")) else 200
    read = page.get(address, headers={"Accept-Language": "cy"}, status=status)
    assert read.all("html")[0].get("lang") == "cy"


def test_the_desk_asks_the_same_number_of_questions_however_many_wait(round_):
    account = holder("worker", round_.place)

    def asked(ideas: range) -> tuple[int, list[str]]:
        for number in ideas:
            proposed(round_, Said(f"Idea {number}", "w"), f"{number}@m.example")
        with CaptureQueriesContext(connection) as questions:
            titles = titles_on_desk_of(account)
        return len(questions), titles

    few, _titles = asked(range(2))
    many, titles = asked(range(2, 9))
    assert many == few
    assert "Check 9 ideas in “What first?”" in titles
    assert "Type in an idea for “What first?”" in titles


def test_a_photo_is_looked_at_after_the_limits_and_erased_when_it_is_not_used(page, round_):
    def sent(number: int) -> None:
        said = {**TYPED, "title": f"Idea {number}", "photo": picture()}
        page.client.post(PROPOSE, said)

    most = int(rule("idea.codes_to_an_address", timezone.localdate()).value)
    for number in range(most + 3):
        sent(number)
    kept = StoredFile.objects.filter(content__erasure=None)
    assert kept.count() == StoredFile.objects.count() == Unconfirmed.objects.count() == most
    sent(0)
    assert StoredFile.objects.count() == most


def test_a_photo_of_what_was_typed_in_twice_is_kept_once(page, round_):
    as_(page, "worker", round_.place)
    for _twice in range(2):
        upload = picture()
        page.client.post(
            "/rounds/round-one/type-in/",
            TYPED | {"read_back": "on", "contact": "", "photo": upload},
        )
    assert Idea.objects.get().photo == StoredFile.objects.get(content__erasure=None)
    assert StoredFile.objects.count() == 2
