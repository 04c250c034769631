"""What every test may use: a private data folder, static files with their names, strict pages."""

import pytest
from django.test import Client

from tests.pages import PageClient


@pytest.fixture(scope="session", autouse=True)
def static_files() -> None:
    """Name the static files by content once, so that pages render as they are served."""
    from doorstep.site.server import prepare_static

    prepare_static()


@pytest.fixture
def page(client: Client) -> PageClient:
    """Ask for a page as a visitor, and fail if it is not a good one (see tests/pages.py)."""
    return PageClient(client)
