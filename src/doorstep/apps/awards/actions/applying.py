"""An application: begun by the rules of its day, written, sent in, agreed to or not."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.awards import asking
from doorstep.apps.awards import promised_asking as promised
from doorstep.apps.awards.actions.common import person, refuse_bad_key
from doorstep.apps.awards.models import Application, Award, GrantForm, PayeeKind, Said
from doorstep.apps.awards.queries.applying import assessment_of, held_by, is_with_a_body, speaks_for
from doorstep.apps.awards.queries.trust import trust_of
from doorstep.apps.ledger.rules import check_pence, pounds
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.people.models import Account
from doorstep.apps.places.rules import refuse_blank
from doorstep.apps.record.actions import lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf, Log
from doorstep.apps.refused import Refused

LONGEST_ANSWER = 2000


@transaction.atomic
def begin(
    form: GrantForm,
    *,
    key: str,
    title: str,
    purpose: str,
    pence: int,
    risks: Mapping[str, int],
    long_lease: bool = False,
    organisation: Organisation | None = None,
    on: date,
    actor: Actor,
) -> Application:
    """Somebody begins to apply, for themselves or for an organisation they speak for. What is
    asked of them is fixed by the table of this day."""
    lock_head()
    refuse_bad_key(key)
    account = Account.objects.get(pk=person(actor))
    if (earlier := Application.objects.filter(once=key, asked_by=account).first()) is not None:
        return earlier
    form = GrantForm.objects.select_related("place").get(pk=form.pk)
    if form.ended_id is not None:
        raise Refused(
            _("This form is not used any more. Choose another one of this place."),
            code="form_ended",
        )
    check_pence(pence)
    if not form.least <= pence <= form.most:
        raise Refused(
            _("This form is for %(least)s to %(most)s; this is %(sum)s.")
            % {"least": pounds(form.least), "most": pounds(form.most), "sum": pounds(pence)},
            code="form_range",
        )
    refuse_blank({_("name"): title, _("purpose"): purpose}, {_("name"): 200, _("purpose"): 2000})
    if organisation is not None and not speaks_for(account, organisation, on):
        raise Refused(
            _("Only somebody who speaks for %(body)s applies for it.")
            % {"body": organisation.name},
            code="not_its_officer",
        )
    trust = trust_of(organisation or account, on)
    found = asking.asked_on(
        on, pence, asking.with_lateness(risks, late=trust.late), long_lease=long_lease,
        accounted=trust.accounted, extras=[(what, minutes) for what, minutes in form.extras],
    )  # fmt: skip
    return Application.objects.create(
        place=form.place,
        form=form,
        kind=form.kind,
        once=key,
        asked_by=account,
        payee_kind=PayeeKind.ORGANISATION if organisation else PayeeKind.REIMBURSEMENT,
        organisation=organisation,
        title=title.strip(),
        purpose=purpose.strip(),
        pence=pence,
        risks=dict(found.project.risks),
        long_lease=long_lease,
        accounted=trust.accounted,
        minutes=found.minutes,
        budget=found.budget,
        begun_on=on,
        begun=write_leaf(
            "application.begun",
            {
                "place": form.place.slug,
                "form": form.slug,
                "pence": pence,
                "risks": dict(found.project.risks),
                "long_lease": long_lease,
                "accounted": trust.accounted,
                "minutes": found.minutes,
                "budget": found.budget,
                "begun_on": on.isoformat(),
                "actor": actor.as_leaf(),
            },
            log=Log.AUDIT,
        ),
    )


@transaction.atomic
def write(application: Application, answers: Mapping[str, str], *, actor: Actor) -> Application:
    """Keep what the applicant wrote so far. What is not asked of them is not kept."""
    application = _held(application, Application.State.BEGUN)
    _refuse_others(application, actor)
    held = held_by(application, timezone.localdate())
    wanted = asking.to_answer(assessment_of(application), held)
    for key in wanted:
        text = answers.get(key, "").strip()
        if len(text) > LONGEST_ANSWER:
            raise Refused(
                _("Write at most %(most)s characters.") % {"most": LONGEST_ANSWER}, code="answer"
            )
        if text:
            Said.objects.update_or_create(
                application=application, key=key, defaults={"words": text}
            )
        else:
            Said.objects.filter(application=application, key=key).delete()
    return application


@transaction.atomic
def send(application: Application, *, on: date, actor: Actor) -> Application:
    """Send it in; from now on the place owes a yes or a no. Sent twice it is sent once."""
    application = _held(application, Application.State.BEGUN, Application.State.SENT)
    _refuse_others(application, actor)
    if application.state == Application.State.SENT:
        return application
    written = set(application.answers.values_list("key", flat=True))
    found = assessment_of(application)
    held = held_by(application, on)
    missing = [key for key in asking.to_answer(found, held) if key not in written]
    if missing:
        raise Refused(
            _("Still to write: %(what)s")
            % {"what": "; ".join(asking.said(key) for key in missing)},
            code="not_answered",
        )
    leaf = _leaf("application.sent", application, actor)
    application.state, application.sent_at = Application.State.SENT, timezone.now()
    application.save(update_fields=["state", "sent_at"])
    promised.to_decide_application(
        application, found.tier.decide_within, on=on, actor=actor, leaf=leaf
    )
    return application


@transaction.atomic
def take_back(application: Application, *, on: date, actor: Actor) -> Application:
    """The applicant does not want it any more."""
    states = Application.State
    application = _held(application, states.BEGUN, states.SENT, states.WITHDRAWN)
    _refuse_others(application, actor)
    if application.state == states.WITHDRAWN:
        return application
    leaf = _leaf("application.withdrawn", application, actor)
    _end(application, states.WITHDRAWN)
    promised.application_called_off(application, on=on, actor=actor, leaf=leaf)
    return application


@transaction.atomic
def decline(application: Application, *, reason: str, on: date, actor: Actor) -> Application:
    """The place says no, and why, to whoever asked."""
    application = _held(application, Application.State.SENT)
    refuse_blank({_("reason"): reason}, {_("reason"): 500})
    refuse_tied(application, person(actor), on)
    leaf = _leaf("application.declined", application, actor)
    application.reason = reason.strip()
    _end(application, Application.State.DECLINED)
    promised.application_decided(application, on=on, actor=actor, leaf=leaf)
    return application


def agree(application: Application, award: Award, *, on: date, actor: Actor) -> Application:
    """It became an award, in the transaction of the decision that made that."""
    application = _held(application, Application.State.SENT)
    if award.place_id != application.place_id or award.pence > application.pence:
        raise Refused(
            _("This application asks for %(sum)s here. Decide on that, or on less.")
            % {"sum": pounds(application.pence)},
            code="not_what_was_asked",
        )
    refuse_tied(application, person(actor), on)
    application.award = award
    _end(application, Application.State.AGREED)
    promised.application_decided(application, on=on, actor=actor, leaf=award.made)
    return application


def forget_applications(account: Account) -> None:
    """Take every word of somebody's applications away; what was agreed has words of its own."""
    mine = Application.objects.filter(asked_by=account)
    Said.objects.filter(application__in=mine).delete()
    mine.update(title="", purpose="", invoice="", reason="")


def refuse_tied(application: Application, account: int, on: date) -> None:
    """Nobody writes down a decision on their own application, or on one of a body they speak for
    or are close to."""
    tied = is_with_a_body(application, account, on)
    if application.asked_by_id == account or tied:
        raise Refused(
            tied.reason or _("You asked for this, so somebody else decides."),
            code="decides_on_own",
        )


def _held(application: Application, *states: str) -> Application:
    lock_head()
    now = (
        Application.objects.select_for_update(of=("self",))
        .select_related("place", "form", "asked_by", "organisation")
        .get(pk=application.pk)
    )
    if now.state not in states:
        raise Refused(
            _("This application is “%(state)s”. Nothing was changed.")
            % {"state": now.get_state_display()},
            code="application_state",
        )
    return now


def _refuse_others(application: Application, actor: Actor) -> None:
    if application.asked_by_id != person(actor):
        raise Refused(_("Only whoever began this application does that."), code="not_yours")


def _end(application: Application, state: str) -> None:
    application.state, application.ended_at = state, timezone.now()
    application.save(update_fields=["state", "ended_at", "award", "reason"])


def _leaf(kind: str, application: Application, actor: Actor) -> Leaf:
    return write_leaf(
        kind,
        {
            "application": application.pk,
            "place": application.place.slug,
            "pence": application.pence,
            "actor": actor.as_leaf(),
        },
        log=Log.AUDIT,
    )
