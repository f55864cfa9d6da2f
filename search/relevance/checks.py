"""What a check wants of a list, and where a list breaks or keeps it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from search.guided import fits
from search.models import ListingRow

from .models import RelevanceCheck


def place_in(check: RelevanceCheck, ids: Sequence[int]) -> int:
    """The place that decides: the first one of the check's products, 0 without any, or the first of something else."""
    members = {check.product_id} if check.product_id else _members(check, ids)
    if check.kind == RelevanceCheck.Kind.ONLY:
        return next((place for place, pk in enumerate(ids, start=1) if pk not in members), len(ids) + 1)
    return next((place for place, pk in enumerate(ids, start=1) if pk in members), 0)


def _members(check: RelevanceCheck, ids: Sequence[int]) -> set[int]:
    found = ListingRow.objects.filter(fits(check.group_kind, check.group_value), pk__in=ids)
    return set(found.values_list("pk", flat=True))


def wanted(check: RelevanceCheck) -> str:
    """What has to be so, such as "Kettles: none among the first 3"."""
    about = {"name": check.about, "count": check.within}
    if check.kind == RelevanceCheck.Kind.NONE:
        return _("%(name)s must not be among the first %(count)s") % about
    if check.kind == RelevanceCheck.Kind.ONLY:
        return _("the first %(count)s have to be of %(name)s") % about
    return _("%(name)s has to be among the first %(count)s") % about


def where(check: RelevanceCheck, place: int) -> str:
    """What decides at this place, such as "at place 5"."""
    if not place:
        return _("none is found") if check.kind == RelevanceCheck.Kind.NONE else _("not found")
    if check.kind == RelevanceCheck.Kind.ONLY and not check.passes(place):
        return _("something else or nothing at place %(place)s") % {"place": place}
    if check.kind == RelevanceCheck.Kind.ONLY:
        return _("none of the first %(count)s is anything else") % {"count": place - 1}
    return _("at place %(place)s") % {"place": place}
