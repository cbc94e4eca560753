import pytest
from django.db import connection
from django.test import Client

from notifications.deliveries import services


def test_live():
    assert Client().get("/health/live").json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_names_a_worker_that_is_away_and_a_channel_that_is_refused():
    ready = Client().get("/health/ready")
    assert (ready.status_code, ready.json()) == (
        200,
        {"status": "degraded", "database": "ok", "worker": "absent", "push": "ok"},
    )
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert Client().get("/health/ready").json()["status"] == "ok"
    services.mark_channel_broken("invalid_grant")
    answer = Client().get("/health/ready").json()
    assert (answer["status"], answer["push"], answer["push_reason"]) == ("degraded", "broken", "invalid_grant")
    services.mark_channel_working()
    assert Client().get("/health/ready").json()["status"] == "ok"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "script"), [("/docs/reference", "/drf_spectacular_sidecar/"), ("/docs/redoc", "/docs/redoc-")]
)
def test_the_reference_loads_nothing_from_elsewhere(path, script):
    page = Client().get(path).content.decode()
    assert "http://" not in page.replace("http://127.0.0.1", "")
    assert "https://" not in page
    assert script in page


@pytest.mark.django_db
def test_who_asks_again_at_once_costs_the_database_nothing(settings, django_assert_num_queries):
    settings.READINESS_SECONDS = 3_600
    first = Client().get("/health/ready")
    with django_assert_num_queries(0):
        again = Client().get("/health/ready")
    assert (again.status_code, again.json()) == (first.status_code, first.json())
