"""Generate clients from openapi.yaml, compile them, and let them do an app's main job against a live server.

    bench/clients/run.py FOLDER [GENERATOR…]

FOLDER has clients/bin (openapi-generator-cli, Python) and node_modules (typescript, openapi-typescript, openapi-fetch,
kotlin-compiler). Starts an installation of its own on free ports in FOLDER, with the samples. The last lines are a
matrix of generators; exits with 1 if a client that can be tried here fails.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import tree_sitter_dart
from tree_sitter import Language, Parser

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.journeys.installation import Installation

HERE = ROOT / "bench" / "clients"
SAMPLES = ROOT / "api" / "guide" / "samples"
CONTRACT = ROOT / "openapi.yaml"
UNKNOWN_VALUES = "enumUnknownDefaultCase=true"
OPTIONS = {  # of openapi-generator
    "python": ["packageName=luatmo"],
    "typescript-fetch": [],
    "swift6": [UNKNOWN_VALUES],
    "kotlin": [UNKNOWN_VALUES, "serializationLibrary=jackson"],
    "dart-dio": [UNKNOWN_VALUES],
    "dart": [UNKNOWN_VALUES],
}
OF_THE_GENERATOR = "OpenAPI 3.1 support is still in beta"  # a warning that each run has
STRICT = {
    "compilerOptions": {
        "strict": True, "target": "ES2022", "module": "commonjs", "moduleResolution": "node",
        "lib": ["ES2022", "DOM", "DOM.Iterable"], "outDir": "out", "types": [], "skipLibCheck": True,
    },
}  # fmt: skip
NODE = "declare const process: { argv: string[]; exit(code: number): never };\n"


class Failed(Exception):
    """A step failed; the message is what it printed last."""


@dataclass
class Row:
    """What is known of one generator."""

    generator: str
    warnings: str = "-"
    compiles: str = "-"
    job: str = "-"
    faults: list[str] = field(default_factory=list)


def run(*command: object, **options: object) -> str:
    done = subprocess.run(
        [str(each) for each in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options
    )
    if done.returncode:
        raise Failed(done.stdout[-2_000:])
    return done.stdout


def generated(folder: Path, generator: str) -> tuple[Path, int]:
    """The client, and how many different warnings its making gave besides OF_THE_GENERATOR."""
    out, bin_ = folder / f"client-{generator}", folder / "clients" / "bin"
    if generator == "openapi-typescript":
        out.mkdir()
        options = ["--default-non-nullable=false"]  # a field with a default may be left out of a request
        said = run(folder / "node_modules/.bin/openapi-typescript", CONTRACT, *options, "-o", out / "contract.ts")
        return out, said.lower().count("warn")
    command = [bin_ / "openapi-generator-cli", "generate", "-g", generator, "-i", CONTRACT, "-o", out]
    options = [f"--additional-properties={','.join(OPTIONS[generator])}"] if OPTIONS[generator] else []
    said = run(*command, *options, env={"PATH": f"{bin_}:/usr/local/bin:/usr/bin:/bin"})
    return out, len({line for line in said.splitlines() if "WARN" in line and OF_THE_GENERATOR not in line})


# -- each language: compiles the client, returns how to run the main job, None where it cannot be run here


def python(folder: Path, client: Path) -> list[object]:
    run(folder / "clients/bin/python", "-W", "error", "-m", "compileall", "-q", client / "luatmo")
    return ["env", f"PYTHONPATH={client}", folder / "clients/bin/python", HERE / "main_job.py"]


def typescript(folder: Path, client: Path, job_name: str, place: str, samples: Sequence[Path] = ()) -> list[object]:
    """The job with its client, and samples of the guide, compiled with every check of `strict`."""
    job = folder / f"job-{client.name}"
    shutil.copytree(client, job / place if place else job)
    shutil.copy(HERE / job_name, job)
    (job / "node.d.ts").write_text(NODE)
    for sample in samples:
        shutil.copy(sample, job)
    files = [job_name, "node.d.ts", *(sample.name for sample in samples)]
    (job / "tsconfig.json").write_text(json.dumps(STRICT | {"files": files}))
    run(folder / "node_modules/.bin/tsc", "-p", job)
    return ["node", job / "out" / f"{Path(job_name).stem}.js"]


def swift(folder: Path, client: Path) -> list[object]:
    """The client with the job, and the samples of the guide."""
    program = folder / "job-swift"
    program.mkdir()
    samples = "".join(file.read_text() for file in sorted(SAMPLES.glob("*.swift")))
    (program / "samples.swift").write_text(f"import FoundationNetworking\n{samples}")  # of Foundation, on Linux
    run("swiftc", "-swift-version", "6", "-typecheck", program / "samples.swift")
    shutil.copy(HERE / "main_job.swift", program / "main.swift")
    sources = sorted((client / "Sources").rglob("*.swift"))
    run("swiftc", "-swift-version", "6", "-o", program / "job", program / "main.swift", *sources)
    return [program / "job"]


def kotlin(folder: Path, client: Path) -> None:
    """The client with the job and the samples of the guide, against signatures of the libraries that they call."""
    (jar,) = (folder / "clients").rglob("openapi-generator.jar")  # has Jackson
    ours = [HERE / "signatures", HERE / "main_job.kt", *sorted(SAMPLES.glob("*.kt"))]
    compiler = folder / "node_modules/kotlin-compiler/bin/kotlinc"
    run("bash", compiler, "-nowarn", "-cp", jar, "-d", folder / "kotlin.jar", *ours, client / "src/main/kotlin")


def dart(_folder: Path, client: Path) -> None:
    """No Dart SDK is in PyPI, npm or Debian: the grammar proves the syntax only, not the types."""
    parser = Parser(Language(tree_sitter_dart.language()))
    files = sorted((client / "lib").rglob("*.dart"))
    wrong = [str(file.relative_to(client)) for file in files if parser.parse(file.read_bytes()).root_node.has_error]
    if wrong or not files:
        raise Failed(f"the grammar refuses {len(wrong)} of {len(files)} files: {', '.join(wrong[:5])}")


COMPILE: dict[str, Callable[[Path, Path], list[object] | None]] = {
    "python": python,
    "typescript-fetch": lambda folder, client: typescript(folder, client, "main_job.ts", "client"),
    "openapi-typescript": lambda folder, client: typescript(
        folder, client, "main_job_types.ts", "", sorted(SAMPLES.glob("*.ts"))
    ),
    "swift6": swift,
    "kotlin": kotlin,
    "dart-dio": dart,
    "dart": dart,
}
COMPILED = {"kotlin": "yes, OkHttp by its signatures", "dart-dio": "grammar only", "dart": "grammar only"}
NOT_RUN = {"kotlin": "compiled, not run", "dart-dio": "not here: no SDK", "dart": "not here: no SDK"}
NEEDED = {"swift6": "swiftc"}  # programs that a machine may lack


def tried(folder: Path, generator: str, base: str) -> Row:
    row = Row(generator)
    try:
        client, warnings = generated(folder, generator)
        row.warnings = str(warnings)
        if generator in NEEDED and not shutil.which(NEEDED[generator]):
            row.compiles = row.job = f"not here: no {NEEDED[generator]}"
            return row
        row.compiles = "NO"
        job = COMPILE[generator](folder, client)
        row.compiles = COMPILED.get(generator, "yes")
        row.job = NOT_RUN.get(generator, "FAILS")
        if job is not None:
            print(run(*job, base).strip())
            row.job = "done"
    except Failed as failure:
        row.faults.append(f"{generator}: {failure}")
    return row


def main(folder: Path, generators: list[str]) -> int:
    home = folder / "installation"
    home.mkdir()
    installation = Installation(home)
    installation.start()
    try:
        rows = [tried(folder, each, f"http://127.0.0.1:{installation.port}") for each in generators or COMPILE]
    finally:
        installation.stop()
    print(*(fault for row in rows for fault in row.faults), sep="\n")
    print(f"{'generator':<20}{'warnings':<10}{'compiles':<32}main job")
    for row in rows:
        print(f"{row.generator:<20}{row.warnings:<10}{row.compiles:<32}{row.job}")
    return 1 if any(row.faults for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
