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
    assert_eq!(
        subjects,
        [
            "case/report.md",
            "report.html",
            "report.pdf",
            "sentences.json"
        ]
    );
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
    assert_eq!(
        subjects,
        [
            "CITATION.cff",
            "case/case.toml",
            "citation.bib",
            "citation.csl.json",
            "citation.datacite.json",
            "citation.jsonld",
            "citation.record.json",
            "citation.ris",
            "findings/f.json",
            "report.html",
            "report.pdf",
            "sentences.json"
        ]
    );
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
fn a_handle_in_the_name_of_a_withheld_file_stays_out_of_the_public_edition() {
    let built = CaseBuilder::two_arms()
        .evidence("evidence/chat with okapi.csv", "contacts", CONTACTS)
        .build(Edition::Public);
    let toml = built
        .artifacts
        .get("case/case.toml")
        .expect("the case is in the edition");
    let toml = String::from_utf8_lossy(&toml.bytes).into_owned();
    assert!(toml.contains("file = \"EX-00"), "{toml}");
    for (path, artifact) in built.artifacts.iter() {
        let text = String::from_utf8_lossy(&artifact.bytes);
        assert!(!text.contains("okapi"), "{path}");
    }
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
        .report("The okapis and their xokapi: {{ share('a').pooled }}.")
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
    scan_bytes(evidence, path, text.as_bytes(), Role::Record)
}

fn scan_bytes(evidence: &Evidence, path: &str, bytes: &[u8], role: Role) -> usize {
    let mut artifacts = Artifacts::default();
    artifacts
        .add(
            path,
            Artifact {
                bytes: bytes.into(),
                media_type: if role == Role::Evidence {
                    "video/mp4"
                } else {
                    "text/plain"
                },
                role,
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

/// A file of many megabytes is searched in pieces of four: wherever a value stands, it is found, and
/// what an edge makes of another word is none.
#[test]
fn values_are_found_across_the_edges_of_pieces_and_only_they() {
    let mut evidence = case().prepare().evidence;
    evidence.contacts[0].sender = Some("quagga-näve".into());
    evidence.contacts[1].sender = Some("Will".into());
    evidence.contacts[2].sender = Some("+44 20 7946 0018".into());
    let edge = 4 << 20;
    for fill in ["-", "é"] {
        let filler = fill.repeat((edge + (200 << 10)) / fill.len());
        let put = |written: &str, at: usize| {
            let at = filler.ceil_char_boundary(at);
            let (before, after) = filler.split_at(at);
            format!("{before} {written} {after}").into_bytes()
        };
        // So that an edge cuts each of the three.
        for shift in [0, 7, 15, 26] {
            // Both edges of the place that two pieces share.
            for at in [edge - shift, edge + (64 << 10) - shift] {
                let found = |written: &str| {
                    scan_bytes(&evidence, "x.mp4", &put(written, at), Role::Evidence)
                };
                let all = "Quagga-Näve Will +44 (20) 7946 0018";
                assert_eq!(found(all), 3, "{fill} {at}");
                let others = "aquagga-näver 1quagga-näve Willow goodWill";
                assert_eq!(found(others), 0, "{fill} {at}");
            }
        }
    }
}

/// The last piece of a file is the one that reaches its end.
#[test]
fn a_value_that_ends_a_large_file_is_found() {
    let mut evidence = case().prepare().evidence;
    evidence.contacts[0].sender = Some("quagga-näve".into());
    evidence.contacts[1].sender = Some("Will".into());
    let edge = 4 << 20;
    for before in [edge - 9, edge - 2, edge, edge + 1, edge + (64 << 10) - 3] {
        for name in ["quagga-näve", "Will"] {
            let file = format!("{} {name}", "-".repeat(before)).into_bytes();
            let found = scan_bytes(&evidence, "x.mp4", &file, Role::Evidence);
            assert_eq!(found, 1, "{name} {before}");
        }
    }
}

#[test]
fn names_are_found_in_western_text_and_behind_the_letters_of_a_zip() {
    let mut evidence = case().prepare().evidence;
    evidence.contacts[0].sender = Some("quagga-näve".into());
    assert_eq!(
        scan_bytes(
            &evidence,
            "x.txt",
            b"by Quagga-N\xE4ve, she says",
            Role::Record
        ),
        1
    );
    assert_eq!(
        scan_bytes(
            &evidence,
            "x.csv",
            "PK,name\n1,quagga-näve\n".as_bytes(),
            Role::Record
        ),
        1
    );
    // What cannot be decoded stands in the value as the mark for it.
    evidence.contacts[0].sender = Some("qu\u{FFFD}gga".into());
    assert_eq!(
        scan_bytes(&evidence, "x.mp4", b"\xFE by qu\xE4gga", Role::Evidence),
        1
    );
}

/// A recording can hold a name among bytes that are no text.
#[test]
fn a_name_among_bytes_that_are_no_text_is_found() {
    let mut evidence = case().prepare().evidence;
    evidence.contacts[0].sender = Some("quagga-näve".into());
    let scan = |bytes: &[u8]| scan_bytes(&evidence, "x.mp4", bytes, Role::Evidence);
    let found = [
        b"\xFF\xFE\x80\x01".as_slice(),
        "QUAGGA-Näve".as_bytes(),
        b"\x02\x80\xC3",
    ]
    .concat();
    assert_eq!(scan(found.get(2..).unwrap()), 1);
    assert_eq!(scan(b"\x80quagga-n\x80\x01\xC3\xA4ve\x02"), 0);
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

#[test]
fn other_spellings_of_a_handle_or_number_are_found_in_text_utf16_and_workbooks() {
    let log = "event_id,received_at_local,ad_id,sender_pseudonym\nE1,2024-11-04 06:30,a1,@Zoë_okapi\nE2,2024-11-04 07:30,a1,+1 555 010 4567\n";
    let with = |name: &str, bytes: Vec<u8>| {
        CaseBuilder::two_arms()
            .evidence("evidence/log.csv", "contacts", log)
            .file(&format!("evidence/{name}"), bytes)
            .toml(&format!("[[evidence]]\nfile = \"evidence/{name}\"\nkind = \"attachment\"\nconfidential = false\n"))
    };
    let utf16: Vec<u8> = "\u{FEFF}wrote zoë_okapi"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut zipped = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let deflated = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated);
    zipped
        .start_file("a.xml", deflated)
        .expect("a zip in memory");
    std::io::Write::write_all(&mut zipped, "<t>ZOE\u{308}_OKAPI</t>".repeat(9).as_bytes())
        .expect("a zip in memory");
    let zipped = zipped.finish().expect("a zip in memory").into_inner();
    for (name, bytes) in [
        ("memo.txt", b"call 1-555-0104567 now".to_vec()),
        ("memo16.txt", utf16),
        ("memo.docx", zipped),
    ] {
        let error = leaks(&with(name, bytes));
        assert!(
            error.problems.iter().all(|problem| problem.code == "leak"),
            "{name}: {error}"
        );
    }
}

#[test]
fn free_text_in_a_column_that_is_printed_stops_the_build_without_being_repeated() {
    let log = "event_id,received_at_local,ad_id,channel,code_primary\nE1,2024-11-04 06:30,a1,dm from @someone,GREETING\nE2,2024-11-04 06:31,a1,dm,call me on 5550104567\n";
    let problems = CaseBuilder::two_arms()
        .evidence("evidence/log.csv", "contacts", log)
        .problems();
    assert_eq!(codes(&problems), ["free-text", "free-text"]);
    let told = format!("{problems:?}");
    assert!(!told.contains("someone") && !told.contains("555"), "{told}");
}

#[test]
fn test_accounts_of_feeds_are_numbered_and_what_they_follow_is_not_printed() {
    let built = CaseBuilder::two_arms()
        .evidence(
            "evidence/feeds.csv",
            "feeds",
            "account,follows,session,rank,codes\ntapirviewer,@okapi_girl,s,1,CHILD\n",
        )
        .build(Edition::Public);
    let page = built
        .artifacts
        .get("report.html")
        .expect("the page is in the edition");
    let page = String::from_utf8_lossy(&page.bytes).into_owned();
    assert!(page.contains("test account 1"), "the feed is reported");
    assert!(!page.contains("tapirviewer") && !page.contains("okapi_girl"));
}

#[test]
fn a_name_is_found_with_whatever_mark_it_is_typed() {
    let mut evidence = case().prepare().evidence;
    evidence.contacts[0].sender = Some("Quirin O'Beispiel-Muster".into());
    for written in [
        "Quirin O\u{2019}Beispiel-Muster",
        "Quirin O\u{B4}Beispiel\u{2011}Muster",
        "Quirin\u{A0}O'Beispiel\u{2013}Muster",
        "Quirin O\u{2BC}Beispiel-\u{200B}Muster",
        "Qui\u{AD}rin O'Beispiel--Muster",
        "\u{FF31}uirin O\u{2032}Beispiel\u{2212}Muster",
    ] {
        let found = scan(&evidence, "x.txt", &format!("by {written}, they say"));
        assert_eq!(found, 1, "{written}");
    }
    assert_eq!(scan(&evidence, "x.txt", "by Quirin O Beispiel Muster"), 0);
}

#[test]
fn a_name_that_typesetting_changes_stops_the_public_edition() {
    let contacts = CONTACTS.replace("quagga_river", "Quirin O'Beispiel");
    let typed = CaseBuilder::two_arms()
        .evidence("evidence/log.csv", "contacts", &contacts)
        .report("Quirin O\u{2019}Beispiel wrote first, of {{ share('a').pooled }}.");
    leaks(&typed);
}

#[test]
fn the_name_of_a_withheld_file_stops_the_public_edition() {
    let log = |name: &str| CaseBuilder::two_arms().evidence(name, "contacts", CONTACTS);
    let named = |source: &str| {
        format!("[[fact]]\nid = \"price\"\nvalue = \"high\"\nsource = \"{source}\"\n")
    };
    for source in [
        "list, evidence/log_of_quirin.csv",
        "list, log_of_quirin.csv",
    ] {
        leaks(&log("evidence/log_of_quirin.csv").toml(&named(source)));
    }
    // A name that tells the kind and no more is no secret.
    log("evidence/contacts.csv")
        .toml(&named("our contacts.csv"))
        .build(Edition::Public);
}

#[test]
fn a_comment_of_the_narrative_stays_with_its_author() {
    let text = "{# she met me at the station #}Of men {#- and this -#} : {{ share('a').pooled }}.";
    let noted = case().report(text);
    let held = |edition| {
        let built = noted.build(edition);
        let artifact = built.artifacts.get("case/report.md").unwrap();
        let printed = built.artifacts.get("sentences.json").unwrap();
        (
            String::from_utf8(artifact.bytes.clone()).unwrap(),
            printed.bytes.clone(),
        )
    };
    let (public, printed) = held(Edition::Public);
    assert_eq!(
        public, "{# #}Of men {#- -#} : {{ share('a').pooled }}.",
        "{public}"
    );
    assert!(String::from_utf8(printed).unwrap().contains("Of men:"));
    assert_eq!(held(Edition::Full).0, text);
    // What stays prints the same.
    let again = case().report(&public).build(Edition::Public);
    let printed = |built: &casefile::Built| {
        let sentences = built.artifacts.get("sentences.json").unwrap();
        let json: serde_json::Value = serde_json::from_slice(&sentences.bytes).unwrap();
        let all = json["sentences"].as_array().unwrap().clone();
        let own = all.into_iter().filter(|own| own["section"] == "report");
        own.collect::<Vec<_>>()
    };
    let first = printed(&noted.build(Edition::Public));
    assert!(!first.is_empty() && printed(&again) == first);
}
