"""The street look-up promises not to keep what is typed: neither does the page cache."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.django_db


def test_the_page_cache_holds_no_street(client, settings, tmp_path):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": tmp_path,
        }
    }
    client.get("/rules/")
    kept = len(list(Path(tmp_path).iterdir()))
    assert kept
    assert "Secret Lane" in client.get("/street/", {"q": "Secret Lane"}).content.decode()
    assert len(list(Path(tmp_path).iterdir())) == kept
