from pathlib import Path

from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "doorstep.apps.partnerships"
    label = "partnerships"
    verbose_name = "Partnerships"

    def ready(self) -> None:
        from doorstep.apps.partnerships import (  # noqa: F401 - they register themselves
            chores,
            council_sentences,
            desk,
            invariants,
            learning_sentences,
            meeting_sentences,
            plan_sentences,
            promised,
            promised_council,
            promised_plans,
            seat_sentences,
            sentences,
            start_sentences,
            waiting,
        )
        from doorstep.apps.record import seals

        seals.register(
            Path(__file__).parent / "sql",
            {
                "partnerships_agendaitem": ["id", "meeting_id, number"],
                "partnerships_paper": ["id", "file_id"],
                "partnerships_declaration": ["id", "leaf_id"],
                "partnerships_presence": ["id", "item_id, membership_id"],
                "partnerships_itemdecision": ["id", "item_id", "leaf_id"],
                "partnerships_minutesstep": ["id", "meeting_id, seq"],
            },
            may_change={"partnerships_meeting": "state, why_id, ended_id"},
            changing={
                "partnerships_filling": seals.Changing(
                    "state, seed, decision_id, ended_id",
                    over="OLD.ended_id IS NOT NULL",
                    keys=["partnership_id, number", "opened_id", "ended_id"],
                    says="seats are filled once, and how they were stays",
                ),
                "partnerships_candidate": seals.Changing(
                    "votes, membership_id",
                    over="(SELECT state FROM partnerships_filling WHERE id = OLD.filling_id)"
                    " <> 'open'",
                    keys=["filling_id, number", "filling_id, account_id", "membership_id"],
                    says="who stood, and with how many votes, stays once the seats are filled",
                ),
            },
        )
        seals.register(
            Path(__file__).parent / "sql" / "agreed",
            {
                "partnerships_planline": ["id", "plan_id, number"],
                "partnerships_lineagreed": ["id", "line_id", "leaf_id"],
                "partnerships_planreview": ["id", "leaf_id"],
                "partnerships_memorandumsignature": [
                    "id",
                    "plan_id, side",
                    "plan_id, account_id",
                    "leaf_id",
                ],
                "partnerships_councilduty": ["id", "agreement_id, number"],
                "partnerships_councilsignature": [
                    "id",
                    "agreement_id, side",
                    "agreement_id, account_id",
                    "leaf_id",
                ],
                "partnerships_listening": ["id", "leaf_id"],
                "partnerships_startmoney": ["id", "start_id, number", "leaf_id"],
            },
            may_change={
                "partnerships_plan": "state, draft, begins_on, ends_on, allocation_pence,"
                " vision_id, legacy_id, decision_id, why_id, put_by_id, put_on, put_forward_id,"
                " answered_on, answered_id, reason_id",
                "partnerships_councilagreement": "state, draft, decision_id, why_id, offered_id,"
                " ended_id, reason_id",
            },
            changing={
                "partnerships_start": seals.Changing(
                    "vision_id, ended_id, ended_on",
                    over="OLD.ended_id IS NOT NULL OR NEW.ended_id IS NULL",
                    keys=["place_id", "opened_id", "ended_id"],
                    says="a start ends once, with a vision, and is otherwise as it was opened",
                ),
            },
        )
        # What members learned has seals of its own, beside those of meetings.
        seals.register(
            Path(__file__).parent / "sql" / "learning",
            {
                "partnerships_learningentry": ["id", "partnership_id, number", "leaf_id"],
                "partnerships_learningwithdrawn": ["id", "entry_id", "leaf_id"],
            },
        )
