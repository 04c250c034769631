"""Every sentence of the report in English, as data: message ids that a caller may translate.

Many are those of a round's page on the site, word for word, so that one translation serves both.
"""

from collections.abc import Mapping

_MOST_VOTES = (
    "Ideas were looked at in turn, the most supported first, and funded while the pot lasted."
)
# What each rule does, in a sentence or two.
HOW: Mapping[str, str] = {
    "equal-shares": (
        "Everybody who voted had an equal share of the pot, and an idea was funded when the people "
        "who support it could pay for it together out of their shares. Whoever had helped to pay "
        "for one idea had less left for the next, so a group that had nothing yet could win with "
        "fewer people."
    ),
    "greedy": _MOST_VOTES,
    "greedy-no-skip": _MOST_VOTES,
    "greedy-threshold": _MOST_VOTES,
    "phragmen": (
        "Everybody who voted earned money at the same speed, and an idea was funded as soon as the "
        "people who support it had earned its cost together."
    ),
}

WORDS: Mapping[str, str] = {
    "title": "How %(name)s was counted",
    "lead": (
        "%(voters)s voted on %(ideas)s. Funded: %(funded)s, for %(spent)s of %(pot)s."
    ),
    "with_something": "Voters with something funded",
    "spent_figure": "Spent",
    "funded_figure": "Ideas funded",
    "voted_figure": "People who voted",
    # Round by round
    "rounds": "What each round bought",
    "rounds_said": (
        "The whole bar is the pot of %(pot)s. Each round bought one idea, from left to right; "
        "what is grey at the end was not spent."
    ),
    "pot_picture": "The pot, filled by %(ideas)s; the table below says the same in numbers",
    "rounds_table": "Every round in numbers",
    "round": "Round",
    "idea": "Idea",
    "cost": "Cost",
    "supporters": "Supporters",
    "each_paid": "Each paid about",
    "each_paid_point": "Each paid for a point about",
    "part_of_pot": "Its part of the pot",
    "from_left_over": "from what was left",
    "show_all": "Show all %(number)s",
    "nothing_funded": "No idea could be funded this time.",
    # The others
    "others": "What each other idea would have needed",
    "others_said": (
        "Nobody loses here. The nearest come first. The green bar is who supported it, and the "
        "brown is how many more would have been enough, everything else being the same."
    ),
    "others_said_plain": "Nobody loses here. This is why each of them was not funded this time.",
    "all_funded": "Every idea was funded.",
    "support_bar": "Support, and what was missing",
    "why": "Why not this time",
    # The flow
    "flow": "Whose shares paid for what",
    "flow_said": (
        "Everybody had a share of %(share)s. On the left are the people who voted, by how many of "
        "their ideas were funded; on the right is what their shares bought."
    ),
    "flow_raised": (
        "Shares were raised from %(first)s in %(steps)s, so together they are more than the pot. "
        "They say how support was spent; the money is the pot."
    ),
    "flow_pot": "Where the money went",
    "flow_pot_said": "This rule gives people no shares: ideas are paid for out of the one pot.",
    "flow_picture": "%(title)s: the table below says the same in numbers",
    "the_pot": "The pot",
    "left_of_pot": "Left of the pot",
    "not_spent": "Not spent",
    "more_ideas": "%(number)s more ideas",
    "chose_none": "None funded",
    "chose_some": "%(number)s funded",
    "chose_between": "%(least)s to %(most)s funded",
    "chose_more": "%(least)s or more funded",
    "who": "Of their ideas",
    "people": "People",
    "shares_together": "Their shares together",
    "paid": "Paid for ideas",
    "group_table": "What each group paid for each idea",
    # What was carried over
    "brought": "What was brought over from earlier rounds",
    "brought_bar_said": (
        "The green is the equal share that everybody had when the count ended, and the brown is "
        "what was brought over beside it: for one person of each group, on average."
    ),
    "brought_bar": "Share, and what was brought",
    "brought_each": "Each brought",
    "brought_together": "Brought together",
    "brought_nothing": "Nothing",
    "brought_some": "%(least)s to %(most)s",
    "takes_along": "Takes along",
    "along_by_voter": (
        "What is left of the pot, %(left)s, goes along to the next round, to each person in "
        "proportion to what nobody could spend with them: only money that is left can be carried."
    ),
    "along_by_kind": (
        "Nobody takes along what they did not spend themselves. What a kind of idea is still owed "
        "goes along: what it was owed, and its part by votes of all that was spent, less what was "
        "spent on it, and never less than nothing."
    ),
    "kinds_brought": "What each kind of idea was owed, got, and is still owed",
    "kind": "Kind of idea",
    "was_owed": "Was owed",
    "shared_by": "Shared by",
    "fair_part": "Its part by votes",
    "spent_on_kind": "Spent on it",
    "still_owed": "Still owed",
    "brought_absent": (
        "%(number)s of the amounts were for somebody, or for a kind of idea, that is not in this "
        "vote: that money stayed in the pot for everybody."
    ),
    "not_drawn": (
        "How steady each win is cannot be said here by drawing ballots again: what was brought "
        "over belongs to those who voted, and a drawn crowd would bring more or less."
    ),
    "flow_brought": "Beside it some had what they brought over from earlier rounds.",
    "how_brought": (
        "What some people brought over from earlier rounds was set aside of the pot first, so all "
        "shares and all that was brought are together no more than the pot, and only then was "
        "anything counted."
    ),
    # How it was counted
    "how": "How it was counted",
    "how_add1": (
        "When nobody could pay for anything more, everybody's share was raised by %(increment)s "
        "and all was counted afresh, again and again: %(steps)s, until one more would have funded "
        "more than the pot holds, or nothing was left to fund."
    ),
    "how_utilitarian": (
        "What was then left of the pot went to the ideas with the most support that still fitted."
    ),
    "ties": "Ties",
    "ties_order": (
        "Ties were broken as published before the count: lowest cost, then most supporters, then a "
        "lot drawn beforehand."
    ),
    "tie": "%(tied)s were exactly level. %(decided)s: %(chosen)s.",
    "decided_cost": "The lower cost decided",
    "decided_votes": "The number of supporters decided",
    "decided_lot": "The lot drawn before the count decided",
    "no_ties": "No tie made a difference.",
    # Checking
    "check": "Check it yourself",
    "check_said": (
        "Nothing here has to be believed. With the ballots, %(file)s, these commands count them "
        "again and prove the result with a second program that shares nothing with the first:"
    ),
    "check_hash": "The ballots are these, and no others, if their SHA-256 is:",
}  # fmt: skip

# What is counted: for one, and for any other number.
COUNTED: Mapping[str, tuple[str, str]] = {
    "ideas": ("1 idea", "%(number)s ideas"),
    "steps": ("1 step", "%(number)s steps"),
}
