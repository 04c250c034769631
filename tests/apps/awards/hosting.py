"""Millbrook East with a locally trusted organisation whose agreement both sides signed."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from doorstep.apps.awards.actions import host_moves, hosting
from doorstep.apps.awards.models import Funding, Move, Part, SpendReport
from doorstep.apps.awards.queries.hosting import Held, held
from doorstep.apps.ledger.queries import balances
from doorstep.apps.organisations.actions import begin_office, open_organisation
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.actions import agree_host
from doorstep.apps.partnerships.models import HostAgreement, Partnership
from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.people.models import Account
from doorstep.apps.record.actors import Actor
from tests.apps.awards.scene import BEGAN, Scene, scene
from tests.millbrook import ACTOR, DAY

PARTS = [(1_000_001, DAY), (1_000_000, date(2026, 12, 1)), (1_000_000, date(2027, 6, 1))]
WINTER = date(2026, 12, 2)


@dataclass
class Hosted:
    told: Scene
    funding: Funding
    next_host: HostAgreement
    next_body: Organisation
    heir: Account  # finance officer of the next organisation

    @property
    def heirs(self) -> Actor:
        return Actor("finance_officer", self.heir.pk)

    def at(self, funding: Funding | None = None) -> Held:
        return held(self.told.place)[(funding or self.funding).pk]

    def part(self, number: int, funding: Funding | None = None) -> Part:
        return (funding or self.funding).parts.get(number=number)

    def report(self, on: date = WINTER) -> SpendReport:
        return hosting.report_spend(
            self.funding, at_bank_pence=0, words="Rent and a worker.", on=on,
            actor=self.told.acting("finance"),
        )  # fmt: skip

    def ask(self, number: int, report: SpendReport | None = None, on: date = DAY) -> Move:
        return host_moves.ask_part(
            self.part(number), report=report, on=on, actor=self.told.acting("finance")
        )

    def paid(self, number: int, report: SpendReport | None = None, on: date = DAY) -> Move:
        return host_moves.confirm(
            self.ask(number, report, on), on=on, actor=self.told.acting("funder")
        )

    def fees(self) -> int:
        return sum(balances(["world:fund-of-millbrook-east:host_fees:millbrook-east"]).values())

    def pot(self) -> int:
        return sum(balances(["fund-of-millbrook-east:pot"]).values())

    def handed_over(self, total: int, on: date = WINTER) -> Funding:
        """The next organisation takes over what is still to come."""
        funding = hosting.draft_funding(
            self.next_host, [(total, date(2027, 1, 4))], takes_over=self.funding,
            on=on, actor=self.told.acting("funder"),
        )  # fmt: skip
        return hosting.accept_funding(funding, on=on, actor=self.heirs)

    pass_on = partial(host_moves.pass_on, reason="The account moves.", on=WINTER)


def hosted() -> Hosted:
    told = scene()
    group = Partnership.objects.get(place=told.place)
    host = HostAgreement.objects.get(partnership=group)
    body = open_organisation("east-trust", "East Trust", "charity", actor=ACTOR)
    heir = open_account("heir@millbrook.example", actor=ACTOR)
    give_role(heir, "finance_officer", since=BEGAN, actor=ACTOR)
    begin_office(body, heir, "finance_officer", since=BEGAN, actor=ACTOR)
    funding = hosting.draft_funding(host, PARTS, on=DAY, actor=told.acting("funder"))
    hosting.accept_funding(funding, on=DAY, actor=told.acting("finance"))
    after = agree_host(group, body, since=BEGAN, actor=ACTOR)
    return Hosted(told, funding, after, body, heir)
