"""Loading the site is enough: Welsh is there, desks have their sources, sign-in is heard."""

import os
import subprocess
import sys
from pathlib import Path

import doorstep

ASK = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "doorstep.site.settings"
import django
django.setup()
from allauth.mfa.signals import authenticator_added
from django.utils import translation
from doorstep.site.words import counted
with translation.override("cy"):
    print(counted(2, "years"))
print(sum("has_just_shown_a_code" in str(r[1]) for r in authenticator_added.receivers))
from doorstep.apps.people import desk
print(sum(source.__module__ == "doorstep.site.desk" for source in desk._sources))
"""


def test_a_fresh_install_speaks_welsh_and_listens(tmp_path):
    source = Path(doorstep.__file__).parents[1]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(source)}
    asked = subprocess.run(
        [sys.executable, "-c", ASK],
        env=environment | {"DOORSTEP_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    years, receivers, desks = asked.stdout.split("\n")[:3]
    assert years == "2 flynedd"
    assert int(receivers) >= 1
    assert int(desks) >= 1
