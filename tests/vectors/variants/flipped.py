"""One bit flipped in each region: every field of the headers of the report, the end record, each file."""

from maker.bundle import BAGIT, CRATE, CUSTODY, DIGESTS, INFO, LIST, MANIFEST, PACKAGE, SUMS, TAGS, build
from maker.cases import EXHIBIT, SAMPLE, SMALL
from maker.container import field_at, flip
from maker.vectors import (
    FAILED,
    INTACT,
    THE_ZIP,
    altered,
    altered_list,
    altered_tag,
    missing,
    unknown,
    zip_of,
)

REPORT = "data/report.html"
NAME = f"{SMALL.top}/{REPORT}"
#: The file behind it.
NEXT = f"{SMALL.top}/{CRATE}"
HERE = [("container", NAME)]
IN_DOUBT = HERE + missing(REPORT)
DAMAGE, DIRECTORY = [("container", "end of central directory")], [("container", "central directory")]

#: Field, byte in it, bits, what that makes of it, what does not pass; None where it is only rebuilt.
LOCAL = [
    ("signature", 0, 1, "which is no signature then", HERE),
    ("version", 0, 1, "from 10 to 11, which says nothing of the files", None),
    ("flags", 0, 1, "so that the data would be encrypted", IN_DOUBT),
    ("flags", 1, 8, "so that the name is said to be UTF-8, which it is anyway", None),
    ("method", 0, 1, "from stored to a method that nobody uses", IN_DOUBT),
    ("time", 0, 1, "to two seconds past midnight", None),
    ("date", 0, 1, "to a day that there is not", None),
    ("crc", 0, 1, "", HERE),
    ("stored", 0, 1, "to one byte more", IN_DOUBT),
    ("size", 0, 1, "to one byte more", IN_DOUBT),
    (
        "name_length",
        0,
        2,
        "to two bytes less, so that the last two bytes of the data belong to nothing",
        [*IN_DOUBT, ("container", "container")],
    ),
    (
        "extra_length",
        0,
        1,
        "to one byte, so that the data would end in the next local header",
        [*IN_DOUBT, ("container", NEXT), *missing(CRATE), ("ro-crate", CRATE)],
    ),
]
CENTRAL = [
    ("signature", 0, 1, "which is no signature then", HERE),
    ("made_by", 0, 1, "to another version, which says nothing of the files", None),
    ("version", 0, 1, "from 10 to 11, which says nothing of the files", None),
    ("flags", 0, 1, "so that the data would be encrypted", IN_DOUBT),
    ("method", 0, 1, "from stored to a method that nobody uses", IN_DOUBT),
    ("time", 0, 1, "to two seconds past midnight", None),
    ("date", 0, 1, "to a day that there is not", None),
    ("crc", 0, 1, "", HERE),
    ("stored", 0, 1, "to one byte more", IN_DOUBT),
    ("size", 0, 1, "to one byte more", IN_DOUBT),
    ("name_length", 0, 2, "to two bytes less than where the next header starts", HERE),
    ("extra_length", 0, 1, "to one byte more than where the next header starts", HERE),
    ("comment_length", 0, 1, "to one byte more than where the next header starts", HERE),
    ("disk", 0, 1, "to a second disk", HERE),
    ("internal", 0, 1, "so that the file is said to be text", None),
    ("external", 2, 1, "to mode 0645, which leaves it a file", None),
    ("external", 3, 0x20, "from a regular file to a symbolic link", HERE),
    ("offset", 0, 1, "to where no local header stands", HERE),
]
END = [
    ("signature", 0, 1, "so that there is no end record, and bytes behind the directory", DAMAGE + DIRECTORY),
    ("disk", 0, 1, "to a second disk", DAMAGE),
    ("directory_disk", 0, 1, "to a second disk", DAMAGE),
    ("disk_entries", 0, 1, "to one more", DAMAGE),
    ("entries", 0, 1, "to one more", DAMAGE),
    ("length", 0, 1, "", DAMAGE),
    ("offset", 0, 1, "", DAMAGE),
    ("comment_length", 0, 1, "to a comment of one byte, which is not there", DAMAGE),
]


def add(vectors):
    packed = zip_of(SMALL, build(SMALL))
    fields = [("local", NAME, *one) for one in LOCAL] + [("central", NAME, *one) for one in CENTRAL]
    fields += [("end", None, *one) for one in END]
    for kind, name, field, byte, mask, how, checks in fields:
        at, _ = field_at(packed, kind, name and name.encode(), field)
        label = "utf8-flag" if (field, byte) == ("flags", 1) else field.replace("_", "-")
        label = "file-type" if mask == 0x20 else label
        header = "end record" if kind == "end" else f"{kind} header of the report"
        done = f"One bit flipped in the {header}: {field.replace('_', ' ')}{', ' * bool(how)}{how}."
        verdict = INTACT if checks is None else FAILED
        vectors.add(f"flip-{kind}-{label}", done, flip(packed, at + byte, mask), verdict, checks or ())
    at = packed.where["local name", NAME.encode()] + len("small-1.0/data/")
    vectors.add(
        "flip-local-name",
        "One bit flipped in the name in the local header of the report: `Report.html`.",
        flip(packed, at, 0x20),
        FAILED,
        IN_DOUBT,
    )
    at = packed.where["central name", NAME.encode()] + len("small-1.0/data/")
    vectors.add(
        "flip-central-name",
        "One bit flipped in the name in the central header of the report: `Report.html`, now out of order.",
        flip(packed, at, 0x20),
        FAILED,
        [
            ("container", f"{SMALL.top}/data/Report.html"),
            ("container", THE_ZIP),
            *missing(REPORT),
            *unknown("data/Report.html"),
        ],
    )
    add_files(vectors)


def add_files(vectors):
    """The data of each kind of file, with the sum in the headers as it was."""
    files = build(SAMPLE)
    packed = zip_of(SAMPLE, files)
    exhibit = f"data/{EXHIBIT}"

    def one(name, path, text, what, checks, mask=1):
        at = files[path].index(text.encode()) + len(text.encode()) - 1
        vectors.add(
            f"flip-data-{name}",
            f"One bit flipped in the data of `{path}`: {what}.",
            flip(packed, packed.where["data", f"{SAMPLE.top}/{path}".encode()] + at, mask),
            FAILED,
            [("container", f"{SAMPLE.top}/{path}"), *checks],
        )

    one("report", REPORT, "Nothing", "a letter", altered(REPORT))
    one("evidence", exhibit, "a1,4", "40 becomes 50", [*altered(exhibit), ("evidence", exhibit)])
    one("bagit", BAGIT, "Version: 1", "version 0.0", [("bag", f"{BAGIT}:1"), *altered_tag(BAGIT)])
    one("bag-info", INFO, "A bundle", "a letter of the title", [("bag-info", INFO), *altered_tag(INFO)])
    digit_of(one, "manifest", MANIFEST, files, [("payload-manifest", REPORT), *altered_tag(MANIFEST)])
    digit_of(one, "sums", SUMS, files, [("checksums", REPORT), ("tag-manifest", SUMS)])
    digit = files[TAGS].decode().splitlines()[1][:64]
    one("tagmanifest", TAGS, digit, "a digit of the digest of bag-info.txt", [("tag-manifest", INFO)])
    one(
        "list",
        LIST,
        "A bundle",
        "a letter of the title",
        [
            ("payload-manifest", LIST),
            ("checksums", LIST),
            ("ro-crate", CRATE),
            ("data-package", PACKAGE),
            ("bag-info", INFO),
        ],
    )
    size = f'"contentSize":"{len(SAMPLE.bytes("report.html"))}'
    one("crate", CRATE, size, "a digit of a size", [*altered_list(CRATE), ("ro-crate", REPORT)])
    size = f'"bytes":{len(SAMPLE.bytes("report.html"))}'
    one("package", PACKAGE, size, "a digit of a size", [*altered_list(PACKAGE), ("data-package", REPORT)])
    one(
        "digests",
        DIGESTS,
        "  case",
        "a letter in the name of the case file",
        [*altered(DIGESTS), ("evidence", DIGESTS)],
    )
    one(
        "custody",
        CUSTODY,
        "2026-01-05",
        "a digit of the first entry's date",
        [*altered(CUSTODY), ("custody", f"{CUSTODY}:2")],
    )


def digit_of(one, name, path, files, checks):
    """Flips the last digit of the report's digest in a manifest to another digit."""
    line = next(line for line in files[path].decode().splitlines() if line.endswith("report.html"))
    one(name, path, line[:64], "a digit of the report's digest", checks)
