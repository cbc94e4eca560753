"""A serializer that is used again says and refuses what a new one does, in the language of each request."""

import pytest
from django.utils import translation
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from api.fields import KnownFieldsOnly
from api.shared_serializers import represented, validated


class PaperSerializer(KnownFieldsOnly, serializers.Serializer):
    title = serializers.CharField(max_length=3)
    kinds = serializers.ListField(child=serializers.CharField(max_length=2), default=list, max_length=2)


def refusal_of(call):
    with pytest.raises(ValidationError) as found:
        call()
    return found.value.get_full_details()


def of_a_new_one(data):
    serializer = PaperSerializer(data=data)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


@pytest.mark.parametrize(
    "data", [{}, {"title": "long"}, {"title": "a", "kinds": ["abc"]}, {"title": "a", "kinds": 1}, {"x": 1}, None, [], 1]
)
def test_a_refusal_is_that_of_a_new_serializer_in_the_language_of_each_request(data):
    for language in ("vi", "en", "vi"):
        with translation.override(language):
            assert refusal_of(lambda: validated(PaperSerializer, data)) == refusal_of(lambda: of_a_new_one(data))


def test_what_one_request_does_to_its_data_no_other_sees():
    first = validated(PaperSerializer, {"title": "a"})
    first["kinds"].append("x")
    assert validated(PaperSerializer, {"title": "b"}) == of_a_new_one({"title": "b"}) == {"title": "b", "kinds": []}
    assert represented(PaperSerializer, first) == PaperSerializer(first).data == {"title": "a", "kinds": ["x"]}
