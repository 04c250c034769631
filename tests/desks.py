"""What lies on somebody's desk today."""

from doorstep.apps.people import desk
from doorstep.apps.people.models import Account


def desk_of(account: Account) -> desk.Desk:
    return desk.desk_of(desk.owner_of(account))


def titles_on_desk_of(account: Account) -> list[str]:
    return [item.title for item in desk_of(account).items]
