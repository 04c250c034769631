from importlib import import_module
from pathlib import Path

from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "doorstep.apps.awards"
    label = "awards"
    verbose_name = "Awards"

    def ready(self) -> None:
        from doorstep.apps.awards import desk, hiding, waiting  # noqa: F401 (they register themselves)
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
            Path(__file__).parent / "sql" / "reports",
            {"awards_yearreport": ["award_id, number", "accounts_id", "story_id", "leaf_id"]},
            may_change={
                "awards_receipt": "state, shown_id, reason_id, checked_by_id, checked_id",
                "awards_resultnote": "public_photo_id, shown_by_id, shown_id",
            },
        )
        seals.register(
            Path(__file__).parent / "sql" / "applying",
            {
                "awards_say": ["application_id, account_id", "leaf_id"],
                "awards_review": ["award_id", "leaf_id"],
                "awards_questionsfixed": ["sha256", "leaf_id"],
            },
            may_change={
                "awards_grantform": "ended_id",
                "awards_application": "state, sent_at, ended_at, reason, award_id, title, purpose,"
                " invoice",
            },
        )
        seals.register(
            Path(__file__).parent / "sql" / "hosting",
            {
                "awards_part": ["funding_id, number"],
                "awards_spendreport": ["funding_id, number", "leaf_id"],
                "awards_paidfrom": ["payment_id"],
            },
            may_change={
                "awards_funding": "accepted_by_id, accepted_on, accepted_id",
                "awards_move": "state, ended_by_id, ended_on, ended_id, entry_id",
                "awards_closeout": "closed_by_id, closed_on, closed_id, left_pence, records_until",
            },
        )
        import_module("doorstep.apps.awards.report_sentences")
        import_module("doorstep.apps.awards.sentences_quick")
        import_module("doorstep.apps.awards.sentences_hosting")
