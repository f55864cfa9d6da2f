"""What the content room adds to Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.rich_text.editors.draftail import features as draftail_features
from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, SnippetViewSet, SnippetViewSetGroup

from shop.http import whole_number

from . import choosers, rich_text, usage
from .models import (
    Author,
    CategoryStory,
    ContactMessage,
    NewsletterSubscription,
    ProductStory,
    SavedSearch,
    Topic,
)

ORDERS, PRODUCTS = "order.view_order", "catalogue.view_product"


@hooks.register("register_admin_viewset")
def product_choosers() -> list[Any]:
    """The choosers' addresses."""
    return [
        choosers.product_chooser,
        choosers.category_chooser,
        choosers.brand_chooser,
        choosers.saved_search_chooser,
    ]


@hooks.register("register_admin_urls")
def product_usage() -> list[Any]:
    """Where a product is named."""
    return usage.urls()


@hooks.register("register_rich_text_features")
def product_in_text(features: Any) -> None:
    """A product named inside running text."""
    name = "product"
    features.register_editor_plugin(
        "draftail",
        name,
        draftail_features.EntityFeature(
            {
                "type": "PRODUCT",
                "icon": "tag",
                "description": str(_("Product, with its price")),
                "attributes": ["id", "title"],
                "allowlist": {"id": True},
                "chooserUrls": {"productChooser": reverse_lazy("product_chooser:choose")},
            },
            js=["wagtailadmin/js/chooser-modal.js", "content/product-entity.js"],
        ),
    )
    features.register_converter_rule(
        "contentstate",
        name,
        {
            "from_database_format": {'a[linktype="product"]': rich_text.product_link_element()},
            "to_database_format": {"entity_decorators": {"PRODUCT": rich_text.product_entity}},
        },
    )
    features.register_link_type(rich_text.ProductLinkHandler)
    features.default_features.append(name)


class StoryCreateView(CreateView):
    """Takes the product or category from the address, where the dashboard's link names it."""

    about = ""

    def get_initial_form_instance(self) -> Any:
        """An empty story about that thing."""
        story = super().get_initial_form_instance() or self.model()
        number = whole_number(self.request.GET.get(self.about))
        if number is not None:
            model = self.model._meta.get_field(self.about).related_model
            if model.objects.filter(pk=number).exists():
                setattr(story, f"{self.about}_id", number)
        return story


class ProductStoryCreateView(StoryCreateView):
    """A story about a product."""

    about = "product"


class CategoryStoryCreateView(StoryCreateView):
    """A story about a category."""

    about = "category"


class ProductStoryViewSet(SnippetViewSet):
    """Stories of products."""

    model = ProductStory
    icon = "tag"
    add_view_class = ProductStoryCreateView
    list_display = ("__str__", "product", "locale", LiveStatusTagColumn())
    list_filter = ("locale", "live")
    search_fields = ("title", "product__title")


class CategoryStoryViewSet(SnippetViewSet):
    """Stories of categories."""

    model = CategoryStory
    icon = "folder-open-inverse"
    add_view_class = CategoryStoryCreateView
    list_display = ("__str__", "category", "locale", LiveStatusTagColumn())
    list_filter = ("locale", "live")
    search_fields = ("title", "category__name")


class StoriesGroup(SnippetViewSetGroup):
    """What the shop's own pages tell."""

    menu_label = _("Shop stories")
    menu_icon = "openquote"
    menu_order = 150
    items = (ProductStoryViewSet, CategoryStoryViewSet)


class AuthorViewSet(SnippetViewSet):
    """Authors."""

    model = Author
    icon = "user"
    list_display = ("name", "role")


class TopicViewSet(SnippetViewSet):
    """Topics."""

    model = Topic
    icon = "tag"
    list_display = ("name", "slug", "locale")


class SavedSearchViewSet(SnippetViewSet):
    """Saved searches."""

    model = SavedSearch
    icon = "search"
    list_display = ("name", "address")


class ReadOnlyViewSet(SnippetViewSet):
    """Rows that visitors made: to be read, not written."""

    inspect_view_enabled = True
    copy_view_enabled = False


class ContactMessageViewSet(ReadOnlyViewSet):
    """What came in over the contact form."""

    model = ContactMessage
    icon = "mail"
    list_display = ("name", "email", "subject", "sent_at")
    list_filter = ("sent_at",)
    list_export = ("name", "email", "subject", "text", "language", "sent_at")


class NewsletterViewSet(ReadOnlyViewSet):
    """Who wants the letter."""

    model = NewsletterSubscription
    icon = "mail"
    list_display = ("email", "language", "asked_at", "confirmed_at", "ended_at")
    list_filter = ("language", "confirmed_at")
    list_export = ("email", "language", "source", "asked_at", "confirmed_at", "ended_at")


register_snippet(StoriesGroup)
for viewset in (AuthorViewSet, TopicViewSet, SavedSearchViewSet, ContactMessageViewSet, NewsletterViewSet):
    register_snippet(viewset)


class DashboardItem(MenuItem):
    """The way to the shop's own back office, for whoever may open the page that it leads to."""

    def __init__(self, *args: Any, permission: str, unless: str = "", **kwargs: Any) -> None:
        self.permission, self.unless = permission, unless
        super().__init__(*args, **kwargs)

    def is_shown(self, request: HttpRequest) -> bool:
        """Whoever may see orders gets the dashboard's first page, and who may not gets the products alone."""
        user = request.user
        return user.has_perm(self.permission) and not (self.unless and user.has_perm(self.unless))


@hooks.register("register_admin_menu_item")
def dashboard_item() -> MenuItem:
    """Products, orders, offers: the dashboard."""
    url = reverse("dashboard:index")
    return DashboardItem(_("Shop dashboard"), url, permission=ORDERS, icon_name="home", order=10)


@hooks.register("register_admin_menu_item")
def products_item() -> MenuItem:
    """The list of products, to be read."""
    url = reverse("dashboard:catalogue-product-list")
    return DashboardItem(_("Shop products"), url, permission=PRODUCTS, unless=ORDERS, icon_name="tag", order=10)


@hooks.register("register_account_menu_item")
def password_item(request: HttpRequest) -> dict[str, Any]:
    """Where the password is changed: in the account, which asks for the old one, counts tries and writes a mail."""
    return {
        "url": reverse("customer:change-password"),
        "label": _("Password"),
        "help_text": _("Change your password in your account."),
    }


@hooks.register("before_move_page")
def refuse_reserved_address(request: HttpRequest, page: Any, destination: Any) -> Any:
    """A page moved directly below the front page may not take an address of the shop."""
    from django.contrib import messages
    from django.core.exceptions import ValidationError
    from django.shortcuts import redirect

    from .models.base import is_front_page
    from .reserved import refuse_reserved

    if request.method != "POST" or not is_front_page(destination):
        return None
    try:
        refuse_reserved(page.slug)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None
