from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "doorstep.apps.places"
    label = "places"
    verbose_name = "Places"

    def ready(self) -> None:
        from doorstep.apps.record import seals

        seals.register(None, {"places_sourcefile": ["kind, about, sha256", "leaf_id"]})
