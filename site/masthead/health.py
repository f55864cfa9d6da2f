"""Whether the process lives and whether it can serve."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse


def live(request: HttpRequest) -> HttpResponse:
    """200 while the process answers."""
    return HttpResponse("live\n", content_type="text/plain")


def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, 503 with the reason when it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as error:
        return JsonResponse({"ready": False, "database": str(error)}, status=503)
    return JsonResponse({"ready": True, "database": "ok"})
