"""Containers with something before, between, behind or over their entries, and zip64."""

from dataclasses import replace

from maker.bundle import CRATE, MANIFEST, TAGS, build
from maker.cases import REPORT as REPORT_BYTES
from maker.cases import SMALL
from maker.container import Entry, entries, number, pack
from maker.container import extra as extra_field
from maker.vectors import (
    FAILED,
    INTACT,
    NOT_CHECKED,
    THE_ZIP,
    missing,
    unknown,
)

REPORT = "data/report.html"
NAME = f"{SMALL.top}/{REPORT}".encode()
HERE = [("container", NAME.decode())]
IN_DOUBT = HERE + missing(REPORT)
END = ("container", "end of central directory")
DIRECTORY = ("container", "central directory")
GAP = ("container", "container")


def with_report(**changes):
    """The entries of the small bundle, with changes to that of the report."""
    parts = entries(SMALL.top, build(SMALL))
    return [replace(part, **changes) if part.name == NAME else part for part in parts]


def added(path, data=b"", **changes):
    """The entries of the small bundle and one more."""
    name = f"{SMALL.top}/{path}".encode()
    more = [*entries(SMALL.top, build(SMALL)), Entry(name, data, **changes)]
    return sorted(more, key=lambda part: part.name)


def add(vectors):
    surroundings(vectors)
    overlaps(vectors)
    zip64(vectors)
    none_at_all(vectors)


def surroundings(vectors):
    parts = with_report()
    whole = pack(parts)
    start = whole.where["central", parts[0].name]
    vectors.add(
        "prepended",
        "64 bytes put before the zip, whose offsets do not count them.",
        b"#" * 64 + whole.bytes,
        FAILED,
        [GAP],
    )
    vectors.add(
        "prepended-counted",
        "64 bytes put before the zip, and all offsets moved with it.",
        pack(parts, prefix=b"#" * 64),
        FAILED,
        [GAP],
    )
    vectors.add("appended", "64 bytes put behind the zip.", whole.bytes + b"#" * 64, FAILED, [END])
    vectors.add("appended-newline", "A line feed put behind the zip.", whole.bytes + b"\n", FAILED, [END])
    vectors.add(
        "comment",
        "A comment of the whole zip.",
        pack(parts, end={"comment_length": 5}, suffix=b"hello"),
        FAILED,
        [END],
    )
    vectors.add(
        "entry-comment", "A comment of the report.", pack(with_report(comment=b"hello")), FAILED, HERE
    )
    vectors.add(
        "gap", "16 bytes between the local entries.", pack(with_report(before=b"\0" * 16)), FAILED, [GAP]
    )
    vectors.add(
        "gap-before-directory",
        "16 bytes between the entries and the central directory.",
        pack(parts, before_directory=b"\0" * 16),
        FAILED,
        [GAP],
    )
    vectors.add(
        "gap-behind-directory",
        "16 bytes between the central directory and the end record.",
        pack(parts, zip64=b"\0" * 16),
        FAILED,
        [DIRECTORY, END],
    )
    vectors.add("cut-end", "The last 10 bytes cut off.", whole.bytes[:-10], FAILED, [END, DIRECTORY])
    vectors.add(
        "cut-directory",
        "Everything cut off from the central directory on.",
        whole.bytes[:start],
        FAILED,
        [END, DIRECTORY],
    )
    cut = whole.where["local", f"{SMALL.top}/{MANIFEST}".encode()]
    vectors.add(
        "cut-entries",
        f"Everything cut off from `{MANIFEST}` on.",
        whole.bytes[:cut],
        FAILED,
        [
            END,
            DIRECTORY,
            ("payload-manifest", MANIFEST),
            ("checksums", MANIFEST),
            ("tag-manifest", TAGS),
        ],
    )
    vectors.add("order", "The entries packed in another order.", pack(parts[::-1]), INTACT)
    vectors.add(
        "order-of-directory",
        "The central directory in another order than the entries.",
        pack(parts, directory=lambda listed: listed[::-1]),
        INTACT,
    )
    vectors.add(
        "count-short",
        "The end record counts one entry less, and the directory is the same.",
        pack(parts, end={"entries": len(parts) - 1, "disk_entries": len(parts) - 1}),
        FAILED,
        [END],
    )
    vectors.add(
        "directory-short",
        "The directory is said to be shorter by the last header, and to hold one less.",
        pack(
            parts,
            end={
                "entries": len(parts) - 1,
                "disk_entries": len(parts) - 1,
                "length": whole.where["central", parts[-1].name] - start,
            },
        ),
        FAILED,
        [END],
    )


def overlaps(vectors):
    parts = with_report()
    whole = pack(parts)
    twin = "data/report.html.twin"
    name = f"{SMALL.top}/{twin}"
    offset = whole.where["local", NAME]
    vectors.add(
        "overlap-same-data",
        "The central directory lists `data/report.html.twin` with the local header and data of the report.",
        pack(added(twin, REPORT_BYTES, present=False, central={"offset": offset})),
        FAILED,
        [("container", name), *missing(REPORT), *unknown(twin)],
    )
    # The report's data hold the next entry, header and all, with the right sum.
    at = next(index for index, part in enumerate(parts) if part.name == NAME)
    following = parts[at + 1]
    begin = whole.where["local", following.name]
    swallowed = whole.bytes[begin : whole.where["data", following.name]] + following.data
    greedy = replace(parts[at], data=parts[at].data + swallowed, stored=parts[at].data)
    size = {"stored": len(greedy.data)}
    greedy = replace(greedy, both=size)
    vectors.add(
        "overlap-nested",
        "The report's data are said to go on over the next entry, whose headers are whole.",
        pack([*parts[:at], greedy, *parts[at + 1 :]]),
        FAILED,
        [("container", following.name.decode()), *missing(REPORT), *missing(CRATE), ("ro-crate", CRATE)],
    )


def zip64(vectors):
    full = 0xFFFFFFFF

    def wide(part, offset):
        sizes = number(len(part.data), 8) * 2
        return replace(
            part,
            both={"version": 45, "stored": full, "size": full},
            central={"offset": full},
            local_extra=extra_field(1, sizes),
            central_extra=extra_field(1, sizes + number(offset, 8)),
        )

    def records(start, length, count, lie=0):
        head = number(0x06064B50, 4) + number(44, 8) + number(45, 2) * 2 + bytes(8)
        head += number(count, 8) * 2 + number(length, 8) + number(start + lie, 8)
        return head + number(0x07064B50, 4) + bytes(4) + number(start + length, 8) + number(1, 4)

    parts, offset = [], 0
    for part in with_report():
        parts.append(wide(part, offset))
        offset += 30 + len(part.name) + 20 + len(part.data)
    hidden = {"entries": 0xFFFF, "disk_entries": 0xFFFF, "length": full, "offset": full}
    vectors.add("zip64", "Packed with zip64 throughout.", pack(parts, end=hidden, zip64=records), INTACT)
    vectors.add(
        "zip64-needless",
        "Zip64 records stand before the end record, which needs none.",
        pack(with_report(), zip64=records),
        INTACT,
    )
    vectors.add(
        "zip64-wrong",
        "A zip64 record states another place of the directory than the end record.",
        pack(with_report(), zip64=lambda *facts: records(*facts, lie=1)),
        FAILED,
        [END],
    )
    locators(vectors, records)
    again = [replace(part, local_extra=part.local_extra * 2) if part.name == NAME else part for part in parts]
    for index, part in enumerate(again):
        if part.name > NAME:
            moved = parts[index].central_extra
            again[index] = replace(
                part, central_extra=moved[:-8] + number(int.from_bytes(moved[-8:], "little") + 20, 8)
            )
    vectors.add(
        "zip64-twice",
        "The report has two zip64 extra fields.",
        pack(again, end=hidden, zip64=records),
        FAILED,
        [*HERE, ("container", THE_ZIP)],
    )


def locators(vectors, records):
    """A locator of zip64 directly before the end record, and no record of it there."""
    parts = with_report()

    def last_extra(data):
        return pack([*parts[:-1], replace(parts[-1], central_extra=data)])

    end = last_extra(b"").where["end", None]
    times = number(0, 4) + number(1, 2) + number(24, 2) + bytes(4)
    locator = number(0x07064B50, 4) + bytes(4) + number(end, 8) + number(1, 4)
    vectors.add(
        "zip64-locator-alone",
        "The NTFS times of the last entry of the directory are a zip64 locator, with nothing before it.",
        last_extra(extra_field(0x0A, times + locator)),
        FAILED,
        [END, ("container", THE_ZIP)],
    )

    # A second directory in the last header of the first one, which lists all entries but the last.
    whole = pack(parts)
    start = whole.where["central", parts[0].name]
    shorter = whole.bytes[start : whole.where["central", parts[-1].name]]
    hidden = records(end + 4, len(shorter), len(parts) - 1)
    record, locator = hidden[:56], hidden[56:]
    vectors.add(
        "zip64-locator-hidden",
        "A field of Unix times of the last entry of the directory ends in a zip64 locator, which leads to a"
        " record and a second directory in the same field.",
        last_extra(extra_field(0x5455, shorter + record + bytes(4) + locator)),
        FAILED,
        [END, ("container", parts[-1].name.decode())],
    )


def none_at_all(vectors):
    nothing = [("bag", "bag")] + [
        (check, "bag", NOT_CHECKED)
        for check in (
            "payload-manifest",
            "tag-manifest",
            "checksums",
            "list",
            "ro-crate",
            "data-package",
            "bag-info",
            "evidence",
            "custody",
            "withheld",
        )
    ]
    vectors.add("none-empty", "No byte at all.", b"", FAILED, [END, DIRECTORY, GAP, *nothing])
    vectors.add(
        "none-text", "A text instead of a zip.", b"This is no zip.\n", FAILED, [END, DIRECTORY, GAP, *nothing]
    )
    vectors.add("none-entries", "A zip of no entries.", pack([]), FAILED, [DIRECTORY, GAP, *nothing])
