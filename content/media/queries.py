"""Which materials and files there are, and how they are fetched."""

import datetime
import hashlib
import json
from collections.abc import Iterable

from django.contrib.postgres.search import SearchQueryField
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from content.basis.models import BasisChange, Citation
from content.media.models import Material, MaterialFile
from content.media.states import PUBLIC_STATUSES, MaterialStatus
from content.stored_files.models import StoredFile
from content.text import lexemes
from content.text.vietnamese import nfc
from content.topics.models import Topic
from content.topics.queries import with_descendants
from content.vietnam_time import VIETNAM_TIME

SEARCH_COLUMNS = ("search_words", "search_codes")
LONG_COLUMNS = ("transcript", "full_text", *SEARCH_COLUMNS)  # up to 200 kB each
UNFINGERPRINTED_FIELDS = set(SEARCH_COLUMNS)


def public_materials() -> QuerySet[Material]:
    """The published materials, the newest first, with what lists show and `basis_changed`."""
    return (
        _with_flags(Material.objects.filter(status__in=PUBLIC_STATUSES))
        .select_related("organisation", "province")
        .prefetch_related("topics", "files__stored__renditions__stored")
        .defer(*SEARCH_COLUMNS)
        .order_by("-published_at", "-pk")
    )


def listed_materials() -> QuerySet[Material]:
    """The same without the long texts that no list shows."""
    return public_materials().defer(*LONG_COLUMNS)


def with_details(materials: QuerySet[Material]) -> QuerySet[Material]:
    """With all that the page of one material shows."""
    return materials.prefetch_related("basis__citations")


def withdrawn_material(key: str) -> Material | None:
    """The withdrawn material of that key: its address gives the reason."""
    return Material.objects.filter(key=key, status=MaterialStatus.WITHDRAWN).first()


def staff_materials() -> QuerySet[Material]:
    """All materials for the staff list, the newest first, each with `basis_changed`."""
    return _with_flags(Material.objects.select_related("organisation", "written_by")).order_by("-pk")


def _with_flags(materials: QuerySet[Material]) -> QuerySet[Material]:
    unsettled = BasisChange.objects.filter(basis=OuterRef("basis"), settled_at=None)
    return materials.annotate(basis_changed=Exists(unsettled))


def materials_published_by(day: datetime.date) -> QuerySet[Material]:
    """The materials published by the end of that day (Viet Nam time), without related objects."""
    midnight = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), VIETNAM_TIME)
    return Material.objects.filter(status__in=PUBLIC_STATUSES, published_at__lt=midnight)


def materials_about(materials: QuerySet[Material], topics: Iterable[Topic]) -> QuerySet[Material]:
    """Narrow to those about one of these topics or a topic under them."""
    named = Material.topics.through.objects.filter(material=OuterRef("pk"), topic__in=with_descendants(topics))
    return materials.filter(Exists(named))


def materials_citing(materials: QuerySet[Material], document_key: str, eid: str = "") -> QuerySet[Material]:
    """Narrow to those that cite the document; with an eid, that provision or one under it."""
    cited = Citation.objects.filter(basis=OuterRef("basis"), document_key=document_key)
    if eid:
        cited = cited.filter(Q(eid=eid) | Q(eid__startswith=f"{eid}__"))
    return materials.filter(Exists(cited))


def materials_matching(materials: QuerySet[Material], words: str) -> QuerySet[Material]:
    """Narrow to those whose title, summary or texts have all these words, without accents."""
    asked = " & ".join(f"'{word}'" for word in lexemes.words(nfc(words)))
    if not asked:
        return materials.none()
    query = Cast(Value(asked), SearchQueryField())
    return materials.filter(Func(F("search_words"), query, arg_joiner=" @@ ", template="(%(expressions)s)",
                                 output_field=BooleanField()))  # fmt: skip


def variants_of(material: Material) -> QuerySet[Material]:
    """The public variants of a material in other languages, of the same home, by language."""
    group = material.group or material.key
    found = Material.objects.filter(Q(group=group) | Q(key=group), home=material.home, status__in=PUBLIC_STATUSES)
    return found.exclude(pk=material.pk).order_by("language")


def variants_by_key(materials: Iterable[Material]) -> dict[str, list[Material]]:
    """{key: its public variants in other languages, by language} of all these materials. One query."""
    group_of = {material.key: (material.home, material.group or material.key) for material in materials}
    groups = {group for _home, group in group_of.values()}
    found = Material.objects.filter(Q(group__in=groups) | Q(key__in=groups), status__in=PUBLIC_STATUSES)
    by_group: dict[tuple[str, str], list[Material]] = {}
    for variant in found.defer(*LONG_COLUMNS).order_by("language"):
        by_group.setdefault((variant.home, variant.group or variant.key), []).append(variant)
    return {
        key: [variant for variant in by_group.get(group, []) if variant.key != key] for key, group in group_of.items()
    }


def changed_at_by_key(keys: Iterable[str]) -> dict[str, datetime.datetime | None]:
    """{key: when its public content was last written} for the materials that are public."""
    return dict(Material.objects.filter(status__in=PUBLIC_STATUSES, key__in=keys).values_list("key", "changed_at"))


def public_titles_by_key(keys: Iterable[str]) -> dict[str, str]:
    """{key: title} of those of these materials that are public."""
    return dict(Material.objects.filter(status__in=PUBLIC_STATUSES, key__in=keys).values_list("key", "title"))


def public_file(sha256: str) -> StoredFile | None:
    """The stored file of that hash, None unless a public material has it or a picture made from it."""
    public = MaterialFile.objects.filter(material__status__in=PUBLIC_STATUSES)
    is_used = Exists(public.filter(stored=OuterRef("pk")))
    is_rendition = Exists(public.filter(stored__renditions__stored=OuterRef("pk")))
    return StoredFile.objects.filter(is_used | is_rendition, sha256=sha256).first()


def stored_file(sha256: str) -> StoredFile | None:
    """The stored file of that hash, public or not: for the preview of staff."""
    return StoredFile.objects.filter(sha256=sha256).first()


def unused_files(before: datetime.datetime) -> QuerySet[StoredFile]:
    """Stored files that no material has, directly or as a smaller picture, uploaded before that moment."""
    return StoredFile.objects.filter(uses=None, rendition_of=None, stored_at__lt=before).order_by("pk")


def material_fingerprint(material: Material) -> str:
    """A fingerprint of a material with its files and citations. Staff edits change it."""
    names = sorted({field.attname for field in Material._meta.concrete_fields} - UNFINGERPRINTED_FIELDS)
    rows = [
        material.topics.order_by("pk").values_list("pk"),
        material.files.values_list("role", "language", "stored", "alt_text"),
        material.basis.citations.values_list("document_key", "eid", "text_hash"),
    ]
    values = [[getattr(material, name) for name in names], *(list(each) for each in rows)]
    return hashlib.sha256(json.dumps(values, default=str).encode()).hexdigest()


def public_texts(material: Material) -> dict[str, str]:
    """{name: text} of what the page of a material says."""
    names = ("title", "summary", "transcript", "full_text", "credits", "licence", "external_url")
    alternatives = "\n".join(material.files.values_list("alt_text", flat=True))
    return {name: getattr(material, name) for name in names} | {"alternatives": alternatives}
