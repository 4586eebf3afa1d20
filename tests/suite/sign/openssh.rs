//! Signatures against the real ssh-keygen, both ways.

use crate::bundle::sample;
use casefile::sign::{Files, attach, message, sign};
use casefile::verify::signature::{Signed, Signers, check};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const MESSAGE: &[u8] = b"seal 1\nsha256 of everything\n\x00\xFF";

/// A folder of its own for a test, removed at its end: keys are made in it, and stay in it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

struct Key {
    path: PathBuf,
    private: Vec<u8>,
    /// Key type and base64, without the comment.
    public: String,
}

impl Key {
    fn load(path: PathBuf) -> Key {
        let public = fs::read_to_string(path.with_extension("pub")).unwrap();
        let words: Vec<&str> = public.split_whitespace().take(2).collect();
        Key {
            private: fs::read(&path).unwrap(),
            public: words.join(" "),
            path,
        }
    }

    /// As ssh-keygen prints it.
    fn fingerprint(&self) -> String {
        let out = Command::new("ssh-keygen")
            .arg("-lf")
            .arg(&self.path)
            .output()
            .unwrap();
        let text = String::from_utf8(out.stdout).unwrap();
        text.split(' ').nth(1).unwrap().to_owned()
    }
}

fn keygen(folder: &Folder, name: &str, options: &[&str]) -> Key {
    let path = folder.path(name);
    let passphrase: &[&str] = if options.contains(&"-N") {
        &[]
    } else {
        &["-N", ""]
    };
    let out = Command::new("ssh-keygen")
        .args(["-q", "-C", name, "-f"])
        .arg(&path)
        .args(options)
        .args(passphrase)
        .output()
        .unwrap();
    assert!(out.status.success(), "{out:?}");
    Key::load(path)
}

fn with_input(command: &mut Command, input: &[u8]) -> Output {
    use std::io::Write;
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // ssh-keygen may refuse before it has read its input.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn ssh_sign(key: &Path, namespace: &str, options: &[&str]) -> String {
    let out = with_input(
        Command::new("ssh-keygen")
            .args(["-Y", "sign", "-n", namespace, "-f"])
            .arg(key)
            .args(options),
        MESSAGE,
    );
    assert!(out.status.success(), "{out:?}");
    String::from_utf8(out.stdout).unwrap()
}

/// Whether ssh-keygen takes the signature as one of the principal's.
fn ssh_verify(folder: &Folder, signature: &str, list: &str, principal: &str) -> bool {
    let signature = folder.write("message.sig", signature);
    let list = folder.write("allowed", list);
    with_input(
        Command::new("ssh-keygen")
            .args(["-Y", "verify", "-n", "casefile", "-I", principal, "-f"])
            .arg(list)
            .arg("-s")
            .arg(signature),
        MESSAGE,
    )
    .status
    .success()
}

fn signers(text: &str) -> Signers {
    Signers::parse(text).unwrap()
}

fn code(result: casefile::error::Result<String>) -> &'static str {
    let error = result.unwrap_err();
    assert_eq!(error.problems.len(), 1);
    assert!(error.problems[0].hint.is_some(), "{error}");
    error.problems[0].code
}

fn not_reason(signed: Signed) -> String {
    match signed {
        Signed::Not { reason } => reason,
        other => panic!("{other:?}"),
    }
}

fn untrusted_reason(signed: Signed) -> String {
    match signed {
        Signed::Untrusted { reason, .. } => reason,
        other => panic!("{other:?}"),
    }
}

const KINDS: [(&str, &[&str]); 5] = [
    ("ed25519", &["-t", "ed25519"]),
    ("p256", &["-t", "ecdsa", "-b", "256"]),
    ("p384", &["-t", "ecdsa", "-b", "384"]),
    ("rsa2048", &["-t", "rsa", "-b", "2048"]),
    ("rsa3072", &["-t", "rsa", "-b", "3072"]),
];

/// The same numbers on every run.
struct Draws(u64);

impl Draws {
    fn new(seed: u64) -> Self {
        Draws(seed)
    }

    fn below(&mut self, end: usize) -> usize {
        // Knuth's MMIX constants; the upper bits are the better ones.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    /// The bytes with one to three changes: another byte, a bit, some lost, some doubled, cut.
    fn mutate(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(3) {
            if bytes.is_empty() {
                break;
            }
            let at = self.below(bytes.len());
            let end = (at + 1 + self.below(8)).min(bytes.len());
            match self.below(6) {
                0 => bytes[at] ^= 1 << self.below(8),
                1 => bytes[at] = u8::try_from(self.below(256)).unwrap(),
                2 => bytes[at] = [0, 0x7F, 0x80, 0x84, 0xFF][self.below(5)],
                3 => drop(bytes.drain(at..end)),
                4 => {
                    let part = bytes[at..end].to_vec();
                    bytes.splice(at..at, part);
                }
                _ => bytes.truncate(at),
            }
        }
        bytes
    }
}

#[test]
fn ssh_keygen_accepts_the_signatures_made_here() {
    let folder = Folder::new();
    for (name, options) in KINDS {
        let key = keygen(&folder, name, options);
        let text = sign(&key.private, None, MESSAGE).unwrap();
        assert!(text.starts_with("-----BEGIN SSH SIGNATURE-----\n"));
        assert!(text.ends_with("-----END SSH SIGNATURE-----\n"), "{text:?}");
        let list = format!("ann@example.org {}\n", key.public);
        assert!(
            ssh_verify(&folder, &text, &list, "ann@example.org"),
            "{name}"
        );
        assert_eq!(
            check(text.as_bytes(), MESSAGE, Some(&signers(&list))),
            Signed::By {
                principal: "ann@example.org".to_owned(),
                key: key.fingerprint()
            }
        );
        assert_eq!(text, sign(&key.private, None, MESSAGE).unwrap(), "{name}");
    }
}

#[test]
fn the_signatures_of_ssh_keygen_are_accepted_with_either_hash() {
    let folder = Folder::new();
    for (name, options) in KINDS {
        let key = keygen(&folder, name, options);
        for hash in ["sha512", "sha256"] {
            let text = ssh_sign(&key.path, "casefile", &["-O", &format!("hashalg={hash}")]);
            assert_eq!(
                check(text.as_bytes(), MESSAGE, None),
                Signed::Unknown {
                    key: key.fingerprint()
                },
                "{name} {hash}"
            );
        }
    }
}

#[test]
fn an_rsa_key_above_4096_bits_signs_and_is_accepted() {
    let folder = Folder::new();
    // Made beforehand would be quicker, but a key of 4104 bits is over the limit just as well.
    let key = keygen(&folder, "rsa", &["-t", "rsa", "-b", "4104"]);
    let text = sign(&key.private, None, MESSAGE).unwrap();
    let list = format!("ann {}\n", key.public);
    assert!(ssh_verify(&folder, &text, &list, "ann"));
}

#[test]
fn an_ed25519_signature_is_the_same_as_that_of_ssh_keygen() {
    let folder = Folder::new();
    let key = keygen(&folder, "key", &["-t", "ed25519"]);
    assert_eq!(
        sign(&key.private, None, MESSAGE).unwrap(),
        ssh_sign(&key.path, "casefile", &[])
    );
}

#[test]
fn an_encrypted_key_needs_its_passphrase() {
    let folder = Folder::new();
    for (name, options) in [
        ("ed25519", &["-t", "ed25519", "-N", "open sesame"][..]),
        ("ecdsa", &["-t", "ecdsa", "-N", "open sesame"]),
        ("rsa", &["-t", "rsa", "-b", "2048", "-N", "open sesame"]),
        (
            "cbc",
            &["-t", "ed25519", "-N", "open sesame", "-Z", "aes256-cbc"],
        ),
        (
            "gcm",
            &[
                "-t",
                "ed25519",
                "-N",
                "open sesame",
                "-Z",
                "aes256-gcm@openssh.com",
            ],
        ),
    ] {
        let key = keygen(&folder, name, options);
        let text = sign(&key.private, Some(b"open sesame"), MESSAGE).unwrap();
        let list = format!("ann {}\n", key.public);
        assert!(ssh_verify(&folder, &text, &list, "ann"), "{name}");
        for passphrase in [None, Some(&b""[..]), Some(b"open sesame\n")] {
            assert_eq!(
                code(sign(&key.private, passphrase, MESSAGE)),
                "sign-passphrase",
                "{name} {passphrase:?}"
            );
        }
    }
}

#[test]
fn a_passphrase_for_a_key_without_one_is_ignored() {
    let folder = Folder::new();
    let key = keygen(&folder, "key", &["-t", "ed25519"]);
    assert!(sign(&key.private, Some(b"whatever"), MESSAGE).is_ok());
}

/// A P-256 key file whose secret number has a leading zero byte, as one key in 256 has.
fn short_secret() -> String {
    use ssh_encoding::base64::{Base64, Encoding};
    let secret = [7; 31];
    let full = [&[0][..], &secret].concat();
    let key = p256::ecdsa::SigningKey::from_slice(&full).unwrap();
    let point = key.verifying_key().to_encoded_point(false);
    let public = [
        string(b"ecdsa-sha2-nistp256"),
        string(b"nistp256"),
        string(point.as_bytes()),
    ]
    .concat();
    let mut private = [
        &[1, 2, 3, 4, 1, 2, 3, 4][..],
        &public,
        &string(&secret),
        &string(b"short"),
    ]
    .concat();
    let filling = private.len().next_multiple_of(8) - private.len();
    private.extend((1u8..).take(filling));
    let blob = [
        &b"openssh-key-v1\0"[..],
        &string(b"none"),
        &string(b"none"),
        &string(b""),
        &[0, 0, 0, 1],
        &string(&public),
        &string(&private),
    ]
    .concat();
    // ssh-keygen wants lines of 70.
    let base64 = Base64::encode_string(&blob);
    let lines: Vec<&str> = (0..base64.len())
        .step_by(70)
        .map(|at| &base64[at..base64.len().min(at + 70)])
        .collect();
    format!(
        "-----BEGIN OPENSSH PRIVATE KEY-----\n{}\n-----END OPENSSH PRIVATE KEY-----\n",
        lines.join("\n")
    )
}

#[test]
fn an_ecdsa_key_with_a_short_secret_signs_with_and_without_passphrase() {
    let folder = Folder::new();
    let path = folder.write("key", short_secret());
    let mode = Command::new("chmod").arg("600").arg(&path).status();
    assert!(mode.unwrap().success());
    let out = Command::new("ssh-keygen").arg("-yf").arg(&path).output();
    folder.write("key.pub", out.unwrap().stdout);
    let key = Key::load(path);
    let list = format!("ann {}\n", key.public);
    let text = sign(&key.private, None, MESSAGE).unwrap();
    assert!(ssh_verify(&folder, &text, &list, "ann"));

    let out = Command::new("ssh-keygen")
        .args(["-q", "-p", "-P", "", "-N", "open sesame", "-f"])
        .arg(&key.path)
        .output()
        .unwrap();
    assert!(out.status.success(), "{out:?}");
    let encrypted = fs::read(&key.path).unwrap();
    assert_eq!(
        text,
        sign(&encrypted, Some(b"open sesame"), MESSAGE).unwrap()
    );
    assert_eq!(
        code(sign(&encrypted, Some(b"wrong"), MESSAGE)),
        "sign-passphrase"
    );
}

#[test]
fn weak_and_unsuitable_keys_do_not_sign() {
    let folder = Folder::new();
    let weak = keygen(&folder, "weak", &["-t", "rsa", "-b", "1024"]);
    assert_eq!(code(sign(&weak.private, None, MESSAGE)), "sign-weak-key");
    let p521 = keygen(&folder, "p521", &["-t", "ecdsa", "-b", "521"]);
    assert_eq!(code(sign(&p521.private, None, MESSAGE)), "sign-key");
    let old = keygen(&folder, "old", &["-t", "rsa", "-b", "2048", "-m", "PEM"]);
    let error = sign(&old.private, None, MESSAGE).unwrap_err();
    assert!(error.to_string().contains("ssh-keygen -p"), "{error}");
    let key = keygen(&folder, "key", &["-t", "ed25519"]);
    let error = sign(key.public.as_bytes(), None, MESSAGE).unwrap_err();
    assert!(error.to_string().contains("public key"), "{error}");
    for text in [&b""[..], b"nonsense", b"\xFF\xFE", &key.private[..200]] {
        assert_eq!(code(sign(text, None, MESSAGE)), "sign-key");
    }
}

#[test]
fn a_key_file_with_other_line_ends_and_widths_signs() {
    let folder = Folder::new();
    let key = keygen(&folder, "key", &["-t", "ed25519"]);
    let text = String::from_utf8(key.private).unwrap();
    let expected = sign(text.as_bytes(), None, MESSAGE).unwrap();
    let windows = text.replace('\n', "\r\n") + "\r\n";
    assert_eq!(expected, sign(windows.as_bytes(), None, MESSAGE).unwrap());
    let lines: Vec<&str> = text.lines().collect();
    let body = lines[1..lines.len() - 1].concat();
    let wide = format!("{}\n{body}\n{}", lines[0], lines[lines.len() - 1]);
    assert_eq!(expected, sign(wide.as_bytes(), None, MESSAGE).unwrap());
}

#[test]
fn another_message_is_not_what_was_signed() {
    let folder = Folder::new();
    for (name, options) in KINDS {
        let key = keygen(&folder, name, options);
        let text = sign(&key.private, None, MESSAGE).unwrap();
        let list = signers(&format!("* {}\n", key.public));
        let reason = not_reason(check(text.as_bytes(), b"another", Some(&list)));
        assert_eq!(reason, "the signature does not fit the bytes", "{name}");
    }
}

#[test]
fn a_signature_for_another_namespace_does_not_count() {
    let folder = Folder::new();
    let key = keygen(&folder, "key", &["-t", "ed25519"]);
    let text = ssh_sign(&key.path, "git", &[]);
    let reason = not_reason(check(text.as_bytes(), MESSAGE, None));
    assert!(reason.contains("namespace `git`"), "{reason}");
}

#[test]
fn signatures_by_weak_or_unsupported_keys_do_not_count() {
    let folder = Folder::new();
    let weak = keygen(&folder, "weak", &["-t", "rsa", "-b", "1024"]);
    let text = ssh_sign(&weak.path, "casefile", &[]);
    let reason = not_reason(check(text.as_bytes(), MESSAGE, None));
    assert!(reason.contains("1024 bits"), "{reason}");
    let p521 = keygen(&folder, "p521", &["-t", "ecdsa", "-b", "521"]);
    let text = ssh_sign(&p521.path, "casefile", &[]);
    let reason = not_reason(check(text.as_bytes(), MESSAGE, None));
    assert!(reason.contains("nistp521"), "{reason}");
}

#[test]
fn every_truncation_and_every_changed_byte_is_refused() {
    let folder = Folder::new();
    let key = keygen(&folder, "key", &["-t", "ed25519"]);
    let text = sign(&key.private, None, MESSAGE).unwrap();
    let full = text.trim_end();
    for length in 0..full.len() {
        not_reason(check(&full.as_bytes()[..length], MESSAGE, None));
    }
    for at in 0..full.len() {
        let mut bytes = full.as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        // A line end that became a letter shifts the base64 text; anything else changes a value.
        not_reason(check(&bytes, MESSAGE, None));
    }
    not_reason(check(&[text.as_bytes(), b"more"].concat(), MESSAGE, None));
    not_reason(check(&[b'A'; 100_000], MESSAGE, None));
    not_reason(check(b"\xFF\xFE", MESSAGE, None));
}

#[test]
fn spellings_of_a_signature_are_accepted_only_where_ssh_keygen_accepts_them() {
    let folder = Folder::new();
    let key = keygen(&folder, "key", &["-t", "ed25519"]);
    let text = sign(&key.private, None, MESSAGE).unwrap();
    let list = format!("ann {}\n", key.public);
    let end = "\n-----END";
    for (spelling, accepted) in [
        (text.clone(), true),
        (text.replace('\n', "\r\n"), false),
        (text.trim_end().to_owned(), true),
        (format!("{text}\n\n"), true),
        (
            text.replacen("\n", "\n\n", 2)
                .replacen(end, " \n\t\n-----END", 1),
            true,
        ),
        (format!("\n{text}"), false),
        (format!(" {text}"), false),
        (format!("\u{FEFF}{text}"), false),
        (text.replace(end, "-----END"), false),
        (text.replace("END SSH", "end SSH"), false),
        (text.replacen('A', "\u{a0}A", 1), false),
        (format!("{text}more"), false),
        (format!("{text}{text}"), false),
    ] {
        let signed = check(spelling.as_bytes(), MESSAGE, None);
        let ours = matches!(signed, Signed::Unknown { .. });
        assert_eq!(ours, accepted, "{spelling:?} {signed:?}");
        let theirs = ssh_verify(&folder, &spelling, &list, "ann");
        assert!(theirs || !ours, "{spelling:?} {signed:?}");
    }
}

#[test]
fn a_foreign_key_is_untrusted() {
    let folder = Folder::new();
    let key = keygen(&folder, "key", &["-t", "ed25519"]);
    let other = keygen(&folder, "other", &["-t", "ed25519"]);
    let text = sign(&key.private, None, MESSAGE).unwrap();
    assert_eq!(
        check(
            text.as_bytes(),
            MESSAGE,
            Some(&signers(&format!("ann {}\n", other.public)))
        ),
        Signed::Untrusted {
            key: key.fingerprint(),
            reason: "the only allowed signer has another key".to_owned()
        }
    );
    let none = untrusted_reason(check(text.as_bytes(), MESSAGE, Some(&signers("# none\n"))));
    assert!(none.contains("empty"), "{none}");
}

#[test]
fn the_options_of_an_entry_decide_as_they_do_for_ssh_keygen() {
    let folder = Folder::new();
    let key = keygen(&folder, "key", &["-t", "ed25519"]);
    let text = sign(&key.private, None, MESSAGE).unwrap();
    let public = &key.public;
    for (entry, principal) in [
        (
            format!("ann@example.org {public} a comment"),
            Some("ann@example.org"),
        ),
        (
            format!("  ann@example.org\t{public}\r"),
            Some("ann@example.org"),
        ),
        (
            format!("\"ann@example.org\" {public}"),
            Some("ann@example.org"),
        ),
        (
            format!("*@example.org,!bob@example.org {public}"),
            Some("*@example.org,!bob@example.org"),
        ),
        (
            format!("ann@example.or? namespaces=\"git,casefile\" {public}"),
            Some("ann@example.or?"),
        ),
        (format!("* Namespaces=\"case*\" {public}"), Some("*")),
        (format!("* namespaces=\"c?sefile\" {public}"), Some("*")),
        (format!("* namespaces=\"*,!casefile\" {public}"), None),
        (format!("* namespaces=\"git,file\" {public}"), None),
        (format!("* namespaces=\"case\" {public}"), None),
        (format!("* namespaces=\"\" {public}"), None),
        (format!("* cert-authority {public}"), None),
        (
            format!("* cert-authority,namespaces=\"casefile\" {public}"),
            None,
        ),
        (format!("!ann@example.org {public}"), None),
    ] {
        let list = signers(&entry);
        let signed = check(text.as_bytes(), MESSAGE, Some(&list));
        match (principal, &signed) {
            (Some(expected), Signed::By { principal, .. }) => assert_eq!(expected, principal),
            (None, Signed::Untrusted { reason, .. }) => {
                assert!(reason.starts_with("line 1 "), "{reason}");
            }
            _ => panic!("{entry}: {signed:?}"),
        }
        assert_eq!(
            ssh_verify(&folder, &text, &format!("{entry}\n"), "ann@example.org"),
            principal.is_some(),
            "{entry}"
        );
    }
}

#[test]
fn an_entry_that_is_limited_in_time_never_matches_and_says_why() {
    let folder = Folder::new();
    let key = keygen(&folder, "key", &["-t", "ed25519"]);
    let text = sign(&key.private, None, MESSAGE).unwrap();
    for limit in [
        "valid-after=\"20200101\"",
        "valid-before=\"209912312359Z\"",
        "valid-after=\"20200101\",valid-before=\"20991231235959\"",
    ] {
        let list = signers(&format!("# signers\n\nann {limit} {}\n", key.public));
        let reason = untrusted_reason(check(text.as_bytes(), MESSAGE, Some(&list)));
        assert!(reason.starts_with("line 3 "), "{reason}");
        assert!(reason.contains("clock"), "{reason}");
    }
}

#[test]
fn a_later_entry_that_fits_counts_when_an_earlier_one_does_not() {
    let folder = Folder::new();
    let key = keygen(&folder, "key", &["-t", "ed25519"]);
    let text = sign(&key.private, None, MESSAGE).unwrap();
    let list = signers(&format!(
        "ann cert-authority {0}\nbob namespaces=\"git\" {0}\ncy {0}\ndee {0}\n",
        key.public
    ));
    assert!(matches!(
        check(text.as_bytes(), MESSAGE, Some(&list)),
        Signed::By { principal, .. } if principal == "cy"
    ));
}

#[test]
fn every_bad_line_of_the_list_is_reported_with_its_number() {
    let folder = Folder::new();
    let public = keygen(&folder, "key", &["-t", "ed25519"]).public;
    let (kind, data) = public.split_once(' ').unwrap();
    let lines = [
        format!("good {public}"),
        "alone".to_owned(),
        format!("ann ssh-ed25518 {data}"),
        format!("ann {kind}"),
        format!("ann {kind} {}", &data[..20]),
        format!("ann ssh-rsa {data}"),
        format!("ann namespaces=casefile {public}"),
        format!("ann namespaces=\"casefile {public}"),
        format!("ann valid-after=\"tomorrow\" {public}"),
        format!("ann namespaces=\"a\",namespaces=\"b\" {public}"),
        format!("ann cert-authority,unknown {public}"),
        format!("ann cert-authority, {public}"),
        format!("ann,,bob {public}"),
        format!("! {public}"),
        format!("\"ann {public}"),
        "ann cert-authority".to_owned(),
        String::new(),
        "# a comment".to_owned(),
    ];
    let wrong = Signers::parse(&lines.join("\n")).unwrap_err();
    let numbers: Vec<String> = (2..=16).map(|n| format!("line {n}")).collect();
    let found: Vec<&str> = wrong
        .iter()
        .map(|message| message.split_once(':').unwrap().0)
        .collect();
    assert_eq!(numbers, found, "{wrong:#?}");
    assert!(wrong[1].contains("neither a key type nor an option: `ssh-ed25518`"));
}

/// A string as SSH writes it (RFC 4251, section 5).
fn string(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap();
    [&length.to_be_bytes(), bytes].concat()
}

/// The armoured signature of these parts.
fn armoured(public: &[u8], reserved: &[u8], signature: &[u8]) -> String {
    let blob = [
        &b"SSHSIG\0\0\0\x01"[..],
        &string(public),
        &string(b"casefile"),
        &string(reserved),
        &string(b"sha512"),
        &string(signature),
    ]
    .concat();
    armour(&blob)
}

fn armour(blob: &[u8]) -> String {
    use ssh_encoding::base64::{Base64, Encoding};
    format!(
        "-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n",
        Base64::encode_string(blob)
    )
}

#[test]
fn the_signature_of_a_security_token_is_accepted() {
    use ed25519_dalek::{Signer, SigningKey};
    use ssh_encoding::base64::{Base64, Encoding};
    use ssh_key::sha2::{Digest, Sha256};
    // PROTOCOL.u2f: what the token signs holds the hash of the application and of the message,
    // with a flag for the finger on the button and a counter in between.
    let kind = b"sk-ssh-ed25519@openssh.com";
    let token = SigningKey::from_bytes(&[7; 32]);
    let public = [
        string(kind),
        string(token.verifying_key().as_bytes()),
        string(b"ssh:"),
    ]
    .concat();
    let trailer = [1, 0, 0, 0, 9];
    let signed =
        ssh_key::SshSig::signed_data("casefile", ssh_key::HashAlg::Sha512, MESSAGE).unwrap();
    let signed = [
        &Sha256::digest(b"ssh:")[..],
        &trailer,
        &Sha256::digest(&signed)[..],
    ]
    .concat();
    let signature = [
        string(kind),
        string(&token.sign(&signed).to_bytes()),
        trailer.to_vec(),
    ]
    .concat();
    let text = armoured(&public, b"", &signature);
    let list = format!(
        "ann {} {}\n",
        std::str::from_utf8(kind).unwrap(),
        Base64::encode_string(&public)
    );
    let folder = Folder::new();
    assert!(ssh_verify(&folder, &text, &list, "ann"));
    assert!(matches!(
        check(text.as_bytes(), MESSAGE, Some(&signers(&list))),
        Signed::By { .. }
    ));
    not_reason(check(text.as_bytes(), b"another", Some(&signers(&list))));
}

#[test]
fn a_key_that_fits_every_message_does_not_count() {
    // The neutral point as the key and as R, and 0 as S, fulfil the equation of RFC 8032 for
    // every message.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let public = [string(b"ssh-ed25519"), string(&neutral)].concat();
    let signature = [string(b"ssh-ed25519"), string(&[neutral, [0; 32]].concat())].concat();
    // The same of a key on a token, whose signature ends in flags and a counter.
    let token = [
        string(b"sk-ssh-ed25519@openssh.com"),
        string(&neutral),
        string(b"ssh:"),
    ]
    .concat();
    let by_token = [
        string(b"sk-ssh-ed25519@openssh.com"),
        string(&[neutral, [0; 32]].concat()),
        vec![1, 0, 0, 0, 1],
    ]
    .concat();
    for (public, signature) in [(public, signature), (token, by_token)] {
        not_reason(check(
            armoured(&public, b"", &signature).as_bytes(),
            MESSAGE,
            None,
        ));
    }
}

#[test]
fn the_reserved_field_is_ignored_as_ssh_keygen_does() {
    use ed25519_dalek::{Signer, SigningKey};
    let key = SigningKey::from_bytes(&[9; 32]);
    let public = [
        string(b"ssh-ed25519"),
        string(key.verifying_key().as_bytes()),
    ]
    .concat();
    let signed =
        ssh_key::SshSig::signed_data("casefile", ssh_key::HashAlg::Sha512, MESSAGE).unwrap();
    let signature = [
        string(b"ssh-ed25519"),
        string(&key.sign(&signed).to_bytes()),
    ]
    .concat();
    let text = armoured(&public, b"later", &signature);
    let folder = Folder::new();
    let file = folder.write("message.sig", &text);
    let out = with_input(
        Command::new("ssh-keygen")
            .args(["-Y", "check-novalidate", "-n", "casefile", "-s"])
            .arg(file),
        MESSAGE,
    );
    let here = matches!(
        check(text.as_bytes(), MESSAGE, None),
        Signed::Unknown { .. }
    );
    assert_eq!(here, out.status.success(), "{out:?}");
}

/// The files with one signature more.
fn with_signature(files: &Files, armoured: &str) -> casefile::error::Result<Files> {
    let mut files = files.clone();
    attach(&mut files, armoured)?;
    Ok(files)
}

fn problem(result: casefile::error::Result<Files>) -> &'static str {
    let error = result.unwrap_err();
    assert_eq!(error.problems.len(), 1);
    assert!(error.problems[0].hint.is_some(), "{error}");
    error.problems[0].code
}

#[test]
fn two_people_sign_a_bundle_and_nobody_twice() {
    let folder = Folder::new();
    let files = sample().files;
    let bytes = message(&files).unwrap();
    let [ann, bob] = ["ann", "bob"].map(|name| keygen(&folder, name, &["-t", "ed25519"]));
    let [by_ann, by_bob] = [&ann, &bob].map(|key| sign(&key.private, None, bytes).unwrap());
    let once = with_signature(&files, &by_ann).unwrap();
    assert_eq!(once["signatures/1.sig"], by_ann.as_bytes());
    let twice = with_signature(&once, &by_bob).unwrap();
    assert_eq!(twice["signatures/2.sig"], by_bob.as_bytes());
    assert_eq!(twice.len(), files.len() + 2);
    assert!(files.iter().all(|(path, bytes)| twice[path] == *bytes));
    // What a mail did to the text is undone.
    let mailed = format!("\r\n{}\r\n", by_ann.replace('\n', "\r\n"));
    assert_eq!(with_signature(&files, &mailed).unwrap(), once);
    for text in [&by_ann, &mailed] {
        assert_eq!(problem(with_signature(&twice, text)), "signed-already");
    }
}

#[test]
fn what_is_no_signature_of_the_bundle_is_not_added() {
    let folder = Folder::new();
    let files = sample().files;
    let key = keygen(&folder, "key", &["-t", "ed25519"]);
    let other = sign(&key.private, None, b"another").unwrap();
    let namespace = ssh_sign(&key.path, "git", &[]);
    for text in [other.as_str(), &namespace, "", "nonsense", "\0"] {
        assert_eq!(problem(with_signature(&files, text)), "signature-invalid");
    }
    let text = sign(&key.private, None, b"").unwrap();
    let nothing = casefile::sign::Files::new();
    assert_eq!(problem(with_signature(&nothing, &text)), "not-a-bundle");
}

#[test]
fn random_changes_to_signatures_keys_and_lists_never_panic_or_pass() {
    let folder = Folder::new();
    let mut draws = Draws::new(11);
    for (name, options) in KINDS {
        let key = keygen(&folder, name, options);
        let text = sign(&key.private, None, MESSAGE).unwrap();
        let list = format!("ann namespaces=\"casefile\" {}\n", key.public);
        let known = signers(&list);
        let body: Vec<&str> = text.lines().filter(|line| !line.starts_with('-')).collect();
        let blob = {
            use ssh_encoding::base64::{Base64, Encoding};
            Base64::decode_vec(&body.concat()).unwrap()
        };
        for _ in 0..300 {
            let changed = draws.mutate(&blob);
            let signed = check(armour(&changed).as_bytes(), MESSAGE, Some(&known));
            if changed != blob {
                assert!(!matches!(signed, Signed::By { .. }), "{name}: {changed:?}");
            }
            let _ = Signers::parse(&String::from_utf8_lossy(&draws.mutate(list.as_bytes())));
            // Of a key that was changed, a signature is either refused or a good one.
            if let Ok(text) = sign(&draws.mutate(&key.private), None, MESSAGE) {
                let signed = check(text.as_bytes(), MESSAGE, None);
                assert!(matches!(signed, Signed::Unknown { .. }));
            }
        }
    }
}

#[test]
fn no_change_to_a_list_lets_in_more_than_ssh_keygen_does() {
    let folder = Folder::new();
    let key = keygen(&folder, "key", &["-t", "ed25519"]);
    let text = sign(&key.private, None, MESSAGE).unwrap();
    let mut draws = Draws::new(5);
    let entries = [
        "namespaces=\"casefile\" ",
        "namespaces=\"*,!casefile\" ",
        "cert-authority,namespaces=\"git\" ",
        "valid-after=\"20200101\" ",
        "namespaces=\"git,file,case*\" ",
    ];
    let mut trusted = 0;
    for _ in 0..3000 {
        let entry = entries[draws.below(5)];
        let options = draws.mutate(entry.as_bytes());
        let list = [b"ann ", &options[..], key.public.as_bytes(), b"\n"].concat();
        let list = String::from_utf8_lossy(&list).into_owned();
        let Ok(known) = Signers::parse(&list) else {
            continue;
        };
        if matches!(
            check(text.as_bytes(), MESSAGE, Some(&known)),
            Signed::By { .. }
        ) {
            trusted += 1;
            assert!(ssh_verify(&folder, &text, &list, "ann"), "{list:?}");
        }
    }
    assert!(trusted > 5, "{trusted}");
}
