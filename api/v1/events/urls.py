from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from api.v1.events.calendars import (
    CALENDAR_SECRET,
    SUBJECT_KEY,
    EventCalendarView,
    MyCalendarView,
    OrganisationCalendarView,
    ReaderCalendarView,
    TopicCalendarView,
)
from api.v1.events.events import EVENT_KEY, EventViewSet
from api.v1.events.questions import EventQuestionView
from api.v1.events.registrations import MyEventViewSet, RegistrationCodeView, RegistrationView

router = SimpleRouter(trailing_slash=False)
router.register("events/mine", MyEventViewSet, "my-event")
router.register("events", EventViewSet, "event")

EVENT_PATH = rf"^events/(?P<key>{EVENT_KEY})"

urlpatterns = [
    path("", include(router.urls)),
    path("events/mine/calendar", MyCalendarView.as_view(), name="my-calendar"),
    re_path(rf"{EVENT_PATH}\.ics\Z", EventCalendarView.as_view(), name="event-calendar"),
    re_path(rf"{EVENT_PATH}/registration\Z", RegistrationView.as_view(), name="registration"),
    re_path(rf"{EVENT_PATH}/registration\.svg\Z", RegistrationCodeView.as_view(), name="registration-code"),
    re_path(rf"{EVENT_PATH}/questions\Z", EventQuestionView.as_view(), name="ask-ahead"),
    re_path(rf"^calendars/topic/(?P<key>{SUBJECT_KEY})\.ics\Z", TopicCalendarView.as_view(), name="topic-calendar"),
    re_path(
        rf"^calendars/organisation/(?P<key>{SUBJECT_KEY})\.ics\Z",
        OrganisationCalendarView.as_view(),
        name="organisation-calendar",
    ),
    re_path(
        rf"^calendars/reader/(?P<secret>{CALENDAR_SECRET})\.ics\Z", ReaderCalendarView.as_view(), name="reader-calendar"
    ),
]
