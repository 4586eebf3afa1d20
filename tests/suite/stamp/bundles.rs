//! Timestamps in a bundle: what `verify` says of them, with and without authorities.

use super::authority::{P_256, RSA, Workshop};
use crate::bundle::sample;
use casefile::bundle::{Bundle, pack};
use casefile::sign::{attach_timestamp, message, request};
use casefile::verify::timestamp::Authorities;
use casefile::verify::{self, Known, Outcome, Verdict, Verification};

/// The bundle with these replies of the workshop's authority.
fn stamped(bundle: &Bundle, replies: &[Vec<u8>]) -> Vec<u8> {
    let mut files = bundle.files.clone();
    for reply in replies {
        attach_timestamp(&mut files, reply, None, None).unwrap();
    }
    pack(&bundle.name, &files).unwrap()
}

fn verified(zip: &[u8], authorities: Option<&[u8]>) -> Verification {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("toy-1.0.0.zip");
    std::fs::write(&path, zip).unwrap();
    let known = Known {
        authorities: authorities.map(|pem| Authorities::parse(pem).unwrap()),
        ..Known::default()
    };
    verify::file("toy-1.0.0.zip", &path, &known).unwrap()
}

fn outcomes(verification: &Verification) -> Vec<&Outcome> {
    let checks = verification.checks.iter();
    checks
        .filter(|check| check.name == "timestamp")
        .map(|check| &check.outcome)
        .collect()
}

#[test]
fn a_timestamp_leaves_the_root_and_passes_for_whoever_trusts_its_authority() {
    let (bundle, shop, other) = (sample(), Workshop::new(RSA, P_256), Workshop::new(RSA, RSA));
    let root = shop.get("root.pem");
    let reply = shop.reply("tsa", &request(message(&bundle.files).unwrap()), "");
    let zip = stamped(&bundle, std::slice::from_ref(&reply));

    let trusted = verified(&zip, Some(&root));
    assert_eq!(trusted.verdict, Verdict::Verified);
    assert_eq!(trusted.root, Some(bundle.root));
    let [Outcome::Passed { detail }] = &outcomes(&trusted)[..] else {
        panic!("{trusted}");
    };
    assert!(
        detail.contains("says CN=tsa,O=Test (certified by CN=root,O=Test)"),
        "{detail}"
    );

    let unknown = verified(&zip, None);
    assert_eq!(unknown.verdict, Verdict::Verified);
    assert!(
        matches!(&outcomes(&unknown)[..], [Outcome::NotChecked { reason }]
        if reason.contains("no certificate of a time-stamp authority was given"))
    );

    let foreign = verified(&zip, Some(&other.get("root.pem")));
    assert_eq!(foreign.verdict, Verdict::Failed, "a stranger stamped it");

    // One by a stranger is not made good by another one.
    let stranger = other.reply("tsa", &request(message(&bundle.files).unwrap()), "");
    let both = stamped(&bundle, &[reply, stranger]);
    assert_eq!(verified(&both, Some(&root)).verdict, Verdict::Failed);
    let all = [root.clone(), other.get("root.pem")].concat();
    assert_eq!(verified(&both, Some(&all)).verdict, Verdict::Verified);
}

#[test]
fn a_timestamp_that_was_taken_away_shows() {
    let (bundle, shop) = (sample(), Workshop::new(P_256, P_256));
    assert_eq!(verified(&bundle.bytes, None).verdict, Verdict::Verified);
    let asked = verified(&bundle.bytes, Some(&shop.get("root.pem")));
    assert_eq!(asked.verdict, Verdict::Failed);
    assert!(asked.to_string().contains("the bundle has no timestamp"));
}

#[test]
fn a_timestamp_of_another_bundle_fails_for_everybody() {
    let (bundle, shop) = (sample(), Workshop::new(P_256, P_256));
    let reply = shop.reply("tsa", &request(b"another bundle"), "");
    let mut files = bundle.files.clone();
    files.insert("timestamps/1.tsr".into(), reply);
    let zip = pack(&bundle.name, &files).unwrap();
    for authorities in [None, Some(shop.get("root.pem"))] {
        let found = verified(&zip, authorities.as_deref());
        assert_eq!(found.verdict, Verdict::Failed);
        assert!(
            found
                .to_string()
                .contains("it is the time-stamp of other bytes")
        );
    }
}

#[test]
fn requests_and_certificates_stand_beside_a_reply_of_their_number_or_fail() {
    let (bundle, shop) = (sample(), Workshop::new(P_256, P_256));
    let asked = request(message(&bundle.files).unwrap());
    let reply = shop.reply("tsa", &asked, "");
    let mut files = bundle.files.clone();
    attach_timestamp(&mut files, &reply, Some(&asked), Some(&shop.get("tsa.pem"))).unwrap();
    let zip = |files: &casefile::sign::Files| pack(&bundle.name, files).unwrap();
    assert_eq!(verified(&zip(&files), None).verdict, Verdict::Verified);
    for (path, bytes) in [
        ("timestamps/2.tsq", &asked[..]),
        ("timestamps/2.pem", b"-"),
        ("timestamps/notes.txt", b"-"),
        ("timestamps/1.tsq", b"no request"),
        ("timestamps/1.pem", b"no certificate"),
        ("timestamps/1.pem", &[b'-'; (1 << 20) + 1]),
    ] {
        let mut more = files.clone();
        more.insert(path.into(), bytes.to_vec());
        let found = verified(&zip(&more), None);
        assert_eq!(found.verdict, Verdict::Failed, "{path}");
        assert!(found.to_string().contains("timestamps/"), "{path}: {found}");
    }
}

#[test]
fn beside_a_reply_nothing_stands_but_certificates_since_nothing_signs_them() {
    let (bundle, shop) = (sample(), Workshop::new(P_256, P_256));
    let reply = shop.reply("tsa", &request(message(&bundle.files).unwrap()), "");
    let own = String::from_utf8(shop.get("tsa.pem")).unwrap();
    let noted = format!("CONFIDENTIAL: a note\n{own}");
    let mut files = bundle.files.clone();
    // What is attached is written anew, without the note.
    attach_timestamp(&mut files, &reply, None, Some(noted.as_bytes())).unwrap();
    assert_eq!(files["timestamps/1.pem"], own.as_bytes());
    let empty = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let joined = own.replacen("\nMI", "\n MI", 1);
    for other in [noted, format!("{own}\n"), format!("{own}{empty}"), joined] {
        files.insert("timestamps/1.pem".into(), other.clone().into_bytes());
        let zip = pack(&bundle.name, &files).unwrap();
        let found = verified(&zip, None);
        assert_eq!(found.verdict, Verdict::Failed, "{other}: {found}");
    }
}
