"""A neighbourhood's season, walked by the people who live it, in real Chromium.

Propose, check, freeze, print codes, vote on a phone without JavaScript, on paper, and twice by
mistake; close; two trustees open; count; poster; award; approvals; payment; bank; receipt; result.
"""

from tests.apps.printing.reading import text_of
from tests.e2e.ideas import PLANTERS, SWING, answer_ideas, hear_what_happened, propose
from tests.e2e.money import agree, award_of, match_the_bank, pay, show_what_became_of_it
from tests.e2e.papers import key_papers, refused_at_the_desk, vote_on_paper
from tests.e2e.rounds import draft_a_round, freeze_and_print, plan_codes_and_name_trustees
from tests.e2e.season import Season
from tests.e2e.trustees import make_keys, open_the_box
from tests.e2e.votes import look_up_the_share, refused, vote


def see_the_poster(season: Season, round_: str) -> None:
    window = season.window("a passer-by", scripts=True)
    window.open(round_)
    poster = window.context.request.get(f"{window.address}{round_}poster-a4-en.pdf")
    assert poster.ok
    assert PLANTERS in " ".join(text_of(poster.body()).split())


def test_a_whole_season(season):
    with season.on(day=0, hour=10):
        round_ = draft_a_round(season)
        plan_codes_and_name_trustees(season, round_)
        make_keys(season, round_)
        propose(season, round_)
    with season.on(day=2, hour=10):
        answer_ideas(season, round_)
        cards, papers = freeze_and_print(season, round_)
        assert "not open" in refused(season, "Ada", cards[0]).lower()
    with season.on(day=4, hour=10):
        ada = vote(season, "Ada", cards[0], SWING)
        vote(season, "Ben", cards[1], PLANTERS)
        vote(season, "Cai", cards[2], SWING, PLANTERS)
        again = vote(season, "Ada", cards[0], SWING, PLANTERS)  # by mistake, or for a better mind
        assert again != ada
        vote_on_paper(season, round_, cards[3])
        assert "paper" in refused(season, "Dee", cards[3])
        assert "A code counts once" in refused_at_the_desk(season, round_, cards[3])
        assert "code" in refused(season, "Dee", "AAAA-AAAA-AAAA-AAAA")
    with season.on(day=8, hour=21):
        assert refused(season, "Eli", cards[4])
        key_papers(season, round_, papers[0])
        open_the_box(season, round_)
        look_up_the_share(season, round_, again)
        see_the_poster(season, round_)
        award = award_of(season, round_)
        agree(season, award)
        pay(season, award)
    with season.on(day=9, hour=10):
        match_the_bank(season)
        show_what_became_of_it(season, award)
    with season.on(day=9, hour=18):
        hear_what_happened(season)
    assert not season.faults(), "\n".join(season.faults())
