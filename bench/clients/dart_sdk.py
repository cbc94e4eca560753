"""Clients, samples and the starter in Dart: compiled and run where there is an SDK, else read by a grammar.

The SDK is `dart` on PATH, or the program that the variable DART names. Its packages (PACKAGES) are those of the file
that DART_PACKAGES names, a package_config.json; without the variable `dart pub get` fetches them. Flutter and what
needs it are known by their signatures (signatures/dart); built_value_parts.py writes what built_value_generator would.
"""

import json
import os
import re
import shutil
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from urllib.parse import urljoin

import built_value_parts
import tree_sitter_dart
from programs import Failed, Program, Trial, run
from tree_sitter import Language, Parser

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SAMPLES = ROOT / "api" / "guide" / "samples"
GUIDE = ROOT / "api" / "guide" / "texts" / "clients.en.md"
CITATIONS = ROOT / "docs" / "citations.md"
STARTER = ROOT / "docs" / "starters" / "flutter" / "lib"
EXAMPLE_HOST = "https://luatmo.example"  # in the samples
EXAMPLE_LAW, SAMPLE_LAW = "luat-2024-31-2024-qh15", "luat-2024-00-0000-mau"
PACKAGES = {
    "http": "^1.5.0", "crypto": "^3.0.0", "uuid": ">=3.0.0 <5.0.0", "collection": "any", "intl": "any", "meta": "any",
    "dio": "^5.7.0", "built_value": "^8.4.0", "built_collection": "^5.1.1", "one_of": "^1.5.0",
    "one_of_serializer": "^1.5.0",
}  # fmt: skip


def sdk() -> str | None:
    return os.environ.get("DART") or shutil.which("dart")


@lru_cache(maxsize=1)
def packages(folder: Path) -> tuple[dict[str, str], ...]:
    """The packages that Dart finds, their roots as absolute addresses; empty without an SDK, or if one is missing."""
    if not sdk():
        return ()
    if named := os.environ.get("DART_PACKAGES"):
        config = Path(named).resolve()
    else:
        project = folder / "dart-packages"
        project.mkdir()
        wanted = "\n".join(f"  {name}: '{version}'" for name, version in PACKAGES.items())
        pubspec = f"name: trial\nenvironment: {{sdk: ^3.5.0}}\ndependencies:\n{wanted}\n"
        (project / "pubspec.yaml").write_text(pubspec)
        try:
            run(sdk(), "pub", "get", cwd=project)
        except Failed:
            return ()
        config = project / ".dart_tool" / "package_config.json"
    known = json.loads(config.read_text())["packages"]
    found = tuple(each | {"rootUri": urljoin(config.as_uri(), each["rootUri"])} for each in known)
    return found if PACKAGES.keys() <= {each["name"] for each in found} else ()


def compiled(folder: Path, program: Path, main: str, own: dict[str, Path], *, defines: Sequence[str] = ()) -> Path:
    """The program with all that it imports, compiled. `own`: {name: folder} of packages of the trial. Raises Failed."""
    is_ours = {"packageUri": "lib/", "languageVersion": "2.18"}  # that of the generated clients
    mine = [{"name": name, "rootUri": each.as_uri(), **is_ours} for name, each in own.items()]
    kept = [each for each in packages(folder) if each["name"] not in own]
    config = program / "packages.json"
    config.write_text(json.dumps({"configVersion": 2, "packages": [*kept, *mine]}))
    kernel = program / f"{Path(main).stem}.dill"
    options = [f"--packages={config}", *defines, "--snapshot-kind=kernel", f"--snapshot={kernel}"]
    run(sdk(), *options, program / main)
    return kernel


def client(trial: Trial, main: str) -> Program:
    """A generated client with its main job, else the grammar of its files."""
    if not packages(trial.folder):
        by_grammar([*(trial.client / "lib").rglob("*.dart"), HERE / main])
        return Program((), "grammar only", "not here: no Dart SDK or packages")
    program = trial.folder / f"job-{trial.client.name}"
    program.mkdir()
    shutil.copy(HERE / main, program)
    kernel = compiled(trial.folder, program, main, {"openapi": trial.client})
    return Program([sdk(), "--enable-asserts", kernel, trial.base])


def dart(trial: Trial) -> Program:
    """The generator `dart`, with the line of the guide that keeps unknown values."""
    (line,) = re.findall(r"^sed .*/model/\*\.dart$", GUIDE.read_text(), re.MULTILINE)
    run("bash", "-c", line.replace("client/", f"{trial.client}/"))
    return client(trial, "main_job.dart")


def dart_dio(trial: Trial) -> Program:
    """The generator `dart-dio` with built_value."""
    built_value_parts.write_parts(trial.client)
    program = client(trial, "main_job_dio.dart")
    return Program(program.job, "yes, built_value by our parts") if program.job else program


def guide(trial: Trial) -> Program:
    """All samples of the guide, the lines of docs/citations.md and the starter, as one program."""
    program = trial.folder / "job-dart-guide"
    shutil.copytree(STARTER, program / "starter")
    for sample in sorted(SAMPLES.glob("*.dart")):
        text = sample.read_text().replace(EXAMPLE_HOST, trial.base).replace(EXAMPLE_LAW, SAMPLE_LAW)
        (program / sample.name).write_text(text)
    (lines,) = re.findall(r"```dart\n(.*?)```", CITATIONS.read_text(), re.DOTALL)
    imports = "".join(f"import 'package:flutter/{name}.dart';\n" for name in ("gestures", "painting"))
    (program / "lines_of_citations.dart").write_text(imports + lines)
    shutil.copy(HERE / "samples_job.dart", program)
    if not packages(trial.folder):
        by_grammar(program.rglob("*.dart"))
        return Program((), "grammar only", "not here: no Dart SDK or packages")
    signatures = {each.name: each for each in sorted((HERE / "signatures" / "dart").iterdir()) if each.is_dir()}
    api = f"-DAPI={trial.base}/api/v1"
    kernel = compiled(trial.folder, program, "samples_job.dart", signatures, defines=[api])
    publish = ["bash", trial.folder / "publish.sh"]
    return Program([sdk(), "--enable-asserts", kernel, *publish], "yes, Flutter by its signatures")


def by_grammar(files: Sequence[Path]) -> None:
    """Prove the syntax, not the types. Raises Failed."""
    parser = Parser(Language(tree_sitter_dart.language()))
    read = sorted(files)
    wrong = [str(file) for file in read if parser.parse(file.read_bytes()).root_node.has_error]
    if wrong or not read:
        raise Failed(f"the grammar refuses {len(wrong)} of {len(read)} files: {', '.join(wrong[:5])}")
