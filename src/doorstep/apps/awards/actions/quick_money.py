"""Quick money: asked for on one screen, decided by two members in hours, looked at afterwards."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.awards import asking, rules
from doorstep.apps.awards import promised_asking as promised
from doorstep.apps.awards.actions.applying import agree, decline
from doorstep.apps.awards.actions.common import person, refuse_bad_key
from doorstep.apps.awards.actions.payments import decide_payment, raise_payment
from doorstep.apps.awards.actions.quick import promise_quick
from doorstep.apps.awards.models import (
    Application,
    Award,
    AwardKind,
    Declared,
    Found,
    PayeeKind,
    Review,
    Say,
    SayKind,
    SharedHome,
)
from doorstep.apps.awards.queries.applying import speaks_for
from doorstep.apps.awards.queries.quick import limit_at, may_say, meetings_on
from doorstep.apps.awards.queries.trust import trust_of
from doorstep.apps.ledger.rules import check_pence
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.organisations.queries import mandate_on
from doorstep.apps.people.models import Account
from doorstep.apps.places.models import Place
from doorstep.apps.places.rules import refuse_blank
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Log
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule

ENOUGH = 2


@transaction.atomic
def ask_quick(
    place: Place,
    *,
    key: str,
    title: str,
    purpose: str,
    pence: int,
    invoice: str,
    organisation: Organisation | None = None,
    lives_with: Account | None = None,
    on: date,
    actor: Actor,
) -> Application:
    """Ask for quick money; it is sent in at once. `key` is the page's own: sent twice it is asked
    once. `lives_with` is a member who shares a home with whoever asks, and so stays out."""
    lock_head()
    refuse_bad_key(key)
    account = Account.objects.get(pk=person(actor))
    if (earlier := Application.objects.filter(once=key, asked_by=account).first()) is not None:
        return earlier
    refuse_blank({_("name"): title, _("purpose"): purpose}, {_("name"): 200, _("purpose"): 500})
    rules.invoice_key(invoice)
    check_pence(pence)
    most = int(rule("grant.quick_maximum", on, place.slug).value)
    rules.refuse_quick(
        pence, limit=most, month_limit=pence, given_this_month=0, on=on, place=place.slug
    )
    if organisation is not None and not speaks_for(account, organisation, on):
        raise Refused(
            _("Only somebody who speaks for %(body)s applies for it.")
            % {"body": organisation.name},
            code="not_its_officer",
        )
    if lives_with is not None:
        share_home(account, lives_with, on)
    trust = trust_of(organisation or account, on)
    found = asking.asked_on(
        on, pence, asking.with_lateness({}, late=trust.late), accounted=trust.accounted
    )
    leaf = write_leaf(
        "application.sent",
        {"quick": True, "place": place.slug, "pence": pence, "actor": actor.as_leaf()},
        log=Log.AUDIT,
    )
    one = Application.objects.create(
        place=place,
        kind=AwardKind.QUICK,
        once=key,
        asked_by=account,
        payee_kind=PayeeKind.ORGANISATION if organisation else PayeeKind.REIMBURSEMENT,
        organisation=organisation,
        title=title.strip(),
        purpose=purpose.strip(),
        invoice=invoice.strip(),
        pence=pence,
        risks=dict(found.project.risks),
        accounted=trust.accounted,
        minutes=found.minutes,
        budget=found.budget,
        begun_on=on,
        begun=leaf,
        state=Application.State.SENT,
        sent_at=timezone.now(),
    )
    promised.to_decide_quick(one, on=on, actor=actor, leaf=leaf)
    return one


@transaction.atomic
def say(
    application: Application, kind: str, *, reason: str = "", on: date, actor: Actor
) -> Application:
    """One member's yes, no, or word that they stay out. The second yes gives the money and asks
    for its payment, which the first yes approves; a no ends it, with the reason."""
    lock_head()
    account = person(actor)
    rules.refuse_unknown(kind, SayKind.values, _("an answer"))
    one = (
        Application.objects.select_for_update(of=("self",))
        .select_related("place", "asked_by", "organisation")
        .get(pk=application.pk)
    )
    earlier = Say.objects.filter(application=one, account=account).first()
    if earlier is not None and earlier.kind == kind:
        return one
    if one.state != Application.State.SENT or one.kind != AwardKind.QUICK:
        raise Refused(
            _("This application is “%(state)s”. Nothing was changed.")
            % {"state": one.get_state_display()},
            code="application_state",
        )
    if actor.kind != "partnership_member":
        raise Refused(_("Two partnership members decide about quick money."), code="not_a_member")
    answer = may_say(one, account, on)
    if earlier is not None:
        raise Refused(_("You have had your say on this."), code="said")
    if kind in {SayKind.YES, SayKind.NO} and not answer:
        raise Refused(answer.reason, code="may_not_say")
    if kind == SayKind.YES and limit_at(one.place, on) is None:
        raise Refused(
            _(
                "The partnership has not given its members a limit here. Agree one at a meeting, "
                "and write it down."
            ),
            code="no_limit",
        )
    if kind == SayKind.HOME:
        share_home(Account(pk=account), one.asked_by, on)
    leaf = write_leaf(
        "quick.said",
        {
            "place": one.place.slug,
            "application": one.pk,
            "pence": one.pence,
            "said": str(kind),
            "role": actor.kind,
            "actor": actor.as_leaf(),
        },
        log=Log.AUDIT,
    )
    Say.objects.create(
        application=one, account_id=account, role=actor.kind, kind=kind, said_at=timezone.now(),
        leaf=leaf,
    )  # fmt: skip
    if kind == SayKind.NO:
        return decline(one, reason=reason, on=on, actor=actor)
    if Say.objects.filter(application=one, kind=SayKind.YES).count() == ENOUGH:
        return _give(one, on=on, actor=actor)
    return one


def _give(one: Application, *, on: date, actor: Actor) -> Application:
    limit = limit_at(one.place, on)
    assert limit is not None  # asked just before, under the same pen
    payee = one.organisation or one.asked_by
    award = promise_quick(
        limit, f"quick-{one.once}", title=one.title, purpose=one.purpose, pence=one.pence,
        payee_kind=one.payee_kind, payee=payee, on=on, actor=actor,
    )  # fmt: skip
    one = agree(one, award, on=on, actor=actor)
    if mandate_on(payee, on) is None:
        return one  # its next step is to take the bank details down
    payment = raise_payment(award, invoice=one.invoice, pence=one.pence, on=on, actor=actor)
    first = (
        Say.objects.filter(application=one, kind=SayKind.YES)
        .exclude(account_id=actor.id)
        .earliest("pk")
    )
    decide_payment(
        payment, declared=Declared.NONE, on=on, actor=Actor(first.role, first.account_id)
    )
    return one


def share_home(one: Account, other: Account, on: date) -> None:
    """Keep that two people share a home; said by either, and once."""
    if one == other:
        raise Refused(_("Name somebody else, not yourself."), code="home_of_one")
    first, second = sorted((one.pk, other.pk))
    SharedHome.objects.get_or_create(
        one_id=first, other_id=second, until=None, defaults={"since": on}
    )


@transaction.atomic
def review(award: Award, *, met_on: date, found: str, note: str, on: date, actor: Actor) -> Review:
    """A meeting looked at it afterwards. Written down by a member who had not decided on it."""
    lock_head()
    account = person(actor)
    award = Award.objects.select_related("place").get(pk=award.pk)
    if (earlier := Review.objects.filter(award=award).first()) is not None:
        return earlier
    rules.refuse_unknown(found, Found.values, _("an answer"))
    refuse_blank({_("note"): note}, {_("note"): 500})
    if award.kind != AwardKind.QUICK:
        raise Refused(_("Only quick money is looked at like this."), code="not_quick")
    if not award.commitment.effective_on <= met_on <= on:
        raise Refused(
            _("The meeting was on a day after the grant, and not later than today."), code="day"
        )
    one = Application.objects.filter(award=award).first()
    decided = one is not None and (
        one.asked_by_id == account or Say.objects.filter(application=one, account=account).exists()
    )
    gave = award.agreement.signatures.filter(account=account).exists()
    if decided or gave or award.agreement.payee_account_id == account:
        raise Refused(
            _("You decided on this or were paid, so somebody else writes down what was found."),
            code="reviews_own",
        )
    words = keep_words(note)
    leaf = write_leaf(
        "quick.reviewed",
        {
            "award": award.slug,
            "place": award.place.slug,
            "met_on": met_on.isoformat(),
            "meeting": meetings_on(award.place, [met_on]).get(met_on, 0),
            "found": str(found),
            "note": words.commitment,
            "actor": actor.as_leaf(),
        },
    )
    promised.reviewed(award, on=on, actor=actor, leaf=leaf)
    return Review.objects.create(
        award=award, met_on=met_on, found=found, note=words, written_by_id=account, leaf=leaf
    )
