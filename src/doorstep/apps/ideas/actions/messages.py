"""What authors and supporters are told, each in their own language. No message carries an address
of somebody else, and each says what can be done next."""

from collections.abc import Callable
from functools import partial

from django.utils import translation
from django.utils.translation import gettext as _

from doorstep.apps.ideas import queries
from doorstep.apps.ideas.links import link_of, page_of
from doorstep.apps.ideas.models import Follower, Idea, IdeaState, Unconfirmed
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.outbox.actions import tell, tell_by_letter
from doorstep.apps.outbox.models import Medium
from doorstep.apps.outbox.sending import address_of
from doorstep.apps.people.spells import said_day
from doorstep.apps.typeface import missing_letters

TOPIC = "ideas"


def name_of(idea: Idea) -> str:
    """An idea as a message names it: by its title, unless that is hidden or erased."""
    if idea.hidden or not idea.title.text:
        return _("idea %(number)s") % {"number": idea.number}
    return f"“{idea.title.text}”"


def code(row: Unconfirmed, digits: str, minutes: int) -> None:
    """The six digits, at once."""
    tell(
        address_of(row.contact).text,
        subject=_("Your code: %(code)s") % {"code": digits},
        text=_(
            "Your code is %(code)s. Type it on the page that is open, within %(minutes)s minutes. "
            "If you did not ask for it, do nothing: somebody mistyped their address."
        )
        % {"code": digits, "minutes": minutes},
        topic=TOPIC,
        key=f"idea-code:{row.token}:{row.codes_sent}",
        at_once=True,
    )


def thanks(idea: Idea, author: Follower) -> None:
    """Where the author follows their idea, and what they may do with it."""
    terms = idea.round.terms
    _tell(
        author,
        lambda: (
            _("Your idea is in: %(idea)s") % {"idea": name_of(idea)},
            _(
                "Thank you. Your idea is number %(number)s. By %(day)s it is checked, and the "
                "answer stands on its page. With the link below you can change it, take it back, "
                "or ask for a second look. Keep this message: the link is the key to your idea."
            )
            % {"number": idea.number, "day": said_day(terms.checked_by)},
        ),
        key="thanks",
        link=link_of(author),
        at_once=True,
    )


def following(idea: Idea, follower: Follower) -> None:
    """A supporter hears that they will hear, and how to stop."""
    _tell(
        follower,
        lambda: (
            _("You follow %(idea)s") % {"idea": name_of(idea)},
            _("We will tell you what becomes of it. With the link below you can stop."),
        ),
        key="following",
        link=link_of(follower),
        at_once=True,
    )


def answered(idea: Idea, *, again: bool) -> None:
    """The answer, to the author with their link, to supporters with the page."""

    def words(author: bool) -> tuple[str, str]:
        if idea.state == IdeaState.POSSIBLE:
            said = _("It is possible, and would cost %(cost)s. It can go on the ballot.") % {
                "cost": pounds(idea.cost_pence or 0)
            }
        else:
            said = _(
                "It is not possible as written. Its page says which rule stands in the way, and "
                "what would change that."
            )
        if author and not again:
            said += " " + _(
                "You may ask for one second look before the rules of the round are fixed."
            )
        return _("The answer to %(idea)s") % {"idea": name_of(idea)}, said

    key = f"answered:{idea.steps_taken}"
    for follower in _followers(idea):
        _tell(
            follower,
            partial(words, follower.is_author),
            key=key,
            link=link_of(follower) if follower.is_author else page_of(idea),
        )


def retired(idea: Idea, other: Idea) -> None:
    """Supporters are asked whether they follow the other idea. Nobody is moved."""
    for follower in _followers(idea, author=False):
        _tell(
            follower,
            lambda: (
                _("%(idea)s was retired for another idea") % {"idea": name_of(idea)},
                _(
                    "Its author now stands behind %(other)s. You were not moved along: if you want "
                    "to hear of that one too, say so with the link below."
                )
                % {"other": name_of(other)},
            ),
            key="retired",
            link=link_of(follower),
        )


def withdrawn(idea: Idea) -> None:
    """Supporters hear that the author took the idea back."""
    for follower in _followers(idea, author=False):
        _tell(
            follower,
            lambda: (
                _("%(idea)s was taken back") % {"idea": name_of(idea)},
                _("Its author took it back. You could propose it yourself."),
            ),
            key="withdrawn",
            link=page_of(idea),
        )


def hidden(idea: Idea, reason: str) -> None:
    """The author hears why, and how to ask for a second look."""
    for follower in _followers(idea, author=True):
        _tell(
            follower,
            lambda: (
                _("The words of idea %(number)s were hidden") % {"number": idea.number},
                _(
                    "They no longer stand in public. The reason given: %(reason)s With the link "
                    "below you can ask once for another person to look at this."
                )
                % {"reason": reason},
            ),
            key=f"hidden:{idea.steps_taken}",
            link=link_of(follower),
        )


def hiding_answered(idea: Idea) -> None:
    """The author hears how their question was answered."""
    for follower in _followers(idea, author=True):
        _tell(
            follower,
            lambda: (
                _("An answer about idea %(number)s") % {"number": idea.number},
                _("Its words stay hidden. The page says why.")
                if idea.hidden
                else _("Its words stand in public again."),
            ),
            key=f"hiding:{idea.steps_taken}",
            link=page_of(idea),
        )


def fate(idea: Idea, follower: Follower) -> None:
    """What became of it in the end, and what can come next."""

    def words() -> tuple[str, str]:
        told = queries.fate(idea)
        return (
            _("What happened to %(idea)s") % {"idea": name_of(idea)},
            f"{told.sentence} {told.next_step}".strip(),
        )

    _tell(follower, words, key=f"fate:{idea.round.slug}", link=page_of(idea))


def _followers(idea: Idea, author: bool | None = None) -> list[Follower]:
    found = idea.followers.select_related("contact").order_by("pk")
    return list(found if author is None else found.filter(is_author=author))


def _tell(
    follower: Follower,
    words: Callable[[], tuple[str, str]],
    *,
    key: str,
    link: str,
    at_once: bool = False,
) -> None:
    if not follower.contact.sealed:
        return  # an address that nobody wrote to for long is forgotten, and so is their wish
    address = address_of(follower.contact)
    with translation.override(follower.contact.language):
        subject, text = words()
        if address.medium == Medium.LETTER:
            text += "\n\n" + _(
                "Whoever wrote your idea down for you can do all this on your word: change it, "
                "take it back, or ask for a second look."
            )
    key = f"idea:{follower.idea_id}:{follower.pk}:{key}"
    if address.medium == Medium.LETTER:
        # Whoever types the address of a page from paper gets the public one: the other is a key.
        idea = follower.idea
        tell_by_letter(
            address.text, subject=on_paper(subject), text=on_paper(text), topic=TOPIC, key=key,
            place=idea.round.place, link=page_of(idea),
        )  # fmt: skip
        return
    tell(address.text, subject=subject, text=text, topic=TOPIC, key=key, link=link, at_once=at_once)


def on_paper(words: str) -> str:
    """Words without the signs that cannot be printed: an author's title may hold any."""
    lacking = set(missing_letters(words))
    return "".join(letter for letter in words if letter not in lacking)
