//! A throw-away time-stamp authority made with openssl: its keys live as long as the test.

use super::tools::{must, run};
use std::path::Path;

/// Extensions of a certificate.
pub const CA: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign";
pub const CA_ABOVE_NONE: &str =
    "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign";
pub const TSA: &str = "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping";

/// Arguments of `openssl genpkey`.
pub const RSA: &[&str] = &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
pub const P_256: &[&str] = &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
pub const P_384: &[&str] = &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"];

/// Years in which a certificate is valid that has nothing to do with the test.
pub const LONG: (&str, &str) = ("20200101000000Z", "20991231235959Z");

/// A folder in which openssl works: `<name>.key`, `<name>.pem`.
pub struct Workshop {
    folder: tempfile::TempDir,
}

impl Workshop {
    /// Root `root` and authority `tsa`, with keys of these kinds.
    pub fn new(root: &[&str], tsa: &[&str]) -> Workshop {
        let shop = Workshop::empty();
        shop.certify("root", root, "root", CA, LONG);
        shop.certify("tsa", tsa, "root", TSA, LONG);
        shop
    }

    pub fn empty() -> Workshop {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("serial"), "01").unwrap();
        std::fs::write(folder.path().join("tsa-serial"), "01").unwrap();
        Workshop { folder }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path().join(name), bytes).unwrap();
    }

    pub fn get(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path().join(name)).unwrap()
    }

    pub fn openssl(&self, arguments: &[&str]) -> String {
        must(self.path(), "openssl", arguments, b"")
    }

    /// A key and its certificate by `issuer`, which may be itself.
    pub fn certify(
        &self,
        name: &str,
        key: &[&str],
        issuer: &str,
        extensions: &str,
        years: (&str, &str),
    ) {
        let key_file = format!("{name}.key");
        let out = ["-out", &key_file];
        self.openssl(&[&["genpkey", "-quiet"], key, &out].concat());
        self.certify_again(name, issuer, extensions, years);
    }

    /// Another certificate for a key that is there.
    pub fn certify_again(
        &self,
        name: &str,
        issuer: &str,
        extensions: &str,
        (from, until): (&str, &str),
    ) {
        let (key_file, request) = (format!("{name}.key"), format!("{name}.csr"));
        self.put("database", "");
        self.put("database.attr", "unique_subject = no\n");
        self.put(
            "ca.cnf",
            format!(
                "[req]\ndistinguished_name = dn\n[dn]\n[ca]\ndefault_ca = own\n[own]\ndatabase = database\nserial = serial\nnew_certs_dir = .\ndefault_md = sha256\npolicy = any\n[any]\norganizationName = optional\ncommonName = supplied\n[ext]\n{extensions}\n"
            ),
        );
        let subject = format!("/O=Test/CN={name}");
        self.openssl(&[
            "req", "-new", "-config", "ca.cnf", "-key", &key_file, "-subj", &subject, "-out",
            &request,
        ]);
        let mut arguments = vec![
            "ca",
            "-batch",
            "-config",
            "ca.cnf",
            "-notext",
            "-extensions",
            "ext",
            "-startdate",
            from,
            "-enddate",
            until,
            "-in",
            &request,
        ];
        let (certificate, issuer_key, issuer_certificate) = (
            format!("{name}.pem"),
            format!("{issuer}.key"),
            format!("{issuer}.pem"),
        );
        arguments.extend(["-out", &certificate, "-keyfile", &issuer_key]);
        if issuer == name {
            arguments.push("-selfsign");
        } else {
            arguments.extend(["-cert", &issuer_certificate]);
        }
        self.openssl(&arguments);
    }

    /// The reply of `signer`, with lines of configuration that override the usual ones.
    pub fn reply(&self, signer: &str, request: &[u8], more: &str) -> Vec<u8> {
        self.put("q.tsq", request);
        self.put(
            "tsa.cnf",
            format!(
                "[tsa]\ndefault_tsa = own\n[own]\nserial = tsa-serial\nsigner_cert = {signer}.pem\nsigner_key = {signer}.key\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256, sha512\naccuracy = secs:1\nordering = yes\ntsa_name = yes\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n{more}\n"
            ),
        );
        self.openssl(&[
            "ts",
            "-reply",
            "-config",
            "tsa.cnf",
            "-queryfile",
            "q.tsq",
            "-out",
            "r.tsr",
        ]);
        self.get("r.tsr")
    }

    /// What openssl says to a reply over a message.
    pub fn verifies(&self, reply: &[u8], message: &[u8], more: &[&str]) -> (bool, String) {
        self.put("v.tsr", reply);
        self.put("v.dat", message);
        let arguments = ["ts", "-verify", "-in", "v.tsr", "-data", "v.dat", "-CAfile"];
        run(
            self.path(),
            "openssl",
            &[&arguments[..], &["root.pem"], more].concat(),
            b"",
        )
    }

    /// The TSTInfo in a reply.
    pub fn info(&self, reply: &[u8]) -> Vec<u8> {
        self.put("i.tsr", reply);
        self.openssl(&["ts", "-reply", "-in", "i.tsr", "-token_out", "-out", "i.p7"]);
        self.openssl(&[
            "cms",
            "-verify",
            "-noverify",
            "-inform",
            "DER",
            "-in",
            "i.p7",
            "-out",
            "i.der",
        ]);
        self.get("i.der")
    }

    /// A granted reply with this TSTInfo, signed by whoever it be: what openssl's own authority
    /// would refuse to make.
    pub fn forge(&self, info: &[u8], signer: &str, more: &[&str]) -> Vec<u8> {
        self.put("f.der", info);
        let (certificate, key) = (format!("{signer}.pem"), format!("{signer}.key"));
        let arguments = [
            "cms",
            "-sign",
            "-binary",
            "-nodetach",
            "-nosmimecap",
            "-cades",
            "-in",
            "f.der",
            "-outform",
            "DER",
            "-out",
            "f.p7",
            "-econtent_type",
            "1.2.840.113549.1.9.16.1.4",
            "-signer",
            &certificate,
            "-inkey",
            &key,
        ];
        self.openssl(&[&arguments, more].concat());
        granted(&self.get("f.p7"))
    }
}

/// A token in a TimeStampResp with the status 0.
pub fn granted(token: &[u8]) -> Vec<u8> {
    der(0x30, &[&der(0x30, &[2, 1, 0])[..], token].concat())
}

/// Tag, length, content.
pub fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let head = match length {
        0..0x80 => vec![tag, length as u8],
        0x80..0x100 => vec![tag, 0x81, length as u8],
        _ => vec![tag, 0x82, (length >> 8) as u8, length as u8],
    };
    [head, content.to_vec()].concat()
}
