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
            },
            moved_by_triggers=["ledger_accountbalance"],
        )
