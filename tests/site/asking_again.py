"""Which forms of people who signed in ask for the second step again, and why the others do not.

A new form fails `test_what_cannot_be_undone_asks_again.py` until it stands on one of these lists.
"""

from collections.abc import Callable, Iterator
from typing import Any

# Every act of these addresses asks again.
ASKS_AGAIN = {
    "awards/<slug:slug>/agreement/sign/",
    "awards/<slug:slug>/bank/",
    "awards/<slug:slug>/end/",
    "awards/<slug:slug>/yours/",
    "bank/<slug:slug>/lines/<number:pk>/",
    "bank/<slug:slug>/matches/<number:pk>/undo/",
    "desk/mine/copy/",
    "desk/mine/erase/",
    "fund/<slug:fund>/shares/<slug:slug>/decide/",
    "fund/<slug:slug>/desk/",
    "fund/<slug:slug>/steps/<number:pk>/",
    "passports/<slug:slug>/bank/",
    "payment-files/<number:number>/",
    "payments/<slug:slug>/cancel/",
    "payments/<slug:slug>/decide/",
    "payments/<slug:slug>/release/",
    "places/<slug:slug>/decide/",
    "places/<slug:slug>/decided/",
    "places/<slug:slug>/hosting/work/",
    "places/<slug:slug>/letters.pdf",
    "places/<slug:slug>/members/work/fill/<number:number>/",
    "places/<slug:slug>/payment-file/",
    "places/<slug:slug>/plan/answer/",
    "places/<slug:slug>/plan/lines/",
    "places/<slug:slug>/quick-money/decide/",
    "places/<slug:slug>/quick/",
    "places/<slug:slug>/share/",
    "rounds/<slug:slug>/box/",
    "rounds/<slug:slug>/cancel/",
    "rounds/<slug:slug>/close/",
    "rounds/<slug:slug>/codes/<number:number>/print/",
    "rounds/<slug:slug>/codes/<number:number>/spoilt/",
    "rounds/<slug:slug>/desk/act/",
    "rounds/<slug:slug>/freeze/",
    "rounds/<slug:slug>/papers/<number:number>/sign/",
    "rounds/<slug:slug>/papers/print/",
    "rounds/<slug:slug>/recount/",
    "rounds/<slug:slug>/room/publish/",
    "rounds/<slug:slug>/trustees/",
    "rounds/<slug:slug>/withdraw/",
}
# Pages where a draft is written too: only these acts ask.
ASKS_BEFORE = {
    "passports/<slug:slug>/people/": {"name", "end", "sign", "unsign"},
    "places/<slug:slug>/council/answer/": {"sign", "end"},
    "places/<slug:slug>/council/work/": {"offer", "sign", "end"},
    "places/<slug:slug>/members/work/<number:pk>/": {"office", "move", "leave"},
    "places/<slug:slug>/plan/work/": {"sign", "put"},
    "places/<slug:slug>/starting/work/": {"money", "end"},
}
# Pages that only read, and yet are opened by a fresh second step alone: a trustee's key.
READ_FRESHLY = {"rounds/<slug:slug>/trustee/", "rounds/<slug:slug>/trustee/envelopes/"}

_DRAFT = "a draft: nothing holds until it is frozen, signed or decided, and that asks again"
_TOLD = "words and files for people to read; no money, vote or bank account follows from them"
_OWN = "whoever sends it writes about themselves, and it pays nobody"
_ASKED = "it asks for money or an answer; those who give it are asked again before they do"
_MEETING = "written down while people sit together; what spends on a decision asks again"
# Every other form of somebody signed in, and why its session is enough.
ASKS_NOT = {
    "applications/<number:pk>/": "it says no, with a reason; the yes stands on a page that asks",
    "awards/<slug:slug>/agreement/": _DRAFT,
    "awards/<slug:slug>/money/": _ASKED,
    "awards/<slug:slug>/money/<number:number>/": _ASKED,
    "awards/<slug:slug>/receipts/": _TOLD,
    "awards/<slug:slug>/review/": _TOLD,
    "bank/": "it gives an account at the bank a name here; nothing moves by it",
    "bank/<slug:slug>/": "what the bank says is read in, once; saying what a line is asks again",
    "desk/applications/<number:pk>/": _OWN,
    "desk/mine/devices/<number:pk>/end/": "somebody in a hurry shuts a device out",
    "desk/mine/elsewhere/": "somebody in a hurry shuts other devices out",
    "desk/passports/new/": _OWN,
    "desk/promises/calendars/": "an address with one's own dates; it opens nothing else",
    "desk/promises/calendars/<number:pk>/end/": _OWN,
    "evidence/fix/": _TOLD,
    "forms/<slug:slug>/begin/": _ASKED,
    "forms/<slug:slug>/end/": "nobody begins with it any more; what was sent in stays",
    "ideas/<number:number>/check/": _TOLD,
    "ideas/<number:number>/for-author/": _TOLD,
    "ideas/<number:number>/for-author/words/": _TOLD,
    "ideas/<number:number>/words/": _TOLD,
    "messages/<number:pk>/again/": "a message goes once more to the address that it had",
    "passports/<slug:slug>/": _OWN,
    "passports/<slug:slug>/papers/": _OWN,
    "passports/<slug:slug>/papers/<number:pk>/out/": _OWN,
    "passports/<slug:slug>/sharing/": _OWN,
    "passports/<slug:slug>/sharing/<number:pk>/end/": _OWN,
    "passports/<slug:slug>/sponsor/": _ASKED,
    "places/<slug:slug>/assurance/<number:year>/fix/": "a seed is fixed before anybody knows it",
    "places/<slug:slug>/forms/new/": _TOLD,
    "places/<slug:slug>/learned/work/": _TOLD,
    "places/<slug:slug>/letters/": "what was printed is marked as posted; printing it asks again",
    "places/<slug:slug>/meetings/<number:number>/work/add/": _MEETING,
    "places/<slug:slug>/meetings/<number:number>/work/end/": _MEETING,
    "places/<slug:slug>/meetings/<number:number>/work/interest/": _MEETING,
    "places/<slug:slug>/meetings/<number:number>/work/items/<number:item>/": _MEETING,
    "places/<slug:slug>/meetings/<number:number>/work/items/<number:item>/paper/": _TOLD,
    "places/<slug:slug>/meetings/<number:number>/work/minutes/": _MEETING,
    "places/<slug:slug>/meetings/new/work/": _MEETING,
    "places/<slug:slug>/members/work/": "it says that seats are free; filling them asks again",
    "places/<slug:slug>/promises/new/": _TOLD,
    "places/<slug:slug>/quick-money/ask/": _ASKED,
    "places/<slug:slug>/rounds/new/": _DRAFT,
    "promises/<number:pk>/work/": _TOLD,
    "promises/holidays/": "a day on which no clock runs",
    "receipt/<number:pk>/look/": _TOLD,
    "result/<number:pk>/look/": _TOLD,
    "rounds/<slug:slug>/codes/": _DRAFT,
    "rounds/<slug:slug>/codes/<number:number>/list/": "addresses come in and are shown to nobody; "
    "printing them asks again",
    "rounds/<slug:slug>/delete/": _DRAFT,
    "rounds/<slug:slug>/desk/": "it finds a code and changes nothing; acting on it asks again",
    "rounds/<slug:slug>/desk/paper/": "its holder gives the whole code, for a queue of voters",
    "rounds/<slug:slug>/edit/": _DRAFT,
    "rounds/<slug:slug>/papers/<number:number>/": "two people key each of hundreds of papers; "
    "signing the stack off asks again",
    "rounds/<slug:slug>/room/": "a count is kept; it is published with a fresh second step alone",
    "rounds/<slug:slug>/trustee/<slug:verb>/": "it asks by itself: a box that a device began to "
    "open freshly it may finish",
    "rounds/<slug:slug>/type-in/": _TOLD,
}
# Signing in and its second steps are allauth's, which asks again by itself before it changes one.
ALLAUTH = "accounts/"


def _chain(view: Callable[..., Any] | None) -> Iterator[Callable[..., Any]]:
    while view is not None:
        yield view
        view = getattr(view, "__wrapped__", None)


def takes_a_form(view: Callable[..., Any]) -> bool:
    """Whether a view answers POST. One that says nothing about its methods does."""
    for one in _chain(view):
        names = getattr(getattr(one, "__code__", None), "co_freevars", ())
        if "request_method_list" in names:  # Django's require_http_methods
            return "POST" in one.__closure__[names.index("request_method_list")].cell_contents
    return True
