from django.urls import path, re_path

from api.pages.certificate_page import CertificatePage
from api.pages.channel_pages import ChannelPage, PlaylistPage
from api.pages.contest_page import ContestPage
from api.pages.event_page import EventPage
from api.pages.home import HomePage
from api.pages.material_page import MaterialPage
from api.pages.plan_pages import PlanPage, ProgrammePage
from api.pages.question_page import QuestionPage
from api.pages.short_address_page import CODE, ShortAddressPage, short_address_card
from api.pages.views import DocumentPage, ProvisionPage
from api.v1.documents.published_documents import DOCUMENT_KEY

urlpatterns = [
    path("tim", HomePage.as_view(), name="search-page"),
    re_path(rf"^van-ban/(?P<key>{DOCUMENT_KEY})\Z", DocumentPage.as_view(), name="document-page"),
    re_path(
        rf"^van-ban/(?P<key>{DOCUMENT_KEY})/(?P<path>[a-z0-9_/-]+)\Z", ProvisionPage.as_view(), name="provision-page"
    ),
    re_path(r"^hoi-dap/(?P<key>[a-z0-9-]{1,60})\Z", QuestionPage.as_view(), name="question-page"),
    re_path(r"^cuoc-thi/(?P<key>[a-z0-9-]{1,60})\Z", ContestPage.as_view(), name="contest-page"),
    re_path(r"^chung-nhan/(?P<serial>[^/]{1,60})\Z", CertificatePage.as_view(), name="certificate-page"),
    re_path(r"^tai-lieu/(?P<key>[a-z0-9-]{1,60})\Z", MaterialPage.as_view(), name="material-page"),
    re_path(r"^danh-sach-phat/(?P<key>[a-z0-9-]{1,60})\Z", PlaylistPage.as_view(), name="playlist-page"),
    re_path(r"^kenh/(?P<key>[a-z0-9-]{1,60})\Z", ChannelPage.as_view(), name="channel-page"),
    re_path(r"^de-an/(?P<key>[a-z0-9-]{1,100})\Z", ProgrammePage.as_view(), name="programme-page"),
    re_path(r"^ke-hoach/(?P<key>[a-z0-9-]{1,200})\Z", PlanPage.as_view(), name="plan-page"),
    re_path(r"^su-kien/(?P<key>[a-z0-9-]{1,60})\Z", EventPage.as_view(), name="event-page"),
    re_path(rf"^s/(?P<code>{CODE})\Z", ShortAddressPage.as_view(), name="short-address"),
    re_path(rf"^s/(?P<code>{CODE})\.png\Z", short_address_card, name="short-address-card"),
]
