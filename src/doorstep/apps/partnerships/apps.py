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
                "partnerships_planline": ["id", "plan_id, number"],
                "partnerships_lineagreed": ["id", "line_id", "leaf_id"],
                "partnerships_councilduty": ["id", "agreement_id, number"],
                "partnerships_councilsignature": [
                    "id",
                    "agreement_id, side",
                    "agreement_id, account_id",
                    "leaf_id",
                ],
                "partnerships_listening": ["id", "leaf_id"],
                "partnerships_startmoney": ["id", "start_id, number", "leaf_id"],
                "partnerships_planreview": ["id", "leaf_id"],
                "partnerships_memorandumsignature": [
                    "id",
                    "plan_id, side",
                    "plan_id, account_id",
                    "leaf_id",
                ],
            },
            may_change={
                "partnerships_meeting": "state, why_id, ended_id",
                "partnerships_filling": "state, seed, decision_id, ended_id",
                "partnerships_start": "vision_id, ended_id, ended_on",
                "partnerships_candidate": "votes, membership_id",
            },
        )
