from django.urls import path

from . import views

app_name = "upkeep"
urlpatterns = [
    path("record/invariants/", views.invariants_page, name="invariants"),
    path("record/backups/", views.backups_page, name="backups"),
]
