"""Fields with room for words that hold nothing of a person, each with its reason.

A pointer to words (`record.Wording`) counts as personal until it stands here: names lie in words.
"""

_DECIDED = "words of a decision, plan or agreement of bodies, public from the start"
_REASON = "why an office did something, written for everybody to read"
_NAMED = "the name of a body, a place, an idea's project or a thing"
_MADE = "made by us or by a machine: a hash, a key, a mark, a token that opens nothing personal"
_LISTED = "one of a list that we wrote, or plain data of settings and results"

OF_NOBODY: dict[str, set[str]] = {
    _DECIDED: {
        "awards.Award.title", "awards.Decision.title", "awards.GrantForm.title",
        "partnerships.AgendaItem.title", "partnerships.CouncilAgreement.why",
        "partnerships.CouncilDuty.words", "partnerships.Meeting.where", "partnerships.Meeting.why",
        "partnerships.Meeting.short_notice", "partnerships.Paper.title",
        "partnerships.Plan.legacy", "partnerships.Plan.vision", "partnerships.Plan.why",
        "partnerships.PlanLine.how", "partnerships.PlanLine.title",
        "partnerships.PlanReview.change", "partnerships.PlanReview.done",
        "partnerships.Start.vision", "partnerships.Start.where", "partnerships.StartMoney.title",
        "rounds.Round.title", "rounds.Terms.secrecy_reason",
    },
    _REASON: {
        "awards.GrantForm.explanation", "awards.Move.reason", "awards.Part.why",
        "awards.SpendReport.words", "fund.DecidedShare.reason", "fund.Decision.reason",
        "fund.Review.reason", "fund.StepAnswer.reason", "ideas.Step.changes",
        "ideas.Step.rule_words", "ledger.Match.reason", "partnerships.CouncilAgreement.reason",
        "partnerships.LearningWithdrawn.reason", "partnerships.Plan.reason",
        "rounds.Round.cancel_reason", "rounds.Withdrawal.reason",
    },
    _NAMED: {
        "fund.Fund.name", "fund.Programme.name", "fund.Proposal.name", "fund.ProposedPlace.code",
        "fund.ProposedPlace.council", "fund.ProposedPlace.name", "ledger.BankAccount.label",
        "organisations.Identifier.value", "organisations.Organisation.name",
        "partnerships.Filling.seed_from", "partnerships.Partnership.name",
        "promises.HolidayStep.name", "rounds.Project.code", "rounds.Project.name",
        "voting.CodePlan.area",
    },
    _MADE: {
        "account.EmailConfirmation.key", "awards.Application.once", "awards.QuestionsFixed.sha256",
        "awards.Receipt.mark", "awards.Receipt.picture", "files.StoredFile.fingerprint",
        "files.StoredFile.token", "fund.Scenario.sha256", "fund.Scenario.text",
        "outbox.ChoreRun.name", "outbox.ChoreRun.worker", "outbox.Contact.token",
        "outbox.Message.claim", "outbox.Message.key", "outbox.WorkerBeat.worker",
        "partnerships.Filling.seed", "promises.Feed.fingerprint", "promises.Promise.subject",
        "rounds.BallotBox.sha256", "rounds.Recount.result_sha256", "rounds.Result.sha256",
        "voting.Credential.selector", "voting.Keying.tracker", "voting.Opening.sha256",
    },
    _LISTED: {
        "awards.Approval.role", "awards.Decision.recused", "awards.Decision.voted",
        "awards.Delegation.holder_role", "awards.Payment.raised_role", "awards.Said.key",
        "awards.Say.role", "awards.Signature.role", "awards.Stop.role", "fund.Proposal.inputs",
        "fund.Proposal.lost", "fund.Proposal.need", "fund.Proposal.programme",
        "fund.Proposal.small_unit", "fund.Proposal.steps", "fund.Proposal.unit",
        "fund.ProposedPlace.ranks", "fund.ProposedPlace.reasons", "fund.ProposedPlace.scores",
        "fund.Step.asked_role", "fund.WaveShare.yearly", "ideas.Idea.tags", "ideas.Step.rule_key",
        "ideas.Step.tags", "organisations.Opening.role", "organisations.Share.papers",
        "outbox.Contact.language", "outbox.Message.reason", "partnerships.AgendaItem.terms",
        "partnerships.LearningEntry.what", "promises.HolidayStep.nations",
        "promises.Promise.kind", "promises.Promise.nations", "promises.Promise.owed_by_role",
        "promises.Promise.rule_key",
        "rounds.Result.outcome", "rounds.Round.rule", "rounds.Tally.text", "rounds.Terms.grounds",
        "rounds.Terms.languages", "voting.Keying.choice", "voting.PaperStack.language",
        "voting.RoundKey.in_strongbox",
    },
}  # fmt: skip
PLAIN = set().union(*OF_NOBODY.values())
