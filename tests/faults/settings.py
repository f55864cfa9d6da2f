"""For processes of their own that are killed: the settings of the tests, with a mail server that outlives them."""

import os
from datetime import timedelta

from masthead.settings.test import *  # noqa: F403

EMAIL_BACKEND = "tests.faults.mailbox.FileBackend"
MAILBOX = os.environ["MAILBOX"]
SHOP_CHECKOUT_TIME = timedelta(hours=12)
