#!/usr/bin/env python3
"""Recomputes the counts and shares of this bundle from its raw files, without casefile.

    python3 recompute.py            what agrees, what differs, what cannot be checked here
    python3 recompute.py --list     every estimate with its verdict
    python3 recompute.py --json     the same as JSON

Needs DuckDB (pip install duckdb) and Python's standard library. First the digests of the raw files are
compared with those that the bundle states; then recompute.sql, which stands beside this script, counts
again and sets each result beside statistics.json. Files that DuckDB does not read by itself (workbooks,
other encodings, archives) are turned into tables here. Nothing is written and no connection is opened.

Exit code: 0 all agree, 1 some differ or a digest is wrong, 2 it could not run.
"""

import csv
import datetime
import decimal
import hashlib
import io
import json
import os
import re
import sys
import xml.etree.ElementTree as xml
import zipfile

FOLDER = os.path.dirname(os.path.abspath(__file__))
MARK = "-- == The files that DuckDB does not read by itself are prepared here by recompute.py. =="
# A file that claims to be larger unpacked is not read: it may be made to exhaust memory.
LARGEST_PART = 1 << 30


class CannotRun(Exception):
    """Why nothing can be said."""


def read(path):
    """The bytes of a file of the bundle."""
    try:
        with open(os.path.join(FOLDER, *path.split("/")), "rb") as file:
            return file.read()
    except OSError as error:
        raise CannotRun(f"{path} cannot be read: {error.strerror}") from error


def plain(text):
    """Text that shows what it holds: no control character reaches the terminal."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in str(text))


# --- Digests ----------------------------------------------------------------------------------


def faults():
    """What does not have the digest that the bundle states, as sentences; and how many were compared."""
    found, compared = [], 0
    stated = {}
    for line in read("digests.txt").decode().splitlines():
        digest, _, name = line.partition("  ")
        stated[name] = digest
    if hashlib.sha256(read("statistics.json")).hexdigest() != stated.get("statistics.json"):
        found.append("statistics.json does not have the digest that digests.txt states")
    folder = os.path.join(FOLDER, "evidence")
    if not os.path.isdir(folder) and not os.path.exists(os.path.join(FOLDER, "casefile.json")):
        raise CannotRun("the raw files stand in the bundle: unpack the zip and run this script in its folder data/")
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    for name in names:
        exhibit = name.split("_", 1)[0]
        digest = hashlib.sha256(read(f"evidence/{name}")).hexdigest()
        compared += 1
        # A copy without access tokens has a digest of its own.
        own = {stated.get(exhibit), stated.get(f"{exhibit} without access tokens")}
        if digest not in own:
            found.append(f"evidence/{name} does not have the digest that digests.txt states")
    if os.path.exists(os.path.join(FOLDER, "casefile.json")):
        listing = json.loads(read("casefile.json"))
        if hashlib.sha256(read("digests.txt")).hexdigest() != listing.get("evidence"):
            found.append("digests.txt does not have the digest that casefile.json states")
        for entry in listing.get("files", []):
            path, digest = entry.get("path"), entry.get("sha256")
            if path not in ("recompute.sql", "recompute.py") and not path.startswith(("evidence/", "tables/")):
                continue
            if not os.path.exists(os.path.join(FOLDER, *path.split("/"))):
                found.append(f"{path} is missing")
            elif hashlib.sha256(read(path)).hexdigest() != digest:
                found.append(f"{path} does not have the digest that casefile.json states")
    return found, compared


# --- Files that DuckDB does not read by itself ---------------------------------------------------


def windows(data):
    """Windows-1252 as browsers read it: bytes without a letter are the control characters of that number."""
    return "".join(chr(b) if b in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([b]).decode("cp1252") for b in data)


def decode(data):
    """Text by its byte order mark, else UTF-8, else Windows-1252."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return windows(data)


def delimited(text, delimiter):
    """Rows of cells."""
    csv.field_size_limit(1 << 30)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or ",", quotechar='"', doublequote=True)
    return [row for row in rows if row]


def member(archive, name):
    """A part of a zip container, unless it is unreasonably large."""
    info = archive.getinfo(name)
    if info.file_size > LARGEST_PART:
        raise CannotRun(f"a part of {info.file_size} bytes is not unpacked")
    return archive.read(info)


def local(element):
    return element.tag.rsplit("}", 1)[-1]


def shown(element):
    """The text of a string of a workbook, without the reading aids of Japanese."""
    parts = []
    for child in element:
        if local(child) == "t":
            parts.append(child.text or "")
        elif local(child) == "r":
            parts.extend(t.text or "" for t in child if local(t) == "t")
    return "".join(parts)


# Number formats of ECMA-376, 18.8.30, that are dates or times; others are told by their letters.
DATES = set(range(14, 23)) | {27, 30, 36, 45, 46, 47, 50, 57}


def date_styles(archive):
    """Which cell formats are dates, and which are durations."""
    if "xl/styles.xml" not in archive.namelist():
        return set(), set()
    root = xml.fromstring(member(archive, "xl/styles.xml"))
    written = {}
    for element in root.iter():
        if local(element) == "numFmt":
            written[int(element.get("numFmtId"))] = element.get("formatCode", "")
    dates, durations = set(), set()
    for group in root:
        if local(group) != "cellXfs":
            continue
        for index, style in enumerate(group):
            number = int(style.get("numFmtId", "0"))
            code = re.sub(r'"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]', "", written.get(number, "").lower())
            if re.search(r"\[(h+|m+|s+)\]", code) or number == 46:
                durations.add(index)
            if number in DATES or (number in written and re.search(r"[ymdhs]", code.split(";")[0])):
                dates.add(index)
    return dates, durations


def number_text(text, is_date, is_duration, since_1904):
    """A number of a workbook as text: a date, a time of day, or plain digits."""
    value = float(text)
    if not is_date:
        return format(decimal.Decimal(repr(value)), "f").removesuffix(".0")
    if is_duration or value < 1:
        seconds = round(value * 86400)
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    start = datetime.datetime(1904, 1, 1) if since_1904 else datetime.datetime(1899, 12, 30)
    at = start + datetime.timedelta(milliseconds=round(value * 86400000))
    at = at.replace(microsecond=0)
    return str(at.date()) if at.time() == datetime.time() else str(at)


def column(reference):
    """Place of a column from its letters, from 0."""
    place = 0
    for letter in re.match(r"[A-Z]*", reference).group():
        place = place * 26 + ord(letter) - 64
    return place - 1


def workbook(data, sheet):
    """Rows of cells of one sheet."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    strings = []
    if "xl/sharedStrings.xml" in archive.namelist():
        strings = [shown(item) for item in xml.fromstring(member(archive, "xl/sharedStrings.xml")) if local(item) == "si"]
    dates, durations = date_styles(archive)
    book = xml.fromstring(member(archive, "xl/workbook.xml"))
    since_1904 = any(local(e) == "workbookPr" and e.get("date1904") in ("1", "true") for e in book)
    targets = {e.get("Id"): e.get("Target") for e in xml.fromstring(member(archive, "xl/_rels/workbook.xml.rels"))}
    sheets = [e for e in book.iter() if local(e) == "sheet"]
    wanted = [e for e in sheets if e.get("name") == sheet] or sheets[:1]
    identifier = next(value for key, value in wanted[0].attrib.items() if key.endswith("}id"))
    target = targets[identifier]
    path = target.lstrip("/") if target.startswith("/") else "xl/" + target
    rows = []
    for row in xml.fromstring(member(archive, path)).iter():
        if local(row) != "row":
            continue
        cells = []
        for cell in row:
            if local(cell) != "c":
                continue
            place = column(cell.get("r", "")) if cell.get("r") else len(cells)
            kind, style = cell.get("t", "n"), int(cell.get("s", "0"))
            value = next((e.text or "" for e in cell if local(e) == "v"), None)
            if kind == "inlineStr":
                value = "".join(shown(e) for e in cell if local(e) == "is")
            elif value is not None and kind == "s":
                value = strings[int(value)]
            elif value is not None and kind == "b":
                value = "yes" if value == "1" else "no"
            elif value is not None and kind == "n":
                value = number_text(value, style in dates, style in durations, since_1904)
            if value is None or place < 0 or place >= 1024:
                continue
            cells.extend([""] * (place + 1 - len(cells)))
            cells[place] = value
        if any(cell.strip() for cell in cells):
            rows.append(cells)
    return rows


def table(path, form, delimiter, sheet):
    """Rows of cells of a raw file."""
    data = read(path)
    if form == "workbook":
        return workbook(data, sheet)
    if form == "archive":
        archive = zipfile.ZipFile(io.BytesIO(data))
        return delimited(decode(member(archive, sheet)), delimiter)
    return delimited(windows(data) if form == "cp1252" else decode(data), delimiter)


# --- The SQL -------------------------------------------------------------------------------------


def connect():
    """A database in memory that reads the folder of this script and reaches nothing else."""
    try:
        import duckdb
    except ImportError as error:
        raise CannotRun("DuckDB for Python is not installed: pip install duckdb") from error
    connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
    os.chdir(FOLDER)
    connection.execute("SET temp_directory = ''")
    # Relative to this folder, as the SQL writes them.
    connection.execute("SET allowed_directories = ['evidence/', 'tables/']")
    connection.execute("SET allowed_paths = ['statistics.json']")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


# Statements that count. Others, such as COPY and ATTACH, could write, and do not stand in recompute.sql.
COUNTING = {"SELECT", "CREATE", "INSERT", "UPDATE", "DELETE", "SET", "VARIABLE_SET"}


def run(connection, sql):
    """Runs statements that write nothing but tables in memory."""
    for statement in connection.extract_statements(sql):
        if statement.type.name not in COUNTING:
            raise CannotRun(f"recompute.sql holds a statement of the kind {statement.type.name}")
        connection.execute(statement)


def recompute():
    """A row for each estimate."""
    sql = read("recompute.sql").decode()
    first, mark, second = sql.partition(MARK)
    if not mark:
        raise CannotRun("recompute.sql is not the file that belongs to this script")
    connection = connect()
    run(connection, first)
    for exhibit, path, form, delimiter, sheet, width in connection.execute("FROM prepared").fetchall():
        names = [f"c{index}" for index in range(1, width + 1)]
        name = f"cells_{int(exhibit)}"
        connection.execute(f"CREATE TEMP TABLE {name} (n BIGINT, {', '.join(column + ' VARCHAR' for column in names)})")
        rows = [(cells + [None] * width)[:width] for cells in table(path, form, delimiter, sheet)]
        values = ", ".join(["unnest(?::BIGINT[])"] + ["unnest(?::VARCHAR[])"] * width)
        for start in range(0, len(rows), 10000):
            part = rows[start:start + 10000]
            numbers = list(range(start + 1, start + 1 + len(part)))
            connection.execute(f"INSERT INTO {name} SELECT {values}", [numbers, *map(list, zip(*part))])
    run(connection, second)
    result = connection.execute("FROM verdicts ORDER BY id")
    names = [column[0] for column in result.description]
    return [dict(zip(names, row)) for row in result.fetchall()]


def differing(verdict):
    """Both values, for those parts that differ."""
    parts = []
    names = ["", "_k", "_n"] + (["_low", "_high"] if verdict["ends"] else [])
    for name in names:
        stated, own = verdict[f"reported{name}"], verdict[f"recomputed{name}"]
        if stated != own:
            parts.append(f"{name.strip('_') or 'value'}: reported {stated}, recomputed {own}")
    return "; ".join(parts) or "no raw row gives it"


def main(arguments):
    if any(argument not in ("--list", "--json") for argument in arguments):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    wrong, compared = faults()
    if any(fault.startswith("recompute.sql ") for fault in wrong):
        # What somebody put in its place is not run.
        for fault in wrong:
            print(plain(f"digest: {fault}"))
        print("recompute.sql is not the one that the bundle lists, so it was not run.")
        return 1
    verdicts = recompute()
    counts, reasons = {}, {}
    for verdict in verdicts:
        key = (verdict["verdict"], verdict["basis"])
        counts[key] = counts.get(key, 0) + 1
        if verdict["verdict"] == "not checkable":
            reasons[verdict["reason"]] = reasons.get(verdict["reason"], 0) + 1
    raw, published = counts.get(("agrees", "raw"), 0), counts.get(("agrees", "published"), 0)
    differ = [verdict for verdict in verdicts if verdict["verdict"] == "differs"]
    if raw + published + len(differ) + sum(reasons.values()) != len(verdicts):
        raise CannotRun("an estimate has no verdict")
    if "--json" in arguments:
        print(json.dumps({"files_compared": compared, "digest_faults": wrong, "estimates": verdicts}, indent=1))
        return 1 if wrong or differ else 0
    if "--list" in arguments:
        for verdict in verdicts:
            print(plain(f"{verdict['verdict']:13} {verdict['id']}"))
    for fault in wrong:
        print(plain(f"digest: {fault}"))
    if not wrong:
        print(f"{compared} raw files have the digests that the bundle states.")
    print(f"Of {len(verdicts)} estimates, {raw} were recomputed from raw rows and agree.")
    if published:
        print(f"{published} agree with the published tables of evidence whose raw rows are withheld.")
    print(f"{len(differ)} differ{':' if differ else '.'}")
    for verdict in differ:
        print(plain(f"  {verdict['id']}  {differing(verdict)}"))
    print(f"{sum(reasons.values())} are not checkable here{':' if reasons else '.'}")
    for reason, count in sorted(reasons.items()):
        print(plain(f"  {count}  {reason}"))
    return 1 if wrong or differ else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except CannotRun as error:
        print(f"could not run: {plain(error)}", file=sys.stderr)
        sys.exit(2)
    except Exception as error:  # Whatever else went wrong, nothing was verified.
        print(f"could not run: {plain(type(error).__name__)}: {plain(error)}", file=sys.stderr)
        sys.exit(2)
