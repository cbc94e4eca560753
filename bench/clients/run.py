"""Generate clients from openapi.yaml, compile them, and let them do an app's main job against a live server.

    bench/clients/run.py FOLDER [GENERATOR…]

FOLDER has clients/bin (openapi-generator-cli, Python) and node_modules (typescript, openapi-typescript, openapi-fetch,
kotlin-compiler). Starts an installation of its own on free ports in FOLDER, with the samples. The last lines are a
matrix of generators; exits with 1 if a client that can be tried here fails. dart_sdk.py says what Dart needs.
"""

import json
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import dart_sdk
from programs import Failed, Program, Trial, run

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.journeys.installation import Installation

HERE = ROOT / "bench" / "clients"
SAMPLES = ROOT / "api" / "guide" / "samples"
DART_GUIDE = "guide, in Dart"  # not a generator: the samples and the starter
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


@dataclass
class Row:
    """What is known of one generator."""

    generator: str
    warnings: str = "-"
    compiles: str = "-"
    job: str = "-"
    faults: list[str] = field(default_factory=list)


def generated(folder: Path, generator: str) -> tuple[Path, int]:
    """The client, and how many different warnings its making gave besides OF_THE_GENERATOR."""
    out, bin_ = folder / f"client-{generator}", folder / "clients" / "bin"
    if generator == DART_GUIDE:
        return out, 0
    if generator == "openapi-typescript":
        out.mkdir()
        options = ["--default-non-nullable=false"]  # a field with a default may be left out of a request
        said = run(folder / "node_modules/.bin/openapi-typescript", CONTRACT, *options, "-o", out / "contract.ts")
        return out, said.lower().count("warn")
    command = [bin_ / "openapi-generator-cli", "generate", "-g", generator, "-i", CONTRACT, "-o", out]
    options = [f"--additional-properties={','.join(OPTIONS[generator])}"] if OPTIONS[generator] else []
    said = run(*command, *options, env={"PATH": f"{bin_}:/usr/local/bin:/usr/bin:/bin"})
    return out, len({line for line in said.splitlines() if "WARN" in line and OF_THE_GENERATOR not in line})


# -- each language: compiles the client


def python(trial: Trial) -> Program:
    interpreter = trial.folder / "clients/bin/python"
    run(interpreter, "-W", "error", "-m", "compileall", "-q", trial.client / "luatmo")
    return Program(["env", f"PYTHONPATH={trial.client}", interpreter, HERE / "main_job.py", trial.base])


def typescript(trial: Trial, job_name: str, place: str, samples: Sequence[Path] = ()) -> Program:
    """The job with its client, and samples of the guide, compiled with every check of `strict`."""
    folder, client = trial.folder, trial.client
    job = folder / f"job-{client.name}"
    shutil.copytree(client, job / place if place else job)
    shutil.copy(HERE / job_name, job)
    (job / "node.d.ts").write_text(NODE)
    for sample in samples:
        shutil.copy(sample, job)
    files = [job_name, "node.d.ts", *(sample.name for sample in samples)]
    (job / "tsconfig.json").write_text(json.dumps(STRICT | {"files": files}))
    run(folder / "node_modules/.bin/tsc", "-p", job)
    return Program(["node", job / "out" / f"{Path(job_name).stem}.js", trial.base])


def swift(trial: Trial) -> Program:
    """The client with the job, and the samples of the guide."""
    if not shutil.which("swiftc"):
        return Program((), *["not here: no swiftc"] * 2)
    program = trial.folder / "job-swift"
    program.mkdir()
    samples = "".join(file.read_text() for file in sorted(SAMPLES.glob("*.swift")))
    (program / "samples.swift").write_text(f"import FoundationNetworking\n{samples}")  # of Foundation, on Linux
    run("swiftc", "-swift-version", "6", "-typecheck", program / "samples.swift")
    shutil.copy(HERE / "main_job.swift", program / "main.swift")
    sources = sorted((trial.client / "Sources").rglob("*.swift"))
    run("swiftc", "-swift-version", "6", "-o", program / "job", program / "main.swift", *sources)
    return Program([program / "job", trial.base])


def kotlin(trial: Trial) -> Program:
    """The client with the job and the samples of the guide, against signatures of the libraries that they call."""
    folder = trial.folder
    (jar,) = (folder / "clients").rglob("openapi-generator.jar")  # has Jackson
    ours = [HERE / "signatures", HERE / "main_job.kt", *sorted(SAMPLES.glob("*.kt"))]
    compiler = folder / "node_modules/kotlin-compiler/bin/kotlinc"
    run("bash", compiler, "-nowarn", "-cp", jar, "-d", folder / "kotlin.jar", *ours, trial.client / "src/main/kotlin")
    return Program((), "yes, OkHttp by its signatures", "compiled, not run")


COMPILE: dict[str, Callable[[Trial], Program]] = {
    "python": python,
    "typescript-fetch": lambda trial: typescript(trial, "main_job.ts", "client"),
    "openapi-typescript": lambda trial: typescript(trial, "main_job_types.ts", "", sorted(SAMPLES.glob("*.ts"))),
    "swift6": swift,
    "kotlin": kotlin,
    "dart-dio": dart_sdk.dart_dio,
    "dart": dart_sdk.dart,
    DART_GUIDE: dart_sdk.guide,
}


def tried(folder: Path, generator: str, base: str) -> Row:
    row = Row(generator)
    try:
        client, warnings = generated(folder, generator)
        row.warnings, row.compiles = str(warnings), "NO"
        program = COMPILE[generator](Trial(folder, client, base))
        row.compiles, row.job = program.compiles, program.not_run or "FAILS"
        if program.job:
            print(run(*program.job).strip())
            row.job = "done"
    except Failed as failure:
        row.faults.append(f"{generator}: {failure}")
    return row


def write_publish_script(file: Path, installation: Installation) -> None:
    """A script that publishes the sample laws of the installation again, so that who follows them is notified."""
    set_ = " ".join(f"{name}={installation.environment[name]}" for name in ("LUATMO_HOME", "PORT", "FCM_PORT"))
    manage = f"env -u DATABASE_URL {set_} {sys.executable} {ROOT / 'manage.py'} load_sample"
    file.write_text(f"set -eu\n{manage} --remove\n{manage} --notify\n")


def main(folder: Path, generators: list[str]) -> int:
    home = folder / "installation"
    home.mkdir()
    installation = Installation(home)
    installation.start()
    write_publish_script(folder / "publish.sh", installation)
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
