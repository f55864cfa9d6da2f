"""What mails about the books read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from shop.mail.operations import base_url, context_of

from .models import Proof


@context_of("staff-ledger")
def staff_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the proof found. Raises LookupError where it is thrown away."""
    proof = Proof.objects.filter(pk=context["proof"]).first()
    if proof is None:
        raise LookupError(f"proof {context['proof']} is gone")
    return {"proof": proof, "dashboard_url": base_url() + reverse("dashboard:index")}
