//! Meta's Marketing API insights.

use super::common::{SHARED, codes, has_samples, left_out, line, new_part};
use crate::error::Result;
use crate::import::platforms::insights::{recognise, transcribe};
use crate::import::transcript::Transcript;

fn read(text: &str) -> Result<Transcript> {
    let part = new_part("file.json", "file.json", text.as_bytes(), text);
    let mut into = Transcript::default();
    into.start(None);
    transcribe(&part, &mut into).map(|()| into)
}

fn is_insights(text: &str) -> bool {
    recognise(&new_part("f", "f", text.as_bytes(), text)).is_some()
}

const ROW: &str = r#"{"ad_id":"30","ad_name":"Ad A","gender":"male","impressions":"5","date_start":"2024-03-01","date_stop":"2024-03-07"}"#;

#[test]
fn sample_insights() {
    if !has_samples() {
        return;
    }
    let path = format!("{SHARED}/samples/synthetic/meta_insights_age_gender.json");
    let text = std::fs::read_to_string(path).unwrap();
    assert!(is_insights(&text));
    let transcript = read(&text).unwrap();
    let rows: Vec<String> = transcript.entries.iter().map(line).collect();
    assert_eq!(
        rows,
        [
            "account=1 ad=Ad A ad_set=20 age=25-34 campaign=Test jewelry clicks=1 gender=female impressions=31 period_end=2024-03-07 period_start=2024-03-01 reach=24 spend=0.98",
            "account=1 ad=Ad A ad_set=20 age=25-34 campaign=Test jewelry gender=male impressions=410 period_end=2024-03-07 period_start=2024-03-01 reach=301 spend=13.2",
            "ad=Ad A age=25-34 gender=unknown impressions=3 period_end=2024-03-07 period_start=2024-03-01 reach=3 spend=0.1",
        ]
    );
    assert_eq!(codes(&transcript), ["paging-truncated"]);
    assert_eq!(transcript.unused.iter().collect::<Vec<_>>(), ["actions"]);
    assert!(transcript.left_out.is_empty());
}

#[test]
fn numbers_breakdowns_and_link_clicks() {
    let text = r#"[{"ad_name":"A","clicks":9,"inline_link_clicks":"4","impressions":31.0,"spend":1e-3,
        "account_currency":"EUR","publisher_platform":"instagram","platform_position":"feed",
        "device_platform":"mobile","dma":"Example DMA","account_name":"Alice Example",
        "date_start":"2024-03-01","date_stop":"2024-03-07"},
        {"ad_name":"A","clicks":2,"impressions":0,"country":"FR","date_start":"2024-03-01","date_stop":"2024-03-07"}]"#;
    let transcript = read(text).unwrap();
    assert_eq!(
        line(&transcript.entries[0]),
        "account=Alice Example ad=A clicks=4 currency=EUR device=mobile impressions=31 period_end=2024-03-07 period_start=2024-03-01 placement=feed platform=instagram region=Example DMA spend=0.001"
    );
    assert_eq!(
        line(&transcript.entries[1]),
        "ad=A country=FR impressions=0 period_end=2024-03-07 period_start=2024-03-01"
    );
    assert_eq!(transcript.entries[1].row, 2);
    assert!(transcript.unused.contains("clicks"));
}

#[test]
fn lines_of_rows_and_pages() {
    let lines = format!("{ROW}\n{ROW}\n");
    assert_eq!(read(&lines).unwrap().entries.len(), 2);
    let first = format!(r#"{{"data":[{ROW}],"paging":{{"next":"x"}}}}"#);
    let last = format!(r#"{{"data":[{ROW}],"paging":{{}}}}"#);
    let pages = read(&format!("{first}\n{last}\n")).unwrap();
    assert_eq!((pages.entries.len(), codes(&pages).len()), (2, 0));
    let cut = read(&format!("[{last},{first}]")).unwrap();
    assert_eq!(
        (cut.entries.len(), codes(&cut)),
        (2, vec!["paging-truncated"])
    );
}

#[test]
fn nested_insights() {
    let row =
        r#"{"impressions":"7","gender":"male","date_start":"2024-03-01","date_stop":"2024-03-07"}"#;
    let text = format!(
        r#"{{"data":[{{"id":"1","name":"Unclear","status":"x","insights":{{"data":[{row}]}}}},
        {{"id":"2","name":"Silent"}},
        {{"id":"3","name":"Campaign","ads":{{"data":[{{"id":"4","name":"Ad","insights":{{"data":[{row}],"paging":{{"next":"x"}}}}}}]}}}}]}}"#
    );
    assert!(is_insights(&text));
    let transcript = read(&text).unwrap();
    let ads: Vec<_> = transcript
        .entries
        .iter()
        .map(|e| (e.row, e.get("ad").unwrap()))
        .collect();
    assert_eq!(ads, [(1, "Unclear"), (3, "Ad")]);
    assert_eq!(left_out(&transcript), [(2, "no-delivery")]);
    assert_eq!(
        codes(&transcript),
        ["nested-level-unknown", "paging-truncated"]
    );
    assert!(transcript.unused.contains("status"));
}

#[test]
fn objects_around_rows_do_not_rename_them() {
    let text = format!(r#"{{"id":"act_1","name":"Account","insights":{{"data":[{ROW}]}}}}"#);
    assert_eq!(read(&text).unwrap().entries[0].get("ad"), Some("Ad A"));
    let text = r#"{"data":[{"id":"10","name":"Jobs","insights":{"data":[
        {"campaign_id":"10","impressions":"7","date_start":"2024-03-01","date_stop":"2024-03-07"}]}}]}"#;
    let transcript = read(text).unwrap();
    assert_eq!(transcript.entries[0].get("campaign"), Some("Jobs"));
    assert_eq!(transcript.entries[0].get("ad"), None);
    assert!(codes(&transcript).is_empty());
}

#[test]
fn hours_and_frequencies_are_left_out() {
    let text = r#"[{"ad_name":"A","impressions":"1","hourly_stats_aggregated_by_advertiser_time_zone":"00:00:00 - 00:59:59","date_start":"2024-03-01","date_stop":"2024-03-01"},
        {"ad_name":"A","reach":"1","frequency_value":"2","date_start":"2024-03-01","date_stop":"2024-03-01"},
        {"ad_name":"A","reach":"1","date_start":"2024-03-02","date_stop":"2024-03-01"}]"#;
    let transcript = read(text).unwrap();
    assert!(transcript.entries.is_empty());
    assert_eq!(
        left_out(&transcript),
        [
            (1, "other-breakdown"),
            (2, "other-breakdown"),
            (3, "unreadable-period")
        ]
    );
}

fn days(periods: &[(&str, &str, &str)]) -> String {
    let rows: Vec<String> = periods
        .iter()
        .map(|(ad, start, stop)| {
            format!(r#"{{"ad_id":"{ad}","impressions":"1","date_start":"{start}","date_stop":"{stop}"}}"#)
        })
        .collect();
    format!("[{}]", rows.join(","))
}

#[test]
fn days_are_set_where_each_row_is_a_day() {
    let text = days(&[
        ("1", "2024-03-01", "2024-03-01"),
        ("1", "2024-03-02", "2024-03-02"),
    ]);
    let transcript = read(&text).unwrap();
    assert_eq!(transcript.entries[1].get("day"), Some("2024-03-02"));
    let one = read(&days(&[("1", "2024-03-01", "2024-03-01")])).unwrap();
    assert_eq!(one.entries[0].get("day"), None);
    let weeks = days(&[
        ("1", "2024-03-01", "2024-03-07"),
        ("1", "2024-03-08", "2024-03-14"),
    ]);
    assert_eq!(read(&weeks).unwrap().entries[0].get("day"), None);
}

#[test]
fn overlapping_periods_are_refused() {
    let text = days(&[
        ("1", "2024-03-01", "2024-03-07"),
        ("1", "2024-03-08", "2024-03-08"),
        ("1", "2024-03-07", "2024-03-07"),
    ]);
    let error = read(&text).unwrap_err();
    assert_eq!(error.problems.len(), 1);
    assert_eq!(error.problems[0].code, "overlapping-periods");
    assert!(
        error.problems[0]
            .message
            .contains("2024-03-01 to 2024-03-07 and 2024-03-07 to 2024-03-07")
    );
    let two_ads = days(&[
        ("1", "2024-03-01", "2024-03-07"),
        ("2", "2024-03-03", "2024-03-09"),
    ]);
    assert_eq!(read(&two_ads).unwrap().entries.len(), 2);
    let campaigns = two_ads.replace("ad_id", "account_id");
    assert_eq!(
        read(&campaigns).unwrap_err().problems[0].code,
        "overlapping-periods"
    );
}

#[test]
fn ads_of_one_name_are_told_apart() {
    let other = ROW.replace(r#""30""#, r#""31""#);
    let transcript = read(&format!("[{ROW},{other}]")).unwrap();
    let ads: Vec<_> = transcript
        .entries
        .iter()
        .filter_map(|e| e.get("ad"))
        .collect();
    assert_eq!(ads, ["Ad A (30)", "Ad A (31)"]);
    assert_eq!(codes(&transcript), ["same-name", "same-name"]);
}

#[test]
fn levels_that_are_mixed_are_told() {
    let campaign = ROW.replace("ad_", "campaign_");
    assert_eq!(
        codes(&read(&format!("[{ROW},{campaign}]")).unwrap()),
        ["mixed-levels"]
    );
}

#[test]
fn targeting_is_context() {
    let row = ROW.replace(
        "{",
        r#"{"age_targeting":"18-65+","gender_targeting":"all","location":"Example City","#,
    );
    let transcript = read(&format!("[{row},{row}]")).unwrap();
    assert_eq!(transcript.context.len(), 1);
    assert_eq!(
        line(&transcript.context[0]),
        "ad=Ad A targeted_age=18-65+ targeted_gender=all targeted_places=Example City"
    );
    assert_eq!(
        line(&transcript.entries[0]),
        "ad=Ad A gender=male impressions=5 period_end=2024-03-07 period_start=2024-03-01"
    );
}

#[test]
fn error_messages_are_no_data() {
    let error =
        r#"{"error":{"message":"secret","type":"OAuthException","code":190,"fbtrace_id":"x"}}"#;
    assert!(is_insights(error));
    let problems = read(error).unwrap_err().problems;
    assert_eq!((problems[0].code, problems.len()), ("api-error", 1));
    assert!(!format!("{:?}", problems).contains("secret"));
    let mixed = read(&format!("[{ROW},{error}]")).unwrap();
    assert_eq!(left_out(&mixed), [(2, "error-object")]);
}

#[test]
fn other_files_are_not_claimed() {
    assert!(!is_insights(
        r#"{"data":[{"id":"1","ad_snapshot_url":"x","date_start":"2024-03-01","date_stop":"2024-03-02"}]}"#
    ));
    assert!(!is_insights(
        r#"{"data":[{"date_start":"1 March","date_stop":"2 March"}]}"#
    ));
    assert!(!is_insights(r#"{"data":[]}"#));
    assert!(!is_insights("a,b\n1,2\n"));
}

#[test]
fn deep_nesting_ends() {
    let deep = format!("{}{}", r#"{"ads":"#.repeat(60), "1") + &"}".repeat(60);
    assert_eq!(left_out(&read(&deep).unwrap()), [(1, "no-row")]);
}
