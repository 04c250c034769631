"""The acts by which a group changes the bank account that it is paid into, and who signs for it."""

from datetime import date, timedelta

from doorstep.apps.awards.actions.payees import confirm_details
from doorstep.apps.organisations.actions import (
    ask_change,
    begin_signing,
    end_mandate,
    end_signing,
    lapse_changes,
    refuse_change,
)
from tests.apps.organisations.groups import TODAY, acting, group
from tests.millbrook import ACTOR
from tests.site.agreeing import Acts

DETAILS = {"account_name": "Lunch Club", "sort_code": "01-02-03", "signatures": 1}
BY_ITSELF = date(2027, 3, 1)


def bank_details() -> Acts:
    body, (ann, ben) = group("lunch-club", "passport-ann", "passport-ben")
    first, second = acting(ann), acting(ben)
    signs = yield (
        "somebody may sign",
        lambda: begin_signing(body, ben, since=TODAY, actor=first),
    )

    def asked(number: str):
        return lambda: ask_change(body, account_number=number, on=TODAY, actor=first, **DETAILS)

    change = yield "a new account is asked for", asked("87654321")
    yield "it is refused", lambda: refuse_change(change, on=TODAY, actor=second)
    change = yield "it is asked for again", asked("87654322")
    hold = yield "it is confirmed", lambda: confirm_details(change, on=TODAY, actor=second)
    yield "another account is asked for", asked("87654323")
    yield "nobody confirms it", lambda: lapse_changes(body, BY_ITSELF)
    yield (
        "nothing is paid there any more",
        lambda: end_mandate(hold.mandate, on=TODAY + timedelta(9), actor=ACTOR),
    )
    yield "they sign no more", lambda: end_signing(signs, on=TODAY + timedelta(9), actor=first)
