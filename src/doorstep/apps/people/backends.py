"""How a session finds its account: with what every guard asks of it, in one statement."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from doorstep.apps.people.models import Account
from doorstep.apps.people.queries import SECOND_FACTOR


class WithSecondFactor(AuthenticationBackend):
    """Signing in is allauth's. The account of a request comes with whether it has a second factor,
    and is gone with the request: a factor that ends counts at the next."""

    def get_user(self, user_id: Any) -> Account | None:
        found = Account.objects.annotate(second_factor=SECOND_FACTOR).filter(pk=user_id).first()
        return found if found and self.user_can_authenticate(found) else None
