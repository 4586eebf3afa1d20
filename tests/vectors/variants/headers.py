"""What the headers of an entry make of it: links, devices, other methods, more data than there should be,
data descriptors."""

from dataclasses import replace
from zlib import crc32

from maker.bundle import build
from maker.cases import REPORT as REPORT_BYTES
from maker.cases import SMALL
from maker.container import Entry, entries, number, pack
from maker.container import extra as extra_field
from maker.deflate import literals, zeros
from maker.vectors import FAILED, INTACT, THE_ZIP, extra, unknown
from variants.containers import GAP, HERE, IN_DOUBT, NAME, added, with_report

#: Three times, as NTFS has them.
NTFS = bytes(4) + number(1, 2) + number(24, 2) + bytes(24)


def add(vectors):
    kinds(vectors)
    bombs(vectors)
    descriptors(vectors)


def kinds(vectors):
    """What attributes, flags, methods and extra fields make of an entry."""

    def attributes(name, value, what, verdict=FAILED):
        done = f"The attributes of the report make it {what}."
        packed = pack(with_report(central={"external": value}))
        vectors.add(f"attributes-{name}", done, packed, verdict, HERE if verdict == FAILED else ())

    attributes("link", 0o120777 << 16, "a symbolic link")
    attributes("folder", 0o040755 << 16, "a folder")
    attributes("device", 0o020666 << 16, "a device")
    attributes("pipe", 0o010644 << 16, "a pipe")
    attributes("dos-folder", 0x10, "a folder, as DOS writes it")
    attributes("dos-label", 0x08, "a label of a volume")
    attributes("executable", 0o100755 << 16, "executable, which leaves it a file", INTACT)
    attributes("setuid", 0o104755 << 16, "setuid, which leaves it a file", INTACT)
    attributes("none", 0, "nothing in particular", INTACT)
    link = SMALL.plus("link", b"/etc/passwd")
    parts = entries(link.top, build(link))
    link_name = f"{link.top}/data/link"
    parts = [
        replace(part, central={"external": 0o120777 << 16}) if part.name == link_name.encode() else part
        for part in parts
    ]
    vectors.add(
        "link-sealed",
        "A symbolic link to `/etc/passwd` added and everything sealed again.",
        pack(parts),
        FAILED,
        [("container", link_name)],
    )
    vectors.add(
        "encrypted",
        "Both headers say that the report is encrypted.",
        pack(with_report(both={"flags": 1})),
        FAILED,
        IN_DOUBT,
    )
    vectors.add(
        "flags-unknown",
        "Both headers of the report set bit 4 of the flags, which no packing of files needs.",
        pack(with_report(both={"flags": 0x10})),
        FAILED,
        HERE,
    )
    vectors.add(
        "method-unknown",
        "Both headers say that the report is compressed with bzip2.",
        pack(with_report(both={"method": 12})),
        FAILED,
        IN_DOUBT,
    )
    vectors.add(
        "method-one-header",
        "The local header of the report says deflate, the central one stored.",
        pack(with_report(local={"method": 8})),
        FAILED,
        IN_DOUBT,
    )
    vectors.add(
        "sum-both-headers",
        "Both headers state another CRC-32 of the report.",
        pack(with_report(both={"crc": 1})),
        FAILED,
        HERE,
    )
    for name, data, what in [
        ("unicode-path", extra_field(0x7075, b"\1\0\0\0\0small-1.0/data/evil.html"), "another name, 0x7075"),
        ("unknown", extra_field(0x9999, b"x"), "something unknown"),
        ("torn", b"\x55\x54\xff\0", "more bytes than there are"),
        ("long-times", extra_field(0x5455, b"\7" + bytes(13)), "Unix times, and a byte more"),
        ("unknown-time", extra_field(0x5455, b"\x0b" + bytes(8)), "a time of a kind that there is not"),
        ("long-old-times", extra_field(0x5855, bytes(13)), "old Unix times, and a byte more"),
        ("long-old-owners", extra_field(0x7855, bytes(5)), "old owners, and a byte more"),
        ("long-owners", extra_field(0x7875, b"\1\4" + bytes(4) + b"\4" + bytes(5)), "owners, and a byte more"),
        ("wide-owners", extra_field(0x7875, b"\1\x09" + bytes(9) + b"\4" + bytes(4)), "an owner of nine bytes"),
        ("torn-owners", extra_field(0x7875, b"\1\4" + bytes(4)), "an owner, and no group"),
        ("long-ntfs", extra_field(0x0A, NTFS + b"x"), "NTFS times, and a byte more"),
        ("other-ntfs", extra_field(0x0A, NTFS.replace(b"\1", b"\2")), "another part than NTFS times"),
        ("long-zip64", extra_field(1, bytes(29)), "the numbers of zip64, and a byte more"),
        ("two-times", extra_field(0x5455, b"\1" + bytes(4)) * 2, "Unix times twice"),
    ]:
        packed = pack(with_report(local_extra=data, central_extra=data))
        vectors.add(f"extra-field-{name}", f"Extra fields of the report state {what}.", packed, FAILED, HERE)
    fullest = [
        extra_field(0x5455, b"\7" + bytes(12)),
        extra_field(0x5855, bytes(12)),
        extra_field(0x7855, bytes(4)),
        extra_field(0x7875, b"\1\x08" + bytes(8) + b"\x08" + bytes(8)),
        extra_field(0x0A, NTFS),
        extra_field(1, bytes(28)),
    ]
    vectors.add(
        "extra-field-fullest",
        "All extra fields that may be there, each as long as it may be.",
        pack(with_report(local_extra=b"".join(fullest), central_extra=b"".join(fullest))),
        INTACT,
    )
    folders = [
        Entry(name, b"", central={"external": 0o040755 << 16}) for name in (b"small-1.0/", b"small-1.0/data/")
    ]
    vectors.add("folders", "Entries for the folders.", pack([*folders, *with_report()]), INTACT)
    for name, value, what in [
        ("regular", 0o100644 << 16, "a regular file"),
        ("label", 0x18, "a label of a volume as well"),
    ]:
        first = replace(folders[0], central={"external": value})
        vectors.add(
            f"folder-{name}",
            f"The attributes of the top folder's entry make it {what}.",
            pack([first, folders[1], *with_report()]),
            FAILED,
            [("container", "small-1.0/"), ("container", THE_ZIP)],
        )
    empty = Entry(b"small-1.0/empty/", b"")
    vectors.add(
        "folder-empty",
        "An entry for a folder that holds nothing.",
        pack([*folders, empty, *with_report()]),
        FAILED,
        [("container", "small-1.0/empty/"), ("container", THE_ZIP)],
    )
    vectors.add(
        "folder-with-data",
        "An entry that is named like a folder and holds three bytes.",
        pack(added("data/x/", b"abc")),
        FAILED,
        [("container", "small-1.0/data/x/"), ("names", "small-1.0/data/x/"), *extra("data/x/")],
    )


def bombs(vectors):
    big = zeros(1 + 258 * 4064)
    size = 1 + 258 * 4064
    vectors.add(
        "bomb-listed",
        "The report inflates to a megabyte, as its headers say; the list says 66 bytes.",
        pack(with_report(data=b"\0" * size, stored=big, both={"method": 8})),
        FAILED,
        [*IN_DOUBT, ("container", THE_ZIP)],
    )
    vectors.add(
        "bomb-lying",
        "The report inflates to a megabyte; headers and list say 66 bytes.",
        pack(with_report(stored=big, both={"method": 8})),
        FAILED,
        [*IN_DOUBT, ("container", THE_ZIP)],
    )
    size = 1 + 258 * 260112
    assert size > 64 << 20
    bomb = "data/zeros.bin"
    vectors.add(
        "bomb-unlisted",
        "`data/zeros.bin` added, which inflates to more than 64 MiB, as its headers say; no list has it.",
        pack(added(bomb, b"\0" * size, stored=zeros(size), both={"method": 8})),
        FAILED,
        [("container", f"{SMALL.top}/{bomb}"), ("container", THE_ZIP), *unknown(bomb)],
    )
    deflated = literals(REPORT_BYTES)
    vectors.add(
        "deflate-tail",
        "Four bytes stand behind the end of the report's deflated data.",
        pack(with_report(stored=deflated + b"tail", both={"method": 8})),
        FAILED,
        [*IN_DOUBT, ("container", THE_ZIP)],
    )
    vectors.add(
        "deflate-cut",
        "The report's deflated data end early.",
        pack(with_report(stored=deflated[:-4], both={"method": 8})),
        FAILED,
        [*IN_DOUBT, ("container", THE_ZIP)],
    )


def descriptors(vectors):
    parts = with_report()

    def described(part, sign=b"PK\7\x08", width=4, crc=None, told=False, deflate=False, flags=8):
        stored = literals(part.data) if deflate else part.data
        sizes = number(len(stored), width) + number(len(part.data), width)
        tail = sign + number(crc32(part.data) if crc is None else crc, 4) + sizes
        local = {} if told else {"crc": 0, "stored": 0, "size": 0}
        both = {"flags": flags | (0 if part.name.isascii() else 0x0800), "method": 8 if deflate else 0}
        return replace(part, stored=stored, descriptor=tail, local=local, both=both)

    for name, what, how in [
        ("signed", "with a signature", {}),
        ("unsigned", "without a signature", {"sign": b""}),
        ("wide", "with sizes of eight bytes", {"width": 8}),
        ("told", "and stand in the local headers as well", {"told": True}),
        ("deflated", "behind deflated data", {"deflate": True}),
    ]:
        packed = pack([described(part, **how) for part in parts])
        vectors.add(f"streamed-{name}", f"Sums and sizes follow the data, {what}.", packed, INTACT)
    one = [described(part, crc=1) if part.name == NAME else part for part in parts]
    vectors.add(
        "streamed-wrong",
        "A data descriptor follows the report, with another sum than its central header.",
        pack(one),
        FAILED,
        [*HERE, GAP, ("container", THE_ZIP)],
    )
    vectors.add(
        "streamed-absent",
        "Both headers of the report promise a data descriptor, and none follows.",
        pack(with_report(both={"flags": 8})),
        FAILED,
        [*HERE, ("container", THE_ZIP)],
    )
