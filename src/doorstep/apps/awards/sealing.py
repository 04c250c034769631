"""Rows of awards that change in some columns until a step is taken, and then stay."""

from doorstep.apps.record.seals import Changing

_RELEASED = "WHERE kind = 'released' AND state <> 'declined'"

CHANGING = {
    "awards_receipt": Changing(
        "state, shown_id, reason_id, checked_by_id, checked_id",
        over="OLD.state <> 'waiting'",
        keys=[
            "file_id",
            "handed_in_id",
            "checked_id",
            "shown_id",
            "reason_id",
            "payment_id, mark WHERE state <> 'sent_back'",
        ],
        says="a receipt is handed in once, looked at once, and stays what it was",
    ),
    "awards_resultnote": Changing(
        "public_photo_id, shown_by_id, shown_id",
        over="OLD.shown_id IS NOT NULL",
        keys=["words_id", "photo_id", "told_id", "public_photo_id", "shown_id"],
        says="what was told stays, and is shown once",
    ),
    "awards_grantform": Changing(
        "ended_id",
        over="OLD.ended_id IS NOT NULL",
        keys=["slug", "published_id", "ended_id"],
        says="a form that was published stays as applicants saw it",
    ),
    "awards_application": Changing(
        "state, sent_at, ended_at, reason, award_id, title, purpose, invoice",
        over="OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN ("
        "'begun>sent', 'begun>withdrawn', 'sent>agreed', 'sent>declined', 'sent>withdrawn')",
        keys=["once", "begun_id", "award_id"],
        says="an application keeps the rules of the day it began",
    ),
    "awards_funding": Changing(
        "accepted_by_id, accepted_on, accepted_id, withdrawn_by_id, withdrawn_on, withdrawn_id",
        over="OLD.accepted_id IS NOT NULL OR OLD.withdrawn_id IS NOT NULL",
        keys=[
            "takes_over_id WHERE withdrawn_id IS NULL",
            "drafted_id",
            "accepted_id",
            "withdrawn_id",
        ],
        says="an agreement is accepted or withdrawn once, and stays what it was",
    ),
    "awards_move": Changing(
        "state, ended_by_id, ended_on, ended_id, entry_id",
        over="OLD.state <> 'waiting'",
        keys=["said_id", "ended_id", "entry_id", f"part_id {_RELEASED}", f"report_id {_RELEASED}"],
        says="a move is answered once, and stays what it was",
    ),
    "awards_closeout": Changing(
        "closed_by_id, closed_on, closed_id, left_pence, records_until",
        over="OLD.closed_id IS NOT NULL",
        keys=["place_id", "begun_id", "closed_id"],
        says="funding closes once, and stays closed",
    ),
}
