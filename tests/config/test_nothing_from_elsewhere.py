"""No page loads anything from another site: neither a template nor a style names one, and the policies forbid it."""

import re
from pathlib import Path

import pytest

from api.pages.error_pages import PAGE_POLICY
from config.staff.middleware import STAFF_CONTENT_SECURITY_POLICY

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("api", "config", "content", "notifications")
TEMPLATES = sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("templates/**/*.html"))
STYLES = sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("static/**/*.css"))
SCRIPTS = sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("static/**/*.js"))
LOADING = re.compile(  # elements that fetch what they name; `a` only leads there, and canonical addresses are read
    r"<(?:script|img|iframe|embed|object|video|audio|source|track|input|use|image)\b[^>]*?\b(?:src|data|poster|srcset|href)"
    r"\s*=\s*[\"']?\s*(?:https?:)?//|<link\b(?=[^>]*rel=[\"']?(?:stylesheet|icon|preload|manifest|preconnect|dns-prefetch))"
    r"[^>]*href=[\"']?(?:https?:)?//",
    re.IGNORECASE,
)
FRAMES = re.compile(r"<(?:iframe|embed|object|frame)\b", re.IGNORECASE)


def test_templates_are_found():
    assert len(TEMPLATES) > 60 and len(STYLES) > 5 and len(SCRIPTS) > 5


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_loads_nothing_from_another_site_and_has_no_frame(path):
    text = path.read_text()
    assert LOADING.findall(text) == [] and FRAMES.findall(text) == []


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_style_loads_nothing_from_another_site(path):
    assert re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", path.read_text()) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_asks_nothing_of_another_site(path):
    assert (
        re.findall(r"(?:fetch|import|open|Worker|EventSource|WebSocket)\(\s*[\"'`](?:https?|wss?):", path.read_text())
        == []
    )


@pytest.mark.parametrize("policy", [PAGE_POLICY, STAFF_CONTENT_SECURITY_POLICY])
def test_a_policy_names_no_other_site(policy):
    assert policy["default-src"] == ["'none'"]
    assert {source for sources in policy.values() for source in sources} <= {"'none'", "'self'"}


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://www.youtube.com/player.js">',
        "<img alt='' src='//i.ytimg.com/vi/1/0.jpg'>",
        '<link rel="stylesheet" href="https://fonts.example/a.css">',
        '<video poster="http://example.com/a.jpg">',
    ],
)
def test_what_would_be_found(text):
    assert LOADING.search(text)
