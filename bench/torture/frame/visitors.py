"""Browsers inside the process of a run."""

from django.test import Client
from django.test.utils import setup_test_environment

from doorstep.site.server import prepare_static

_ready: list[bool] = []


def visitor(**more: object) -> Client:
    """A browser that is shown pages of faults as people are, instead of being stopped by them."""
    if not _ready:
        setup_test_environment()
        prepare_static()
        _ready.append(True)
    return Client(raise_request_exception=False, **more)
