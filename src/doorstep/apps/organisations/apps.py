from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "doorstep.apps.organisations"
    label = "organisations"
    verbose_name = "Organisations"

    def ready(self) -> None:
        from doorstep.apps.organisations import (  # noqa: F401 - they register themselves
            chores,
            desk,
            invariants,
        )
        from doorstep.apps.record import seals

        seals.register(
            None,
            {
                "organisations_opening": ["id", "leaf_id"],
                "organisations_tiessaid": ["id", "leaf_id"],
            },
        )
