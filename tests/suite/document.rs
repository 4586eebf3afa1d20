//! The report says what the evidence shows, what it lacks, and nothing of anybody.

use crate::support::{CaseBuilder, sample};
use casefile::bundle::Edition;
use casefile::document::{Block, Document, Section, plain};

fn section<'d>(document: &'d Document, id: &str) -> &'d Section {
    let ids: Vec<&str> = document
        .sections
        .iter()
        .map(|section| section.id.as_str())
        .collect();
    document
        .sections
        .iter()
        .find(|section| section.id == id)
        .unwrap_or_else(|| panic!("no section {id} among {ids:?}"))
}

fn ids(document: &Document) -> Vec<&str> {
    document
        .sections
        .iter()
        .map(|section| section.id.as_str())
        .collect()
}

/// Paragraphs, list items, quotes, findings and cells of a section, one a line.
fn words(section: &Section) -> String {
    let mut lines = Vec::new();
    for block in &section.blocks {
        match block {
            Block::Paragraph { text } | Block::Heading { text, .. } => lines.push(plain(text)),
            Block::Note { title, text, .. } => lines.push(format!("{title}: {}", plain(text))),
            Block::List { items, .. } => lines.extend(items.iter().map(|item| plain(item))),
            Block::Quote { text, source } => {
                lines.push(format!("{} {}", plain(text), plain(source)))
            }
            Block::Finding(finding) => lines.push(plain(&finding.statement)),
            Block::Figure(chart) => {
                lines.push(format!("{} {}", chart.title, chart.alt));
                lines.extend(
                    chart
                        .table
                        .rows
                        .iter()
                        .flatten()
                        .map(|cell| cell.text.clone()),
                );
            }
            Block::Table(table) => {
                lines.extend(table.rows.iter().flatten().map(|cell| cell.text.clone()))
            }
            Block::Definitions { items } => lines.extend(
                items
                    .iter()
                    .map(|item| format!("{}: {}", item.term, plain(&item.description))),
            ),
            Block::Code { text, .. } => lines.push(text.clone()),
            Block::References { items } => lines.extend(
                items
                    .iter()
                    .map(|item| format!("{} {}", plain(&item.text), plain(&item.cited_in))),
            ),
        }
    }
    lines.join("\n").replace('\u{A0}', " ")
}

fn limits(case: &CaseBuilder) -> String {
    words(section(&compose(case), "limits"))
}

/// The public document of a case.
fn compose(case: &CaseBuilder) -> Document {
    case.build(Edition::Public).document
}

/// Ids of the figures and tables of a document, in order.
fn exhibits(document: &Document) -> Vec<String> {
    let mut list = Vec::new();
    for block in document.sections.iter().flat_map(|section| &section.blocks) {
        match block {
            Block::Figure(chart) => list.extend([chart.id.clone(), chart.table.id.clone()]),
            Block::Table(table) => list.push(table.id.clone()),
            _ => {}
        }
    }
    list
}

const EVERY_CASE: [&str; 10] = [
    "summary",
    "tested",
    "contacts",
    "statements",
    "limits",
    "method",
    "notices",
    "evidence",
    "verify",
    "cite",
];

#[test]
fn the_sample_has_every_section_in_reading_order() {
    let document = casefile::build(&sample(), Edition::Public)
        .unwrap_or_else(|error| panic!("{error}"))
        .document;
    assert_eq!(
        ids(&document),
        [
            "summary",
            "report",
            "tested",
            "delivery",
            "contacts",
            "accounts",
            "feeds",
            "robustness",
            "recommendations",
            "statements",
            "limits",
            "method",
            "references",
            "notices",
            "evidence",
            "verify",
            "declaration",
            "cite"
        ]
    );
    let findings = section(&document, "summary")
        .blocks
        .iter()
        .filter(|block| matches!(block, Block::Finding(_)))
        .count();
    assert_eq!(findings, sample().findings.len());
    let exhibits = exhibits(&document);
    for id in [
        "figure-share",
        "figure-difference",
        "figure-age",
        "figure-over-time",
        "table-ads",
        "table-regions",
        "table-arms",
        "table-balance",
        "figure-contact-rates",
        "figure-categories",
        "table-channels",
        "table-people",
        "figure-accounts",
        "figure-feeds",
        "table-evidence",
        "table-parameters",
        "table-notices",
    ] {
        assert!(
            exhibits.iter().any(|exhibit| exhibit == id),
            "{id} is not among {exhibits:?}"
        );
    }
    let statements = words(section(&document, "statements"));
    assert!(
        statements.contains("No answer is recorded."),
        "{statements}"
    );
    assert!(
        document
            .meta
            .banner
            .as_deref()
            .is_some_and(|banner| banner.contains("Synthetic"))
    );
}

#[test]
fn every_number_and_cell_refers_to_a_provenance_that_exists() {
    let document = casefile::build(&sample(), Edition::Public)
        .unwrap()
        .document;
    let json = serde_json::to_value(&document).unwrap();
    let mut referred = Vec::new();
    fn walk(value: &serde_json::Value, referred: &mut Vec<u64>) {
        match value {
            serde_json::Value::Object(map) => {
                referred.extend(map.get("provenance").and_then(serde_json::Value::as_u64));
                map.values().for_each(|value| walk(value, referred));
            }
            serde_json::Value::Array(list) => list.iter().for_each(|value| walk(value, referred)),
            _ => {}
        }
    }
    walk(&json, &mut referred);
    assert!(
        referred.len() > 100,
        "only {} numbers have a provenance",
        referred.len()
    );
    assert!(
        referred
            .iter()
            .all(|&index| (index as usize) < document.provenance.len())
    );
    for provenance in &document.provenance {
        assert!(
            !provenance.label.is_empty()
                && !provenance.method.is_empty()
                && !provenance.method_source.is_empty()
                && !provenance.query.is_empty(),
            "{provenance:?}"
        );
    }
}

#[test]
fn one_delivery_file_and_nothing_else_still_makes_a_whole_report() {
    let case = CaseBuilder::new().evidence(
        "evidence/d.csv",
        "delivery",
        "ad,gender,impressions\nx,female,20\nx,male,80\ny,female,30\ny,male,60\ny,unknown,10\n",
    );
    let document = compose(&case);
    let expected: Vec<&str> = EVERY_CASE
        .into_iter()
        .flat_map(|id| {
            if id == "contacts" {
                vec!["delivery", id]
            } else {
                vec![id]
            }
        })
        .collect();
    assert_eq!(ids(&document), expected);
    let summary = words(section(&document, "summary"));
    assert!(
        summary.starts_with(
            "The case declares no findings; casefile states what the evidence shows, and no more."
        ),
        "{summary}"
    );
    assert!(
        summary.contains("men") && summary.lines().count() > 1,
        "{summary}"
    );
    assert!(
        plain(&document.meta.answer).contains('%'),
        "{}",
        plain(&document.meta.answer)
    );
    assert!(words(section(&document, "tested")).contains("The case has no table of ads"));
    assert!(words(section(&document, "contacts")).starts_with("No contact log is recorded in this case. Nothing is known of what the test accounts received"));
    assert!(
        words(section(&document, "statements")).contains("None recorded"),
        "{}",
        words(section(&document, "statements"))
    );
    assert!(
        words(section(&document, "notices"))
            .contains("hold 5 data rows; 5 were read and 0 were excluded")
    );
    assert!(words(section(&document, "evidence")).contains("Chain of custody: none recorded."));
}

#[test]
fn a_case_without_any_evidence_says_so_in_every_section() {
    let document = compose(&CaseBuilder::new());
    assert_eq!(ids(&document), EVERY_CASE);
    assert_eq!(
        plain(&document.meta.answer),
        "No ad delivery is recorded in this case."
    );
    assert!(
        words(section(&document, "tested"))
            .starts_with("No delivery export is recorded in this case")
    );
}

#[test]
fn a_contact_log_without_ads_is_told_without_shares_and_rates() {
    let document = compose(&CaseBuilder::new().evidence("evidence/c.csv", "contacts", "event_id,received_at_local,sender_pseudonym,code_primary\nE1,2024-11-04 06:30,S-1,OFFER_MONEY\nE2,2024-11-04 07:30,S-1,GREETING\n"));
    assert_eq!(ids(&document), EVERY_CASE);
    let contacts = words(section(&document, "contacts"));
    assert!(
        contacts.starts_with("The log has 2 incoming contacts from 1 distinct senders."),
        "{contacts}"
    );
    assert!(
        contacts.contains("1 of 2 contacts fall into a category of concern"),
        "{contacts}"
    );
}

#[test]
fn silence_of_the_platform_is_recorded() {
    let document = compose(&CaseBuilder::two_arms().evidence(
        "evidence/s.csv",
        "statements",
        "id,source,role,date,asked,asked_on,quote,reference\np,The platform,platform,,Why?,2024-12-01,,\nm,A maker,merchant,2024-12-02,,,It rang within a day.,interview\n",
    ));
    let statements = words(section(&document, "statements"));
    assert!(
        statements.contains("The platform (platform): Asked on 1 December 2024: \u{201C}Why?\u{201D}. No answer is recorded.")
            && statements.contains("The platform")
            && !statements.contains("None recorded"),
        "{statements}"
    );
    assert!(statements.contains("1 December 2024"), "{statements}");
}

#[test]
fn the_limits_name_an_arm_of_one_ad_and_one_of_few() {
    let told = limits(&CaseBuilder::new().evidence(
        "evidence/d.csv",
        "delivery",
        "ad,gender,impressions\na1,female,5\na1,male,5\na1,unknown,0\n",
    ));
    assert!(
        told.contains("There is one arm only and nothing to compare it with"),
        "{told}"
    );
    assert!(told.contains("The arm “All ads” has one ad: how much such ads differ from each other is not known, and no interval is given."), "{told}");
    let told = limits(&CaseBuilder::two_arms());
    assert!(
        told.contains("The arm “First” has 2 ads only: its interval rests on little."),
        "{told}"
    );
    assert!(
        told.contains("No table of ads says what else differed between the arms"),
        "{told}"
    );
    assert!(
        !told.contains("one arm only") && !told.contains("has one ad"),
        "{told}"
    );
}

#[test]
fn the_limits_name_unknown_gender_and_missing_cells() {
    let told = limits(&CaseBuilder::new().evidence(
        "evidence/d.csv",
        "delivery",
        "ad,gender,impressions\na1,female,50\na1,male,30\na1,unknown,20\na2,male,9\na3,female,40\na3,male,40\n",
    ));
    assert!(told.contains("the gender of 10.6 % of what was counted is unknown; the pooled share of ads that have one could lie anywhere within "), "{told}");
    assert!(
        told.contains("For 1 ad the export has no count for one gender. Absent is not zero"),
        "{told}"
    );
    assert!(told.contains("For 1 ad the export has no row for unknown gender; whether there was none is not known."), "{told}");
}

#[test]
fn the_limits_name_a_single_account_and_a_single_coder() {
    let one = |account: &str| {
        CaseBuilder::two_arms()
            .evidence("evidence/ads.csv", "ads", format!("ad,account,objective\na1,shop,traffic\nb1,{account},traffic\n"))
            .evidence("evidence/c.csv", "contacts", "event_id,received_at_local,ad_id,code_primary,coder\nE1,2024-11-04 06:30,a1,GREETING,C1\n")
    };
    let told = limits(&one("shop"));
    assert!(
        told.contains("All ads were run from one advertiser account"),
        "{told}"
    );
    assert!(told.contains("One coder at most is named in the contact log: how far another would agree is not known."), "{told}");
    assert!(
        told.contains("For 1 contact the time after the start of the ad is not known."),
        "{told}"
    );
    assert!(!limits(&one("newsroom")).contains("one advertiser account"));
}

#[test]
fn the_limits_of_the_sample_name_accounts_still_online_and_the_benchmark() {
    let document = casefile::build(&sample(), Edition::Public)
        .unwrap()
        .document;
    let told = words(section(&document, "limits"));
    assert!(
        told.contains("Accounts not removed by their last check may have stayed online longer"),
        "{told}"
    );
    assert!(told.contains("The benchmark is an estimate"), "{told}");
    assert!(
        !told.contains("one ad:")
            && !told.contains("one advertiser account")
            && !told.contains("One coder at most"),
        "{told}"
    );
}

/// A case whose private values are distinctive.
fn guarded() -> CaseBuilder {
    CaseBuilder::two_arms()
        .evidence(
            "evidence/vicuna-log.csv",
            "contacts",
            "event_id,received_at_local,direction,ad_id,sender_pseudonym,account_under_test,code_primary,coder,second_coder,second_coder_code,evidence_ref,notes,text\n\
             EVX1,2024-11-04 06:30,in,a1,@quokka.one,underaccount,GREETING,coder-lynx,coder-puma,GREETING,REF-kiwi,a note on walrus,words of ocelot\n\
             EVX2,2024-11-05,in,b9,@quokka.two,underaccount,,,,,,,\n",
        )
        .evidence("evidence/alpaca-list.csv", "accounts", "account,first_seen,reported,last_checked,notes\n@meerkat.acc,2024-01-01,2024-01-02,2024-02-01,seen with narwhal\n")
        .evidence("evidence/secret-gecko.csv", "attachment", "anything about axolotl")
        .toml("confidential = true\n")
}

#[test]
fn the_public_document_holds_no_text_handle_note_or_name_of_a_withheld_file() {
    let json = serde_json::to_string(&compose(&guarded()))
        .unwrap()
        .to_lowercase();
    for private in [
        "vicuna",
        "quokka",
        "lynx",
        "puma",
        "kiwi",
        "walrus",
        "ocelot",
        "alpaca",
        "meerkat",
        "narwhal",
        "gecko",
        "axolotl",
        "evx1",
        "underaccount",
    ] {
        assert!(
            !json.contains(private),
            "`{private}` stands in the public document"
        );
    }
    assert!(
        json.contains("ex-001") && json.contains("withheld"),
        "withheld files are listed by exhibit"
    );
    assert!(json.contains("person 1") && json.contains("person 2"));
}

#[test]
fn the_full_document_names_its_files_and_still_no_person() {
    let json = serde_json::to_string(&guarded().build(Edition::Full).document)
        .unwrap()
        .to_lowercase();
    assert!(
        json.contains("vicuna-log.csv")
            && json.contains("alpaca-list.csv")
            && json.contains("secret-gecko.csv")
    );
    for private in [
        "quokka", "walrus", "ocelot", "meerkat", "narwhal", "axolotl",
    ] {
        assert!(
            !json.contains(private),
            "`{private}` stands in the full document"
        );
    }
}

#[test]
fn names_of_confidential_exports_stay_out_of_notices_too() {
    let export = |male: u64| format!("ad,gender,impressions\nx,female,5\nx,male,{male}\n");
    let document = compose(
        &CaseBuilder::new()
            .evidence("evidence/ibex_2024-11-05_09-00.csv", "delivery", export(9))
            .toml("confidential = true\n")
            .evidence(
                "evidence/chamois_2024-11-06_09-00.csv",
                "delivery",
                export(8),
            )
            .toml("confidential = true\n"),
    );
    let json = serde_json::to_string(&document).unwrap().to_lowercase();
    assert!(json.contains("count-decreased"));
    assert!(
        !json.contains("ibex") && !json.contains("chamois"),
        "a notice names a withheld file"
    );
}

#[test]
fn both_editions_hold_the_same_numbers() {
    let (public, full) = (
        guarded().build(Edition::Public),
        guarded().build(Edition::Full),
    );
    assert_eq!(public.digest, full.digest);
    assert_eq!(
        public.artifacts.get("statistics.json"),
        full.artifacts.get("statistics.json")
    );
    let values = |document: &Document| {
        document
            .provenance
            .iter()
            .map(|p| (p.id.clone(), p.value.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(values(&public.document), values(&full.document));
}

#[test]
fn hostile_names_of_ads_stay_plain_text() {
    let hostile = [
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "{{ 7 * 7 }}",
        "#set page(width: 1pt)",
        "**bold** [x](javascript:1)",
        "\u{202E}drawkcab",
    ];
    let rows: Vec<String> = hostile
        .iter()
        .flat_map(|name| {
            [
                format!("\"{name}\",female,10\n"),
                format!("\"{name}\",male,30\n"),
            ]
        })
        .collect();
    let case = CaseBuilder::new().evidence(
        "evidence/d.csv",
        "delivery",
        format!("ad,gender,impressions\n{}", rows.concat()),
    );
    let built = case.build(Edition::Public);
    let told = words(section(&built.document, "delivery"));
    for name in hostile {
        assert!(
            told.lines().any(|line| line == name),
            "{name} is not among the ads:\n{told}"
        );
    }
    let html =
        String::from_utf8(built.artifacts.get("report.html").unwrap().bytes.clone()).unwrap();
    assert!(
        !html.contains("<script>alert")
            && !html.contains("href=\"javascript:")
            && !html.contains('\u{202E}')
    );
    let csv = String::from_utf8(
        built
            .artifacts
            .get("tables/table-ads.csv")
            .unwrap()
            .bytes
            .clone(),
    )
    .unwrap();
    assert!(
        csv.lines()
            .all(|line| !line.trim_start_matches('"').starts_with('=')),
        "{csv}"
    );
}

#[test]
fn a_caption_for_a_figure_that_the_report_lacks_is_an_error() {
    let problem = CaseBuilder::two_arms()
        .toml("[[caption]]\nfor = \"figure-shares\"\ntext = \"Seen: {{ share('a').pooled }}\"\n")
        .only_problem();
    assert!(problem.starts_with("case.toml:12:7: a caption names a figure or table that this report does not have: `figure-shares` [caption-without-figure]\n  hint: the report has: "), "{problem}");
    assert!(
        problem.contains("figure-share,") && problem.contains("table-ads"),
        "{problem}"
    );
}

#[test]
fn a_caption_replaces_that_of_casefile() {
    let document =
        compose(&CaseBuilder::two_arms().toml(
            "[[caption]]\nfor = \"figure-share\"\ntext = \"Seen: {{ share('a').pooled }}\"\n",
        ));
    let chart = document
        .sections
        .iter()
        .flat_map(|section| &section.blocks)
        .find_map(|block| match block {
            Block::Figure(chart) if chart.id == "figure-share" => Some(chart),
            _ => None,
        });
    assert_eq!(plain(&chart.unwrap().caption), "Seen: 78.6\u{A0}%");
}

#[test]
fn a_correction_says_what_it_replaces() {
    let document = compose(&CaseBuilder::two_arms().replace(
        "\"small\"\n",
        "\"small\"\nsupersedes = \"sha256:00000000000000000000000000000000000000000000000000000000000000ff\"\ncorrection = \"One file was read twice.\"\n",
    ));
    let summary = words(section(&document, "summary"));
    assert!(
        summary.contains("One file was read twice. This version replaces the bundle sha256:00000000000000000000000000000000000000000000000000000000000000ff."),
        "{summary}"
    );
}

#[test]
fn the_citation_names_authors_year_title_version_and_digest() {
    let built = CaseBuilder::two_arms()
        .replace("\"small\"\n", "\"small\"\npublisher = \"The Newsroom\"\nauthors = [{ name = \"A. Author\" }, { name = \"B. Author\" }]\n")
        .build(Edition::Public);
    assert_eq!(
        built.document.meta.citation,
        format!(
            "A. Author, & B. Author. (2025). A small case (Version 1.0.0) [Report]. The Newsroom. SHA-256 {}.",
            built.digest
        )
    );
}

#[test]
fn every_figure_has_a_text_alternative_and_every_section_an_anchor_of_its_own() {
    let document = casefile::build(&sample(), Edition::Public)
        .unwrap()
        .document;
    let mut anchors = std::collections::BTreeSet::new();
    for section in &document.sections {
        assert!(anchors.insert(section.id.clone()), "{}", section.id);
        for block in &section.blocks {
            match block {
                Block::Figure(chart) => {
                    assert!(
                        chart.alt.len() > 40
                            && !chart.title.is_empty()
                            && !chart.source.is_empty()
                            && !chart.table.rows.is_empty(),
                        "{}",
                        chart.id
                    );
                    assert!(anchors.insert(chart.id.clone()), "{}", chart.id);
                }
                Block::Finding(finding) => {
                    assert!(anchors.insert(finding.anchor.clone()), "{}", finding.anchor)
                }
                _ => {}
            }
        }
    }
}

#[test]
fn a_declaration_lists_the_exhibits_and_is_left_blank_where_nothing_is_known() {
    let silent = compose(&CaseBuilder::two_arms());
    assert!(!ids(&silent).contains(&"declaration"));

    let document = compose(&CaseBuilder::two_arms().toml("[declaration]\n"));
    let section_of_it = words(section(&document, "declaration"));
    let evidence = words(section(&document, "evidence"));
    for line in evidence.lines().filter(|line| line.starts_with("EX-")) {
        assert!(section_of_it.contains(line), "{line}: {section_of_it}");
    }
    assert!(section_of_it.contains("Witness: ____"), "{section_of_it}");
    assert!(section_of_it.contains("none recorded"), "{section_of_it}");
    assert!(
        section_of_it.contains(&document.meta.digest_grouped),
        "{section_of_it}"
    );
    assert!(section_of_it.contains("Signature: ____"), "{section_of_it}");
}

#[test]
fn a_declaration_says_what_the_case_gives_and_no_typed_number() {
    let case = CaseBuilder::two_arms().toml(
        "[declaration]\nwitness = \"A. <b>Witness</b>\"\ncapacity = \"Editor\"\ntext = \"The share is {{ share('a').pooled }}. What I say is true.\"\n",
    );
    let said = words(section(&compose(&case), "declaration"));
    assert!(said.contains("Witness: A. <b>Witness</b>"), "{said}");
    assert!(said.contains("Capacity: Editor"), "{said}");
    assert!(
        said.contains("The share is 78.6 %. What I say is true."),
        "{said}"
    );

    let typed = CaseBuilder::two_arms().toml("[declaration]\ntext = \"I saw 4 ads.\"\n");
    let problem = typed.only_problem();
    assert!(problem.contains("declaration"), "{problem}");
    assert!(problem.contains("number-typed-by-hand"), "{problem}");
}
