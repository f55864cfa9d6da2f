"""The demo's bar, one-click sign-in and letter box answer on the machine itself and nowhere else."""

import uuid
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Site

from content.models import ProductStory
from demo.people import MARKETER, MERCHANDISER, SHOPPER
from shop.accounts import roles
from shop.accounts.models import User
from shop.mail.models import SentMail
from tests.factories import make_product

pytestmark = pytest.mark.django_db
OURS = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture
def demo(settings: Any) -> None:
    settings.DEBUG = True
    for email, role in ((MARKETER, roles.MARKETER), (MERCHANDISER, roles.MERCHANDISER), (SHOPPER, None)):
        user = User.objects.create_user(email, "masthead-demo")
        if role:
            roles.assign(user, role)


def go(client: Client, to: str, path: str = "/", **extra: Any) -> Any:
    return client.post("/demo/go/", {"to": to, "path": path}, **OURS, **extra)


@pytest.mark.parametrize(
    ("to", "email", "address"), [("dashboard", MERCHANDISER, "/dashboard/"), ("shop", SHOPPER, "/shop/")]
)
def test_one_click_signs_in_and_goes_there(client: Client, demo: None, to: str, email: str, address: str) -> None:
    response = go(client, to, "/shop/")
    assert (response.status_code, response["Location"]) == (302, address)
    assert client.session["_auth_user_id"] == str(User.objects.get(email=email).pk)


def test_edit_opens_the_page_that_one_was_on(client: Client, demo: None) -> None:
    home = Site.objects.get(is_default_site=True).root_page
    response = go(client, "edit", "/")
    assert response["Location"] == f"/cms/pages/{home.pk}/edit/"
    assert client.get(response["Location"]).status_code == 200


def test_edit_on_a_product_opens_its_story(client: Client, demo: None) -> None:
    product = make_product("Kettle")
    address = go(client, "edit", product.get_absolute_url())["Location"]
    assert address.endswith(f"/add/?product={product.pk}")
    story = ProductStory.objects.create(product=product)
    assert f"/edit/{story.pk}/" in go(client, "edit", product.get_absolute_url())["Location"]


@pytest.mark.parametrize("path", ["https://elsewhere.example/", "//elsewhere.example/", "shop"])
def test_nobody_is_sent_to_another_host(client: Client, demo: None, path: str) -> None:
    assert go(client, "shop", path)["Location"] == "/"


def test_another_site_cannot_sign_anybody_in(demo: None) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/demo/go/", {"to": "dashboard"}, HTTP_SEC_FETCH_SITE="cross-site")
    assert response.status_code == 403
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("extra", [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}])
def test_it_answers_this_machine_only(client: Client, demo: None, extra: dict[str, str]) -> None:
    assert go(client, "dashboard", **extra).status_code == 404
    assert client.get("/demo/mail/", **extra).status_code == 404
    assert b"demo-strip" not in client.get("/", **extra).content


def test_nothing_of_it_without_debug(client: Client, demo: None, settings: Any) -> None:
    assert b"demo-strip" in client.get("/").content
    settings.DEBUG = False
    assert go(client, "dashboard").status_code == 404
    assert b"demo-strip" not in client.get("/").content


def test_the_back_offices_have_the_bar_too(client: Client, demo: None) -> None:
    go(client, "dashboard")
    assert client.get("/dashboard/").content.count(b'class="demo-strip') >= 1
    go(client, "edit")
    assert b"demo-office" in client.get("/cms/").content


def test_every_mail_is_shown(client: Client, demo: None, django_assert_max_num_queries: Any) -> None:
    mails = [
        SentMail(
            id=uuid.uuid4(),
            kind="order-placed",
            to="a@example.com",
            subject=f"Order {n}",
            text="Thanks",
            html="<p>Hi</p>",
        )
        for n in range(40)
    ]
    SentMail.objects.bulk_create(mails)
    with django_assert_max_num_queries(9):
        page = client.get("/demo/mail/").content.decode()
    assert page.count("Order ") == 30 and "?page=2" in page
    assert "Thanks" in client.get(f"/demo/mail/{mails[0].pk}/").content.decode()
    frame = client.get(f"/demo/mail/{mails[0].pk}/html/")
    assert frame.content == b"<p>Hi</p>"
    assert frame["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
