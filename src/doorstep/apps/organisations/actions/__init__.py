"""What happens to an organisation, by noun."""

from doorstep.apps.organisations.actions.bank import (
    BankNumber,
    ask_change,
    begin_signing,
    confirm_change,
    end_mandate,
    end_signing,
    give_mandate,
    lapse_changes,
    read_bank_number,
    refuse_change,
)
from doorstep.apps.organisations.actions.bodies import (
    begin_office,
    end_office,
    end_spell,
    identify,
    open_organisation,
)
from doorstep.apps.organisations.actions.passport import (
    accept_sponsorship,
    ask_sponsor,
    end_sponsorship,
    give_document,
    open_passport,
    say_ties,
    share,
    take_back_share,
    take_out_document,
)

__all__ = [
    "BankNumber",
    "accept_sponsorship",
    "ask_change",
    "ask_sponsor",
    "begin_office",
    "begin_signing",
    "confirm_change",
    "end_mandate",
    "end_office",
    "end_signing",
    "end_spell",
    "end_sponsorship",
    "give_document",
    "give_mandate",
    "identify",
    "lapse_changes",
    "open_organisation",
    "open_passport",
    "read_bank_number",
    "refuse_change",
    "say_ties",
    "share",
    "take_back_share",
    "take_out_document",
]
