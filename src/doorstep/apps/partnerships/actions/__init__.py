"""The only writer of this room."""

from doorstep.apps.partnerships.actions.members import (
    agree_host,
    declare_interest,
    end_host,
    end_household,
    end_interest,
    form_partnership,
    join,
    leave,
    move,
    name_member,
    share_household,
)

__all__ = [
    "agree_host",
    "declare_interest",
    "end_host",
    "end_household",
    "end_interest",
    "form_partnership",
    "join",
    "leave",
    "move",
    "name_member",
    "share_household",
]
