"""Check and import uploaded files, one after the other, in the worker."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.catalogue.importing.files import UnknownFormatError
from shop.catalogue.importing.operations import ImportResult, import_products
from shop.dashboard.models import ImportRun
from shop.outbox.operations import enqueue, handles

logger = logging.getLogger(__name__)
TOPIC = "dashboard.import"
# Larger files go in with `manage.py import_products`.
MAX_BYTES = 40 * 1024 * 1024
# As many problems as a page can show and a person can read.
KEPT_PROBLEMS = 1000
# A run that has said nothing for so long was left by a worker that died.
SILENCE = timedelta(minutes=3)
SECONDS_BETWEEN_NOTES = 1

State = ImportRun.State


@transaction.atomic
def upload(file: UploadedFile, *, by: Any) -> ImportRun:
    """Keep the file and have it checked. Nothing is written to the catalogue."""
    run = ImportRun.objects.create(
        name=Path(file.name or "upload").name, content=file.read(), size=file.size or 0, by=by
    )
    enqueue(TOPIC, {"run": run.pk, "write": False})
    return run


@transaction.atomic
def go(run: ImportRun) -> bool:
    """Have a checked file imported. False where it is not waiting for that, such as at the second click."""
    if not ImportRun.objects.filter(pk=run.pk, state=State.CHECKED).update(
        state=State.QUEUED, done=0, touched_at=timezone.now()
    ):
        return False
    enqueue(TOPIC, {"run": run.pk, "write": True})
    return True


@handles(TOPIC, slow=True)
def runs_wanted(payloads: Sequence[dict[str, Any]]) -> None:
    """Check or import. Harmless to repeat: a run that another worker is at is looked at again later."""
    for payload in payloads:
        _take(payload["run"], write=payload["write"])


def _take(pk: int, *, write: bool) -> None:
    before, during = (State.QUEUED, State.IMPORTING) if write else (State.WAITING, State.CHECKING)
    now = timezone.now()
    waiting = ImportRun.objects.filter(pk=pk)
    taken = waiting.filter(state=before) | waiting.filter(state=during, touched_at__lt=now - SILENCE)
    if taken.update(state=during, touched_at=now):
        try:
            _work(ImportRun.objects.get(pk=pk), write=write)
        except OperationalError:
            # The database was locked or gone. The outbox tries again, and finds the run as it was.
            waiting.update(state=before)
            raise
    elif waiting.filter(state=during).exists():
        enqueue(TOPIC, {"run": pk, "write": write}, available_at=now + SILENCE)


def _work(run: ImportRun, *, write: bool) -> None:
    notes = _Notes(run)
    with tempfile.TemporaryDirectory() as folder:
        # Not the name it came with: that may be longer than a file system takes, and means nothing here.
        path = Path(folder) / "upload"
        path.write_bytes(bytes(run.content))
        try:
            result = import_products(
                path, dry_run=not write, start=notes.start, progress=notes.advance, keep_problems=KEPT_PROBLEMS,
                name=run.name,
            )  # fmt: skip
        except (UnknownFormatError, OSError, ValueError) as error:
            _fail(run, str(error))
            return
        except OperationalError:
            raise
        except Exception as error:
            logger.exception("import run %s failed", run.pk)
            _fail(run, _unforeseen(error, notes.done if write else 0))
            return
    counts = _counts(result)
    problems = [
        [each.line, _storable(each.value[:200]), _storable(each.reason), each.rejects] for each in result.problems
    ]
    values: dict[str, Any] = {"problems": problems, "problem_count": result.problem_count, "error": ""}
    if write:
        values |= {"state": State.DONE, "result": counts, "content": b""}
    else:
        values |= {"state": State.CHECKED, "check_result": counts}
    ImportRun.objects.filter(pk=run.pk).update(done=notes.done, touched_at=timezone.now(), **values)


def _fail(run: ImportRun, why: str) -> None:
    ImportRun.objects.filter(pk=run.pk).update(
        state=State.FAILED, error=_storable(why[:2000]), content=b"", touched_at=timezone.now()
    )


def _unforeseen(error: Exception, written: int) -> str:
    """What happened, and what to do about it. Batches that were written before stay, and coming again doubles nothing."""
    what = _("An error that nobody foresaw stopped it: %(error)s.") % {"error": f"{type(error).__name__}: {error}"}
    kept = _("%(count)s products are in.") % {"count": written} if written else _("Nothing is written.")
    return f"{what} {kept} " + _(
        "Upload the file again: what is in stays as it is. If it stops again, show this to whoever runs the site."
    )


def _storable(text: str) -> str:
    """Without the halves of characters that a file in another encoding leaves, and NUL, which PostgreSQL refuses."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "?")


def _counts(result: ImportResult) -> dict[str, Any]:
    names = ("format", "created", "updated", "unchanged", "rejected", "pictures")
    return {name: getattr(result, name) for name in names}


class _Notes:
    """Writes down how far the work is, at most once a second."""

    def __init__(self, run: ImportRun) -> None:
        self.run, self.done, self._next = run, 0, timezone.now()

    def start(self, total: int) -> None:
        """So many products there are."""
        ImportRun.objects.filter(pk=self.run.pk).update(total=total, done=0, touched_at=timezone.now())

    def advance(self, number: int) -> None:
        """So many more are done."""
        self.done += number
        now = timezone.now()
        if now >= self._next:
            self._next = now + timedelta(seconds=SECONDS_BETWEEN_NOTES)
            ImportRun.objects.filter(pk=self.run.pk).update(done=self.done, touched_at=now)
