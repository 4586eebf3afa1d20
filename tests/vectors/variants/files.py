"""Files missing, extra, renamed and duplicated, in containers that are perfect or nearly so."""

from dataclasses import replace

from maker.bundle import (
    BAGIT,
    CRATE,
    CUSTODY,
    DIGESTS,
    INFO,
    LIST,
    MANIFEST,
    PACKAGE,
    SUMS,
    TAGS,
    build,
)
from maker.cases import EXHIBIT, SAMPLE, SMALL
from maker.container import Entry, entries, pack
from maker.vectors import (
    FAILED,
    altered,
    altered_tag,
    extra,
    missing,
    unknown,
    without_list,
    zip_of,
)

REPORT = "data/report.html"
NAME = f"{SMALL.top}/{REPORT}"


def add(vectors):
    exhibit = f"data/{EXHIBIT}"
    oxum = ("bag-info", INFO)
    absent = [
        ("report", REPORT, missing(REPORT)),
        ("evidence", exhibit, [*missing(exhibit), ("evidence", DIGESTS)]),
        ("bagit", BAGIT, [("bag", BAGIT), *altered_tag(BAGIT)]),
        ("bag-info", INFO, [("bag-info", INFO), *altered_tag(INFO)]),
        ("manifest", MANIFEST, [("payload-manifest", MANIFEST), *altered_tag(MANIFEST)]),
        ("sums", SUMS, [("checksums", SUMS), ("tag-manifest", SUMS)]),
        ("tagmanifest", TAGS, [("tag-manifest", TAGS)]),
        ("list", LIST, [*unknown(LIST), *without_list()]),
        ("crate", CRATE, [*missing(CRATE), ("ro-crate", CRATE)]),
        ("package", PACKAGE, [*missing(PACKAGE), ("data-package", PACKAGE)]),
        ("digests", DIGESTS, [*missing(DIGESTS), ("evidence", DIGESTS)]),
        ("custody", CUSTODY, [*missing(CUSTODY), ("custody", CUSTODY)]),
    ]
    for name, path, checks in absent:
        # In the smallest bundle that has it.
        case = SMALL if path in build(SMALL) else SAMPLE
        rest = {other: data for other, data in build(case).items() if other != path}
        vectors.add(f"missing-{name}", f"`{path}` taken out.", zip_of(case, rest), FAILED, checks)

    files = build(SMALL)
    for name, path, data, checks in [
        ("payload", "data/extra.txt", b"extra\n", extra("data/extra.txt")),
        ("beside-data", "notes.txt", b"extra\n", [("bag", "notes.txt"), *altered_tag("notes.txt")]),
        (
            "fetch",
            "fetch.txt",
            b"https://example.org/x 1 data/x\n",
            [("bag", "fetch.txt"), *altered_tag("fetch.txt")],
        ),
        (
            "md5-manifest",
            "manifest-md5.txt",
            b"0" * 32 + b"  data/report.html\n",
            [("bag", "manifest-md5.txt"), *altered_tag("manifest-md5.txt")],
        ),
    ]:
        done = f"`{path}` added, and listed nowhere."
        vectors.add(f"extra-{name}", done, zip_of(SMALL, {**files, path: data}), FAILED, checks)

    def renamed(name, to, done):
        moved = {to if path == REPORT else path: data for path, data in files.items()}
        vectors.add(name, done, zip_of(SMALL, moved), FAILED, [*unknown(REPORT), *unknown(to)])

    renamed("renamed", "data/report.htm", "`data/report.html` renamed to `data/report.htm`.")
    renamed("renamed-case", "data/Report.html", "`data/report.html` renamed to `data/Report.html`.")
    swapped = {**files, REPORT: files[DIGESTS], DIGESTS: files[REPORT]}
    vectors.add(
        "swapped",
        "`data/report.html` and `data/digests.txt` have changed places.",
        zip_of(SMALL, swapped),
        FAILED,
        # The report is no list of digests either: its two lines.
        [*altered(REPORT), *altered(DIGESTS), ("evidence", DIGESTS)]
        + [("evidence", f"{DIGESTS}:{line}") for line in (1, 2)],
    )
    emptied = {**files, REPORT: b""}
    vectors.add(
        "emptied", "`data/report.html` emptied.", zip_of(SMALL, emptied), FAILED, [*altered(REPORT), oxum]
    )
    twin = "data/Report.html"
    vectors.add(
        "twin-case",
        "`data/Report.html` added: unpacked where case does not count, one overwrites the other.",
        zip_of(SMALL, {**files, twin: b"other\n"}),
        FAILED,
        [("names", NAME), *extra(twin)],
    )
    sealed = SMALL.plus("Report.html", b"other\n", "report", "text/html")
    vectors.add(
        "twin-case-sealed",
        "`data/Report.html` added and everything sealed again.",
        zip_of(sealed, build(sealed)),
        FAILED,
        [("names", NAME)],
    )
    inside = SMALL.plus("report.html/x", b"x\n")
    vectors.add(
        "file-and-folder",
        "`data/report.html/x` added and everything sealed again: the report is also a folder.",
        zip_of(inside, build(inside)),
        FAILED,
        [("names", f"{NAME}/x")],
    )
    duplicates(vectors, files)


def duplicates(vectors, files):
    """One name twice: nobody can say which one a tool would take, so the file counts as missing."""
    parts = entries(SMALL.top, files)
    at = next(index for index, part in enumerate(parts) if part.name == NAME.encode())
    report = parts[at]
    twice = [("names", NAME), *missing(REPORT)]
    other = Entry(report.name, b"<p>Something else.</p>\n")

    def put(part, index=at + 1):
        return [*parts[:index], part, *parts[index:]]

    vectors.add(
        "duplicate-same",
        "The report stands in the zip twice, with the same bytes.",
        pack(put(report)),
        FAILED,
        twice,
    )
    vectors.add(
        "duplicate-other",
        "The report stands in the zip twice, with different bytes.",
        pack(put(other)),
        FAILED,
        twice,
    )
    vectors.add(
        "duplicate-local",
        "A second report behind the first, which the central directory does not list.",
        pack(put(replace(other, listed=False))),
        FAILED,
        [*twice, ("container", NAME)],
    )
    again = replace(report, present=False, central={"offset": pack(parts).where["local", report.name]})
    vectors.add(
        "duplicate-central",
        "The central directory lists the report twice, both times with the same data.",
        pack(put(again)),
        FAILED,
        [*twice, ("container", NAME)],
    )
    hidden = "data/hidden.txt"
    name = f"{SMALL.top}/{hidden}"
    vectors.add(
        "hidden-entry",
        "`data/hidden.txt` stands between two files, and the central directory does not list it.",
        pack(put(Entry(name.encode(), b"hidden\n", listed=False), at)),
        FAILED,
        [("container", name), *extra(hidden)],
    )
    ghost = "data/ghost.txt"
    name = f"{SMALL.top}/{ghost}"
    # Into the entry before it, so that the order is right.
    end = pack(parts).where["local", parts[at - 1].name] + 1
    vectors.add(
        "ghost-entry",
        "The central directory lists `data/ghost.txt`, which has no local header.",
        pack(put(Entry(name.encode(), b"", present=False, central={"offset": end}), at)),
        FAILED,
        [("container", name), *unknown(ghost)],
    )
