from pathlib import Path

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "doorstep.apps.ledger"
    label = "ledger"
    verbose_name = "The ledger"

    def ready(self) -> None:
        from doorstep.apps.record import seals

        seals.register(
            Path(__file__).parent / "sql",
            {
                "ledger_account": ["id", "code"],
                "ledger_journal": ["seq", "idem_key", "reverses_id"],
                "ledger_transfer": ["id", "journal_id, line"],
                "ledger_bankaccount": ["id", "slug", "leaf_id"],
                "ledger_bankstatement": ["id", "account_id, sha256", "leaf_id"],
                "ledger_bankline": ["id", "account_id, mark", "statement_id, number"],
                "ledger_bankassertion": ["id", "statement_id"],
            },
            moved_by_triggers=["ledger_accountbalance"],
            # A match may be undone, once: the trigger sees to it that nothing else changes.
            may_change={"ledger_match": "undone_id"},
        )
