"""Every address of the site. `guards` in tests/site proves that each is guarded or public."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
]
