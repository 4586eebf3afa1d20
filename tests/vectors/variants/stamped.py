"""Timestamps: of what, by whom, when, and with which certificates."""

import hashlib

from maker import der
from maker.bundle import TAGS, build
from maker.cases import SMALL
from maker.der import SHA_512
from maker.vectors import FAILED, NOT_CHECKED, VERIFIED, zip_of
from variants.manifests import FORGED
from variants.signed import SIGNERS

UNSIGNED = ("signature", "signatures/", NOT_CHECKED)
AUTHORITIES = "known/authorities.pem"
LARGE = 0x1122334455667788


def known(frozen):
    return {"authorities.pem": frozen.certificate("root").decode()}


def add(vectors, frozen):
    files = build(SMALL)
    digest = hashlib.sha256(files[TAGS]).digest()
    info = der.info(digest)

    def of(
        name,
        done,
        stamps,
        wrong=(),
        asked=True,
        file=None,
        bag=(),
        over=files,
        outcome="failed",
        signers=None,
        unsigned=(UNSIGNED,),
    ):
        seals = [("timestamp", f"timestamps/{one}", outcome) for one in wrong]
        if not any(one.endswith(".tsr") for one in stamps):
            seals = [("timestamp", "timestamps/", "failed" if asked else NOT_CHECKED)]
        added = {one if "/" in one else f"timestamps/{one}": data for one, data in stamps.items()}
        vectors.add(
            name,
            done,
            zip_of(SMALL, {**over, **added}),
            FAILED if bag or any(seal[2] == "failed" for seal in seals) else VERIFIED,
            [("bag", f"timestamps/{one}") for one in bag],
            sealed=[*unsigned, *seals],
            known={"authorities": AUTHORITIES if asked else None, "signers": signers},
            file=file,
        )

    def both(name, done, stamps, over=files):
        """A timestamp that is none, whoever is asked."""
        of(name, done, stamps, ["1.tsr"], over=over)
        of(
            f"{name}-nobody-asked",
            f"{done} No authorities are given.",
            stamps,
            ["1.tsr"],
            asked=False,
            file=f"{name}.zip",
            over=over,
        )

    def trusting(name, done, stamps):
        """A timestamp that fails when authorities are given, and cannot be checked without."""
        of(name, done, stamps, ["1.tsr"])
        of(
            f"{name}-nobody-asked",
            f"{done} No authorities are given.",
            stamps,
            ["1.tsr"],
            asked=False,
            file=f"{name}.zip",
            outcome=NOT_CHECKED,
        )

    good = frozen.stamp("tsa", info, "tsa")
    one = {"1.tsr": good}
    of("stamped", "Timestamped by an authority that is trusted.", one)
    of(
        "stamped-nobody-asked",
        "Timestamped, and no authorities are given.",
        one,
        ["1.tsr"],
        asked=False,
        file="stamped.zip",
        outcome=NOT_CHECKED,
    )
    of("unstamped-asked", "Not timestamped, and authorities are given.", {}, file="valid-small.zip")
    of("stamped-rsa", "Timestamped with RSA.", {"1.tsr": frozen.stamp("rsa", info, "rsa")})
    asked = der.request(digest, nonce=LARGE)
    reply = frozen.get("openssl.tsr", asked, lambda shop: shop.authority(asked))
    of(
        "stamped-request",
        "Timestamped by openssl's authority, with the request beside it.",
        {"1.tsr": reply, "1.tsq": asked},
    )
    bare = frozen.stamp("tsa-bare", info, "tsa", "-nocerts")
    of(
        "stamped-pem",
        "The authority's certificate is in `1.pem`, and not in the reply.",
        {"1.tsr": bare, "1.pem": frozen.certificate("tsa")},
    )
    of(
        "stamped-with-changes",
        "The authority granted the request with changes (status 1).",
        {"1.tsr": good.replace(b"\x30\x03\x02\x01\x00", b"\x30\x03\x02\x01\x01", 1)},
    )
    trusting("stamped-no-certificate", "The authority's certificate is nowhere.", {"1.tsr": bare})
    below = frozen.stamp("below", info, "below", "-certfile", "between.pem")
    of(
        "stamped-chain",
        "A certificate between the authority and the one that is trusted is in the reply.",
        {"1.tsr": below},
    )
    broken = frozen.stamp("below-alone", info, "below")
    trusting(
        "stamped-chain-broken",
        "A certificate between the authority and the one that is trusted is nowhere.",
        {"1.tsr": broken},
    )
    impostor = frozen.stamp("impostor", info, "impostor", "-certfile", "tsa.pem")
    trusting(
        "stamped-impostor", "The authority is certified by one that may not certify.", {"1.tsr": impostor}
    )
    foreign = frozen.stamp("foreign", info, "other")
    trusting("stamped-foreign", "Timestamped by an authority that is not trusted.", {"1.tsr": foreign})
    of(
        "stamped-twice",
        "Timestamped by two authorities, of which one is not trusted.",
        {"1.tsr": good, "2.tsr": foreign},
        ["2.tsr"],
    )

    elsewhere = der.info(hashlib.sha256(b"another file").digest())
    both(
        "stamped-other-file",
        "A timestamp of another file.",
        {"1.tsr": frozen.stamp("other-file", elsewhere, "tsa")},
    )
    both(
        "stamped-old",
        "The report is forged, everything sealed again, the old timestamp kept.",
        one,
        over=build(FORGED),
    )
    both(
        "stamped-pem-text",
        "The authority's certificate is in `1.pem`, and a line of text before it.",
        {"1.tsr": bare, "1.pem": b"subject=tsa\n" + frozen.certificate("tsa")},
    )
    long = der.info(hashlib.sha512(files[TAGS]).digest(), SHA_512)
    both(
        "stamped-sha512", "A timestamp over a SHA-512 digest.", {"1.tsr": frozen.stamp("sha512", long, "tsa")}
    )
    both(
        "stamped-expired",
        "The authority's certificate had expired at the time stated.",
        {"1.tsr": frozen.stamp("expired", info, "expired")},
    )
    early = der.info(digest, time="20191231235959Z")
    both(
        "stamped-early",
        "The authority's certificate was not yet valid at the time stated.",
        {"1.tsr": frozen.stamp("early", early, "tsa")},
    )
    both(
        "stamped-usage",
        "The certificate is one of a web server.",
        {"1.tsr": frozen.stamp("server", info, "server")},
    )
    both(
        "stamped-usage-not-critical",
        "The certificate does not say critically that it is for timestamps.",
        {"1.tsr": frozen.stamp("uncritical", info, "uncritical")},
    )
    rejected = der.reply(b"", status=2)
    both("stamped-rejected", "The authority refused.", {"1.tsr": rejected})
    both(
        "stamped-rejected-token",
        "The authority refused, and a token stands there all the same.",
        {"1.tsr": good.replace(b"\x30\x03\x02\x01\x00", b"\x30\x03\x02\x01\x02", 1)},
    )
    both(
        "stamped-nonce",
        "The request beside it has another nonce.",
        {"1.tsr": reply, "1.tsq": der.request(digest, nonce=LARGE + 1)},
    )
    both(
        "stamped-no-nonce",
        "The request beside it has a nonce, the reply none.",
        {"1.tsr": good, "1.tsq": asked},
    )
    both(
        "stamped-nonce-not-asked",
        "The request beside it has no nonce, the reply one.",
        {"1.tsr": reply, "1.tsq": der.request(digest)},
    )
    both(
        "stamped-policy",
        "The request beside it asks for another policy.",
        {"1.tsr": good, "1.tsq": der.request(digest, policy="1.2.3.4.2")},
    )
    both(
        "stamped-other-request",
        "The request beside it is for another file.",
        {"1.tsr": good, "1.tsq": der.request(hashlib.sha256(b"another file").digest())},
    )
    both(
        "stamped-time-altered",
        "The year in the timestamp is altered.",
        {"1.tsr": good.replace(b"20260301120000Z", b"20250301120000Z")},
    )
    both(
        "stamped-signature-altered",
        "The last bit of the signature is flipped.",
        {"1.tsr": good[:-1] + bytes([good[-1] ^ 1])},
    )
    both("stamped-tail", "A byte follows the reply.", {"1.tsr": good + b"\0"})
    both("stamped-empty", "The reply is an empty file.", {"1.tsr": b""})
    of("stamped-request-alone", "A request, and no reply.", {"1.tsq": asked}, asked=False, bag=["1.tsq"])
    of("stamped-gap", "The only timestamp is called `2.tsr`.", {"2.tsr": good}, bag=["2.tsr"])
    of(
        "signed-and-stamped",
        "Signed and timestamped by those who are trusted.",
        {"1.tsr": good, "signatures/1.sig": frozen.signature("alice", files[TAGS], "alice")},
        signers=SIGNERS,
        unsigned=(),
    )
