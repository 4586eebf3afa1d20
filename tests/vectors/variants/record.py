"""Digests of evidence, exhibits withheld and the custody log. Crate, package, list and manifests are made
anew each time: what is left wrong is the record."""

import json

from maker.bundle import CUSTODY, DIGESTS, build, custody, sha256
from maker.cases import DELIVERY, DIGEST_LINES, ENTRIES, EXHIBIT, SAMPLE, WITHHELD
from maker.vectors import FAILED, VERIFIED, zip_of

EXHIBIT_FILE = f"data/{EXHIBIT}"
LOG = "case/custody.jsonl"


def add(vectors):
    evidence(vectors)
    withheld(vectors)
    log(vectors)


def evidence(vectors):
    def of(name, done, lines, *subjects):
        case = SAMPLE.plus("digests.txt", "".join(lines).encode(), "record")
        checks = [("evidence", subject) for subject in subjects]
        vectors.add(f"evidence-{name}", done, zip_of(case, build(case)), FAILED, checks)

    first, second, file, statistics = DIGEST_LINES
    changed = f"{sha256(b'other')}{first[64:]}"
    of(
        "other",
        "`digests.txt` states another digest of EX-001.",
        [changed, second, file, statistics],
        EXHIBIT_FILE,
    )
    of("unstated", "`digests.txt` says nothing of EX-001.", [second, file, statistics], EXHIBIT_FILE)
    of(
        "statistics",
        "`digests.txt` says nothing of `statistics.json`.",
        [first, second, file],
        "data/statistics.json",
    )
    of(
        "line",
        "The first line of `digests.txt` has one space.",
        [first.replace("  ", " "), second, file, statistics],
        f"{DIGESTS}:1",
        EXHIBIT_FILE,
    )
    of(
        "capitals",
        "The first digest of `digests.txt` is written in capitals.",
        [first[:64].upper() + first[64:], second, file, statistics],
        f"{DIGESTS}:1",
        EXHIBIT_FILE,
    )
    of(
        "algorithm",
        "The first digest of `digests.txt` is an MD5 digest.",
        ["0" * 32 + first[64:], second, file, statistics],
        f"{DIGESTS}:1",
        EXHIBIT_FILE,
    )
    of(
        "crlf",
        "The lines of `digests.txt` end in CR LF, which makes other names.",
        [line.replace("\n", "\r\n") for line in DIGEST_LINES],
        DIGESTS,
        EXHIBIT_FILE,
        "data/statistics.json",
    )
    of(
        "twice",
        "`digests.txt` states EX-001 a second time, with another digest.",
        [first, second, file, statistics, changed],
        f"{DIGESTS}:5",
    )
    altered = SAMPLE.plus(EXHIBIT, DELIVERY.replace(b"40", b"90"), "evidence", "text/csv")
    vectors.add(
        "evidence-altered",
        "The evidence is altered and everything sealed again, but for `digests.txt`.",
        zip_of(altered, build(altered)),
        FAILED,
        [("evidence", EXHIBIT_FILE)],
    )
    moved = SAMPLE.but(payload={path: file for path, file in SAMPLE.payload.items() if path != EXHIBIT})
    moved = moved.plus("evidence/delivery.csv", DELIVERY, "evidence", "text/csv")
    vectors.add(
        "evidence-not-numbered",
        "The evidence is called `delivery.csv`, by no number of an exhibit.",
        zip_of(moved, build(moved)),
        FAILED,
        [("evidence", "data/evidence/delivery.csv"), ("evidence", DIGESTS)],
    )
    gone = moved.but(payload={path: file for path, file in moved.payload.items() if "delivery" not in path})
    vectors.add(
        "evidence-gone",
        "The evidence is taken out and everything sealed again; `digests.txt` states its digest, and nothing"
        " says that it is withheld.",
        zip_of(gone, build(gone)),
        FAILED,
        [("evidence", DIGESTS)],
    )
    twin = "evidence/EX-001_twin.csv"
    twins = SAMPLE.plus(twin, DELIVERY, "evidence", "text/csv")
    vectors.add(
        "evidence-two-files",
        "A second file is called by EX-001, with the same bytes, and everything sealed again.",
        zip_of(twins, build(twins)),
        FAILED,
        [("evidence", EXHIBIT_FILE), ("evidence", f"data/{twin}")],
    )
    swapped = gone.plus("evidence/EX-002_delivery.csv", DELIVERY, "evidence", "text/csv")
    vectors.add(
        "evidence-other-number",
        "The evidence is called by the number of another exhibit.",
        zip_of(swapped, build(swapped)),
        FAILED,
        [("evidence", "data/evidence/EX-002_delivery.csv"), ("evidence", DIGESTS)],
    )


def withheld(vectors):
    for name, path in [("as-exhibit", "evidence/EX-002_names.csv"), ("renamed", "tables/table.csv")]:
        case = SAMPLE.plus(path, WITHHELD, "evidence", "text/csv")
        vectors.add(
            f"withheld-{name}",
            f"The exhibit that is withheld stands in the bundle as `{path}`.",
            zip_of(case, build(case)),
            FAILED,
            [("withheld", f"data/{path}")],
        )
    other = DIGEST_LINES[1].replace(sha256(WITHHELD), sha256(b"other"))
    for name, lines, done in [
        ("unstated", [], "`digests.txt` says nothing of the exhibit that is withheld."),
        ("other", [other], "`digests.txt` states another digest of the exhibit that is withheld."),
    ]:
        stated = "".join([DIGEST_LINES[0], *lines, *DIGEST_LINES[2:]]).encode()
        case = SAMPLE.plus("digests.txt", stated, "record")
        files = build(case)
        vectors.add(f"withheld-{name}", done, zip_of(case, files), FAILED, [("evidence", DIGESTS)])


def log(vectors):
    lines = custody(ENTRIES).splitlines(True)
    pinned = {"entries": 3, "head": sha256(lines[-1].removesuffix(b"\n"))}

    def of(name, done, data, *subjects, pin=pinned):
        """With the list's pin as it was, unless another one is given."""
        case = SAMPLE.plus(LOG, data, "case", "application/jsonl")
        files = build(case, list_=lambda value: value | {"custody": pin} if pin else value)
        checks = [("custody", subject) for subject in subjects]
        verdict = FAILED if checks else VERIFIED
        vectors.add(f"custody-{name}", done, zip_of(case, files), verdict, checks)

    def at(number):
        return f"{CUSTODY}:{number}"

    of("cut-start", "The first entry is cut off the custody log.", b"".join(lines[1:]), at(1), at(2), CUSTODY)
    of("cut-end", "The last entry is cut off the custody log.", b"".join(lines[:-1]), CUSTODY)
    of("cut-middle", "The second entry is cut out of the custody log.", lines[0] + lines[2], at(2), CUSTODY)
    of(
        "edited",
        "The second entry is edited.",
        lines[0] + lines[1].replace(b"01-06", b"01-05") + lines[2],
        at(3),
    )
    of(
        "edited-last",
        "The last entry is edited.",
        lines[0] + lines[1] + lines[2].replace(b"withheld", b"received"),
        CUSTODY,
    )
    edited = custody([ENTRIES[0], ENTRIES[1] | {"date": "2026-01-05"}, ENTRIES[2]])
    of("edited-chained", "The second entry is edited and the log chained anew.", edited, CUSTODY)
    of(
        "reordered",
        "The last two entries changed places.",
        lines[0] + lines[2] + lines[1],
        at(2),
        at(3),
        CUSTODY,
    )
    added = custody([*ENTRIES, {"date": "2026-01-08", "action": "received", "exhibit": "EX-001"}])
    of("extended", "A fourth entry follows.", added, CUSTODY)
    of(
        "pin-length",
        "The list says that there are 4 entries.",
        b"".join(lines),
        CUSTODY,
        pin=pinned | {"entries": 4},
    )
    of(
        "pin-head",
        "The list states another head.",
        b"".join(lines),
        CUSTODY,
        pin=pinned | {"head": sha256(b"")},
    )
    of("no-line-feed", "The last line does not end.", b"".join(lines).removesuffix(b"\n"), CUSTODY)
    of("empty-line", "An empty line follows the last entry.", b"".join(lines) + b"\n", at(4), CUSTODY)
    data, head = chained([1, 7, 3])
    of(
        "number",
        "The second entry has the number 7, and the log is chained anew.",
        data,
        at(2),
        pin=pinned | {"head": head},
    )
    twice = lines[0].replace(b'"action"', b'"action":"x","action"')
    of(
        "key-twice",
        "`action` stands twice in the only entry.",
        twice,
        at(1),
        pin={"entries": 1, "head": sha256(twice[:-1])},
    )
    data, head = chained([1, 2, 3], b"\r")
    of(
        "crlf",
        "Lines end in CR LF, and the log is chained and pinned so.",
        data,
        at(1),
        at(2),
        at(3),
        pin=pinned | {"head": head},
    )
    of(
        "shortened-everywhere",
        "The last entry is cut off, and the list pins the shorter log: another root, and nothing else to tell.",
        b"".join(lines[:-1]),
        pin={"entries": 2, "head": sha256(lines[1][:-1])},
    )
    unpinned = build(SAMPLE, list_=lambda value: {key: one for key, one in value.items() if key != "custody"})
    vectors.add(
        "custody-unpinned",
        "There is a custody log, and the list does not pin it.",
        zip_of(SAMPLE, unpinned),
        FAILED,
        [("custody", CUSTODY)],
    )


def chained(numbers, tail=b""):
    """The log with other numbers, or with something behind each line; and its head."""
    out, previous = b"", "0" * 64
    for number, entry in zip(numbers, ENTRIES, strict=True):
        line = (
            json.dumps({"number": number, "previous": previous, **entry}, separators=(",", ":")).encode()
            + tail
        )
        out += line + b"\n"
        previous = sha256(line)
    return out, previous
