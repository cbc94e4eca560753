"""The commands of `manage.py`, and which of Django's system checks those run that answer no request."""

from django.core.checks import Tags

# All that an installation can get wrong. Those of URLs, of the staff site, templates and models load every page for it,
# which takes as long as all the rest of a start; `manage.py web` and `check` run them.
CHECKS_OF_SETTINGS = [
    Tags.caches,
    Tags.compatibility,
    Tags.database,
    Tags.files,
    Tags.security,
    Tags.staticfiles,
    Tags.translation,
]
