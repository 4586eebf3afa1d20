"""Manifests and headers of the bag: edited alone, or consistently in some of the standards."""

import hashlib

from maker.bundle import (
    BAGIT,
    CRATE,
    INFO,
    LIST,
    MANIFEST,
    PACKAGE,
    SUMS,
    TAGS,
    build,
    crate,
    package,
    seal,
    sha256,
)
from maker.cases import EXHIBIT, SAMPLE, SMALL
from maker.vectors import FAILED, VERIFIED, zip_of

REPORT = "data/report.html"
EXHIBIT_FILE = f"data/{EXHIBIT}"
FORGED = SMALL.plus(
    "report.html", b"<!doctype html><title>Vector</title><p>Forged: 99 percent.</p>\n", "report", "text/html"
)


def line_of(text, path):
    """The number and the text of the line of a path."""
    return next(
        (number, line) for number, line in enumerate(text.splitlines(), 1) if line.endswith("  " + path)
    )


def add(vectors):
    standards(vectors)
    payload(vectors)
    others(vectors)
    headers(vectors)


def standards(vectors):
    """The report is forged, and its digest edited in some of the places that state it."""
    old, new = build(SMALL), build(FORGED)

    def of(name, done, files, checks):
        vectors.add(f"forged-{name}", f"The report is forged; {done}.", zip_of(SMALL, files), FAILED, checks)

    def mixed(*paths, sealed):
        files = {**old, REPORT: new[REPORT], **{path: new[path] for path in paths}}
        return seal(files) if sealed else files

    def bag(*paths):
        return [(check, path) for check in ("payload-manifest", "checksums") for path in paths]

    def listed(*paths):
        return [("list", path) for path in paths]

    in_crate, in_package, oxum = ("ro-crate", REPORT), ("data-package", REPORT), ("bag-info", INFO)
    of(
        "bag",
        "the manifests of the bag are edited",
        mixed(sealed=True),
        [*listed(REPORT), in_crate, in_package, oxum],
    )
    of(
        "crate",
        "the crate is edited",
        mixed(CRATE, sealed=False),
        [*bag(REPORT, CRATE), *listed(REPORT, CRATE), in_package, oxum],
    )
    of(
        "package",
        "the package is edited",
        mixed(PACKAGE, sealed=False),
        [*bag(REPORT, PACKAGE), *listed(REPORT, PACKAGE), in_crate, oxum],
    )
    of(
        "bag-crate",
        "bag and crate are edited",
        mixed(CRATE, INFO, sealed=True),
        [*listed(REPORT, CRATE), in_package],
    )
    of(
        "bag-package",
        "bag and package are edited",
        mixed(PACKAGE, INFO, sealed=True),
        [*listed(REPORT, PACKAGE), in_crate],
    )
    of(
        "crate-package",
        "crate and package are edited",
        mixed(CRATE, PACKAGE, sealed=False),
        [*bag(REPORT, CRATE, PACKAGE), *listed(REPORT, CRATE, PACKAGE), oxum],
    )
    of(
        "three",
        "bag, crate and package are edited, casefile.json is not",
        mixed(CRATE, PACKAGE, INFO, sealed=True),
        listed(REPORT, CRATE, PACKAGE),
    )
    of(
        "bag-list",
        "bag and casefile.json are edited, crate and package are not",
        build(FORGED, crate_=lambda _: crate(SMALL), package_=lambda _: package(SMALL)),
        [in_crate, in_package],
    )
    vectors.add(
        "forged-everywhere",
        "The report is forged, and every list and manifest made anew: a whole bundle, with another root. No"
        " check can tell; the published root, a signature or a timestamp can.",
        zip_of(FORGED, new),
        VERIFIED,
    )


def payload(vectors):
    """The manifest of the payload, with all that states its digest made anew."""

    def of(name, done, edit, checks, case=SMALL):
        files = build(case, manifest=edit)
        checks = [("payload-manifest", subject) for subject in checks]
        vectors.add(f"manifest-{name}", f"`{MANIFEST}`: {done}.", zip_of(case, files), FAILED, checks)

    text = build(SMALL)[MANIFEST].decode()
    number, line = line_of(text, REPORT)
    place = f"{MANIFEST}:{number}"
    escaped_number, _ = line_of(build(SAMPLE)[MANIFEST].decode(), EXHIBIT_FILE.replace("%", "%25"))
    lines = text.splitlines(keepends=True)
    of(
        "order",
        "the first two lines changed places",
        lambda _: "".join([lines[1], lines[0], *lines[2:]]),
        [f"{MANIFEST}:1"],
    )
    of(
        "upper-case",
        "a digest in capitals",
        lambda text: text.replace(line, line[:64].upper() + line[64:]),
        [place],
    )
    of("crlf", "a line ends in CR LF", lambda text: text.replace(line, line + "\r"), [REPORT, REPORT + "\r"])
    of(
        "one-space",
        "one space between digest and path",
        lambda text: text.replace("  " + REPORT, " " + REPORT),
        [place, REPORT],
    )
    of(
        "binary-mark",
        "` *` between digest and path",
        lambda text: text.replace("  " + REPORT, " *" + REPORT),
        [place, REPORT],
    )
    of(
        "twice",
        "a line stands there twice",
        lambda text: text.replace(line, f"{line}\n{line}"),
        [f"{MANIFEST}:{number + 1}"],
    )
    of("no-line-feed", "the last line does not end", lambda text: text[:-1], [f"{MANIFEST}:{len(lines)}"])
    of("empty-line", "an empty line at the end", lambda text: text + "\n", [f"{MANIFEST}:{len(lines) + 1}"])
    of(
        "mark",
        "a byte order mark before the first line",
        lambda text: "\ufeff" + text,
        [f"{MANIFEST}:1", LIST],
    )
    of(
        "percent",
        "a `%` is not escaped",
        lambda text: text.replace("%25", "%"),
        [f"{MANIFEST}:{escaped_number}", EXHIBIT_FILE],
        case=SAMPLE,
    )
    of(
        "covers",
        "a line for `bagit.txt`, which the other manifest covers",
        lambda text: text + f"{'0' * 64}  bagit.txt\n",
        [f"{MANIFEST}:{len(lines) + 1}"],
    )
    of(
        "line-missing",
        "the line of the report taken out",
        lambda text: text.replace(line + "\n", ""),
        [REPORT],
    )
    of(
        "line-extra",
        "a line for a file that there is not",
        lambda text: text + f"{'0' * 64}  data/zzz.txt\n",
        ["data/zzz.txt"],
    )


def others(vectors):
    """The other manifests, and those of other algorithms."""
    sums = build(SMALL, sums=lambda text: text.replace("\n", "\r\n", 1))
    vectors.add(
        "sums-crlf",
        f"`{SUMS}`: the first line ends in CR LF.",
        zip_of(SMALL, sums),
        FAILED,
        [("checksums", INFO), ("checksums", INFO + "\r")],
    )
    sums = build(SMALL, sums=lambda text: text + f"{'0' * 64}  {SUMS}\n")
    vectors.add(
        "sums-itself",
        f"`{SUMS}`: a line for itself.",
        zip_of(SMALL, sums),
        FAILED,
        [("checksums", f"{SUMS}:{len(sums[SUMS].splitlines())}")],
    )
    tags = build(SMALL, tags=lambda text: "".join(sorted(text.splitlines(True), reverse=True)))
    vectors.add(
        "tagmanifest-order",
        f"`{TAGS}`: the lines in another order.",
        zip_of(SMALL, tags),
        FAILED,
        [("tag-manifest", f"{TAGS}:1")],
    )
    tags = build(SMALL, tags=lambda text: text.replace(line_of(text, MANIFEST)[1] + "\n", ""))
    vectors.add(
        "tagmanifest-line-missing",
        f"`{TAGS}`: the line of `{MANIFEST}` taken out, so that the root does not stand for it.",
        zip_of(SMALL, tags),
        FAILED,
        [("tag-manifest", MANIFEST)],
    )
    files = build(SMALL)
    for algorithm, what in [("md5", "broken"), ("sha512", "stronger")]:
        payload = [path for path in sorted(files) if path.startswith("data/")]
        text = "".join(f"{hashlib.new(algorithm, files[path]).hexdigest()}  {path}\n" for path in payload)
        beside = f"manifest-{algorithm}.txt"
        more = seal({**files, beside: text.encode()})
        vectors.add(
            f"algorithm-{algorithm}-beside",
            f"`{beside}` added, right in every line, and everything sealed again.",
            zip_of(SMALL, more),
            FAILED,
            [("bag", beside)],
        )
        if algorithm == "md5":
            rest = {path: data for path, data in more.items() if path != MANIFEST}
            rest[SUMS] = "".join(
                line for line in rest[SUMS].decode().splitlines(True) if MANIFEST not in line
            ).encode()
            rest[TAGS] = more[TAGS]
            tag_lines = [line for line in more[TAGS].decode().splitlines(True) if "  " + MANIFEST not in line]
            tag_lines = [
                f"{sha256(rest[SUMS])}  {SUMS}\n" if line.endswith("  " + SUMS + "\n") else line
                for line in tag_lines
            ]
            rest[TAGS] = "".join(tag_lines).encode()
            vectors.add(
                "algorithm-md5-instead",
                f"`{MANIFEST}` replaced by `{beside}`, and everything sealed again.",
                zip_of(SMALL, rest),
                FAILED,
                [("bag", beside), ("payload-manifest", MANIFEST)],
            )


def headers(vectors):
    """`bagit.txt` and `bag-info.txt`, sealed again."""

    def info(name, done, edit, subject=INFO):
        files = build(SMALL, info=edit)
        vectors.add(
            f"bag-info-{name}", f"`{INFO}`: {done}.", zip_of(SMALL, files), FAILED, [("bag-info", subject)]
        )

    info("oxum", "one file more in `Payload-Oxum`", lambda text: text.replace(".5\n", ".6\n"))
    info("order", "the first two headers changed places", lambda text: swap(text), f"{INFO}:1")
    info("unknown", "a header `Contact-Name`", lambda text: text + "Contact-Name: Nobody\n")
    info(
        "twice",
        "`Bagging-Date` twice",
        lambda text: text.replace("Bagging", "Bagging-Date: 2020-01-01\nBagging"),
    )
    info("folded", "the title goes on in a folded line", lambda text: text.replace(" bundle", "\n bundle"))
    info("edition", "says that the edition is full", lambda text: text.replace(": public", ": full"))
    info(
        "missing",
        "`External-Identifier` taken out",
        lambda text: "".join(line for line in text.splitlines(True) if "Identifier" not in line),
    )
    for name, done, edit in [
        ("version", "BagIt 0.97", lambda text: text.replace("1.0", "0.97")),
        ("mark", "a byte order mark before the first line", lambda text: "\ufeff" + text),
    ]:
        files = build(SMALL, bagit=edit)
        vectors.add(
            f"bagit-{name}", f"`{BAGIT}`: {done}.", zip_of(SMALL, files), FAILED, [("bag", f"{BAGIT}:1")]
        )


def swap(text):
    lines = text.splitlines(True)
    return "".join([lines[1], lines[0], *lines[2:]])
