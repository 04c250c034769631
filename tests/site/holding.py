"""The acts of an organisation that holds a place's money: by an agreement, until it closes."""

from datetime import date, timedelta

from doorstep.apps.awards.actions import closing_out, host_moves, hosting
from doorstep.apps.awards.actions.evidence import fix_questions
from doorstep.apps.awards.actions.sampling import fix_seed
from doorstep.apps.awards.actions.taking_back import cancel_payment
from doorstep.apps.awards.actions.withdrawing import withdraw_funding
from doorstep.apps.awards.models import Funding, Payment
from doorstep.apps.awards.promised_hosting import DUTIES
from doorstep.apps.awards.queries.payments import OPEN
from doorstep.apps.organisations.actions import give_document, open_organisation
from doorstep.apps.partnerships.actions import agree_host
from doorstep.apps.partnerships.models import HostAgreement
from doorstep.apps.people.models import Account
from doorstep.apps.promises.actions import keep
from doorstep.apps.promises.models import Promise
from doorstep.apps.record.actors import Actor
from tests.apps.awards.scene import LATER
from tests.apps.awards.test_what_became_of_the_money_is_told import picture
from tests.millbrook import ACTOR, DAY
from tests.site.agreeing import Acts

NEXT = LATER + timedelta(30)


def held_money() -> Acts:
    """An organisation holds the money by an agreement, another takes it over, and it closes."""
    host = HostAgreement.objects.get()
    who = {
        name: Account.objects.get(email=f"{name}@millbrook.example")
        for name in ("finance", "funder", "chair", "clerk")
    }
    finance, clerk = (Actor("finance_officer", who[name].pk) for name in ("finance", "clerk"))
    funder, on = Actor("funder", who["funder"].pk), {"on": LATER}
    parts = [(20_000, DAY), (30_000, LATER)]
    funding = yield (
        "an agreement to hold the money is drafted",
        lambda: hosting.draft_funding(host, parts, actor=funder, **on),
    )
    yield "it is accepted", lambda: hosting.accept_funding(funding, actor=finance, **on)
    part = funding.parts.get(number=1)
    move = yield "a part is asked for", lambda: host_moves.ask_part(part, actor=finance, **on)
    yield "a part is paid, and its fee", lambda: host_moves.confirm(move, actor=funder, **on)
    back = yield "money is sent back", lambda: host_moves.send_back(
        move, 500, reason="Not needed", actor=finance, **on
    )  # fmt: skip
    yield "it came back, and its fee", lambda: host_moves.confirm(back, actor=funder, **on)
    no = yield "more is sent back", lambda: host_moves.send_back(
        move, 100, reason="Not needed", actor=finance, **on
    )  # fmt: skip
    yield "it never came", lambda: host_moves.decline(
        no, reason="Nothing came.", actor=funder, **on
    )  # fmt: skip
    yield "spending is reported", lambda: hosting.report_spend(
        funding, at_bank_pence=19_500, words="A worker.", actor=finance, **on
    )  # fmt: skip
    taking_over = {"takes_over": funding, "actor": funder, **on}
    wrong = yield "another is drafted, to take it over", lambda: hosting.draft_funding(
        host, [(10_000, LATER), (20_000, NEXT)], **taking_over
    )  # fmt: skip
    yield "it is withdrawn", lambda: withdraw_funding(
        wrong, reason="In one part.", actor=funder, **on
    )  # fmt: skip
    other = yield "it is drafted anew", lambda: hosting.draft_funding(
        host, [(30_000, LATER)], **taking_over
    )  # fmt: skip
    yield "it takes over", lambda: hosting.accept_funding(other, actor=finance, **on)
    passed = yield "money is passed on", lambda: host_moves.pass_on(
        funding, other, 19_500, reason="A new agreement", actor=finance, **on
    )  # fmt: skip
    yield "it arrived", lambda: host_moves.confirm(passed, actor=clerk, **on)
    yield from it_closes(host, who)


def it_closes(host, who) -> Acts:
    place, on = host.partnership.place, {"on": LATER}
    finance = Actor("finance_officer", who["finance"].pk)
    funder, member = Actor("funder", who["funder"].pk), Actor("partnership_member", who["chair"].pk)
    body, standing = host.organisation, Funding.objects.latest("pk")
    paper = {"issued": date(2026, 4, 1), "expires": None, **on}
    give_document(body, "accounts", picture("accounts"), actor=finance, **paper)
    yield "money between two parts is asked for", lambda: hosting.ask_bridging(
        standing, 20_000, due_on=LATER + timedelta(60), why="A roof.", actor=finance, **on
    )  # fmt: skip
    spare = agree_host(
        host.partnership,
        open_organisation("spare", "A spare", "charity", actor=ACTOR),
        since=DAY,
        actor=ACTOR,
    )
    yield "one holds it no more", lambda: hosting.stop_hosting(spare, actor=member, **on)
    yield "closing begins", lambda: closing_out.begin_closing(place, actor=member, **on)
    for payment in Payment.objects.filter(award__place=place, state__in=OPEN):
        cancel_payment(payment, reason="We close.", actor=finance, **on)
    for duty in Promise.objects.filter(kind__in=DUTIES):
        keep(duty, actor=finance, **on)
    hosting.report_spend(standing, at_bank_pence=0, words="All of it.", actor=finance, **on)
    yield "it is closed", lambda: closing_out.close_funding(place, actor=funder, **on)
    yield "what evidence is asked for is fixed", lambda: fix_questions(actor=funder, **on)
    yield "how vouchers are drawn is fixed", lambda: fix_seed(place, 2026, actor=funder, **on)
