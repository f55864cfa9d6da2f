"""Picture sizes: made of whatever is uploaded, refused where it is no picture, removed only after the commit."""

import io
import logging
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from shop.catalogue import picture_files, pictures
from shop.catalogue.models import ProductImage
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import drain_all
from tests.factories import make_picture, make_product, picture_bytes


def only(topic: str) -> None:
    """Let the worker do nothing but `topic`."""
    OutboxEntry.objects.exclude(topic=topic).delete()
    drain_all()


def add(content: bytes, name: str = "it.png") -> ProductImage:
    return ProductImage.objects.create(product=make_product(), original=ContentFile(content, name=name))


def made(image: ProductImage) -> ProductImage:
    only("picture.sizes")
    image.refresh_from_db()
    return image


@pytest.mark.django_db
def test_sizes_are_made_and_never_larger_than_the_picture() -> None:
    image = made(make_picture(make_product(), width=500, height=625))
    assert image.has_sizes
    name = image.original.name
    for width in (160, 320, 480, 500):
        for suffix in ("avif", "webp", "jpg"):
            with default_storage.open(pictures.size_name(name, width, suffix)) as file, Image.open(file) as size:
                assert size.size == (width, round(width * 1.25))
    assert not default_storage.exists(pictures.size_name(name, 640, "jpg"))


@pytest.mark.django_db
def test_names_are_worked_out_without_database_or_storage(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        shown = pictures.picture("a/b c.png", alt="A pot", width=500, height=625, has_sizes=True)
    assert shown.url == "/media/sizes/a/b%20c.png.500.jpg"
    assert [mime for mime, _ in shown.sources] == ["image/avif", "image/webp"]
    assert shown.sources[0][1].startswith("/media/sizes/a/b%20c.png.160.avif 160w, ")
    assert shown.srcset.endswith("500.jpg 500w")
    bare = pictures.picture("a.png")
    assert (bare.url, bare.srcset, bare.width, bare.height) == ("/media/a.png", "", 800, 1000)


@pytest.mark.django_db
def test_the_shape_is_known_at_once_and_follows_the_exif_turn() -> None:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = Image.new("RGB", (300, 200), "red")
    picture.paste("blue", (0, 0, 150, 200))
    picture.save(buffer, "JPEG", exif=exif)
    image = add(buffer.getvalue(), "turned.jpg")
    assert (image.width, image.height) == (200, 300)
    made(image)
    with default_storage.open(pictures.size_name(image.original.name, 200, "webp")) as file, Image.open(file) as size:
        assert size.size == (200, 300)
        assert not size.getexif()
        red, _, blue = size.convert("RGB").getpixel((100, 20))
        assert blue > red


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("format", "mode"),
    [
        ("JPEG", "CMYK"),
        ("JPEG", "L"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "LA"),
        ("PNG", "I;16"),
        ("PNG", "1"),
        ("GIF", "P"),
        ("WEBP", "RGBA"),
        ("AVIF", "RGB"),
        ("TIFF", "RGB"),
        ("BMP", "RGB"),
    ],
)
def test_every_kind_of_picture(format: str, mode: str) -> None:
    image = made(add(picture_bytes(100, 50, format=format, mode=mode), f"it.{format.lower()}"))
    assert (image.has_sizes, image.width, image.height) == (True, 100, 50)


@pytest.mark.django_db
def test_transparency_stays_and_is_white_where_it_cannot() -> None:
    name = made(add(picture_bytes(200, 200, mode="RGBA"))).original.name
    with default_storage.open(pictures.size_name(name, 160, "webp")) as file, Image.open(file) as size:
        assert size.convert("RGBA").getpixel((10, 10))[3] == 0
    with default_storage.open(pictures.size_name(name, 160, "jpg")) as file, Image.open(file) as size:
        assert size.getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.django_db
def test_what_is_no_picture_is_logged_and_not_tried_again(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = picture_bytes(600, 600, format="JPEG")[:900]
    bad = [add(b"<script>alert(1)</script>", "it.png"), add(damaged, "it.jpg"), add(b"", "empty.png")]
    monkeypatch.setattr(picture_files, "MAX_PIXELS", 1000)
    bad.append(add(picture_bytes(50, 50), "bomb.png"))
    with caplog.at_level(logging.WARNING):
        only("picture.sizes")
    assert [ProductImage.objects.get(pk=image.pk).has_sizes for image in bad] == [False] * 4
    assert OutboxEntry.objects.count() == 0
    assert "50 x 50 pixels; the limit is 1,000" in caplog.text


@pytest.mark.django_db
def test_a_decompression_bomb_is_refused_from_its_header() -> None:
    small = bytearray(picture_bytes(10, 10))
    # Width and height of a PNG lie at bytes 16 to 23; Pillow reads the header without checking its sum.
    small[16:24] = (60_000).to_bytes(4, "big") * 2
    assert picture_files.read_size(io.BytesIO(bytes(small))) == (0, 0)


@pytest.mark.django_db
def test_making_sizes_twice_changes_nothing() -> None:
    image = made(make_picture(make_product()))
    before = sorted(default_storage.listdir(f"sizes/{image.original.name.rsplit('/', 1)[0]}")[1])
    pictures.make_sizes(image)
    assert sorted(default_storage.listdir(f"sizes/{image.original.name.rsplit('/', 1)[0]}")[1]) == before


@pytest.mark.django_db
def test_a_new_file_gets_new_sizes_and_the_old_ones_go() -> None:
    image = made(make_picture(make_product()))
    image = ProductImage.objects.get(pk=image.pk)
    old = image.original.name
    image.original = ContentFile(picture_bytes(300, 300), name="new.png")
    image.save()
    assert (image.has_sizes, image.width) == (False, 300)
    OutboxEntry.objects.filter(topic="catalogue.changed").delete()
    drain_all()
    assert not default_storage.exists(old)
    assert not default_storage.exists(pictures.size_name(old, 400, "avif"))
    assert ProductImage.objects.get(pk=image.pk).has_sizes


@pytest.mark.django_db(transaction=True)
def test_a_deletion_that_rolls_back_keeps_the_files() -> None:
    image = make_picture(make_product())
    name = image.original.name
    with pytest.raises(RuntimeError), transaction.atomic():
        image.product.delete()
        raise RuntimeError
    only("picture.remove")
    assert default_storage.exists(name)
    ProductImage.objects.get(pk=image.pk).product.delete()
    assert default_storage.exists(name)
    only("picture.remove")
    assert not default_storage.exists(name)


@pytest.mark.django_db
def test_a_file_that_two_products_share_stays_while_one_uses_it() -> None:
    image = make_picture(make_product())
    name = image.original.name
    ProductImage.objects.bulk_create([ProductImage(product=make_product(), original=name)])
    ProductImage.objects.get(pk=image.pk).delete()
    only("picture.remove")
    assert default_storage.exists(name)


@pytest.mark.django_db
def test_pictures_do_not_hold_up_other_work(monkeypatch: pytest.MonkeyPatch) -> None:
    images = [make_picture(make_product()) for _ in range(3)]
    OutboxEntry.objects.all().delete()
    monkeypatch.setattr(pictures, "SECONDS_AT_ONCE", -1)
    pictures.sizes_wanted([{"image": image.pk} for image in images])
    assert OutboxEntry.objects.filter(topic="picture.sizes").count() == 3
