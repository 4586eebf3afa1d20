//! Downloads of messages, libraries and captures as a case uses them: counted once, told apart, kept
//! back.

use crate::support::{CaseBuilder, codes};
use casefile::bundle::Edition;
use casefile::case::Kind;
use casefile::evidence::{Resolution, TimeBasis};
use casefile::import::{Hints, Input, read};
use std::io::Write as _;

const CHAT: &str = "13/3/24, 9:41 - Zorilla Example: hi\n13/3/24, 9:41 - Zorilla Example: hi\n13/3/24, 9:42 - Me: no\n";
const LATER: &str = "13/3/24, 9:41 - Zorilla Example: hi\n13/3/24, 9:41 - Zorilla Example: hi\n13/3/24, 9:42 - Me: no\n14/3/24, 8:00 - Zorilla Example: what a lovely bracelet you have\n";

fn declared(case: CaseBuilder, file: &str, bytes: impl AsRef<[u8]>, more: &str) -> CaseBuilder {
    case.file(file, bytes).toml(&format!(
        "[[evidence]]\nfile = \"{file}\"\nkind = \"contacts\"\n{more}\n"
    ))
}

const SAID: &str = "account = \"Me\"\ntimezone = \"Europe/Berlin\"";

fn archive(members: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in members {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(*name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn conversation(folder: &str, who: &str, texts: &[(u64, &str)]) -> String {
    let messages: Vec<String> = texts
        .iter()
        .map(|(at, text)| {
            format!(r#"{{"sender_name":"{who}","timestamp_ms":{at},"content":"{text}"}}"#)
        })
        .collect();
    format!(
        r#"{{"participants":[{{"name":"{who}"}},{{"name":"Me"}}],"messages":[{}],"thread_path":"{folder}"}}"#,
        messages.join(",")
    )
}

#[test]
fn an_event_that_two_exports_hold_counts_once_and_is_accounted_for() {
    let case = declared(CaseBuilder::two_arms(), "evidence/a.txt", CHAT, SAID);
    let case = declared(case, "evidence/b.txt", LATER, SAID);
    let prepared = case.prepare();
    // Two greetings within a minute are two events, in one export and in both.
    assert_eq!(prepared.cube.contacts.events.len(), 3);
    assert_eq!(prepared.cube.contacts.people, 1);
    assert_eq!(prepared.cube.contacts.outgoing, 1);
    let second = prepared.evidence.source("evidence/b.txt").unwrap();
    assert_eq!((second.rows.in_file, second.rows.read), (4, 1));
    let reasons: Vec<_> = second.rows.excluded.iter().map(|one| one.reason).collect();
    assert_eq!(reasons, ["repeated-event"; 3]);
    let noticed = |code| prepared.evidence.notices.iter().any(|n| n.code == code);
    assert!(noticed("event-in-several-files"));
}

#[test]
fn the_same_file_of_people_twice_is_refused() {
    let case = declared(CaseBuilder::two_arms(), "evidence/a.txt", CHAT, SAID);
    let case = declared(case, "evidence/b.txt", CHAT, SAID);
    assert_eq!(codes(&case.problems()), ["same-file-twice"]);
}

#[test]
fn an_account_is_named_and_takes_part_in_every_conversation() {
    let bytes = archive(&[
        (
            "your_instagram_activity/messages/inbox/zorilla_1/message_1.json",
            &conversation(
                "inbox/zorilla_1",
                "Zorilla Example",
                &[(1_709_312_000_000, "hi")],
            ),
        ),
        (
            "your_instagram_activity/messages/message_requests/quoll_2/message_1.json",
            &conversation(
                "message_requests/quoll_2",
                "Quoll Example",
                &[(1_709_312_100_000, "hello")],
            ),
        ),
    ]);
    let open = declared(CaseBuilder::two_arms(), "evidence/ig.zip", &bytes, "");
    let told = open.only_problem();
    assert!(
        told.contains("[account-unknown]") && told.contains("`Me` takes part in each of the 2"),
        "{told}"
    );
    let wrong = declared(
        CaseBuilder::two_arms(),
        "evidence/ig.zip",
        &bytes,
        "account = \"Quoll Example\"",
    );
    assert!(wrong.only_problem().contains("in 1 of 2 conversations"));
    let right = declared(
        CaseBuilder::two_arms(),
        "evidence/ig.zip",
        &bytes,
        "account = \"ME\"",
    );
    let contacts = right.prepare().cube.contacts;
    assert_eq!((contacts.events.len(), contacts.people), (2, 2));
    assert_eq!(
        contacts.channels(),
        ["instagram_dm", "instagram_dm_request"]
    );
}

#[test]
fn a_cut_conversation_and_a_second_format_in_an_archive_are_told() {
    let whole = conversation(
        "inbox/zorilla_1",
        "Zorilla Example",
        &[(1_709_312_000_000, "hi")],
    );
    let cut = &whole[..whole.len() - 20];
    let path = |name: &str| format!("your_instagram_activity/messages/inbox/{name}/message_1.json");
    let bytes = archive(&[(&path("a_1"), &whole), (&path("b_2"), cut)]);
    let case = declared(CaseBuilder::two_arms(), "evidence/ig.zip", bytes, SAID);
    let told = case.only_problem();
    assert!(
        told.contains("member 2 of the archive") && told.contains("[broken-json]"),
        "{told}"
    );
    let mixed = archive(&[(&path("a_1"), &whole), ("chat.txt", CHAT)]);
    let case = declared(CaseBuilder::two_arms(), "evidence/m.zip", mixed, SAID);
    assert!(case.only_problem().contains("[mixed-archive]"));
    // Comments that the account wrote stand in every download, and are nothing to refuse.
    let own = r#"[{"string_map_data":{"Comment":{"value":"x"},"Time":{"timestamp":1}}}]"#;
    let bytes = archive(&[
        (&path("a_1"), &whole),
        ("your_instagram_activity/comments/post_comments_1.json", own),
        ("your_instagram_activity/comments/post_comments_2.json", own),
    ]);
    let case = declared(CaseBuilder::two_arms(), "evidence/ig.zip", bytes, SAID);
    assert_eq!(case.prepare().cube.contacts.events.len(), 1);
}

#[test]
fn codes_of_a_sheet_join_their_events_and_no_others() {
    let case = declared(CaseBuilder::two_arms(), "evidence/a.txt", LATER, SAID);
    let event = case.prepare().evidence.contacts[0].event.clone();
    let sheet = format!("event_id,code_primary,coder\n{event},GREETING,c1\n00000000-9,THREAT,c1\n");
    let coded = case.evidence("evidence/codes.csv", "contacts", sheet);
    let prepared = coded.prepare();
    assert_eq!(prepared.cube.contacts.categories(), ["GREETING"]);
    let noticed = prepared
        .evidence
        .notices
        .iter()
        .find(|n| n.code == "codes-without-event");
    assert!(noticed.unwrap().message.starts_with("1 row(s)"));
    let twice = coded.evidence(
        "evidence/more.csv",
        "contacts",
        format!("event_id,code_primary\n{event},PURCHASE\n"),
    );
    assert_eq!(codes(&twice.problems()), ["coded-twice"]);
    let log = "event_id,received_at_local,timezone\n1,2024-03-01 10:00,UTC\n";
    let other = "event_id,received_at_local,timezone\n1,2024-03-02 10:00,UTC\n";
    let unclear = CaseBuilder::two_arms()
        .evidence("evidence/a.csv", "contacts", log)
        .evidence("evidence/b.csv", "contacts", other)
        .evidence(
            "evidence/codes.csv",
            "contacts",
            "event_id,code_primary\n1,THREAT\n",
        );
    assert_eq!(codes(&unclear.problems()), ["duplicate-event"]);
}

#[test]
fn times_keep_their_basis_and_what_they_are_known_to() {
    let times = |hints: Hints, file: &str, text: &str| {
        let input = Input {
            file,
            bytes: text.as_bytes(),
            hints: &hints,
        };
        let imported = read(&input).unwrap();
        let casefile::import::Table::Contacts(rows) = imported.table else {
            panic!()
        };
        let codes: Vec<_> = imported.notices.iter().map(|n| n.code).collect();
        (rows[0].received.clone(), codes)
    };
    let said = |timezone: Option<&str>| Hints {
        account: Some("Me".into()),
        timezone: timezone.map(str::to_owned),
        ..Hints::default()
    };
    let (received, told) = times(said(None), "chat.txt", CHAT);
    assert_eq!(
        (received.basis, received.resolution, received.utc_seconds),
        (TimeBasis::Unknown, Resolution::Minute, None)
    );
    assert!(told.contains(&"zone-unknown"), "{told:?}");
    let (received, told) = times(said(Some("Europe/Berlin")), "chat.txt", CHAT);
    assert_eq!(
        (received.basis, received.utc_seconds),
        (TimeBasis::Declared, Some(1_710_319_260))
    );
    assert!(!told.contains(&"zone-unknown"));
    let json = conversation(
        "inbox/zorilla_1",
        "Zorilla Example",
        &[(1_709_310_600_000, "hi")],
    );
    let (received, _) = times(said(Some("America/New_York")), "message_1.json", &json);
    assert_eq!(
        (received.basis, received.resolution),
        (TimeBasis::File, Resolution::Second)
    );
    assert_eq!(
        received.local.unwrap().to_string(),
        "2024-03-01T11:30:00",
        "told in the declared zone"
    );
}

#[test]
fn names_in_an_archive_stay_in_it_and_common_words_stop_no_build() {
    let will = CHAT.replace("Zorilla Example", "Will");
    let bytes = archive(&[
        ("WhatsApp Chat with Will Quokka.txt", &will),
        ("Quokka notes.txt", "x"),
    ]);
    let case = declared(CaseBuilder::two_arms(), "evidence/c.zip", bytes, SAID);
    let built = case.build(Edition::Public);
    for (path, artifact) in built.artifacts.iter() {
        let text = String::from_utf8_lossy(&artifact.bytes);
        assert!(!text.contains("Quokka"), "{path}");
    }
    // In words that somebody wrote, the name is found.
    let named = case.report("The first to write was Will, {{ share('a').mean }}.");
    let error = named.try_build(Edition::Public).unwrap_err();
    let told = error
        .problems
        .iter()
        .map(|problem| (problem.code, problem.subject.as_str()));
    // One for each of the two messages under the name.
    assert_eq!(told.collect::<Vec<_>>(), [("leak", "case/report.md"); 2]);
}

#[test]
fn tokens_leave_the_case_in_no_edition_and_stop_a_build_where_somebody_typed_one() {
    let library = r#"{"data":[{"id":"1","page_name":"P","ad_snapshot_url":"https://example.org/?id=1&access_token=SECRETSECRET","ad_delivery_start_time":"2024-03-01","age_country_gender_reach_breakdown":[{"country":"PL","age_gender_breakdowns":[{"age_range":"25-34","male":3,"female":6}]}]}],"paging":{"next":"https://example.org/?a=1\u0026oh=OHSIGNED"}}"#;
    let case = CaseBuilder::new()
        .toml("[study]\nmeasure = \"reach\"\n")
        .evidence("evidence/library.json", "delivery", library);
    for edition in [Edition::Public, Edition::Full] {
        for (path, artifact) in case.build(edition).artifacts.iter() {
            let text = String::from_utf8_lossy(&artifact.bytes);
            assert!(
                !text.contains("SECRETSECRET") && !text.contains("OHSIGNED"),
                "{path}"
            );
        }
    }
    let typed = case.toml("[[fact]]\nid = \"f\"\nvalue = 3\nsource = \"https://example.org/?access_token=SECRETSECRET\"\n");
    let error = typed.try_build(Edition::Full).unwrap_err();
    assert!(
        error
            .problems
            .iter()
            .all(|problem| problem.code == "secret"),
        "{error}"
    );
}

#[test]
fn an_ad_of_a_library_is_one_in_all_answers_and_under_all_names_of_its_page() {
    let answer = |page: &str, ads: &[(&str, u64, u64)], end: &str| {
        let ads: Vec<String> = ads
            .iter()
            .map(|(id, men, women)| format!(
                r#"{{"id":"{id}","page_name":"{page}","ad_delivery_start_time":"2024-03-01","ad_delivery_stop_time":"{end}","age_country_gender_reach_breakdown":[{{"country":"PL","age_gender_breakdowns":[{{"age_range":"25-34","male":{men},"female":{women}}}]}}]}}"#
            ))
            .collect();
        format!(r#"{{"data":[{}]}}"#, ads.join(","))
    };
    let case = CaseBuilder::new()
        .toml("[study]\nmeasure = \"reach\"\n")
        .evidence(
            "evidence/page_1.json",
            "delivery",
            answer("P", &[("11", 30, 70), ("12", 50, 50)], "2024-03-05"),
        )
        .evidence(
            "evidence/page_2.json",
            "delivery",
            answer("P renamed", &[("12", 60, 40), ("13", 10, 90)], "2024-03-09"),
        );
    let cube = case.prepare().cube;
    let counts: Vec<_> = cube
        .ads
        .iter()
        .map(|ad| (ad.key.name(), ad.counts.male))
        .collect();
    assert_eq!(counts.len(), 3);
    assert!(counts.contains(&("12", Some(60))), "{counts:?}");
    assert!(cube.from_library);
    assert!(cube.notices.iter().any(|n| n.code == "ad-in-several-files"));
}

#[test]
fn targeting_cannot_be_mapped_as_delivery() {
    let rows = "Ad_ID,Advertiser_Name,Impressions,Gender_Targeting\n1,X,100,Male\n1,X,90,Female\n";
    let case = CaseBuilder::new().file("evidence/t.csv", rows).toml(
        "[[evidence]]\nfile = \"evidence/t.csv\"\nkind = \"delivery\"\ncolumns = { ad = \"Ad_ID\", gender = \"Gender_Targeting\" }\n",
    );
    assert!(case.only_problem().contains("[targeting-as-delivery]"));
    let hints = Hints::default();
    let input = Input {
        file: "t.csv",
        bytes: rows.as_bytes(),
        hints: &hints,
    };
    let refused = read(&input).unwrap_err().to_string();
    assert!(
        !refused.contains("gender ="),
        "it is not proposed either: {refused}"
    );
    let context = CaseBuilder::two_arms().file("evidence/t.csv", rows).toml(
        "[[evidence]]\nfile = \"evidence/t.csv\"\nkind = \"context\"\ncolumns = { ad = \"Ad_ID\", targeted_gender = \"Gender_Targeting\" }\n",
    );
    let prepared = context.prepare();
    assert_eq!(prepared.evidence.context.len(), 2);
    assert_eq!(
        prepared.evidence.source("evidence/t.csv").unwrap().kind,
        Kind::Context
    );
}

#[test]
fn a_missing_cell_gives_bounds_and_a_row_without_a_breakdown_is_a_sum() {
    let rows = "ad,age,gender,impressions\nx,18-24,male,100\nx,25-34,male,100\nx,18-24,female,50\nx,25-34,female,\n";
    let ad = CaseBuilder::new()
        .evidence("evidence/d.csv", "delivery", rows)
        .prepare()
        .cube
        .ads
        .remove(0);
    assert_eq!(ad.counts.female, None);
    let female = ad.ranges.unwrap().female.unwrap();
    assert_eq!((female.low, female.high), (50, None));
    let sums = "ad,day,gender,impressions\nx,,male,30\nx,,female,70\nx,2024-03-01,male,10\nx,2024-03-02,male,20\nx,2024-03-01,female,70\n";
    let ad = CaseBuilder::new()
        .evidence("evidence/d.csv", "delivery", sums)
        .prepare()
        .cube
        .ads
        .remove(0);
    assert_eq!((ad.counts.male, ad.counts.female), (Some(30), Some(70)));
    let wrong = CaseBuilder::new().evidence(
        "evidence/d.csv",
        "delivery",
        sums.replace("x,,male,30", "x,,male,31"),
    );
    assert!(wrong.only_problem().contains("[totals-mismatch]"));
}

#[test]
fn a_missing_cell_leaves_no_sum_too_small_in_any_measure_or_day() {
    let reach = "ad,age,gender,impressions,reach\nx,18-24,male,10,8\nx,25-34,male,,7\nx,18-24,female,5,4\nx,25-34,female,5,4\n";
    let ad = CaseBuilder::new()
        .evidence("evidence/d.csv", "delivery", reach)
        .toml("[study]\nmeasure = \"clicks\"\n")
        .prepare()
        .cube
        .ads
        .remove(0);
    assert_eq!(
        ad.impressions.male, None,
        "15 impressions of men would be too few"
    );
    assert!(ad.ages.is_empty());
    let alone = "ad,age,gender,reach\nx,18-24,male,8\nx,25-34,male,\nx,18-24,female,4\n";
    let table = CaseBuilder::new().evidence("evidence/d.csv", "delivery", alone);
    let source = table.prepare().evidence.sources.remove(0);
    assert_eq!((source.rows.read, source.rows.excluded.len()), (3, 0));
    let days = "ad,day,age,gender,impressions\nx,2024-03-01,18-24,male,1\nx,2024-03-01,25-34,male,\nx,2024-03-01,18-24,female,1\nx,2024-03-02,18-24,male,3\nx,2024-03-02,18-24,female,4\n";
    let ad = CaseBuilder::new()
        .evidence("evidence/d.csv", "delivery", days)
        .prepare()
        .cube
        .ads
        .remove(0);
    let days: Vec<String> = ad.days.keys().map(ToString::to_string).collect();
    assert_eq!(days, ["2024-03-02"]);
}

#[test]
fn absent_genders_of_a_library_are_told_unless_a_total_shows_that_there_were_none() {
    let told = |total: &str| {
        let text = format!(
            r#"{{"data":[{{"id":"1","page_name":"P","ad_delivery_start_time":"2024-03-01"{total},"age_country_gender_reach_breakdown":[{{"country":"PL","age_gender_breakdowns":[{{"age_range":"25-34","male":3,"female":6}},{{"age_range":"35-44","male":1,"unknown":null}}]}}]}}]}}"#
        );
        let hints = Hints::default();
        let input = Input {
            file: "l.json",
            bytes: text.as_bytes(),
            hints: &hints,
        };
        let notices = read(&input).unwrap().notices;
        notices.iter().map(|notice| notice.code).collect::<Vec<_>>()
    };
    assert_eq!(told(""), ["cells-absent"]);
    assert_eq!(told(r#","eu_total_reach":10"#), Vec::<&str>::new());
    assert_eq!(
        told(r#","eu_total_reach":12"#),
        ["cells-absent", "reach-total-differs"]
    );
}

#[test]
fn missed_calls_of_one_minute_in_two_chats_are_two() {
    let chat =
        |name: &str| format!("13/3/24, 9:40 - {name}: hi\n13/3/24, 9:41 - Missed voice call\n");
    let case = declared(
        CaseBuilder::two_arms(),
        "evidence/WhatsApp Chat with Quoll.txt",
        chat("Quoll"),
        SAID,
    );
    let case = declared(
        case,
        "evidence/WhatsApp Chat with Okapi.txt",
        chat("Okapi"),
        SAID,
    );
    assert_eq!(case.prepare().cube.contacts.events.len(), 4);
}

#[test]
fn conversions_in_fractions_do_not_make_a_report_unreadable() {
    let report = "Gender report\nAll time\nGender,Campaign,Ad group,Clicks,Impr.,Conversions\nMale,K,G,1,10,0.50\nFemale,K,G,2,20,1.25\n";
    let hints = Hints::default();
    let input = Input {
        file: "g.csv",
        bytes: report.as_bytes(),
        hints: &hints,
    };
    let imported = read(&input).unwrap();
    assert!(
        imported
            .notices
            .iter()
            .any(|notice| notice.code == "fractional-results")
    );
    assert_eq!(imported.unused_columns, ["Conversions"]);
}

#[test]
fn captures_are_told_in_numbers_and_joined_to_exhibits_and_contacts() {
    let picture = b"\x89PNG\r\n\x1a\nnot a real picture";
    let digest = casefile::digest::Sha256::of(picture);
    let list = format!(
        "evidence_id,source_url,captured_at_utc,tool,sha256\nEV-1,https://example.org/quagga,2024-03-01T10:00:00Z,Hunchly on a laptop of Quagga,{digest}\nEV-2,https://example.org/okapi,2024-03-02T10:00:00Z,unheard-of,\n"
    );
    let log = "event_id,received_at_local,timezone,evidence_ref\nE1,2024-03-01 10:00,UTC,EV-1\nE2,2024-03-01 10:00,UTC,EV-9\n";
    let case = CaseBuilder::two_arms()
        .file("evidence/p.png", picture)
        .toml("[[evidence]]\nfile = \"evidence/p.png\"\nkind = \"attachment\"\n")
        .evidence("evidence/list.csv", "captures", list)
        .evidence("evidence/log.csv", "contacts", log);
    let captures = case.prepare().cube.captures;
    assert_eq!(
        (captures.items, captures.with_digest, captures.exhibits),
        (2, 1, 1)
    );
    assert_eq!((captures.referring, captures.found), (2, 1));
    let tools: Vec<_> = captures.tools.keys().map(String::as_str).collect();
    assert_eq!(tools, ["hunchly", "other tool"]);
    let built = case.build(Edition::Public);
    for (path, artifact) in built.artifacts.iter() {
        let text = String::from_utf8_lossy(&artifact.bytes).to_lowercase();
        assert!(
            !text.contains("quagga") && !text.contains("okapi"),
            "{path}"
        );
    }
}
