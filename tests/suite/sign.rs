//! Signed bundles: who signed is told, and nobody accepts what is not signed.

mod openssh;

use super::bundle::sample;
use casefile::bundle::{Bundle, pack};
use casefile::sign::{attach, message, sign};
use casefile::verify::signature::Signers;
use casefile::verify::{self, Known, Outcome, Verdict, Verification};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs ssh-keygen, which every machine with OpenSSH has; without it nothing is tested here.
fn ssh_keygen(arguments: &[&str], input: &[u8]) -> std::process::Output {
    let mut child = Command::new("ssh-keygen")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("ssh-keygen is installed");
    let mut stdin = child.stdin.take().expect("a pipe");
    // It may end before it has read all.
    let _ = stdin.write_all(input);
    drop(stdin);
    child.wait_with_output().expect("ssh-keygen ends")
}

struct Keys {
    folder: tempfile::TempDir,
}

impl Keys {
    fn new() -> Self {
        Keys {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Makes a key; gives the private one.
    fn make(&self, name: &str, kind: &str, bits: &str, passphrase: &str) -> PathBuf {
        let path = self.path(name);
        let text = path.to_string_lossy();
        let mut arguments = vec!["-q", "-t", kind, "-N", passphrase, "-C", name, "-f", &text];
        if !bits.is_empty() {
            arguments.extend(["-b", bits]);
        }
        let made = ssh_keygen(&arguments, b"");
        assert!(made.status.success(), "{made:?}");
        path
    }

    fn ed25519(&self, name: &str) -> PathBuf {
        self.make(name, "ed25519", "", "")
    }

    /// An allowed signer: the principal and what stands in the public key.
    fn allow(&self, principal_and_options: &str, key: &Path) -> String {
        let public = std::fs::read_to_string(key.with_extension("pub")).expect("a public key");
        format!("{principal_and_options} {public}")
    }
}

fn signers(text: &str) -> Signers {
    Signers::parse(text).expect("entries")
}

fn private(path: &Path) -> Vec<u8> {
    std::fs::read(path).expect("a private key")
}

/// The bundle with signatures by these keys.
fn signed(bundle: &Bundle, keys: &[&Path]) -> Vec<u8> {
    let mut files = bundle.files.clone();
    for key in keys {
        let text = sign(&private(key), None, message(&files).unwrap()).unwrap();
        attach(&mut files, &text).unwrap();
    }
    pack(&bundle.name, &files).unwrap()
}

fn verified(zip: &[u8], allowed: Option<&str>) -> Verification {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("toy-1.0.0.zip");
    std::fs::write(&path, zip).expect("a file");
    let known = Known {
        signers: allowed.map(signers),
        ..Known::default()
    };
    verify::file("toy-1.0.0.zip", &path, &known).expect("a verification")
}

fn outcomes(verification: &Verification) -> Vec<&Outcome> {
    let checks = verification.checks.iter();
    checks
        .filter(|check| check.name == "signature")
        .map(|check| &check.outcome)
        .collect()
}

#[test]
fn a_signed_bundle_has_the_same_root_and_says_who_signed() {
    let keys = Keys::new();
    let bundle = sample();
    let (desk, lawyer, stranger) = (
        keys.ed25519("desk"),
        keys.ed25519("lawyer"),
        keys.ed25519("stranger"),
    );
    let zip = signed(&bundle, &[&desk, &lawyer]);
    let allowed =
        keys.allow("desk@example.org", &desk) + &keys.allow("lawyer@example.org", &lawyer);
    let both = verified(&zip, Some(&allowed));
    assert_eq!(both.verdict, Verdict::Verified, "{both}");
    assert_eq!(both.root, Some(bundle.root));
    assert_ne!(both.sha256, Some(bundle.sha256));
    let text = both.to_string();
    assert!(
        text.contains("signed by a key listed for desk@example.org")
            && text.contains("signed by a key listed for lawyer@example.org"),
        "{text}"
    );

    let unknown = verified(&zip, None);
    assert_eq!(unknown.verdict, Verdict::Verified);
    assert!(
        outcomes(&unknown)
            .iter()
            .all(|outcome| matches!(outcome, Outcome::NotChecked { .. }))
    );

    let foreign = verified(&zip, Some(&keys.allow("desk@example.org", &stranger)));
    assert_eq!(foreign.verdict, Verdict::Failed);

    let unsigned = verified(&bundle.bytes, Some(&allowed));
    assert_eq!(
        unsigned.verdict,
        Verdict::Failed,
        "a signature that was taken away must show"
    );
    assert!(unsigned.to_string().contains("the bundle is not signed"));
    assert_eq!(verified(&bundle.bytes, None).verdict, Verdict::Verified);
}

#[test]
fn an_old_signature_on_new_files_and_a_forged_one_fail() {
    let keys = Keys::new();
    let desk = keys.ed25519("desk");
    let allowed = keys.allow("desk@example.org", &desk);
    let bundle = sample();
    let old = sign(&private(&desk), None, message(&bundle.files).unwrap()).unwrap();
    let other = casefile::bundle::seal(
        &super::bundle::label(),
        &super::bundle::artifacts(&[("report.html", "<p>other</p>")]),
    )
    .unwrap();
    let mut files = other.files.clone();
    files.insert("signatures/1.sig".into(), old.clone().into_bytes());
    let zip = pack(&other.name, &files).unwrap();
    for known in [None, Some(allowed.as_str())] {
        let verification = verified(&zip, known);
        assert_eq!(verification.verdict, Verdict::Failed);
        assert!(matches!(
            outcomes(&verification)[..],
            [Outcome::Failed { .. }]
        ));
    }
    let mut middle = old.into_bytes();
    let at = middle.len() / 2;
    middle[at] = if middle[at] == b'A' { b'B' } else { b'A' };
    let mut files = bundle.files.clone();
    files.insert("signatures/1.sig".into(), middle);
    assert_eq!(
        verified(&pack(&bundle.name, &files).unwrap(), None).verdict,
        Verdict::Failed
    );
    let moved = files.remove("signatures/1.sig").unwrap();
    files.insert("signatures/2.sig".into(), moved);
    let verification = verified(&pack(&bundle.name, &files).unwrap(), None);
    assert!(
        verification.failures().any(|check| check.name == "bag"),
        "{verification}"
    );
}

#[cfg(unix)]
#[test]
fn a_signed_bundle_is_as_private_as_it_was_and_a_link_to_it_stays_a_link() {
    use std::os::unix::fs::PermissionsExt;
    let (bundle, keys) = (sample(), Keys::new());
    let (key, folder) = (keys.ed25519("own"), tempfile::tempdir().expect("a folder"));
    let (kept, link) = (
        folder.path().join("kept.zip"),
        folder.path().join("link.zip"),
    );
    std::fs::write(&kept, &bundle.bytes).expect("written");
    std::fs::set_permissions(&kept, std::fs::Permissions::from_mode(0o600)).expect("private");
    std::os::unix::fs::symlink("kept.zip", &link).expect("a link");
    let output = Command::new(env!("CARGO_BIN_EXE_casefile"))
        .arg("sign")
        .arg(&link)
        .arg("--key")
        .arg(&key)
        .output()
        .expect("the command runs");
    assert!(output.status.success(), "{output:?}");
    assert!(link.is_symlink());
    let mode = std::fs::metadata(&kept)
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let signed = std::fs::read(&kept).expect("it is there");
    assert_ne!(signed, bundle.bytes);
    assert!(verify::zip("kept.zip", &signed).passed());
    assert_eq!(files_beside(&kept), ["kept.zip", "link.zip"]);
}

#[cfg(unix)]
fn files_beside(path: &Path) -> Vec<String> {
    let list = std::fs::read_dir(path.parent().expect("a folder")).expect("it can be listed");
    let names = list
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn what_a_bundle_would_not_bear_is_not_added_to_it() {
    let (bundle, keys) = (sample(), Keys::new());
    let (key, folder) = (keys.ed25519("own"), tempfile::tempdir().expect("a folder"));
    let mut files = bundle.files.clone();
    // As many as are checked: the bundle verifies, and one more would fail.
    for number in 1..=100 {
        let other = keys.ed25519(&format!("k{number}"));
        let secret = std::fs::read(other).expect("a key");
        let text = sign(&secret, None, message(&files).expect("a root")).expect("signs");
        attach(&mut files, &text).expect("attached");
    }
    let path = folder.path().join("toy-1.0.0.zip");
    let full = pack(&bundle.name, &files).expect("packs");
    std::fs::write(&path, &full).expect("written");
    assert!(verify::zip("toy-1.0.0.zip", &full).passed());
    let output = Command::new(env!("CARGO_BIN_EXE_casefile"))
        .arg("sign")
        .arg(&path)
        .arg("--key")
        .arg(&key)
        .output()
        .expect("the command runs");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert_eq!(
        std::fs::read(&path).expect("it is there"),
        full,
        "left as it was"
    );
}
