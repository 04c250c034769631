from pathlib import Path

from django.apps import AppConfig


class FundConfig(AppConfig):
    name = "doorstep.apps.fund"
    label = "fund"
    verbose_name = "The fund"

    def ready(self) -> None:
        from doorstep.apps.record import seals

        seals.register(
            Path(__file__).parent / "sql",
            {
                "fund_arrival": ["id", "journal_id"],
                "fund_allocation": ["id", "journal_id", "decision_id"],
                "fund_proposal": ["fund_id, slug", "leaf_id"],
                "fund_proposedplace": ["proposal_id, code"],
                "fund_decision": ["proposal_id", "leaf_id"],
                "fund_decidedshare": ["place_id"],
                "fund_review": ["leaf_id"],
                "fund_scenario": ["leaf_id"],
                "fund_release": ["journal_id"],
                "fund_programme": ["fund_id, slug", "leaf_id"],
                "fund_wave": ["programme_id, slug", "journal_id"],
                "fund_waveshare": ["allocation_id"],
                "fund_drawdown": ["journal_id"],
                "fund_step": ["reference", "leaf_id"],
                "fund_stepanswer": ["step_id", "journal_id", "leaf_id"],
            },
        )
