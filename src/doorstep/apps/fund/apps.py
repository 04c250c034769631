from django.apps import AppConfig


class FundConfig(AppConfig):
    name = "doorstep.apps.fund"
    label = "fund"
    verbose_name = "The fund"

    def ready(self) -> None:
        from doorstep.apps.record import seals

        seals.register(
            None,
            {
                "fund_arrival": ["id", "journal_id"],
                "fund_allocation": ["id", "journal_id", "decision_id"],
            },
        )
