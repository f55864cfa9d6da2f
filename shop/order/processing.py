"""What Oscar's dashboard calls when staff moves an order."""

from __future__ import annotations

from typing import Any

from oscar.apps.order.processing import EventHandler as OscarEventHandler

from .states import change_status


class EventHandler(OscarEventHandler):
    """Leads the dashboard to the one place that changes states, and says who it was."""

    def handle_order_status_change(self, order: Any, new_status: str, note_msg: str | None = None) -> None:
        """Move the order, with its stock and its mail. Raises InvalidTransition where the table does not lead there."""
        change_status(order, new_status, by=self.user, why="dashboard")
        if note_msg:
            self.create_note(order, note_msg)
