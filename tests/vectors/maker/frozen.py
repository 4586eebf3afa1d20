"""What would be other bytes each time: keys, signatures, replies, zips of other programs.

They were made once and are kept in `frozen/`. With `--freeze` all of them are made anew, with new keys
that are thrown away at the end: no private key is kept anywhere.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from maker import der
from maker.bundle import sha256

CA = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign"
TSA = "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping"
LONG = ("20200101000000Z", "20991231235959Z")
EC = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
RSA = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]


class Frozen:
    def __init__(self, folder, anew):
        self.folder = Path(folder)
        self.anew = anew
        self.used = set()
        if anew:
            self.index = {}
            self.shop = Workshop()
        else:
            self.index = json.loads((self.folder / "index.json").read_text())

    def get(self, name, of, make):
        """The file of this name, made of these bytes."""
        self.used.add(name)
        path = self.folder / name
        if self.anew:
            data = make(self.shop)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            self.index[name] = sha256(of)
        elif self.index.get(name) != sha256(of):
            raise SystemExit(f"frozen/{name} was made of other bytes: run make.py --freeze")
        return path.read_bytes()

    def signature(self, name, message, key, *options, namespace="casefile"):
        make = lambda shop: shop.sign(message, key, namespace, *options)  # noqa: E731
        return self.get(f"{name}.sig", message + namespace.encode(), make)

    def stamp(self, name, info, signer, *options):
        make = lambda shop: der.reply(shop.token(info, signer, *options))  # noqa: E731
        return self.get(f"{name}.tsr", info, make)

    def public_key(self, name):
        return self.get(f"{name}.pub", b"", lambda shop: shop.public_key(name))

    def certificate(self, name):
        return self.get(f"{name}.pem", b"", lambda shop: shop.get(f"{name}.pem"))

    def close(self):
        """Keeps the index, and nothing that was not used."""
        if self.anew:
            text = json.dumps(dict(sorted(self.index.items())), indent=1)
            (self.folder / "index.json").write_text(text + "\n")
        for path in self.folder.rglob("*"):
            name = path.relative_to(self.folder).as_posix()
            if path.is_file() and name not in self.used | {"index.json"}:
                path.unlink()


class Workshop:
    """A folder with throw-away keys, gone at the end."""

    def __init__(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)
        for name, kind in [
            ("alice", ["-t", "ed25519"]),
            ("bob", ["-t", "ecdsa", "-b", "256"]),
            ("carol", ["-t", "rsa", "-b", "2048"]),
            ("mallory", ["-t", "ed25519"]),
            ("weak", ["-t", "rsa", "-b", "1024"]),
        ]:
            self.run("ssh-keygen", "-q", *kind, "-N", "", "-C", name, "-f", name)
        self.put("serial", b"01")
        self.certify("root", EC, "root", CA)
        self.certify("tsa", EC, "root", TSA)
        self.certify("rsa", RSA, "root", TSA)
        self.certify("between", EC, "root", CA)
        self.certify("below", EC, "between", TSA)
        self.certify("expired", EC, "root", TSA, ("20200101000000Z", "20201231235959Z"))
        self.certify("server", EC, "root", TSA.replace("timeStamping", "serverAuth"))
        self.certify("uncritical", EC, "root", TSA.replace("critical,timeStamping", "timeStamping"))
        self.certify("impostor", EC, "tsa", TSA)
        self.certify("other-root", EC, "other-root", CA)
        self.certify("other", EC, "other-root", TSA)

    def run(self, *arguments, data=b""):
        done = subprocess.run(arguments, cwd=self.folder, input=data, capture_output=True)
        if done.returncode:
            raise SystemExit(f"{' '.join(map(str, arguments))}\n{done.stderr.decode()}")
        return done.stdout

    def put(self, name, data):
        (self.folder / name).write_bytes(data)

    def get(self, name):
        return (self.folder / name).read_bytes()

    def public_key(self, name):
        return self.get(f"{name}.pub")

    def sign(self, message, key, namespace, *options):
        return self.run("ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", namespace, *options, data=message)

    def certify(self, name, kind, issuer, extensions, years=LONG):
        self.run("openssl", "genpkey", "-quiet", *kind, "-out", f"{name}.key")
        self.put("database", b"")
        self.put("database.attr", b"unique_subject = no\n")
        self.put(
            "ca.cnf",
            f"""[req]
distinguished_name = dn
[dn]
[ca]
default_ca = own
[own]
database = database
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
[any]
organizationName = optional
commonName = supplied
[ext]
{extensions}
""".encode(),
        )
        subject = f"/O=Vectors/CN={name}"
        common = ["-config", "ca.cnf"]
        self.run("openssl", "req", "-new", *common, "-key", f"{name}.key", "-subj", subject, "-out", "r.csr")
        issued = ["-selfsign"] if issuer == name else ["-cert", f"{issuer}.pem"]
        self.run(
            "openssl",
            "ca",
            "-batch",
            *common,
            "-notext",
            "-extensions",
            "ext",
            "-startdate",
            years[0],
            "-enddate",
            years[1],
            "-in",
            "r.csr",
            "-out",
            f"{name}.pem",
            "-keyfile",
            f"{issuer}.key",
            *issued,
        )

    def token(self, info, signer, *options):
        """This TSTInfo signed by whoever it be: also what an authority would refuse."""
        self.put("info.der", info)
        self.run(
            "openssl",
            "cms",
            "-sign",
            "-binary",
            "-nodetach",
            "-nosmimecap",
            "-cades",
            "-in",
            "info.der",
            "-outform",
            "DER",
            "-out",
            "token.der",
            "-econtent_type",
            "1.2.840.113549.1.9.16.1.4",
            "-signer",
            f"{signer}.pem",
            "-inkey",
            f"{signer}.key",
            *options,
        )
        return self.get("token.der")

    def authority(self, request):
        """The reply of openssl's own authority."""
        self.put("tsa-serial", b"01")
        self.put("q.tsq", request)
        self.put(
            "tsa.cnf",
            b"[tsa]\ndefault_tsa = own\n[own]\nserial = tsa-serial\nsigner_cert = tsa.pem\nsigner_key = tsa.key\n"
            b"signer_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256\naccuracy = secs:1\n"
            b"ordering = yes\ntsa_name = yes\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n",
        )
        self.run("openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "q.tsq", "-out", "r.tsr")
        return self.get("r.tsr")

    def pack(self, top, files, *command):
        """What a program makes of the unpacked folder; the zip is `out.zip`, or what it prints."""
        with tempfile.TemporaryDirectory() as folder:
            for path, data in files.items():
                place = Path(folder, top, path)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
            for place in sorted(Path(folder).rglob("*"), reverse=True):
                place.chmod(0o755 if place.is_dir() else 0o644)
                os.utime(place, (1772366400, 1772366400))
            done = subprocess.run(command, cwd=folder, capture_output=True, env={**os.environ, "TZ": "UTC"})
            if done.returncode:
                raise SystemExit(f"{command}\n{done.stderr.decode()}")
            out = Path(folder, "out.zip")
            return out.read_bytes() if out.exists() else done.stdout
