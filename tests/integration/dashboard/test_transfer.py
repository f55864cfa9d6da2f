"""Import and export in the browser: checked first, imported when somebody says so, problems by line."""

from __future__ import annotations

import gzip
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.template.defaultfilters import filesizeformat
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.accounts.roles import MERCHANDISER
from shop.catalogue.importing import jsonlines, lines
from shop.catalogue.models import Product, TaxClass
from shop.dashboard.models import ImportRun
from shop.dashboard.transfer import operations
from shop.dashboard.transfer.views import UploadForm
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import drain_all
from shop.partner.models import TaxRate
from shop.shipping.models import ShippingMethod
from tests.factories import make_product

from .pages import signed_in

pytestmark = pytest.mark.django_db
GOOD_AND_BAD = b"""slug,sku,title,price,stock
mug,MUG-1,Mug,12.50,3
jug,JUG-1,Jug,abc,1
"""


@pytest.fixture
def client() -> Client:
    return signed_in(MERCHANDISER)


def send(client: Client, content: bytes, name: str = "products.csv") -> ImportRun:
    answer = client.post(reverse("dashboard:import-list"), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.context["form"].errors
    run = ImportRun.objects.order_by("-pk").first()
    assert run is not None
    assert answer["Location"] == reverse("dashboard:import-detail", args=[run.pk])
    return run


def test_a_file_is_checked_then_imported_and_its_problems_are_told_by_line(client: Client) -> None:
    run = send(client, GOOD_AND_BAD)
    detail = reverse("dashboard:import-detail", args=[run.pk])
    assert "Waiting for the worker" in client.get(detail).content.decode()
    drain_all()
    text = client.get(detail).content.decode()
    assert "An import would do this" in text
    assert "abc" in text
    assert not Product.objects.exists()

    go = reverse("dashboard:import-go", args=[run.pk])
    assert client.post(go).status_code == 302
    assert "under way or done already" in client.post(go, follow=True).content.decode()
    drain_all()
    run.refresh_from_db()
    assert (run.state, run.result["created"], run.result["rejected"]) == ("done", 1, 1)
    assert [(line, rejects) for line, _value, _why, rejects in run.problems] == [(3, True)]
    assert bytes(run.content) == b""
    assert Product.objects.get().title == "Mug"
    assert "The import did this" in client.get(detail).content.decode()


def test_an_export_comes_back_unchanged(client: Client) -> None:
    make_product("Mug", categories=["Table"])
    make_product("Jug", categories=["Table"], variants=[{"attributes": {"Size": "S"}}, {"attributes": {"Size": "L"}}])
    answer = client.get(reverse("dashboard:product-export"))
    assert answer["Content-Disposition"].startswith("attachment;")
    run = send(client, b"".join(answer.streaming_content))
    drain_all()
    run.refresh_from_db()
    counts = {name: run.check_result[name] for name in ("created", "updated", "unchanged", "rejected")}
    assert counts == {"created": 0, "updated": 0, "unchanged": 2, "rejected": 0}


def test_a_file_of_no_known_kind_is_said_to_be_so(client: Client) -> None:
    run = send(client, b"\x89PNG\r\n\x1a\n0000", name="picture.png")
    drain_all()
    run.refresh_from_db()
    assert run.state == "failed"
    assert (
        "is a picture, and products are read from text"
        in client.get(reverse("dashboard:import-detail", args=[run.pk])).content.decode()
    )


@pytest.mark.parametrize("stage", ["check", "import"])
def test_an_unforeseen_error_ends_the_run_and_is_told(
    client: Client, monkeypatch: Any, caplog: pytest.LogCaptureFixture, stage: str
) -> None:
    run = send(client, GOOD_AND_BAD)
    if stage == "import":
        drain_all()
        client.post(reverse("dashboard:import-go", args=[run.pk]))

    def broken(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError("no \x00 reason")

    monkeypatch.setattr(operations, "import_products", broken)
    drain_all()
    run.refresh_from_db()
    assert (run.state, bytes(run.content)) == ("failed", b"")
    assert "ZeroDivisionError: no ? reason" in run.error
    assert "Upload the file again" in client.get(reverse("dashboard:import-detail", args=[run.pk])).content.decode()
    assert not OutboxEntry.objects.filter(topic=operations.TOPIC).exists()
    assert f"import run {run.pk} failed" in caplog.text


def test_a_database_that_is_locked_is_no_reason_to_fail(client: Client, monkeypatch: Any) -> None:
    run = send(client, GOOD_AND_BAD)

    def locked(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(operations, "import_products", locked)
        drain_all()
    run.refresh_from_db()
    assert run.state == "waiting"
    OutboxEntry.objects.filter(topic=operations.TOPIC).update(available_at=timezone.now())
    drain_all()
    run.refresh_from_db()
    assert run.state == "checked"


def test_a_file_that_is_too_large_is_not_kept(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(UploadForm.base_fields["file"], "max_bytes", 10)
    answer = client.post(reverse("dashboard:import-list"), {"file": SimpleUploadedFile("a.csv", GOOD_AND_BAD)})
    assert "can be uploaded" in str(answer.context["form"].errors)
    assert not ImportRun.objects.exists()


def test_what_another_worker_is_at_is_left_to_it_and_taken_over_when_it_dies(client: Client) -> None:
    run = send(client, GOOD_AND_BAD)
    ImportRun.objects.filter(pk=run.pk).update(state="checking", touched_at=timezone.now())
    OutboxEntry.objects.all().delete()
    operations.runs_wanted([{"run": run.pk, "write": False}])
    run.refresh_from_db()
    assert run.state == "checking"
    assert OutboxEntry.objects.get().available_at > timezone.now()
    ImportRun.objects.filter(pk=run.pk).update(touched_at=timezone.now() - timedelta(hours=1))
    operations.runs_wanted([{"run": run.pk, "write": False}])
    run.refresh_from_db()
    assert run.state == "checked"


def test_a_tax_rate_is_typed_in_per_cent(client: Client) -> None:
    rate = TaxRate.objects.get(country="DE", tax_class=TaxClass.STANDARD)
    url = reverse("dashboard:tax-rate-update", args=[rate.pk])
    assert client.get(url).context["form"]["percent"].value() == Decimal("19.00")
    answer = client.post(url, {"country": "DE", "tax_class": "standard", "percent": "20.5"})
    assert answer.status_code == 302
    rate.refresh_from_db()
    assert rate.rate == Decimal("0.205")
    double = client.post(
        reverse("dashboard:tax-rate-create"), {"country": "DE", "tax_class": "standard", "percent": "7"}
    )
    assert double.status_code == 200
    assert TaxRate.objects.filter(country="DE").count() == 3


def test_a_delivery_method_is_added_changed_and_deleted(client: Client) -> None:
    values = {
        "name": "By bicycle", "code": "bicycle", "countries": ["GB"], "price": "3", "included_grams": "2000",
        "price_per_kg": "1", "days_min": "2", "days_max": "1", "is_active": "on", "position": "9",
    }  # fmt: skip
    create = reverse("dashboard:shipping-method-create")
    assert "at least as many days" in client.post(create, values).content.decode()
    assert client.post(create, {**values, "days_max": "3"}).status_code == 302
    method = ShippingMethod.objects.get(code="bicycle")
    assert (method.countries, method.price) == (["GB"], Decimal(3))
    assert "By bicycle" in client.get(reverse("dashboard:shipping-method-list")).content.decode()
    assert client.post(reverse("dashboard:shipping-method-delete", args=[method.pk])).status_code == 302
    assert not ShippingMethod.objects.filter(code="bicycle").exists()


def test_a_file_that_cannot_be_taken_apart_is_told_and_not_tried_for_ever(client: Client) -> None:
    run = send(client, b"slug,sku,title\n" + b"a" * 1_000_001)
    drain_all()
    run.refresh_from_db()
    assert run.state == ImportRun.State.FAILED
    assert "cannot be read beyond line 2" in run.error


def test_the_page_and_the_manual_name_one_limit() -> None:
    manual = (settings.BASE_DIR / "docs" / "manual" / "merchandiser.md").read_text(encoding="utf-8")
    limit = filesizeformat(operations.MAX_BYTES).replace("\xa0", " ").replace(".0", "")
    assert f"Files above {limit} go in at the server" in manual


@pytest.mark.parametrize("name", ["ü" * 250 + ".csv", "商品" * 100 + ".csv", "a" * 255])
def test_a_file_may_be_called_anything(client: Client, name: str) -> None:
    run = send(client, GOOD_AND_BAD, name)
    drain_all()
    run.refresh_from_db()
    assert (run.state, run.error) == ("checked", "")


def test_a_file_of_no_known_format_is_called_by_its_name(client: Client) -> None:
    run = send(client, b"a,b\n1,2\n", "prices.csv")
    drain_all()
    run.refresh_from_db()
    assert run.state == "failed" and run.error.startswith("prices.csv is none of the formats")


def test_of_many_problems_the_first_are_kept_and_all_are_counted(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "KEPT_PROBLEMS", 3)
    run = send(client, gzip.compress(b"{}\n" * 50), "products.jsonl.gz")
    drain_all()
    run.refresh_from_db()
    assert (run.state, run.problem_count, run.check_result["rejected"]) == ("checked", 50, 50)
    assert [line for line, *_rest in run.problems] == [1, 2, 3]


@pytest.mark.parametrize(
    "content", [b"{}\n" * 12, b"\n" * 12, gzip.compress(b"{}\n" * 12, mtime=0), b"slug,sku\n" + b"a,b\n" * 12]
)
def test_a_file_with_too_many_lines_is_refused_as_a_whole(
    client: Client, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(lines, "MOST_LINES", 10)
    run = send(client, content if content.strip() else b"{}" + content)
    drain_all()
    run.refresh_from_db()
    assert run.state == "failed" and "more than 10 lines" in run.error


@pytest.mark.parametrize("content", [b"{}\n" * 200, b"x" * 600])
def test_a_packed_file_that_unpacks_to_too_much_is_refused(
    client: Client, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(jsonlines, "MOST_BYTES", 500)
    monkeypatch.setattr(jsonlines, "LONGEST_LINE", 100)
    run = send(client, gzip.compress(content))
    drain_all()
    run.refresh_from_db()
    assert run.state == "failed" and "unpacked, the file has more than" in run.error
