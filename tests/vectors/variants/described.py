"""RO-Crate and Data Package, sealed again each time, so that they alone are wrong."""

import hashlib

from maker.bundle import CRATE, PACKAGE, build, crate_id, sha256
from maker.cases import EXHIBIT, SAMPLE, SMALL
from maker.cases import REPORT as REPORT_BYTES
from maker.vectors import FAILED, VERIFIED, zip_of

REPORT = "data/report.html"


def add(vectors):
    crates(vectors)
    limits(vectors)
    packages(vectors)


def entity(crate, wanted):
    return next(one for one in crate["@graph"] if one["@id"] == wanted)


def crates(vectors):
    def of(name, done, edit, *subjects, case=SMALL):
        def changed(crate):
            edit(crate)
            return crate

        files = build(case, crate_=changed)
        checks = [("ro-crate", subject) for subject in subjects]
        vectors.add(f"crate-{name}", f"The crate: {done}.", zip_of(case, files), FAILED, checks)

    def report(**changes):
        return lambda crate: entity(crate, "report.html").update(changes)

    def root(**changes):
        return lambda crate: entity(crate, "./").update(changes)

    def more(*entities):
        return lambda crate: crate["@graph"].extend(entities)

    def without(wanted):
        def edit(crate):
            crate["@graph"] = [one for one in crate["@graph"] if one["@id"] != wanted]

        return edit

    parts = [{"@id": "digests.txt"}, {"@id": "report.html"}]
    file = {"@type": "File", "contentSize": "1", "sha256": sha256(b"x"), "encodingFormat": "text/plain"}
    of("size", "another size of the report", report(contentSize="67"), REPORT)
    of("size-number", "the size of the report is a number, not a text", report(contentSize=66), REPORT)
    of("digest", "another digest of the report", report(sha256=sha256(b"")), REPORT)
    of(
        "digest-capitals",
        "the digest of the report in capitals",
        report(sha256=sha256(REPORT_BYTES).upper()),
        REPORT,
    )
    of("media-type", "another media type of the report", report(encodingFormat="text/plain"), REPORT)
    of(
        "type",
        "the report has a type `ImageObject` and not `File`",
        report(**{"@type": "ImageObject"}),
        REPORT,
    )
    of("file-missing", "nothing is said of the report", without("report.html"), REPORT)
    of("file-twice", "the report is described twice", more({**file, "@id": "report.html"}), REPORT)
    of(
        "file-other",
        "a second description of the report, which is no `File`",
        more({"@id": "report.html", "@type": "CreativeWork", "sha256": sha256(b"")}),
        REPORT,
    )
    of(
        "file-other-dot",
        "the same as `./report.html`",
        more({"@id": "./report.html", "@type": "CreativeWork"}),
        REPORT,
    )
    of(
        "stranger",
        "a `File` that lies elsewhere",
        more({**file, "@id": "https://example.org/x"}),
        "data/https://example.org/x (as written)",
    )
    of("part-missing", "the report is not among the parts", root(hasPart=parts[:1]), REPORT)
    of("part-twice", "the report is twice among the parts", root(hasPart=[*parts, parts[1]]), REPORT)
    of(
        "part-extra",
        "a part that is no described file",
        root(hasPart=[*parts, {"@id": "casefile.json"}]),
        "data/casefile.json (as written)",
    )
    of(
        "part-described",
        "a part holds a description of its own",
        root(hasPart=[parts[0], {**parts[1], "sha256": sha256(b"")}]),
        CRATE,
    )
    of("name", "another title", root(name="Another title"), CRATE)
    of("version", "another version", root(version="2.0"), CRATE)
    of("date", "another date", root(datePublished="2020-01-01"), CRATE)
    of("identifier", "another identifier", root(identifier="other-1.0"), CRATE)
    of("no-root", "the root entity taken out", without("./"), CRATE)
    of("two-roots", "a second root entity", more({"@id": "./", "@type": "Dataset", "hasPart": []}), CRATE)
    of("no-descriptor", "the descriptor taken out", without("ro-crate-metadata.json"), CRATE)
    of(
        "two-descriptors",
        "a second descriptor, about another root",
        more({"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "#other"}}),
        CRATE,
    )
    of(
        "about",
        "the descriptor is about another root",
        lambda crate: entity(crate, "ro-crate-metadata.json").update(about={"@id": "#other"}),
        CRATE,
    )
    identifier = crate_id(EXHIBIT)
    raw = EXHIBIT
    of(
        "not-escaped",
        "the `@id` of the exhibit is not percent-encoded",
        lambda crate: entity(crate, identifier).update({"@id": raw}),
        f"data/{raw}",
        f"data/{raw} (as written)",
        case=SAMPLE,
    )
    for name, done, edit in [
        (
            "key-twice",
            "`sha256` of an entity stands there twice",
            lambda text: text.replace('"sha256"', f'"sha256":"{"0" * 64}","sha256"', 1),
        ),
        (
            "other-key-twice",
            "`description`, which is not compared, stands there twice",
            lambda text: text.replace('"description"', '"description":"x","description"'),
        ),
        ("torn", "it ends in the middle", lambda text: text[: len(text) // 2]),
        ("no-graph", "its `@graph` is called `graph`", lambda text: text.replace("@graph", "graph")),
    ]:
        files = build(SMALL, crate_text=edit)
        vectors.add(
            f"crate-{name}", f"The crate: {done}.", zip_of(SMALL, files), FAILED, [("ro-crate", CRATE)]
        )


#: More keys than an object may have; and, in an entity, a nesting of more than 127 objects and arrays.
KEYS, NESTED = 10_001, 125


def extended(keys, nested):
    """Adds to the crate an entity that says nothing: of so many keys, and with so many arrays in one another."""
    said = {"@id": "#said", **{f"key{number}": 0 for number in range(keys - 1)}}
    value = "x"
    for _ in range(nested):
        value = [value]
    return lambda crate: crate["@graph"].extend([said, {"@id": "#nested", "description": value}])


def limits(vectors):
    for name, done, keys, nested, verdict in [
        ("crate-keys", f"an entity has {KEYS} keys", KEYS, 1, FAILED),
        ("crate-nested", "an entity holds arrays in one another, 128 deep with what they stand in", 2, NESTED, FAILED),
        ("valid-limits", "an entity has 10000 keys, another arrays 127 deep", KEYS - 1, NESTED - 1, VERIFIED),
    ]:

        def changed(crate, keys=keys, nested=nested):
            extended(keys, nested)(crate)
            return crate

        wrong = [("ro-crate", CRATE)] if verdict == FAILED else []
        vectors.add(name, f"The crate: {done}.", zip_of(SMALL, build(SMALL, crate_=changed)), verdict, wrong)


def packages(vectors):
    def of(name, done, edit, subject):
        def changed(package):
            edit(package)
            return package

        files = build(SMALL, package_=changed)
        vectors.add(
            f"package-{name}",
            f"The package: {done}.",
            zip_of(SMALL, files),
            FAILED,
            [("data-package", subject)],
        )

    def report(**changes):
        return lambda package: package["resources"][1].update(changes)

    def hashed(algorithm):
        return report(hash=f"{algorithm}:{hashlib.new(algorithm, REPORT_BYTES).hexdigest()}")

    other = {
        "name": "x",
        "type": "file",
        "path": "zzz.txt",
        "mediatype": "text/plain",
        "bytes": 1,
        "hash": "sha256:" + sha256(b"x"),
    }
    of("digest", "another digest of the report", report(hash="sha256:" + sha256(b"")), REPORT)
    of("md5", "the right MD5 digest of the report instead", hashed("md5"), REPORT)
    of(
        "md5-bare",
        "the right MD5 digest of the report without a prefix, which means MD5",
        report(hash=hashlib.md5(REPORT_BYTES).hexdigest()),
        REPORT,
    )
    of("sha1", "the right SHA-1 digest of the report instead", hashed("sha1"), REPORT)
    of("sha512", "the right SHA-512 digest of the report instead", hashed("sha512"), REPORT)
    of("no-digest", "no digest of the report", lambda package: package["resources"][1].pop("hash"), REPORT)
    of("bytes", "another size of the report", report(bytes=67), REPORT)
    of("bytes-text", "the size of the report is a text, not a number", report(bytes="66"), REPORT)
    of("media-type", "another media type of the report", report(mediatype="text/plain"), REPORT)
    of("missing", "no resource for the report", lambda package: package["resources"].pop(1), REPORT)
    of(
        "extra",
        "a resource for a file that there is not",
        lambda package: package["resources"].append(other),
        "data/zzz.txt",
    )
    of(
        "twice",
        "two resources for the report",
        lambda package: package["resources"].append({**package["resources"][1], "name": "again"}),
        REPORT,
    )
    of("data", "the report's resource holds data of its own", report(data="<p>Other.</p>"), REPORT)
    of("title", "another title", lambda package: package.update(title="Another title"), PACKAGE)
    of("created", "another date", lambda package: package.update(created="2020-01-01T00:00:00Z"), PACKAGE)
    of("id", "another id", lambda package: package.update(id="other-1.0"), PACKAGE)
    files = build(SMALL, package_text=lambda text: text.replace('"title"', '"title":"Other","title"', 1))
    vectors.add(
        "package-key-twice",
        "The package: `title` stands there twice.",
        zip_of(SMALL, files),
        FAILED,
        [("data-package", PACKAGE)],
    )
