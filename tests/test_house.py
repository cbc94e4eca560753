"""The stairs of the house: imports and foreign keys go down only, and only one file knows Firebase."""

import ast
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ["content", "notifications", "api", "config"]  # ground floor first
ROOMS = [  # of the ground floor, lowest landing first
    {"errors", "text"},
    {"people"},
    {"changes"},
    {"topics", "organisations"},
    {"documents"},
    {"basis"},
    {"media"},
    {"qa"},
    {"events", "contests", "plans"},
    {"search", "exports", "dayturn"},
]
SHELVES = ["models", "queries", "services", "admin"]  # each may import only what stands left of it
COLLECTORS = {"apps", "models", "admin", "management", "migrations"}  # modules of a floor that gather its rooms


def sources():
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT)


def imports(path):
    """Dotted names one file imports, as lists; those inside functions and relative ones too."""
    return imported(ast.parse((ROOT / path).read_text()), path.parts[:-1])


def imported(tree, package):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = list(package[: len(package) - node.level + 1]) if node.level else []
            base = above + (node.module.split(".") if node.module else [])
            yield from ([*base, *alias.name.split(".")] for alias in node.names)


def landing(room):
    return next((n for n, rooms in enumerate(ROOMS) if room in rooms), None)


def room_of(path):
    """The room a file of the ground floor is in; None for what gathers the rooms."""
    name = Path(path.parts[1]).stem
    return None if name in COLLECTORS or name == "__init__" else name


def test_no_import_climbs_to_a_higher_floor():
    climbs = [
        f"{path} imports {'.'.join(name)}"
        for path in sources()
        for name in imports(path)
        if name[0] in FLOORS and FLOORS.index(name[0]) > FLOORS.index(path.parts[0])
    ]
    assert climbs == []


def test_no_room_of_the_library_imports_a_room_beside_or_above_it():
    climbs = [
        f"{path} imports {'.'.join(name)}"
        for path in sources()
        for name in imports(path)
        if path.parts[0] == name[0] == "content"
        and (here := room_of(path))
        and len(name) > 1
        and name[1] != here
        and (landing(name[1]) is None or landing(name[1]) >= max(landing(here), 1))
    ]
    assert climbs == []


def test_every_room_has_its_landing():
    rooms = {room for path in sources() if path.parts[0] == "content" and (room := room_of(path))}
    assert {room for room in rooms if landing(room) is None} == set()


def test_a_shelf_imports_only_what_stands_left_of_it():
    climbs = [
        f"{path} imports {'.'.join(name)}"
        for path in sources()
        for name in imports(path)
        if path.stem in SHELVES
        and name[: len(path.parts) - 1] == list(path.parts[:-1])
        and len(path.parts) > 2
        and len(name) >= len(path.parts)
        and name[len(path.parts) - 1] in SHELVES
        and SHELVES.index(name[len(path.parts) - 1]) > SHELVES.index(path.stem)
    ]
    assert climbs == []


def test_only_one_file_knows_firebase():
    knowers = {str(path) for path in sources() for name in imports(path) if name[0] == "firebase_admin"}
    assert knowers == {"notifications/push/firebase.py"}


def test_the_library_does_not_know_about_http_apis():
    knowers = {str(p) for p in sources() for n in imports(p) if p.parts[0] == "content" and n[0] == "rest_framework"}
    assert knowers == set()


def test_no_import_hides_inside_a_function():
    hidden = [
        f"{path}:{inner.lineno}"
        for path in sources()
        for node in ast.walk(ast.parse((ROOT / path).read_text()))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        for inner in ast.walk(node)
        if isinstance(inner, (ast.Import, ast.ImportFrom))
    ]
    assert hidden == []


def test_every_foreign_key_goes_down():
    def place(model):
        parts = model.__module__.split(".")
        return FLOORS.index(parts[0]), (landing(parts[1]) if parts[0] == "content" else 0)

    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in FLOORS]
    climbs = [
        f"{model.__name__}.{field.name} → {field.related_model.__name__}"
        for model in ours
        for field in [*model._meta.fields, *model._meta.many_to_many]
        if field.related_model in ours and place(field.related_model) > place(model)
    ]
    assert climbs == []


def test_the_house_tests_see_a_climb_that_hides():
    tree = ast.parse("def f():\n    from .. import services\n    import notifications.fanout")
    assert list(imported(tree, ("content", "topics"))) == [["content", "services"], ["notifications", "fanout"]]


def test_no_junk_drawers():
    drawers = {"utils.py", "helpers.py", "common.py", "misc.py"}
    assert [str(path) for path in sources() if path.name in drawers] == []
