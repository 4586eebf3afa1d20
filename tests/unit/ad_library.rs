//! Meta's Ad Library.

use super::common::{SHARED, codes, has_samples, left_out, line, new_part};
use crate::error::Result;
use crate::import::platforms::ad_library::{recognise, transcribe};
use crate::import::transcript::{Entry, Transcript};

fn read(text: &str) -> Result<Transcript> {
    let part = new_part("file", "file", text.as_bytes(), text);
    let mut into = Transcript::default();
    into.start(None);
    transcribe(&part, &mut into).map(|()| into)
}

fn is_library(text: &str) -> bool {
    recognise(&new_part("f", "f", text.as_bytes(), text)).is_some()
}

fn sample(path: &str) -> Transcript {
    let text = std::fs::read_to_string(format!("{SHARED}/{path}")).unwrap();
    assert!(is_library(&text));
    let transcript = read(&text).unwrap();
    assert!(!format!("{transcript:?}").contains("access_token"));
    transcript
}

fn all(entries: &[Entry]) -> Vec<String> {
    entries.iter().map(line).collect()
}

/// Sum of a column in millionths.
fn sum(transcript: &Transcript, column: &str, gender: &str) -> i64 {
    let of_gender = transcript
        .entries
        .iter()
        .filter(|e| e.get("gender") == Some(gender));
    let numbers = of_gender.filter_map(|e| e.get(column)?.parse::<f64>().ok());
    (numbers.sum::<f64>() * 1e6).round() as i64
}

#[test]
fn sample_eu() {
    if !has_samples() {
        return;
    }
    let transcript = sample("samples/synthetic/meta_ads_archive_eu.json");
    assert_eq!(transcript.entries.len(), 9);
    assert_eq!(
        line(&transcript.entries[0]),
        "ad=3333 age=18-24 campaign=Jewelry test country=PL gender=male period_start=2024-03-01 reach=6"
    );
    assert_eq!(sum(&transcript, "reach", "unknown"), 1_000_000);
    assert_eq!(sum(&transcript, "reach", "male"), 118_000_000);
    assert_eq!(
        all(&transcript.context),
        [
            "ad=3333 advertiser=Jewelry test first_shown=2024-03-01 payer=Test Ltd platform=instagram reach=138 targeted_age=18 to 65+ targeted_gender=women targeted_places=Poland"
        ]
    );
    assert!(transcript.remarks.is_empty() && transcript.left_out.is_empty());
    let unused: Vec<_> = transcript.unused.iter().map(String::as_str).collect();
    assert_eq!(unused, ["ad_creation_time", "ad_snapshot_url", "languages"]);
}

#[test]
fn sample_political() {
    if !has_samples() {
        return;
    }
    let transcript = sample("samples/synthetic/meta_ads_archive_us_political.json");
    assert_eq!(
        all(&transcript.entries),
        [
            "ad=1111 age=45-54 campaign=Example PAC gender=male period_end=2024-03-09 period_start=2024-03-01 share=0.113043",
            "ad=1111 age=35-44 campaign=Example PAC gender=female period_end=2024-03-09 period_start=2024-03-01 share=0.886",
            "ad=1111 age=Unknown campaign=Example PAC gender=unknown period_end=2024-03-09 period_start=2024-03-01 share=0.000957",
        ]
    );
    assert_eq!(
        left_out(&transcript),
        [(4, "region-share"), (5, "region-share")]
    );
    assert_eq!(codes(&transcript), ["paging-truncated"]);
    assert_eq!(
        all(&transcript.context),
        [
            "ad=1111 advertiser=Example PAC currency=USD first_shown=2024-03-01 impressions=>=1000000 last_shown=2024-03-09 payer=Example PAC platform=facebook, instagram spend=100-199"
        ]
    );
}

#[test]
fn sample_scraper() {
    if !has_samples() {
        return;
    }
    let transcript = sample("samples/synthetic/meta_adlibrary_ui_scraper.json");
    assert_eq!(
        all(&transcript.entries),
        [
            "ad=3333 age=25-34 country=PL gender=male period_start=2024-03-01 reach=33",
            "ad=3333 age=25-34 country=PL gender=female period_start=2024-03-01 reach=6",
        ]
    );
    assert_eq!(codes(&transcript), ["cells-absent", "reach-total-differs"]);
    assert_eq!(
        all(&transcript.context),
        [
            "ad=3333 first_shown=2024-03-01 payer=Test Ltd reach=138 targeted_age=18 to 65 targeted_gender=women targeted_places=Poland"
        ]
    );
    assert!(transcript.unused.contains("targets_eu"));
}

#[test]
fn sample_script_table() {
    if !has_samples() {
        return;
    }
    let transcript = sample("samples/synthetic/meta_script_save_to_csv_BROKEN_JSON.csv");
    assert_eq!(
        all(&transcript.entries),
        [
            "ad=1111 age=45-54 campaign=Example PAC gender=male period_end=2024-03-09 share=0.113043",
            "ad=1111 age=35-44 campaign=Example PAC gender=female period_end=2024-03-09 share=0.886957",
        ]
    );
    assert_eq!(left_out(&transcript), [(3, "no-demographics")]);
    assert_eq!(
        all(&transcript.context),
        [
            "ad=1111 advertiser=Example PAC last_shown=2024-03-09 spend=100-199",
            "ad=1112 advertiser=Other page spend=0-99",
        ]
    );
}

#[test]
fn sample_real_record() {
    if !has_samples() {
        return;
    }
    let transcript = sample("real/meta-ad-library/api-records/ad-library-api-record.json");
    assert_eq!(sum(&transcript, "share", "male"), 685_592);
    assert_eq!(sum(&transcript, "share", "unknown"), 11_589);
    assert_eq!(
        (transcript.entries.len(), transcript.left_out.len()),
        (18, 50)
    );
    assert_eq!(
        all(&transcript.context),
        [
            "ad=679808276335343 advertiser=Mike Bloomberg currency=USD first_shown=2021-12-08 impressions=10000-14999 last_shown=2021-12-20 payer=Bloomberg Philanthropies platform=instagram spend=300-399"
        ]
    );
}

#[test]
fn sample_real_eu_record() {
    if !has_samples() {
        return;
    }
    let transcript = sample("real/meta-ad-library/api-records/eu_transparency_record.json");
    let genders: i64 = ["male", "female", "unknown"]
        .iter()
        .map(|g| sum(&transcript, "reach", g))
        .sum();
    assert_eq!(genders, 13_000_000);
    assert_eq!(transcript.entries.len(), 9);
    assert_eq!(codes(&transcript), ["ad-without-id"]);
    assert_eq!(
        all(&transcript.context),
        [
            "ad=adidas 2024-11-06 advertiser=adidas first_shown=2024-11-06 reach=13 targeted_gender=all"
        ]
    );
}

fn political(id: &str, shares: &str) -> String {
    format!(r#"{{"id":"{id}","page_name":"Alice Example","demographic_distribution":[{shares}]}}"#)
}

const HALVES: &str = r#"{"percentage":"50.0","age":"18-24","gender":"Male"},{"percentage":5e1,"age":"18-24","gender":"female"}"#;

#[test]
fn percentages_become_fractions() {
    let transcript = read(&political("1", HALVES)).unwrap();
    assert_eq!(
        all(&transcript.entries),
        [
            "ad=1 age=18-24 campaign=Alice Example gender=male share=0.5",
            "ad=1 age=18-24 campaign=Alice Example gender=female share=0.5",
        ]
    );
    let tiny = HALVES.replace("5e1", "49.99").replace("50.0", "50.00091");
    let transcript = read(&political("1", &tiny)).unwrap();
    assert_eq!(transcript.entries[0].get("share"), Some("0.5000091"));
}

#[test]
fn exponents_are_written_out() {
    let shares = r#"{"percentage":"9.1e-4","age":"18-24","gender":"male"},{"percentage":1e-9,"age":"18-24","gender":"female"},{"percentage":"0.99909","age":"65+","gender":"female"}"#;
    let transcript = read(&political("1", shares)).unwrap();
    let shares: Vec<_> = transcript
        .entries
        .iter()
        .filter_map(|e| e.get("share"))
        .collect();
    assert_eq!(shares, ["0.00091", "0.000000001", "0.99909"]);
}

#[test]
fn shares_that_do_not_sum_are_left_out() {
    let transcript = read(&political("1", &HALVES.replace("5e1", "5"))).unwrap();
    assert!(transcript.entries.is_empty());
    assert_eq!(
        left_out(&transcript),
        [(1, "shares-do-not-sum"), (2, "shares-do-not-sum")]
    );
}

#[test]
fn automated_app_ads_have_no_cells() {
    let shares =
        r#"{"percentage":"1","age":"All (Automated App Ads)","gender":"All (Automated App Ads)"}"#;
    let transcript = read(&political("1", shares)).unwrap();
    assert!(transcript.entries.is_empty());
    assert_eq!(left_out(&transcript), [(1, "all-row")]);
}

fn reached(id: &str, cells: &str) -> String {
    format!(
        r#"{{"id":"{id}","age_country_gender_reach_breakdown":[{{"country":"FR","age_gender_breakdowns":[{{"age_range":"18-24",{cells}}}]}}]}}"#
    )
}

#[test]
fn zero_is_a_count_and_absence_is_none() {
    let transcript = read(&reached("1", r#""male":0,"female":null,"unknown":"3""#)).unwrap();
    assert_eq!(
        all(&transcript.entries),
        [
            "ad=1 age=18-24 country=FR gender=male reach=0",
            "ad=1 age=18-24 country=FR gender=unknown reach=3",
        ]
    );
    assert!(transcript.left_out.is_empty());
    let none = read(&reached("1", r#""male":null"#)).unwrap();
    assert_eq!(left_out(&none), [(1, "no-demographics")]);
    let odd = read(&reached("1", r#""male":-1,"female":{}"#)).unwrap();
    assert_eq!(
        left_out(&odd),
        [(1, "unreadable-cell"), (2, "unreadable-cell")]
    );
}

#[test]
fn the_last_copy_of_an_ad_counts() {
    let (old, new) = (
        reached("1", r#""male":1,"female":2"#),
        reached("1", r#""male":3"#),
    );
    let transcript = read(&format!("{old}\n{new}\n")).unwrap();
    assert_eq!(
        left_out(&transcript),
        [(1, "repeated-ad"), (2, "repeated-ad")]
    );
    assert_eq!(transcript.entries[0].row, 3);
    assert_eq!(
        all(&transcript.entries),
        ["ad=1 age=18-24 country=FR gender=male reach=3"]
    );
    assert_eq!(codes(&transcript), ["repeated-ad-differs", "cells-absent"]);
    assert_eq!(transcript.context.len(), 1);
    let same = read(&format!("[{old},{old}]")).unwrap();
    assert_eq!(
        (same.entries.len(), same.left_out.len(), same.remarks.len()),
        (2, 2, 1)
    );
}

#[test]
fn ads_without_id_are_told_apart() {
    let one = reached("", r#""male":1"#)
        .replace(r#""id":"""#, r#""page_name":"P","start_date":1709251200"#);
    let other = one.replace(r#""male":1"#, r#""male":2"#);
    let transcript = read(&format!("[{one},{other},{one}]")).unwrap();
    let ads: Vec<_> = transcript
        .entries
        .iter()
        .map(|e| (e.row, e.get("ad").unwrap()))
        .collect();
    assert_eq!(ads, [(2, "P 2024-03-01 record 2"), (3, "P 2024-03-01")]);
    assert_eq!(left_out(&transcript), [(1, "repeated-ad")]);
    assert_eq!(
        codes(&transcript),
        [
            "ad-without-id",
            "ad-without-id",
            "ad-without-id",
            "cells-absent",
            "cells-absent"
        ]
    );
}

#[test]
fn places_are_read_each() {
    let place = |country: &str| {
        format!(
            r#"{{"total_reach":1,"age_country_gender_reach_breakdown":[{{"country":"{country}","age_gender_breakdowns":[{{"age_range":"18-24","male":1}}]}}]}}"#
        )
    };
    let (eu, uk) = (place("FR"), place("GB"));
    let text = format!(
        r#"[{{"ad_archive_id":"1","transparency_by_location":{{"eu_transparency":{eu},"uk_transparency":{uk}}}}},
        {{"ad_archive_id":"2","aaa_info":{eu},"transparency_by_location":{{"eu_transparency":{eu}}}}}]"#
    );
    let transcript = read(&text).unwrap();
    let countries: Vec<_> = transcript
        .entries
        .iter()
        .filter_map(|e| e.get("country"))
        .collect();
    assert_eq!(countries, ["FR", "GB", "FR"]);
    assert_eq!(left_out(&transcript), [(4, "repeated-cell")]);
    assert!(codes(&transcript).contains(&"several-places"));
}

#[test]
fn targeted_places_say_what_is_hidden_or_excluded() {
    let text = r#"{"id":"1","ad_delivery_start_time":"2019-05-13T15:30:04+0000","target_ages":[18,"65+"],"target_gender":"Men",
        "target_locations":[{"name":"France","num_obfuscated":0,"excluded":false},{"name":"Example City","num_obfuscated":2,"excluded":true},{"num_obfuscated":3}],
        "beneficiary_payers":[{"payer":"A"},{"payer":"B"},{"payer":"A"}],"eu_total_reach":"7"}"#;
    let transcript = read(text).unwrap();
    assert_eq!(
        all(&transcript.context),
        [
            "ad=1 first_shown=2019-05-13 payer=A; B reach=7 targeted_age=18 to 65+ targeted_gender=men targeted_places=France; not Example City and 2 not named; 3 not named"
        ]
    );
}

#[test]
fn script_table_with_reach_and_free_texts() {
    let text = "id,page_name,eu_total_reach,target_ages,target_locations,beneficiary_payers,age_country_gender_reach_breakdown\n\
        \"1\",\"Alice, Example\",\"9\",\"18,65+\",\"[{name: Caf\\u00e9, France, num_obfuscated: 1, type: CITY, excluded: true}]\",\"[{payer: Example, Inc., beneficiary: B, current: true}]\",\"[{country: FR, age_gender_breakdowns: [{age_range: 18-24, male: 6, unknown: null}, {age_range: 65+, female: 3}]}]\"\n\
        \"2\",\"B\",\"9\",\"18\",,,\"[{country: FR, age_gender_breakdowns: oops\"\n\
        \"3\",\"B\",\"9\",\"18\",,,,,\"x\"\n";
    assert!(is_library(text));
    let transcript = read(text).unwrap();
    assert_eq!(
        all(&transcript.entries),
        [
            "ad=1 age=18-24 campaign=Alice, Example country=FR gender=male reach=6",
            "ad=1 age=65+ campaign=Alice, Example country=FR gender=female reach=3",
        ]
    );
    assert_eq!(
        left_out(&transcript),
        [(3, "unreadable-cell"), (4, "broken-line")]
    );
    assert_eq!(
        line(&transcript.context[0]),
        "ad=1 advertiser=Alice, Example payer=Example, Inc. reach=9 targeted_age=18 to 65+ targeted_places=not Café, France and 1 not named"
    );
    assert!(transcript.remarks.is_empty());
}

#[test]
fn error_messages_are_no_data() {
    let error = r#"{"error":{"message":"m","type":"OAuthException","code":613}}"#;
    assert_eq!(read(error).unwrap_err().problems[0].code, "api-error");
    let mixed = read(&format!("{}\n{error}\n", reached("1", r#""male":1"#))).unwrap();
    assert_eq!(
        (mixed.entries.len(), left_out(&mixed)),
        (1, vec![(2, "error-object")])
    );
}

#[test]
fn other_files_are_not_claimed() {
    assert!(!is_library(
        r#"{"data":[{"ad_id":"1","date_start":"2024-03-01","date_stop":"2024-03-02"}]}"#
    ));
    assert!(!is_library(r#"{"messages":[{"id":1,"text":"x"}]}"#));
    assert!(!is_library(
        "id,demographic_distribution\n1,\"[{\"\"percentage\"\": 1}]\"\n"
    ));
    assert!(!is_library(
        "percentage,age,gender,adlib_id\n0.1,18-24,male,5\n"
    ));
    assert!(!is_library(""));
}

#[test]
fn hostile_tables_end() {
    let long = format!(
        "id,demographic_distribution\n1,\"{}\"\n",
        "[{age: ".repeat(200_000)
    );
    assert_eq!(left_out(&read(&long).unwrap()), [(1, "unreadable-cell")]);
    let commas = format!(
        "id,demographic_distribution\n1,\"[{{age: {}\"\n",
        ", age".repeat(200_000)
    );
    assert_eq!(left_out(&read(&commas).unwrap()), [(1, "unreadable-cell")]);
}
