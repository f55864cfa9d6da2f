"""Role by role: which pages of the back offices open, and which do not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from oscar.core.application import OscarDashboardConfig

from shop.accounts import roles
from shop.accounts.models import User
from tests.factories import make_category, make_product
from tests.integration.accounts.making import make_order
from tests.people import signed_in

pytestmark = pytest.mark.django_db
MARKETER, MERCHANDISER, SUPPORT = roles.MARKETER, roles.MERCHANDISER, roles.SUPPORT
BOTH = {MERCHANDISER, SUPPORT}
EVERYBODY = {MARKETER, MERCHANDISER, SUPPORT}
NOBODY: set[str] = set()

# Every page of the dashboard that needs no object, and who may open it. A page that is not named here fails the test.
PAGES: dict[str, set[str]] = {
    "index": BOTH,
    "payment-list": BOTH,
    "return-list": BOTH,
    "payment-message-list": BOTH,
    "invoice-list": BOTH,
    "invoice-csv": BOTH,
    "gift-card-list": BOTH,
    "gift-card-report": BOTH,
    "gift-card-csv": BOTH,
    "gift-card-create": {MERCHANDISER},
    "reports-index": {MERCHANDISER},
    "users-index": {SUPPORT},
    "order-list": BOTH,
    "order-stats": BOTH,
    "catalogue-product-list": EVERYBODY,
    "catalogue-product-lookup": EVERYBODY,
    "catalogue-product-create": {MERCHANDISER},
    "catalogue-category-list": {MARKETER, MERCHANDISER},
    "catalogue-category-create": {MERCHANDISER},
    "catalogue-class-list": {MERCHANDISER},
    "catalogue-class-create": {MERCHANDISER},
    "catalogue-attribute-option-group-list": {MERCHANDISER},
    "catalogue-attribute-option-group-create": {MERCHANDISER},
    "offer-list": {MERCHANDISER},
    "offer-metadata": {MERCHANDISER},
    "range-list": {MERCHANDISER},
    "range-create": {MERCHANDISER},
    "reviews-list": BOTH,
    "voucher-list": {MERCHANDISER},
    "voucher-create": {MERCHANDISER},
    "voucher-set-list": {MERCHANDISER},
    "voucher-set-create": {MERCHANDISER},
    "shipping-method-list": {MERCHANDISER},
    "shipping-method-create": {MERCHANDISER},
    "page-list": NOBODY,
    "page-create": NOBODY,
    "user-alert-list": NOBODY,
    "stock-alert-list": NOBODY,
    "catalogue-option-list": NOBODY,
    "partner-list": NOBODY,
    "comms-list": NOBODY,
    "tax-rate-list": {MERCHANDISER},
    "tax-rate-create": {MERCHANDISER},
    "brand-list": {MERCHANDISER},
    "brand-create": {MERCHANDISER},
    "import-list": {MERCHANDISER},
    "product-export": {MERCHANDISER},
    "search-query-list": {MARKETER, MERCHANDISER},
    "search-judgement-list": {MERCHANDISER},
    "search-judgement-rate": {MERCHANDISER},
    "search-judgement-import": {MERCHANDISER},
    "search-judgement-export": {MERCHANDISER},
    "search-check-list": {MERCHANDISER},
    "search-rule-list": {MERCHANDISER},
    "search-rule-create": {MERCHANDISER},
    "search-synonym-list": {MERCHANDISER},
    "search-synonym-create": {MERCHANDISER},
    "search-check-create": {MERCHANDISER},
}
# Steps of a wizard that lead back to its first page, a POST, and the two doors.
NO_PAGE = {
    "catalogue-product-bulk-action", "order-bulk", "offer-condition", "offer-benefit", "offer-restrictions", "login", "logout",
    "outbox-retry", "search-judgement-score",
}  # fmt: skip
CMS = {
    "wagtailadmin_home": {MARKETER, MERCHANDISER},
    "wagtailadmin_explore_root": {MARKETER},
    "wagtailusers_users:index": NOBODY,
    "wagtailusers_groups:index": NOBODY,
    "wagtailsites:index": NOBODY,
    "wagtailadmin_workflows:index": NOBODY,
}


def dashboard_patterns() -> list[tuple[str, Any, OscarDashboardConfig]]:
    """Name, pattern and app of every address of the dashboard."""
    found = []
    for config in apps.get_app_configs():
        if isinstance(config, OscarDashboardConfig):
            found += [(each.name, each, config) for each in config.get_urls() if not hasattr(each, "url_patterns")]
    return found


def url_of(name: str) -> str | None:
    try:
        return reverse(f"dashboard:{name}")
    except Exception:  # not an address without an object, or hidden
        return None


@pytest.fixture
def staff() -> dict[str, Client]:
    """One browser a role."""
    return {role: signed_in(role) for role in sorted(EVERYBODY)}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_who_opens_which_page(staff: dict[str, Client], name: str) -> None:
    url = url_of(name)
    if url is None:
        assert name not in {each for each, _pattern, _config in dashboard_patterns()} or PAGES[name] == NOBODY
        return
    opened = {role for role, client in staff.items() if client.get(url).status_code != 403}
    assert opened == PAGES[name]
    for role in opened:
        # Making a product begins with its type, rating with a query: without one, they lead back to the list.
        leads_back = name in {"catalogue-product-create", "search-judgement-rate"}
        assert staff[role].get(url).status_code == (302 if leads_back else 200)
    stranger = Client().get(url, follow=True)
    assert stranger.redirect_chain[-1][0].startswith("/account/login/")


def test_every_page_of_the_dashboard_is_in_the_table() -> None:
    without_object = {name for name, _pattern, _config in dashboard_patterns() if name and url_of(name)}
    assert without_object - set(PAGES) - NO_PAGE == set()


def test_no_address_of_the_dashboard_is_open_to_all_staff() -> None:
    open_to_staff = {
        name
        for name, _pattern, config in dashboard_patterns()
        if name not in {"login", "logout"} and config.get_permissions(name) in (None, [], ["is_staff"])
    }
    assert open_to_staff == set()


def test_pages_about_one_thing(staff: dict[str, Client]) -> None:
    customer = User.objects.create_user("ada@example.com", "x")
    mug, category = make_product(), make_category("Cups")
    order = make_order(customer, mug, status="paid")
    table = {
        reverse("dashboard:order-detail", kwargs={"number": order.number}): BOTH,
        reverse("dashboard:user-detail", kwargs={"pk": customer.pk}): {SUPPORT},
        reverse("dashboard:catalogue-product", kwargs={"pk": mug.pk}): {MERCHANDISER},
        reverse("dashboard:catalogue-product-delete", kwargs={"pk": mug.pk}): {MERCHANDISER},
        reverse("dashboard:catalogue-category-update", kwargs={"pk": category.pk}): {MERCHANDISER},
        reverse("dashboard:order-shipping-address", kwargs={"number": order.number}): BOTH,
    }
    for url, allowed in table.items():
        opened = {role for role, client in staff.items() if client.get(url).status_code == 200}
        assert opened == allowed, url


@pytest.mark.parametrize("name", sorted(CMS))
def test_who_opens_which_page_of_the_editor(staff: dict[str, Client], name: str) -> None:
    # The rows for pages are written when the content app is migrated; tests run without.
    from content.roles import sync_wagtail_permissions

    sync_wagtail_permissions()
    url = reverse(name)
    assert {role for role, client in staff.items() if client.get(url).status_code == 200} == CMS[name]


def test_shoppers_and_bare_staff_see_nothing() -> None:
    shopper, bare = Client(), Client()
    shopper.force_login(User.objects.create_user("ada@example.com", "x"))
    bare.force_login(User.objects.create_user("new@example.com", "x", is_staff=True))
    for name in PAGES:
        if url := url_of(name):
            assert {shopper.get(url).status_code, bare.get(url).status_code} == {403}, name


def test_support_sends_a_password_link_but_switches_nobody_off(staff: dict[str, Client], mailoutbox: list[Any]) -> None:
    from shop.outbox.operations import drain_all

    customer = User.objects.create_user("ada@example.com", "x")
    support = staff[SUPPORT]
    url = reverse("dashboard:user-password-reset", kwargs={"pk": customer.pk})
    assert support.post(url).status_code == 302
    drain_all()
    assert [message.to for message in mailoutbox] == [["ada@example.com"]]
    answer = support.post("/dashboard/users/", {"action": "make_inactive", "selected_user": [customer.pk]})
    assert answer.status_code == 403
    customer.refresh_from_db()
    assert customer.is_active
    for role in (MARKETER, MERCHANDISER):
        assert staff[role].post(url).status_code == 403


def test_whoever_may_change_users_still_leaves_colleagues_alone(staff: dict[str, Client]) -> None:
    group = Group.objects.get(name=SUPPORT)
    group.permissions.add(Permission.objects.get(codename="change_user", content_type__app_label="accounts"))
    customer = User.objects.create_user("ada@example.com", "x")
    colleague = User.objects.get(email="marketer@example.com")
    staff[SUPPORT].post("/dashboard/users/", {"action": "make_inactive", "selected_user": [customer.pk, colleague.pk]})
    customer.refresh_from_db()
    colleague.refresh_from_db()
    assert (customer.is_active, colleague.is_active) == (False, True)


def test_a_partners_people_reach_no_order(client: Client) -> None:
    """Oscar's issue 4580: whoever belongs to a partner saw whole orders in which others sold, too."""
    from shop.partner.operations import ensure_partner

    partner_user = User.objects.create_user("partner@example.com", "x")
    partner_user.user_permissions.add(Permission.objects.get(codename="dashboard_access"))
    ensure_partner().users.add(partner_user)
    order = make_order(User.objects.create_user("ada@example.com", "x"), make_product())
    client.force_login(partner_user)
    detail = f"/dashboard/orders/{order.number}/"
    for url in (
        "/dashboard/", "/dashboard/orders/", "/dashboard/orders/statistics/", detail,
        f"{detail}status/", f"{detail}note/", f"{detail}shipping-address/", "/dashboard/catalogue/",
    ):  # fmt: skip
        assert client.get(url).status_code == 403, url
        assert client.post(url, {"order_action": "change_order_status"}).status_code == 403, url


def test_the_groups_hold_exactly_what_the_table_says() -> None:
    group = Group.objects.get(name=SUPPORT)
    group.permissions.add(Permission.objects.get(codename="delete_order"))
    roles.sync_roles()
    for role, wanted in roles.ROLES.items():
        held = Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename")
        assert {f"{app}.{name}" for app, name in held} == wanted, role


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_no_page_links_to_a_door_that_is_shut(staff: dict[str, Client], role: str) -> None:
    make_product("Ember bowl", categories=["For the table > Bowls"])
    client = staff[role]
    links: set[str] = set()
    pages = [url for name in PAGES if role in PAGES[name] and (url := url_of(name))]
    if role in CMS["wagtailadmin_home"]:
        pages.append(reverse("wagtailadmin_home"))
    for url in pages:
        answer = client.get(url)
        html = "" if answer.streaming else answer.content.decode()
        links.update(re.findall(r'(?:href|"url")(?:=|: )"(/dashboard/[^"#?]*)', html))
    assert len(links) > 2
    assert {url for url in links if client.get(url).status_code == 403} == set()
