"""How much room an environment takes, by package: what ``pip install`` brings for Assay.

    CORE benchmarks/install_size.py

Run it with the interpreter of the environment. Sizes are those of the files as they lie on the
disk's blocks, in megabytes of 2^20 bytes, as ``du -m`` counts them; compiled Python files count
where they exist.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

_SHOWN = 8
_BLOCK_BYTES = 512


def size_bytes(path: Path) -> int:
    """Room that a file or a folder with all in it takes on the disk."""
    files = (
        [path]
        if path.is_file()
        else [Path(at) / name for at, _, names in os.walk(path) for name in names]
    )
    return sum(file.lstat().st_blocks * _BLOCK_BYTES for file in files)


def main() -> None:
    """Print the largest packages and the sum."""
    packages = Path(sysconfig.get_paths()["purelib"])
    sizes = {entry.name: size_bytes(entry) for entry in packages.iterdir()}
    for name in sorted(sizes, key=lambda name: -sizes[name])[:_SHOWN]:
        print(f"{sizes[name] / 2**20:6.0f} MB  {name}")
    print(f"{sum(sizes.values()) / 2**20:6.0f} MB  all packages")
    print(f"{size_bytes(Path(sys.prefix)) / 2**20:6.0f} MB  the environment")


if __name__ == "__main__":
    main()
