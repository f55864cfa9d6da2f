"""Forms that make a rule's content out of what is typed. One form a page, so that everything works without a script."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from search.rules import targets
from search.rules.checks import LAST_PLACE, LONGEST_BANNER, STRONGEST, WEAKEST
from search.rules.content import ACTIONS, KINDS, MATCHES, Action, Banner, Content, Entry
from shop.dashboard.inputs import DateInput, DateTimeInput

# How many times, until somebody says otherwise.
USUAL: dict[Action, float] = {"pin": 0, "boost": 1.5, "bury": 2, "hide": 0}
DIRECTIONS = (("both", _("Both ways: each word finds the others")), ("one", _("One way only")))


def phrases(text: str) -> tuple[str, ...]:
    """What stands on lines or between commas, each once."""
    found = (" ".join(part.split()) for part in re.split(r"[\n,;]", text.replace("\x00", " ")))
    return tuple(dict.fromkeys(part for part in found if part))


class Timed(forms.Form):
    """What every rule has: the draft that the form was made from, its beginning and its end."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    starts = forms.DateTimeField(label=_("Begins"), required=False, widget=DateTimeInput())
    ends = forms.DateTimeField(
        label=_("Ends"), required=False, widget=DateTimeInput(), help_text=_("Empty: holds until you take it off.")
    )

    def times(self) -> dict[str, Any]:
        """Both as fields of a content."""
        return {"starts": self.cleaned_data.get("starts"), "ends": self.cleaned_data.get("ends")}


class SynonymForm(Timed):
    """A set of words."""

    direction = forms.ChoiceField(label=_("Direction"), choices=DIRECTIONS, initial="both", widget=forms.RadioSelect)
    queries = forms.CharField(
        label=_("Somebody who searches for"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For one way only: the searches, a line each. They also find the words below, not the other way round."),
    )  # fmt: skip
    also = forms.CharField(
        label=_("Words of the set"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Words or phrases, a line each: sofa, couch, settee. Plurals and accents make no difference."),
    )  # fmt: skip
    field_order = ("direction", "queries", "also", "starts", "ends", "seen")

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        """What the fields show for a content."""
        return {
            "direction": "one" if content.one_way else "both",
            "queries": "\n".join(content.queries),
            "also": "\n".join(content.also),
            "starts": content.starts,
            "ends": content.ends,
        }

    def content(self) -> Content:
        """What was typed."""
        one_way = self.cleaned_data["direction"] == "one"
        return Content(
            kind="synonyms",
            one_way=one_way,
            queries=phrases(self.cleaned_data["queries"]) if one_way else (),
            also=phrases(self.cleaned_data["also"]),
            **self.times(),
        )


class RuleForm(Timed):
    """A rule for searches or for a category. `draft` is what it was: its entries have fields of their own."""

    query = forms.CharField(label=_("Query"), max_length=200, required=False)
    match = forms.ChoiceField(label=_("Matches"), choices=MATCHES, required=False)
    more = forms.CharField(
        label=_("Also matches"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Other searches that the rule is for, a line each. Plurals and accents make no difference."),
    )  # fmt: skip
    category = forms.CharField(
        label=_("Category"), max_length=500, required=False, help_text=_("Its name, or the way to it: Table > Mugs.")
    )
    add = forms.CharField(
        label=_("Add"), required=False, max_length=500,
        help_text=_("A product’s name, SKU or slug; a brand or category; or a value, such as Glaze: Rust."),
    )  # fmt: skip
    add_kind = forms.ChoiceField(label=_("This is"), choices=KINDS, required=False)
    add_action = forms.ChoiceField(label=_("What to do"), choices=ACTIONS, required=False)
    also = forms.CharField(
        label=_("Also search for"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Words or phrases that these searches find as well, a line each."),
    )  # fmt: skip
    redirect = forms.CharField(
        label=_("Or send straight to a page"), required=False, max_length=500,
        help_text=_("Its address on this site, such as /shop/mugs/. Whoever searches for it sees no result then."),
    )  # fmt: skip

    def __init__(self, *args: Any, draft: Content, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        self.fields["add"].widget.attrs["data-products"] = reverse_lazy("dashboard:catalogue-product-lookup")
        self.fields["redirect"].widget.attrs["list"] = "site-pages"
        of_searches = ("query", "match", "more", "also", "redirect")
        for left_out in of_searches if draft.kind == "category" else ("category",):
            del self.fields[left_out]
        if draft.kind == "category":
            self.fields["category"].required = True
        else:
            self.fields["query"].required = True
        for code, language in settings.LANGUAGES:
            self.fields[f"banner_{code}"] = forms.CharField(
                label=_("Banner, %(language)s") % {"language": language}, max_length=LONGEST_BANNER, required=False
            )
            self.fields[f"link_{code}"] = forms.CharField(
                label=_("Its link, %(language)s") % {"language": language}, max_length=500, required=False,
                widget=forms.TextInput(attrs={"list": "site-pages"}),
            )  # fmt: skip
        for number, entry in enumerate(draft.entries):
            self._add_entry_fields(number, entry)

    def _add_entry_fields(self, number: int, entry: Entry) -> None:
        if entry.action == "pin":
            self.fields[f"place_{number}"] = forms.IntegerField(
                label=_("Place"), min_value=1, max_value=LAST_PLACE, initial=entry.place, required=False
            )
        elif entry.action in {"boost", "bury"}:
            self.fields[f"strength_{number}"] = forms.FloatField(
                label=_("Times"), min_value=WEAKEST, max_value=STRONGEST, initial=entry.strength, required=False,
                widget=forms.NumberInput(attrs={"step": "0.05"}),
            )  # fmt: skip
        self.fields[f"until_{number}"] = forms.DateField(
            label=_("Until"), required=False, initial=entry.until, widget=DateInput()
        )

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        """What the fields show for a content; the entries' own show themselves."""
        banners = {banner.language: banner for banner in content.banners}
        return {
            "query": content.queries[0] if content.queries else "",
            "match": content.match,
            "more": "\n".join(content.queries[1:]),
            "category": content.category_name,
            "also": "\n".join(content.also),
            "redirect": content.redirect,
            "starts": content.starts,
            "ends": content.ends,
            **{f"banner_{code}": banner.text for code, banner in banners.items()},
            **{f"link_{code}": banner.link for code, banner in banners.items()},
        }

    def clean(self) -> dict[str, Any]:
        """Find what is to be added, and the category."""
        data = super().clean() or {}
        if self.draft.kind == "category" and data.get("category") and not self.has_error("category"):
            self._clean_category(data)
        if data.get("add"):
            try:
                data["added"] = targets.find(data.get("add_kind") or "product", data["add"])
            except ValidationError as error:
                self.add_error("add", error)
        for code, name in settings.LANGUAGES:
            if data.get(f"link_{code}") and not data.get(f"banner_{code}"):
                text = _now("A link needs a text: write what the banner says in %(language)s.") % {"language": name}
                self.add_error(f"banner_{code}", text)
        return data

    def _clean_category(self, data: dict[str, Any]) -> None:
        draft = self.draft
        # A category that is gone keeps its rule until somebody gives it another one.
        if draft.category_id is not None and data["category"] == draft.category_name:
            data["chosen"] = (draft.category_id, draft.category_name)
            return
        try:
            found = targets.find_category(data["category"])
            data["chosen"] = (found.pk, found.full_name)
        except ValidationError as error:
            self.add_error("category", error)

    def content(self, *, without: int | None = None) -> Content:
        """What was typed, without the entry of this number, and with what is added."""
        data = self.cleaned_data
        entries = [self._entry(number, entry) for number, entry in enumerate(self.draft.entries) if number != without]
        if added := data.get("added"):
            entries.append(self._new_entry(added, entries))
        chosen = data.get("chosen")
        return replace(
            self.draft,
            match=data.get("match") or "words",
            queries=phrases(f"{data.get('query', '').replace(',', ' ')}\n{data.get('more', '')}"),
            category_id=chosen[0] if chosen else None,
            category_name=chosen[1] if chosen else "",
            entries=tuple(entries),
            also=phrases(data.get("also", "")),
            redirect=data.get("redirect", "").strip(),
            banners=tuple(
                Banner(code, " ".join(data[f"banner_{code}"].split()), data[f"link_{code}"].strip())
                for code, _name in settings.LANGUAGES
                if data.get(f"banner_{code}")
            ),
            **self.times(),
        )

    def _entry(self, number: int, entry: Entry) -> Entry:
        data = self.cleaned_data
        return replace(
            entry,
            until=data.get(f"until_{number}"),
            place=data.get(f"place_{number}") or entry.place,
            strength=data.get(f"strength_{number}") or entry.strength,
        )

    def _new_entry(self, added: tuple[str, str], entries: list[Entry]) -> Entry:
        value, label = added
        action: Action = self.cleaned_data.get("add_action") or "pin"
        taken = {entry.place for entry in entries if entry.action == "pin"}
        return Entry(
            action=action,
            kind=self.cleaned_data.get("add_kind") or "product",
            value=value,
            label=label[:200],
            place=next(place for place in range(1, LAST_PLACE + 2) if place not in taken) if action == "pin" else 0,
            strength=USUAL[action],
        )


class FindForm(forms.Form):
    """What narrows the list."""

    text = forms.CharField(label=_("Words"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, states: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["state"]).choices = [("", _now("All")), *states]


class NoteForm(forms.Form):
    """Why, for whoever reads the history."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=255, help_text=_("Why, for whoever reads the history.")
    )
    accept = forms.BooleanField(label=_("Publish although results get worse"), required=False)

    def __init__(self, *args: Any, asks_twice: bool = False, asks_why: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_twice:
            del self.fields["accept"]
            return
        self.fields["accept"].required = True
        if asks_why:
            self.fields["note"].required = True
            self.fields["note"].help_text = _("You had a hand in this draft: say why the loss is worth it.")
