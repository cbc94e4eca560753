"""What an answer is rendered from is freed at once: a whole text would be 20 MB of garbage."""

import gc
import weakref

from django.test import RequestFactory
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from api.renderers import rendered_data_middleware


class Units(list):
    """A list that can be referred to weakly."""


class Text(APIView):
    renderer_classes = (JSONRenderer,)
    authentication_classes = permission_classes = ()
    made: "list[weakref.ref[object]]" = []

    def get(self, request):
        units = Units(["Điều 1"])
        response = Response(units)
        self.made[:] = [weakref.ref(units), weakref.ref(response)]
        return response


def answer_in_bytes(request):
    """As Django calls a view: middleware sees bytes."""
    return Text.as_view()(request).render()


def test_the_data_and_the_bytes_of_an_answer_are_freed_without_a_search_for_garbage():
    gc.disable()
    try:
        answer = rendered_data_middleware(answer_in_bytes)(RequestFactory().get("/"))
        assert answer.content == '["Điều 1"]'.encode()
        data, response = Text.made
        assert data() is None
        del answer
        assert response() is None
    finally:
        gc.enable()
