"""Users, cookies and what a browser may load."""

from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from .environment import Environment

_sandbox = urlsplit(Environment.read().stripe_api_base)
PAYMENT_PAGES = [f"{_sandbox.scheme}://{_sandbox.netloc}"] if _sandbox.netloc else ["https://checkout.stripe.com"]

AUTH_USER_MODEL = "accounts.User"
# Oscar's EmailBackend is not needed: our users sign in by address anyway, and it answers faster for unknown ones.
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "customer:login"
LOGIN_REDIRECT_URL = "customer:summary"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 9}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# A link for a new password: long enough to find the mail, short enough for a mailbox that others read later.
PASSWORD_RESET_TIMEOUT = 3 * 60 * 60

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "masthead.errors.csrf_failure"
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"

# The storefront's policy: no inline script or style anywhere. Back offices get their own in masthead/middleware.py.
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/cms/", "/dashboard/"),
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF, "https://www.youtube-nocookie.com", "https://player.vimeo.com"],
        "frame-ancestors": [SELF],
        # Browsers look at where a form's answer leads, too: the button to pay leads to Stripe.
        "form-action": [SELF, *PAYMENT_PAGES],
        "base-uri": [SELF],
        "object-src": [NONE],
    },
}
