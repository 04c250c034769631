"""What the 360Giving standard, version 1.4, asks of the fields that we write, in our own words.

Stricter than the standard's own schema, which takes any word for a currency and any text for an id,
and needs no file beside it, so that every clone checks every grant.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from doorstep.apps.organisations.models import Identifier

Check = Callable[[Any], bool]
# Registers of org-id.guide that an organisation of ours may stand in.
REGISTERS = "|".join(sorted(Identifier.Scheme.values))


def is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def is_pounds(value: Any) -> bool:
    """A number that is whole pence, and not less than nothing."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return False
    return round(value * 100) / 100 == value


def is_day(value: Any) -> bool:
    """2026-06-01, and that day is in the calendar."""
    return isinstance(value, str) and len(value) == 10 and _parses(date.fromisoformat, value)


def is_moment(value: Any) -> bool:
    """2026-06-01T12:00:00Z, or with the distance to UTC (RFC 3339)."""
    form = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    return (
        isinstance(value, str)
        and re.fullmatch(form, value, re.ASCII) is not None
        and _parses(datetime.fromisoformat, value)
    )


def is_address(value: Any) -> bool:
    if not isinstance(value, str) or re.search(r"\s", value):
        return False
    parts = urlsplit(value)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def is_organisation(prefix: str) -> Check:
    """The id of a public register with a number in it, or one that begins with our own prefix."""
    ours = re.escape(prefix)
    form = re.compile(rf"({REGISTERS})-[A-Z0-9]+|{ours}-(org|fund)-[a-z0-9-]+", re.ASCII)
    return lambda value: isinstance(value, str) and form.fullmatch(value) is not None


def is_ours(prefix: str) -> Check:
    form = re.compile(rf"{re.escape(prefix)}-[a-z0-9][a-z0-9-]*", re.ASCII)
    return lambda value: isinstance(value, str) and form.fullmatch(value) is not None


def one_of(*values: str) -> Check:
    return lambda value: value in values


def matches(form: str) -> Check:
    return lambda value: isinstance(value, str) and re.fullmatch(form, value, re.ASCII) is not None


def _parses(read: Callable[[str], object], value: str) -> bool:
    try:
        read(value)
    except ValueError:
        return False
    return True


def fields(said: dict[str, Any], must: dict[str, Check], may: dict[str, Check]) -> Iterator[str]:
    """What is missing, what is not as it must be, and what the standard has no field for here."""
    if not isinstance(said, dict):
        yield f"{said!r} is no object"
        return
    yield from (f"{name} is missing" for name in must if name not in said)
    known = must | may
    for name, value in said.items():
        if name not in known:
            yield f"{name} is no field that we write"
        elif not known[name](value):
            yield f"{name} is {value!r}"


def package_faults(package: dict[str, Any], prefix: str) -> Iterator[str]:
    """What is wrong with a whole file; nothing when it is right."""
    must: dict[str, Check] = {
        "version": one_of("1.4"),
        "title": is_text,
        "description": is_text,
        "identifier": is_ours(prefix),
        "publisher": lambda value: (
            not list(fields(value, {"name": is_text, "website": is_address}, {}))
        ),
        "license": is_address,
        "downloadURL": is_address,
        "accessURL": is_address,
        "modified": is_moment,
        "grants": lambda value: isinstance(value, list) and len(value) > 0,
    }
    yield from fields(package, must, {})
    grants = package.get("grants") or []
    for grant in grants:
        yield from (f"{grant.get('id')}: {fault}" for fault in grant_faults(grant, prefix))
    often = Counter(grant.get("id") for grant in grants)
    yield from (f"{name} is the id of {times} grants" for name, times in often.items() if times > 1)
    newest = max((str(grant.get("dateModified")) for grant in grants), default="")
    if package.get("modified") != newest:
        yield f"modified is {package.get('modified')}, and the newest grant is of {newest}"


def grant_faults(grant: dict[str, Any], prefix: str) -> Iterator[str]:
    must: dict[str, Check] = {
        "id": is_ours(prefix),
        "title": is_text,
        "description": is_text,
        "currency": one_of("GBP"),
        "amountAwarded": is_pounds,
        "awardDate": is_day,
        "fundingOrganization": lambda value: isinstance(value, list) and len(value) == 1,
    }
    may: dict[str, Check] = {
        "amountDisbursed": is_pounds,
        "url": is_address,
        "recipientOrganization": lambda value: isinstance(value, list) and len(value) == 1,
        "recipientIndividual": lambda value: isinstance(value, dict),
        "beneficiaryLocation": lambda value: isinstance(value, list) and len(value) > 0,
        "grantProgramme": lambda value: isinstance(value, list) and len(value) == 1,
        "fromOpenCall": one_of("Yes", "No"),
        "disbursementTransaction": lambda value: isinstance(value, list) and len(value) > 0,
        "dateModified": is_moment,
        "dataSource": is_address,
        "locationScope": matches(r"GLS0[1-9]0"),
    }
    yield from fields(grant, must, may)
    if ("recipientOrganization" in grant) == ("recipientIndividual" in grant):
        yield "a grant goes to an organisation or to an individual: say one of them"
    yield from _parts_faults(grant, prefix)
    yield from _payments_faults(grant)


def _parts_faults(grant: dict[str, Any], prefix: str) -> Iterator[str]:
    numbers = {
        "charityNumber": matches(r"(SC)?[0-9]{3,8}"),
        "companyNumber": matches(r"[A-Z0-9]{8}"),
    }
    named = {"id": is_organisation(prefix), "name": is_text}
    parts: dict[str, tuple[dict[str, Check], dict[str, Check]]] = {
        "fundingOrganization": (named, numbers),
        "recipientOrganization": (named, numbers),
        "grantProgramme": ({"code": is_text, "title": is_text}, {}),
        "beneficiaryLocation": ({"name": is_text, "countryCode": one_of("GB")}, {}),
    }
    for name, (must, may) in parts.items():
        for one in grant.get(name) or []:
            yield from (f"{name}: {fault}" for fault in fields(one, must, may))
    if "recipientIndividual" in grant:
        person = {"id": is_ours(prefix), "name": one_of("Individual, not named")}
        for fault in fields(grant["recipientIndividual"], person, {}):
            yield f"recipientIndividual: {fault}"


def _payments_faults(grant: dict[str, Any]) -> Iterator[str]:
    """Each payment is whole, and they add up to what was paid, and to no more than was awarded."""
    paid = grant.get("disbursementTransaction") or []
    must = {"id": is_text, "currency": one_of("GBP"), "value": is_pounds}
    for one in paid:
        for fault in fields(one, must, {"transactionDate": is_day}):
            yield f"disbursementTransaction: {fault}"
    if len({one.get("id") for one in paid}) != len(paid):
        yield "two payments have one id"
    pence = sum(round(one["value"] * 100) for one in paid if is_pounds(one.get("value")))
    said, awarded = grant.get("amountDisbursed"), grant.get("amountAwarded")
    if is_pounds(said) and round(said * 100) != pence:
        yield f"amountDisbursed is {said}, and the payments add up to {pence} pence"
    if is_pounds(awarded) and pence > round(awarded * 100):
        yield "more was paid than was awarded"
