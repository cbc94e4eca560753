"""Layers, packages and their order: imports and foreign keys point down; a package can be read at a sitting."""

import ast
import functools
import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ["content", "notifications", "api", "config"]  # lowest first
PACKAGES = {  # of each layer, lowest first; packages of one set do not import each other
    "content": [
        {"text"},
        {
            "addresses",
            "locks",
            "errors",
            "vietnam_time",
            "canonical_json",
            "database_limits",
            "direct_sessions",
            "limited_process",
            "random_keys",
            "request_counts",
            "tracing",
            "computed_ahead",
            "bounded_store",
            "turns",
            "own_process",
        },
        {"contest_papers", "clock_times", "remembered"},
        {"seals", "copies"},
        {"sql", "personal_data"},
        {"people"},
        {"changes"},
        {"topics", "organisations", "synonyms"},
        {"law"},
        {"marks", "typed_citations", "diff"},
        {"parsing", "word"},
        {"quotations"},
        {"own_effect"},
        {"documents"},
        {"passages"},
        {"named_documents"},
        {"relations"},
        {"mentions"},
        {"document_counts"},
        {"document_reads"},
        {"permanent_addresses"},
        {"akn"},
        {"publishing"},
        {"legal_basis_reviews"},
        {"amendments"},
        {"act_texts"},
        {"endings"},
        {"importing"},
        {"import_runs"},
        {"official_statuses"},
        {"effect_reviews"},
        {"editing"},
        {"basis", "deadlines", "glossary", "suggestions"},
        {"stored_files"},
        {"media"},
        {"provision_layers", "channel"},
        {"qa", "question_banks"},
        {"events", "due_days"},
        {"contests"},
        {"contest_rules", "contest_results"},
        {"contest_certificates", "contest_administration"},
        {"plans"},
        {"plan_administration"},
        {"public_changes"},
        {"dissemination"},
        {"spelling"},
        {"search"},
        {"exports", "transitions", "missing_documents", "peer_client", "record_fields", "arrivals"},
        {"copying"},
        {"new_copies", "peer_lines"},
        {"sync"},
        {"peer_administration", "peer_loop"},
        {"computed_indicators"},
        {"jobs"},
    ],
    "notifications": [
        {"push", "devices"},
        {"deliveries"},
        {"follows"},
        {"messages"},
        {"inbox"},
        {"clock", "fanout", "quotas", "calls"},
        {"sender"},
        {"jobs"},
    ],
}
COLLECTORS = {"apps", "models", "admin", "management"}  # modules of a layer that gather what its packages hold
MODULE_ORDER = ["models", "queries", "services", "admin"]  # a module imports only those left of it
MAX_LINES, MAX_MODULES = 2_500, 25
LOCK_NUMBER = re.compile(r"\b4_?713_?\d{3}\b|pg_(?:try_)?advisory|hashtext\(")
RAW_SQL = re.compile(r"\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|ALTER TABLE|LOCK TABLE)\b[^a-z]")
RAW_SQL_HOMES = {  # statements that Django's ORM cannot say, or not as fast
    "content/locks.py",
    "content/changes/chain.py",
    "content/changes/queued_readings.py",  # rows of procrastinate, which gives no way to delete several
    "config/backup/database.py",  # catalogue of PostgreSQL, and the same questions to a restored database
    "config/doctor/database_checks.py",  # settings and catalogue of the server
    "config/metrics/installation.py",  # sessions of the server
    "config/start_errors.py",  # asks before Django has connected
    "content/sql.py",
    "content/contests/attempt_rows.py",
    "content/contest_results/services/counting.py",
    "content/contest_results/statements.py",
    "content/database_limits.py",
    "content/copying/statements.py",
    "content/request_counts/services.py",
    "content/document_counts/statements.py",
    "content/document_reads/found.py",
    "content/document_reads/statements.py",
    "content/documents/facets.py",
    "content/official_statuses/contradictions.py",  # SQLite: a temporary file, not our database
    "content/search/index/",
    "content/search/match/",
    "content/search/vectors/",
    "content/search/queries.py",
    "content/synonyms/",
    "content/suggestions/",
    "notifications/devices/services.py",
    "notifications/deliveries/sql.py",
    "notifications/follows/sql.py",
    "notifications/inbox/queries.py",
    "api/health.py",
    "api/reads/listener.py",  # hears notices, on a session of its own
    "api/replicas/watch.py",  # positions of two servers, on sessions of its own
}


KEY_LOCKS = {  # where select_for_update takes the key too: whoever commits a row that refers to this one waits
    "content/editing/revisions.py:_lock_revision": "a confirmed correction deletes its revision",
    "content/editing/services.py:withdraw_document": "a withdrawal deletes the revisions",
    "content/events/services/samples.py:remove_sample_events": "the events are deleted",
    "content/media/services/cleanup.py:_delete_if_unused": "the row is deleted",
    "content/publishing/services.py:lock_for_transition": "the key of a draft changes with its number",
    "content/publishing/services.py:remove_sample": "the document is deleted",
    "notifications/devices/services.py:_lock_concerned": "the registration id, a unique column, may change",
    "notifications/follows/services.py:delete_forgotten_devices": "devices and their readers are deleted",
    "notifications/follows/services.py:forget_device": "the deliveries are deleted",
}


def sources(*layers):
    for layer in layers or LAYERS:
        for path in sorted((ROOT / layer).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT)


@functools.cache
def tree_of(path):
    """One file, parsed once for all these tests."""
    return ast.parse((ROOT / path).read_text())


@functools.cache
def imports(path):
    """Dotted names that one file imports, as lists; those inside functions and relative ones too."""
    return list(imported(tree_of(path), path.parts[:-1]))


def imported(tree, package):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = list(package[: len(package) - node.level + 1]) if node.level else []
            base = above + (node.module.split(".") if node.module else [])
            yield from ([*base, *alias.name.split(".")] for alias in node.names)


def package_of(path):
    """The package a file of a layer belongs to; None for what gathers the packages."""
    name = Path(path.parts[1]).stem
    return None if name in COLLECTORS or name == "__init__" else name


def height(layer, package):
    return next((n for n, packages in enumerate(PACKAGES[layer]) if package in packages), None)


def test_no_import_climbs_to_a_higher_layer():
    climbs = [
        f"{path} imports {'.'.join(name)}"
        for path in sources()
        for name in imports(path)
        if name[0] in LAYERS and LAYERS.index(name[0]) > LAYERS.index(path.parts[0])
    ]
    assert climbs == []


@pytest.mark.parametrize("layer", PACKAGES)
def test_no_package_imports_one_beside_or_above_it(layer):
    climbs = [
        f"{path} imports {'.'.join(name)}"
        for path in sources(layer)
        for name in imports(path)
        if name[0] == layer
        and (here := package_of(path))
        and len(name) > 1
        and name[1] != here
        and (height(layer, name[1]) is None or height(layer, name[1]) >= height(layer, here))
    ]
    assert climbs == []


@pytest.mark.parametrize("layer", PACKAGES)
def test_every_package_has_its_place_in_the_order(layer):
    packages = {package for path in sources(layer) if (package := package_of(path))}
    assert {package for package in packages if height(layer, package) is None} == set()


def test_the_families_of_the_api_and_the_packages_of_config_import_each_other_in_no_circle():
    below = defaultdict(set)
    for path in sources("api", "config"):
        for name in imports(path):
            here, there = (
                ".".join(path.parts[: 3 if path.parts[0] == "api" else 2]),
                ".".join(name[: 3 if name[0] == "api" else 2]),
            )
            if name[0] == path.parts[0] and here != there:
                below[here.removesuffix(".py")].add(there)

    def reaches(start, goal, seen):
        return any(
            each == goal or (each not in seen and reaches(each, goal, seen | {each})) for each in sorted(below[start])
        )

    assert sorted(package for package in list(below) if reaches(package, package, set())) == []


def test_a_package_can_be_read_at_a_sitting():
    sizes = defaultdict(lambda: [0, 0])
    for path in sources():
        deep = 4 if path.parts[:2] == ("api", "v1") else 3
        package = "/".join(path.parts[: min(deep - 1, len(path.parts) - 1)])
        sizes[package][0] += (ROOT / path).read_text().count("\n")
        sizes[package][1] += 1
    assert {name: size for name, size in sizes.items() if size[0] > MAX_LINES or size[1] > MAX_MODULES} == {}


def test_a_module_imports_only_modules_left_of_it():
    def place(parts):
        return next((MODULE_ORDER.index(each) for each in parts if each in MODULE_ORDER), None)

    climbs = [
        f"{path} imports {'.'.join(name)}"
        for path in sources("content", "notifications")
        for name in imports(path)
        if len(path.parts) > 2
        and name[:2] == list(path.parts[:2])
        and len(name) > 2
        and (here := place([Path(path.parts[2]).stem])) is not None
        and (there := place([name[2]])) is not None
        and there > here
    ]
    assert climbs == []


def test_only_one_file_knows_firebase():
    knowers = {str(path) for path in sources() for name in imports(path) if name[0] == "firebase_admin"}
    assert knowers == {"notifications/push/firebase.py"}


def test_content_does_not_know_about_http_apis():
    knowers = {str(p) for p in sources("content") for n in imports(p) if n[0] == "rest_framework"}
    assert knowers == set()


def test_production_imports_nothing_that_a_laptop_needs():
    """`manage.py up` starts a laptop; settings and URLs name config.local behind a condition, see the next test."""
    allowed = {"config/management/commands/up.py", "config/settings.py"}
    knowers = {
        str(path)
        for path in sources()
        for name in imports(path)
        if name[:2] == ["config", "local"] and path.parts[:2] != ("config", "local")
    }
    assert knowers - allowed == set()


def test_lock_numbers_are_in_one_file():
    homes = {str(path) for path in sources() if LOCK_NUMBER.search((ROOT / path).read_text())}
    assert homes == {"content/locks.py"}


def test_a_row_is_locked_with_its_key_only_where_that_is_deleted_or_changes():
    """Else a reader who follows a document waits for its editor, and two transactions may wait for each other."""
    found = {
        f"{path}:{function.name}"
        for path in sources()
        for function in ast.walk(tree_of(path))
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "select_for_update"
        if not any(each.arg == "no_key" and getattr(each.value, "value", None) is True for each in call.keywords)
    }
    assert found == set(KEY_LOCKS)


def test_raw_sql_has_its_homes():
    def statements(path):
        return [
            node.value
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and RAW_SQL.search(node.value)
        ]

    found = {str(path) for path in sources() if statements(path)}
    assert {path for path in found if not path.startswith(tuple(RAW_SQL_HOMES))} == set()


def test_no_import_hides_inside_a_function():
    hidden = [
        f"{path}:{inner.lineno}"
        for path in sources()
        for node in ast.walk(tree_of(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        for inner in ast.walk(node)
        if isinstance(inner, (ast.Import, ast.ImportFrom))
    ]
    assert hidden == []


def test_every_foreign_key_goes_down():
    def place(model):
        layer, package = model.__module__.split(".")[:2]
        return LAYERS.index(layer), height(layer, package)

    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in LAYERS]
    climbs = [
        f"{model.__name__}.{field.name} → {field.related_model.__name__}"
        for model in ours
        for field in [*model._meta.fields, *model._meta.many_to_many]
        if field.related_model in ours and place(field.related_model) > place(model)
    ]
    assert climbs == []


def test_these_tests_see_a_climb_that_hides():
    tree = ast.parse("def f():\n    from .. import services\n    import notifications.fanout")
    assert list(imported(tree, ("content", "topics"))) == [["content", "services"], ["notifications", "fanout"]]


def test_no_junk_drawers():
    drawers = {"utils.py", "helpers.py", "common.py", "misc.py"}
    assert [str(path) for path in sources() if path.name in drawers] == []
