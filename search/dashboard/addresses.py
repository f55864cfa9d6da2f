"""Every address below /dashboard/search/ and the permissions that it asks for, part by part."""

from __future__ import annotations

from typing import Any

from django.urls import path

from . import checks, judgements, queries, rules

_JUDGE = ["search.view_judgement", "search.change_judgement"]
_QUERY = ["search.view_searchedquery"]
_CHECK = "search.view_relevancecheck"
_RULE = ["search.view_rule", "search.change_rule"]
PERMISSIONS: dict[str, Any] = {
    "search-query-list": _QUERY,
    "search-query-detail": _QUERY,
    "search-judgement-list": _JUDGE,
    "search-judgement-rate": _JUDGE,
    "search-judgement-delete": ["search.delete_judgement"],
    "search-judgement-score": _JUDGE,
    "search-judgement-import": ["search.add_judgement", "search.change_judgement"],
    "search-judgement-export": ["search.view_judgement"],
    "search-check-list": [_CHECK],
    "search-check-create": [_CHECK, "search.add_relevancecheck"],
    "search-check-update": [_CHECK, "search.change_relevancecheck"],
    "search-check-delete": [_CHECK, "search.delete_relevancecheck"],
    "search-rule-list": ["search.view_rule"],
    "search-rule-create": [*_RULE, "search.add_rule"],
    "search-rule-update": _RULE,
    "search-rule-publish": _RULE,
    "search-rule-history": _RULE,
    "search-rule-withdraw": _RULE,
    "search-rule-delete": [*_RULE, "search.delete_rule"],
    "search-synonym-list": ["search.view_rule"],
    "search-synonym-create": [*_RULE, "search.add_rule"],
    "search-synonym-update": _RULE,
}


def patterns() -> list[Any]:
    """The addresses; the app puts the permissions on them."""
    return [
        path("queries/", queries.QueryListView.as_view(), name="search-query-list"),
        path("queries/<int:pk>/", queries.QueryDetailView.as_view(), name="search-query-detail"),
        path("judgements/", judgements.JudgementListView.as_view(), name="search-judgement-list"),
        path("judgements/rate/", judgements.RateView.as_view(), name="search-judgement-rate"),
        path("judgements/import/", judgements.ImportView.as_view(), name="search-judgement-import"),
        path("judgements/export.csv", judgements.ExportView.as_view(), name="search-judgement-export"),
        path("judgements/score/", judgements.ScoreView.as_view(), name="search-judgement-score"),
        path("judgements/<int:pk>/delete/", judgements.JudgedQueryDeleteView.as_view(), name="search-judgement-delete"),
        path("checks/", checks.CheckListView.as_view(), name="search-check-list"),
        path("checks/create/", checks.CheckCreateView.as_view(), name="search-check-create"),
        path("checks/<int:pk>/", checks.CheckUpdateView.as_view(), name="search-check-update"),
        path("checks/<int:pk>/delete/", checks.CheckDeleteView.as_view(), name="search-check-delete"),
        path("rules/", rules.RuleListView.as_view(), name="search-rule-list"),
        path("rules/create/", rules.RuleView.as_view(), name="search-rule-create"),
        path("rules/<int:pk>/", rules.RuleView.as_view(), name="search-rule-update"),
        path("rules/<int:pk>/publish/", rules.RulePublishView.as_view(), name="search-rule-publish"),
        path("rules/<int:pk>/history/", rules.RuleHistoryView.as_view(), name="search-rule-history"),
        path("rules/<int:pk>/withdraw/", rules.RuleWithdrawView.as_view(), name="search-rule-withdraw"),
        path("rules/<int:pk>/delete/", rules.RuleDeleteView.as_view(), name="search-rule-delete"),
        path("synonyms/", rules.SynonymListView.as_view(), name="search-synonym-list"),
        path("synonyms/create/", rules.RuleView.as_view(kind="synonyms"), name="search-synonym-create"),
        path("synonyms/<int:pk>/", rules.RuleView.as_view(kind="synonyms"), name="search-synonym-update"),
    ]
