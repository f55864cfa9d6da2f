"""Oscar's forms of offers with dates that need no script, and words that say what happens."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from oscar.apps.dashboard.offers import forms as oscar

from shop.dashboard.inputs import NativeDates, explain, label, name_choices, name_nothing

OFFER_TYPES = {"Site": _("Everybody"), "Voucher": _("Who types a code")}
BENEFIT_TYPES = {
    "Percentage": _("A percentage off the products"),
    "Absolute": _("An amount off the basket"),
    "Fixed": _("An amount off each product"),
    "Multibuy": _("The cheapest product for free"),
    "Fixed price": _("The products for a fixed price"),
    "Shipping absolute": _("An amount off the delivery"),
    "Shipping fixed price": _("Delivery for a fixed price"),
    "Shipping percentage": _("A percentage off the delivery"),
}
CONDITION_TYPES = {
    "Count": _("So many products"),
    "Value": _("Products worth so much"),
    "Coverage": _("So many different products"),
}


class MetaDataForm(oscar.MetaDataForm):
    """The first step: what it is called and who gets it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offer_type"].label = _("For")
        name_choices(self.fields["offer_type"], OFFER_TYPES)
        self.fields["offer_type"].help_text = _("A code is made afterwards, under Vouchers.")


class RestrictionsForm(NativeDates, oscar.RestrictionsForm):
    """The last step: when, and how often."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label(
            self.fields,
            {
                "start_datetime": _("From"),
                "end_datetime": _("To"),
                "max_basket_applications": _("Most times in one basket"),
                "max_user_applications": _("Most times by one customer"),
                "max_global_applications": _("Most times in all"),
                "max_discount": _("Most money given away in all"),
                "combinations": _("Goes together with"),
            },
        )
        explain(
            self.fields,
            {
                "max_basket_applications": _("Left empty, there is no limit."),
                "max_user_applications": _("Only customers with an account are counted."),
                "max_global_applications": _("Then it ends by itself."),
                "max_discount": _("Then it ends by itself."),
                "start_datetime": _("Left empty, it begins at once."),
                "end_datetime": _("Left empty, it goes on until you suspend it."),
                "priority": _("Of several offers for the same goods the one with the higher number comes first."),
                "exclusive": _("Goods that it lowers are lowered by no other offer."),
                "combinations": _("Offers that may lower the same goods as well. Only for one that is not exclusive."),
            },
        )


class BenefitForm(oscar.BenefitForm):
    """The second step: what it gives."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_choices(self.fields["type"], BENEFIT_TYPES)


class ConditionForm(oscar.ConditionForm):
    """The third step: what has to be in the basket."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_choices(self.fields["type"], CONDITION_TYPES)


class OfferSearchForm(oscar.OfferSearchForm):
    """What offers are looked for by."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_choices(self.fields["offer_type"], OFFER_TYPES)
        name_nothing(self.fields)


__all__ = ["BenefitForm", "ConditionForm", "MetaDataForm", "OfferSearchForm", "RestrictionsForm"]
