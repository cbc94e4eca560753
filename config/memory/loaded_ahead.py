"""What is loaded before the web server forks, so that its processes share it and none does it in its first requests.

Nothing of it is from the database: a fork must not share a session, and what is stored there changes.
"""

from django.conf import settings
from django.urls import get_resolver
from django.utils import translation

from api.entity_tags.program import program_version
from content.search.rank.regression_trees import shipped_trees


def load_ahead() -> None:
    """Load the URL table with all views, the translations, the trees that rank results, and the program's version."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            assert get_resolver().reverse_dict  # noqa: S101 - each language has its own addresses, filled when asked for
    shipped_trees()
    program_version()
