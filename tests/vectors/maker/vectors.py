"""The vectors: what was done, and what a verifier must say to it by the format."""

import io
import zipfile

from maker import bundle
from maker.container import Zip, entries, pack

VERIFIED, INTACT, FAILED = "verified", "contents-intact", "failed"
NOT_CHECKED, REBUILT = "not-checked", "rebuilt"

#: Stands for the name of the vector's file.
THE_ZIP = None

#: Nobody signed and nobody was asked, and nobody is trusted.
UNSEALED = [("signature", "signatures/", NOT_CHECKED), ("timestamp", "timestamps/", NOT_CHECKED)]


class Vectors:
    """Collects the vectors of all modules."""

    def __init__(self):
        self.list = []
        self.files = {}

    def add(self, name, done, data, verdict, checks=(), sealed=UNSEALED, known=None, file=None):
        """One vector. `checks` are those that do not pass: (check, subject[, outcome]), failed where no
        outcome is given; `sealed` are those of signatures and timestamps; `file` names the zip of
        another vector, which is judged here by somebody who knows something else."""
        data = data.bytes if isinstance(data, Zip) else data
        file = file or f"{name}.zip"
        assert self.files.setdefault(file, data) == data, name
        assert all(vector["name"] != name for vector in self.list), name
        checks = [check if len(check) == 3 else (*check, "failed") for check in [*checks, *sealed]]
        if verdict == INTACT:
            checks.append(("container", THE_ZIP, REBUILT))
        checks = [(check, file if subject is THE_ZIP else subject, out) for check, subject, out in checks]
        outcomes = {outcome for _, _, outcome in checks}
        by_checks = FAILED if "failed" in outcomes else INTACT if REBUILT in outcomes else VERIFIED
        assert verdict == by_checks, f"{name}: {verdict}, by its checks {by_checks}"
        self.list.append(
            {
                "name": name,
                "file": file,
                "sha256": bundle.sha256(data),
                "done": done,
                "known": {"signers": None, "authorities": None} | (known or {}),
                "verdict": verdict,
                "root": None if verdict == FAILED else root_of(data),
                "checks": [
                    {"name": name, "subject": subject, "outcome": outcome}
                    for name, subject, outcome in sorted(set(checks))
                ],
            }
        )


def root_of(data):
    """The root of a bundle in which nothing is wrong, read with Python's own reader of zips."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        name = next(name for name in packed.namelist() if name.endswith("/" + bundle.TAGS))
        return bundle.sha256(packed.read(name))


def zip_of(case, files):
    """The container that the format determines."""
    return pack(entries(case.top, files))


# What fails when something is done to one file of the payload that the crate and the package describe,
# and nothing else knows of it. A file about whose bytes there is doubt counts as missing.


def altered(path):
    checks = ["payload-manifest", "checksums", "list", "ro-crate", "data-package"]
    return [(check, path) for check in checks]


def missing(path):
    return [*unknown(path), ("bag-info", bundle.INFO)]


def extra(path):
    """A readable file that no list knows."""
    return [*unknown(path), ("bag-info", bundle.INFO)]


def unknown(path):
    """A file that no list knows, or that is not there: only the size of the payload tells the two apart."""
    return [(check, path) for check in ["payload-manifest", "checksums", "list"]]


def altered_tag(path):
    """The same of a file that stands beside `data/`."""
    return [("tag-manifest", path), ("checksums", path)]


def altered_list(path):
    """The same of one of the lists, which crate and package do not describe."""
    return [(check, path) for check in ["payload-manifest", "checksums", "list"]]


def without_list():
    """What cannot be checked without a list that can be read."""
    return [
        ("ro-crate", bundle.CRATE, NOT_CHECKED),
        ("data-package", bundle.PACKAGE, NOT_CHECKED),
        ("bag-info", bundle.INFO, NOT_CHECKED),
        ("evidence", bundle.DIGESTS, NOT_CHECKED),
        ("custody", bundle.CUSTODY, NOT_CHECKED),
        ("withheld", bundle.LIST, NOT_CHECKED),
    ]
