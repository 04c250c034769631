"""A partnership whose members are told apart, and a meeting of it on a day in June."""

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from doorstep.apps.organisations.actions import open_organisation
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.actions import form_partnership, join
from doorstep.apps.partnerships.actions.deciding import decide_item
from doorstep.apps.partnerships.actions.meetings import NewItem, call_meeting
from doorstep.apps.partnerships.models import AgendaItem, ItemDecision, Meeting, Membership
from doorstep.apps.partnerships.rules.meetings import Votes
from doorstep.apps.people.actions import open_account
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor
from tests.millbrook import place_with_money

LONDON = ZoneInfo("Europe/London")
MAY, CALLED, MET = date(2026, 5, 1), date(2026, 6, 1), date(2026, 6, 17)
AT = datetime(2026, 6, 17, 19, 0, tzinfo=LONDON)
NEXT = datetime(2026, 7, 15, 19, 0, tzinfo=LONDON)
SECRETARY = Actor("partnership_member", 2)
SEATS = {
    "ann": ("chair", True),
    "bob": ("secretary", True),
    "cat": ("treasurer", True),
    "dev": ("member", True),
    "eve": ("member", False),
    "fay": ("member", False),
}


@dataclass
class Group:
    place: Place
    hall: Organisation
    seats: dict[str, Membership] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Membership:
        try:
            return self.__dict__["seats"][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def partnership(self):
        return self.ann.partnership


def group(place: Place | None = None) -> Group:
    """Four who live in Millbrook East, two who do not, and a hall that could be paid."""
    place = place or place_with_money(5_000_000)
    made = Group(place, open_organisation("the-hall", "The Hall", "cio", actor=SECRETARY))
    partnership = form_partnership(place, "Millbrook East Together", actor=SECRETARY)
    for name, (seat, lives_here) in SEATS.items():
        account = open_account(f"{name}@millbrook.example", actor=SECRETARY)
        made.seats[name] = join(
            partnership, account, seat=seat, lives_here=lives_here, since=MAY,
            name=f"{name.title()} Jones", named_in_public=name == "ann", actor=SECRETARY,
        )  # fmt: skip
    return made


KITCHEN = NewItem("money", "A kitchen", pence=180_000)
PLAN = NewItem("matter", "Paint the hall green")
NEWS = NewItem("report", "What the worker did")


def called(told: Group, *items: NewItem, at: datetime = AT, on: date = CALLED, **more) -> Meeting:
    return call_meeting(
        told.partnership, meets_at=at, where="St Anne’s Hall", items=items, on=on,
        actor=SECRETARY, **more,
    )  # fmt: skip


def item(meeting: Meeting, number: int = 1) -> AgendaItem:
    return AgendaItem.objects.select_related("meeting").get(meeting=meeting, number=number)


def decided(
    told: Group,
    meeting: Meeting,
    number: int = 1,
    *,
    here: str = "ann bob cat dev eve",
    out: dict[str, str] | None = None,
    votes: tuple[int, int, int] | None = None,
    method: str = "hands",
    chair: str = "ann",
    on: date = MET,
    note: str = "",
) -> ItemDecision:
    """Deal with an item: everybody in `here` takes part, but for who is in `out`."""
    out = out or {}
    names = [name for name in here.split() if name not in out]
    said = {told.seats[name].pk: "here" for name in names}
    said |= {told.seats[name].pk: kind for name, kind in out.items()}
    return decide_item(
        item(meeting, number), said=said, chair=told.seats[chair], method=method,
        votes=Votes(*(votes or (len(names), 0, 0))), note=note, on=on, actor=SECRETARY,
    )  # fmt: skip
