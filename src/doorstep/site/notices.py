"""Sentences that wait for the next page, in a cookie that no other host can set."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class NoticesCookie(CookieStorage):
    """Django's own, whose name could not be chosen otherwise. It writes it with the attributes of
    the session's cookie."""

    cookie_name = settings.NOTICES_COOKIE_NAME


class Notices(FallbackStorage):
    """In the cookie, and in the session what is too long for one."""

    storage_classes = (NoticesCookie, SessionStorage)
