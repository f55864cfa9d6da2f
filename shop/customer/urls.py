"""The addresses of the account. Oscar's names are kept where its dashboard, models or templates ask for them."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path
from django.views.generic import RedirectView

from .views import (
    addresses,
    cards,
    data,
    documents,
    find,
    gift_cards,
    orders,
    overview,
    profile,
    returns,
    sign_in,
    wishlists,
)
from .views.common import members_only, uncached

ADDRESS = "addresses/<int:pk>/"
ORDER = "orders/<slug:order_number>/"
GUEST = "order/<slug:order_number>/<str:hash>/"
LIST = "wishlists/<slug:key>/"

urlpatterns: list[URLPattern] = [
    path("", members_only(overview.overview), name="summary"),
    path("login/", uncached(sign_in.sign_in), name="login"),
    path("logout/", uncached(sign_in.sign_out), name="logout"),
    path("register/", uncached(sign_in.register), name="register"),
    path("orders/", members_only(orders.order_list), name="order-list"),
    path("orders/find/", uncached(find.find_orders), name="order-find"),
    path(ORDER, members_only(orders.order_detail), name="order"),
    path(f"{ORDER}again/", members_only(orders.again), name="order-again"),
    path(f"{ORDER}cancel/", members_only(orders.cancel), name="order-cancel"),
    path(f"{ORDER}<path:code>.pdf", members_only(documents.document), name="document"),
    path(GUEST, uncached(orders.guest_order), name="anon-order"),
    path(f"{GUEST}<path:code>.pdf", uncached(documents.guest_document), name="anon-document"),
    path(f"{ORDER}return/", members_only(returns.ask), name="order-return"),
    path(f"{ORDER}returns/<slug:number>/", members_only(returns.one), name="return"),
    path(f"{ORDER}returns/<slug:number>/withdraw/", members_only(returns.withdraw), name="return-withdraw"),
    path(f"{GUEST}cancel/", uncached(orders.cancel), name="anon-order-cancel"),
    path(f"{GUEST}again/", uncached(orders.again), name="anon-order-again"),
    path(f"{GUEST}return/", uncached(returns.ask), name="anon-order-return"),
    path(f"{GUEST}returns/<slug:number>/", uncached(returns.one), name="anon-return"),
    path(f"{GUEST}returns/<slug:number>/withdraw/", uncached(returns.withdraw), name="anon-return-withdraw"),
    path("addresses/", members_only(addresses.address_list), name="address-list"),
    path("addresses/add/", members_only(addresses.create), name="address-create"),
    path(ADDRESS, members_only(addresses.update), name="address-detail"),
    path(f"{ADDRESS}delete/", members_only(addresses.delete), name="address-delete"),
    re_path(
        r"^addresses/(?P<pk>\d{1,18})/first-for-(?P<purpose>delivery|bill)/$",
        members_only(addresses.use_first),
        name="address-first",
    ),
    path("cards/", members_only(cards.card_list), name="card-list"),
    path("cards/<slug:card>/forget/", members_only(cards.forget), name="card-forget"),
    path("gift-cards/", members_only(gift_cards.card_list), name="gift-cards"),
    path("wishlists/", members_only(wishlists.lists), name="wishlists-list"),
    path("wishlists/add/", uncached(wishlists.add), name="wishlists-add"),
    path(LIST, members_only(wishlists.detail), name="wishlists-detail"),
    path(f"{LIST}change/", members_only(wishlists.change), name="wishlists-change"),
    path(f"{LIST}delete/", members_only(wishlists.delete), name="wishlists-delete"),
    path("wishlists/shared/<slug:key>/<str:signature>/", uncached(wishlists.shared), name="wishlists-shared"),
    path("profile/", members_only(profile.profile), name="profile-view"),
    path("profile/password/", members_only(profile.password), name="change-password"),
    path("profile/email/", members_only(profile.email), name="email-change"),
    path("profile/email/cancel/", members_only(profile.email_cancel), name="email-cancel"),
    path("profile/confirm/", members_only(profile.confirm_send), name="confirm-send"),
    path("confirm/<str:token>/", uncached(profile.confirm), name="confirm"),
    path("email/<str:token>/", uncached(profile.email_confirm), name="email-confirm"),
    path("data/", members_only(data.data), name="data"),
    path("data/download/", members_only(data.download), name="data-download"),
    path("delete/", members_only(data.delete), name="profile-delete"),
    # Oscar's notifications are not used; templates of its dashboard may still ask for the address.
    path("notifications/", RedirectView.as_view(pattern_name="customer:summary"), name="notifications-inbox"),
]
