"""Fills the disk under the database, looks what people are told, and gives room back."""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import time_machine

from bench.torture import Figure, Options
from bench.torture.frame.clusters import give_to_postgres, in_a_cluster_of_its_own
from bench.torture.frame.databases import fresh
from bench.torture.frame.small_disk import SmallDisk, small_disk

NUMBERS = ("T7",)
EACH_DATABASE = True

WORLD, POT = "world:disk", "disk:pot"
MEGABYTES, ROOM = 96, 600_000  # of the disk, and bytes that are left when posting begins
REFUSED_AT_LEAST, AT_MOST = 25, 20_000
AFTER_A_REFUSAL = 0.3  # seconds, in which a server that ended its processes may come back


def main(options: Options) -> list[Figure]:
    with ExitStack() as stack:
        # Not in the run's folder: the user postgres must be able to walk there.
        folder = Path("/tmp") / f"torture-disk-{options.folder.name}"
        disk = stack.enter_context(small_disk(folder, MEGABYTES))
        if options.database == "postgresql":
            give_to_postgres(folder)
            cluster = stack.enter_context(in_a_cluster_of_its_own())
            options = Options(options.seed, "postgresql", options.full, options.folder, cluster.url)
        stack.enter_context(fresh(options, on_disk=folder))
        return [Figure("T7", "disk full", *fill_up(options, disk))]


def fill_up(
    options: Options, disk: SmallDisk, comes_back: Callable[[], None] = lambda: None
) -> tuple[str, bool]:
    """The figure, and whether all held. `comes_back` waits for a server that ended itself."""
    from doorstep.apps.ledger.actions import open_account
    from doorstep.site.verify import verify_everything
    from tests.apps.voting.polling import DURING, running

    times = options.size(1, 5)
    open_account(WORLD, fund="disk", guard="none")
    open_account(POT, fund="disk", guard="credit_nonneg")
    polling = running(cards=3)
    acknowledged = refused = 0
    faults: list[str] = []
    with time_machine.travel(DURING, tick=True):
        voter, funder = _Voter(polling.codes[0].printed), _Funder()
        for _time in range(times):
            before = acknowledged
            funder.asks(_time)
            disk.fill(ROOM)
            while refused < REFUSED_AT_LEAST * (_time + 1) and acknowledged - before < AT_MOST:
                done = _post(acknowledged)
                acknowledged, refused = acknowledged + done, refused + (not done)
                if not done:
                    disk.fill(leaving=0)  # what a server frees to help itself is taken too
            for _tap in range(5):
                faults += voter.is_told_plainly() + funder.is_told_plainly()
            disk.give_back()
            comes_back()
            if not _post(acknowledged):
                faults.append("did not go on when there was room again")
            acknowledged += 1
            faults += voter.votes() + funder.agrees()
            options.say(f"{acknowledged} acknowledged, {refused} refused")
    faults += _compare(acknowledged)
    faults += [line.text for line in verify_everything() if not line.sound]
    figure = (
        f"full {times} times; {acknowledged:,} entries acknowledged, {refused} refused; "
        f"votes when full: {_told(voter.answers)}; steps of the fund when full: "
        f"{_told(funder.answers)}; lost or wrong {len(faults)}"
    )
    return "; ".join([figure, *faults[:3]]), not faults and refused > 0


def _post(number: int) -> bool:
    """Whether it was acknowledged. Any error but the database's own would end the run."""
    from django.db import DatabaseError, connection

    from doorstep.apps.ledger.actions import Line, post
    from doorstep.apps.record.actors import Actor

    _hang_up()
    try:
        post(
            "disk.moved", [Line(WORLD, POT, 1)], idem_key=f"disk {number}",
            actor=Actor("system", "torture"), effective_on=date(2026, 11, 22), memo="x" * 500,
        )  # fmt: skip
    except DatabaseError:
        if not connection.in_atomic_block:
            connection.close()
        time.sleep(AFTER_A_REFUSAL)
        return False
    return True


def _hang_up() -> None:
    """Leave a connection that broke, as the server does between two requests."""
    from django.db import close_old_connections

    close_old_connections()


class _Voter:
    """Votes on the pages, as a browser does."""

    NOT_KEPT = (
        "So many people are voting that this tap was not kept. Nothing that was cast before is "
        "lost: tap again."
    )
    NOBODY_THERE = "We cannot write anything down just now"  # nothing can be read either

    def __init__(self, code: str) -> None:
        from bench.torture.frame.visitors import visitor

        self.client = visitor()
        self.answers: Counter[str] = Counter()
        assert self.client.get(f"/v/{code}").status_code == 303

    def _tap(self):
        _hang_up()
        return self.client.post("/vote/ballot/", {"choice": "", "add": "1"})

    def is_told_plainly(self) -> list[str]:
        """Kept after all, in a page that had room; or 503, and the very sentence that says so."""
        answer = self._tap()
        page = answer.content.decode()
        if answer.status_code == 200 and "Your vote counts" in page:
            self.answers["counted"] += 1
            return []
        self.answers[f"status {answer.status_code}"] += 1
        if answer.status_code != 503 or not answer.headers.get("Retry-After"):
            return [f"a vote on a full disk is answered {answer.status_code}"]
        told = self.NOT_KEPT in page or self.NOBODY_THERE in page
        return [] if told else ["a full disk does not say that a tap was not kept"]

    def votes(self) -> list[str]:
        answer = self._tap()
        if answer.status_code != 200 or "Your vote counts" not in answer.content.decode():
            return [f"a vote did not count when there was room again: {answer.status_code}"]
        return []


class _Funder:
    """Agrees to steps that another asked for, on the fund's page: each moves money, once."""

    NOT_DONE = "Each step here is either done whole or not at all, so nothing was half done."

    def __init__(self) -> None:
        from bench.torture.frame.visitors import visitor
        from doorstep.apps.fund.models import Fund
        from doorstep.apps.people.actions import give_role, open_account
        from doorstep.apps.record.actors import Actor
        from tests.apps.people.signing_in import sign_in
        from tests.millbrook import ACTOR, DAY

        self.fund, self.client = Fund.objects.earliest("pk"), visitor()
        self.answers: Counter[str] = Counter()
        asker, agrees = (open_account(f"{name}@disk.example", actor=ACTOR) for name in "ab")
        for one in (asker, agrees):
            give_role(one, "funder", since=DAY, actor=ACTOR)
        self.asker = Actor("funder", asker.pk)
        sign_in(self.client, agrees)

    def asks(self, number: int) -> None:
        """While there is room: a step for the page to agree to when there is none."""
        from doorstep.apps.fund.actions import ask_step

        self.step = ask_step(
            self.fund, "costs", {"pence": 1}, words="The office", reference=f"disk {number}",
            actor=self.asker,
        )  # fmt: skip

    def _agree(self):
        _hang_up()
        return self.client.post(f"/fund/{self.fund.slug}/steps/{self.step.pk}/", {"answer": "yes"})

    def is_told_plainly(self) -> list[str]:
        answer = self._agree()
        if answer.status_code == 302:
            self.answers["done"] += 1
            return []
        self.answers[f"status {answer.status_code}"] += 1
        plain = answer.status_code == 503 and answer.headers.get("Retry-After")
        if plain and self.NOT_DONE in answer.content.decode():
            return []
        return [f"a page of money on a full disk ({answer.status_code}) is not plain"]

    def agrees(self) -> list[str]:
        """There is room again: said again, the money has moved once."""
        from doorstep.apps.fund.models import StepAnswer

        answer = self._agree()
        done = StepAnswer.objects.filter(step=self.step, journal__isnull=False).count()
        return [] if (answer.status_code, done) == (302, 1) else ["a step is not done with room"]


def _told(answers: Counter[str]) -> str:
    return ", ".join(f"{count} {what}" for what, count in answers.items())


def _compare(acknowledged: int) -> list[str]:
    from doorstep.apps.ledger.models import Journal
    from doorstep.apps.ledger.queries import balances

    kept = Journal.objects.filter(kind="disk.moved").count()
    held = balances([POT])[POT]
    if kept == held == acknowledged:
        return []
    return [f"{acknowledged} acknowledged, {kept} kept, the pot holds {held}"]
