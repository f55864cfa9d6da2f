"""Rules and synonyms: the lists, the page on which one is worked on with its preview, publishing, history and undo."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from django.views.generic import ListView

from search.insight import reports
from search.params import LONGEST_TEXT
from search.relevance.gate import Acceptance, Comparison, compare_draft, needs_reason
from search.rules import addresses, listing, operations, targets
from search.rules.content import Content, Entry, from_json
from search.rules.models import Rule
from search.rules.operations import LossError, RuleError
from search.rules.preview import preview
from search.rules.selectors import published_book
from search.rules.wording import entry_text
from shop import slots
from shop.http import see_other, whole_number
from shop.markets import home_market

from .rule_forms import FindForm, NoteForm, RuleForm, SynonymForm

LISTS = {"synonyms": "dashboard:search-synonym-list"}
NAMES = {"synonyms": gettext_lazy("Synonyms")}
# So many seconds the page of a draft waits for the judged queries; publishing takes its time.
GLANCE = 2.0
# Of how many days the figures above a rule are.
DAYS = 30
ICONS = {"pin": "pin", "boost": "flame", "bury": "down", "hide": "close"}


def list_of(kind: str) -> dict[str, Any]:
    """Where a rule's list is, and what it is called."""
    return {
        "list_url": reverse(LISTS.get(kind, "dashboard:search-rule-list")),
        "list_title": NAMES.get(kind, _("Search rules")),
    }


def page_of(rule: Rule) -> str:
    """The address on which a rule is worked on."""
    return reverse(f"dashboard:search-{'synonym' if rule.kind == 'synonyms' else 'rule'}-update", args=[rule.pk])


class RuleListView(ListView):
    """The rules for searches and categories."""

    template_name = "oscar/dashboard/search/rule_list.html"
    paginate_by = 50
    kinds: tuple[str, ...] = ("query", "category")
    list_kind = ""
    intro = gettext_lazy(
        "What is shown first, what is not, and what stands above it: for a search, or for a category’s page."
    )

    def get_queryset(self) -> Any:
        """By the words and the state in the address."""
        self.form = FindForm(self.request.GET, states=listing.STATES)
        found = self.form.cleaned_data if self.form.is_valid() else {}
        return listing.rules(kinds=self.kinds, text=found.get("text", ""), state=found.get("state", ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the state of each."""
        context = super().get_context_data(**kwargs)
        return context | {
            "rows": [listing.rule_row(rule) for rule in context["object_list"]],
            "form": self.form,
            "kind": self.list_kind,
            "intro": self.intro,
            "empty_url": f"{reverse('dashboard:search-query-list')}?report={reports.EMPTY}",
            "update_name": f"dashboard:search-{'synonym' if self.list_kind else 'rule'}-update",
            **list_of(self.list_kind),
        }


class SynonymListView(RuleListView):
    """The sets of synonyms."""

    kinds = ("synonyms",)
    list_kind = "synonyms"
    intro = gettext_lazy("Words that mean the same to your shoppers: whoever searches for one also finds the others.")


class RuleView(View):
    """A rule, new or held: its form, and the preview of what it does."""

    kind = ""

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """The draft."""
        rule, draft = self._draft(request, pk)
        form = self._form(draft, initial={"seen": rule.draft_number if rule else 0})
        return self._page(request, rule, draft, form)

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Save the draft: every button does. "remove" names an entry that goes."""
        rule, draft = self._draft(request, pk)
        if rule and whole_number(request.POST.get("seen")) != rule.draft_number:
            # The entries' fields go by number: only those of the draft that was seen can be told apart.
            messages.error(request, operations.outdated(rule))
            return see_other(page_of(rule))
        form = self._form(draft, request.POST)
        if not form.is_valid():
            return self._page(request, rule, draft, form)
        removed = request.POST.get("remove", "")
        without = int(removed) if removed.isascii() and removed.isdigit() and len(removed) < 5 else None
        content = form.content() if isinstance(form, SynonymForm) else form.content(without=without)
        try:
            if rule is None:
                rule = operations.create(content, by=request.user)
            else:
                rule = operations.save_draft(rule.pk, content, seen=rule.draft_number, by=request.user)
        except RuleError as error:
            for reason in error.reasons:
                form.add_error(None, reason)
            return self._page(request, rule, draft, form)
        messages.success(request, _("The draft is saved. Nothing has changed for shoppers."))
        return see_other(page_of(rule))

    def _draft(self, request: HttpRequest, pk: int | None) -> tuple[Rule | None, Content]:
        if pk is not None:
            rules = Rule.objects.select_related("published", "changed_by")
            kinds = ("synonyms",) if self.kind == "synonyms" else ("query", "category")
            rule = get_object_or_404(rules, pk=pk, kind__in=kinds)
            return rule, from_json(rule.draft)
        if self.kind == "synonyms":
            return None, Content(kind="synonyms")
        if request.GET.get("kind") == "category":
            return None, Content(kind="category")
        text = " ".join(request.GET.get("query", "").replace("\x00", "").split())[:LONGEST_TEXT]
        return None, Content(queries=(text,) if text else ())

    def _form(
        self, draft: Content, data: Any = None, *, initial: dict[str, Any] | None = None
    ) -> RuleForm | SynonymForm:
        if draft.kind == "synonyms":
            return SynonymForm(data, initial={**SynonymForm.initial_of(draft), **(initial or {})})
        return RuleForm(data, draft=draft, initial={**RuleForm.initial_of(draft), **(initial or {})})

    def _page(
        self, request: HttpRequest, rule: Rule | None, draft: Content, form: RuleForm | SynonymForm
    ) -> HttpResponse:
        market = home_market()
        context: dict[str, Any] = {
            "rule": rule,
            "draft": draft,
            "form": form,
            "entries": entry_rows(form, draft, targets.look_up(draft.entries, market=market)),
            "pages": pages_of_the_site(request),
            "warnings": addresses.warnings(request, draft),
            "banners": [(form[f"banner_{code}"], form[f"link_{code}"]) for code in languages(form)],
            **list_of(draft.kind),
        }
        if rule:
            versions = rule.versions.count()
            tried = " ".join(request.GET.get("try", "").replace("\x00", "").split())[:LONGEST_TEXT]
            first = (draft.queries or draft.also or ("",))[0]
            shown = draft.kind != "category" or draft.category_id is not None
            state = listing.state_of(rule, timezone.now(), was_published=versions > 0)
            context |= {
                "versions": versions,
                "figures": figures(draft),
                "state": state,
                "state_text": listing.state_text(state, rule),
                "preview": preview(draft, rule_id=rule.pk, text=tried or first, book=published_book(), market=market)
                if shown and (tried or first or draft.kind == "category")
                else None,
                "gate": compare_draft(rule.pk, draft, seconds=GLANCE) if rule.is_changed else None,
                "gone": sum(target.is_gone for _entry, target, _fields, _icon, _said in context["entries"]),
            }
        return render(request, "oscar/dashboard/search/rule_form.html", context)


def figures(draft: Content) -> reports.Numbers | None:
    """What came of the rule's searches in the last days; nothing for a category."""
    today = timezone.localdate()
    period = reports.Period(today - timedelta(days=DAYS - 1), today)
    texts = draft.queries or (draft.also if draft.kind == "synonyms" else ())
    return reports.numbers_for(texts, period) if texts else None


def languages(form: Any) -> list[str]:
    """Of which languages the form has banners."""
    return [name.removeprefix("banner_") for name in form.fields if name.startswith("banner_")]


def entry_rows(form: Any, draft: Content, found: dict[tuple[str, str], targets.Target]) -> list[tuple[Any, ...]]:
    """Each entry with what it is about now, its fields, its icon and what it says."""
    names = ("place", "strength", "until")

    def fields(number: int) -> list[Any]:
        return [form[f"{name}_{number}"] for name in names if f"{name}_{number}" in form.fields]

    def row(number: int, entry: Entry) -> tuple[Any, ...]:
        return entry, found[entry.kind, entry.value], fields(number), ICONS[entry.action], entry_text(entry)

    return [row(number, entry) for number, entry in enumerate(draft.entries)]


def pages_of_the_site(request: HttpRequest) -> SafeString:
    """Proposals for addresses, by whichever room has pages."""
    return slots.render("dashboard.pages", request, {})


class RuleStepView(View):
    """A page that asks before something is done with a rule as a whole."""

    template_name = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The rule that the address names."""
        rules = Rule.objects.select_related("published", "changed_by")
        self.rule = get_object_or_404(rules, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The question."""
        return self.page(request)

    def page(self, request: HttpRequest, **more: Any) -> HttpResponse:
        """The page with what it asks about."""
        context = {
            "rule": self.rule,
            "object": self.rule,
            "rule_url": page_of(self.rule),
            **list_of(self.rule.kind),
            **more,
        }
        return render(request, self.template_name, context)

    def done(self, request: HttpRequest, text: str) -> HttpResponse:
        """Say what was done, and back to the rule."""
        messages.success(request, text)
        return see_other(page_of(self.rule))

    def refused(self, request: HttpRequest, error: RuleError) -> HttpResponse:
        """Say why not, and back to the rule."""
        for reason in error.reasons:
            messages.error(request, reason)
        return see_other(page_of(self.rule))


class RulePublishView(RuleStepView):
    """What publishing the draft changes, and what it does to the judged searches."""

    template_name = "oscar/dashboard/search/rule_publish.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """With the difference to what holds."""
        comparison = compare_draft(self.rule.pk, from_json(self.rule.draft))
        form = self._form(comparison, initial={"seen": self.rule.draft_number})
        return self._ask(request, form, comparison)

    def _form(self, comparison: Comparison, data: Any = None, **kwargs: Any) -> NoteForm:
        asks_twice = comparison.is_harmful
        alone = needs_reason(by=self.request.user, authors=operations.authors_of(self.rule))
        return NoteForm(data, asks_twice=asks_twice, asks_why=asks_twice and alone, **kwargs)

    def _ask(self, request: HttpRequest, form: NoteForm, comparison: Comparison) -> HttpResponse:
        added, removed, kept = listing.changes(self.rule)
        faults = operations.in_the_way(self.rule)
        warnings = addresses.warnings(request, from_json(self.rule.draft))
        parts = {"added": added, "removed": removed, "kept": kept, "faults": faults, "warnings": warnings}
        return self.page(request, form=form, gate=comparison, **parts)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish what was seen. Where it does harm, the page comes again and asks for a second word."""
        form = NoteForm(request.POST, asks_twice=False)
        accepted = request.POST.get("accept") == "on"
        if not form.is_valid():
            return self._ask(request, form, compare_draft(self.rule.pk, from_json(self.rule.draft)))
        data = form.cleaned_data
        try:
            operations.publish(
                self.rule.pk,
                seen=data.get("seen") or 0,
                by=request.user,
                note=data["note"],
                acceptance=Acceptance(reason=data["note"]) if accepted else None,
            )
        except LossError as error:
            form = self._form(error.comparison, request.POST)
            if form.is_valid():
                for reason in error.reasons:
                    form.add_error(None, reason)
            return self._ask(request, form, error.comparison)
        except RuleError as error:
            return self.refused(request, error)
        return self.done(request, _("Published: %(name)s.") % {"name": self.rule})


class RuleHistoryView(RuleStepView):
    """Every version, and the way back to it."""

    template_name = "oscar/dashboard/search/rule_history.html"

    def page(self, request: HttpRequest, **more: Any) -> HttpResponse:
        """With the versions."""
        return super().page(request, versions=listing.history(self.rule), **more)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish an earlier version."""
        number = whole_number(request.POST.get("version"))
        if number is None or not self.rule.versions.filter(number=number).exists():
            raise Http404(_("This rule has no such version."))
        try:
            operations.publish_again(self.rule.pk, number=number, by=request.user)
        except RuleError as error:
            return self.refused(request, error)
        return self.done(request, _("Version %(number)d is published again.") % {"number": number})


class RuleWithdrawView(RuleStepView):
    """Take a rule off the site; the draft and the history stay."""

    template_name = "oscar/dashboard/search/rule_withdraw.html"

    def page(self, request: HttpRequest, **more: Any) -> HttpResponse:
        """With room for a note."""
        return super().page(request, **{"form": NoteForm(), **more})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it."""
        form = NoteForm(request.POST)
        if not form.is_valid():
            return self.page(request, form=form)
        try:
            operations.withdraw(self.rule.pk, by=request.user, note=form.cleaned_data["note"])
        except RuleError as error:
            return self.refused(request, error)
        return self.done(request, _("Taken off the site: %(name)s.") % {"name": self.rule})


class RuleDeleteView(RuleStepView):
    """A rule that is not on the site goes, with its history."""

    template_name = "oscar/dashboard/search/rule_delete.html"

    def page(self, request: HttpRequest, **more: Any) -> HttpResponse:
        """What goes with it, or what has to be done first."""
        number = self.rule.versions.count()
        lost = ngettext(
            "%(number)d version of its history goes with it.", "%(number)d versions of its history go with it.", number
        )
        disallow = _("It is on the site. Take it off first.") if self.rule.published_id else ""
        return super().page(request, disallow=disallow, lost=lost % {"number": number} if number else "", **more)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it."""
        try:
            operations.delete(self.rule.pk)
        except RuleError as error:
            return self.refused(request, error)
        messages.success(request, _("Deleted: %(name)s.") % {"name": self.rule})
        return see_other(list_of(self.rule.kind)["list_url"])
