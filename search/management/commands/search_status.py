"""`search_status`: whether the listing tables say what the catalogue says, and the search index what the tables say."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from search.elastic.status import IndexStatus, PagesStatus, index_status, pages_status
from search.selectors import listing_status


class Command(BaseCommand):
    """Rows, documents, waiting work and drift; exits with 1 where something needs a hand."""

    help = (
        "Say how many products are listed, how much work waits for the worker, and which products are missing from the "
        "lists or should not be in them, and the same of stories and pages; where the shop has Elasticsearch, the same of its index. Exits with 1 where "
        "something is wrong; search_reindex --repair puts it right."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to print."""
        parser.add_argument("--json", action="store_true", help="print one flat JSON object")

    def handle(self, *args: Any, json: bool = False, **options: Any) -> None:
        """Print the status."""
        status, index, pages = listing_status(), index_status(), pages_status()
        engine = "elasticsearch" if index.answers_searches else status.engine
        if json:
            self.stdout.write(_json({**asdict(status), **asdict(index), **asdict(pages), "engine": engine}))
        else:
            self.stdout.write(
                f"Engine: {engine}\n"
                f"Listed: {status.rows} products, {status.facets} facet values, {status.texts} texts; "
                f"last change {status.changed_at or 'never'}\n"
                f"Waiting: {status.waiting} changes, the oldest for {status.lag_seconds} s; parked: {status.parked}\n"
                f"Drift: {status.missing} missing, {status.extra} too many{_such_as(status.examples)}"
            )
            self.stdout.write(_about(index))
            self.stdout.write(_about_pages(pages))
        if not (status.is_well and index.is_well and pages.is_well):
            if not json:
                self.stderr.write(
                    "Not in step. Missing or extra products or pages: run search_reindex --repair. "
                    "Parked work: see the outbox's last_error."
                )
            sys.exit(1)


def _about(index: IndexStatus) -> str:
    if not index.index_configured:
        return "Index: none, as ELASTICSEARCH_URL is not set"
    waiting = f"Index waiting: {index.index_waiting} changes, the oldest for {index.index_lag_seconds} s"
    waiting += f"; parked: {index.index_parked}; circuit breaker {index.breaker}"
    if index.vectors:
        waiting += f"\nVectors: {index.vectors}; {index.documents_without_vector} documents without one"
    if index.vectors_error:
        waiting += f"\nVectors do not work, words answer alone: {index.vectors_error}"
    if index.index_error:
        return f"Index: Elasticsearch does not answer: {index.index_error}\n{waiting}"
    if not index.index:
        return f"Index: there is none{', the worker builds it' if index.build_waiting else ''}\n{waiting}"
    state = "" if index.index_is_current else ", made with other mappings"
    state += ", a new one is asked for" if index.build_waiting else ""
    return (
        f"Index: {index.index}{state}; {index.documents} documents\n{waiting}\n"
        f"Index drift: {index.documents_missing} missing, {index.documents_extra} too many, "
        f"{index.documents_stale} in another version{_such_as(index.document_examples)}"
        f"{_meaning(index)}"
    )


def _meaning(index: IndexStatus) -> str:
    """What a difference means, and whether anybody has to do something about it."""
    if not index.drift:
        return ""
    if index.build_waiting or not index.index_is_current:
        return "\n  The worker builds the index anew, as the code wants other fields; until then the old one answers. Nothing to do."
    if index.index_waiting:
        return "\n  These changed since, and wait for the worker, which writes them within seconds while it runs. Nothing to do."
    return (
        "\n  Nothing waits for them, as when a product changed between two looks. The worker compares when it starts and every "
        "six hours, and mends them then; search_reindex --repair does so now."
    )


def _about_pages(pages: PagesStatus) -> str:
    table = (
        f"Pages: {pages.pages} stories and pages; {pages.pages_missing} missing, {pages.pages_extra} too many; "
        f"parked: {pages.pages_parked}"
    )
    if not pages.pages_index:
        return table
    state = "" if pages.pages_index_is_current else ", made with other mappings"
    return (
        f"{table}\nIndex of pages: {pages.pages_index}{state}; {pages.page_documents} documents; "
        f"{pages.page_documents_missing} missing, {pages.page_documents_extra} too many, "
        f"{pages.page_documents_stale} in another version"
    )


def _such_as(ids: tuple[int, ...]) -> str:
    return f" (such as {', '.join(map(str, ids))})" if ids else ""


def _json(values: dict[str, Any]) -> str:
    return json.dumps(values)
