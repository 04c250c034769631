from pathlib import Path

from django.apps import AppConfig


class IdeasConfig(AppConfig):
    name = "doorstep.apps.ideas"
    label = "ideas"
    verbose_name = "Ideas"

    def ready(self) -> None:
        from doorstep.apps.ideas import chores, desk, hiding  # noqa: F401 - they register themselves
        from doorstep.apps.record import seals

        seals.register(
            Path(__file__).parent / "sql",
            {"ideas_step": ["id", "idea_id, seq", "leaf_id"]},
            may_change={
                "ideas_idea": "steps_taken, state, hidden, title_id, what_id, where_id, photo_id,"
                " tags, rough_pence, cost_pence, favoured_id, project_id"
            },
        )
