"""Writes the files of a bundle: a second implementation of sections 1 to 7 of the format.

Each `edit` of `build` is applied where its file is made, before what is computed from it: an edited
crate is listed and sealed as it is. What is changed in the result is not sealed again.
"""

import hashlib
import json
from dataclasses import dataclass, field, replace
from urllib.parse import quote

LIST = "data/casefile.json"
CRATE = "data/ro-crate-metadata.json"
PACKAGE = "data/datapackage.json"
DIGESTS = "data/digests.txt"
CUSTODY = "data/case/custody.jsonl"
INFO = "bag-info.txt"
BAGIT = "bagit.txt"
MANIFEST = "manifest-sha256.txt"
SUMS = "SHA256SUMS"
TAGS = "tagmanifest-sha256.txt"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


@dataclass
class Case:
    """What a bundle is made of. `payload` has, by the path in `data/`: role, media type, bytes."""

    id: str
    version: str
    title: str
    payload: dict
    edition: str = "public"
    publisher: str = None
    date: str = "2026-02-03"
    software: str = "vectors 1"
    supersedes: dict = None
    withheld: list = field(default_factory=list)

    @property
    def top(self):
        return f"{self.id}-{self.version}" + ("-full" if self.edition == "full" else "")

    def but(self, **changes):
        """The case with other properties."""
        return replace(self, **changes)

    def plus(self, path, data, role="data", media_type="text/plain"):
        """The case with one more file, or with another one in its place."""
        return self.but(payload={**self.payload, path: (role, media_type, data)})

    def bytes(self, path):
        return self.payload[path][2]


def in_byte_order(paths):
    return sorted(paths, key=lambda path: path.encode())


def pretty(value):
    """Section 2: Python escapes exactly what the format wants escaped, and so writes the form itself."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def compact(value):
    """Crate and package may be spaced as one likes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def same(value):
    return value


def crate_id(path):
    return quote(path, safe="-._~/")


def crate(case):
    """Section 3."""
    paths = in_byte_order(case.payload)
    entities = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.3"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": case.title,
            "description": "A test vector: nothing in it was ever measured.",
            "license": {"@id": "#license"},
            "version": case.version,
            "datePublished": case.date,
            "identifier": case.top,
            "hasPart": [{"@id": crate_id(path)} for path in paths],
        },
        {"@id": "#license", "@type": "CreativeWork", "name": "CC0-1.0"},
    ]
    for path in paths:
        _, media_type, data = case.payload[path]
        entities.append(
            {
                "@id": crate_id(path),
                "@type": "File",
                "contentSize": str(len(data)),
                "encodingFormat": media_type,
                "sha256": sha256(data),
            }
        )
    return {"@context": "https://w3id.org/ro/crate/1.3/context", "@graph": entities}


def package(case):
    """Section 4."""
    resources = [
        {
            "name": f"file-{number}",
            "type": "file",
            "path": path,
            "mediatype": case.payload[path][1],
            "bytes": len(case.payload[path][2]),
            "hash": "sha256:" + sha256(case.payload[path][2]),
        }
        for number, path in enumerate(in_byte_order(case.payload), 1)
    ]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "id": case.top,
        "title": case.title,
        "version": case.version,
        "created": f"{case.date}T00:00:00Z",
        "resources": resources,
    }


def the_list(case, described):
    """Section 2; `described` has the bytes of crate and package."""
    files = dict(case.payload)
    for path, data in described.items():
        files[path] = ("record", "application/json", data)
    out = {
        "casefile": 2,
        "software": case.software,
        "id": case.id,
        "version": case.version,
        "edition": case.edition,
        "title": case.title,
        "publisher": case.publisher,
        "date": case.date,
        "evidence": sha256(case.bytes("digests.txt")),
        "custody": None,
        "supersedes": case.supersedes,
    }
    log = case.payload.get("case/custody.jsonl")
    if log:
        lines = log[2].removesuffix(b"\n").split(b"\n")
        out["custody"] = {"entries": len(lines), "head": sha256(lines[-1])}
    out = {key: value for key, value in out.items() if value is not None}
    out["files"] = [
        {
            "path": path,
            "role": files[path][0],
            "media_type": files[path][1],
            "bytes": len(files[path][2]),
            "sha256": sha256(files[path][2]),
        }
        for path in in_byte_order(files)
    ]
    out["withheld"] = case.withheld
    return out


def custody(entries):
    """Section 7: the log of these entries, chained."""
    lines, previous = [], "0" * 64
    for number, entry in enumerate(entries, 1):
        line = json.dumps({"number": number, "previous": previous, **entry}, separators=(",", ":")).encode()
        lines.append(line + b"\n")
        previous = sha256(line)
    return b"".join(lines)


def bag_info(case, files):
    """Section 5."""
    payload = [data for path, data in files.items() if path.startswith("data/")]
    headers = [("Source-Organization", case.publisher)] if case.publisher else []
    headers += [
        ("External-Identifier", case.top),
        ("External-Description", " ".join(case.title.split())),
        ("Bagging-Date", case.date),
        ("Bag-Software-Agent", case.software),
        ("Payload-Oxum", f"{sum(map(len, payload))}.{len(payload)}"),
        ("Casefile-Edition", case.edition),
        ("Casefile-Evidence-Digest", "sha256:" + sha256(case.bytes("digests.txt"))),
    ]
    return "".join(f"{label}: {value}\n" for label, value in headers)


def manifest(files, percent, covers):
    """Section 1."""
    escape = (lambda path: path.replace("%", "%25")) if percent else same
    return "".join(
        f"{sha256(files[path])}  {escape(path)}\n" for path in in_byte_order(files) if covers(path)
    )


def payload_manifest(files):
    return manifest(files, True, lambda path: path.startswith("data/"))


def sums(files):
    return manifest(files, False, lambda path: path not in (SUMS, TAGS))


def tags(files):
    return manifest(files, True, lambda path: not path.startswith("data/") and path != TAGS)


def seal(files, manifest=same, sums_=same, tags_=same):
    """Writes the three manifests anew for the files as they are."""
    files = {path: data for path, data in files.items() if path not in (MANIFEST, SUMS, TAGS)}
    files[MANIFEST] = manifest(payload_manifest(files)).encode()
    files[SUMS] = sums_(sums(files)).encode()
    files[TAGS] = tags_(tags(files)).encode()
    return files


def build(
    case,
    crate_=same,
    crate_text=same,
    package_=same,
    package_text=same,
    list_=same,
    list_text=same,
    bagit=same,
    info=same,
    manifest=same,
    sums=same,
    tags=same,
    before_sealing=same,
):
    """All files of the bundle, by their path in the top folder."""
    files = {f"data/{path}": data for path, (_, _, data) in case.payload.items()}
    described = {
        "ro-crate-metadata.json": crate_text(compact(crate_(crate(case)))).encode(),
        "datapackage.json": package_text(compact(package_(package(case)))).encode(),
    }
    files |= {f"data/{path}": data for path, data in described.items()}
    listed = list_text(pretty(list_(the_list(case, described))))
    files[LIST] = listed if isinstance(listed, bytes) else listed.encode()
    files[BAGIT] = bagit("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n").encode()
    files[INFO] = info(bag_info(case, files)).encode()
    return seal(before_sealing(files), manifest, sums, tags)
