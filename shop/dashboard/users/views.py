"""Oscar's list of users with the checks that it leaves out."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from oscar.apps.dashboard.users.views import IndexView as OscarIndexView


class IndexView(OscarIndexView):
    """Oscar lets whoever sees the list switch accounts on and off, those of colleagues included."""

    def _change_users_active_status(self, users: Any, value: bool) -> Any:
        actor = self.request.user
        if not actor.has_perm("accounts.change_user"):
            raise PermissionDenied
        if not actor.is_superuser:
            users = [user for user in users if not user.is_staff]
        return super()._change_users_active_status(users, value)
