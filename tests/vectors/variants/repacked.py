"""The same files in a zip that another program packed: contents intact, container rebuilt."""

from dataclasses import replace

from maker.bundle import INFO, TAGS, build
from maker.cases import SAMPLE, SMALL
from maker.container import entries, extra, number, pack
from maker.deflate import literals
from maker.vectors import FAILED, INTACT, NOT_CHECKED, REBUILT, THE_ZIP, altered
from variants.signed import SIGNERS

PYTHON = """
import sys, zipfile
from pathlib import Path
mode = sys.argv[1]
with zipfile.ZipFile("out.zip", "w", zipfile.ZIP_DEFLATED if mode == "deflated" else zipfile.ZIP_STORED) as out:
    for place in sorted(Path("sample-1.0").rglob("*")):
        if place.is_file():
            info = zipfile.ZipInfo.from_file(place)
            info.compress_type = out.compression
            with out.open(info, "w", force_zip64=mode == "zip64") as entry:
                entry.write(place.read_bytes())
"""

PROGRAMS = [
    ("info-zip", "Info-ZIP's `zip`", ["zip", "-q", "-r", "out.zip", "sample-1.0"]),
    (
        "info-zip-plain",
        "Info-ZIP's `zip`, without folders and extra fields",
        ["zip", "-q", "-r", "-X", "-D", "out.zip", "sample-1.0"],
    ),
    ("info-zip-stored", "Info-ZIP's `zip`, stored", ["zip", "-q", "-r", "-0", "out.zip", "sample-1.0"]),
    ("info-zip-streamed", "Info-ZIP's `zip` into a pipe", ["sh", "-c", "zip -q -r - sample-1.0 | cat"]),
    ("info-zip-zip64", "Info-ZIP's `zip` with zip64", ["zip", "-q", "-r", "-fz", "out.zip", "sample-1.0"]),
    ("python", "Python's `zipfile`, deflated", ["python3", "-c", PYTHON, "deflated"]),
    ("python-zip64", "Python's `zipfile`, stored with zip64", ["python3", "-c", PYTHON, "zip64"]),
    ("7-zip", "7-Zip", ["7zz", "a", "-bso0", "-tzip", "-mtc=on", "out.zip", "sample-1.0"]),
    ("libarchive", "libarchive's `bsdtar`", ["bsdtar", "-a", "-cf", "out.zip", "sample-1.0"]),
]


def add(vectors, frozen):
    files = build(SAMPLE)
    everything = b"".join(path.encode() + data for path, data in sorted(files.items()))
    for name, what, command in PROGRAMS:
        data = frozen.get(
            f"packed/{name}.zip",
            everything + name.encode(),
            lambda shop, command=command: shop.pack(SAMPLE.top, files, *command),
        )
        vectors.add(f"repacked-{name}", f"The same files packed with {what}.", data, INTACT)

    def windows(parts):
        """As Explorer does: DOS attributes, NTFS times, deflated."""
        times = extra(0x0A, bytes(4) + number(1, 2) + number(24, 2) + bytes(24))
        for part in parts:
            yield replace(
                part,
                stored=literals(part.data),
                both={"version": 20, "method": 8, "time": 0x6000, "date": 0x5C61},
                central={"made_by": 20, "external": 0x20},
                central_extra=times,
            )

    packed = pack(list(windows(entries(SAMPLE.top, files))))
    vectors.add(
        "repacked-windows", "The same files packed as Windows does: NTFS times, deflated.", packed, INTACT
    )

    signed = {**build(SMALL), "signatures/1.sig": frozen.signature("alice", build(SMALL)[TAGS], "alice")}
    vectors.add(
        "repacked-signed",
        "A signed bundle packed as Windows does: the signature holds.",
        pack(list(windows(entries(SMALL.top, signed)))),
        INTACT,
        sealed=[("timestamp", "timestamps/", NOT_CHECKED)],
        known={"signers": SIGNERS},
    )
    report = "data/report.html"
    files = build(SMALL)
    vectors.add(
        "repacked-altered",
        "The report is altered, and the files are packed as Windows does.",
        pack(
            list(
                windows(entries(SMALL.top, {**files, report: files[report].replace(b"Nothing", b"Anythin")}))
            )
        ),
        FAILED,
        [*altered(report), ("container", THE_ZIP, REBUILT)],
    )
    longer = entries(SMALL.top, {**files, report: files[report] + b"more"})
    longer = [replace(part, both={"time": 0x6000}) for part in longer]
    vectors.add(
        "repacked-longer",
        "The report is longer than the list says, and the files are packed anew.",
        pack(longer),
        FAILED,
        [
            *altered(report),
            ("bag-info", INFO),
            ("container", f"{SMALL.top}/{report}"),
            ("container", THE_ZIP),
        ],
    )
