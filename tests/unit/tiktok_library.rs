//! TikTok's commercial content library.

use super::common::{SHARED, has_samples, line, new_part};
use crate::error::Result;
use crate::import::platforms::tiktok_library::{recognise, transcribe};
use crate::import::transcript::Transcript;

fn read(text: &str) -> Result<Transcript> {
    let part = new_part("file.json", "file.json", text.as_bytes(), text);
    let mut into = Transcript::default();
    into.start(None);
    transcribe(&part, &mut into).map(|()| into)
}

fn is_tiktok(text: &str) -> bool {
    recognise(&new_part("f", "f", text.as_bytes(), text)).is_some()
}

#[test]
fn sample_detail() {
    if !has_samples() {
        return;
    }
    let path = format!("{SHARED}/samples/synthetic/tiktok_adlib_detail.json");
    let text = std::fs::read_to_string(path).unwrap();
    assert!(is_tiktok(&text));
    let transcript = read(&text).unwrap();
    assert_eq!(transcript.entries.len(), 1);
    assert_eq!(
        line(&transcript.entries[0]),
        "ad=104836593772645 advertiser=Test first_shown=2024-01-01 last_shown=2024-01-10 payer=Test platform=tiktok reach=15500-16499 targeted_age=18-24; 25-34 targeted_gender=all and unknown targeted_places=FR"
    );
    let unused: Vec<_> = transcript.unused.iter().map(String::as_str).collect();
    assert_eq!(
        unused,
        [
            "business_id",
            "country_code",
            "image_urls",
            "number_of_users_targeted",
            "status",
            "videos"
        ]
    );
    assert!(transcript.remarks.is_empty() && transcript.context.is_empty());
}

fn ad(reach: &str) -> String {
    format!(
        r#"{{"ad":{{"id":"7","first_shown_date":"20240229","last_shown_date":"2024-03-01T00:00:00Z","reach":{reach}}},"advertiser":{{"business_name":"Alice Example","paid_for_by":"P"}}}}"#
    )
}

#[test]
fn lists_of_ads() {
    let text = format!(
        r#"{{"data":{{"ads":[{},{{"x":1}}],"has_more":true}},"error":{{"code":"ok"}}}}"#,
        ad("\"0-10K\"")
    );
    assert!(is_tiktok(&text));
    let transcript = read(&text).unwrap();
    assert_eq!(
        line(&transcript.entries[0]),
        "ad=7 advertiser=Alice Example first_shown=2024-02-29 last_shown=2024-03-01 payer=P platform=tiktok reach=0-10000"
    );
    assert_eq!(
        (transcript.left_out[0].row, transcript.left_out[0].reason),
        (2, "no-ad")
    );
    assert_eq!(transcript.remarks[0].code, "paging-truncated");
}

#[test]
fn reach_buckets() {
    let reach = |text: &str| {
        let transcript = read(&ad(text)).unwrap();
        let remarks = transcript.remarks.len();
        (
            transcript.entries[0]
                .get("reach")
                .unwrap_or("-")
                .to_string(),
            remarks,
        )
    };
    let cases = [
        (r#""16K""#, "15500-16499", 0),
        (r#"{"unique_users_seen":"10K-100K"}"#, "10000-100000", 0),
        (r#""1.2M""#, "1150000-1249999", 0),
        (r#""1M+""#, ">=1000000", 0),
        (r#""<1K""#, "<1000", 0),
        ("812", "812", 0),
        (r#""many""#, "-", 1),
        (r#""1.2345K""#, "-", 1),
        (r#""99999999999999999999B""#, "-", 1),
        (r#""5-1""#, "-", 1),
        (r#""K""#, "-", 1),
        ("null", "-", 0),
    ];
    for (text, expected, remarks) in cases {
        assert_eq!(reach(text), (expected.to_string(), remarks), "{text}");
    }
}

#[test]
fn targeted_genders() {
    let gender = |map: &str| {
        let targeted = format!(r#"{{"ad_group":{{"targeting_info":{{"gender":{map}}}}},"#);
        let transcript = read(&ad("1").replacen('{', &targeted, 1)).unwrap();
        transcript.entries[0]
            .get("targeted_gender")
            .unwrap_or("-")
            .to_string()
    };
    assert_eq!(
        gender(r#"{"male":true,"female":true,"unknown":false}"#),
        "all"
    );
    assert_eq!(gender(r#"{"male":true,"female":false}"#), "men");
    assert_eq!(
        gender(r#"{"female":true,"unknown":true}"#),
        "women and unknown"
    );
    assert_eq!(gender(r#"{"male":false}"#), "-");
    assert_eq!(gender("null"), "-");
}

#[test]
fn error_messages_are_no_data() {
    let error = r#"{"data":{},"error":{"code":"access_token_invalid","message":"m","log_id":"x"}}"#;
    assert!(is_tiktok(error));
    assert_eq!(read(error).unwrap_err().problems[0].code, "api-error");
    let mixed = read(&format!("{}\n{error}\n", ad("1"))).unwrap();
    assert_eq!(mixed.entries.len(), 1);
    assert_eq!(
        (mixed.left_out[0].row, mixed.left_out[0].reason),
        (2, "error-object")
    );
}

#[test]
fn other_files_are_not_claimed() {
    assert!(!is_tiktok(r#"{"data":[{"id":"1"}]}"#));
    assert!(!is_tiktok(r#"{"ad":{"id":1}}"#));
    assert!(!is_tiktok("x"));
}
