"""How the leaves of trustees, papers and the box are told."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.people.spells import said_day
from doorstep.apps.record.sentences import Body, Words, tells


@tells("voting.trustees_named", group=gettext_lazy("Voting"))
def _trustees_named(body: Body, words: Words) -> str:
    return _(
        "Three people were named to open the box of round %(round)s, any two together: %(names)s. "
        "No two of them share a household."
    ) % {"round": body["round"], "names": ", ".join(words(name) for name in body["names"])}


@tells("voting.trustee_key_given")
def _trustee_key_given(body: Body, words: Words) -> str:
    return _(
        "Trustee %(trustee)s of round %(round)s made a key on their own device and gave its "
        "public half."
    ) % {"trustee": body["trustee"], "round": body["round"]}


@tells("voting.round_key_made")
def _round_key_made(body: Body, words: Words) -> str:
    return _(
        "The key that ballots of round %(round)s are sealed to was made on the device of trustee "
        "%(trustee)s. Only two trustees together can open what it seals."
    ) % {"trustee": body["by"], "round": body["round"]}


@tells("voting.key_handed_on")
def _key_handed_on(body: Body, words: Words) -> str:
    return _(
        "Trustee %(trustee)s of round %(round)s handed on their half of the key, after voting "
        "had ended."
    ) % {"trustee": body["trustee"], "round": body["round"]}


@tells("voting.box_looked_into")
def _box_looked_into(body: Body, words: Words) -> str:
    return _(
        "Trustee %(trustee)s opened the box of round %(round)s: %(ballots)s ballots, and "
        "%(spoilt)s envelopes that nobody can read."
    ) % {
        "trustee": body["trustee"],
        "round": body["round"],
        "ballots": f"{body['ballots']:,}",
        "spoilt": f"{body['spoilt']:,}",
    }


@tells("voting.house_asked")
def _house_asked(body: Body, words: Words) -> str:
    return _(
        "A member asked the server to open the box of round %(round)s. Members who have asked: "
        "%(asked)s of 2."
    ) % {"round": body["round"], "asked": body["asked"]}


@tells("voting.stack_printed")
def _stack_printed(body: Body, words: Words) -> str:
    return _("Ballot papers printed for round %(round)s: stack %(stack)s, %(sheets)s papers.") % {
        "round": body["round"],
        "stack": body["stack"],
        "sheets": body["sheets"],
    }


@tells("voting.stack_signed")
def _stack_signed(body: Body, words: Words) -> str:
    return _(
        "Two people signed off stack %(stack)s of round %(round)s: of %(printed)s papers "
        "%(returned)s came back, %(spoilt)s of them spoilt. Each was keyed alike by two people."
    ) % {
        "round": body["round"],
        "stack": body["stack"],
        "printed": body["printed"],
        "returned": body["returned"],
        "spoilt": body["spoilt"],
    }


@tells("voting.box_opened")
def _box_opened(body: Body, words: Words) -> str:
    return _(
        "The box of round %(round)s was opened: %(online)s ballots cast online and %(paper)s on "
        "paper. Not readable or not allowed: %(spoilt)s."
    ) % {
        "round": body["round"],
        "online": f"{body['online']:,}",
        "paper": f"{body['paper']:,}",
        "spoilt": f"{body['online_spoilt'] + body['paper_spoilt']:,}",
    }


@tells("voting.trustee_key_gone")
def _trustee_key_gone(body: Body, words: Words) -> str:
    return _("Trustee %(number)s of round %(round)s said that their key is deleted.") % {
        "number": body["trustee"],
        "round": body["round"],
    }


@tells("voting.sealed")
def _sealed(body: Body, words: Words) -> str:
    return _(
        "Everything that could join a ballot to a voter in round %(round)s was destroyed. Copies "
        "in backups expire by %(day)s."
    ) % {"round": body["round"], "day": said_day(date.fromisoformat(body["backups_until"]))}
