"""The cases that the vectors are made of. Nothing in them was ever measured."""

from maker.bundle import Case, custody, sha256

REPORT = b"<!doctype html><title>Vector</title><p>Nothing was measured.</p>\n\n"

#: The smallest bundle: a report and the digests that it prints.
SMALL = Case(
    id="small",
    version="1.0",
    title='A "small" bundle, n\u00e9e 2026',
    payload={
        "digests.txt": ("record", "text/plain", f"{sha256(b'case')}  case.toml\n".encode()),
        "report.html": ("report", "text/html", REPORT),
    },
)

DELIVERY = b"ad,impressions\na1,40\na2,60\n"
WITHHELD = b"name\nNobody\n"
STATISTICS = b'{"share":0.4}\n'
#: Its name is escaped differently in each of the places where it stands.
EXHIBIT = "evidence/EX-001_50% \u00e9.csv"

DIGEST_LINES = [
    f"{sha256(DELIVERY)}  EX-001\n",
    f"{sha256(WITHHELD)}  EX-002\n",
    f"{sha256(b'case')}  case.toml\n",
    f"{sha256(STATISTICS)}  statistics.json\n",
]
ENTRIES = [
    {"date": "2026-01-05", "action": "received", "exhibit": "EX-001"},
    {"date": "2026-01-06", "action": "received", "exhibit": "EX-002"},
    {"date": "2026-01-07", "action": "withheld", "exhibit": "EX-002"},
]
#: What the list says of the exhibit that is kept out.
KEPT_OUT = {
    "exhibit": "EX-002",
    "file": "names.csv",
    "bytes": len(WITHHELD),
    "sha256": sha256(WITHHELD),
    "reason": "names people",
}

#: Everything that the format knows: evidence, an exhibit that is withheld, a custody log, statistics.
SAMPLE = Case(
    id="sample",
    version="1.0",
    title="A bundle with evidence",
    publisher="Vectors of casefile",
    payload={
        "digests.txt": ("record", "text/plain", "".join(DIGEST_LINES).encode()),
        "report.html": ("report", "text/html", REPORT),
        "statistics.json": ("data", "application/json", STATISTICS),
        "case/custody.jsonl": ("case", "application/jsonl", custody(ENTRIES)),
        EXHIBIT: ("evidence", "text/csv", DELIVERY),
    },
    withheld=[KEPT_OUT],
)

#: The same for a court: with the exhibit, and correcting an earlier one.
FULL = SAMPLE.but(
    edition="full",
    withheld=[],
    supersedes={"sha256": sha256(b"an earlier root"), "correction": "A sum was wrong."},
).plus("evidence/EX-002_names.csv", WITHHELD, "evidence", "text/csv")
