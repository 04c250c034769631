"""The look-ups promise not to keep what is typed: neither does the page cache."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/street/", "/places/"])
def test_the_page_cache_holds_nothing_that_was_typed(client, settings, tmp_path, address):
    files = "django.core.cache.backends.filebased.FileBasedCache"
    settings.CACHES = {
        name: {"BACKEND": files, "LOCATION": tmp_path / name} for name in ("default", "pages")
    }
    client.get("/rules/")
    kept = len(list(Path(tmp_path / "pages").iterdir()))
    assert kept
    assert "Secret Lane" in client.get(address, {"q": "Secret Lane"}).content.decode()
    assert len(list(Path(tmp_path / "pages").iterdir())) == kept
