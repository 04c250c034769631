from importlib import import_module
from pathlib import Path

from django.apps import AppConfig


class VotingConfig(AppConfig):
    name = "doorstep.apps.voting"
    label = "voting"
    verbose_name = "Voting"

    def ready(self) -> None:
        from doorstep.apps.record import seals

        folder = Path(__file__).parent / "sql"
        seals.register(folder, {"voting_envelopebatch": ["id", "leaf_id"]})
        seals.register(folder / "box", {})
        import_module("doorstep.apps.voting.chores")
        import_module("doorstep.apps.voting.desk")
        import_module("doorstep.apps.voting.freezing")
        import_module("doorstep.apps.voting.opening")
        import_module("doorstep.apps.voting.box_sentences")
