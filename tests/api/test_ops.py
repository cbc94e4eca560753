import pytest
from django.test import Client


def test_live():
    assert Client().get("/health/live").json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_when_the_database_answers():
    assert Client().get("/health/ready").json() == {"status": "ok", "database": "ok"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/docs", "/docs/redoc"])
def test_the_guide_loads_nothing_from_elsewhere(path):
    page = Client().get(path).content.decode()
    assert "http://" not in page.replace("http://127.0.0.1", "")
    assert "https://" not in page
    assert "/static/drf_spectacular_sidecar/" in page
