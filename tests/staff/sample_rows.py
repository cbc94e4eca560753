"""Rows for every page of the staff site; test_every_page.py and bench/staff_pages.py use them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from content import vietnam_time
from content.changes.event_types import EventType
from content.changes.models import Change
from content.contest_certificates.drawing import FileType
from content.contest_certificates.services import issue_certificate
from content.contest_results import services as results
from content.contests import services as contests_services
from content.contests.models import Attempt
from content.contests.queries import public_contests
from content.contests.states import ContestStatus
from content.copying import records
from content.dissemination import outcomes
from content.dissemination import services as placements
from content.dissemination.choices import SubjectType
from content.documents.queries import public_documents
from content.documents.records import ArticleRecord
from content.editing import revisions
from content.editing import services as editing
from content.effect_reviews import services as effect_reviews
from content.endings import services as ending_services
from content.endings.models import EndingCase
from content.events import services as events
from content.events.queries import public_events
from content.law.page_paths import certificate_path, short_path
from content.media import services as media
from content.media.queries import public_materials
from content.official_statuses import services as official_statuses
from content.official_statuses.lines import StatusLine
from content.official_statuses.models import StatusConflict
from content.people import services
from content.people.models import Reader
from content.plans import services as plan_services
from content.provision_layers import services as layers
from content.qa import services as qa
from content.qa.models import Question
from content.qa.queries import public_questions
from content.qa.services import outdated
from content.relations.models import Relation
from content.sync.models import Conflict, Peer, Waiting
from tests.builders import (
    SOME_INSTRUCTIONS,
    a_bank,
    a_delivery,
    a_document,
    a_draft,
    a_planned_event,
    a_question,
    a_question_in_review,
    a_quiz_question,
    a_record,
    amend,
    an_amending_law,
    an_answered_question,
    an_event,
    approver,
    end_event,
    land,
    move_event,
)
from tests.builders_contests import a_planned_contest, a_result, a_running_contest, close, judge, round_of
from tests.builders_dissemination import a_placement, a_proposal, an_outlet
from tests.builders_dissemination import placed as placed_by_program
from tests.builders_media import (
    a_channel,
    a_draft_material,
    a_material,
    a_material_on,
    a_picture,
    a_publisher,
    a_ready_material,
    a_slot,
    an_author,
)
from tests.builders_plans import (
    a_measurement_form,
    a_plan_form,
    a_public_measurement,
    a_public_plan,
    charge_everybody,
    committee,
    programme,
)

HERE = "/staff/content/legaldocument/"
AMENDING = "/staff/content/amendment/"
ODD = "LUẬT\nMẪU\nĐiều 1. Một\nĐiều 3. Ba\n1. Một\n3. Ba\n"
NAMING = "LUẬT\nĐiều 1. Một\nBãi bỏ Luật Cũ số 5/2010/QH12.\nĐiều 2. Hai\nTheo Luật Khác số 8/2011/QH13.\n"
HARDER_ORDERS = f"""{SOME_INSTRUCTIONS}
5. Bãi bỏ Điều 99.
6. Sửa đổi đoạn hai khoản 2 Điều 2 như sau:
“Mới.”."""


def deliveries():
    for status, error in [
        ("queued", ""),
        ("refused", "INVALID_ARGUMENT"),
        ("expired", "UNAVAILABLE"),
        ("accepted", ""),
    ]:
        ended = None if status == "queued" else timezone.now()
        later = timezone.now() + timedelta(hours=9)
        title = f"Luật Mẫu ({status})"
        a_delivery(status, error=error, settled_at=ended, title=title, next_try_at=later, expires_at=later)


def documents(lan, minh):
    """A document in each status."""
    draft = editing.write_draft(a_record("7/2025/QH15", text=ODD), topics=[land()], by=minh)
    in_review = editing.write_draft(a_record("8/2025/QH15"), topics=[land()], by=lan)
    in_review = editing.submit_for_review(in_review, by=lan)
    withdrawn = editing.withdraw_document(a_document("9/2018/QH14"), reason="Đăng nhầm bản dự thảo.", by=minh)
    articles = (ArticleRecord("1", "Phạm vi", "Một."), ArticleRecord("5", "Hiệu lực", "Hai."))
    partial = a_document("10/2018/QH14", text="", articles=articles)
    rows = {"in draft": draft, "in review": in_review, "withdrawn": withdrawn, "in part": partial}
    transitions = {"submit_for_review": draft, "return_to_draft": in_review, "publish": in_review, "withdraw": partial}
    pages = {f"a document {name}": f"{HERE}{row.pk}/change/" for name, row in rows.items()}
    pages |= {f"before {name}": f"{HERE}{row.pk}/transition/{name}/" for name, row in transitions.items()}
    part = revisions.start_revision_of(partial, by=minh)
    return pages | {"a revision of a part": f"{HERE}revisions/{part.pk}/"}


def corrections(lan, minh):
    law = a_document("11/2018/QH14", title="Luật Mẫu đầy đủ", topics=[land()])
    text = a_record(law.number).text.replace("Mẫu lớn", "Mẫu to")
    written = a_record(law.number, title=law.title, signer="Nguyễn Thị Kim Ngân", text=text)
    proposed = revisions.start_revision(written, by=lan, document=law, topics=[land()])
    revisions.propose_correction(proposed, by=lan, reason="Bản gốc ghi khác.")
    new = revisions.start_revision(a_record("12/2025/QH15", text=SOME_INSTRUCTIONS), by=minh)
    own = revisions.start_revision_of(a_document("13/2018/QH14"), by=minh)
    revisions.save_revision(own, replace(revisions.record_of_revision(own), signer="Nguyễn Thị Kim Ngân"), topics=[])
    return {
        "a document with a correction proposed": f"{HERE}{law.pk}/change/",
        "a correction to confirm": f"{HERE}corrections/{proposed.pk}/",
        "a correction to propose": f"{HERE}corrections/{own.pk}/",
        "a revision": f"{HERE}revisions/{new.pk}/",
        "a revision of a correction": f"{HERE}revisions/{own.pk}/",
    }


def amendments(minh):
    """An applied amendment with a decree based on it; an act with instructions to check; relations to review."""
    a_document("15/2024/QH15", text=NAMING)
    law = a_document("14/2018/QH14", title="Luật Mẫu được sửa")
    decree = a_document("16/2019/NĐ-CP", doc_type="decree", issuer="Chính phủ", title="Nghị định Mẫu")
    Relation.objects.create(
        actor=decree,
        target=law,
        kind="based_on",
        scope="whole",
        target_text=law.title,
        target_key="x",
        source_eid="art_2__clause_1__point_dd",
        target_eids=["art_1", "art_2__clause_2"],
        effective_on=date(2020, 1, 1),
        evidence="Căn cứ Luật Mẫu được sửa",
        status="confirmed",
        decided_at=timezone.now(),
    )
    (amendment,) = amend(an_amending_law(law, "17/2024/QH15"), by=minh, reason="Đã đối chiếu.")
    act = an_amending_law(a_document("19/2018/QH14"), "18/2024/QH15", instructions=HARDER_ORDERS)
    return {
        "instructions": f"{AMENDING}add/?act={act.key}",
        "no such act": f"{AMENDING}add/?act=99/2099/QH99&on=32/13/2024",
        "an amendment": f"{AMENDING}{amendment.pk}/change/",
        "reviews": f"{AMENDING}legal-basis-reviews/",
    }


def endings(minh):
    """A case that is open, one in a batch, and an end that an official list contradicts."""
    laws = [a_document(f"2{place}/2018/QH14", title=f"Luật Mẫu thứ {place}") for place in range(3)]
    clauses = "\n".join(
        f"{place}. Luật số {law.number} hết hiệu lực kể từ ngày Luật này có hiệu lực, trừ khoản 2 Điều 2."
        for place, law in enumerate(laws[:2], 1)
    )
    text = f"LUẬT\nĐiều 1. Một\nLuật này thay thế Luật Mẫu thứ 2 số {laws[2].number}.\nĐiều 2. Hai\n{clauses}\n"
    act = a_document("20/2024/QH15", text=text, issued_on=date(2024, 6, 1), effective_on=date(2025, 1, 1))
    ending_services.read_act(act)  # waits for the worker of an installation, which the consumer does not
    line = StatusLine(2, laws[2].number, keys=(laws[2].number_key,), status="in_force")
    list(official_statuses.import_lines(lambda: [line], source="Bộ Tư pháp", as_of=date(2025, 6, 1), apply=True))
    cases = EndingCase.objects.filter(target=laws[0], state="open")
    effect_reviews.accept_together(list(cases), by=minh)
    return {
        "the queue": "/staff/content/endingcase/",
        "what was carried out": "/staff/content/endingcase/?show=carried_out",
        "an ending": f"/staff/content/endingcase/{EndingCase.objects.get(target=laws[1]).pk}/change/",
        "acts left behind": "/staff/content/endingcase/left-behind/",
        "how we know": "/staff/content/endingcase/picture/",
        "a conflict": f"/staff/content/statusconflict/{StatusConflict.objects.latest('pk').pk}/change/",
    }


def questions(minh):
    """One to screen, one to answer, one in review and late, one whose law changed and a reader complained of."""
    law = a_document("168/2024/QH15", title="Luật Mẫu về thử nghiệm")
    flagged = an_answered_question(citations=[(law, "art_2"), (law, "")], title="Mẫu không đặt tên")
    qa.report_problem(flagged, reader=Reader.objects.create(), kind="outdated", text="Luật đã sửa rồi.")
    amend(an_amending_law(law, on=vietnam_time.today() - timedelta(days=3)))
    outdated.flag_answers_citing(Change.objects.filter(event_type=EventType.DOCUMENT_AMENDED).latest("pk"))
    a_question(title="Hỏi về mẫu")
    screened = qa.screen(a_question(), by=minh)
    answering = qa.screen(a_question(), by=minh)
    qa.redact(answering, title="Sang tên xe", text="Bao lâu thì phải sang tên?", by=minh)
    qa.assign(answering, to=minh, by=minh)
    qa.start_answering(answering, by=minh)
    reviewed = a_question_in_review(citations=[(law, "art_2__clause_1")])
    Question.objects.filter(pk=reviewed.pk).update(due_on=vietnam_time.today() - timedelta(days=2))
    return {"screened": screened.pk, "answering": answering.pk, "reviewed": reviewed.pk, "flagged": flagged.pk}


def planned_events():
    """One moved, with a seat taken and somebody waiting; one cancelled, one over, one still planned."""
    rich = an_event(
        seats=1,
        data_purpose="Làm thẻ vào cửa",
        text="Hỏi đáp về Luật Đất đai.",
        online_url="https://example.com/phong",
        speakers=[("Trần Thị Lan", "Sở Tư pháp")],
        materials=[("Tờ gấp", "https://example.com/to-gap.pdf")],
    )
    for name in ("Nguyễn Văn Minh", "Lê Thị Hoa"):
        events.register(rich, Reader.objects.create(), name=name, contact="minh@example.com", consent=True)
    move_event(rich, days=1)
    events.cancel(an_event(title="Đối thoại với doanh nghiệp", in_days=2), reason="Bão số 9")
    end_event(an_event(title="Tập huấn hoà giải viên"))
    a_planned_event(title="Ngày Pháp luật tại trường học", in_days=4)


def question_banks(lan):
    """A bank with a question to approve, one that a round may draw, and one whose law changed."""
    bank, law = a_bank("Ngân hàng về đất đai"), a_document("31/2018/QH14", title="Luật Mẫu về đất")
    draft = a_quiz_question(bank, approved=False, by=lan)
    flagged = a_quiz_question(bank, law=law)
    a_quiz_question(bank, kind="fill_in", accepted=["vật để thử"])
    amend(an_amending_law(law, on=vietnam_time.today() - timedelta(days=3)))
    outdated.flag_answers_citing(Change.objects.filter(event_type=EventType.DOCUMENT_AMENDED).latest("pk"))
    quiz = "/staff/content/quizquestion/"
    return {
        "a bank": f"/staff/content/questionbank/{bank.pk}/change/",
        "a quiz question to write": f"{quiz}add/?bank={bank.key}",
        "a quiz question to revise": f"{quiz}{draft.pk}/write/",
        "a quiz question to approve": f"{quiz}{draft.pk}/transition/approve/",
        "a quiz question to withdraw": f"{quiz}{draft.pk}/transition/withdraw/",
        "a quiz question whose law changed": f"{quiz}{flagged.pk}/law/",
        "flagged quiz questions": f"{quiz}?status=flagged",
    }


def contests():
    """A draft, one that runs with a disqualified contestant, one with a winner who said who they are, one cancelled."""
    draft, running, over = (
        a_planned_contest(),
        a_running_contest(brackets=["Bảng A", "Bảng B"], units=["Đơn vị một"]),
        a_running_contest(),
    )
    planned, open_round = round_of(draft), round_of(running)
    best, other = (a_result(running, right, bracket="Bảng A", unit="Đơn vị một") for right in (3, 2))
    for _ in range(2):
        a_result(running, 2, bracket="Bảng A", unit="Đơn vị một")
    asked = open_round.questions.first()
    results.propose_void(asked, by=judge(), reason="Luật đã sửa đổi.")
    decision = results.disqualify(other.entry, by=judge(), reason="Dùng máy khác.")
    results.object_to_disqualification(other.entry, text="Tôi chỉ có một máy.")
    winner = a_winner(over, a_result(over, 4))
    contests_services.cancel(a_running_contest(), by=approver(), reason="Bão số 9")
    lists, rounds = "/staff/content/", "/staff/content/round/"
    return {
        "a contest in draft": f"{lists}contest/{draft.pk}/change/",
        "a running contest": f"{lists}contest/{running.pk}/change/",
        "a contest to plan": f"{lists}contest/add/",
        "a contest to revise": f"{lists}contest/{draft.pk}/write/",
        "a contest to correct": f"{lists}contest/{running.pk}/write/",
        "a contest to announce": f"{lists}contest/{draft.pk}/transition/announce/",
        "a contest to cancel": f"{lists}contest/{running.pk}/transition/cancel/",
        "a round to plan": f"{lists}contest/{draft.pk}/rounds/add/",
        "a round to change": f"{lists}contest/rounds/{planned.pk}/write/",
        "a round to remove": f"{lists}contest/rounds/{planned.pk}/remove/",
        "rounds": rounds,
        "a planned round": f"{rounds}{planned.pk}/change/",
        "a round to freeze": f"{rounds}{planned.pk}/transition/propose_freeze/",
        "an open round": f"{rounds}{open_round.pk}/change/",
        "a live round": f"{rounds}{open_round.pk}/live/",
        "signals": f"{rounds}{open_round.pk}/signals/",
        "questions of a round": f"{lists}roundquestion/?round={open_round.pk}",
        "a question of a round": f"{lists}roundquestion/{asked.pk}/change/",
        "a question to propose as void": f"{lists}roundquestion/{asked.pk}/transition/propose_void/",
        "a question to void": f"{lists}roundquestion/{asked.pk}/transition/confirm_void/",
        "disqualifications": f"{lists}disqualification/",
        "a disqualification": f"{lists}disqualification/{decision.pk}/change/",
        "an objection": f"{lists}disqualification/{decision.pk}/transition/decide/",
        "a contestant to disqualify": f"{lists}disqualification/add/?contest={running.pk}&code={best.entry.code}",
        "results so far": f"{lists}winner/contest/{running.pk}/",
        "final results": f"{lists}winner/contest/{over.pk}/",
        "a winner": f"{lists}winner/{winner.pk}/change/",
        "who a winner is": f"{lists}winner/{winner.pk}/identity/",
        "a winner to verify": f"{lists}winner/{winner.pk}/transition/verify/",
        "a winner to pass over": f"{lists}winner/{winner.pk}/transition/pass_over/",
    }


def materials():
    """A draft with a picture, one in review, one published whose law changed, one withdrawn."""
    draft = a_draft_material("infographic")
    media.add_file(draft, "main", [a_picture()], alt_text="Bốn ô chữ", by=an_author())
    waiting = media.submit_material(a_ready_material(), by=an_author())
    flagged, law = a_material_on()
    amend(an_amending_law(law, on=vietnam_time.today()))
    while media.flag_outdated_materials():
        pass
    gone = media.withdraw_material(a_material("leaflet"), by=a_publisher(), reason="Hết phép dùng ảnh")
    here = "/staff/content/material/"
    return {
        "a material in draft": f"{here}{draft.pk}/change/",
        "a material to write": f"{here}add/",
        "a material to revise": f"{here}{draft.pk}/write/",
        "files of a draft": f"{here}{draft.pk}/files/",
        "a variant to write": f"{here}{draft.pk}/variant/",
        "a material to submit": f"{here}{draft.pk}/transition/submit/",
        "a material in review": f"{here}{waiting.pk}/change/",
        "a material to publish": f"{here}{waiting.pk}/transition/publish/",
        "a material to return": f"{here}{waiting.pk}/transition/return/",
        "a published material": f"{here}{flagged.pk}/change/",
        "a material to correct": f"{here}{flagged.pk}/write/",
        "files of a published material": f"{here}{flagged.pk}/files/",
        "a material whose law changed": f"{here}{flagged.pk}/law/",
        "a material to withdraw": f"{here}{flagged.pk}/transition/withdraw/",
        "a withdrawn material": f"{here}{gone.pk}/change/",
    }


def provision_layers():
    """A draft, one that is public, one whose provision changed."""
    law = a_document()
    author, publisher = an_author(), a_publisher()
    words = {"kind": "summary", "text": "Mẫu là vật để thử."}
    draft = layers.write_layer(law, "art_1", by=author, **words)
    public = layers.publish_layer(layers.write_layer(law, "art_3", by=author, **words), by=publisher)
    outdated = layers.publish_layer(layers.write_layer(law, "art_2", by=author, **words), by=publisher)
    amend(an_amending_law(law, on=vietnam_time.today()))
    while layers.flag_outdated_layers():
        pass
    layers.allow_language(publisher, "km")
    here = "/staff/content/layer/"
    return {
        "a layer in draft": f"{here}{draft.pk}/change/",
        "a layer to write": f"{here}add/",
        "a layer to revise": f"{here}{draft.pk}/write/",
        "a layer to publish": f"{here}{draft.pk}/transition/publish/",
        "a layer to confirm": f"{here}{outdated.pk}/transition/confirm/",
        "a layer to withdraw": f"{here}{public.pk}/transition/withdraw/",
        "outdated layers": f"{here}?outdated=1",
        "languages of reviewers": "/staff/content/reviewerlanguage/",
    }


def plans(lan):
    """A duty of everybody, a draft, a public plan, a withdrawn one, a statement, targets and measurements."""
    charge_everybody()
    for province in ("46-hue-2025", "62-kon-tum"):
        plan_services.write_plan(a_plan_form(province), by=lan)
    draft = plan_services.write_plan(a_plan_form("01-ha-noi-2025"), by=lan)
    public, gone = a_public_plan(), a_public_plan("79-ho-chi-minh-2025")
    gone = plan_services.withdraw_plan(gone, reason="Nhập nhầm")
    statement = plan_services.declare_none(
        programme(), committee("92-can-tho-2025"), on=date(2026, 2, 1), source="Công văn số 1"
    )
    waiting, _ = plan_services.measure(a_measurement_form(), by=lan)
    measured = a_public_measurement(source="Báo cáo số 13/BC-UBND")
    indicator = waiting.indicator
    plan_services.enter_target(
        plan_services.TargetForm(indicator, date(2028, 12, 31), Decimal(90), source="Văn bản mẫu"), by=lan
    )
    duty = public.adopter.duties.get()
    here = "/staff/content/"
    return {
        "a programme": f"{here}programme/{public.programme_id}/change/",
        "a programme before the merger": f"{here}programme/{public.programme_id}/change/?on=01/06/2025",
        "a yearly report": f"{here}programme/{public.programme_id}/report/?year=2026",
        "a duty": f"{here}duty/{duty.pk}/change/",
        "duties nobody told us of": f"{here}duty/?show=unknown",
        "a duty to enter": f"{here}duty/add/",
        "a plan to read": f"{here}plan/read/",
        "a plan to enter": f"{here}plan/add/?programme={public.programme_id}&adopter={duty.organisation_id}",
        "a plan in draft": f"{here}plan/{draft.pk}/change/",
        "a draft plan to change": f"{here}plan/{draft.pk}/write/",
        "a plan to publish": f"{here}plan/{draft.pk}/publish/",
        "a public plan": f"{here}plan/{public.pk}/change/",
        "a plan to correct": f"{here}plan/{public.pk}/write/",
        "a plan to withdraw": f"{here}plan/{public.pk}/withdraw/",
        "a withdrawn plan": f"{here}plan/{gone.pk}/change/",
        "a statement": f"{here}planstatement/{statement.pk}/change/",
        "a statement to enter": f"{here}planstatement/add/",
        "an indicator": f"{here}indicator/{indicator.pk}/change/",
        "a target to enter": f"{here}indicator/{indicator.pk}/target/",
        "an indicator to choose": f"{here}measurement/add/",
        "a measurement to enter": f"{here}measurement/add/?indicator={indicator.code}",
        "a measurement that waits": f"{here}measurement/{waiting.pk}/change/",
        "a measurement to approve": f"{here}measurement/{waiting.pk}/approve/",
        "a public measurement": f"{here}measurement/{measured.pk}/change/",
        "a measurement to correct": f"{here}measurement/{measured.pk}/correct/",
        "measurements to approve": f"{here}measurement/?show=waiting",
    }


def channels_of_law():
    """A playlist, and a channel with a live slot tomorrow."""
    channel = a_channel(a_material(), a_material("infographic"))
    a_slot(channel, timezone.now() + timedelta(days=1))
    lists = "/staff/content/"
    return {
        "a playlist": f"{lists}playlist/{channel.filler.pk}/change/",
        "a playlist to write": f"{lists}playlist/add/",
        "a playlist to change": f"{lists}playlist/{channel.filler.pk}/write/",
        "the week of a channel": f"{lists}channel/{channel.pk}/change/",
        "a channel to write": f"{lists}channel/add/",
        "a channel to change": f"{lists}channel/{channel.pk}/write/",
        "a slot to plan": f"{lists}channel/{channel.pk}/slots/add/",
    }


def dissemination():
    """An outlet, a placement that waits, one that is unsure, one with counts."""
    outlet = an_outlet()
    proposed, waiting, unsure = a_proposal(outlet), a_placement(outlet), a_placement(outlet)
    outcomes.claim(unsure, outlet=outlet)
    placed = placed_by_program(a_placement(outlet), url="https://www.facebook.com/1")
    placements.enter_count(placed, day=vietnam_time.today(), source="Phường", reach=120, views=80)
    lists = "/staff/content/"
    return {
        "an outlet": f"{lists}outlet/{outlet.pk}/change/",
        "an outlet to write": f"{lists}outlet/add/",
        "an outlet to change": f"{lists}outlet/{outlet.pk}/write/",
        "a kit": f"{lists}placement/add/",
        "a placement for a second person": f"{lists}placement/{proposed.pk}/change/",
        "a placement that waits": f"{lists}placement/{waiting.pk}/change/",
        "an unsure placement": f"{lists}placement/{unsure.pk}/change/",
        "an outcome to enter": f"{lists}placement/{unsure.pk}/outcome/",
        "a counted placement": f"{lists}placement/{placed.pk}/change/",
        "counts to enter": f"{lists}placement/{placed.pk}/count/",
        "the ledger": f"{lists}placement/ledger/",
    }


def a_winner(contest, attempt):
    """The contest is closed, its results are published, and the winner has said who they are."""
    close(contest)
    results.propose_results(contest, winners=[(attempt.entry.code, "Giải Nhất")], by=judge())
    results.publish_results(contest, by=judge("minh-judges"))
    winner = results.ask_identity(contest.winners.get(), by=judge())
    said = {"name": "Nguyễn Thị Hạnh", "contact": "hanh@example.com", "document_number": "001000000001"}
    results.give_identity(winner, attempt.entry.reader, consent=True, naming_consent=True, **said)
    return winner


def installations_in_sync():
    """One that is followed, with an object that waits, a law with other words and one that is gone there."""
    law, gone = a_document("32/2018/QH14", title="Luật Mẫu về biển"), a_document("33/2018/QH14")
    peer = Peer.objects.create(
        key="phapluat.example.gov.vn", url="https://phapluat.example.gov.vn", name="Cổng tỉnh Mẫu", keys={"a": {}},
        offered_keys={"a": {}}, state="following", loaded_at=timezone.now(), last_ok_at=timezone.now(),
    )  # fmt: skip
    data = records.public_record("document", law.key)["data"] | {"title": "Luật Mẫu về đảo"}
    said = {"peer": peer, "object": "document"}
    rows = [
        peer,
        Waiting.objects.create(
            subject="luat-1", error="Văn bản sửa đổi chưa có ở đây.", next_try_at=timezone.now(), **said
        ),
        Conflict.objects.create(subject=law.key, kind="words", record={"data": data}, theirs="b" * 64, **said),
        Conflict.objects.create(subject=gone.key, kind="gone", **said),
    ]
    pages = (f"/staff/content/{row._meta.model_name}/{row.pk}/change/" for row in rows)
    return dict(zip(("an installation", "a waiting object", "other words", "gone there"), pages, strict=True))


def create_rows(lan, minh):
    """{name: path} of pages that a crawl of links does not find, and the numbers of questions."""
    deliveries()
    a_draft()
    planned_events()
    pages = documents(lan, minh) | corrections(lan, minh) | amendments(minh) | endings(minh)
    pages |= question_banks(lan) | contests() | materials() | provision_layers() | plans(lan)
    pages |= channels_of_law() | dissemination() | installations_in_sync()
    return pages, questions(minh)


def short_addresses():
    """{name: path} of a short address of an object of each kind, and of one that was withdrawn."""
    law = public_documents().filter(provisions__eid="art_1").first()
    rows = {
        SubjectType.DOCUMENT: law, SubjectType.QUESTION: public_questions().first(),
        SubjectType.EVENT: public_events().first(), SubjectType.CONTEST: public_contests().first(),
        SubjectType.MATERIAL: public_materials().first(),
    }  # fmt: skip
    links = {kind.value: placements.share_link(kind, row.key) for kind, row in rows.items()}
    links["article"] = placements.share_link(SubjectType.DOCUMENT, law.key, "art_1")
    gone = a_material("leaflet", title="Tờ gấp sẽ bị rút")
    links["withdrawn"] = placements.share_link(SubjectType.MATERIAL, gone.key)
    media.withdraw_material(gone, by=a_publisher(), reason="Nhầm bản")
    return {name: short_path(link.code) for name, link in links.items()}


def a_certificate():
    """The path of the page of a certificate, and the name that is on it."""
    attempt = Attempt.objects.filter(round__contest__status=ContestStatus.PUBLISHED).latest("pk")
    paths = []

    def address(certificate):
        paths.append(certificate_path(certificate.shown_serial))
        return f"https://luatmo.example{paths[0]}"

    name = "Nguyễn Thị Hạnh"
    issue_certificate(attempt, name=name, file_type=FileType.PDF, address=address)
    return paths[0], name


def create_and_list_pages():
    """The passwords of minh and hoa, the pages, short addresses, and the page of a certificate with its name."""
    roles = ["editor", "publisher", "approver", "administrator"]
    minh, password = services.create_account("minh", roles=roles, first_name="Minh")
    _hoa, another = services.create_account("hoa", roles=["answerer"], first_name="Hoa")
    lan, _third = services.create_account("lan", roles=["editor"], first_name="Lan")
    pages, questions = create_rows(lan, minh)
    return {
        "minh": password, "hoa": another, "pages": pages, "questions": questions, "short": short_addresses(),
        "certificate": a_certificate(),
    }  # fmt: skip
