"""The product page, reviews and the fragment of products seen before."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from oscar.core.loading import get_model

from shop.accounts.models import User
from shop.catalogue.models import Product
from shop.shipping.models import ShippingMethod
from tests.factories import make_offer, make_product, make_variant

ProductReview = get_model("reviews", "ProductReview")
pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> User:
    return User.objects.create_user("reader@example.com", "a long password", first_name="Rhoda")


def page(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, response.content[:2000]
    return response.content.decode()


def test_the_page_of_a_product(client: Client) -> None:
    make_offer(
        "Seconds week",
        products=[
            make_product(
                "Kiln <mug>",
                slug="kiln-mug",
                price="22",
                brand="Ines & Co",
                categories=["Table > Mugs"],
                description="<p>Round.<script>alert(1)</script><a href='javascript:x()' onclick='y()'>more</a></p>",
                picture=True,
            )
        ],
    )
    html = page(client, "/products/kiln-mug/")
    assert html.count("<h1>") == 1
    assert "<h1>Kiln &lt;mug&gt;</h1>" in html
    assert "£22" in html
    assert "Seconds week" in html
    assert "alert(1)" not in html
    assert "onclick" not in html
    assert "javascript:" not in html
    assert 'href="/shop/table/mugs/"' in html
    assert "csrfmiddlewaretoken" not in html
    assert "style=" not in html
    data = [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)]
    assert data[0]["name"] == "Kiln <mug>"
    assert data[0]["offers"][0]["price"] == "22.00"
    assert data[1]["itemListElement"][0]["name"] == "Table"


def test_variants_can_be_chosen_without_scripts(client: Client) -> None:
    parent = make_product(
        "Pot",
        slug="pot",
        variants=[
            {"attributes": {"Glaze": "Fern", "Size": "S"}, "price": "5", "sku": "POT-S"},
            {"attributes": {"Glaze": "Ink", "Size": "L"}, "price": "7", "sku": "POT-L"},
            {"attributes": {"Glaze": "Ink", "Size": "S"}, "price": "9", "stock": 0},
        ],
    )
    children = list(parent.children.order_by("pk"))
    html = page(client, "/products/pot/?glaze=Ink&size=L")
    assert re.search(rf'name="product" value="{children[1].pk}" checked', html)
    assert '<span class="price__now">£7</span>' in html
    assert html.count("data-variant ") == 3
    assert html.count(" data-unavailable") == 1
    assert html.count("data-option-group") == 2
    other = page(client, f"/products/pot/?variant={children[0].pk}")
    assert re.search(rf'name="product" value="{children[0].pk}" checked', other)
    for shown, sku in ((html, "POT-L"), (other, "POT-S")):
        assert (
            f'<tbody data-variant-details><tr><th scope="row">Article number</th><td>{sku}</td></tr></tbody>' in shown
        )
    assert html.count(' data-details="&lt;tr&gt;') == 3
    for nonsense in ("?variant=abc", "?variant=99999999999999999999", "?glaze=%00", "?variant=-1"):
        page(client, f"/products/pot/{nonsense}")


def test_old_addresses_lead_to_the_newest_in_one_step(client: Client) -> None:
    product = make_product(slug="one")
    for slug in ("two", "three"):
        product.slug = slug
        product.save()
    response = client.get("/products/one/?glaze=Ink")
    assert (response.status_code, response["Location"]) == (301, "/products/three/?glaze=Ink")
    assert client.get("/products/two/reviews/")["Location"] == "/products/three/reviews/"
    child = make_variant(make_product(slug="parent", variants=[]))
    response = client.get(f"/products/{child.slug}/")
    assert (response.status_code, response["Location"]) == (301, f"/products/parent/?variant={child.pk}")


def test_what_is_not_there_gets_a_page_that_helps(client: Client) -> None:
    make_product(slug="hidden", is_public=False)
    for slug in ("nothing", "hidden"):
        assert "/search/" in page(client, f"/products/{slug}/", 404)


def test_a_sold_out_product_says_so(client: Client) -> None:
    make_product(slug="gone", stock=0, price="5")
    html = page(client, "/products/gone/")
    assert "£5" in html
    assert re.search(r"<button[^>]*data-variant-submit disabled>Sold out", html)


def test_a_sold_out_product_leads_on(client: Client) -> None:
    make_product(slug="gone", stock=0, categories=["Table > Mugs"])
    make_product(slug="here", categories=["Table > Mugs"])
    assert '<a href="/shop/table/mugs/?in_stock=1">See what there is in Mugs</a>' in page(client, "/products/gone/")
    assert "See what there is" not in page(client, "/products/here/")


def test_the_maker_is_named_once_over_the_price(client: Client) -> None:
    for slug, subtitle in (("mug", "Ines Calder, 350 ml"), ("cup", "Ines Calder"), ("jug", "Ines Calderwood, 1 l")):
        make_product(slug=slug, brand="Ines Calder", subtitle=subtitle)
    assert '<p class="quiet">350 ml</p>' in page(client, "/products/mug/")
    assert page(client, "/products/cup/").count('<p class="quiet">Ines') == 0
    assert '<p class="quiet">Ines Calderwood, 1 l</p>' in page(client, "/products/jug/")


def test_the_german_page_links_within_german(client: Client) -> None:
    make_product(slug="pot", categories=["Table"])
    html = page(client, "/de/products/pot/")
    assert 'href="/de/shop/table/"' in html
    assert '<link rel="canonical" href="http://testserver/de/products/pot/">' in html


def test_queries_of_the_page(client: Client, django_assert_max_num_queries: Any) -> None:
    parent = make_product(
        slug="pot", categories=["A > B"], variants=[{"attributes": {"Size": str(n)}, "price": n + 1} for n in range(12)]
    )
    ProductReview.objects.create(product=parent, score=5, title="Good", body="Yes", status=ProductReview.APPROVED)
    for _ in range(4):
        get_model("catalogue", "ProductRecommendation").objects.create(primary=parent, recommendation=make_product())
    page(client, "/products/pot/")
    with django_assert_max_num_queries(16):
        page(client, "/products/pot/")


def test_a_review_waits_for_approval_and_counts_then(client: Client, reader: User) -> None:
    product = make_product(slug="pot")
    assert "Sign in to write one" in page(client, "/products/pot/reviews/")
    assert client.post("/products/pot/reviews/", {"score": 5}).status_code == 302
    assert ProductReview.objects.count() == 0
    client.force_login(reader)
    assert ">Stars</label>" in page(client, "/products/pot/reviews/")
    answers = {"score": 4, "title": "Pours well", "body": "No drip."}
    response = client.post("/products/pot/reviews/", answers)
    assert response.status_code == 302
    html = page(client, response["Location"])
    assert "Your review is shown once somebody has read it" in html
    assert '<h2 id="write">Your review</h2>' in html
    assert "Pours well" not in html
    review = ProductReview.objects.get()
    assert (review.status, review.user) == (ProductReview.FOR_MODERATION, reader)
    review.status = ProductReview.APPROVED
    review.save()
    assert Product.objects.get(pk=product.pk).rating == 4.0
    html = page(client, "/products/pot/")
    assert "Pours well" in html
    assert "Rhoda" in html
    assert "1 review" in html
    assert "Bought here" not in html


def test_one_review_a_person_and_no_nonsense(client: Client, reader: User) -> None:
    make_product(slug="pot")
    client.force_login(reader)
    answers = {"score": "4", "title": "Pours well", "body": "No drip."}
    for bad in ({"score": "9"}, {"score": ""}, {"title": " "}, {"body": "x" * 4001}, {"title": "x" * 121}):
        assert client.post("/products/pot/reviews/", answers | bad).status_code == 422
    assert client.post("/products/pot/reviews/", answers).status_code == 302
    assert client.post("/products/pot/reviews/", answers).status_code == 409
    assert ProductReview.objects.count() == 1


def test_reviews_have_pages(client: Client) -> None:
    product = make_product(slug="pot")
    for number in range(12):
        ProductReview.objects.create(
            product=product,
            score=number % 6,
            title=f"Nr {number}.",
            body="Yes",
            name="A",
            status=ProductReview.APPROVED,
        )
    first, second = page(client, "/products/pot/reviews/"), page(client, "/products/pot/reviews/?page=2")
    assert "Nr 11." in first
    assert "Nr 1." not in first
    assert "Nr 1." in second
    for wrong in ("3", "0", "-1", "abc", "9999"):
        page(client, f"/products/pot/reviews/?page={wrong}", 404)


def test_products_seen_before(client: Client, django_assert_max_num_queries: Any) -> None:
    products = [make_product(f"Seen {number:02}.") for number in range(15)]
    make_product("Hidden.", is_public=False)
    ids = ",".join(str(product.pk) for product in reversed(products))
    html = page(client, f"/products/recent/?ids={ids},abc,-4,{'9' * 30}")
    assert html.count("<article") == 12
    assert html.index("Seen 14.") < html.index("Seen 13.")
    assert page(client, "/products/recent/?ids=x").strip() == ""
    assert page(client, "/products/recent/").strip() == ""
    with django_assert_max_num_queries(6):
        page(client, f"/products/recent/?ids={ids}")


def test_the_page_does_not_read_the_basket(client: Client, reader: User, django_assert_max_num_queries: Any) -> None:
    """Twenty lines in the basket and a person signed in: the page costs the session and the person more, no line."""
    make_product(slug="pot", categories=["A > B"], variants=[{"attributes": {"Size": str(n)}} for n in range(12)])
    basket = get_model("basket", "Basket").objects.create(owner=reader)
    for _ in range(20):
        line = make_product()
        basket.lines.create(product=line, stockrecord=line.stockrecords.get(), line_reference=str(line.pk), quantity=1)
    client.force_login(reader)
    page(client, "/products/pot/")
    with django_assert_max_num_queries(16) as seen:
        page(client, "/products/pot/")
    assert not [query["sql"] for query in seen.captured_queries if "basket_line" in query["sql"]]


def test_bought_here_is_said_of_buyers_only(client: Client, reader: User) -> None:
    parent = make_product(slug="pot", variants=[{}])
    child = parent.children.get()
    ProductReview.objects.create(
        product=parent, user=reader, score=5, title="Good", body="Yes", status=ProductReview.APPROVED
    )
    order = get_model("order", "Order").objects.create(
        number="1", user=reader, total_incl_tax=1, total_excl_tax=1, status="cancelled"
    )
    order.lines.create(
        product=child,
        title="Pot",
        num_allocated=0,
        line_price_incl_tax=1,
        line_price_excl_tax=1,
        line_price_before_discounts_incl_tax=1,
        line_price_before_discounts_excl_tax=1,
    )
    assert "Bought here" not in page(client, "/products/pot/")
    type(order).objects.filter(pk=order.pk).update(status="delivered")
    assert "Bought here" in page(client, "/products/pot/")


def test_deliveries_are_those_of_the_visitors_country(client: Client, django_assert_max_num_queries: Any) -> None:
    make_product(slug="cup", price="12")
    make_product(slug="pot", price="72", weight_grams=900)
    make_product(slug="anvil", price="72", weight_grams=40_000)
    make_product(slug="gone", price="12", stock=0)
    html = page(client, "/products/cup/")
    assert re.search(r"Order today and it comes by <strong>\w+ \d+ \w+</strong>, for £4.50\.", html)
    assert "£4.50, free from £60. 2 to 3 working days." in html
    assert "£6.50. 1 working day." in html
    html = page(client, "/products/pot/")
    assert re.search(r"Order today and it comes by <strong>\w+ \d+ \w+</strong>, free\.", html)
    assert "Next day" not in page(client, "/products/anvil/")
    html = page(client, "/products/gone/")
    assert "Order today" not in html
    assert "free from £60" in html
    client.cookies["country"] = "DE"
    html = page(client, "/products/cup/")
    assert "£12, free from £150. 4 to 7 working days." in html
    assert "Next day" not in html
    method = ShippingMethod.objects.get(code="europe")
    method.price = Decimal("9")
    method.save()
    assert "£9, free from £150" in page(client, "/products/cup/")


def test_nothing_is_delivered_that_is_not_sent(client: Client) -> None:
    product = make_product(slug="voucher")
    product.product_class.requires_shipping = False
    product.product_class.save()
    assert "Order today" not in page(client, "/products/voucher/")


def test_german_deliveries_speak_german(client: Client) -> None:
    make_product(slug="cup", price="12")
    html = page(client, "/de/products/cup/")
    assert re.search(r"<strong>\w+, \d+\. \w+</strong>", html)
    assert "Am nächsten Tag" in html
    assert "Next day" not in html
    method = ShippingMethod.objects.get(code="next-day")
    method.name = "By bicycle"
    method.save()
    assert "By bicycle" in page(client, "/de/products/cup/")
