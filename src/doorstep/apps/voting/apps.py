from pathlib import Path

from django.apps import AppConfig


class VotingConfig(AppConfig):
    name = "doorstep.apps.voting"
    label = "voting"
    verbose_name = "Voting"

    def ready(self) -> None:
        from doorstep.apps.record import seals

        seals.register(Path(__file__).parent / "sql", {"voting_envelopebatch": ["id", "leaf_id"]})
