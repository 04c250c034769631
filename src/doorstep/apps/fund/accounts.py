"""The names of the accounts that a pound passes through, in the order of its walk.

A fund's money and example money live in different funds of the ledger, and the database refuses a
transfer between two funds; so an example election can never touch a live pound.
"""

EXAMPLE = "example"
EXAMPLE_WORLD = "world:example"


def dormant_world(fund: str, asset_class: str) -> str:
    """Outside: the firms that hand over forgotten money of one class."""
    return f"world:{fund}:dormant:{asset_class}"


def match_world(fund: str) -> str:
    """Outside: whoever matches the forgotten money."""
    return f"world:{fund}:match"


def reserve(fund: str, asset_class: str) -> str:
    """Kept back so that every owner who comes forward can be paid."""
    return f"{fund}:reserve:{asset_class}"


def released(fund: str) -> str:
    """What a release passes through on its way to the nations; empty after every entry."""
    return f"{fund}:released"


def nation_world(fund: str, nation: str) -> str:
    """Outside: another nation, which gets its own part of every release."""
    return f"world:{fund}:nation:{nation}"


def costs_world(fund: str) -> str:
    """Outside: those who are paid for running the fund."""
    return f"world:{fund}:costs"


def host_fees_world(fund: str, place: str) -> str:
    """Outside: organisations that hold a place's money, paid a fee on top of its share."""
    return f"world:{fund}:host_fees:{place}"


def programme(fund: str, slug: str) -> str:
    """What is set aside for one programme and not yet promised to a wave of places."""
    return f"{fund}:programme:{slug}"


def wave(fund: str, slug: str) -> str:
    """What a wave holds for its places; empty once each was given its part."""
    return f"{fund}:wave:{slug}"


def due(fund: str, place: str) -> str:
    """What a place was promised over its term and has not drawn yet."""
    return f"{fund}:due:{place}"


def pot(fund: str) -> str:
    """What the fund may give to places."""
    return f"{fund}:pot"


def available(place: str, *, example: bool = False) -> str:
    """What a place has and has not yet promised to anything."""
    return f"{_walk(place, example)}:available"


def round_pot(place: str, round_slug: str, *, example: bool = False) -> str:
    """What is set aside for one round, from the day its rules are frozen."""
    return f"{_walk(place, example)}:round:{round_slug}"


def committed(place: str, award_slug: str, *, example: bool = False) -> str:
    """What is promised to one award and not yet paid."""
    return f"{_walk(place, example)}:committed:{award_slug}"


def in_transit(place: str, payment: str, *, example: bool = False) -> str:
    """What was released to the bank for one payment, and is not on its statement yet."""
    return f"{_walk(place, example)}:in_transit:{payment}"


def paid_world(fund: str, place: str, award: str) -> str:
    """Outside: those who were paid on one award. It stands for its place, too, because what a
    place has paid is part of what came in to it."""
    return f"world:{fund}:paid:{place}:{award}"


def _walk(place: str, example: bool) -> str:
    return f"{EXAMPLE if example else 'place'}:{place}"
