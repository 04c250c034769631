from pathlib import Path

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "doorstep.apps.promises"
    label = "promises"
    verbose_name = "Promises"

    def ready(self) -> None:
        from doorstep.apps.promises import (  # noqa: F401 - they register themselves
            desk,
            invariants,
            sentences,
        )
        from doorstep.apps.record import seals

        seals.register(
            Path(__file__).parent / "sql",
            {
                "promises_step": ["id", "promise_id, seq"],
                "promises_holidaystep": ["id", "leaf_id"],
            },
            may_change={
                "promises_promise": "steps_taken, held_by_id, due_on, state, ended_on, extended,"
                " counted, counted_from, days, nations, rule_key",
                "promises_feed": "ended_at",
            },
        )
