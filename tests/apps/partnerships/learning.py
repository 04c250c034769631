"""A partnership that took over duties, gave some back, used support and withdrew an entry."""

from datetime import date

from doorstep.apps.partnerships.actions.learning import (
    Given,
    give_back_duty,
    take_over_duty,
    take_training,
    use_support,
    withdraw_entry,
)
from tests.apps.partnerships.meeting import SECRETARY, Group, group

WHO = {"on": date(2026, 9, 1), "actor": SECRETARY}
CVS = Given("Alderdale CVS")


def learned(told: Group | None = None) -> Group:
    """Entries 1 to 3: books taken over, back, and taken over again. 4: support. 5: a duty that was
    withdrawn. 6 and 7: a duty and that it went back. 8: training."""
    told = told or group()
    bench = told.partnership
    first = take_over_duty(bench, "books", "host", since=date(2026, 8, 1), **WHO)
    give_back_duty(first, "Moved", day=date(2026, 8, 10), **WHO)
    take_over_duty(bench, "books", "host", since=date(2026, 8, 20), **WHO)
    use_support(bench, "worker", CVS, day=date(2026, 8, 2), minutes=60, **WHO)
    slip = take_over_duty(bench, "bank", "host", since=date(2026, 8, 1), **WHO)
    agenda = take_over_duty(bench, "agenda", "nobody", since=date(2026, 7, 1), **WHO)
    give_back_duty(agenda, "Moved", day=date(2026, 8, 15), **WHO)
    take_training(bench, "Books", CVS, day=date(2026, 8, 2), minutes=60, members=3, **WHO)
    withdraw_entry(slip, "Never so", **WHO)
    return told
