"""What members of Millbrook's partnerships learned, as they wrote it down: with an
entry that was a mistake, and a duty that went back."""

from typing import Any

from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.actions.learning import (
    Given,
    give_back_duty,
    take_over_duty,
    take_training,
    use_support,
    withdraw_entry,
)
from doorstep.apps.partnerships.models import LearningEntry
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor


def learn(told: dict[str, Any], place: Place, actor: Actor) -> None:
    """Entries are numbered in the order of the lists: training, support, duties, what went back."""
    group, written_on = place.partnership, told["written_on"]
    who: dict[str, Any] = {"on": written_on, "actor": actor}
    for what, organisation, words, day, minutes, members in told["training"]:
        take_training(
            group, what, _given(organisation, words), day=day, minutes=minutes, members=members,
            **who,
        )  # fmt: skip
    for kind, organisation, words, day, minutes in told["support"]:
        use_support(group, kind, _given(organisation, words), day=day, minutes=minutes, **who)
    for duty, before, since in told["duties"]:
        take_over_duty(group, duty, before, since=since, **who)

    def entry(number: int) -> LearningEntry:
        return group.learning.select_related("partnership__place").get(number=number)

    for number, reason, went_on in told["given_back"]:
        give_back_duty(entry(number), reason, day=went_on, **who)
    for number, reason in told["withdrawn"]:
        withdraw_entry(entry(number), reason, **who)


def _given(organisation: str, words: str) -> Given:
    return Given(words, Organisation.objects.get(slug=organisation) if organisation else None)
