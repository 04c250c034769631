"""How the leaves of this room are told."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from doorstep.apps.awards.fitting import long
from doorstep.apps.awards.models import Award, HeldFrom, PayeeKind, Payment, Side
from doorstep.apps.awards.rules import people_in_words, took_part
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.people.rules import role_name
from doorstep.apps.people.spells import said_day
from doorstep.apps.record.sentences import Body, Words, names, tells


@names("award")
def _names(slugs: set[str]) -> dict[str, str]:
    titles = Award.objects.filter(slug__in=slugs).values_list("slug", "title__text")
    return {slug: f"“{title}”" for slug, title in titles if title}


@tells("award.made", group=gettext_lazy("Awards"))
def _made(body: Body, words: Words) -> str:
    return _(
        "%(sum)s was awarded to “%(title)s” in %(place)s, by the decision at line %(decision)s."
    ) % {
        "sum": pounds(body["pence"]),
        "title": words(body["title"]),
        "place": body["place"],
        "decision": body["decision"],
    }


@names("payment")
def _payment_names(slugs: set[str]) -> dict[str, str]:
    paid = Payment.objects.filter(slug__in=slugs).values_list("slug", "award__title__text")
    return {slug: f"“{title}”" for slug, title in paid if title}


@tells("plan.line_agreed", group=gettext_lazy("Plans"))
def _plan_line(body: Body, words: Words) -> str:
    return _("The plan of %(place)s has a line for “%(title)s”, up to %(sum)s. %(people)s") % _said(
        body, words
    )


@tells("meeting.decided", group=gettext_lazy("Meetings"))
def _meeting(body: Body, words: Words) -> str:
    return _("A meeting in %(place)s decided on “%(title)s”, up to %(sum)s. %(people)s") % _said(
        body, words
    )


@tells("delegation.agreed", group=gettext_lazy("Delegated limits"))
def _delegation(body: Body, words: Words) -> str:
    return _(
        "%(place)s lets a %(holder)s give quick grants of up to %(sum)s, and %(month)s a month, "
        "until %(until)s. %(people)s"
    ) % {
        **_said(body, words),
        "holder": role_name(body["holder"]),
        "month": pounds(body["month_pence"]),
        "until": _day(body["until"]),
    }


@tells("delegation.ended")
def _delegation_ended(body: Body, words: Words) -> str:
    return _("The limit agreed at line %(decision)s ended early, on %(until)s.") % {
        "decision": body["decision"],
        "until": _day(body["until"]),
    }


@tells("award.closed")
def _award_closed(body: Body, words: Words) -> str:
    if not body["returned_pence"]:
        return _("The award to %(award)s is finished; all of it was spent.") % body
    return _("The award to %(award)s is finished; %(sum)s of it went back to the place.") % {
        "award": body["award"],
        "sum": pounds(body["returned_pence"]),
    }


@tells("award.cancelled")
def _award_cancelled(body: Body, words: Words) -> str:
    return _("The award to %(award)s is not going ahead: %(reason)s %(sum)s went back.") % {
        "award": body["award"],
        "reason": words(body["reason"]),
        "sum": pounds(body["pence"]),
    }


@tells("agreement.drafted", group=gettext_lazy("Agreements"))
def _drafted(body: Body, words: Words) -> str:
    return _("An agreement on %(award)s was written: %(how)s.") % {
        "award": body["award"],
        "how": PayeeKind(body["payee_kind"]).label,
    }


@tells("agreement.signed")
def _signed(body: Body, words: Words) -> str:
    return _("The agreement on %(award)s was signed %(side)s.") % {
        "award": body["award"],
        "side": Side(body["side"]).label,
    }


@tells("payee.details_given", group=gettext_lazy("Bank details"))
def _details(body: Body, words: Words) -> str:
    return _(
        "Bank details number %(mandate)s were taken down. Nothing is paid there before %(day)s."
    ) % {"mandate": body["mandate"], "day": _day(body["clear_from"])}


@tells("payee.called_back")
def _called_back(body: Body, words: Words) -> str:
    said = {"mandate": body["mandate"], "held": HeldFrom(body["held_from"]).label}
    if body["confirmed"]:
        return (
            _(
                "Somebody else called back about bank details number %(mandate)s, and they are "
                "right. The number came from %(held)s."
            )
            % said
        )
    return (
        _(
            "Somebody else called back about bank details number %(mandate)s, and they are not "
            "confirmed. The number came from %(held)s."
        )
        % said
    )


@tells("payment.raised", group=gettext_lazy("Payments"))
def _raised(body: Body, words: Words) -> str:
    return _("A %(role)s asked for %(sum)s to be paid for %(award)s.") % _paid(body)


@tells("payment.agreed_to")
def _agreed_to(body: Body, words: Words) -> str:
    return _("A %(role)s with no interest approved a payment for %(award)s.") % _paid(body)


@tells("payment.recused")
def _recused(body: Body, words: Words) -> str:
    return _("A %(role)s has an interest in %(award)s, and took no part in its payment.") % _paid(
        body
    )


@tells("payment.approved")
def _approved(body: Body, words: Words) -> str:
    return _("A payment of %(sum)s for %(award)s is approved by %(people)s.") % {
        **_paid(body),
        "people": people_in_words([body["raised_as"], *body["approved_as"]]),
    }


@tells("payment.released")
def _released(body: Body, words: Words) -> str:
    return _("%(sum)s for %(award)s was sent on its way.") % _paid(body)


@tells("payment.cleared")
def _cleared(body: Body, words: Words) -> str:
    return _("%(sum)s for %(award)s was paid, as the bank’s statement shows.") % _paid(body)


@tells("payment.cancelled")
def _cancelled(body: Body, words: Words) -> str:
    return _("A payment for %(award)s was taken back: %(reason)s") % {
        "award": body["award"],
        "reason": words(body["reason"]),
    }


@tells("payment.stop_said")
def _stop_said(body: Body, words: Words) -> str:
    return _(
        "A %(role)s says that a payment for %(award)s was stopped at the bank. Once somebody else "
        "says so too, it is taken back: %(reason)s"
    ) % {
        "role": role_name(body["role"]),
        "award": body["award"],
        "reason": words(body["reason"]),
    }


@tells("payment.file_made")
def _file_made(body: Body, words: Words) -> str:
    return ngettext(
        "A file of %(n)s payment, %(sum)s in all, was made for the bank of %(place)s.",
        "A file of %(n)s payments, %(sum)s in all, was made for the bank of %(place)s.",
        len(body["payments"]),
    ) % {"n": len(body["payments"]), "sum": pounds(body["pence"]), "place": body["place"]}


@tells("payment.file_taken")
def _file_taken(body: Body, words: Words) -> str:
    return _("Payment file %(file)s was taken, with the bank numbers in it.") % body


def _paid(body: Body) -> dict[str, object]:
    return {
        "award": body["award"],
        "sum": pounds(body["pence"]) if "pence" in body else "",
        "role": role_name(body["role"]) if "role" in body else "",
    }


def _said(body: Body, words: Words) -> dict[str, object]:
    return {
        "place": body["place"],
        "title": words(body["title"]),
        "sum": pounds(body["pence"]),
        "people": took_part(body["voted"], body["recused"]),
    }


def _day(iso: str) -> str:
    return said_day(date.fromisoformat(iso))


@tells("sample.seed_fixed", group=gettext_lazy("Samples of vouchers"))
def _seed_fixed(body: Body, words: Words) -> str:
    return _(
        "How vouchers of %(place)s are drawn for the year from April %(year)s was fixed: "
        "%(percent)s in a hundred, at least %(least)s."
    ) % {name: str(body[name]) for name in ("place", "year", "percent", "least")}


@tells("form.published", group=gettext_lazy("Grant forms"))
def _form_published(body: Body, words: Words) -> str:
    said = _(
        "%(place)s published the form “%(title)s” for %(least)s to %(most)s. It takes at most "
        "%(minutes)s of a budget of %(budget)s."
    ) % {
        "place": body["place"],
        "title": words(body["title"]),
        "least": pounds(body["least"]),
        "most": pounds(body["most"]),
        "minutes": long(body["minutes"]),
        "budget": long(body["budget"]),
    }
    if body["reason"]:
        said += " " + _("%(officer)s stands for the rest, with this reason: %(reason)s") % {
            "officer": words(body["officer"]),
            "reason": words(body["reason"]),
        }
    return said


@tells("form.ended")
def _form_ended(body: Body, words: Words) -> str:
    return _("The form %(form)s of %(place)s is not used any more.") % body


@tells("application.begun")
def _application_begun(body: Body, words: Words) -> str:
    return _("Somebody began to apply for %(sum)s in %(place)s.") % _asked_for(body)


@tells("application.sent")
def _application_sent(body: Body, words: Words) -> str:
    return _("An application for %(sum)s in %(place)s was sent in.") % _asked_for(body)


@tells("application.withdrawn")
def _application_withdrawn(body: Body, words: Words) -> str:
    return _("An application for %(sum)s in %(place)s was taken back.") % _asked_for(body)


@tells("application.declined")
def _application_declined(body: Body, words: Words) -> str:
    return _("An application for %(sum)s in %(place)s was not agreed.") % _asked_for(body)


def _asked_for(body: Body) -> dict[str, str]:
    return {"sum": pounds(body["pence"]), "place": str(body["place"])}
