"""Everything held about a person as one JSON document, written piece by piece."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from shop.accounts import personal
from shop.accounts.models import User


def document(user: User) -> Iterator[str]:
    """The document in pieces: when it was made, what each field means, then each kind of thing as a list."""
    holdings = personal.holdings()
    head = {
        "made": timezone.now(),
        "about": {each.name: {"what": each.about, "fields": each.fields} for each in holdings},
    }
    yield _json(head)[:-1] + ', "data": {'
    for number, each in enumerate(holdings):
        yield ("," if number else "") + f"\n{_json(each.name)}: ["
        for place, item in enumerate(each.export(user)):
            yield ("," if place else "") + "\n" + _json(item)
        yield "]"
    yield "}}\n"


def _json(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
