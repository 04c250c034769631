from django.urls import path

from . import views

app_name = "record"
urlpatterns = [
    path("record/", views.record_list, name="list"),
    path("record/<int:idx>/", views.record_leaf, name="leaf"),
    path("record/<int:idx>/leaf.json", views.record_bytes, name="bytes"),
]
