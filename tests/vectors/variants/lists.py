"""`casefile.json`, sealed again each time, so that it alone is wrong or contradicts the others."""

import json

from maker.bundle import CRATE, DIGESTS, INFO, LIST, PACKAGE, build, pretty, sha256
from maker.cases import REPORT as REPORT_BYTES
from maker.cases import SMALL
from maker.vectors import FAILED, without_list, zip_of

REPORT = "data/report.html"


def line(text, part):
    """The line of the list in which something stands first."""
    return f"{LIST}:{text[: text.index(part)].count(chr(10)) + 1}"


def add(vectors):
    plain = build(SMALL)[LIST].decode()

    def text(name, done, edit, checks):
        files = build(SMALL, list_text=edit)
        vectors.add(f"list-{name}", f"`{LIST}`: {done}.", zip_of(SMALL, files), FAILED, checks)

    def value(name, done, edit, checks):
        text(name, done, lambda text: pretty(edit(json.loads(text))), checks)

    def form(name, done, edit, at):
        text(name, done, edit, [("list", at)])

    unreadable = [("list", LIST), *without_list()]
    form(
        "compact",
        "without spaces and lines",
        lambda text: json.dumps(json.loads(text), ensure_ascii=False) + "\n",
        f"{LIST}:1",
    )
    form(
        "indent",
        "with four spaces of indent",
        lambda text: json.dumps(json.loads(text), ensure_ascii=False, indent=4) + "\n",
        f"{LIST}:2",
    )
    form("order-of-keys", "`version` before `id`", swap_id, line(plain, '"id"'))
    form(
        "escaped",
        "an accent is written as `\\u00e9`",
        lambda text: text.replace("\u00e9", "\\u00e9"),
        line(plain, '"title"'),
    )
    form("no-line-feed", "no line feed at the end", lambda text: text[:-1], f"{LIST}:{plain.count(chr(10))}")
    form("crlf", "lines end in CR LF", lambda text: text.replace("\n", "\r\n"), f"{LIST}:1")
    form("capitals", "a digest in capitals", capitals, line(plain, '"evidence"'))
    form(
        "null",
        "`publisher` is null instead of absent",
        lambda text: text.replace('  "date"', '  "publisher": null,\n  "date"'),
        line(plain, '"date"'),
    )
    text(
        "unknown-key",
        "a key `note` that the format does not know",
        lambda text: text.replace('  "id"', '  "note": "x",\n  "id"'),
        unreadable,
    )
    text(
        "key-twice",
        "`title` stands there twice",
        lambda text: text.replace('  "title"', '  "title": "Other",\n  "title"'),
        unreadable,
    )
    text(
        "file-key-twice",
        "`bytes` of a file stands there twice",
        lambda text: text.replace('      "bytes"', '      "bytes": 1,\n      "bytes"', 1),
        unreadable,
    )
    text(
        "no-title",
        "without the title",
        lambda text: "".join(line for line in text.splitlines(True) if '"title"' not in line),
        unreadable,
    )
    text("torn", "ends in the middle", lambda text: text[: len(text) // 2], unreadable)
    text("tail", "a second object follows", lambda text: text + "{}\n", unreadable)
    text("mark", "a byte order mark before it", lambda text: "\ufeff" + text, unreadable)
    text("not-utf8", "an accent in Latin-1", lambda text: text.encode("latin-1"), unreadable)
    text(
        "number-as-text",
        "the bytes of a file are a text",
        lambda text: text.replace(f'"bytes": {len(REPORT_BYTES)}', f'"bytes": "{len(REPORT_BYTES)}"'),
        unreadable,
    )
    text(
        "version-1",
        "format version 1",
        lambda text: text.replace('"casefile": 2', '"casefile": 1'),
        unreadable,
    )
    text(
        "version-3",
        "format version 3",
        lambda text: text.replace('"casefile": 2', '"casefile": 3'),
        unreadable,
    )
    text(
        "edition-unknown",
        "an edition `secret`",
        lambda text: text.replace('"public"', '"secret"'),
        unreadable,
    )
    text(
        "algorithm",
        "digests are SHA-1, as `sha1:` and 40 digits",
        lambda text: text.replace(sha256(REPORT_BYTES), "sha1:" + "0" * 40),
        unreadable,
    )
    text(
        "prefix",
        "a digest is written `sha256:...`",
        lambda text: text.replace(sha256(REPORT_BYTES), "sha256:" + sha256(REPORT_BYTES)),
        [("list", line(plain, sha256(REPORT_BYTES)))],
    )

    value("order-of-files", "the first two files changed places", swap_files, [("list", LIST)])
    value(
        "role", "the report has a role `secret`", set_file("report.html", role="secret"), [("list", REPORT)]
    )
    value(
        "bytes",
        "the report is said to have one byte more",
        set_file("report.html", bytes=len(REPORT_BYTES) + 1),
        [("list", REPORT)],
    )
    value(
        "digest",
        "another digest of the report",
        set_file("report.html", sha256=sha256(b"")),
        [("list", REPORT)],
    )
    value(
        "media-type",
        "the report is said to be plain text",
        set_file("report.html", media_type="text/plain"),
        [("ro-crate", REPORT), ("data-package", REPORT)],
    )
    value(
        "file-missing",
        "the report is not listed",
        drop("report.html"),
        [
            # Then crate and package speak of a file that is none of the bundle's.
            ("list", REPORT),
            ("ro-crate", "data/report.html (as written)"),
            ("data-package", REPORT),
        ],
    )
    value(
        "file-extra",
        "a file that there is not is listed",
        add_file,
        [
            ("list", "data/zzz.txt"),
            ("ro-crate", "data/zzz.txt"),
            ("data-package", "data/zzz.txt"),
        ],
    )
    value("file-twice", "the report is listed twice", twice, [("list", REPORT), ("list", LIST)])
    value(
        "evidence",
        "another digest of `digests.txt` as `evidence`",
        set_to(evidence=sha256(b"")),
        [("evidence", DIGESTS), ("bag-info", INFO)],
    )
    value(
        "custody-without-log",
        "states a custody log, and there is none",
        set_to(custody={"entries": 1, "head": sha256(b"")}, order=True),
        [("custody", "data/case/custody.jsonl")],
    )
    short = SMALL.but(date="2026-2-3")
    vectors.add(
        "list-date",
        "The date is `2026-2-3` everywhere.",
        zip_of(short, build(short)),
        FAILED,
        [("list", LIST)],
    )
    hidden = SMALL.but(id=".small")
    vectors.add(
        "list-id",
        "The id is `.small` everywhere, and so is the folder.",
        zip_of(hidden, build(hidden)),
        FAILED,
        [("list", LIST)],
    )
    vectors.add(
        "list-title",
        "The title differs from that in crate, package and bag-info.txt.",
        zip_of(SMALL, build(SMALL, list_=set_to(title="Another title"))),
        FAILED,
        [("ro-crate", CRATE), ("data-package", PACKAGE), ("bag-info", INFO)],
    )


def swap_id(text):
    lines = text.splitlines(True)
    at = next(index for index, one in enumerate(lines) if one.startswith('  "id"'))
    return "".join([*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]])


def capitals(text):
    at = text.index('"evidence": "') + len('"evidence": "')
    return text[:at] + text[at : at + 64].upper() + text[at + 64 :]


def swap_files(value):
    value["files"][0], value["files"][1] = value["files"][1], value["files"][0]
    return value


def set_file(path, **changes):
    def edit(value):
        next(file for file in value["files"] if file["path"] == path).update(changes)
        return value

    return edit


def set_to(order=False, **changes):
    def edit(value):
        if not order:
            return value | changes
        # A new key stands where the format has it: behind `evidence`.
        out = {}
        for key, old in value.items():
            out[key] = old
            if key == "evidence":
                out |= changes
        return out

    return edit


def drop(path):
    def edit(value):
        value["files"] = [file for file in value["files"] if file["path"] != path]
        return value

    return edit


def add_file(value):
    value["files"].append(
        {"path": "zzz.txt", "role": "data", "media_type": "text/plain", "bytes": 1, "sha256": sha256(b"z")}
    )
    return value


def twice(value):
    at = next(index for index, file in enumerate(value["files"]) if file["path"] == "report.html")
    value["files"].insert(at, value["files"][at])
    return value
