"""What the command does for an operator: finds rows by their ids, acts, and says what it did."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.awards.actions import settle_round
from doorstep.apps.fund import accounts
from doorstep.apps.fund import actions as fund_actions
from doorstep.apps.fund.models import AssetClass, Fund
from doorstep.apps.ledger.queries import balances
from doorstep.apps.ledger.rules import pounds as written
from doorstep.apps.outbox.actions import tell
from doorstep.apps.people import actions as people_actions
from doorstep.apps.people.models import Account
from doorstep.apps.people.rules import why_bad_secret
from doorstep.apps.places import actions as place_actions
from doorstep.apps.places.models import NeedFigure, Place
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.actions import count_round
from doorstep.apps.rounds.importing import import_example
from doorstep.apps.rounds.models import Round, RoundState
from doorstep.apps.voting.actions import box as voting
from doorstep.apps.voting.actions.rewriting import rewrite_what_is_owed
from doorstep.engine.count import Rule
from doorstep.engine.need.command import shipped_or
from doorstep.engine.need.geography import Geography, refuse_mixed
from doorstep.engine.need.study import run_study
from doorstep.site import personal

OPERATOR = Actor("system", "command")
Row = TypeVar("Row", bound=models.Model)


def close_and_settle(round_: Round, *, actor: Actor) -> Round:
    """Count a closed round, publish its result, make its awards and commit their money.

    A round that was counted and then interrupted goes on from there.
    """
    if round_.state != RoundState.COUNTED:
        round_ = count_round(round_, actor=actor)
    settle_round(round_, on=timezone.localdate(), actor=actor)
    return Round.objects.get(pk=round_.pk)


def import_round(file: Path, place: str, rule: Rule) -> str:
    round_ = import_example(
        file, the(Place, place), rule=rule, on=timezone.localdate(), actor=OPERATOR
    )
    return (
        f"{file.name} is now the example election {round_.slug}: {round_.box.voters:,} ballots, "
        f"a pot of {written(round_.budget_pence)}.\n"
        f"Count it with: doorstep close-round {round_.slug}"
    )


def close_round(slug: str) -> str:
    round_ = close_and_settle(the(Round, slug), actor=OPERATOR)
    winners = round_.result.as_json["winners"]
    return f"{slug} is counted and settled. Ideas funded: {len(winners)}. See /rounds/{slug}/"


def seal_round(slug: str) -> str:
    voting.seal_round(the(Round, slug), actor=OPERATOR)
    if not rewrite_what_is_owed():
        return (
            f"{slug} is sealed. The database was busy, so that it still holds traces of what was "
            "destroyed; the worker rewrites it within minutes. Or run this again."
        )
    return f"{slug} is sealed: nothing here joins a ballot to a voter any more."


def example_budget(place: str, pounds: int, reference: str) -> str:
    journal = fund_actions.open_example_budget(
        the(Place, place),
        pounds * 100,
        on=None,
        idem_key=f"example:{place}:{reference}",
        actor=OPERATOR,
    )
    return f"{place} was given {written(pounds * 100)} of pretend money (entry {journal.seq})."


def open_place(
    slug: str, name: str, council: str, population: int, year: int, source: str, boundary_year: int
) -> str:
    place_actions.open_place(
        slug, name, council, population=population, population_year=year,
        population_source=source, boundary_year=boundary_year, actor=OPERATOR,
    )  # fmt: skip
    return f"{name} is open at /places/{slug}/"


# Which measure of a place an index is, by the first word of its name.
_MEASURES = {
    "IMD": NeedFigure.Measure.DEPRIVATION,
    "CNI": NeedFigure.Measure.COMMUNITY_NEED,
}


@transaction.atomic
def import_need(file: Path, place: str, area: str) -> str:
    """Record a place's figures of every index of a study, all or none; again, nothing changes."""
    home = the(Place, place)
    study = run_study(shipped_or(file), today=timezone.localdate())
    read = {one.sha256: one for one in study.sources}
    told = []
    for name, figure in study.scores.items():
        there = figure.areas.geography
        refuse_mixed(Geography(there.unit, home.boundary_year), there, home.name)
        said = read[figure.source.sha256]
        needed, new = place_actions.record_need_once(
            home,
            _MEASURES[name.split()[0]],
            round(figure.at(area) * 100),
            year=said.year,
            boundary_year=there.year,
            source=f"{said.title[:100]}; SHA-256 {said.sha256}",
            licence=said.licence[:120],
            actor=OPERATOR,
        )
        told.append(f"{name} of {home.name}: {needed.shown}{'' if new else ', as before'}")
    return "\n".join(told)


def open_fund(slug: str, name: str, splits: bool = False) -> str:
    fund_actions.open_fund(slug, name, splits=splits, actor=OPERATOR)
    return f"{name} is open."


def receive(fund: str, kind: str, pounds: str, giver: str, reference: str, on: str | None) -> str:
    details: dict[str, Any] = {
        "giver": giver,
        "on": day_gone(on),
        "idem_key": f"receive:{fund}:{reference}",
        "actor": OPERATOR,
    }
    pence = pence_of(pounds)
    if kind == "match":
        arrival = fund_actions.receive_match(the(Fund, fund), pence, **details)
    elif kind in AssetClass.values:
        arrival = fund_actions.receive_dormant(the(Fund, fund), AssetClass(kind), pence, **details)
    else:
        raise Refused(
            f"“{kind}” is no kind of money in. Use {', '.join(AssetClass.values)} or match.",
            code="asset_class",
        )
    return f"{written(arrival.pence)} arrived; {written(arrival.reserved_pence)} kept for owners."


def reclaim(fund: str, kind: str, pounds: str, reference: str, on: str | None) -> str:
    """Pay an owner who came forward, from the reserve of that class."""
    if kind not in AssetClass.values:
        raise Refused(
            f"“{kind}” is no class of forgotten money. Use {', '.join(AssetClass.values)}.",
            code="asset_class",
        )
    there = the(Fund, fund)
    pence = pence_of(pounds)
    journal = fund_actions.pay_reclaim(
        there,
        AssetClass(kind),
        pence,
        on=day_gone(on),
        idem_key=f"reclaim:{fund}:{reference}",
        actor=OPERATOR,
    )
    held = accounts.reserve(fund, kind)
    left = balances([held])[held]
    return (
        f"{written(pence)} paid back (entry {journal.seq}); {written(left)} still kept for owners."
    )


def allocate(fund: str, place: str, pounds: str, begins: str, ends: str, reference: str) -> str:
    share = fund_actions.allocate(
        the(Fund, fund),
        the(Place, place),
        pence_of(pounds),
        begins_on=day_of(begins),
        ends_on=day_of(ends),
        on=None,
        idem_key=f"allocate:{fund}:{reference}",
        actor=OPERATOR,
    )
    return f"{place} was given {written(share.pence)} (entry {share.journal.seq})."


def give_role(email: str, kind: str, place: str | None) -> str:
    account = Account.objects.filter(email=email.strip().lower()).first()
    account = account or people_actions.open_account(email, actor=OPERATOR)
    people_actions.give_role(
        account,
        kind,
        place=the(Place, place) if place else None,
        since=timezone.localdate(),
        actor=OPERATOR,
    )
    return f"{account.email} is a {kind} from today on."


def export_person(known_by: str, to: Path) -> str:
    person = personal.who_is(known_by)
    personal.record_copy_for(person, actor=OPERATOR)
    text = json.dumps(personal.copy_for(person), ensure_ascii=False, indent=2)
    to.touch(mode=0o600)
    to.chmod(0o600)
    to.write_text(text, encoding="utf-8")
    return (
        f"Everything held about {known_by} is in {to}. Only you may read it; hand it over safely."
    )


def end_sessions(email: str) -> str:
    people_actions.end_sessions(_account_of(email), actor=OPERATOR)
    return f"{email} is signed out everywhere."


def take_off_second_steps(email: str) -> str:
    account = _account_of(email)
    with transaction.atomic():
        people_actions.take_off_second_steps(account, actor=OPERATOR)
        tell(
            account.email,
            subject=_("Your second step was taken off"),
            text=_(
                "Whoever runs this Doorstep took every second step off your account and signed it "
                "out everywhere, because somebody said that you had lost them. If that was not "
                "you, tell your partnership at once."
            ),
            topic="account",
            key=f"second step off {timezone.now().isoformat()}",
            at_once=True,
        )
    return f"{email} has no second step now, is signed out everywhere, and was told by e-mail."


def erase_person(known_by: str, reason: str) -> str:
    leaf = personal.erase(personal.who_is(known_by), reason=reason, actor=OPERATOR)
    return f"Erased. Line {leaf.idx} of the audit log says so, without a name."


def _account_of(email: str) -> Account:
    account = Account.objects.filter(email=email.strip().lower()).first()
    if account is None:
        raise Refused("There is no account with this address.", code="no_account")
    return account


def totp_now(secret: str) -> str:
    """The code that an authenticator shows now for a base32 secret (RFC 6238)."""
    if why := why_bad_secret(secret):
        raise Refused(why, code="totp_secret")
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def the(model: type[Row], slug: str) -> Row:
    found = model._default_manager.filter(slug=slug).first()
    if found is None:
        raise Refused(
            f"There is no {model._meta.verbose_name} “{slug}” here. Check its id.",
            code="unknown_id",
        )
    return found


def day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"“{text}” is no day. Write it like 2026-04-01.", code="day") from None


def day_gone(text: str | None) -> date | None:
    """The day on which money moved: it cannot be one that has not come."""
    day = day_of(text) if text else None
    if day is not None and day > timezone.localdate():
        raise Refused(
            f"{day} has not come yet, and money that has not moved is not recorded. "
            "Record it on its day.",
            code="future_day",
        )
    return day


def pence_of(text: str) -> int:
    match = re.fullmatch(r"£?([0-9][0-9,]*)(?:\.([0-9]{2}))?", text.strip())
    if not match:
        raise Refused(
            f"“{text}” is no amount. Write pounds, or pounds and pence: 1800 or 1800.50.",
            code="amount",
        )
    return int(match[1].replace(",", "")) * 100 + int(match[2] or 0)
