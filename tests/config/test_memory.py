"""What the processes load, share and give back. Each test looks at processes of its own: what is frozen stays so."""

import json
import subprocess
import sys

from tests.config.test_production_imports import PRODUCTION, ROOT, WEB_AND_WORKER, loaded_modules

READERS_OF_FILES = {"pypdf", "content.importing.pdf", "content.importing.docx", "content.word.document"}
LOADED_AHEAD = """
import json, sys
import config.wsgi
from django.urls import get_resolver
from content.search.rank.regression_trees import shipped_trees
print(json.dumps([
    "api.v1.documents.documents" in sys.modules,
    sorted(get_resolver()._reverse_dict),
    shipped_trees.cache_info().currsize,
    {"numpy.ma", "django.templatetags.l10n"} <= sys.modules.keys(),
]))
"""
SHARED = """
import gc, json, os
from config.memory.pools import share_memory
share_memory()
frozen = gc.get_freeze_count()
cycle = []
cycle.append(cycle)
del cycle
print(json.dumps([frozen > 1_000, gc.isenabled(), gc.collect() > 0]))
"""
GARBAGE = """
import collections, json
from config.memory.pools import share_memory

class Cycle:
    living = most = 0
    def __init__(self):
        self.itself = self
        Cycle.living += 1
        Cycle.most = max(Cycle.most, Cycle.living)
    def __del__(self):
        Cycle.living -= 1

share_memory()
in_use = collections.deque(maxlen=20_000)
for _ in range(400_000):
    in_use.append(Cycle())
print(json.dumps(Cycle.most))
"""
GIVEN_BACK = """
import json, sys
from config.memory.pools import limit_memory_pools, return_free_memory

def held():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

limit_memory_pools(searches=True)
blocks = [b"x" * 100_000 for _ in range(600)]
last = b"x" * 100_000  # above them: what is below does not go back by itself
blocks = None
before = held()
can = return_free_memory()
print(json.dumps([can, before - held()]))
"""


def answer_of(program, tmp_path):
    """What a Python process of production with this program prints."""
    environment = PRODUCTION | {"LUATMO_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_web_server_loads_its_views_addresses_trees_and_tags_before_it_forks(tmp_path):
    assert answer_of(LOADED_AHEAD, tmp_path) == [True, ["en", "vi"], 1, True]


def test_what_is_loaded_before_the_fork_is_no_garbage_and_what_comes_later_is(tmp_path):
    assert answer_of(SHARED, tmp_path) == [True, True, True]


def test_a_fork_holds_little_garbage_that_refers_to_itself(tmp_path):
    assert answer_of(GARBAGE, tmp_path) < 100_000  # 20,000 are in use


def test_free_memory_below_a_block_in_use_goes_back_to_the_system(tmp_path):
    can, freed = answer_of(GIVEN_BACK, tmp_path)
    assert freed > 50_000_000 if can else freed < 1_000_000  # musl and macOS cannot


def test_readers_of_files_are_loaded_by_the_process_with_limits_alone(tmp_path):
    settings = PRODUCTION | {"LUATMO_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    assert set(loaded_modules(settings, *WEB_AND_WORKER)) & READERS_OF_FILES == set()
    assert set(loaded_modules(settings, "content.importing.reader_process")) >= READERS_OF_FILES
