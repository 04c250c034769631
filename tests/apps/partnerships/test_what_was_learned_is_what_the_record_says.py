"""What members learned: whatever somebody with the database's file changes is found and named."""

from doorstep.apps.partnerships.verify_learning import verify_learning
from doorstep.site.verify import verify_everything
from tests.apps.partnerships.learning import learned
from tests.apps.partnerships.test_what_was_agreed_is_what_the_record_says import (
    ANY_WORDS,
    found_after,
    looking_away,
)

ENTRY, SAYS = "UPDATE partnerships_learningentry SET", "the record says another"
CHANGES = {
    f"{ENTRY} minutes = 6000 WHERE number = 8": f"{SAYS} minutes.",
    f"{ENTRY} members = 6 WHERE number = 8": f"{SAYS} members.",
    f"{ENTRY} words_id = {ANY_WORDS} WHERE number = 8": f"{SAYS} words.",
    f"{ENTRY} given_by_id = {ANY_WORDS} WHERE number = 4": f"{SAYS} given_by.",
    f"{ENTRY} what = 'adviser' WHERE number = 4": f"{SAYS} what.",
    f"{ENTRY} \"on\" = '2026-07-01' WHERE number = 4": f"{SAYS} on.",
    f"{ENTRY} before = 'nobody' WHERE number = 1": f"{SAYS} before.",
    f"{ENTRY} organisation_id = (SELECT MIN(id) FROM organisations_organisation)"
    " WHERE number = 4": f"{SAYS} organisation.",
    f"{ENTRY} returns_id = (SELECT id FROM partnerships_learningentry WHERE number = 6)"
    " WHERE number = 2": f"{SAYS} returns.",
    f"{ENTRY} returns_id = (SELECT id FROM partnerships_learningentry WHERE number = 4)"
    " WHERE number = 7": "gives back what was not taken over",
    "DELETE FROM partnerships_learningentry WHERE number = 8": "its entry or its withdrawal",
    "DELETE FROM partnerships_learningentry WHERE number = 2": "books is held more than once",
    "DELETE FROM partnerships_learningwithdrawn": "its entry or its withdrawal is gone",
    f"UPDATE partnerships_learningwithdrawn SET reason_id = {ANY_WORDS}": "withdrawn: the record",
    "UPDATE partnerships_learningwithdrawn SET entry_id = (SELECT id FROM"
    " partnerships_learningentry WHERE number = 8)": f"withdrawn: {SAYS} entry.",
}


def test_what_was_learned_is_sound_and_whatever_is_changed_is_named(committed_db):
    learned()
    assert [line.text for line in verify_everything() if not line.sound] == []
    looking_away()
    for sql, named in CHANGES.items():
        found = found_after(sql, verify_learning)
        assert any(named in one for one in found), (sql, found)
