"""Reading the pages that people read: their words, their links, and the data for search engines."""

import html
import json
import re


def page(client, path, **query):
    return client.get(path, query, headers={"Accept": "text/html", "Accept-Language": "vi"})


def words(answer):
    """What a person reads: the page without its marks."""
    body = re.sub(r"<(style|title)[^>]*>.*?</\1>", "", answer.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def links(answer):
    found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', answer.content.decode(), flags=re.DOTALL)
    return {html.unescape(re.sub(r"<[^>]+>", "", text)): html.unescape(address) for address, text in found}


def data_of(answer):
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', answer.content.decode(), re.DOTALL)
    return json.loads(found)


def card_of(answer):
    """{"title": …}: what a messenger shows of a link that somebody shares (Open Graph)."""
    found = re.findall(r'<meta property="og:([\w:]+)" content="([^"]*)">', answer.content.decode())
    return {name: html.unescape(value) for name, value in found}


def alternates_of(answer):
    """{media type: address} of the same thing in other formats."""
    found = re.findall(r'<link rel="alternate" type="([^"]+)" href="([^"]+)"', answer.content.decode())
    return {media_type: html.unescape(address) for media_type, address in found}
