from django.urls import path

from api.v1.search.glossary import GlossaryView
from api.v1.search.search import SearchView
from api.v1.search.suggestions import SuggestView

urlpatterns = [
    path("search", SearchView.as_view(), name="search"),
    path("glossary", GlossaryView.as_view(), name="glossary"),
    path("search/suggest", SuggestView.as_view(), name="search-suggest"),
]
