"""The proof of each night: kept for the dashboard, and staff is written to where something does not agree."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.utils import timezone

from shop.mail.operations import write_to_staff

from .models import Proof
from .proof import Counted, findings

logger = logging.getLogger(__name__)
# The shop's own hour, when fewest people buy.
HOUR = 3
SHOWN = 100
KEPT = timedelta(days=90)


def prove_if_due(now: datetime | None = None) -> Proof | None:
    """Prove the books where nobody has since three o'clock at night. A worker that slept through it does so when it starts."""
    now = timezone.localtime(now)
    night = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if night > now:
        night -= timedelta(days=1)
    return None if Proof.objects.filter(at__gte=night).exists() else prove()


def prove() -> Proof:
    """Prove the books, and keep what was found."""
    seen = Counted()
    found = findings(seen)
    first = [[finding.what, finding.problem] for finding in islice(found, SHOWN)]
    # The rest is counted and not kept.
    for _finding in found:
        pass
    with transaction.atomic():
        Proof.objects.filter(at__lt=timezone.now() - KEPT).delete()
        proof = Proof.objects.create(orders=seen.orders, records=seen.records, count=seen.found, findings=first)
        if seen.found:
            write_to_staff("staff-ledger", {"proof": proof.pk})
    for what, problem in first:
        logger.error("ledger: %s: %s", what, problem)
    return proof
