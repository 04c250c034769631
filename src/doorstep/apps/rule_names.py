"""What each rule of the rulebook is about, in a resident’s words; the engine knows keys alone."""

from datetime import date

from django.utils.dateformat import format as written
from django.utils.translation import gettext as _

from doorstep.engine.rulebook import Rule, all_rules


def citable(on: date) -> dict[str, str]:
    """{key: name} of the rules that may stand in somebody's way on a day: in force, and checked
    within a year."""
    named = names()
    return {rule.key: named.get(rule.key, rule.key) for rule in all_rules() if rule.decides(on)}


def ask_the_officer(rule: Rule, on: date) -> str:
    """What to say where a rule would decide and may not: nobody checked it for a year."""
    return _(
        "“%(name)s” was last compared with its source on %(day)s, more than a year before. Ask "
        "the officer what holds now."
    ) % {
        "name": names().get(rule.key, rule.key),
        "day": written(rule.last_checked(on), "j F Y"),
    }


def names() -> dict[str, str]:
    """{key: what the rule is about}, in the reader's language."""
    return {
        "account.ask_again_after": _("You are asked once more who you are after"),
        "account.idle_at_most": _("Whoever does nothing is signed out after"),
        "account.log_kept": _("Who signed in, and what was refused, is kept for"),
        "account.signed_in_at_most": _("Everybody signs in again after"),
        "asset.decided_within": _("The council decides about a community asset within"),
        "asset.nominators_least": _("People who together may name a community asset"),
        "asset.sale_waits": _("The sale of a community asset waits"),
        "assurance.sample_least": _("Vouchers of a year that are looked at, at least"),
        "assurance.sample_share": _("Vouchers of a year that are looked at, of a hundred"),
        "grant.quick_decided_within": _("Two members decide about quick money within"),
        "grant.quick_reviewed_within": _("A meeting looks at quick money within"),
        "award.signed_agreement_from": _("Both sides sign an agreement from"),
        "award.stages_from": _("Money is paid in parts from"),
        "award.two_prices_from": _("Two prices are asked for from"),
        "bank.match_within": _("A bank’s line and a payment are thought to belong together within"),
        "bank.public_after": _("A line of the bank that nobody explained stands out after"),
        "complaint.acknowledge_within": _("A complaint is acknowledged within"),
        "complaint.review_within": _("A complaint is reviewed within"),
        "cwf.place_award_maximum": _("The most one neighbourhood is given"),
        "cwf.place_award_minimum": _("The least one neighbourhood is given"),
        "cwf.population_maximum": _("The largest neighbourhood that can be chosen"),
        "cwf.population_minimum": _("The smallest neighbourhood that can be chosen"),
        "cwf.term": _("How long the money is for"),
        "enquiry.acknowledge_within": _("A question is acknowledged within"),
        "enquiry.answer_within": _("A question is answered within"),
        "enquiry.extend_by": _("An answer may be put off once, by"),
        "foi.answer_within": _("A freedom of information request is answered within"),
        "fund.forecasts_in_a_minute": _("Forecasts that visitors ask for, at most"),
        "fund.match_cap": _("The most that all match money may come to"),
        "fund.nation_share.england": _("England’s part of what is released"),
        "fund.nation_share.northern_ireland": _("Northern Ireland’s part of what is released"),
        "fund.nation_share.scotland": _("Scotland’s part of what is released"),
        "fund.nation_share.wales": _("Wales’s part of what is released"),
        "fund.reserve_margin": _("A reserve stays at this part of the reclaims expected"),
        "fund.match_ratio": _("Match for each pound released"),
        "fund.reclaim_reserve.bank": _("Kept for owners: bank and building society accounts"),
        "fund.reclaim_reserve.insurance": _("Kept for owners: insurance and pensions"),
        "fund.reclaim_reserve.investment": _("Kept for owners: investment funds"),
        "fund.reclaim_reserve.securities": _("Kept for owners: shares"),
        "grant.quick_maximum": _("The most of a quick grant"),
        "grant.quick_minimum": _("The least of a quick grant"),
        "grant.quick_month_maximum": _("The most of one neighbourhood’s quick grants in a month"),
        "hosting.bridging_ahead": _("A bridging part is asked for ahead by"),
        "hosting.closing_from": _("Closing the funding of a place begins under"),
        "hosting.closing_most": _("The funding of a place closes with at most"),
        "hosting.closing_within": _("The duties of closing are kept within"),
        "hosting.records_kept": _("Whoever held the money keeps the records for"),
        "hosting.report_within": _("Whoever holds the money writes a spend report within"),
        "idea.code_holds": _("A code that was e-mailed holds for"),
        "idea.code_tries": _("A code may be mistyped"),
        "idea.codes_to_a_connection": _("The most codes asked for over one connection"),
        "idea.codes_to_an_address": _("The most codes sent to one address"),
        "idea.unconfirmed_kept": _("An idea waits for its code for"),
        "meeting.minutes_within": _("Minutes of a meeting are drafted within"),
        "meeting.notice": _("A meeting is called ahead by"),
        "meeting.notice_annual": _("The annual meeting is called ahead by"),
        "meeting.published_within": _("Agreed minutes are published within"),
        "meeting.quorum": _("Fewest members who take part in a decision"),
        "meeting.resident_majority": _("Residents among those who take part, at least"),
        "limit.api": _("Questions of a program, at most"),
        "limit.codes_entered": _("Codes typed to sign in, at most"),
        "limit.forms": _("Forms of one kind from one connection, at most"),
        "limit.sign_in": _("Steps of signing in from one connection, at most"),
        "limit.sign_in_address": _("Signing in with one address, at most"),
        "limit.uploads": _("Files from one account, at most"),
        "message.digest_hour": _("The daily message is sent at"),
        "message.erase_after": _("A message’s words are kept after sending for"),
        "message.forget_address_after": _("An address that nothing was sent to is forgotten after"),
        "message.tries": _("A message is tried at most"),
        "partnership.host_fee": _("Fee of the organisation that holds the money"),
        "partnership.minimum_members": _("Fewest members of a partnership"),
        "partnership.resident_majority": _("Members who live in the area, at least"),
        "passport.change_confirmed_within": _("A second person confirms new bank details within"),
        "passport.confirmer_speaks_for": _(
            "Whoever changes a group’s bank account has spoken for it for"
        ),
        "passport.expired_safeguarding_stops": _("An expired safeguarding policy holds back"),
        "passport.expiry_warned_before": _("A group hears that a paper ends, beforehand"),
        "passport.share_at_most": _("A passport is shared for at most"),
        "partnership.term": _("How long a member’s term is"),
        "payment.decided_within": _("Whether a payment is approved is decided within"),
        "payment.sent_within": _("An approved payment is sent within"),
        "payment.new_payee_hold": _("New bank details wait"),
        "payment.same_sum_within": _("The same sum to the same payee is pointed out within"),
        "payment.second_approver_from": _("A second approver signs from"),
        "receipt.link_days": _("A link for receipts works for"),
        "receipt.most": _("The most receipts of one payment"),
        "receipt.same_picture": _("Two receipts look the same up to"),
        "starting.money": _("The most a group may spend on getting started"),
        "starting.present_least": _("People who decide together on start-up money, at least"),
        "plan.answered_within": _("The funder answers a plan within"),
        "report.results_most": _("One award tells what happened at most"),
        "report.receipts_within": _("Receipts are shown within"),
        "report.result_within": _("What became of an award is told within"),
        "report.result_within_small": _("What became of a small award is told within"),
        "report.small_award": _("An award is small up to"),
        "report.year_within": _("Accounts and story of a year are shown within"),
        "round.completion": _("How what is left over is used"),
        "round.count_rule": _("How votes are counted"),
        "round.days_for_checks": _("Time to answer every idea"),
        "round.days_for_ideas": _("Time to propose ideas"),
        "round.days_for_letters": _("Time for letters to arrive"),
        "round.days_for_voting": _("Time to vote"),
        "round.increment": _("By how much shares grow at a time"),
        "round.integral_start": _("Shares start at a whole pound"),
        "round.minimum_age": _("Youngest age to vote"),
        "round.room_pot_maximum": _("The most that one room may decide on"),
        "round.stop_when_exhaustive": _("Shares stop growing once nothing more fits"),
        "round.ties": _("How a tie is settled"),
        "round.utility": _("What a supporter gains from an idea"),
        "round.whole_ballots_from": _("Equal Shares publish whole ballots from"),
        "turnout.least_shown": _("A group of voters is shown from"),
        "venue.enhanced_tier_from": _("Further duties of safety for a place that holds"),
        "venue.standard_tier_from": _("Simple duties of safety for a place that holds"),
        "voting.ballot_stays_open": _("A ballot stays open on a phone for"),
        "voting.log_at_least": _("Envelopes are written into the record together, at least"),
        "voting.run_at_most": _("The most codes that are printed at a time"),
        "voting.seal_after": _("Links between codes and ballots are destroyed at the latest"),
        "voting.tries": _("A code is locked after"),
        "voting.versions_at_most": _("A ballot can be changed up to"),
        "voting.wrong_codes_an_address": _("Wrong codes from one connection, at most"),
        "voting.wrong_codes_together": _("Wrong codes from everywhere, at most"),
    }
