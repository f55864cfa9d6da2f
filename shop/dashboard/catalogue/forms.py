"""Oscar's product forms with the fields of shop/catalogue/models.py and shop/partner/models.py."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from oscar.apps.dashboard.catalogue import forms as oscar

from shop.catalogue.models import Product, ProductImage
from shop.dashboard.inputs import RICH, DateInput, ProductField, explain, in_coins
from shop.ledger.noting import noting
from shop.partner.models import Partner, StockRecord

from .category_forms import CategoryForm
from .fields import GtinsField, SpecificationField, TagsField, YesNoField
from .names import names_of

# What a variant has from its parent.
PARENTS_OWN = (
    *("subtitle", "brand", "tax_class", "tags", "specification", "flag", "released_on"),
    *("meta_title", "meta_description"),
)
# Of a stock record: what others may change while a merchandiser looks at it.
KEPT_UNLESS_CHANGED = {"price", "compare_at_price", "num_in_stock", "low_stock_threshold"}


class ProductForm(oscar.ProductForm):
    """One product or variant. With `variants_to_come` it is checked as the parent that it is about to be."""

    FIELD_FACTORIES: ClassVar = {
        **oscar.ProductForm.FIELD_FACTORIES,
        "boolean": lambda attribute: YesNoField(label=attribute.name, required=attribute.required),
    }

    tags = TagsField(
        label=_("Tags"), required=False, help_text=_("Words between commas, such as “stoneware, gift, new”.")
    )
    specification = SpecificationField(
        label=_("Specification"),
        required=False,
        help_text=_("One row a line: “name: value”, such as “Height: 12 cm”. Shown in a table and not filtered by."),
    )
    gtins = GtinsField(label=_("EANs"), required=False, help_text=_("Several between commas."))

    class Meta(oscar.ProductForm.Meta):
        fields: ClassVar = [
            *("title", "subtitle", "brand", "tax_class", "description", "flag", "tags", "specification"),
            *("upc", "part_number", "gtins", "weight_grams", "released_on"),
            *("is_public", "is_discountable", "structure", "slug", "meta_title", "meta_description"),
        ]
        widgets: ClassVar = {
            **oscar.ProductForm.Meta.widgets,
            "description": forms.Textarea(attrs=RICH),
            "released_on": DateInput(),
            "meta_description": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, product_class: Any, *args: Any, variants_to_come: bool = False, **kwargs: Any) -> None:
        self.variants_to_come = variants_to_come
        super().__init__(product_class, *args, **kwargs)
        explain(
            self.fields,
            {
                "upc": _("The number by which imports find this product again. Left empty, its slug does."),
                "slug": _("The end of the product’s address. The old address leads to the new one after a change."),
                "is_public": _("Without it nobody finds the product in the shop, and its page says “not found”."),
                "is_discountable": _("Offers and vouchers lower its price."),
                "weight_grams": _(
                    "Packed. Delivery is charged by it; a variant without one weighs what its parent does."
                ),
                "meta_title": _("What search engines show as the title, where it is not the name."),
            },
        )
        if self.instance.is_child:
            self.fields["title"].required = False
            self.fields["title"].help_text = _("Left empty, it is the product’s name; the options tell variants apart.")
        if variants_to_come:
            for name, field in self.fields.items():
                if name.startswith("attr_"):
                    field.required = False

    @property
    def attribute_fields(self) -> list[Any]:
        """The fields of the product type's attributes."""
        return [field for field in self if field.name.startswith("attr_")]

    @property
    def plain_fields(self) -> list[Any]:
        """The others, without those about search engines."""
        return [field for field in self.primary_form_fields() if not field.name.startswith("attr_")]

    def delete_non_child_fields(self) -> None:
        """A variant tells only what tells it apart."""
        super().delete_non_child_fields()
        for name in PARENTS_OWN:
            self.fields.pop(name, None)

    def clean_structure(self) -> str:
        """Checked as a parent, so that what only variants have is not asked for."""
        if self.variants_to_come and not (self.instance.pk and self.instance.has_stockrecords):
            return Product.PARENT
        return self.cleaned_data["structure"]

    def clean_slug(self) -> str:
        """A slug that no other product has."""
        wanted = self.cleaned_data["slug"]
        others = Product.objects.exclude(pk=self.instance.pk)
        if wanted:
            taken = others.filter(slug=wanted).first()
            if taken:
                raise ValidationError(
                    _("“%(slug)s” is the address of “%(other)s”: each product has its own."),
                    params={"slug": wanted, "other": taken.get_title()},
                )
        return wanted

    def _free_slug(self, data: dict[str, Any]) -> str:
        """A slug from the name, a variant's from its parent's and its options."""
        parent = self.instance.parent
        words = [parent.slug if parent else "", data.get("title") or ""]
        if parent:
            words += [str(data.get(field.name) or "") for field in self.attribute_fields]
        base = slugify(" ".join(word for word in words if word))[:230] or "product"
        others = Product.objects.exclude(pk=self.instance.pk).filter(slug__startswith=base)
        taken = set(others.values_list("slug", flat=True))
        number, slug = 1, base
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        return slug

    def clean(self) -> dict[str, Any]:
        """A slug where none is given. Variants without options, or with the same, could not be told apart."""
        data = super().clean() or {}
        if "slug" in data and not data["slug"]:
            data["slug"] = self._free_slug(data)
        parent = self.instance.parent
        chosen = {
            field.name[5:]: data[field.name]
            for field in self.attribute_fields
            if (data.get(field.name) is False or data.get(field.name)) and not isinstance(field.field, forms.FileField)
        }
        if parent is None:
            return data
        if not chosen:
            if not any(field.errors for field in self.attribute_fields):
                raise ValidationError(self._no_options(), params={"type": parent.product_class})
            return data
        for sibling in parent.children.exclude(pk=self.instance.pk).prefetch_related("attribute_values__attribute"):
            held = {value.attribute.code: value.value for value in sibling.attribute_values.all()}
            if held and all(held.get(code) == value for code, value in chosen.items()) and len(held) == len(chosen):
                raise ValidationError(
                    _("Variant “%(other)s” has the same options: nobody could choose between them."),
                    params={"other": sibling.attribute_summary},
                )
        return data

    def _no_options(self) -> Any:
        if self.attribute_fields:
            return _("Choose at least one option: it is what customers choose this variant by.")
        return _("The product type “%(type)s” has no attributes to tell variants apart by. Give it one first.")

    def save(self, commit: bool = True) -> Product:
        """Save; the first variant makes a product a parent, not the wish for one."""
        if self.variants_to_come:
            self.instance.structure = Product.STANDALONE
        return super().save(commit)


class StockRecordForm(oscar.StockRecordForm):
    """Price and stock. Where the shop has one partner and one currency, nobody is asked for either.

    Orders and imports go on while the page is open. So it carries what it showed, and only what the merchandiser changed
    is written; a stock that moved meanwhile is asked about. The formset has locked the record.
    """

    class Meta(oscar.StockRecordForm.Meta):
        model = StockRecord
        fields: ClassVar = [
            *("partner", "partner_sku", "price_currency", "price", "compare_at_price"),
            *("num_in_stock", "low_stock_threshold"),
        ]

    def __init__(self, product_class: Any, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(product_class, user, *args, **kwargs)
        self.counted_by = user
        self.fields["partner_sku"].label = _("SKU")
        self.fields["price"].help_text = _("In %(currency)s. Includes VAT of the home country (%(country)s).") % {
            "currency": settings.SHOP_CURRENCY,
            "country": settings.SHOP_HOME_COUNTRY,
        }
        self.fields["price"].min_value = 0
        in_coins(self.fields, "price", "compare_at_price")
        self.fields["price_currency"].initial = settings.SHOP_CURRENCY
        self.fields["price_currency"].widget = forms.HiddenInput()
        # Its default is a function, for which Django would compare with another hidden field.
        self.fields["price_currency"].show_hidden_initial = False
        self.fields["compare_at_price"].help_text = _("What it cost before; shown struck out. Includes VAT, too.")
        for name in KEPT_UNLESS_CHANGED & set(self.fields):
            self.fields[name].show_hidden_initial = True
        explain(
            self.fields,
            {
                "num_in_stock": _("What is on the shelf, with what is ordered and not yet dispatched."),
                "low_stock_threshold": _("At this many or fewer it counts as low."),
            },
        )

    def clean_partner_sku(self) -> str:
        """A SKU that nothing else of this partner has; Django would not say whose it is."""
        sku: str = self.cleaned_data["partner_sku"]
        others = StockRecord.objects.filter(partner=self.cleaned_data.get("partner"), partner_sku=sku)
        other = others.exclude(pk=self.instance.pk).select_related("product__parent").first()
        if other:
            raise ValidationError(
                _("“%(sku)s” is the SKU of “%(other)s” already: each is used once."),
                params={"sku": sku, "other": names_of([other.product])[other.product_id]},
            )
        return sku

    def clean_price(self) -> Any:
        """Not below nothing."""
        price = self.cleaned_data["price"]
        if price is not None and price < 0:
            raise ValidationError(_("%(price)s is below zero. The lowest price is 0."), params={"price": price})
        return price

    def clean_num_in_stock(self) -> int | None:
        """The number that was typed, unless another one than was shown is in the database now."""
        wanted: int | None = self.cleaned_data["num_in_stock"]
        shown, now = self._shown_stock(), self.instance.num_in_stock
        if wanted == shown or now in (shown, wanted):
            return wanted
        # The page that says so shows the number of now: saved once more, what stands in the field counts.
        data: Any = self.data  # type: ignore[has-type]
        self.data = data.copy()
        self.data[self.add_initial_prefix("num_in_stock")] = "" if now is None else now
        raise ValidationError(
            _(
                "The stock moved while this page was open: it showed %(shown)s, and now it is %(now)s. "
                "You wrote %(wanted)s. Correct it if need be, and save again."
            ),
            params={"shown": "—" if shown is None else shown, "now": "—" if now is None else now, "wanted": wanted},
        )

    def _shown_stock(self) -> int | None:
        field = self["num_in_stock"]
        if self.instance.pk is None or field.html_initial_name not in self.data:
            return self.instance.num_in_stock
        try:
            return field.field.to_python(self.data[field.html_initial_name])
        except ValidationError:
            return self.instance.num_in_stock

    def clean(self) -> dict[str, Any]:
        """A price before that is not higher would never be shown."""
        data = super().clean() or {}
        if self.instance.pk:
            for name in KEPT_UNLESS_CHANGED & data.keys() - set(self.changed_data):
                data[name] = getattr(self.instance, name)
        price, before = data.get("price"), data.get("compare_at_price")
        if price is not None and before is not None and before <= price:
            self.add_error(
                "compare_at_price",
                _("%(before)s is not above the price of %(price)s, so it would never show. Raise it or leave it empty.")
                % {"before": before, "price": price},
            )
        return data

    def save(self, commit: bool = True) -> StockRecord:
        """Write what was changed and nothing else: what is promised to orders is the orders' business."""
        with noting(by=self.counted_by, why="the product’s page"):
            if self.instance.pk is None or not commit:
                return super().save(commit)
            record: StockRecord = super().save(commit=False)
            changed = [name for name in self.changed_data if name in self._meta.fields]
            if changed:
                record.save(update_fields=[*changed, "date_updated"])
        return record


class ProductImageForm(forms.ModelForm):
    """A picture, what is seen on it, and its place."""

    class Meta:
        model = ProductImage
        fields: ClassVar = ["product", "original", "alt_text", "caption", "display_order"]
        widgets: ClassVar = {"original": forms.FileInput(attrs={"accept": "image/*"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not kwargs.get("instance"):
            place = int(kwargs["prefix"].rpartition("-")[2]) if str(kwargs.get("prefix"))[-1:].isdigit() else 0
            kwargs["initial"] = {"display_order": place, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields["original"].label = _("Picture")
        self.fields["display_order"].label = _("Place")
        self.fields["display_order"].help_text = _("0 is the first, which lists show.")


class ProductRecommendationForm(forms.ModelForm):
    """A product that is recommended with this one, named by what people know of it."""

    recommendation = ProductField(
        label=_("Product"),
        help_text=_("SKU, UPC, slug or name."),
        widget=forms.TextInput(attrs={"data-products": reverse_lazy("dashboard:catalogue-product-lookup")}),
    )

    class Meta:
        model = oscar.ProductRecommendation
        fields: ClassVar = ["primary", "recommendation", "ranking"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ranking"].label = _("Rank")
        self.fields["ranking"].help_text = _("The highest is shown first.")


class ProductClassForm(forms.ModelForm):
    """What a type of products has in common. Oscar's "options" are left out: the basket asks for none."""

    class Meta:
        model = oscar.ProductClass
        fields: ClassVar = ["name", "requires_shipping", "track_stock"]

    def clean_name(self) -> str:
        """A name that no other type has: products are sorted into types by it."""
        name: str = self.cleaned_data["name"].strip()
        other = oscar.ProductClass.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).first()
        if other:
            raise ValidationError(
                _("There is a product type “%(name)s” already: use it, or choose another name."),
                params={"name": other.name},
            )
        return name


class ProductAttributesForm(oscar.ProductAttributesForm):
    """One attribute of a type."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Oscar wraps it in buttons that open windows by script.
        self.fields["option_group"].widget = self.fields["option_group"].widget.widget
        self.fields["option_group"].label = _("List of options")
        self.fields["option_group"].help_text = _("For the types “option” and “multi option”.")
        self.fields["code"].help_text = _("Left empty, it is made from the name.")
        self.fields["required"].help_text = ""


__all__ = [
    "CategoryForm", "ProductAttributesForm", "ProductClassForm", "ProductForm", "ProductImageForm",
    "ProductRecommendationForm", "ProductSearchForm", "StockRecordForm",
]  # fmt: skip


def only_partner() -> Partner | None:
    """The shop's partner where it has just one."""
    partners = list(Partner.objects.all()[:2])
    return partners[0] if len(partners) == 1 else None


class ProductSearchForm(forms.Form):
    """What the list of products is narrowed by."""

    q = forms.CharField(label=_("Name, SKU, EAN, UPC or part number"), required=False, max_length=255)
    stock = forms.ChoiceField(
        label=_("Stock"),
        required=False,
        choices=[("", _("Any")), ("in", _("In stock")), ("low", _("Low or sold out")), ("out", _("Sold out"))],
    )
    public = forms.ChoiceField(
        label=_("Published"), required=False, choices=[("", _("Any")), ("yes", _("Published")), ("no", _("Hidden"))]
    )
    kind = forms.ModelChoiceField(
        label=_("Product type"), required=False, empty_label=_("Any"), queryset=oscar.ProductClass.objects.all()
    )
