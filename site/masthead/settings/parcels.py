"""What leaves the house and what comes back."""

from django.utils.translation import gettext_lazy as _

from .environment import Environment

# Code: name, and the carrier's page about a parcel. The code stands in shipments: one that was used stays here.
SHOP_CARRIERS = {
    "royal-mail": ("Royal Mail", "https://www.royalmail.com/track-your-item#/tracking-results/{number}"),
    "parcelforce": ("Parcelforce", "https://www.parcelforce.com/track-trace?trackNumber={number}"),
    "dhl": ("DHL", "https://www.dhl.com/global-en/home/tracking.html?tracking-id={number}"),
    "dpd": ("DPD", "https://track.dpd.co.uk/search?reference={number}"),
    "evri": ("Evri", "https://www.evri.com/track/parcel/{number}"),
    "gls": ("GLS", "https://gls-group.com/track/{number}"),
    "ups": ("UPS", "https://www.ups.com/track?tracknum={number}"),
    "fedex": ("FedEx", "https://www.fedex.com/fedextrack/?trknbr={number}"),
    "usps": ("USPS", "https://tools.usps.com/go/TrackConfirmAction?tLabels={number}"),
    "other": (_("Another carrier"), ""),
}
# So many days after it has left, a customer may ask to send something back. Staff may take it back later, too.
SHOP_RETURN_DAYS = 30
# Where it is sent to, line by line; staff may write another address for a single return.
SHOP_RETURN_ADDRESS = list(Environment.read().return_address)
