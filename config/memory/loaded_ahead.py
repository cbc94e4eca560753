"""What is loaded before the web server forks, so that its processes share it and none does it in its first requests.

Nothing of it is from the database: a fork must not share a session, and what is stored there changes.
"""

import numpy as np
from django.conf import settings
from django.template import engines
from django.urls import get_resolver
from django.utils import translation

from api.entity_tags.program import program_version
from api.openapi.committed import committed_contract
from content.search.rank.regression_trees import shipped_trees


def load_ahead() -> None:
    """Load URLs, contract, translations, template tags, the trees that rank results, the program's version."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            dict(get_resolver().reverse_dict)  # each language has its own addresses, filled when asked for
        committed_contract(language)
    engines.all()  # with the tags of all applications
    shipped_trees()
    np.unique(np.zeros(1))  # its first call loads numpy.ma
    program_version()
