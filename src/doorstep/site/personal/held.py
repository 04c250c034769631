"""What becomes of each field about a person when they are erased, and why where it is kept."""

from dataclasses import dataclass

ERASED, KEPT = "erased", "kept"


@dataclass(frozen=True)
class Held:
    """What becomes of a field about a person, and why where it is kept."""

    fate: str
    why: str = ""


_GONE = Held(ERASED)
_ACCOUNTS = Held(KEPT, "accounts and their audit: who paid, who approved, and on whose details")
_OFFICE = Held(KEPT, "who decided, and when; by the account's number, without a name")
_PUBLIC = Held(KEPT, "words somebody gave to be public; without a name, and erased one by one")

# Every field that points to a person, or holds their words or address, by the model's label.
HELD: dict[str, Held] = {
    "people.Account.email": _GONE,
    "people.Account.password": _GONE,
    "account.EmailAddress.user": _GONE,
    "account.EmailAddress.email": _GONE,
    "mfa.Authenticator.user": _GONE,
    "mfa.Authenticator.data": _GONE,
    "people.Role.account": _OFFICE,
    "people.Device.account": _GONE,
    "people.Noted.account": _GONE,
    "organisations.Officer.account": _OFFICE,
    "organisations.BankMandate.account": _ACCOUNTS,
    "organisations.BankMandate.account_name": _ACCOUNTS,
    "organisations.BankMandate.sealed_number": _ACCOUNTS,
    "organisations.Tie.account": _GONE,
    "organisations.Tie.other": _GONE,
    "organisations.TiesSaid.account": _OFFICE,
    "organisations.Signatory.account": _OFFICE,
    "organisations.MandateChange.account_name": _ACCOUNTS,
    "organisations.MandateChange.sealed_number": _ACCOUNTS,
    "organisations.MandateChange.asked_by": _ACCOUNTS,
    "organisations.MandateChange.decided_by": _ACCOUNTS,
    "organisations.Document.given_by": _OFFICE,
    "organisations.Sponsorship.asked_by": _OFFICE,
    "organisations.Share.shared_by": _OFFICE,
    "organisations.Opening.account": Held(
        KEPT, "a group may know who opened its passport, by body and role, without a name"
    ),
    "partnerships.Membership.account": _OFFICE,
    "partnerships.Membership.name": _GONE,
    "partnerships.Filling.opened_by": _OFFICE,
    "partnerships.Candidate.account": _OFFICE,
    "partnerships.Candidate.name": _GONE,
    "partnerships.Household.one": Held(KEPT, "by the account's number; who may not vote on what"),
    "partnerships.Household.other": Held(KEPT, "by the account's number; who may not vote on what"),
    "partnerships.Plan.put_by": _OFFICE,
    "partnerships.Plan.draft": Held(KEPT, "lines of a plan that name nobody; empty once it is out"),
    "partnerships.MemorandumSignature.account": _OFFICE,
    "partnerships.CouncilAgreement.draft": Held(
        KEPT, "duties of bodies, which name nobody; empty once the agreement is offered"
    ),
    "partnerships.CouncilSignature.account": _OFFICE,
    "outbox.Contact.sealed": _GONE,
    "outbox.Contact.lookup": _GONE,
    "outbox.Message.contact": _GONE,
    "outbox.Message.sealed": _GONE,
    "ideas.Follower.contact": _GONE,
    "ideas.Unconfirmed.contact": _GONE,
    "ideas.Unconfirmed.said": _GONE,
    "ideas.Idea.title": _PUBLIC,
    "ideas.Idea.what": _PUBLIC,
    "ideas.Idea.where": _PUBLIC,
    "ledger.Match.confirmed_by": _OFFICE,
    "ledger.BankLine.sealed": _ACCOUNTS,
    "rounds.Recount.signer": _OFFICE,
    "rounds.Recount.name": _GONE,
    "rounds.Tally.counter": _OFFICE,
    "rounds.TallySheet.first_counter": _OFFICE,
    "rounds.TallySheet.second_counter": _OFFICE,
    "voting.Keying.keyer": _OFFICE,
    "voting.StackCount.counter": _OFFICE,
    "voting.Trustee.account": _OFFICE,
    "voting.Trustee.name": _GONE,
    "voting.HouseAsk.account": _OFFICE,
    "voting.LetterAddress.lines": Held(KEPT, "erased for everybody when the round is sealed"),
    "promises.Promise.held_by": _OFFICE,
    "promises.Feed.account": Held(KEPT, "the address is ended at once, and its hash opens nothing"),
    "fund.Step.asked_by": _ACCOUNTS,
    "fund.StepAnswer.account": _ACCOUNTS,
    "awards.Agreement.payee_account": _ACCOUNTS,
    "awards.Signature.account": _ACCOUNTS,
    "awards.MandateHold.entered_by": _ACCOUNTS,
    "awards.MandateCheck.called_by": _ACCOUNTS,
    "awards.Payment.payee_account": _ACCOUNTS,
    "awards.Payment.raised_by": _ACCOUNTS,
    "awards.Approval.account": _ACCOUNTS,
    "awards.PaymentFile.made_by": _ACCOUNTS,
    "awards.Stop.account": _ACCOUNTS,
    "awards.Receipt.handed_by": _ACCOUNTS,
    "awards.Receipt.checked_by": _ACCOUNTS,
    "awards.GrantForm.officer": _GONE,
    "awards.GrantForm.published_by": _OFFICE,
    "awards.GrantForm.extras": Held(KEPT, "what a form asked of everybody; nothing of a person"),
    "awards.Application.risks": Held(KEPT, "facts of a project by which its paper was decided"),
    "awards.Application.asked_by": _ACCOUNTS,
    "awards.Application.title": _GONE,
    "awards.Application.purpose": _GONE,
    "awards.Application.invoice": _GONE,
    "awards.Application.reason": _GONE,
    "awards.Said.words": _GONE,
    "awards.Say.account": _OFFICE,
    "awards.SharedHome.one": Held(KEPT, "so that nobody decides for their own household"),
    "awards.SharedHome.other": Held(KEPT, "so that nobody decides for their own household"),
    "awards.Review.written_by": _OFFICE,
    "awards.Funding.drafted_by": _ACCOUNTS,
    "awards.Funding.accepted_by": _ACCOUNTS,
    "awards.SpendReport.said_by": _ACCOUNTS,
    "awards.Move.said_by": _ACCOUNTS,
    "awards.Move.ended_by": _ACCOUNTS,
    "awards.CloseOut.begun_by": _ACCOUNTS,
    "awards.CloseOut.closed_by": _ACCOUNTS,
    "awards.ResultNote.told_by": _ACCOUNTS,
    "awards.ResultNote.shown_by": _ACCOUNTS,
    "files.Content.data": _ACCOUNTS,
}
