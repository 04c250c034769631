"""Forms and applications of Millbrook East, for tests."""

from datetime import UTC, date, datetime
from itertools import count

from doorstep.apps.awards import asking
from doorstep.apps.awards.actions import applying
from doorstep.apps.awards.actions.decisions import delegate
from doorstep.apps.awards.actions.publishing import publish_form
from doorstep.apps.awards.actions.quick_money import ask_quick, review, say
from doorstep.apps.awards.models import Application, Delegation, GrantForm, Review
from doorstep.apps.awards.queries.applying import assessment_of
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.actions import join
from doorstep.apps.partnerships.actions.deciding import decide_item
from doorstep.apps.partnerships.actions.meetings import NewItem, call_meeting
from doorstep.apps.partnerships.models import ItemDecision
from doorstep.apps.record.actors import Actor
from tests.apps.awards.scene import LATER, Scene

SECRET_PLAN = "Twenty children, in July."
_keys = count(1)


def met(
    told: Scene, title: str, pence: int, organisation: Organisation | None = None
) -> ItemDecision:
    """A meeting of four gave the money, on the day LATER."""
    who, group = told.acting("secretary"), told.place.partnership
    evening = datetime(2026, 6, 8, 18, tzinfo=UTC)
    meeting = call_meeting(
        group, meets_at=evening, where="The hall", on=date(2026, 5, 20), actor=who,
        items=[NewItem("money", title, pence=pence, organisation=organisation)],
    )  # fmt: skip
    for name in ("funder", "worker"):
        account = getattr(told, name)
        if not group.memberships.filter(account=account).exists():
            join(group, account, lives_here=True, since=date(2026, 1, 1), actor=who)
    seats = list(group.memberships.all())
    return decide_item(
        meeting.items.get(), said={seat.pk: "here" for seat in seats}, chair=seats[0],
        method="consent", on=LATER, actor=who,
    )  # fmt: skip


def key() -> str:
    return f"{next(_keys):016x}"


def published(told: Scene, **more: object) -> GrantForm:
    given = {
        "key": key(), "title": "Small grants", "kind": "project", "least": 60_000, "most": 90_000,
        "on": LATER, "actor": told.acting("funder"),
    }  # fmt: skip
    return publish_form(told.place, **given | more)


def begun(told: Scene, form: GrantForm, **more: object) -> Application:
    given = {
        "key": key(), "title": "A trip to the sea", "purpose": SECRET_PLAN, "pence": 80_000,
        "risks": {}, "organisation": told.payee, "on": LATER, "actor": told.acting("officer"),
    }  # fmt: skip
    return applying.begin(form, **given | more)


def written(application: Application, told: Scene) -> Application:
    answers = dict.fromkeys(asking.to_answer(assessment_of(application)), "Yes.")
    return applying.write(application, answers, actor=told.acting("officer"))


def sent_in(told: Scene, form: GrantForm, **more: object) -> Application:
    one = written(begun(told, form, **more), told)
    return applying.send(one, on=LATER, actor=told.acting("officer"))


def limited(told: Scene, pence: int = 30_000, month: int = 50_000) -> Delegation:
    """The partnership lets two members give up to so much."""
    return delegate(
        told.place, title="Quick money", holder_role="partnership_member", pence=pence,
        month_pence=month, since=LATER, until=date(2027, 6, 1), decided_on=LATER,
        voted={"partnership_member": 9}, actor=told.acting("secretary"),
    )  # fmt: skip


def quick_asked(told: Scene, **more: object) -> Application:
    given_ = {
        "key": key(), "title": "A kettle", "purpose": "The old one broke.", "pence": 20_000,
        "invoice": f"K{next(_keys)}", "organisation": told.payee, "on": LATER,
        "actor": told.acting("officer"),
    }  # fmt: skip
    return ask_quick(told.place, **given_ | more)


def given(told: Scene, second: Actor | None = None) -> Application:
    """Asked for and decided by two members."""
    limited(told)
    one = quick_asked(told)
    say(one, "yes", on=LATER, actor=told.acting("secretary"))
    return say(one, "yes", on=LATER, actor=second or told.acting("chair"))


def looked_at(told: Scene, one: Application) -> Review:
    assert one.award is not None
    return review(
        one.award, met_on=LATER, found="fine", note="It boils.", on=LATER,
        actor=told.acting("worker", "partnership_member"),
    )  # fmt: skip
