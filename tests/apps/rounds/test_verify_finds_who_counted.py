"""`doorstep verify` names a count of a room, a signed sheet or a step that was changed."""

import pytest
from django.db import connection

from doorstep.apps.people.actions import open_account
from doorstep.apps.rounds import freezing
from doorstep.apps.rounds.verify import verify_rounds
from tests.apps.record.losing import take_protections_away
from tests.apps.rounds.live import everything
from tests.millbrook import ACTOR, place_with_money

DONE = "(SELECT id FROM rounds_round WHERE slug = 'room-done')"
SHEET = "(SELECT first_id FROM rounds_tallysheet)"
OTHER_LEAF = "(SELECT min(id) FROM record_leaf WHERE kind = '{}')"
LAST = "(SELECT max(id) FROM rounds_tally)"
SPARE = "(SELECT id FROM record_wording WHERE text = 'spare')"
GREEN = "(SELECT max(id) FROM files_storedfile)"
SOMEBODY = "(SELECT max(id) FROM people_account)"

# What verify says, by what was changed. Missed by it once: ./doorstep torture rows --seed 5.
CHANGES = {
    f"UPDATE rounds_tally SET round_id = 77 WHERE id = {SHEET}": "held in none",
    f"UPDATE rounds_tally SET number = 7 WHERE id = {SHEET}": "numbered one after another",
    f"UPDATE rounds_tally SET photo_id = NULL WHERE id = {SHEET}": "is not in the photo",
    f"UPDATE rounds_tally SET photo_id = {GREEN} WHERE id = {SHEET}": "is not in the photo",
    f"UPDATE rounds_tally SET photo_id = 77 WHERE id = {LAST}": "has no photo of its own",
    f"UPDATE rounds_tally SET counter_id = {SOMEBODY} WHERE id = {SHEET}": "the record names",
    f"UPDATE rounds_tally SET text = '[]' WHERE round_id = {DONE}": "cannot be read",
    f"UPDATE rounds_tallysheet SET first_counter_id = {SOMEBODY}": "signed by the two whose",
    f"UPDATE rounds_tallysheet SET second_counter_id = {SOMEBODY}": "signed by the two whose",
    "UPDATE rounds_tallysheet SET first_id = second_id, second_id = first_id": "signed by the two",
    f"UPDATE rounds_tallysheet SET photo_id = {GREEN}": "is not in the photo",
    f"UPDATE rounds_round SET frozen_id = {OTHER_LEAF} WHERE slug = 'a-draft'".format(
        "round.cancelled"
    ): "about round frozen",
    f"UPDATE rounds_round SET closed_id = {OTHER_LEAF} WHERE slug = 'off'".format(
        "round.frozen"
    ): "about round closed",
    f"UPDATE rounds_round SET counted_id = {OTHER_LEAF} WHERE slug = 'off'".format(
        "round.frozen"
    ): "about round counted",
    "UPDATE rounds_round SET state = 'draft' WHERE slug = 'street'": "says “draft”",
    "UPDATE rounds_round SET place_id = 77 WHERE slug = 'street'": "its place or its title",
    "UPDATE rounds_round SET title_id = 7777 WHERE slug = 'street'": "its place or its title",
    f"UPDATE rounds_round SET cancel_reason_id = {SPARE} WHERE slug = 'a-draft'": "and it was not",
    f"UPDATE rounds_round SET cancel_reason_id = {SPARE} WHERE slug = 'all'": "and it was not",
}


@pytest.fixture
def rounds(committed_db, monkeypatch):
    for name in ("_checks", "_cancel_checks", "_parts", "_fills"):  # what other rooms wait for
        monkeypatch.setattr(freezing, name, type(getattr(freezing, name))())
    everything(place_with_money(3_000_000))
    open_account("zoe@example.org", actor=ACTOR)


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_to_who_counted_or_when_is_named(rounds, change):
    before = {str(finding) for finding in verify_rounds()}
    take_protections_away()
    with connection.cursor() as cursor:
        cursor.execute(change)
        assert cursor.rowcount
    found = {str(finding) for finding in verify_rounds()} - before
    assert any(CHANGES[change] in finding for finding in found), found
