"""Every page of the staff site as each group sees it: in Vietnamese to the last word, and people's texts never run."""

import html
import re

import pytest
from django.db.models.functions import Now
from django.test import Client

from content.contest_results.models import Disqualification, Winner, WinnerIdentity
from content.contests.models import Contest, Round, RoundQuestion
from content.documents.models import LegalDocument
from content.editing.models import Revision
from content.events.models import Event, Registration
from content.media.models import Material, MaterialFile
from content.people.models import AuditRow, Role, User
from content.plans.models import Plan, PlanStatement, Target
from content.provision_layers.models import Layer
from content.qa.models import Question
from content.question_banks.models import QuestionBank, QuizQuestion
from content.relations.models import Relation
from content.synonyms.models import Synonym
from tests.builders import a_member_of_staff
from tests.staff.sample_rows import create_rows

pytestmark = pytest.mark.django_db
HIDDEN = re.compile(r"<(script|style|pre|code|option)\b.*?</\1>|<!--.*?-->|<[^>]*hidden[^>]*>", re.DOTALL)
SHOWN_ATTRIBUTES = re.compile(r'\s(?:placeholder|title|aria-label|alt)="([^"]*)"')
BUTTONS = re.compile(r'<input[^>]*type="submit"[^>]*value="([^"]*)"')
WORD = re.compile(r"[A-Za-z]{2,}")
PLAIN_WORD = re.compile(r"(?<![\w./@:_«-])[A-Za-z]{2,}(?![\w/@:_-])(?!\.\w)")
# A Vietnamese syllable without any sign on it: one that ends in c, ch, p or t always has a tone, and so a sign.
SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?"
    r"(?:oai|oay|uya|[aeo]o|[ao]i|[au]y|ai|au|ia|iu|oa|oe|ua|ue|ui|uy|[aeiouy])(?:ng|nh|m|n)?",
    re.IGNORECASE,
)
RAW_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d")  # as a program writes it, often in UTC
ENGLISH = {"the", "by", "on", "me", "go", "man", "then", "than", "here", "home", "name", "key", "him", "hang"}
NAMES = {  # of programs, formats, codes; and what our rows are called
    "FCM", "CSV", "JSON", "Lines", "UTF", "MiB", "UNAVAILABLE", "QH", "MAU", "accepted", "expired", "queued", "refused",
    "editor", "approver", "docx", "html", "htm", "pdf", "txt", "web", "email", "QR", "Khmer",
    "Facebook", "Zalo", "YouTube", "internet",
    "WebVTT", "SPDX", "PDF", "WebP", "Ogg", "PNG", "WebM", "JPEG", "AAC", "ODA", "II", "III", "IV", "VI",
}  # fmt: skip


def visible(page):
    """What a page says to somebody who reads it, or has it read to them."""
    page = page.replace(html.escape(EVIL), " ")
    body = page[page.index("<body") :]
    attributes = [*SHOWN_ATTRIBUTES.findall(body), *BUTTONS.findall(body)]
    text = re.sub(r"<[^>]+>", "\n", HIDDEN.sub(" ", body))
    return html.unescape("\n".join([*attributes, text, re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1]]))


def not_vietnamese(text):
    """The words of a text that no Vietnamese would write."""
    return {
        word
        for word in PLAIN_WORD.findall(text)
        if word not in NAMES and (word.casefold() in ENGLISH or not SYLLABLE.fullmatch(word))
    }


def crawl(browser, paths):
    """{path: what it says} of these and of each kind of page links lead to: numbers in an address make no kind."""
    waiting, kinds, seen = list(paths), set(), {}
    while waiting:
        path = waiting.pop(0)
        kind = re.sub(r"\d+", "N", path)
        if path in seen or (kind in kinds and path not in paths):
            continue
        kinds.add(kind)
        answer, seen[path] = browser.get(path), ""
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            seen[path] = answer.content.decode()
            waiting += links(seen[path])
    return seen


def links(page):
    return [path for path in re.findall(r'<a [^>]*href="([^"#?]*)', page) if path.startswith("/staff/")]


def signed_in(user):
    browser = Client()
    browser.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return browser


EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def everybody_writes_evil(user):
    LegalDocument.objects.update(title=EVIL, signer=EVIL)
    LegalDocument.objects.filter(status="withdrawn").update(withdrawal_reason=EVIL)
    Revision.objects.update(file_name=EVIL, reason=EVIL)
    for revision in Revision.objects.all():
        revision.columns["title"] = EVIL
        revision.save()
    Relation.objects.update(target_text=EVIL, evidence=EVIL)
    Event.objects.update(title=EVIL, place=EVIL, text=EVIL, data_purpose=EVIL)
    Event.objects.filter(status="cancelled").update(cancel_reason=EVIL)
    Registration.objects.update(name=EVIL, contact=EVIL, consented_at=Now())
    User.objects.update(first_name=EVIL)
    Question.objects.update(public_title=EVIL, public_text=EVIL)
    QuestionBank.objects.update(name=EVIL)
    QuizQuestion.objects.filter(used_at=None).update(text=EVIL, explanation=EVIL)
    Contest.objects.update(title=EVIL, text=EVIL, prizes=EVIL)
    Contest.objects.filter(status="cancelled").update(cancel_reason=EVIL)
    Material.objects.update(title=EVIL, summary=EVIL, licence=EVIL, credits=EVIL, full_text=EVIL, transcript=EVIL)
    Material.objects.filter(status="withdrawn").update(withdrawal_reason=EVIL)
    MaterialFile.objects.update(alt_text=EVIL)
    Layer.objects.update(text=EVIL)
    Round.objects.filter(frozen_at=None).update(title=EVIL)
    RoundQuestion.objects.exclude(void_reason="").update(void_reason=EVIL)
    Disqualification.objects.update(reason=EVIL, objection=EVIL)
    Winner.objects.update(prize=EVIL)
    WinnerIdentity.objects.update(name=EVIL, contact=EVIL)
    Plan.objects.update(title=EVIL, number=EVIL[:100])
    Plan.objects.filter(status="withdrawn").update(withdrawal_reason=EVIL)
    PlanStatement.objects.update(source=EVIL)
    Target.objects.filter(is_public=False).update(source=EVIL)
    Synonym.objects.exclude(pk=Synonym.objects.first().pk).delete()  # abbreviations are no words
    Synonym.objects.update(said=EVIL, meant=[EVIL])
    AuditRow.objects.create(by=user, action=EVIL[:60], subject=EVIL, reason=EVIL, facts={"a": EVIL})


def test_every_page_is_vietnamese_to_its_last_word_and_runs_nothing_that_people_wrote():
    minh = a_member_of_staff("minh", Role.EDITOR, Role.PUBLISHER, Role.APPROVER, Role.ADMINISTRATOR)
    pages, _questions = create_rows(a_member_of_staff("lan", Role.EDITOR), minh)
    everybody_writes_evil(minh)
    seen = crawl(signed_in(minh), ["/staff/", *pages.values()])
    assert len(seen) >= 40
    for role in Role.values:
        browser = signed_in(a_member_of_staff(f"a-{role}", role))
        first = browser.get("/staff/").content.decode()
        lists = {path for path in links(first) if path.count("/") == 4 and "topic" not in path}
        seen |= {f"{path} as {role}": browser.get(path).content.decode() for path in lists} | {f"as {role}": first}
    foreign = {word: path for path, page in seen.items() if page for word in not_vietnamese(visible(page))}
    assert sorted(foreign.items()) == []
    assert [path for path, page in seen.items() if page and RAW_MOMENT.search(visible(page))] == []
    assert sum("&lt;script&gt;alert(1)" in page for page in seen.values()) > 15
    assert [path for path, page in seen.items() if "<script>alert" in page or "<img src=x" in page] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Người áp dụng · Applied at", {"Applied", "at"}),
        ("Luật Mẫu 7/2025/QH15, luat-2019-7, art_2", set()),
        ("Target eids", {"Target", "eids"}),
        ("Chuyển đến: Trang chủ. Ngang hàng, an ninh, tin", set()),
        ("By date", {"By", "date"}),
    ],
)
def test_a_word_that_is_no_vietnamese_would_be_found(text, found):
    assert not_vietnamese(text) == found
