"""A fund says by which scenario it reckons."""

from hashlib import sha256

from django.db import transaction

from doorstep.apps.fund.models import Fund, Scenario
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.engine.forecast import ForecastError, read_scenario


@transaction.atomic
def keep_scenario(fund: Fund, text: str, *, actor: Actor) -> Scenario:
    """Keep a scenario's text for the fund's forecast page; the newest one stands.

    Kept again, the newest is the same. Refused where the engine cannot run it.
    """
    try:
        scenario = read_scenario(text)
    except ForecastError as problem:
        raise Refused(str(problem), code="scenario") from None
    lock_head()
    digest = sha256(text.encode()).hexdigest()
    newest = Scenario.objects.filter(fund=fund).first()
    if newest is not None and newest.sha256 == digest:
        return newest
    leaf = write_leaf(
        "fund.scenario_kept",
        {
            "fund": fund.slug,
            "name": keep_words(scenario.name).commitment,
            "sha256": digest,
            "actor": actor.as_leaf(),
        },
    )
    return Scenario.objects.create(fund=fund, text=text, sha256=digest, leaf=leaf)
