from pathlib import Path

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "doorstep.apps.rounds"
    label = "rounds"
    verbose_name = "Rounds"

    def ready(self) -> None:
        from doorstep.apps.record import seals
        from doorstep.apps.rounds import desk  # noqa: F401 - registers what it puts on desks

        seals.register(
            Path(__file__).parent / "sql",
            {
                "rounds_recount": ["id", "round_id, signer_id"],
                "rounds_result": ["id", "round_id"],
                "rounds_tally": ["id", "round_id, number", "photo_id"],
                "rounds_tallysheet": ["id", "round_id", "first_id", "second_id", "photo_id"],
                "rounds_withdrawal": ["id", "project_id", "reason_id", "leaf_id"],
            },
            may_change={"rounds_ballotbox": "packed"},
        )
