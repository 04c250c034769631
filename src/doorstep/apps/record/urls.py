from django.urls import path

import doorstep.apps.addresses  # noqa: F401 - brings <number:…>

from . import log_files, views

app_name = "record"
urlpatterns = [
    path("record/", views.record_list, name="list"),
    path("record/watch/", views.watch, name="watch"),
    path("verify/", views.check, name="check"),
    path("record/log/<slug:log>/checkpoint", log_files.checkpoint, name="checkpoint"),
    path("record/log/<slug:log>/key", log_files.key, name="key"),
    path("record/log/public/cosignatures", log_files.cosignatures, name="cosignatures"),
    path("record/log/public/witnesses", log_files.witnesses, name="witnesses"),
    path("record/log/public/timestamp/<number:size>.tsr", log_files.timestamp, name="timestamp"),
    path("record/verify.py", log_files.verify_py, name="verify-py"),
    path("record/log/public/tile/<path:rest>", log_files.tile, name="tile"),
    path("record/<number:idx>/proof.tlog-proof", log_files.proof, name="proof"),
    path("record/<number:idx>/", views.record_leaf, name="leaf"),
    path("record/<number:idx>/leaf.json", views.record_bytes, name="bytes"),
]
