"""Bundles in which nothing is wrong."""

from maker.bundle import build, sha256
from maker.cases import FULL, SAMPLE, SMALL
from maker.vectors import VERIFIED, zip_of


def add(vectors):
    for case, done in [
        (SMALL, "Nothing: the smallest bundle, a report and the digests that it prints."),
        (SAMPLE, "Nothing: a bundle with evidence, an exhibit withheld, statistics and a custody log."),
        (FULL, "Nothing: the full edition of it, which corrects an earlier bundle."),
    ]:
        name = f"valid-{case.id}" + ("-full" if case.edition == "full" else "")
        vectors.add(name, done, zip_of(case, build(case)), VERIFIED)

    typed = build(SMALL, crate_=lambda crate: retype(crate))
    vectors.add(
        "valid-two-types",
        "Nothing: the report has two types in the crate, `File` among them.",
        zip_of(SMALL, typed),
        VERIFIED,
    )
    spaced = build(
        SMALL,
        crate_text=lambda text: text.replace('","', '" ,\n\t"'),
        package_=lambda package: dict(reversed(package.items())),
    )
    vectors.add(
        "valid-spaced",
        "Nothing: crate and package, whose form is free, are spaced and ordered otherwise.",
        zip_of(SMALL, spaced),
        VERIFIED,
    )
    tokens = SAMPLE.bytes("digests.txt").replace(b"EX-001\n", b"EX-001 without access tokens\n")
    tokens = SAMPLE.plus("digests.txt", tokens, "record")
    vectors.add(
        "valid-without-tokens",
        "Nothing: the digest of an exhibit is stated as `EX-001 without access tokens`.",
        zip_of(tokens, build(tokens)),
        VERIFIED,
    )
    both = SAMPLE.bytes("digests.txt").replace(
        b"EX-001\n", b"EX-001 without access tokens\n" + sha256(b"received").encode() + b"  EX-001\n"
    )
    both = SAMPLE.plus("digests.txt", both, "record")
    vectors.add(
        "valid-both-digests",
        "Nothing: an exhibit has one digest as it was received, and one without access tokens.",
        zip_of(both, build(both)),
        VERIFIED,
    )
    longest = "tables/" + "a" * (255 - len("small-1.0/data/tables/"))
    long = SMALL.plus(longest, b"long\n")
    vectors.add(
        "valid-path-255",
        "Nothing: a path has 255 bytes, the top folder included.",
        zip_of(long, build(long)),
        VERIFIED,
    )
    for name, one, two, what in [
        ("normal-forms", "caf\u00e9.txt", "cafe\u0301.txt", "differ only in how an accent is composed"),
        ("foldings", "stra\u00dfe.txt", "strasse.txt", "are one in case folding, and two in lower case"),
    ]:
        twins = SMALL.plus(one, b"one\n").plus(two, b"two\n")
        vectors.add(
            f"valid-two-{name}",
            f"Nothing that the format forbids: two names {what}.",
            zip_of(twins, build(twins)),
            VERIFIED,
        )


def retype(crate):
    entity = next(entity for entity in crate["@graph"] if entity["@id"] == "report.html")
    entity["@type"] = ["File", "DigitalDocument"]
    return crate
