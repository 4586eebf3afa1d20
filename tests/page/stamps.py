#!/usr/bin/env python3
"""Makes bundles of damaged timestamps, for holding one verifier to another.

    python3 stamps.py SEED FOLDER BUNDLE...

Of the first timestamp of each bundle: each byte of the reply changed once, the reply cut and lengthened, and
the request and the certificates beside it changed likewise. A bundle gets 100 of them, which is as many as a
verifier looks at; its other files stay what they are. All of them fail, and each timestamp for a reason that
both verifiers must give in the same words. The same seed makes the same copies of the same bundles.
"""
import pathlib
import random
import sys
import zipfile

MOST = 100
BITS = [1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0xFF]
TAILS = [b"\0", b"\5\0", b"\0" * 16]
# Bytes between two that are cut off, or changed in certificates, which are long.
STEP = 16


def changed(data, choice, step=1):
    """Each byte changed once, or one in so many."""
    for at in range(0, len(data), step):
        yield data[:at] + bytes([data[at] ^ choice(BITS)]) + data[at + 1 :]


def damaged(stamp, choice):
    """Copies of the files of one timestamp, by their endings, with one of them damaged."""
    ends = {ending: [data[:at] for at in range(0, len(data), STEP)] + [data + tail for tail in TAILS] for ending, data in stamp.items()}
    for ending, data in stamp.items():
        step = STEP if ending == "pem" else 1
        for copy in [*changed(data, choice, step), *ends[ending]]:
            yield {**stamp, ending: copy}


def main(seed, folder, *bundles):
    choice = random.Random(int(seed)).choice
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for bundle in map(pathlib.Path, bundles):
        with zipfile.ZipFile(bundle) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        top = next(iter(files)).split("/")[0]
        within = f"{top}/timestamps/"
        names = [f"{within}1.{ending}" for ending in ("tsr", "tsq", "pem")]
        stamp = {name[-3:]: files[name] for name in names if name in files}
        if "tsr" not in stamp:
            sys.exit(f"{bundle} has no {within}1.tsr")
        kept = {name: data for name, data in files.items() if not name.startswith(within)}
        copies = list(damaged(stamp, choice))
        for number, start in enumerate(range(0, len(copies), MOST), 1):
            with zipfile.ZipFile(folder / f"{bundle.stem}-{number:03}.zip", "w") as out:
                for name, data in kept.items():
                    out.writestr(zipfile.ZipInfo(name), data)
                for place, copy in enumerate(copies[start : start + MOST], 1):
                    for ending, data in copy.items():
                        out.writestr(zipfile.ZipInfo(f"{within}{place}.{ending}"), data)


if __name__ == "__main__":
    main(*sys.argv[1:])
