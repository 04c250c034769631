from importlib import import_module
from pathlib import Path

from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "doorstep.apps.awards"
    label = "awards"
    verbose_name = "Awards"

    def ready(self) -> None:
        from doorstep.apps.awards import desk, hiding, waiting  # noqa: F401 (they register themselves)
        from doorstep.apps.awards.sealing import CHANGING
        from doorstep.apps.record import seals

        seals.register(
            Path(__file__).parent / "sql",
            {
                "awards_decision": ["leaf_id"],
                "awards_agreement": ["award_id", "drafted_id"],
                "awards_instalment": ["agreement_id, number"],
                "awards_signature": ["agreement_id, side", "agreement_id, account_id", "leaf_id"],
                "awards_mandatehold": ["mandate_id", "leaf_id"],
                "awards_mandatecheck": ["leaf_id"],
                "awards_approval": ["payment_id, account_id", "leaf_id"],
                "awards_stop": ["payment_id, account_id", "leaf_id"],
                "awards_paymentfile": ["leaf_id"],
                "awards_paymentfileline": ["payment_id"],
            },
            may_change={
                "awards_award": "state",
                "organisations_bankmandate": "until",
                "awards_delegation": "until",
                "awards_payment": "state, approved_id, released_id, released_on, release_entry_id,"
                " cleared_id, clear_entry_id, cancelled_id, return_entry_id, bank_line",
            },
        )
        seals.register(
            None,
            {
                "awards_yearreport": ["award_id, number", "accounts_id", "story_id", "leaf_id"],
                "awards_say": ["application_id, account_id", "leaf_id"],
                "awards_review": ["award_id", "leaf_id"],
                "awards_questionsfixed": ["sha256", "leaf_id"],
                "awards_part": ["funding_id, number"],
                "awards_spendreport": ["funding_id, number", "leaf_id"],
                "awards_paidfrom": ["payment_id"],
            },
            changing=CHANGING,
        )
        import_module("doorstep.apps.awards.report_sentences")
        import_module("doorstep.apps.awards.sentences_quick")
        import_module("doorstep.apps.awards.sentences_hosting")
