"""The codification's subjects and headings, as every installation starts with them."""

import pytest

from content.topics.models import Topic

pytestmark = pytest.mark.django_db


def test_there_are_45_subjects_in_their_order():
    subjects = list(Topic.objects.filter(parent=None))
    assert [subject.number for subject in subjects] == [str(number) for number in range(1, 46)]


def test_keys_are_number_and_name_cut_to_80():
    assert Topic.objects.get(key="11-dat-dai").name == "Đất đai"
    assert Topic.objects.get(key="11-1-dat-dai").parent.key == "11-dat-dai"
    assert max(len(topic.key) for topic in Topic.objects.all()) == 80


def test_headings_taken_out_of_the_codification_are_left_out_and_the_double_is_one():
    assert not Topic.objects.filter(name__icontains="loại bỏ").exists()
    assert Topic.objects.filter(number="25.16", name="Phòng thủ dân sự").count() == 1
    assert Topic.objects.filter(parent__isnull=False).count() == 289
