"""Type aliases of the API. Imports no other module of this package."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]
JSONObject = dict[str, Any]  # as json.dumps takes it
