"""What the makers of the synthetic sample cases share: draws, tables, the files of a case."""

import csv
import hashlib
import io
import json
import math
import pathlib
import random
import sys


class Chance:
    """Reproducible draws: `random.Random(seed).random()`, which Python keeps stable."""

    def __init__(self, seed):
        self.random = random.Random(seed).random

    def between(self, low, high):
        return low + (high - low) * self.random()

    def whole(self, low, high):
        """A whole number from `low` to `high`, both included."""
        return low + int(self.random() * (high - low + 1))

    def pick(self, items):
        return items[self.whole(0, len(items) - 1)]

    def shuffled(self, items):
        items = list(items)
        for last in range(len(items) - 1, 0, -1):
            other = self.whole(0, last)
            items[last], items[other] = items[other], items[last]
        return items


def split(total, weights):
    """Whole parts of `total` in proportion to `weights`, by the largest remainder."""
    whole = math.fsum(weights)  # exact; the built-in sum differs between versions of Python
    exact = [total * weight / whole for weight in weights]
    parts = [int(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def plain_csv(header, rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()


def statements_csv(statements):
    return plain_csv("id,source,role,date,asked,asked_on,quote,reference".split(","), statements)


def custody(files, provenance):
    """The hash-chained log: each line holds the digest of the line before."""
    lines, previous = [], "0" * 64
    order = sorted(files, key=lambda file: (provenance(file)[0], file))
    for place, file in enumerate(order, 1):
        on, by, origin, how = provenance(file)
        entry = {"number": place, "action": "add", "file": f"evidence/{file}", "bytes": len(files[file]),
                 "sha256": sha256(files[file]), "on": on, "by": by, "from": origin, "how": how,
                 "previous": previous}  # fmt: skip
        line = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
        previous = sha256(line.encode())
        lines.append(line + "\n")
    return "".join(lines).encode()


def write_case(name, contents, provenance):
    """Writes evidence and custody log into the folder of the command line, else beside this file.
    `provenance` gives the date, by whom, from where and how of each file. A text is UTF-8."""
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent / name
    files = {file: text if isinstance(text, bytes) else text.encode() for file, text in contents.items()}
    for file, data in files.items():
        path = folder / "evidence" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (folder / "custody.jsonl").write_bytes(custody(files, provenance))
