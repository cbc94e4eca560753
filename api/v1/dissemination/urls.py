from django.urls import path, re_path

from api.v1.dissemination.counts import DisseminationView
from api.v1.dissemination.queue import OUTLET_KEY, PLACEMENT_KEY, ClaimView, QueueView, ReportView

urlpatterns = [
    path("dissemination", DisseminationView.as_view(), name="dissemination"),
    re_path(rf"^outlets/(?P<key>{OUTLET_KEY})/queue\Z", QueueView.as_view(), name="outlet-queue"),
    re_path(rf"^placements/(?P<key>{PLACEMENT_KEY})/claim\Z", ClaimView.as_view(), name="placement-claim"),
    re_path(rf"^placements/(?P<key>{PLACEMENT_KEY})/report\Z", ReportView.as_view(), name="placement-report"),
]
