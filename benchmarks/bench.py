"""What all rows of the benchmark share: options, folders, environment, inputs, commands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from benchmarks.measure import Measured, NotMeasured, measure, median

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent

# argv: kind, size, divisor, ids, path. Rows and objects shrink together.
MAKE_SHARES = """
import sys
from dataclasses import replace
from pathlib import Path
from inputs import find_input, write_share_table
kind, size, shrink, ids, path = sys.argv[1:]
spec = find_input(kind, size)
parts = {"shares": spec.shares // int(shrink), "objects": max(spec.objects // int(shrink), 2)}
write_share_table(replace(spec, **parts), Path(path), ids=ids)
"""


@dataclass(frozen=True)
class Options:
    """What the user said.

    Attributes:
        python: The interpreter that runs Assay and the floor.
        cnt_python: The interpreter that has coordination-network-toolkit.
        inputs: Folder where inputs and caches stay for the next time.
        ids: ``int``, ``string`` or both.
        runs: Each figure is the median of so many runs.
        timeout_s: After so many seconds a command is stopped and counts as failed.
        shrink: Divides every input; above 1 nothing is judged.
        peers: Run CNT on inputs above 300k too.
    """

    python: str
    cnt_python: str
    inputs: Path
    ids: tuple[str, ...]
    runs: int = 1
    timeout_s: float = 1800.0
    shrink: int = 1
    peers: bool = False


class Bench:
    """Runs commands with warm caches and makes inputs once.

    Args:
        options: What the user said.
        work: Folder of this run's results; taken away afterwards by the caller.
    """

    def __init__(self, options: Options, work: Path) -> None:
        self.options = options
        self.work = work
        self._kernels = options.inputs / "kernels"
        self._datasets: dict[str, Path] = {}
        drop = ("PYTHONDONTWRITEBYTECODE", "ASSAY_MEMORY")
        self._environment = {key: value for key, value in os.environ.items() if key not in drop}
        self._environment["PYTHONPYCACHEPREFIX"] = str(options.inputs / "bytecode")
        self._environment["NUMBA_CACHE_DIR"] = str(self._kernels)

    @property
    def judging(self) -> bool:
        """Whether the inputs have the sizes that the goals are about."""
        return self.options.shrink == 1

    def tell(self, text: str) -> None:
        """Progress for the person who waits."""
        print(text, file=sys.stderr, flush=True)

    def once(self, command: list[str], **environment: str) -> Measured:
        """One measurement."""
        return measure(command, self._environment | environment, self.options.timeout_s)

    def assay(self, *arguments: str, out: Path | None = None) -> Measured:
        """Measure ``assay ARGUMENTS [-o OUT]`` with every numba kernel already in its cache.

        A run that compiled something is no measurement; it is done again.
        """
        command = [self.options.python, "-m", "assay", *arguments]

        def warm() -> Measured:
            for _ in range(3):
                if out is not None:
                    shutil.rmtree(out, ignore_errors=True)
                before = self._compiled()
                measured = self.once(command + ([] if out is None else ["-o", str(out)]))
                if self._compiled() == before:
                    return measured
            raise NotMeasured("the cache of numba's kernels does not stay as it is")

        return median(self.options.runs, warm)

    def cold(self, *arguments: str, out: Path) -> Measured:
        """The same with no kernel compiled before."""
        shutil.rmtree(out, ignore_errors=True)
        command = [self.options.python, "-m", "assay", *arguments, "-o", str(out)]
        with tempfile.TemporaryDirectory(dir=self.work) as empty:
            return self.once(command, NUMBA_CACHE_DIR=empty)

    def script(self, code: str, *arguments: str) -> None:
        """Run some of our own code in a process of its own, unmeasured, where pyarrow may load.

        Raises:
            NotMeasured: It failed; with its last words.
        """
        command = [sys.executable, "-W", "ignore", "-c", code, *arguments]
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotMeasured(done.stderr.strip()[-300:])

    def made(self, name: str, maker: Path, code: str, *arguments: str) -> Path:
        """The input of that name: found in the folder of inputs, or made.

        Args:
            name: File name; ``code`` gets its path as the last argument.
            maker: The module that makes it: when it changes, the input is made again.
            code: Python, run in the folder of the benchmarks.
            arguments: For the code.
        """
        stamp = sha256(maker.read_bytes() + code.encode()).hexdigest()[:8]
        path = self.options.inputs / stamp / name
        if not path.exists():
            self.tell(f"making {name}")
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_name("unfinished-" + name)
            self.script(code, *arguments, str(unfinished))
            unfinished.replace(path)
        return path

    def shares(self, kind: str, size: str, ids: str) -> Path:
        """The share table of that kind and size."""
        shrink = str(self.options.shrink)
        name = f"{kind}-{size}-{ids}{'' if self.judging else '-over-' + shrink}.parquet"
        return self.made(name, HERE / "inputs.py", MAKE_SHARES, kind, size, shrink, ids)

    def dataset(self, shares: Path) -> Path:
        """The share table imported, once in a run."""
        if shares.name not in self._datasets:
            self.tell(f"importing {shares.name}")
            out = self.work / f"{shares.stem}.dataset"
            self.once([self.options.python, "-m", "assay", "import", str(shares), "-o", str(out)])
            self._datasets[shares.name] = out
        return self._datasets[shares.name]

    def keep_dataset(self, shares: Path, made: Path) -> None:
        """Take the dataset that a whole run has made for :meth:`dataset`."""
        kept = self.work / f"{shares.stem}.dataset"
        shutil.rmtree(kept, ignore_errors=True)
        made.rename(kept)
        self._datasets[shares.name] = kept

    def _compiled(self) -> frozenset[tuple[str, int]]:
        """Every compiled kernel in the cache and when it was written."""
        return frozenset(
            (str(path), path.stat().st_mtime_ns) for path in self._kernels.rglob("*.nbc")
        )
