"""Papers: derived from a seed alike by two writings of the algorithm, drawn uniformly, scored as by hand."""

import collections
import datetime
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.contest_papers import paper, scoring, verifying
from content.contest_papers.paper import PaperQuestion, PoolQuestion
from content.contest_papers.scoring import Answerable

SEED = bytes(range(32))
sections = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 6)), min_size=1, max_size=4)  # (size, beyond it)


def pool_of(sizes_and_more, choices=4):
    return [
        PoolQuestion(f"hash-{section}-{n}", section, choices, True)
        for section, (size, more) in enumerate(sizes_and_more)
        for n in range(size + more)
    ]


@settings(max_examples=60)
@given(
    seed=st.binary(min_size=32, max_size=32), nonce=st.binary(min_size=16, max_size=32), plan=sections,
    code=st.text("abcdefgh23456789", min_size=10, max_size=10), number=st.integers(1, 50), choices=st.integers(0, 8),
)  # fmt: skip
def test_the_paper_is_the_one_that_the_independent_program_derives(seed, nonce, plan, code, number, choices):
    pool = pool_of(plan, choices)
    drawn = paper.draw_paper(seed, ["ct-x", 2, code, number], nonce, pool, [size for size, _more in plan])
    assert [pool[each.position].section for each in drawn] == [
        n for n, (size, _) in enumerate(plan) for _ in range(size)
    ]
    assert len({each.position for each in drawn}) == len(drawn)
    assert all(sorted(each.order) == list(range(choices)) for each in drawn)
    proof = {
        "algorithm": paper.ALGORITHM, "contest": "ct-x", "round": 2, "seed": seed.hex(),
        "sizes": [size for size, _more in plan],
        "pool": [
            {"position": place, "section": each.section, "hash": each.hash,
             "question": {"choices": [""] * choices, "kind": "single", "keeps_order": False}}
            for place, each in enumerate(pool)
        ],
    }  # fmt: skip
    line = {"code": code, "number": number, "nonce": nonce.hex()}
    assert verifying.paper_hash(proof, line) == paper.paper_hash(drawn, pool)


def test_a_paper_of_the_public_algorithm_never_changes():
    """What was frozen under this name must be derivable for ever."""
    drawn = paper.draw_paper(SEED, ["ct-2345", 1, "abcdefghjk", 1], bytes(16), pool_of([(2, 3), (1, 2)]), [2, 1])
    assert drawn == [
        PaperQuestion(2, (3, 1, 0, 2)),
        PaperQuestion(0, (2, 3, 0, 1)),
        PaperQuestion(5, (2, 1, 0, 3)),
    ]


def chi_square(counts, expected):
    return sum((count - expected) ** 2 / expected for count in counts)


def test_each_question_and_each_order_is_drawn_equally_often():
    """χ² against the uniform draw, over nonces of a fixed seed. The bounds are those of p = 0.001."""
    rng, pool = random.Random(7), pool_of([(3, 9)], 3)
    drawn, first, orders = collections.Counter(), collections.Counter(), collections.Counter()
    times = 6_000
    for _ in range(times):
        made = paper.draw_paper(SEED, ["ct-x", 1, "abcdefghjk", 1], rng.randbytes(16), pool, [3])
        drawn.update(each.position for each in made)
        first[made[0].position] += 1
        orders.update(each.order for each in made)
    assert len(drawn) == len(first) == 12 and len(orders) == 6
    assert chi_square(drawn.values(), times * 3 / 12) < 31.3  # 11 degrees of freedom
    assert chi_square(first.values(), times / 12) < 31.3
    assert chi_square(orders.values(), times * 3 / 6) < 20.5  # 5 degrees of freedom


@given(st.integers(1, 2**20), st.lists(st.integers(0, 2**32 - 1), min_size=1))
def test_no_number_is_favoured_by_the_remainder(bound, numbers):
    limit = 2**32 // bound * bound
    usable = [number for number in numbers if number < limit]
    if usable:
        assert paper._below(bound, iter(numbers)) == usable[0] % bound


def test_a_section_larger_than_its_questions_is_no_paper():
    with pytest.raises(ValueError, match="3 of 2"):
        paper.draw_paper(SEED, ["ct-x", 1, "a", 1], bytes(16), pool_of([(2, 0)]), [3])


def test_hashes_change_with_everything_that_they_cover():
    question = {"text": "Mẫu là gì?", "right": 2}
    hashes = {
        paper.question_hash(b"a", question),
        paper.question_hash(b"b", question),
        paper.question_hash(b"a", question | {"right": 1}),
        paper.pool_hash(["a", "b"]),
        paper.pool_hash(["b", "a"]),
        paper.answers_hash(b"a", {"1": "b"}),
        paper.answers_hash(b"b", {"1": "b"}),
        paper.paper_hash([PaperQuestion(0, (0, 1))], pool_of([(1, 0)])),
        paper.paper_hash([PaperQuestion(0, (1, 0))], pool_of([(1, 0)])),
    }
    assert len(hashes) == 9


def test_a_choice_is_right_by_what_was_shown_and_a_voided_question_counts_for_nobody():
    made = [PaperQuestion(1, (2, 0, 1)), PaperQuestion(0, (0, 1))]
    questions = [Answerable(1), Answerable(0)]
    assert scoring.correct_count(made, questions, {"1": "b", "2": "b"}) == 2
    assert scoring.correct_count(made, questions, {"1": "a", "2": "b"}) == 1
    assert scoring.correct_count(made, questions, {"1": "b", "2": "b"}, voided={1}) == 1
    for nothing in ({}, {"1": ""}, {"1": "bb"}, {"1": "d"}, {"3": "a"}, {"1": "B"}):
        assert scoring.correct_count(made, questions, nothing) == 0


@pytest.mark.parametrize(
    ("typed", "accepted", "accents_count", "right"),
    [
        ("  Mười   LĂM ", "mười lăm", True, True),
        ("mu\u031bo\u031b\u0300i lăm", "mười lăm", True, True),
        ("hoà giải", "hòa giải", True, True),
        ("１５", "15", True, True),
        ("muoi lam", "mười lăm", True, False),
        ("muoi lam", "mười lăm", False, True),
        ("mười lăm.", "mười lăm", True, False),
        ("", "15", True, False),
    ],
)
def test_what_is_filled_in_is_compared_as_people_mean_it(typed, accepted, accents_count, right):
    question = Answerable(-1, frozenset({scoring.comparable(accepted, accents_count)}), accents_count)
    assert scoring.is_right(PaperQuestion(0, ()), question, typed) is right


results = st.fixed_dictionaries(
    {
        "correct": st.integers(0, 5), "duration_ms": st.integers(0, 3), "distance": st.integers(0, 2),
        "submitted_at": st.integers(0, 3).map(
            lambda n: datetime.datetime(2026, 7, 15, tzinfo=datetime.UTC) + datetime.timedelta(microseconds=n)
        ),
        "draw": st.integers(0, 2),
    }
)  # fmt: skip
rankings = st.permutations(["duration", "prediction"]).flatmap(
    lambda middle: st.tuples(st.integers(0, 2), st.sampled_from(["submitted_at", "draw"])).map(
        lambda cut: ["correct", *middle[: cut[0]], cut[1]]
    )
)


@given(rankings, st.lists(results, max_size=12))
def test_bytes_sort_as_the_declared_ranking_says(ranking, rows):
    def plain(row):
        values = {"correct": -row["correct"], "duration": row["duration_ms"], "prediction": row["distance"]}
        return [(row | values)[key] for key in ranking]

    assert sorted(rows, key=lambda row: scoring.order_key(ranking, **row)) == sorted(rows, key=plain)


def test_a_prediction_is_as_far_as_it_is_wrong_and_none_is_behind_all():
    assert [scoring.distance_of(each, 100) for each in (90, 100, 130, None)] == [10, 0, 30, 2**62]
    assert scoring.distance_of(5, None) == 0
