"""Messages that Waymark sends by itself, beside those that designers write."""

from datetime import timedelta
from typing import Final

# A colon cannot stand in a designer's key, so these never meet one.
WELCOME: Final = "waymark:welcome"
SIGN_OFF: Final = "waymark:sign-off"
CHECK_IN: Final = "waymark:check-in"

# What a check-in counts as, for its reader: where it is switched off, and what the link at the foot of its mail stops.
CHECK_IN_CATEGORY: Final = "practice"

BUILT_IN: Final = frozenset({WELCOME, SIGN_OFF, CHECK_IN})

# Three days late a welcome is odd; a request to confirm a practice may wait for a mail server a week.
WELCOME_IS_OF_USE: Final = timedelta(days=3)
SIGN_OFF_IS_OF_USE: Final = timedelta(days=7)
CHECK_IN_IS_OF_USE: Final = timedelta(hours=48)
