"""Readers of what voting takes in: lists, ballots, and what the devices of trustees send."""

import json
from collections.abc import Callable
from urllib.parse import urlencode

from .reader import Reader, texts, undone

FORM = "application/x-www-form-urlencoded"


def of_votes() -> list[Reader]:
    """Makes two rounds with trustees and one that the house opens."""
    return [*_of_a_box(), *_of_keys(), *_of_choices()]


def _of_a_box() -> list[Reader]:
    """A round whose vote has ended, and nobody has opened the box yet."""
    from doorstep.apps.refused import Refused
    from doorstep.apps.voting import box, choices
    from doorstep.apps.voting.addresses import read as read_addresses
    from tests.apps.voting.boxes import running, vote

    world = running(slug="torture-box")
    for voter in range(3):
        vote(world, voter, [voter, 2 - voter] if voter != 1 else [1])
    world.end()
    question = choices.question_of(world.round)
    letters = b'Name,Address 1,Town\nAnn Able,1 Mill Lane,Millbrook\n"Ben, Bold",2 Mill Lane,M\n'
    long = b'{"t":"A","v":[%s]}' % (b"9" * 5_000)  # more digits than Python makes a number of
    copies = [
        {"second": copy.second.number, "inner": bytes(97 + 81).hex()}
        for copy in world.trustee(1).copies_to_peel.select_related("second")
    ]

    def slip(data: bytes) -> object:
        """What an envelope held; one that cannot be read is spoilt, and refused nowhere."""
        found = box.slip_of(data)
        return box.read_slips(question, [found] if found else [])

    return [
        Reader(
            "lists of addresses", lambda data: read_addresses(data, 500), (Refused,), [letters],
            share=0.2,
        ),
        Reader("slips", slip, (), [b'{"t":"ABCD-EFGH","v":[0,2]}', b'{"t":"A","v":[[0,3]]}', long]),
        _of_a_device("opening", world.trustee(1), world.found()),
        _of_a_device("hand-on", world.trustee(1), {"copies": copies}),
    ]  # fmt: skip


def _of_keys() -> list[Reader]:
    """A draft whose trustees give their keys."""
    from doorstep.apps.people.actions import open_account
    from doorstep.apps.voting.models import KeyCopy
    from tests.apps.voting.boxes import World, with_trustees
    from tests.apps.voting.polling import planned
    from tests.millbrook import ACTOR

    draft = planned(slug="torture-keys", secrecy="trustees", secrecy_reason="")
    third = open_account("cat@torture-keys.example.org", actor=ACTOR)
    world = with_trustees(World(draft.round, accounts=[draft.printer, draft.beside, third]))
    trustee = world.trustee(1)
    key = bytes(trustee.public_key or b"").hex()
    copies = [
        {
            "first": copy.first.number, "second": copy.second.number,
            "sealed": bytes(copy.sealed).hex(),
        }
        for copy in KeyCopy.objects.filter(first__round=world.round)
    ]  # fmt: skip
    return [
        _of_a_device("key", trustee, {"key": key}),
        _of_a_device("round-key", trustee, {"key": key, "copies": copies}),
    ]


def _of_a_device(verb: str, trustee: object, good: object) -> Reader:
    """What a trustee's device posts, from its bytes on."""
    from django.test import RequestFactory

    from doorstep.apps.refused import Refused
    from doorstep.apps.voting.views.trustees import SENT, said_by_a_device
    from tests.millbrook import ACTOR

    send: Callable[..., object] = SENT[verb]
    posts = RequestFactory()

    def read(data: bytes) -> object:
        posted = posts.post("/", data, content_type="application/json")
        return send(trustee, said_by_a_device(posted), ACTOR)

    good_bytes = [json.dumps(good).encode()]
    return Reader(f"trustee's {verb}", undone(read), (Refused,), good_bytes, share=0.1)


def _of_choices() -> list[Reader]:
    """A ballot's choice in the words of its form, and a whole form that a phone posts."""
    from doorstep.apps.refused import Refused
    from doorstep.apps.voting import choices
    from tests.apps.voting.polling import running

    polling = running(slug="torture-ballot", cards=1)
    asked = [
        choices.Question("approval", tuple("abcde"), maximum=3),
        choices.Question("cumulative", tuple("abcde"), points=10),
        choices.Question("ordinal", tuple("abcde")),
    ]

    def choose(typed: str) -> None:
        refusals = 0
        for question in asked:
            try:
                choices.refuse_uncounted(question, choices.read(question, typed))
            except Refused:
                refusals += 1
        if refusals == len(asked):
            raise Refused("No kind of ballot takes it.", code="choice_damaged")

    forms = [{"choice": "", "add": "1"}, {"choice": "0,2", "take": "2", "version": "1"}]
    return [
        Reader("choices", texts(choose), (Refused,), [b"0,4", b"0:3,2:7", b"4,0,2"]),
        Reader(
            "ballots as posted", undone(_posted(polling)), (Refused,),
            [urlencode(one).encode() for one in forms], share=0.02,
        ),
    ]  # fmt: skip


def _posted(polling: object) -> Callable[[bytes], object]:
    """The page of a ballot, on a visit that begins anew for each form."""
    import time_machine
    from django.test import Client

    from doorstep.apps.refused import Refused
    from doorstep.apps.voting import visits
    from tests.apps.voting.polling import DURING, Polling

    assert isinstance(polling, Polling)

    def post(data: bytes) -> None:
        client = Client(headers={"host": "localhost"})
        with time_machine.travel(DURING, tick=False):
            begun = _cookie(polling.credential(polling.codes[0]).pk)
            client.cookies[visits.COOKIE] = begun
            answer = client.post("/vote/ballot/", data, content_type=FORM)
        if answer.status_code >= 500:
            raise RuntimeError(f"answered {answer.status_code}")
        if answer.status_code != 200:
            raise Refused(f"answered {answer.status_code}", code="posted")

    return post


def _cookie(credential: int) -> str:
    """The cookie of a visit, as the page that takes a code sets it."""
    from django.http import HttpResponse

    from doorstep.apps.voting import visits

    response = HttpResponse()
    visits.keep(response, visits.begin(credential))
    return response.cookies[visits.COOKIE].value
