//! Nobody is exposed: what the public edition withholds stands nowhere in it.

use crate::support::{CaseBuilder, codes, sample};
use casefile::artifacts::{Artifact, Artifacts, Role};
use casefile::bundle::Edition;
use casefile::error::Error;
use casefile::evidence::Evidence;
use casefile::privacy;

const CONTACTS: &str = "event_id,received_at_local,ad_id,sender_pseudonym,notes,text\n\
    E1,2024-11-04 06:30,a1,quagga_river,met at the lighthouse,please send your number\n\
    E2,2024-11-05 10:00,b1,bo,,\n\
    E3,2024-11-05 11:00,b1,okapi,,\n";

/// The two arms with a contact log of three people.
fn case() -> CaseBuilder {
    CaseBuilder::two_arms().evidence("evidence/log.csv", "contacts", CONTACTS)
}

/// What stops the public edition; the full edition must build.
fn leaks(case: &CaseBuilder) -> Error {
    let error = case
        .try_build(Edition::Public)
        .expect_err("the public edition was built");
    assert!(
        error.problems.iter().all(|problem| problem.code == "leak"),
        "{error}"
    );
    case.build(Edition::Full);
    error
}

#[test]
fn a_case_that_names_nobody_builds_in_both_editions() {
    let public = case().build(Edition::Public);
    let full = case().build(Edition::Full);
    assert!(
        public
            .artifacts
            .iter()
            .all(|(path, _)| !path.starts_with("evidence/") || path.ends_with("delivery.csv"))
    );
    assert!(full.artifacts.get("evidence/EX-002_log.csv").is_some());
    for (path, artifact) in public.artifacts.iter() {
        let text = String::from_utf8_lossy(&artifact.bytes).to_lowercase();
        for private in ["quagga", "okapi", "lighthouse", "send your number"] {
            assert!(!text.contains(private), "`{private}` stands in {path}");
        }
    }
}

#[test]
fn a_handle_typed_into_the_narrative_stops_the_public_edition() {
    let error =
        leaks(&case().report("The account Quagga_River wrote first, to {{ share('a').pooled }}."));
    let told = error.to_string();
    assert!(
        !told.to_lowercase().contains("quagga"),
        "the message shows the value: {told}"
    );
    let subjects: Vec<&str> = error
        .problems
        .iter()
        .map(|problem| problem.subject.as_str())
        .collect();
    assert_eq!(subjects, ["case/report.md", "report.html", "report.pdf"]);
    assert_eq!(
        error.problems[0].to_string(),
        "case/report.md: the public edition would show an identity that it withholds (1 time(s)): the one in evidence/log.csv, row 2 [leak]\n  hint: remove it from the text or public file that holds it; the value itself is not printed here"
    );
    assert_eq!(error.exit_code(), 2);
}

#[test]
fn a_handle_typed_into_a_finding_stops_the_public_edition() {
    let error = leaks(
        &case().toml("[[finding]]\nid = \"f\"\ntext = \"okapi saw {{ share('a').pooled }}.\"\n"),
    );
    let subjects: Vec<&str> = error
        .problems
        .iter()
        .map(|problem| problem.subject.as_str())
        .collect();
    assert_eq!(subjects, ["case/case.toml", "report.html", "report.pdf"]);
    assert!(
        error
            .to_string()
            .contains("the one in evidence/log.csv, row 4"),
        "{error}"
    );
}

#[test]
fn a_handle_in_the_name_of_an_ad_stops_the_public_edition() {
    let error = leaks(
        &CaseBuilder::new()
            .evidence(
                "evidence/delivery.csv",
                "delivery",
                "ad,gender,impressions\nfor okapi,female,1\nfor okapi,male,2\n",
            )
            .evidence("evidence/log.csv", "contacts", CONTACTS),
    );
    let subjects: Vec<&str> = error
        .problems
        .iter()
        .map(|problem| problem.subject.as_str())
        .collect();
    for place in [
        "evidence/EX-001_delivery.csv",
        "report.html",
        "report.pdf",
        "statistics.json",
        "tables/table-ads.csv",
    ] {
        assert!(
            subjects.contains(&place),
            "{place} is not among {subjects:?}"
        );
    }
}

#[test]
fn a_handle_in_the_name_of_a_withheld_file_stops_the_public_edition() {
    let error = leaks(&CaseBuilder::two_arms().evidence(
        "evidence/chat with okapi.csv",
        "contacts",
        CONTACTS,
    ));
    let subjects: Vec<&str> = error
        .problems
        .iter()
        .map(|problem| problem.subject.as_str())
        .collect();
    assert_eq!(subjects, ["case/case.toml"]);
}

#[test]
fn a_note_and_a_text_are_found_also_inside_a_sentence() {
    for text in [
        "They met at the Lighthouse, it says: {{ share('a').pooled }}.",
        "\u{201C}Oh please send your number!\u{201D} {{ share('a').pooled }}",
    ] {
        let error = leaks(&case().report(text));
        assert!(
            error.problems[0].message.contains("a private text"),
            "{error}"
        );
    }
}

#[test]
fn a_handle_that_is_part_of_a_longer_word_is_no_leak() {
    case()
        .report("The okapis and their okapi_s: {{ share('a').pooled }}.")
        .build(Edition::Public);
}

#[test]
fn a_handle_of_two_letters_is_not_searched_for() {
    case()
        .report("Bo is a name of two letters: {{ share('a').pooled }}.")
        .build(Edition::Public);
}

#[test]
fn accounts_are_identities_and_what_is_noted_of_feeds_is_private() {
    let error = leaks(
        &CaseBuilder::two_arms()
            .evidence("evidence/accounts.csv", "accounts", "account,first_seen,reported,last_checked\n@tapir.night,2024-01-01,2024-01-02,2024-02-01\n")
            .evidence("evidence/feeds.csv", "feeds", "account,session,rank,codes,notes\nviewer,s,1,CHILD,the girl from the harbour\n")
            .report("@tapir.night and the girl from the harbour: {{ share('a').pooled }}."),
    );
    let told: Vec<&str> = error
        .problems
        .iter()
        .filter(|p| p.subject == "case/report.md")
        .map(|p| p.message.as_str())
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told.iter()
            .any(|m| m.contains("evidence/accounts.csv, row 2"))
            && told.iter().any(|m| m.contains("evidence/feeds.csv, row 2")),
        "{told:?}"
    );
}

/// What the scan finds of the sample's identities in a file of the given text.
fn scan(evidence: &Evidence, path: &str, text: &str) -> usize {
    let mut artifacts = Artifacts::default();
    artifacts
        .add(
            path,
            Artifact {
                bytes: text.into(),
                media_type: "text/plain",
                role: Role::Record,
            },
        )
        .unwrap();
    privacy::scan(evidence, &artifacts, "").map_or_else(|error| error.problems.len(), |()| 0)
}

#[test]
fn a_value_is_found_however_an_output_writes_it() {
    let mut evidence = case().prepare().evidence;
    evidence.contacts[0].sender = Some("O\"Hara & <Söhne>".into());
    for written in [
        "O\"Hara & <Söhne>",
        "o\\\"hara & <söhne>",
        "O&quot;Hara &amp; &lt;Söhne&gt;",
        "\"O\"\"Hara & <Söhne>\"",
    ] {
        assert_eq!(
            scan(&evidence, "x.txt", &format!("by {written}, they say")),
            1,
            "{written}"
        );
    }
    assert_eq!(scan(&evidence, "x.txt", "by O'Hara & Söhne"), 0);
}

#[test]
fn every_identity_of_the_sample_would_be_found() {
    let prepared = casefile::prepare(&sample()).unwrap();
    let evidence = prepared.evidence;
    let senders: std::collections::BTreeSet<String> = evidence
        .contacts
        .iter()
        .filter_map(|row| row.sender.clone())
        .chain(evidence.accounts.iter().map(|row| row.account.clone()))
        .collect();
    assert!(senders.len() > 20);
    for sender in senders {
        assert!(
            scan(&evidence, "x.txt", &format!("it was {sender}.")) > 0,
            "{sender}"
        );
    }
}

#[test]
fn the_bytes_of_a_withheld_file_do_not_enter_under_another_name() {
    let error = CaseBuilder::two_arms()
        .evidence(
            "evidence/log.csv",
            "contacts",
            "event_id,received_at_local,ad_id\nE1,2024-11-04 06:30,a1\n",
        )
        .evidence(
            "evidence/copy.csv",
            "attachment",
            "event_id,received_at_local,ad_id\nE1,2024-11-04 06:30,a1\n",
        )
        .toml("confidential = false\n")
        .try_build(Edition::Public)
        .map(|_| "built")
        .unwrap_err();
    assert_eq!(
        codes(&error.problems),
        ["withheld-file-included"],
        "{error}"
    );
}

#[test]
fn a_file_that_casefile_does_not_read_stays_out_unless_declared_public() {
    let names = |case: &CaseBuilder| -> Vec<String> {
        let built = case.build(Edition::Public);
        let paths = built.artifacts.iter().map(|(path, _)| path.to_owned());
        paths.filter(|path| path.starts_with("evidence/")).collect()
    };
    let letter = CaseBuilder::two_arms().evidence("evidence/letter.txt", "attachment", "Dear all");
    assert_eq!(names(&letter), ["evidence/EX-001_delivery.csv"]);
    let public = letter.toml("confidential = false\n");
    let both = ["evidence/EX-001_delivery.csv", "evidence/EX-002_letter.txt"];
    assert_eq!(names(&public), both);
}
