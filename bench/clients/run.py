"""Generate clients from openapi.yaml and let those of Python and TypeScript do an app's main job against a live server.

    bench/clients/run.py FOLDER     FOLDER has clients/bin (openapi-generator-cli, Python) and node_modules/.bin (tsc)

Starts an installation of its own on free ports in FOLDER, with the samples. Exits with 1 if a client fails.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.journeys.installation import Installation

GENERATED = {
    "python": ["--additional-properties=packageName=luatmo"],
    "typescript-fetch": [],
    "swift6": ["--additional-properties=enumUnknownDefaultCase=true"],
    "kotlin": ["--additional-properties=enumUnknownDefaultCase=true"],
}
STRICT = {
    "compilerOptions": {
        "strict": True, "target": "ES2022", "module": "commonjs", "moduleResolution": "node",
        "lib": ["ES2022", "DOM", "DOM.Iterable"], "outDir": "out", "types": [],
    },
    "files": ["main_job.ts", "node.d.ts"],
}  # fmt: skip
NODE = "declare const process: { argv: string[]; exit(code: number): never };\n"


def run(*command, **options):
    subprocess.run([str(each) for each in command], check=True, **options)


def main(folder):
    folder = Path(folder)
    bin_ = folder / "clients" / "bin"
    for generator, options in GENERATED.items():
        out = folder / f"client-{generator}"
        env = {"PATH": f"{bin_}:/usr/local/bin:/usr/bin:/bin"}
        command = [bin_ / "openapi-generator-cli", "generate", "-g", generator, "-i", ROOT / "openapi.yaml", "-o", out]
        run(*command, *options, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        print(f"{generator}: {sum(1 for each in out.rglob('*') if each.is_file())} files")
    script = compiled(folder)
    home = folder / "installation"
    home.mkdir()
    installation = Installation(home)
    installation.start()
    try:
        base = f"http://127.0.0.1:{installation.port}"
        run(
            bin_ / "python", ROOT / "bench/clients/main_job.py", base, env={"PYTHONPATH": str(folder / "client-python")}
        )
        run("node", script, base)
    finally:
        installation.stop()


def compiled(folder):
    """The TypeScript job with its client, compiled with every check of `strict`."""
    job = folder / "job"
    shutil.copytree(folder / "client-typescript-fetch", job / "client")
    shutil.copy(ROOT / "bench/clients/main_job.ts", job)
    (job / "node.d.ts").write_text(NODE)
    (job / "tsconfig.json").write_text(json.dumps(STRICT))
    run(folder / "node_modules/.bin/tsc", "-p", job)
    return job / "out" / "main_job.js"


if __name__ == "__main__":
    main(sys.argv[1])
