"""A category and its place in the tree: in which one it is, and after which neighbour."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from oscar.apps.dashboard.catalogue.forms import SEOFormMixin

from shop.catalogue.models import Category
from shop.dashboard.inputs import RICH

KEEP, FIRST, LAST, AFTER = "keep", "first", "last", "after:"


def category_choices() -> list[tuple[int, str]]:
    """Every category's id and path of names, in the order of the tree; one query."""
    names: dict[str, str] = {}
    step = Category.steplen
    choices = []
    for pk, path, name in Category.objects.order_by("path").values_list("pk", "path", "name"):
        above = names.get(path[:-step])
        names[path] = f"{above} › {name}" if above else name
        choices.append((pk, names[path]))
    return choices


class CategoryForm(SEOFormMixin, forms.ModelForm):
    """A shelf of the shop. Oscar asks for a place relative to another category, which puts it beside that one."""

    parent = forms.ModelChoiceField(
        label=_("Parent category"),
        queryset=Category.objects.none(),
        required=False,
        empty_label=_("— none, it is at the top —"),
    )
    place = forms.ChoiceField(label=_("Order among its neighbours"))

    class Meta:
        model = Category
        fields: ClassVar = [
            *("name", "parent", "place", "description", "image", "is_public", "exclude_from_menu"),
            *("slug", "meta_title", "meta_description"),
        ]
        widgets: ClassVar = {
            "description": forms.Textarea(attrs=RICH),
            "meta_description": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts: ClassVar = {
            "slug": _(
                "The end of its address. Left empty, it is made from the name; the old address leads to the new."
            ),
            "is_public": _("Without it, it and all below it are not found in the shop."),
            "exclude_from_menu": _("It keeps its page and its address."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        held = self.instance if self.instance.pk else None
        self.was_in = held.get_parent() if held else None
        around = (
            Category.objects.filter(pk=self.initial["parent"]).first() if self.initial.get("parent") else self.was_in
        )
        if self.was_in:
            self.initial["parent"] = self.was_in.pk
        # Not into itself or what is below it.
        others = Category.objects.exclude(path__startswith=held.path) if held else Category.objects.all()
        parent: Any = self.fields["parent"]
        parent.queryset = others
        allowed = set(others.values_list("pk", flat=True))
        parent.choices = [("", parent.empty_label), *(pair for pair in category_choices() if pair[0] in allowed)]
        neighbours = neighbours_in(around).filter(pk__in=allowed)
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            (KEEP, _("As it is now") if held else _("At the end")),
            (FIRST, _("First")),
            (LAST, _("Last")),
            *(
                (f"{AFTER}{pk}", _now("After “%(name)s”") % {"name": name})
                for pk, name in neighbours.values_list("pk", "name")
            ),
        ]
        self.initial["place"] = KEEP

    def clean(self) -> dict[str, Any]:
        """Two of one name or address in one place could not be told apart."""
        data = super().clean() or {}
        parent, name = data.get("parent"), (data.get("name") or "").strip()
        siblings = neighbours_in(parent).exclude(pk=self.instance.pk)
        place = data.get("place") or KEEP
        if place.startswith(AFTER) and not siblings.filter(pk=place.removeprefix(AFTER)).exists():
            where = parent.name if parent else _now("the top")
            self.add_error(
                "place",
                ValidationError(
                    _("That neighbour is not in %(where)s. Choose first or last, save, and choose a neighbour then."),
                    params={"where": where},
                ),
            )
        twin = siblings.filter(name__iexact=name).first() if name else None
        if twin:
            self.add_error(
                "name", self._twin(_("There is a category “%(name)s” in %(where)s already."), parent, twin.name)
            )
            return data
        slug = data.get("slug") or slugify(name)
        twin = siblings.filter(slug=slug).first() if slug else None
        if twin:
            self.add_error(
                "slug",
                self._twin(_("“%(name)s” in %(where)s has this address already: write another."), parent, twin.name),
            )
        return data

    def _twin(self, text: Any, parent: Category | None, name: str) -> ValidationError:
        where = f"“{parent.name}”" if parent else _now("the top of the shop")
        return ValidationError(text, params={"name": name, "where": where})

    def save(self, commit: bool = True) -> Category:
        """Write it, and move it where it is to stand. Trees cannot be written later, so `commit` changes nothing."""
        parent, place = self.cleaned_data["parent"], self.cleaned_data["place"]
        if self.instance.pk:
            self.instance.save()
            moved = (parent.pk if parent else None) != (self.was_in.pk if self.was_in else None)
        else:
            fresh = parent.add_child(instance=self.instance) if parent else Category.add_root(instance=self.instance)
            self.instance, moved = fresh, False
        category = Category.objects.get(pk=self.instance.pk)
        target, where = self._target(parent, place, moved)
        if target is not None and target.pk != category.pk:
            category.move(target, pos=where)
            category = Category.objects.get(pk=category.pk)
            # Whether those above are public is worked out when it is saved.
            category.save()
        self.instance = category
        return category

    def _target(self, parent: Category | None, place: str, moved: bool) -> tuple[Category | None, str]:
        """Which category it is moved to, and how it stands to it; None where it stays."""
        if place.startswith(AFTER):
            return Category.objects.get(pk=place.removeprefix(AFTER)), "right"
        if place == KEEP and not moved:
            return None, ""
        first = place == FIRST
        if parent is None:
            return Category.get_first_root_node(), "first-sibling" if first else "last-sibling"
        return Category.objects.get(pk=parent.pk), "first-child" if first else "last-child"


def neighbours_in(parent: Category | None) -> Any:
    """What stands directly in a category, or at the top, in its order."""
    return parent.get_children() if parent else Category.get_root_nodes()
