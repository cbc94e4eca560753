"""The guide for developers: Markdown in `texts`, one file per page and language, with samples that both share.

A heading has the same anchor in both languages: it is made of the English words. So the files of a page have the same
headings in the same order; tests/api/guide holds them to it.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.html import escape, format_html, format_html_join
from django.utils.text import slugify
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import override as in_language
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = Path(__file__).parent
STARTERS = settings.BASE_DIR / "docs" / "starters"
EXAMPLE_HOST = "https://luatmo.example"  # in texts and samples; a page shows the address of this installation
SAMPLE_NAMES = (  # of texts and samples: a real law, and the sample law of a local installation
    ("luat-2024-31-2024-qh15", "luat-2024-00-0000-mau"),
    ("31/2024/QH15", "00/0000/MAU"),
    ("art_15", "art_2"),
    ("Điều 15", "Điều 2"),
)
GROUPS = (  # slugs of the pages in the order of the menu; the first is the start page
    (
        gettext_lazy("Start here"),
        ("start", "secret", "web", "typescript", "flutter", "kotlin", "swift", "react-native", "clients"),
    ),
    (gettext_lazy("Read the law"), ("searching", "provisions", "citations", "formats", "dates", "effect", "paging")),
    (gettext_lazy("Stay up to date"), ("pushes", "local-pushes", "offline", "changes", "sync")),
    (gettext_lazy("Take part"), ("contests",)),
    (gettext_lazy("Rules of the API"), ("errors", "limits", "versions", "changelog", "licence", "contact")),
)
SLUGS = tuple(slug for _group, slugs in GROUPS for slug in slugs)
RUN, COMPILED, TYPED, READ = (  # what is known of a sample; script/check-more clients compiles
    gettext_lazy("run by the tests"),
    gettext_lazy("compiled, not run on a device"),
    gettext_lazy("compiled with strict types"),
    gettext_lazy("grammar checked, not run"),
)
SAMPLE_LANGUAGES = {  # by suffix
    ".sh": ("Shell", RUN),
    ".py": ("Python", RUN),
    ".mjs": ("JavaScript", RUN),
    ".dart": ("Dart", COMPILED),
    ".kt": ("Kotlin", COMPILED),
    ".swift": ("Swift", COMPILED),
    ".ts": ("TypeScript", TYPED),
    ".js": ("JavaScript", READ),
}
_ANCHORED = ("h2", "h3")
_SETTING = re.compile(r"{{([A-Z_]+)}}")  # a number or name that the operator sets
_REPOSITORY_LINK = re.compile(r"\[([^\]]*)\]\((?!https?:)[^)]*\)")  # leads to a file that is not served
_OF_OPERATORS = re.compile(r"^Staff site and operation\n.*?(?=^#)", re.MULTILINE | re.DOTALL)  # of CHANGELOG.md
_PAGE_LINK = re.compile(r"[a-z-]+(?:#[a-z0-9-]+)?")


@dataclass(frozen=True)
class Section:
    """A heading with the text below it, up to the next heading. The first of a page has no anchor."""

    anchor: str
    heading: str
    text: str


@dataclass(frozen=True)
class Page:
    """A page in one language. `html` is safe: it comes from files of this repository."""

    slug: str
    title: str
    summary: str
    html: str
    sections: tuple[Section, ...]
    samples: tuple[str, ...]


def source_of(slug: str, language: str) -> str:
    """The Markdown of a page."""
    return (FOLDER / "texts" / f"{slug}.{language}.md").read_text(encoding="utf-8")


def sample_source(name: str) -> str:
    """The text of a sample, with the address of this installation."""
    return _with_our_address((FOLDER / "samples" / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=4 * len(SLUGS))
def page(slug: str, language: str, query: str = "") -> Page:
    """The page in this language. `query`, as «?lang=en», is put on every link to another page of the guide."""
    parser = _parser()
    tokens = parser.parse(_with_our_address(source_of(slug, language)))
    headings = [_inline_text(tokens[n + 1]) for n, token in enumerate(tokens) if token.type == "heading_open"]
    _set_anchors(tokens, _anchors(slug))
    _set_links(tokens, query)
    sections = tuple(_sections(tokens))
    samples = tuple(name for token in tokens if token.info == "sample" for name in token.content.split())
    with in_language(language):
        html = parser.renderer.render(tokens[3:], parser.options, {})  # the title is of the template
    return Page(slug, headings[0], sections[0].text, html, sections, samples)


def _with_our_address(text: str) -> str:
    """Settings filled in; in local mode the samples read the law that is in the store from the first start."""
    for example, sample in SAMPLE_NAMES if settings.LOCAL else ():
        text = text.replace(example, sample)
    return _SETTING.sub(lambda found: str(getattr(settings, found[1])), text.replace(EXAMPLE_HOST, settings.PUBLIC_URL))


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    rules: dict[str, Callable[..., str]] = {
        "fence": _fence,
        "table_open": lambda *_: '<div class="scroll" tabindex="0"><table>',
        "table_close": lambda *_: "</table></div>",
    }
    for name, rule in rules.items():
        parser.add_render_rule(name, lambda _self, *arguments, rule=rule: rule(*arguments))
    return parser


def _fence(tokens: Sequence[Token], index: int, _options: Any, _env: Mapping[str, Any]) -> str:
    token = tokens[index]
    if token.info == "sample":
        return "".join(_sample(name) for name in token.content.split())
    if token.info in _GENERATED:
        return _GENERATED[token.info]()
    return _code(token.info, token.info, token.content)


def _sample(name: str) -> str:
    language, note = SAMPLE_LANGUAGES[Path(name).suffix]
    return _code(Path(name).suffix[1:], f"{language} · {note}", sample_source(name))


def _changelog() -> str:
    """CHANGELOG.md from its first version on, without what concerns operators alone."""
    text = _OF_OPERATORS.sub("", (settings.BASE_DIR / "CHANGELOG.md").read_text(encoding="utf-8"))
    versions = _REPOSITORY_LINK.sub(r"\1", text[text.index("\n## ") :])
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(versions)
    summary = escape(gettext("Show every change, in English"))
    return f'<details><summary>{summary}</summary><div lang="en">{html}</div></details>'


def _starters() -> str:
    """The files of the starters, and each starter as an archive."""
    rows = format_html_join(
        "",
        '<li><a href="/docs/starters/{}.zip">{}.zip</a>: {}</li>',
        [(name, name, format_html_join(", ", '<a href="/docs/starters/{}">{}</a>', [(file, file) for file in files]))
         for name, files in starters().items()],
    )  # fmt: skip
    return format_html("<ul>{}</ul>", rows)


def _contacts() -> str:
    """The addresses of the operator."""
    named = [each for each in settings.SECURITY_CONTACTS if not each.startswith(f"{settings.PUBLIC_URL}/docs")]
    if not named:
        return format_html("<p>{}</p>", gettext("The operator of this installation has not given an address yet."))
    rows = format_html_join(
        "", '<li><a href="{}">{}</a></li>', [(each, each.removeprefix("mailto:")) for each in named]
    )
    return format_html("<ul>{}</ul>", rows)


@lru_cache(maxsize=1)
def starters() -> Mapping[str, tuple[str, ...]]:
    """{name of a starter: its files, as paths below STARTERS}."""
    files = sorted(file.relative_to(STARTERS) for file in STARTERS.rglob("*") if file.is_file())
    named = [file.as_posix() for file in files if len(file.parts) > 1]
    return {name: tuple(file for file in named if file.startswith(f"{name}/")) for name in ("web", "flutter")}


@lru_cache(maxsize=2)
def starter_archive(name: str) -> bytes:
    """A starter as a ZIP file. It is the same whenever it is made."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in starters()[name]:
            archive.writestr(zipfile.ZipInfo(file), (STARTERS / file).read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


_GENERATED: Mapping[str, Callable[[], str]] = {"changelog": _changelog, "contacts": _contacts, "starters": _starters}


def _code(language: str, caption: str, code: str) -> str:
    return format_html(
        '<figure class="code"><figcaption>{}</figcaption>'
        '<pre tabindex="0" role="group" aria-label="{}"><code class="language-{}">{}</code></pre></figure>\n',
        caption, caption, language, code.rstrip("\n"),
    )  # fmt: skip


@lru_cache(maxsize=len(SLUGS))
def _anchors(slug: str) -> tuple[str, ...]:
    """Of each heading below the title, from the English text."""
    tokens = _parser().parse(source_of(slug, "en"))
    heads = [n for n, token in enumerate(tokens) if token.type == "heading_open" and token.tag in _ANCHORED]
    return tuple(slugify(_inline_text(tokens[n + 1])) for n in heads)


def _set_anchors(tokens: Sequence[Token], anchors: Sequence[str]) -> None:
    heads = [n for n, token in enumerate(tokens) if token.type == "heading_open" and token.tag in _ANCHORED]
    for n, anchor in zip(heads, anchors, strict=True):
        tokens[n].attrSet("id", anchor)
        link = Token("link_open", "a", 1, attrs={"href": f"#{anchor}", "class": "anchor"})
        tokens[n + 1].children = [link, *(tokens[n + 1].children or []), Token("link_close", "a", -1)]


def _set_links(tokens: Sequence[Token], query: str) -> None:
    """Links between pages are written as `errors` or `errors#codes`."""
    for token in tokens:
        for child in token.children or []:
            target = str(child.attrGet("href") or "") if child.type == "link_open" else ""
            if _PAGE_LINK.fullmatch(target):
                slug, hash_, anchor = target.partition("#")
                child.attrSet("href", f"{path_of(slug)}{query}{hash_}{anchor}")
            elif target.startswith("/docs/") and not target.startswith("/docs/starters/"):
                child.attrSet("href", f"{target}{query}")


def path_of(slug: str) -> str:
    return "/docs" if slug == SLUGS[0] else f"/docs/{slug}"


def _inline_text(token: Token) -> str:
    return "".join(child.content or " " for child in token.children or [] if not child.type.startswith("link"))


def _sections(tokens: Sequence[Token]) -> list[Section]:
    found: list[tuple[str, str, list[str]]] = []
    for n, token in enumerate(tokens):
        if token.type == "heading_open":
            found.append((str(token.attrGet("id") or ""), _inline_text(tokens[n + 1]), []))
        elif token.type == "inline" and tokens[n - 1].type != "heading_open":
            found[-1][2].append(_inline_text(token))
    return [Section(anchor, heading, " ".join(" ".join(texts).split())) for anchor, heading, texts in found]


def marked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """HTML of a plain text in which these parts are marked."""
    out, at = [], 0
    for start, end in spans:
        out += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return "".join([*out, escape(text[at:])])
