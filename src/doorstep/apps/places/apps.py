from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "doorstep.apps.places"
    label = "places"
    verbose_name = "Places"
