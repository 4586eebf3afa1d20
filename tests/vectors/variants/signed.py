"""Signatures: by whom, of what, in which form, and who is asked for."""

import base64

from maker.bundle import MANIFEST, TAGS, build
from maker.cases import SMALL
from maker.vectors import FAILED, NOT_CHECKED, VERIFIED, zip_of
from variants.manifests import FORGED

UNSTAMPED = ("timestamp", "timestamps/", NOT_CHECKED)
SIGNERS = "known/allowed_signers"
LIMITED = "known/limited_signers"


def known(frozen):
    """The files of those who are trusted."""

    def line(name, options=""):
        return f"{name}@example.org {options}{frozen.public_key(name).decode().rsplit(' ', 1)[0]}\n"

    own = 'namespaces="casefile" '
    return {
        "allowed_signers": "# Throw-away keys of the test vectors.\n"
        + line("alice", own)
        + line("bob", own)
        + line("carol", own),
        "limited_signers": line("alice", 'namespaces="casefile",valid-before="20300101" ')
        + line("bob", 'namespaces="git" ')
        + line("carol", 'cert-authority,namespaces="casefile" '),
    }


def body(signature):
    """The bytes in the armour."""
    return base64.b64decode(b"".join(signature.splitlines()[1:-1]))


def armour(data):
    text = base64.b64encode(data)
    lines = [text[at : at + 70] for at in range(0, len(text), 70)]
    return b"\n".join([b"-----BEGIN SSH SIGNATURE-----", *lines, b"-----END SSH SIGNATURE-----", b""])


def add(vectors, frozen):
    files = build(SMALL)
    root = files[TAGS]
    alice, bob, carol, mallory, weak = (
        frozen.signature(name, root, name) for name in ("alice", "bob", "carol", "mallory", "weak")
    )

    def of(
        name, done, signatures, wrong=(), signers=SIGNERS, file=None, bag=(), over=files, outcome="failed"
    ):
        """Vector with these signatures, by the name of their file; `wrong` are those that do not pass."""
        seals = [("signature", f"signatures/{one}", outcome) for one in wrong]
        if not any(one.endswith(".sig") for one in signatures):
            seals = [("signature", "signatures/", "failed" if signers else NOT_CHECKED)]
        added = {f"signatures/{one}": data for one, data in signatures.items()}
        vectors.add(
            name,
            done,
            zip_of(SMALL, {**over, **added}),
            FAILED if bag or any(seal[2] == "failed" for seal in seals) else VERIFIED,
            [("bag", f"signatures/{one}") for one in bag],
            sealed=[*seals, UNSTAMPED],
            known={"signers": signers},
            file=file,
        )

    def both(name, done, signature, over=files):
        """A signature that is none, whoever is asked."""
        of(f"{name}", done, {"1.sig": signature}, ["1.sig"], over=over)
        of(
            f"{name}-nobody-asked",
            f"{done} No signers are given.",
            {"1.sig": signature},
            ["1.sig"],
            signers=None,
            file=f"{name}.zip",
            over=over,
        )

    one = {"1.sig": alice}
    of("signed", "Signed with Ed25519 by one of the signers.", one)
    of(
        "signed-nobody-asked",
        "Signed, and no signers are given.",
        one,
        ["1.sig"],
        signers=None,
        file="signed.zip",
        outcome=NOT_CHECKED,
    )
    of("unsigned-asked", "Not signed, and signers are given.", {}, file="valid-small.zip")
    of("signed-ecdsa", "Signed with ECDSA by one of the signers.", {"1.sig": bob})
    of("signed-rsa", "Signed with RSA by one of the signers.", {"1.sig": carol})
    sha256 = frozen.signature("alice-sha256", root, "alice", "-O", "hashalg=sha256")
    of("signed-sha256", "Signed over a SHA-256 digest.", {"1.sig": sha256})
    of("countersigned", "Signed by two of the signers.", {"1.sig": alice, "2.sig": bob})
    of("signed-foreign", "Signed by a stranger.", {"1.sig": mallory}, ["1.sig"])
    of(
        "signed-foreign-nobody-asked",
        "Signed by a stranger, and no signers are given.",
        {"1.sig": mallory},
        ["1.sig"],
        signers=None,
        file="signed-foreign.zip",
        outcome=NOT_CHECKED,
    )
    of(
        "signed-stranger-beside",
        "Signed by one of the signers and by a stranger.",
        {"1.sig": alice, "2.sig": mallory},
        ["2.sig"],
    )
    of(
        "signed-limited-time",
        "Signed by a signer whose entry is for a time only.",
        one,
        ["1.sig"],
        signers=LIMITED,
        file="signed.zip",
    )
    of(
        "signed-limited-namespace",
        "Signed by a signer whose entry is for another namespace.",
        {"1.sig": bob},
        ["1.sig"],
        signers=LIMITED,
        file="signed-ecdsa.zip",
    )
    of(
        "signed-limited-authority",
        "Signed by a signer whose entry is that of an authority.",
        {"1.sig": carol},
        ["1.sig"],
        signers=LIMITED,
        file="signed-rsa.zip",
    )
    forged = bytearray(body(alice))
    forged[-1] ^= 1
    both("signed-forged", "A bit of the signature is flipped.", armour(bytes(forged)))
    replaced = body(mallory)[:10] + body(alice)[10:66] + body(mallory)[66:]
    both(
        "signed-key-replaced",
        "A stranger's signature with the key of one of the signers put in.",
        armour(replaced),
    )
    other = frozen.signature("alice-file", root, "alice", namespace="file")
    both("signed-namespace", "Signed in the namespace `file`.", other)
    both(
        "signed-old",
        "The report is forged, everything sealed again, the old signature kept.",
        alice,
        over=build(FORGED),
    )
    manifest = frozen.signature("alice-manifest", files[MANIFEST], "alice")
    both("signed-manifest", f"`{MANIFEST}` is signed, and not `{TAGS}`.", manifest)
    both("signed-rsa-1024", "Signed with RSA and 1024 bits.", weak)
    both("signed-binary", "The signature is not armoured.", body(alice))
    both("signed-empty", "The signature is an empty file.", b"")
    both("signed-crlf", "The lines of the signature end in CR LF.", alice.replace(b"\n", b"\r\n"))
    both("signed-text-behind", "A line of text follows the signature.", alice + b"text\n")
    both("signed-cut", "The signature is cut in the middle.", alice[: len(alice) // 2])
    of("signed-gap", "The only signature is called `2.sig`.", {"2.sig": alice}, bag=["2.sig"])
    of(
        "signed-gap-between",
        "The two signatures are called `1.sig` and `3.sig`.",
        {"1.sig": alice, "3.sig": bob},
        bag=["3.sig"],
    )
    of("signed-zero", "The signature is called `01.sig`.", {"01.sig": alice}, bag=["01.sig"])
    of(
        "signed-stray",
        "`signatures/note.txt` beside the signature.",
        {"1.sig": alice, "note.txt": b"x\n"},
        bag=["note.txt"],
    )
    of(
        "signed-stray-alone",
        "`signatures/note.txt` and no signature.",
        {"note.txt": b"x\n"},
        bag=["note.txt"],
        signers=None,
    )
