"""The columns of the list of customers."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django_tables2 import A, Column, LinkColumn, TemplateColumn

from shop.dashboard.tables import DashboardTable

FOLDER = "oscar/dashboard/users"


class UserTable(DashboardTable):
    """Address, name, since when, orders, state."""

    checkbox = TemplateColumn(
        verbose_name=_("Choose"), template_name=f"{FOLDER}/user_row_checkbox.html", orderable=False
    )
    email = LinkColumn("dashboard:user-detail", args=[A("pk")], accessor="email", verbose_name=_("E-mail"))
    name = Column(accessor="get_full_name", order_by=("last_name", "first_name"), verbose_name=_("Name"))
    since = Column(accessor="date_joined", verbose_name=_("Since"))
    orders = Column(accessor="order_count", verbose_name=_("Orders"))
    state = Column(accessor="is_active", verbose_name=_("State"))

    class Meta(DashboardTable.Meta):
        sequence: ClassVar = ("checkbox", "email", "name", "since", "orders", "state")

    def render_state(self, value: bool, record: object) -> str:
        """What somebody is, or that they cannot get in."""
        if not value:
            return _now("Switched off")
        return _now("Staff") if getattr(record, "is_staff", False) else _now("Customer")

    def render_since(self, value: datetime) -> str:
        """The day."""
        return date_format(value, "SHORT_DATE_FORMAT")
