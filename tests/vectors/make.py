#!/usr/bin/env python3
"""Makes the test vectors of the bundle format: `zips/`, `known/` and `verdicts.json`, the same bytes every
time.

    python3 tests/vectors/make.py
    python3 tests/vectors/make.py --freeze    also makes all keys, signatures, timestamps and zips of other
                                              programs anew; needs openssl, ssh-keygen, zip, 7zz, bsdtar

The first needs nothing but Python. Knows of the format what src/bundle/FORMAT.md says, and nothing of
casefile's own code.
"""

import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from maker.frozen import Frozen  # noqa: E402
from maker.vectors import Vectors  # noqa: E402
from variants import containers, described, files, flipped, headers, lists, manifests  # noqa: E402
from variants import names, record, repacked, signed, stamped, valid  # noqa: E402

HERE = Path(__file__).resolve().parent


def write(folder, contents):
    """Fills a folder, and takes out what is not of it."""
    folder.mkdir(exist_ok=True)
    for stale in {path.name for path in folder.iterdir()} - contents.keys():
        (folder / stale).unlink()
    for name, data in contents.items():
        (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())


def verdicts(vectors):
    """The list, with a line for each field and each check."""

    def lines(items, indent):
        return f",\n{indent}".join(json.dumps(item) for item in items)

    def vector(one):
        fields = [
            f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in one.items() if key != "checks"
        ]
        fields.append(
            f'  "checks": [\n   {lines(one["checks"], "   ")}\n  ]' if one["checks"] else '  "checks": []'
        )
        return " {\n" + ",\n".join(fields) + "\n }"

    return '{"casefile": 2, "vectors": [\n' + ",\n".join(map(vector, vectors)) + "\n]}\n"


def main():
    vectors = Vectors()
    frozen = Frozen(HERE / "frozen", anew="--freeze" in sys.argv[1:])
    for module in (valid, flipped, files, names, containers, headers, manifests, lists, described, record):
        module.add(vectors)
    for module in (signed, stamped, repacked):
        module.add(vectors, frozen)
    write(HERE / "known", signed.known(frozen) | stamped.known(frozen))
    frozen.close()
    write(HERE / "zips", vectors.files)
    (HERE / "verdicts.json").write_text(verdicts(vectors.list))
    total = sum(map(len, vectors.files.values()))
    print(f"{len(vectors.list)} vectors, {len(vectors.files)} zips of {total} bytes")


if __name__ == "__main__":
    main()
