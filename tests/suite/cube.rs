//! Counts are those of the files: nothing twice, nothing invented, missing never zero.

use crate::support::{CaseBuilder, codes, shared};
use casefile::bundle::Edition;
use casefile::cube::{Ad, ByGender, Cube};
use casefile::notice::Notice;
use std::collections::BTreeMap;

/// An export in the tidy form: ad, gender, impressions.
fn export(cells: &[(&str, &str, u64)]) -> String {
    let rows: Vec<String> = cells
        .iter()
        .map(|(ad, gender, count)| format!("{ad},{gender},{count}\n"))
        .collect();
    format!("ad,gender,impressions\n{}", rows.concat())
}

fn counts(
    female: impl Into<Option<u64>>,
    male: impl Into<Option<u64>>,
    unknown: impl Into<Option<u64>>,
) -> ByGender {
    ByGender {
        female: female.into(),
        male: male.into(),
        unknown: unknown.into(),
    }
}

fn ad<'c>(cube: &'c Cube, label: &str) -> &'c Ad {
    let labels: Vec<&str> = cube.ads.iter().map(|ad| ad.label.as_str()).collect();
    cube.ads
        .iter()
        .find(|ad| ad.label == label)
        .unwrap_or_else(|| panic!("no ad {label} among {labels:?}"))
}

fn notice<'c>(cube: &'c Cube, code: &str) -> &'c Notice {
    cube.notices
        .iter()
        .find(|notice| notice.code == code)
        .unwrap_or_else(|| panic!("no {code} among {:#?}", cube.notices))
}

fn notice_codes(cube: &Cube) -> Vec<&'static str> {
    cube.notices.iter().map(|notice| notice.code).collect()
}

#[test]
fn of_cumulative_exports_the_last_one_counts() {
    let cube = CaseBuilder::new()
        .evidence(
            "evidence/z_2024-11-05_09-00.csv",
            "delivery",
            export(&[("x", "female", 5), ("x", "male", 7)]),
        )
        .evidence(
            "evidence/a_2024-11-07_09-00.csv",
            "delivery",
            export(&[("x", "female", 50), ("x", "male", 70), ("x", "unknown", 1)]),
        )
        .evidence(
            "evidence/m_2024-11-06_09-00.csv",
            "delivery",
            export(&[("x", "female", 20), ("x", "male", 30)]),
        )
        .prepare()
        .cube;
    assert_eq!(ad(&cube, "x").counts, counts(50, 70, 1));
    let series: Vec<(String, ByGender)> = cube.series[0]
        .iter()
        .map(|point| (point.at.to_string(), point.counts))
        .collect();
    assert_eq!(
        series,
        [
            ("2024-11-05T09:00:00".into(), counts(5, 7, None)),
            ("2024-11-06T09:00:00".into(), counts(20, 30, None)),
            ("2024-11-07T09:00:00".into(), counts(50, 70, 1)),
        ]
    );
    assert_eq!(notice_codes(&cube), [""; 0]);
    let rows: Vec<(&str, Option<u64>)> = ad(&cube, "x")
        .rows
        .iter()
        .map(|row| (row.file.as_ref(), row.row))
        .collect();
    let file = "evidence/a_2024-11-07_09-00.csv";
    assert_eq!(rows, [(file, Some(2)), (file, Some(3)), (file, Some(4))]);
}

#[test]
fn a_declared_snapshot_decides_where_file_names_do_not() {
    let cube = CaseBuilder::new()
        .evidence(
            "evidence/first.csv",
            "delivery",
            export(&[("x", "female", 9), ("x", "male", 9)]),
        )
        .toml("snapshot = \"2024-11-07T09:00\"\n")
        .evidence(
            "evidence/second.csv",
            "delivery",
            export(&[("x", "female", 1), ("x", "male", 2)]),
        )
        .toml("snapshot = \"2024-11-05T09:00\"\n")
        .prepare()
        .cube;
    assert_eq!(ad(&cube, "x").counts, counts(9, 9, None));
}

#[test]
fn a_count_that_falls_between_exports_is_noticed_and_the_last_export_used() {
    let cube = CaseBuilder::new()
        .evidence(
            "evidence/2024-11-05_09-00.csv",
            "delivery",
            export(&[("x", "female", 50), ("x", "male", 70)]),
        )
        .evidence(
            "evidence/2024-11-06_09-00.csv",
            "delivery",
            export(&[("x", "female", 48), ("x", "male", 90)]),
        )
        .prepare()
        .cube;
    assert_eq!(ad(&cube, "x").counts, counts(48, 90, None));
    let notice = notice(&cube, "count-decreased");
    assert_eq!(
        (notice.locator.file.as_ref(), notice.locator.row),
        ("evidence/2024-11-06_09-00.csv", Some(2))
    );
    assert!(
        notice.message.contains("in 1 cell(s), here from 50 to 48"),
        "{}",
        notice.message
    );
}

#[test]
fn an_ad_that_the_last_export_lacks_is_noticed_and_not_counted() {
    let cube = CaseBuilder::new()
        .evidence(
            "evidence/2024-11-05_09-00.csv",
            "delivery",
            export(&[("old name", "male", 7), ("x", "male", 1)]),
        )
        .evidence(
            "evidence/2024-11-06_09-00.csv",
            "delivery",
            export(&[("new name", "male", 9), ("x", "male", 2)]),
        )
        .prepare()
        .cube;
    assert_eq!(ad(&cube, "old name").counts, ByGender::default());
    let notice = notice(&cube, "ad-missing-from-last-snapshot");
    assert_eq!(&*notice.locator.file, "evidence/2024-11-06_09-00.csv");
    assert!(
        notice.message.contains("`old name`") && notice.message.contains("[study] rename"),
        "{}",
        notice.message
    );
}

#[test]
fn an_ad_renamed_midway_is_one_ad() {
    let cube = CaseBuilder::new()
        .toml("[study]\nrename = { \"old name\" = \"new name\" }\n")
        .evidence(
            "evidence/2024-11-05_09-00.csv",
            "delivery",
            export(&[("old name", "male", 7), ("old name", "female", 3)]),
        )
        .evidence(
            "evidence/2024-11-06_09-00.csv",
            "delivery",
            export(&[("new name", "male", 9), ("new name", "female", 4)]),
        )
        .prepare()
        .cube;
    assert_eq!(cube.ads.len(), 1);
    assert_eq!(ad(&cube, "new name").counts, counts(4, 9, None));
    assert_eq!(cube.series[0].len(), 2);
    assert_eq!(notice_codes(&cube), [""; 0]);
}

#[test]
fn overlapping_exports_of_unknown_order_stop_with_all_their_names() {
    let problem = CaseBuilder::new()
        .evidence("evidence/one.csv", "delivery", export(&[("x", "male", 7)]))
        .evidence("evidence/two.csv", "delivery", export(&[("x", "male", 9)]))
        .only_problem();
    assert_eq!(
        problem,
        "evidence/one.csv: 2 exports give counts for the same ads, breakdown and period, and nothing says which is the last: `evidence/one.csv`, `evidence/two.csv` [overlapping-exports]\n  hint: state `snapshot = \"2024-11-05T09:00\"` for each in case.toml, put the time of the export into the file names, or keep one of them"
    );
}

#[test]
fn the_same_moment_twice_decides_nothing() {
    let problems = CaseBuilder::new()
        .evidence(
            "evidence/a_2024-11-05_09-00.csv",
            "delivery",
            export(&[("x", "male", 7)]),
        )
        .evidence(
            "evidence/b_2024-11-05_09-00.csv",
            "delivery",
            export(&[("x", "male", 9)]),
        )
        .problems();
    assert_eq!(codes(&problems), ["overlapping-exports"]);
}

/// An export with a reporting period.
fn period(start: &str, end: &str, male: u64) -> String {
    format!(
        "ad,gender,impressions,period_start,period_end\nx,male,{male},{start},{end}\nx,female,1,{start},{end}\n"
    )
}

#[test]
fn exports_of_periods_that_do_not_overlap_add_up() {
    let cube = CaseBuilder::new()
        .evidence(
            "evidence/one.csv",
            "delivery",
            period("2024-11-01", "2024-11-03", 10),
        )
        .evidence(
            "evidence/two.csv",
            "delivery",
            period("2024-11-04", "2024-11-09", 5),
        )
        .prepare()
        .cube;
    assert_eq!(ad(&cube, "x").counts, counts(2, 15, None));
}

#[test]
fn exports_of_periods_that_overlap_stop_the_build() {
    let problem = CaseBuilder::new()
        .evidence(
            "evidence/one.csv",
            "delivery",
            period("2024-11-01", "2024-11-04", 10),
        )
        .evidence(
            "evidence/two.csv",
            "delivery",
            period("2024-11-04", "2024-11-09", 5),
        )
        .only_problem();
    assert!(problem.contains("[overlapping-periods]") && problem.contains("evidence/one.csv (2024-11-01 to 2024-11-04) and evidence/two.csv (2024-11-04 to 2024-11-09)"), "{problem}");
}

#[test]
fn reach_is_never_added_up() {
    let by_age = "ad,age,gender,impressions,reach\nx,18-24,male,10,8\nx,25-34,male,10,9\nx,18-24,female,4,4\n";
    let study = "[study]\nmeasure = \"reach\"\n";
    let problem = CaseBuilder::new()
        .toml(study)
        .evidence("evidence/d.csv", "delivery", by_age)
        .only_problem();
    assert!(
        problem.starts_with("evidence/d.csv: the study measures reach")
            && problem.contains("`x` [reach-summed]"),
        "{problem}"
    );
    let by_gender = "ad,gender,impressions,reach\nx,male,20,12\nx,female,4,4\n";
    let cube = CaseBuilder::new()
        .toml(study)
        .evidence("evidence/d.csv", "delivery", by_gender)
        .prepare()
        .cube;
    assert_eq!(ad(&cube, "x").counts, counts(4, 12, None));
    assert_eq!(ad(&cube, "x").impressions, counts(4, 20, None));
    // With both exports the one that needs no sum is used.
    let cube = CaseBuilder::new()
        .toml(study)
        .evidence("evidence/age.csv", "delivery", by_age)
        .evidence("evidence/gender.csv", "delivery", by_gender)
        .prepare()
        .cube;
    assert_eq!(ad(&cube, "x").counts, counts(4, 12, None));
}

#[test]
fn reach_of_two_periods_is_not_added_either() {
    let period = |start: &str, end: &str| {
        format!(
            "ad,gender,impressions,reach,period_start,period_end\nx,male,20,12,{start},{end}\nx,female,4,4,{start},{end}\n"
        )
    };
    let problems = CaseBuilder::new()
        .toml("[study]\nmeasure = \"reach\"\n")
        .evidence(
            "evidence/one.csv",
            "delivery",
            period("2024-11-01", "2024-11-03"),
        )
        .evidence(
            "evidence/two.csv",
            "delivery",
            period("2024-11-04", "2024-11-09"),
        )
        .problems();
    assert_eq!(codes(&problems), ["reach-summed"]);
}

#[test]
fn a_cell_that_the_file_lacks_is_missing_and_a_cell_of_zero_is_zero() {
    let cube = CaseBuilder::new()
        .evidence("evidence/d.csv", "delivery", "ad,gender,impressions\nabsent,male,7\nempty,male,7\nempty,female,\nempty,unknown,1\nzero,male,7\nzero,female,0\n")
        .toml("[study]\noutcome = \"female\"\n")
        .prepare()
        .cube;
    assert_eq!(ad(&cube, "absent").counts, counts(None, 7, None));
    assert_eq!(ad(&cube, "empty").counts, counts(None, 7, 1));
    assert_eq!(ad(&cube, "zero").counts, counts(0, 7, None));
    assert_eq!(ad(&cube, "zero").counts.known(), Some(7));
    assert_eq!(
        ad(&cube, "empty").counts.known(),
        None,
        "absent is not zero"
    );
    assert_eq!(ByGender::default().known(), None);
    assert_eq!(counts(None, None, 4).known(), None);
    assert_eq!(counts(None, None, 4).all(), Some(4));
}

#[test]
fn a_file_that_leaves_out_the_campaign_means_the_same_ads() {
    let cube = CaseBuilder::new()
        .evidence(
            "evidence/2024-11-05_09-00.csv",
            "delivery",
            "ad,gender,impressions\nx,male,5\nx,female,1\ny,male,6\ny,female,1\n",
        )
        .evidence(
            "evidence/2024-11-06_09-00.csv",
            "delivery",
            "campaign,ad,gender,impressions\nC,x,male,7\nC,x,female,2\nC,y,male,8\nC,y,female,2\n",
        )
        .prepare()
        .cube;
    assert_eq!(
        cube.ads.iter().map(|ad| ad.key.path()).collect::<Vec<_>>(),
        ["C / x", "C / y"]
    );
    assert_eq!(cube.series.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
    assert_eq!(notice_codes(&cube), [""; 0]);
}

#[test]
fn an_ad_without_campaign_that_fits_two_campaigns_is_not_guessed() {
    let cube = CaseBuilder::new()
        .evidence(
            "evidence/2024-11-05_09-00.csv",
            "delivery",
            "ad,gender,impressions\nx,male,5\n",
        )
        .evidence(
            "evidence/2024-11-06_09-00.csv",
            "delivery",
            "campaign,ad,gender,impressions\nC,x,male,7\nD,x,male,8\n",
        )
        .prepare()
        .cube;
    assert_eq!(
        cube.ads
            .iter()
            .map(|ad| ad.label.as_str())
            .collect::<Vec<_>>(),
        ["x", "C / x", "D / x"]
    );
    assert!(
        notice(&cube, "ambiguous-ad")
            .message
            .contains("occurs in 2 campaigns elsewhere")
    );
}

#[test]
fn rows_seen_from_further_away_are_not_counted_again() {
    let cube = CaseBuilder::new()
        .evidence(
            "evidence/ads.csv",
            "delivery",
            "campaign,ad_set,ad,gender,impressions\nC,S,x,male,7\nC,S,y,male,8\n",
        )
        .evidence(
            "evidence/sets.csv",
            "delivery",
            "campaign,ad_set,gender,impressions\nC,S,male,15\n",
        )
        .evidence(
            "evidence/campaigns.csv",
            "delivery",
            "campaign,gender,impressions\nC,male,15\n",
        )
        .prepare()
        .cube;
    assert_eq!(cube.ads.len(), 2);
    assert_eq!(
        cube.ads
            .iter()
            .filter_map(|ad| ad.counts.all())
            .sum::<u64>(),
        15
    );
    let told: Vec<&str> = cube
        .notices
        .iter()
        .filter(|n| n.code == "coarser-rows")
        .map(|n| n.locator.file.as_ref())
        .collect();
    assert_eq!(told, ["evidence/campaigns.csv", "evidence/sets.csv"]);
}

#[test]
fn two_breakdowns_of_one_ad_are_one_delivery() {
    let cube = CaseBuilder::new()
        .evidence(
            "evidence/age.csv",
            "delivery",
            "ad,age,gender,impressions\nx,18-24,male,10\nx,25-34,male,11\nx,18-24,female,4\n",
        )
        .evidence(
            "evidence/region.csv",
            "delivery",
            "ad,region,impressions\nx,North,20\nx,South,6\n",
        )
        .prepare()
        .cube;
    let x = ad(&cube, "x");
    assert_eq!(x.counts, counts(4, 21, None));
    assert_eq!(x.ages["18-24"], counts(4, 10, None));
    assert_eq!(x.ages["25-34"], counts(None, 11, None));
    assert_eq!(x.regions.values().sum::<u64>(), 26);
    assert!(
        notice(&cube, "breakdowns-disagree")
            .message
            .contains("25 by gender and age, 26 by region"),
        "{}",
        notice(&cube, "breakdowns-disagree").message
    );
}

const CONTACTS: &str = "event_id,received_at_local,direction,ad_id,sender_pseudonym,channel,event_type,code_primary,notes\n\
    E1,2024-11-05 10:00,in,a1,@zebra.late,dm,message,GREETING,\n\
    E2,2024-11-04 06:30,in,A1,@yak.first,dm,message,OFFER_MONEY,met at the fair\n\
    E3,2024-11-05 11:00,out,a1,@zebra.late,dm,message,,\n\
    E4,2024-11-06,in,b1,@yak.first,call,call,,\n\
    E5,2024-11-06 12:00,in,nowhere,,call,call,,\n";

#[test]
fn people_are_numbered_in_the_order_of_their_first_contact_and_nothing_of_the_handle_is_left() {
    let cube = CaseBuilder::two_arms()
        .evidence(
            "evidence/ads.csv",
            "ads",
            "ad,start,end\na1,2024-11-04,2024-11-10\nb1,2024-11-04,2024-11-10\n",
        )
        .evidence("evidence/contacts.csv", "contacts", CONTACTS)
        .prepare()
        .cube;
    let contacts = &cube.contacts;
    assert_eq!(
        (
            contacts.events.len(),
            contacts.outgoing,
            contacts.people,
            contacts.recorded
        ),
        (4, 1, 2, true)
    );
    // In the order of time: yak is the first person.
    let events: Vec<_> = contacts
        .events
        .iter()
        .map(|e| {
            (
                e.locator.row.unwrap(),
                e.person,
                e.arm,
                e.minutes_after_start,
            )
        })
        .collect();
    assert_eq!(
        events,
        [
            (3, Some(1), Some(0), Some(390)),
            (2, Some(2), Some(0), Some(2040)),
            (5, Some(1), Some(1), None),
            (6, None, None, None)
        ]
    );
    assert!(
        notice(&cube, "contact-of-unknown-ad")
            .message
            .starts_with("1 contact(s) name an ad that no delivery export knows")
    );
    let everything = format!("{cube:?}").to_lowercase();
    for private in ["zebra", "yak", "fair", "@"] {
        assert!(!everything.contains(private), "`{private}` is in the cube");
    }
}

#[test]
fn accounts_still_online_are_censored_at_their_last_check() {
    let cube = CaseBuilder::new()
        .evidence(
            "evidence/accounts.csv",
            "accounts",
            "account,platform,first_seen,reported,removed,last_checked\n\
             second,p,2024-02-01,2024-02-11,2024-03-02,\n\
             first,p,2024-01-01,2024-01-11,,2024-01-31\n\
             never,p,2025-01-01,,,\n\
             wrong,p,2024-05-01,,2024-04-01,\n",
        )
        .prepare()
        .cube;
    let spans: Vec<_> = cube
        .accounts
        .spans
        .iter()
        .map(|s| {
            (
                s.number,
                s.locator.row.unwrap(),
                s.is_removed(),
                s.days_online,
                s.days_after_report,
            )
        })
        .collect();
    assert_eq!(
        spans,
        [
            (1, 3, false, Some(30), Some(20)),
            (2, 2, true, Some(30), Some(20)),
            (3, 5, true, None, None),
            // Neither removed nor checked: online until the date of the report.
            (4, 4, false, Some(30), None),
        ]
    );
    assert_eq!(
        notice_codes(&cube),
        ["dates-reversed", "account-never-checked"]
    );
    for name in ["second", "first", "never", "wrong"] {
        assert!(
            !format!("{:?}", cube.accounts).contains(&format!("\"{name}\"")),
            "{name} is in the cube"
        );
    }
}

#[test]
fn feed_items_count_once_under_each_code_and_uncoded_items_under_none() {
    let cube = CaseBuilder::new()
        .evidence(
            "evidence/feeds.csv",
            "feeds",
            "account,session,rank,codes,coded\nv1,1,1,CHILD;ADULT,yes\nv1,1,2,OTHER,yes\nv1,1,3,CHILD,no\nv1,2,1,CHILD;CHILD,\nv2,1,1,,yes\n",
        )
        .prepare()
        .cube;
    let told: Vec<_> = cube
        .feeds
        .accounts
        .iter()
        .map(|a| {
            (
                a.label.as_str(),
                a.sessions.len(),
                a.items,
                a.coded,
                a.coded_otherwise,
            )
        })
        .collect();
    assert_eq!(told, [("v1", 2, 4, 3, 2), ("v2", 1, 1, 1, 0)]);
    let codes: Vec<(&str, u64)> = cube.feeds.accounts[0]
        .codes
        .iter()
        .map(|(code, count)| (code.as_str(), *count))
        .collect();
    assert_eq!(codes, [("ADULT", 1), ("CHILD", 2), ("OTHER", 1)]);
}

#[test]
fn patterns_of_arms_ignore_case_and_read_brackets_as_they_stand() {
    let cube = CaseBuilder::new()
        .evidence("evidence/d.csv", "delivery", export(&[("Ring [Child]", "male", 1), ("ring {item}", "male", 2), ("Loose", "male", 3)]))
        .toml("[study]\narms = [{ id = \"c\", ads = [\"ring [child]\"] }, { id = \"i\", ads = [\"* {item?\"] }]\n")
        .prepare()
        .cube;
    let arms: Vec<Vec<&str>> = cube
        .arms
        .iter()
        .map(|arm| cube.ads_of(arm).map(|ad| ad.label.as_str()).collect())
        .collect();
    assert_eq!(arms, [vec!["Ring [Child]"], vec!["ring {item}"]]);
    assert!(notice(&cube, "ad-outside-arms").message.contains("`Loose`"));
}

#[test]
fn without_arms_the_table_of_ads_gives_them_or_all_ads_are_one_arm() {
    let delivery = export(&[("x", "male", 1), ("y", "male", 2)]);
    let cube = CaseBuilder::new()
        .evidence("evidence/d.csv", "delivery", &delivery)
        .prepare()
        .cube;
    assert_eq!(
        cube.arms
            .iter()
            .map(|arm| (arm.id.as_str(), arm.ads.len()))
            .collect::<Vec<_>>(),
        [("all", 2)]
    );
    let cube = CaseBuilder::new()
        .evidence("evidence/d.csv", "delivery", &delivery)
        .evidence(
            "evidence/ads.csv",
            "ads",
            "ad,arm,objective\nx,With child,traffic\ny,Without,traffic\nz,Without,traffic\n",
        )
        .prepare()
        .cube;
    assert_eq!(
        cube.arms
            .iter()
            .map(|arm| (arm.id.as_str(), arm.label.as_str(), arm.ads.len()))
            .collect::<Vec<_>>(),
        [("with-child", "With child", 1), ("without", "Without", 1)]
    );
    assert!(notice(&cube, "ad-without-delivery").message.contains("`z`"));
}

#[test]
fn a_count_larger_than_any_ad_can_have_is_a_damaged_number() {
    let of = |count: u64| {
        CaseBuilder::new().evidence(
            "evidence/d.csv",
            "delivery",
            export(&[("x", "male", count), ("x", "female", 1)]),
        )
    };
    let most = 1_000_000_000_000;
    assert_eq!(ad(&of(most).prepare().cube, "x").counts.male, Some(most));
    for count in [most + 1, most * 1_000, u64::MAX] {
        let problem = of(count).only_problem();
        assert!(
            problem.starts_with("evidence/d.csv:2: column `impressions`: a count is a whole number up to 1,000,000,000,000"),
            "{problem}"
        );
    }
}

/// Impressions by campaign, ad set and gender, read without casefile.
fn read_directly(folder: &std::path::Path) -> BTreeMap<(String, String), BTreeMap<String, u64>> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let text = std::fs::read_to_string(files.last().unwrap()).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    let headings = reader.headers().unwrap().clone();
    let column = |name: &str| headings.iter().position(|heading| heading == name).unwrap();
    let (campaign, ad_set, gender, impressions) = (
        column("Campaign Name"),
        column("Ad Set Name"),
        column("Gender"),
        column("Impressions"),
    );
    let mut ads: BTreeMap<(String, String), BTreeMap<String, u64>> = BTreeMap::new();
    for record in reader.records().map(Result::unwrap) {
        let cells = ads
            .entry((record[campaign].to_owned(), record[ad_set].to_owned()))
            .or_default();
        assert!(
            cells
                .insert(
                    record[gender].to_owned(),
                    record[impressions].parse().unwrap()
                )
                .is_none()
        );
    }
    ads
}

/// Builds the real exports of some countries, and holds each share to the last file of each country.
fn real(countries: &[&str], shares: usize) {
    let mut case = CaseBuilder::new().toml("[study]\nquestion = \"Who is shown a job ad that is not targeted at a gender?\"\nrename = { \"Child care worker\" = \"Preschool teacher\" }\n");
    let mut expected = BTreeMap::new();
    for country in countries {
        let Some(folder) = shared(&format!("real/algorithmwatch-2020/{country}")) else {
            return;
        };
        expected.extend(read_directly(&folder));
        for entry in std::fs::read_dir(&folder).unwrap() {
            let entry = entry.unwrap();
            case = case.file(
                &format!("evidence/{country}/{}", entry.file_name().to_str().unwrap()),
                std::fs::read(entry.path()).unwrap(),
            );
        }
        case = case.toml(&format!(
            "[[evidence]]\nfile = \"evidence/{country}/*\"\nkind = \"delivery\"\n"
        ));
    }
    let loaded = case.case();
    assert!(loaded.toml.lines().count() < 60);
    let prepared = casefile::prepare(&loaded).unwrap_or_else(|error| panic!("{error}"));
    let cube = &prepared.cube;
    let counted: BTreeMap<(String, String), &Ad> = cube
        .ads
        .iter()
        .filter(|ad| ad.counts.all().is_some())
        .map(|ad| {
            (
                (
                    ad.key.campaign.as_deref().unwrap().to_owned(),
                    ad.key.ad_set.as_deref().unwrap().to_owned(),
                ),
                ad,
            )
        })
        .collect();
    assert_eq!(
        counted.keys().collect::<Vec<_>>(),
        expected.keys().collect::<Vec<_>>()
    );
    let results = prepared.findings.results;
    let found: Vec<_> = results
        .iter()
        .filter(|quantity| quantity.id.starts_with("share/all/ad/"))
        .collect();
    assert_eq!(found.len(), shares);
    for (key, cells) in &expected {
        let get = |gender: &str| cells.get(gender).copied();
        let ad = counted[key];
        assert_eq!(
            ad.counts,
            counts(get("female"), get("male"), get("unknown")),
            "{key:?}"
        );
        let (female, male) = (get("female").unwrap_or(0), get("male").unwrap_or(0));
        let quantity = found
            .iter()
            .find(|q| {
                q.label
                    .ends_with(&format!("ad \u{201C}{}\u{201D}", ad.label))
            })
            .unwrap_or_else(|| panic!("no share of {key:?}"));
        assert_eq!(
            quantity.number(),
            Some(male as f64 / (male + female) as f64),
            "{key:?}"
        );
    }
    if countries.contains(&"france") {
        let truck = counted
            .iter()
            .find(|((campaign, ad_set), _)| campaign.ends_with("FR") && ad_set == "Truck Driver")
            .unwrap()
            .1;
        assert_eq!(truck.counts, counts(323, 2424, 28));
    }
    let built = casefile::build(&loaded, Edition::Public).unwrap_or_else(|error| panic!("{error}"));
    for path in ["report.html", "report.pdf", "statistics.json"] {
        assert!(built.artifacts.get(path).is_some(), "{path}");
    }
}

#[test]
fn the_real_exports_of_france_give_the_shares_of_their_last_file() {
    real(&["france"], 6);
}

#[test]
fn the_real_exports_of_poland_give_the_shares_of_their_last_file() {
    real(&["poland"], 6);
}

#[test]
fn the_real_exports_of_both_countries_together_give_the_shares_of_both_last_files() {
    real(&["france", "poland"], 12);
}

/// Two ads an arm, one count masked.
fn masked(cell: &str) -> CaseBuilder {
    CaseBuilder::new()
        .toml("[study]\narms = [{ id = \"a\", ads = [\"a*\"] }, { id = \"b\", ads = [\"b*\"] }]\n")
        .evidence(
            "evidence/delivery.csv",
            "delivery",
            format!("ad,age,gender,impressions\na1,18-24,female,100\na1,18-24,male,300\na1,25-34,male,{cell}\na2,18-24,female,200\na2,18-24,male,800\nb1,18-24,female,500\nb1,18-24,male,100\nb2,18-24,female,600\nb2,18-24,male,200\n"),
        )
}

#[test]
fn a_masked_cell_gives_bounds_and_no_number_that_rests_on_part_of_the_ads() {
    for (cell, low, high) in [
        ("<5", 300.0 / 400.0, 304.0 / 404.0),
        ("< 5", 300.0 / 400.0, 304.0 / 404.0),
        ("\u{2264}100", 300.0 / 400.0, 400.0 / 500.0),
        ("100-199", 400.0 / 500.0, 499.0 / 599.0),
    ] {
        let prepared = masked(cell).prepare();
        let ad = &prepared.cube.ads[0];
        assert!(
            ad.ranges.is_some() && ad.counts == ByGender::default(),
            "{cell}"
        );
        assert!(
            ad.ages.is_empty() && ad.impressions.all().is_none(),
            "{cell}: no sum without the masked cell"
        );
        let get = |id: &str| {
            prepared
                .findings
                .results
                .get(id)
                .unwrap_or_else(|| panic!("{id}"))
                .clone()
        };
        let own = get("share/a/ad/a1").estimate.unwrap();
        assert_eq!(
            (own.value, own.low, own.high),
            (None, Some(low), Some(high)),
            "{cell}"
        );
        let mean = get("share/a/mean_bounds").estimate.unwrap();
        assert_eq!(
            (mean.value, mean.low, mean.high),
            (None, Some((low + 0.8) / 2.0), Some((high + 0.8) / 2.0))
        );
        let range = get("share/a/range_bounds").estimate.unwrap();
        assert_eq!(
            (range.low, range.high),
            (Some(low.min(0.8)), Some(high.max(0.8)))
        );
        for id in [
            "share/a/mean",
            "share/a/pooled",
            "share/a/min",
            "share/a/range",
            "difference/a/b/value",
            "ratio/a/b/value",
        ] {
            let quantity = get(id);
            assert!(
                quantity.scalar.is_none() && quantity.estimate.is_none(),
                "{id}"
            );
            assert!(quantity.why.unwrap().contains("ranges"), "{id}");
        }
        let difference = get("difference/a/b/bounds").estimate.unwrap();
        let other = (1.0 / 6.0 + 0.25) / 2.0;
        assert!((difference.low.unwrap() - ((low + 0.8) / 2.0 - other)).abs() < 1e-12);
        // The other arm has all its counts.
        assert!(get("share/b/mean").scalar.is_some());
        assert!(
            prepared
                .cube
                .notices
                .iter()
                .any(|notice| notice.code == "masked-cells")
        );
    }
}

#[test]
fn bounds_of_a_masked_cell_hold_every_count_that_it_may_stand_for() {
    let bounds = masked("<5").prepare();
    let get = |id: &str| bounds.findings.results.get(id).unwrap().estimate.unwrap();
    for count in 0..5 {
        let exact = masked(&count.to_string()).prepare();
        for (bound, value) in [
            ("share/a/bounds", "share/a/pooled"),
            ("share/a/mean_bounds", "share/a/mean"),
            ("difference/a/b/bounds", "difference/a/b/value"),
        ] {
            let value = exact.findings.results.get(value).unwrap().number().unwrap();
            let bound = get(bound);
            assert!(
                bound.low.unwrap() <= value + 1e-12 && value <= bound.high.unwrap() + 1e-12,
                "{count}"
            );
        }
    }
}

#[test]
fn totals_with_masked_rows_hold_where_the_ranges_allow_them() {
    let export = |total: u64| {
        CaseBuilder::new().evidence(
            "evidence/d.csv",
            "delivery",
            format!("Ad name,Gender,Impressions\na1,female,100\na1,male,<5\n,,{total}\n"),
        )
    };
    assert!(
        export(103).problems().is_empty(),
        "{:?}",
        export(103).problems()
    );
    let wrong = export(105).only_problem();
    assert!(
        wrong.contains("105 impressions, but the rows that it sums have 100 to 104"),
        "{wrong}"
    );
}

#[test]
fn days_are_counted_by_themselves_where_an_export_has_them() {
    let case = CaseBuilder::new()
        .toml("[study]\narms = [{ id = \"a\", ads = [\"a*\"] }]\n")
        .evidence("evidence/d.csv", "delivery", "ad,day,gender,impressions\na1,2025-01-01,female,100\na1,2025-01-01,male,300\na1,2025-01-02,female,300\na1,2025-01-02,male,100\na2,2025-01-02,female,10\na2,2025-01-02,male,90\n");
    let prepared = case.prepare();
    assert_eq!(prepared.cube.ads[0].days.len(), 2);
    let language = casefile::findings::Language::new(
        &case.case(),
        std::sync::Arc::new(prepared.cube),
        prepared.findings.results,
    );
    let shown = |expression: &str| match language.show(expression) {
        Ok(casefile::findings::Shown::Quantity { quantity, .. }) => quantity.number(),
        Ok(_) => panic!("{expression}"),
        Err(failure) => panic!("{}", failure.message),
    };
    assert_eq!(shown("share('a', day='2025-01-01').pooled"), Some(0.75));
    assert_eq!(
        shown("share('a', day='2025-01-02').pooled"),
        Some(190.0 / 500.0)
    );
    assert_eq!(shown("share('a', day='2025-01-02').max"), Some(0.9));
    let Err(failure) = language.show("share('a', day='2025-02-01').pooled") else {
        panic!("a day without export");
    };
    assert!(
        failure
            .message
            .contains("the days run from 2025-01-01 to 2025-01-02"),
        "{}",
        failure.message
    );
}

#[test]
fn an_ad_whose_every_cell_is_masked_has_bounds_that_name_their_rows() {
    let case = CaseBuilder::new()
        .toml("[study]\narms = [{ id = \"a\", ads = [\"a*\"] }]\n")
        .evidence(
            "evidence/d.csv",
            "delivery",
            "ad,gender,impressions\na1,female,<5\na1,male,10-20\n",
        );
    let prepared = case.prepare();
    let bounds = prepared.findings.results.get("share/a/bounds").unwrap();
    let estimate = bounds.estimate.unwrap();
    assert_eq!(
        (estimate.value, estimate.low, estimate.high),
        (None, Some(10.0 / 14.0), Some(1.0))
    );
    let rows: Vec<_> = bounds.rows.by_file().collect();
    assert_eq!(rows, [("evidence/d.csv", "2\u{2013}3".to_owned())]);
}
