from django.urls import path, re_path

from api.pages.home import HomePage
from api.pages.views import DocumentPage, ProvisionPage
from api.v1.documents.published_documents import DOCUMENT_KEY

urlpatterns = [
    path("tim", HomePage.as_view(), name="search-page"),
    re_path(rf"^van-ban/(?P<key>{DOCUMENT_KEY})\Z", DocumentPage.as_view(), name="document-page"),
    re_path(
        rf"^van-ban/(?P<key>{DOCUMENT_KEY})/(?P<path>[a-z0-9_/-]+)\Z", ProvisionPage.as_view(), name="provision-page"
    ),
]
