"""What fills the gaps of an address: for those who belong here, and for those who do not.

A new address with a gap needs an object in `estate.py`. `SAMPLES` says what fills the gaps of an
address that begins so; the longest beginning counts, and `Estate` makes what it names.
"""

from collections.abc import Callable

from django.core import signing

from doorstep.apps.partnerships.models import Membership
from tests.site.estate import Estate

Fill = Callable[[Estate], dict[str, object]]
SAMPLES: dict[str, Fill] = {
    "": lambda e: {},
    "accounts/2fa/webauthn/keys/<number:pk>/": lambda e: {"pk": e.passkey},
    "api/v1/": lambda e: {
        "place": e.east.slug,
        "round": e.counted.slug,
        "award": e.street.kitchen.slug,
        "leaf": 0,
    },
    "desk/mine/devices/<number:pk>/": lambda e: {"pk": e.device},
    "applications/<number:pk>/": lambda e: {"pk": e.application},
    "desk/applications/<number:pk>/": lambda e: {"pk": e.application},
    "evidence/<slug:key>": lambda e: {"key": "accounted"},
    "forms/<slug:slug>/": lambda e: {"slug": e.form},
    "awards/<slug:slug>/": lambda e: {"slug": e.street.kitchen.slug},
    "awards/<slug:slug>/review/": lambda e: {"slug": e.quick},
    "awards/<slug:slug>/money/<number:number>/": lambda e: {"slug": "kitchen", "number": 1},
    "bank/<slug:slug>/": lambda e: {"slug": "millbrook-east-at-the-host"},
    "bank/<slug:slug>/lines/<number:pk>/": lambda e: {
        "slug": "millbrook-east-at-the-host",
        "pk": e.line,
    },
    "bank/<slug:slug>/matches/<number:pk>/": lambda e: {
        "slug": "millbrook-east-at-the-host",
        "pk": e.match,
    },
    "files/<slug:token>/": lambda e: {"token": "no-such-file"},
    "fund/<slug:fund>/shares/<slug:slug>/": lambda e: {"fund": e.fund, "slug": "first"},
    "fund/<slug:slug>/": lambda e: {"slug": e.fund},
    "fund/<slug:slug>/steps/<number:pk>/": lambda e: {"slug": e.fund, "pk": e.step},
    "ideas/<number:number>/": lambda e: {"number": e.idea},
    "ideas/confirm/<slug:token>/": lambda e: {"token": "no-such-word"},
    "ideas/mine/<str:token>/": lambda e: {"token": "no-such-word"},
    "ledger/<number:seq>/": lambda e: {"seq": 1},
    "ledger/place/<slug:slug>/": lambda e: {"slug": e.east.slug},
    "map/<slug:code>/": lambda e: {"code": "E02990004"},
    "messages/<number:pk>/again/": lambda e: {"pk": e.message},
    "messages/end/<slug:token>/": lambda e: {"token": "no-such-word"},
    "passports/<slug:slug>/": lambda e: {"slug": e.payee},
    "passports/<slug:slug>/papers/<number:pk>/": lambda e: {"slug": e.payee, "pk": e.document},
    "passports/<slug:slug>/sharing/<number:pk>/": lambda e: {"slug": e.payee, "pk": e.share},
    "passports/read/<number:pk>/": lambda e: {"pk": e.share, "document": e.document},
    "payment-files/<number:number>/": lambda e: {"number": e.payment_file},
    "payments/<slug:slug>/": lambda e: {"slug": e.street.raised.slug},
    "desk/promises/calendars/<number:pk>/": lambda e: {"pk": 1},
    "promises/<number:pk>/": lambda e: {"pk": e.promise},
    "promises/of/<slug:slug>/": lambda e: {"slug": e.payee},
    "promises/calendar/<str:token>/": lambda e: {"token": "no-such-word"},
    "places/<slug:slug>/": lambda e: {"slug": e.east.slug},
    "places/<slug:slug>/assurance/": lambda e: {
        "slug": e.east.slug,
        "year": 2026,
        "part": "spend",
    },
    "places/<slug:slug>/members/work/<number:pk>/": lambda e: {
        "slug": e.east.slug,
        "pk": Membership.objects.filter(partnership__place=e.east)[0].pk,
    },
    "places/<slug:slug>/members/work/fill/<number:number>/": lambda e: {
        "slug": e.east.slug,
        "number": 1,
    },
    "places/<slug:slug>/meetings/<number:number>/": lambda e: {
        "slug": e.east.slug,
        "number": 1,
        "item": 1,
    },
    "places/<slug:slug>/plan/<number:number>/": lambda e: {"slug": e.east.slug, "number": 1},
    "receipt/<number:pk>/": lambda e: {"pk": e.receipt},
    "receipts/<str:token>/": lambda e: {"token": signing.dumps("nothing", salt="of-a-test")},
    "record/<number:idx>/": lambda e: {"idx": 0},
    "record/log/<slug:log>/": lambda e: {"log": "public"},
    "record/log/public/tile/<path:rest>": lambda e: {"rest": "0/000"},
    "record/log/public/timestamp/<number:size>": lambda e: {"size": 1},
    "result/<number:pk>/": lambda e: {"pk": e.note},
    "rounds/<slug:slug>/": lambda e: {"slug": e.voting.slug},
    "rounds/<slug:slug>/<slug:kind>-<slug:language>.pdf": lambda e: {
        "slug": e.voting.slug,
        "kind": "poster",
        "language": "en",
    },
    "rounds/<slug:slug>/codes/<number:number>/": lambda e: {
        "slug": e.voting.slug,
        "number": e.plan,
    },
    "rounds/<slug:slug>/codes/<number:number>/spoilt/": lambda e: {
        "slug": e.voting.slug,
        "number": e.batch,
    },
    "rounds/<slug:slug>/papers/<number:number>/": lambda e: {"slug": e.voting.slug, "number": 1},
    "rounds/<slug:slug>/delete/": lambda e: {"slug": "draft-east"},
    "rounds/<slug:slug>/sheet/": lambda e: {"slug": e.counted.slug},
    "rounds/<slug:slug>/room/": lambda e: {"slug": e.room.slug},
    "rounds/<slug:slug>/trustee/<slug:verb>/": lambda e: {"slug": e.voting.slug, "verb": "tried"},
    "rounds/<slug:slug>/type-in/": lambda e: {"slug": e.ideas.slug},
    "v/<path:code>": lambda e: {"code": "ABCD"},
}
# For addresses about a thing of a thing: what those who have no business here fill in for the
# first, so that it is their own. Somebody else's number under it must lead nowhere. The longest
# beginning counts.
OWN: dict[str, Fill] = {
    "awards/<slug:slug>/money/": lambda e: {"slug": e.award_away},
    "bank/": lambda e: {"slug": "millbrook-west-at-the-host"},
    "fund/<slug:fund>/shares/": lambda e: {"fund": "other-fund"},
    "fund/<slug:slug>/steps/": lambda e: {"slug": "other-fund"},
    "passports/<slug:slug>/": lambda e: {"slug": "other-hall"},
    "passports/read/": lambda e: {"pk": e.share_away},
    "places/<slug:slug>/meetings/": lambda e: {"slug": e.west.slug},
    "places/<slug:slug>/members/": lambda e: {"slug": e.west.slug},
    "rounds/": lambda e: {"slug": e.away.slug},
}
# Addresses of which the second gap names nothing that anybody has, and why.
NOTHING_OF_OTHERS = {
    "places/<slug:slug>/assurance/": "a year, and a part of the pack, are every place's own",
    "rounds/<slug:slug>/trustee/<slug:verb>/": "a word for what a device sends",
}
