"""Addresses of pages, whole, so that a row leads back to the page that tells its story."""

from typing import Any

from django.conf import settings
from django.urls import reverse


def page(name: str, *ids: Any) -> str:
    return f"{settings.ADDRESS}{reverse(name, args=ids)}"
