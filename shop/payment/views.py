"""Where Stripe's messages arrive."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from . import gateway, webhooks

# Stripe's are below this by far.
MOST_BYTES = 1_000_000


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Take in a message that Stripe signed. Anything but 200 makes Stripe send it again."""
    if not gateway.is_configured():
        return HttpResponse("No payments here.", status=404, content_type="text/plain")
    try:
        payload = request.read(MOST_BYTES + 1)
    except (OSError, RequestDataTooBig):
        return HttpResponse("The message did not arrive whole.", status=400, content_type="text/plain")
    if len(payload) > MOST_BYTES:
        return HttpResponse(f"More than {MOST_BYTES} bytes.", status=413, content_type="text/plain")
    try:
        row = webhooks.receive(payload, request.headers.get("Stripe-Signature", ""))
    except gateway.BadSignature as error:
        return HttpResponse(str(error), status=400, content_type="text/plain")
    except Exception:
        # Written down as failed, and logged there. Stripe's own retries are the cure.
        return HttpResponse("Not taken in; send it again.", status=500, content_type="text/plain")
    return HttpResponse(row.state, content_type="text/plain")
