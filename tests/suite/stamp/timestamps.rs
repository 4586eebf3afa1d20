//! Time-stamps by a local authority, checked by us and by openssl.

use super::authority::{CA, CA_ABOVE_NONE, LONG, P_256, P_384, RSA, TSA, Workshop, der, granted};
use super::tools::must;
use super::{TAGS, message};
use casefile::sign::{attach_timestamp, request};
use casefile::verify::timestamp::{Authorities, Stamped, check};

/// The verdict for whoever trusts the workshop's root.
fn judged(shop: &Workshop, reply: &[u8]) -> Stamped {
    let root = Authorities::parse(&shop.get("root.pem")).unwrap();
    check(reply, None, None, &message(), Some(&root))
}

fn reason(stamped: Stamped) -> String {
    match stamped {
        Stamped::Trusted { .. } => panic!("trusted"),
        Stamped::ImprintOnly { reason, .. } => format!("open: {reason}"),
        Stamped::Not { reason } => format!("wrong: {reason}"),
    }
}

fn assert_reason(stamped: Stamped, expected: &str) {
    let reason = reason(stamped);
    assert!(reason.contains(expected), "{reason}");
}

fn assert_trusted(stamped: &Stamped) {
    let Stamped::Trusted { time, authority } = stamped else {
        panic!("{stamped:?}");
    };
    assert!(
        time.starts_with("20") && time.len() == 29 && time.ends_with("Z (± 1 s)"),
        "{time}"
    );
    assert_eq!(authority, "CN=tsa,O=Test (certified by CN=root,O=Test)");
}

#[test]
fn the_request_is_the_one_that_openssl_makes_without_a_nonce() {
    let shop = Workshop::empty();
    shop.put("m", message());
    shop.openssl(&[
        "ts",
        "-query",
        "-data",
        "m",
        "-sha256",
        "-cert",
        "-no_nonce",
        "-out",
        "q",
    ]);
    assert_eq!(request(&message()), shop.get("q"));
}

#[test]
fn what_the_bundle_holds_is_accepted_by_openssl_and_by_us() {
    for (root, tsa, more) in [
        (RSA, RSA, ""),
        (RSA, RSA, "signer_digest = sha384"),
        (RSA, RSA, "signer_digest = sha512"),
        (RSA, RSA, "ess_cert_id_alg = sha1"),
        (RSA, RSA, "ess_cert_id_alg = sha512"),
        (RSA, P_256, ""),
        (P_256, P_256, "signer_digest = sha512"),
        (P_384, P_256, "clock_precision_digits = 0"),
        (P_384, P_384, "signer_digest = sha384"),
        (P_256, P_384, ""),
    ] {
        let shop = Workshop::new(root, tsa);
        let asked = request(&message());
        let reply = shop.reply("tsa", &asked, more);
        assert_reason(
            check(&reply, Some(&asked), None, &message(), None),
            "open: no certificate of a time-stamp authority was given",
        );
        assert_trusted(&judged(&shop, &reply));

        let folder = tempfile::tempdir().unwrap();
        let top = folder.path();
        std::fs::create_dir(top.join("timestamps")).unwrap();
        std::fs::write(top.join("timestamps/1.tsr"), &reply).unwrap();
        std::fs::write(top.join("timestamps/1.tsq"), &asked).unwrap();
        std::fs::write(top.join(TAGS), message()).unwrap();
        std::fs::write(top.join("authority.pem"), shop.get("root.pem")).unwrap();
        let from = [
            "ts",
            "-verify",
            "-in",
            "timestamps/1.tsr",
            "-CAfile",
            "authority.pem",
        ];
        must(top, "openssl", &[&from[..], &["-data", TAGS]].concat(), b"");
        must(
            top,
            "openssl",
            &[&from[..], &["-queryfile", "timestamps/1.tsq"]].concat(),
            b"",
        );
    }
}

#[test]
fn certificates_in_between_come_from_the_reply_or_from_the_file_beside_it() {
    let shop = Workshop::empty();
    shop.certify("root", RSA, "root", CA, LONG);
    shop.certify("between", P_384, "root", CA_ABOVE_NONE, LONG);
    shop.certify("tsa", P_256, "between", TSA, LONG);
    let root = Authorities::parse(&shop.get("root.pem")).unwrap();
    let asked = request(&message());

    let inside = shop.reply("tsa", &asked, "certs = between.pem");
    assert_trusted(&check(&inside, Some(&asked), None, &message(), Some(&root)));

    let lean = shop.reply("tsa", &asked, "");
    assert_reason(
        check(&lean, None, None, &message(), Some(&root)),
        "open: no given authority vouches for the signer",
    );
    assert!(!shop.verifies(&lean, &message(), &[]).0);
    let chain = shop.get("between.pem");
    assert_trusted(&check(
        &lean,
        Some(&asked),
        Some(&chain),
        &message(),
        Some(&root),
    ));

    // The authority in between may be trusted for itself.
    let between = Authorities::parse(&shop.get("between.pem")).unwrap();
    let stamped = check(&lean, None, None, &message(), Some(&between));
    assert!(matches!(stamped, Stamped::Trusted { .. }), "{stamped:?}");

    shop.put("chain.pem", &chain);
    let (accepted, said) = shop.verifies(&lean, &message(), &["-untrusted", "chain.pem"]);
    assert!(accepted, "{said}");
}

#[test]
fn a_reply_without_certificates_is_trusted_once_they_are_beside_it() {
    let shop = Workshop::new(RSA, RSA);
    shop.put("m", message());
    shop.openssl(&["ts", "-query", "-data", "m", "-sha256", "-out", "q"]);
    let asked = shop.get("q");
    let reply = shop.reply("tsa", &asked, "");
    let root = Authorities::parse(&shop.get("root.pem")).unwrap();
    assert_reason(
        check(&reply, Some(&asked), None, &message(), Some(&root)),
        "open: the certificate of its signer is not at hand",
    );
    let tsa = shop.get("tsa.pem");
    assert_trusted(&check(
        &reply,
        Some(&asked),
        Some(&tsa),
        &message(),
        Some(&root),
    ));
}

#[test]
fn a_reply_for_other_bytes_is_none() {
    let shop = Workshop::new(RSA, RSA);
    let reply = shop.reply("tsa", &request(b"other bytes"), "");
    assert_reason(
        judged(&shop, &reply),
        "wrong: it is the time-stamp of other bytes",
    );
}

#[test]
fn a_reply_to_another_request_is_none() {
    let shop = Workshop::new(RSA, RSA);
    shop.put("m", message());
    let query = |more: &[&str]| {
        let arguments = ["ts", "-query", "-data", "m", "-cert", "-out", "q"];
        shop.openssl(&[&arguments, more].concat());
        shop.get("q")
    };
    let (one, other) = (query(&["-sha256"]), query(&["-sha256"]));
    let reply = shop.reply("tsa", &one, "");
    let root = Authorities::parse(&shop.get("root.pem")).unwrap();
    let answered = |asked: &[u8]| check(&reply, Some(asked), None, &message(), Some(&root));
    assert_trusted(&answered(&one));
    assert_reason(answered(&other), "wrong: it answers another request");
    assert_reason(
        answered(&request(&message())),
        "wrong: it answers another request",
    );
    assert_reason(
        answered(&request(b"x")),
        "wrong: the request beside it is one for other bytes",
    );
    assert_reason(
        answered(b"0"),
        "wrong: the request is no time-stamp request",
    );
    let policy = query(&["-sha256", "-no_nonce", "-tspolicy", "1.2.3.4.5"]);
    let bare = shop.reply("tsa", &request(&message()), "");
    assert_reason(
        check(&bare, Some(&policy), None, &message(), Some(&root)),
        "wrong: it was issued under another policy",
    );
    // SHA-512 of the same bytes is no root.
    let long = query(&["-sha512"]);
    assert_reason(judged(&shop, &shop.reply("tsa", &long, "")), "not SHA-256");
}

/// Writes another time in place of the one that a TSTInfo or reply states.
fn altered(bytes: &[u8]) -> Vec<u8> {
    let at = bytes
        .windows(6)
        .position(|part| part[..2] == [0x18, 15] && &part[2..4] == b"20")
        .unwrap();
    let mut bytes = bytes.to_vec();
    bytes[at + 4..at + 6].copy_from_slice(b"21");
    bytes
}

#[test]
fn an_altered_time_is_noticed_even_when_nobody_is_trusted() {
    for tsa in [RSA, P_256] {
        let shop = Workshop::new(RSA, tsa);
        let reply = altered(&shop.reply("tsa", &request(&message()), ""));
        assert!(!shop.verifies(&reply, &message(), &[]).0);
        assert_reason(judged(&shop, &reply), "wrong: the time-stamp was altered");
        assert_reason(
            check(&reply, None, None, &message(), None),
            "wrong: the time-stamp was altered",
        );
    }
}

#[test]
fn an_altered_time_with_its_digest_mended_is_noticed() {
    let shop = Workshop::new(RSA, P_256);
    let reply = shop.reply("tsa", &request(&message()), "");
    let (old, new) = (shop.info(&reply), altered(&shop.info(&reply)));
    let digest = |bytes: &[u8]| casefile::digest::Sha256::of(bytes).to_bytes();
    let mut forged = altered(&reply);
    let at = forged
        .windows(32)
        .position(|part| part == digest(&old))
        .unwrap();
    forged[at..at + 32].copy_from_slice(&digest(&new));
    assert_reason(
        judged(&shop, &forged),
        "wrong: it was not signed by CN=tsa,O=Test: the signature is wrong",
    );
}

#[test]
fn a_certificate_that_is_not_for_time_stamping_alone_stamps_nothing() {
    let shop = Workshop::new(RSA, RSA);
    let info = shop.info(&shop.reply("tsa", &request(&message()), ""));
    // What is forged here is right when the right one does it.
    assert_trusted(&judged(&shop, &shop.forge(&info, "tsa", &[])));
    for (name, extensions, expected) in [
        (
            "none",
            "basicConstraints=CA:FALSE",
            "is not for time-stamping",
        ),
        (
            "web",
            "extendedKeyUsage=critical,serverAuth",
            "is not for time-stamping",
        ),
        (
            "any",
            "extendedKeyUsage=critical,anyExtendedKeyUsage",
            "is not for time-stamping",
        ),
        (
            "both",
            "extendedKeyUsage=critical,timeStamping,serverAuth",
            "is not for time-stamping alone",
        ),
        (
            "loose",
            "extendedKeyUsage=timeStamping",
            "does not limit itself critically",
        ),
        (
            "busy",
            "keyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=critical,timeStamping",
            "other uses than signing",
        ),
        (
            "odd",
            "1.2.3.4=critical,ASN1:NULL\nextendedKeyUsage=critical,timeStamping",
            "critical extension 1.2.3.4",
        ),
    ] {
        shop.certify(name, P_256, "root", extensions, LONG);
        let reply = shop.forge(&info, name, &[]);
        assert_reason(
            judged(&shop, &reply),
            &format!("wrong: the certificate of CN={name},O=Test"),
        );
        assert_reason(judged(&shop, &reply), expected);
        assert!(!shop.verifies(&reply, &message(), &[]).0, "{name}");
    }
}

#[test]
fn a_certificate_that_was_not_valid_at_the_time_stated_stamps_nothing() {
    let shop = Workshop::new(RSA, RSA);
    let info = shop.info(&shop.reply("tsa", &request(&message()), ""));
    for (name, years) in [
        ("old", ("20100101000000Z", "20200101000000Z")),
        ("young", ("20980101000000Z", "20990101000000Z")),
    ] {
        shop.certify(name, P_256, "root", TSA, years);
        let reply = shop.forge(&info, name, &[]);
        assert_reason(judged(&shop, &reply), "was not valid at the time stated");
    }
}

#[test]
fn a_certificate_that_has_expired_since_still_proves_what_it_stamped_before() {
    let shop = Workshop::empty();
    let years = ("20100101000000Z", "20200101000000Z");
    shop.certify("root", RSA, "root", CA, years);
    shop.certify("tsa", RSA, "root", TSA, years);
    let mut info = shop.info(&shop.reply("tsa", &request(&message()), ""));
    let at = info
        .windows(4)
        .position(|part| part[..2] == [0x18, 15] && &part[2..] == b"20")
        .unwrap();
    info[at + 2..at + 17].copy_from_slice(b"20150630235959Z");
    let Stamped::Trusted { time, .. } = judged(&shop, &shop.forge(&info, "tsa", &[])) else {
        panic!("not trusted");
    };
    assert_eq!(time, "2015-06-30T23:59:59Z (± 1 s)");
}

#[test]
fn an_accuracy_is_told_and_one_that_cannot_be_read_makes_no_timestamp() {
    let shop = Workshop::new(P_256, P_256);
    let info = shop.info(&shop.reply("tsa", &request(&message()), ""));
    let second = [0x30, 3, 2, 1, 1];
    let at = info.windows(5).position(|part| part == second).unwrap();
    let with = |accuracy: [u8; 5]| {
        let mut info = info.clone();
        info[at..at + 5].copy_from_slice(&accuracy);
        judged(&shop, &shop.forge(&info, "tsa", &[]))
    };
    for (accuracy, told) in [
        (second, "(± 1 s)"),
        ([0x30, 3, 2, 1, 120], "(± 120 s)"),
        ([0x30, 3, 0x80, 1, 50], "(± 0.05 s)"),
        ([0x30, 3, 0x81, 1, 7], "(± 0.000007 s)"),
    ] {
        let Stamped::Trusted { time, .. } = with(accuracy) else {
            panic!("{told}: not trusted");
        };
        assert!(time.ends_with(told), "{time}");
    }
    // Another type, a negative number, none of the thousandths, a part that does not exist.
    for wrong in [
        [0x30, 3, 0x0c, 1, b'1'],
        [0x30, 3, 2, 1, 0xff],
        [0x30, 3, 0x80, 1, 0],
        [0x30, 3, 0x82, 1, 1],
    ] {
        let found = with(wrong);
        let Stamped::Not { reason } = found else {
            panic!("{wrong:?}: {found:?}");
        };
        assert!(reason.contains("accuracy"), "{reason}");
    }
}

#[test]
fn a_fraction_of_a_second_is_kept() {
    let shop = Workshop::new(P_256, P_256);
    let reply = shop.reply("tsa", &request(&message()), "clock_precision_digits = 6");
    let Stamped::Trusted { time, .. } = judged(&shop, &reply) else {
        panic!("not trusted");
    };
    let (time, accuracy) = time.split_once(' ').unwrap();
    assert!(time.len() <= 27 && time.ends_with('Z'), "{time}");
    assert_eq!(accuracy, "(± 1 s)");
}

#[test]
fn an_unknown_authority_is_not_trusted_though_it_bear_the_same_name() {
    let (shop, other) = (Workshop::new(RSA, RSA), Workshop::new(RSA, RSA));
    let reply = other.reply("tsa", &request(&message()), "");
    assert_reason(
        judged(&shop, &reply),
        "open: no given authority vouches for the signer; CN=root,O=Test did not certify CN=tsa,O=Test",
    );
    let root = other.get("root.pem");
    let authorities = Authorities::parse(&shop.get("root.pem")).unwrap();
    // Its root in the file beside it makes it no better: that file comes with the reply.
    let stamped = check(&reply, None, Some(&root), &message(), Some(&authorities));
    assert_reason(stamped, "open: no given authority vouches");
}

#[test]
fn a_way_over_who_must_not_certify_leads_nowhere() {
    let shop = Workshop::new(RSA, RSA);
    let info = shop.info(&shop.reply("tsa", &request(&message()), ""));
    let limited =
        "nameConstraints=critical,permitted;DNS:example.org\nbasicConstraints=critical,CA:TRUE";
    for (name, extensions, years, expected) in [
        (
            "leaf",
            "basicConstraints=critical,CA:FALSE",
            LONG,
            "is not that of an authority",
        ),
        (
            "bare",
            "subjectKeyIdentifier=hash",
            LONG,
            "is not that of an authority",
        ),
        (
            "idle",
            "basicConstraints=critical,CA:TRUE\nkeyUsage=cRLSign",
            LONG,
            "is not for signing certificates",
        ),
        (
            "site",
            "basicConstraints=critical,CA:TRUE\nextendedKeyUsage=serverAuth",
            LONG,
            "is not for authorities of time-stamps",
        ),
        ("names", limited, LONG, "critical extension 2.5.29.30"),
        (
            "late",
            CA,
            ("20100101000000Z", "20200101000000Z"),
            "was not valid at the time stated",
        ),
    ] {
        shop.certify(name, P_256, "root", extensions, years);
        shop.certify("signer", P_256, name, TSA, LONG);
        let file = format!("{name}.pem");
        let reply = shop.forge(&info, "signer", &["-certfile", &file]);
        assert_reason(judged(&shop, &reply), "open: no given authority vouches");
        assert_reason(judged(&shop, &reply), expected);
    }
    // One more authority than the one above allows.
    shop.certify("only", P_256, "root", CA_ABOVE_NONE, LONG);
    shop.certify("below", P_256, "only", CA, LONG);
    shop.certify("signer", P_256, "below", TSA, LONG);
    shop.put(
        "both.pem",
        [shop.get("only.pem"), shop.get("below.pem")].concat(),
    );
    let reply = shop.forge(&info, "signer", &["-certfile", "both.pem"]);
    assert!(!shop.verifies(&reply, &message(), &[]).0);
    assert_reason(
        judged(&shop, &reply),
        "more authorities below it than it allows",
    );
}

#[test]
fn an_authority_that_has_expired_vouches_for_nothing() {
    let shop = Workshop::new(RSA, RSA);
    let info = shop.info(&shop.reply("tsa", &request(&message()), ""));
    shop.certify(
        "root",
        P_256,
        "root",
        CA,
        ("20100101000000Z", "20200101000000Z"),
    );
    shop.certify("tsa", P_256, "root", TSA, LONG);
    assert_reason(
        judged(&shop, &shop.forge(&info, "tsa", &[])),
        "the certificate of CN=root,O=Test was not valid at the time stated",
    );
}

#[test]
fn what_cannot_be_checked_is_never_trusted() {
    let shop = Workshop::new(RSA, RSA);
    let info = shop.info(&shop.reply("tsa", &request(&message()), ""));
    for (more, expected) in [
        (
            &["-md", "sha1"][..],
            "open: the digest algorithm 1.3.14.3.2.26",
        ),
        (
            &["-md", "sha224"],
            "open: the digest algorithm 2.16.840.1.101.3.4.2.4",
        ),
        (
            &["-keyopt", "rsa_padding_mode:pss"],
            "open: the algorithm 1.2.840.113549.1.1.10 has parameters",
        ),
        (
            &["-nocerts"],
            "open: the certificate of its signer is not at hand",
        ),
    ] {
        assert_reason(judged(&shop, &shop.forge(&info, "tsa", more)), expected);
    }
    let small = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"];
    let p_521 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"];
    for (name, key, expected) in [
        ("small", &small[..], "open: the RSA key is not accepted"),
        (
            "large",
            &p_521,
            "open: the curve 1.3.132.0.35 is not checked",
        ),
    ] {
        shop.certify(name, key, "root", TSA, LONG);
        assert_reason(judged(&shop, &shop.forge(&info, name, &[])), expected);
    }
}

#[test]
fn a_token_that_names_another_certificate_of_the_same_key_is_none() {
    let shop = Workshop::new(RSA, RSA);
    let info = shop.info(&shop.reply("tsa", &request(&message()), ""));
    let plain = [
        "cms",
        "-sign",
        "-binary",
        "-nodetach",
        "-in",
        "f.der",
        "-outform",
        "DER",
        "-out",
        "f.p7",
        "-econtent_type",
        "1.2.840.113549.1.9.16.1.4",
        "-signer",
        "tsa.pem",
        "-inkey",
        "tsa.key",
    ];
    shop.put("f.der", &info);
    shop.openssl(&plain);
    let reply = granted(&shop.get("f.p7"));
    assert_reason(
        judged(&shop, &reply),
        "wrong: it does not say which certificate",
    );
    assert!(!shop.verifies(&reply, &message(), &[]).0);
    // Signed for the first certificate, sent with the second, found by the identifier of the key.
    let named = "\nsubjectKeyIdentifier=hash";
    shop.certify("tsa", RSA, "root", &format!("{TSA}{named}"), LONG);
    let reply = shop.forge(&info, "tsa", &["-keyid", "-nocerts"]);
    let first = shop.get("tsa.pem");
    shop.certify_again("tsa", "root", &format!("{TSA}{named}"), LONG);
    let second = shop.get("tsa.pem");
    let root = Authorities::parse(&shop.get("root.pem")).unwrap();
    let with = |chain: &[u8]| check(&reply, None, Some(chain), &message(), Some(&root));
    assert_trusted(&with(&first));
    assert_reason(with(&second), "wrong: it names another certificate");
}

#[test]
fn a_request_that_was_not_granted_gives_no_time_stamp() {
    let shop = Workshop::new(RSA, RSA);
    let rejected = shop.reply("tsa", &request(&message()), "digests = sha512");
    assert_reason(
        judged(&shop, &rejected),
        "wrong: the authority did not grant the request: status 2",
    );
    let good = shop.reply("tsa", &request(&message()), "");
    let token = |status: u8| {
        shop.put("t.tsr", &good);
        shop.openssl(&["ts", "-reply", "-in", "t.tsr", "-token_out", "-out", "t.p7"]);
        der(
            0x30,
            &[&der(0x30, &[2, 1, status])[..], &shop.get("t.p7")].concat(),
        )
    };
    for status in [0, 1] {
        assert_trusted(&judged(&shop, &token(status)));
    }
    for status in [2, 3, 4, 5, 127] {
        assert_reason(judged(&shop, &token(status)), &format!("status {status}"));
    }
    assert_reason(
        judged(&shop, &[&good[..], b"\0"].concat()),
        "wrong: this is no time-stamp response",
    );
    // A token without its envelope, and a request in its place.
    assert_reason(
        judged(&shop, &shop.get("t.p7")),
        "wrong: this is no time-stamp response",
    );
    assert_reason(
        judged(&shop, &request(&message())),
        "wrong: this is no time-stamp response",
    );
}

#[test]
fn only_certificates_of_authorities_are_taken_as_authorities() {
    let shop = Workshop::new(RSA, P_256);
    let both = [shop.get("root.pem"), shop.get("tsa.pem")].concat();
    let bad = Authorities::parse(&both).unwrap_err();
    assert_eq!(
        bad,
        ["certificate 2: the certificate of CN=tsa,O=Test is not that of an authority"]
    );
    assert!(Authorities::parse(b"").is_err());
    assert!(Authorities::parse(&shop.get("root.key")).is_err());
    shop.openssl(&[
        "x509", "-in", "root.pem", "-outform", "DER", "-out", "root.der",
    ]);
    let root = Authorities::parse(&shop.get("root.der")).unwrap();
    let reply = shop.reply("tsa", &request(&message()), "");
    assert_trusted(&check(&reply, None, None, &message(), Some(&root)));
}

#[test]
fn time_stamps_count_on_and_the_same_one_is_added_only_once() {
    let shop = Workshop::new(P_256, P_256);
    let asked = request(&message());
    let (one, two) = (shop.reply("tsa", &asked, ""), shop.reply("tsa", &asked, ""));
    let mut files = std::collections::BTreeMap::from([(TAGS.to_owned(), message())]);
    let mut add = |reply: &[u8], chain: Option<&[u8]>| {
        attach_timestamp(&mut files, reply, Some(&asked), chain)
            .map(|(path, _)| path)
            .map_err(|error| error.problems[0].code)
    };
    let noisy = [b"a note\n", &shop.get("tsa.pem")[..]].concat();
    let other = shop.reply("tsa", &request(b"other"), "");
    assert_eq!(add(&one, None).unwrap(), "timestamps/1.tsr");
    assert_eq!(add(&one, None), Err("stamped-already"));
    assert_eq!(add(&other, None), Err("timestamp-invalid"));
    assert_eq!(add(&two, Some(b"no certificate")), Err("timestamp-invalid"));
    assert_eq!(add(&two, Some(&noisy)).unwrap(), "timestamps/2.tsr");
    let added = files.keys().filter(|path| *path != TAGS);
    let names: Vec<&str> = added.map(String::as_str).collect();
    let expected =
        ["1.tsq", "1.tsr", "2.pem", "2.tsq", "2.tsr"].map(|name| format!("timestamps/{name}"));
    assert_eq!(names, expected);
    assert_eq!(files["timestamps/2.pem"], shop.get("tsa.pem"));
}
