"""Names that lead out of the folder, deceive, or clash when unpacked. Everything is sealed consistently,
so that the name alone is wrong."""

from maker.bundle import build
from maker.cases import SMALL
from maker.container import Entry, entries, pack
from maker.vectors import FAILED, INTACT, unknown, zip_of

INSIDE = [
    ("dot-dot", "x/../../evil.txt", "`..` segments lead out of `data/`"),
    ("dot", "./evil.txt", "a `.` segment"),
    ("empty-segment", "x//evil.txt", "an empty segment"),
    ("backslash", "..\\evil.txt", "a backslash, which Windows takes for a slash"),
    ("colon", "report.html:evil", "a colon, which Windows takes for a stream"),
    ("question-mark", "evil?.txt", "a question mark, which Windows does not allow and tools replace"),
    ("device", "aux.csv", "the name of a device on Windows"),
    ("device-zero", "com0.csv", "the name of a device on Windows, with the digit 0"),
    ("device-folder", "Com1/a.txt", "a folder called as a device on Windows"),
    ("escape", "\x1b[2Jevil.txt", "a control character that acts on a terminal"),
    ("c1-control", "evil\u0085.txt", "a control character beyond ASCII, U+0085"),
    ("bidi", "evil\u202etxt.exe", "a change of writing direction, U+202E"),
    ("isolate", "evil\u2066.txt", "a change of writing direction, U+2066"),
    ("line-separator", "evil\u2028.txt", "a line separator, U+2028"),
    ("dot-at-end", "evil.txt.", "a dot at the end, which Windows drops"),
    ("dot-at-folder-end", "evil./a.txt", "a folder's dot at the end, which Windows drops"),
    ("space-at-end", "evil.txt ", "a space at the end"),
    ("space-at-start", " evil.txt", "a space at the start"),
    ("no-break-space-at-end", "evil.txt\u00a0", "a no-break space at the end"),
]
OUTSIDE = [
    ("absolute", b"/etc/evil.txt", "an absolute path"),
    ("drive", b"C:/evil.txt", "a drive letter"),
    ("above", b"../evil.txt", "a path above the folder where it is unpacked"),
    ("no-folder", b"evil.txt", "a file beside the top folder"),
    ("two-folders", b"other-1.0/evil.txt", "a second top folder"),
    ("folder-twin", b"Small-1.0/evil.txt", "a top folder that differs in case"),
]


def add(vectors):
    for name, path, what in INSIDE:
        case = SMALL.plus(path, b"x\n")
        vectors.add(
            f"name-{name}",
            f"A file added and everything sealed again; its name holds {what}.",
            zip_of(case, build(case)),
            FAILED,
            [("names", f"{SMALL.top}/data/{path}")],
        )
    long = "tables/" + "a" * (256 - len("small-1.0/data/tables/"))
    case = SMALL.plus(long, b"x\n")
    vectors.add(
        "name-256",
        "A file added and everything sealed again; its path has 256 bytes.",
        zip_of(case, build(case)),
        FAILED,
        [("names", f"{SMALL.top}/data/{long}")],
    )
    files = build(SMALL)
    parts = entries(SMALL.top, files)
    for name, path, what in OUTSIDE:
        more = sorted([*parts, Entry(path, b"evil\n")], key=lambda part: part.name)
        vectors.add(
            f"name-{name}", f"An entry added with {what}.", pack(more), FAILED, [("names", path.decode())]
        )
    raw = b"small-1.0/data/\xff.txt"
    shown = "data/\ufffd.txt"
    more = sorted([*parts, Entry(raw, b"x\n")], key=lambda part: part.name)
    vectors.add(
        "name-not-utf8",
        "An entry added whose name is not UTF-8, but the byte FF and `.txt`.",
        pack(more),
        FAILED,
        [("container", f"small-1.0/{shown}"), *unknown(shown)],
    )
    vectors.add(
        "name-other-top-folder",
        "Everything stands in a folder `other-1.0`, where the list says `small-1.0`.",
        pack(entries("other-1.0", files)),
        FAILED,
        [("list", "other-1.0")],
    )
    unicode = SMALL.plus("caf\u00e9.txt", b"x\n")
    parts = entries(unicode.top, build(unicode))
    for part in parts:
        part.both["flags"] = 0
    vectors.add(
        "name-utf8-unflagged",
        "A name with an accent is UTF-8, and the flag that says so is not set.",
        pack(parts),
        INTACT,
    )
