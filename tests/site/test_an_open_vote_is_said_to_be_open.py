"""Whoever asks where a round stands hears of its vote: neighbours, workers and programs alike."""

from datetime import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from doorstep.apps.rounds.models import Round
from doorstep.apps.voting.actions.polls import end_poll
from doorstep.site.pages.standing import neighbours_read, rounds_to_run
from tests.apps.voting.polling import AFTER, BEFORE, DURING, frozen, opened, planned, printed

pytestmark = pytest.mark.django_db


@pytest.fixture
def polling():
    return printed(frozen(planned()))


def read_by_workers(round_: Round, at: datetime) -> str:
    (listed,) = rounds_to_run(round_.place)
    return neighbours_read(listed, at.date())


def read_by_programs(round_: Round, client: Client) -> tuple[str, str, str | None]:
    one = client.get(f"/api/v1/rounds/{round_.slug}").json()
    (listed,) = client.get("/api/v1/rounds").json()["items"]
    assert one == one | listed
    return one["state"], one["state_in_words"], one["voting"]


def test_the_page_the_list_of_workers_and_the_read_api_say_when_voting_is_open(
    polling, client, page
):
    round_ = polling.round
    with time_machine.travel(BEFORE):
        assert read_by_workers(round_, BEFORE) == "the rules are fixed"
        assert read_by_programs(round_, client) == ("frozen", "the rules are fixed", "prepared")
    opened(polling)
    with time_machine.travel(DURING):
        assert read_by_workers(round_, DURING) == "voting is open"
        assert read_by_programs(round_, client) == ("frozen", "voting is open", "open")
        assert "voting is open" in page.get(reverse("round", args=[round_.slug])).text
    with time_machine.travel(AFTER):
        end_poll(polling.poll)
        assert read_by_workers(round_, AFTER) == "voting is over"
        assert read_by_programs(round_, client) == ("frozen", "voting has ended", "ended")
