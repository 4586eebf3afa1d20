//! Formats whose files are tables: what is read, what is left out, and what is refused.

use casefile::error::Error;
use casefile::evidence::{
    CaptureRow, ContactRow, ContextRow, CountRange, DeliveryRow, Gender, Micros,
};
use casefile::import::{Hints, Imported, Input, Table, detect, read};
use std::collections::BTreeMap;

/// Where the samples and real exports are.
const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared");

fn bytes(path: &str) -> Vec<u8> {
    std::fs::read(format!("{SHARED}/{path}")).unwrap()
}

fn import(file: &str, bytes: &[u8], hints: &Hints) -> Result<Imported, Error> {
    read(&Input { file, bytes, hints })
}

/// A sample, read under its own name.
fn sample(path: &str) -> Imported {
    match import(path, &bytes(path), &Hints::default()) {
        Ok(imported) => imported,
        Err(error) => panic!("{error}"),
    }
}

fn text(file: &str, content: &str) -> Imported {
    match import(file, content.as_bytes(), &Hints::default()) {
        Ok(imported) => imported,
        Err(error) => panic!("{error}"),
    }
}

/// Codes of the problems of a text.
fn refused(file: &str, content: &str) -> Vec<&'static str> {
    let error = import(file, content.as_bytes(), &Hints::default()).unwrap_err();
    error.problems.iter().map(|problem| problem.code).collect()
}

fn format_of(path: &str) -> &'static str {
    let bytes = bytes(path);
    let input = Input {
        file: path,
        bytes: &bytes,
        hints: &Hints::default(),
    };
    detect(&input).unwrap().format
}

/// Rows in the file, rows read, and how many were left out for each reason.
fn account(imported: &Imported) -> (u64, u64, BTreeMap<&'static str, usize>) {
    let mut reasons = BTreeMap::new();
    for exclusion in &imported.rows.excluded {
        *reasons.entry(exclusion.reason).or_default() += 1;
    }
    let rows = &imported.rows;
    assert_eq!(rows.in_file, rows.read + rows.excluded.len() as u64);
    (rows.in_file, rows.read, reasons)
}

fn reasons<const N: usize>(list: [(&'static str, usize); N]) -> BTreeMap<&'static str, usize> {
    list.into_iter().collect()
}

fn codes(imported: &Imported) -> Vec<&'static str> {
    imported.notices.iter().map(|notice| notice.code).collect()
}

fn delivery(imported: &Imported) -> &[DeliveryRow] {
    match &imported.table {
        Table::Delivery(rows) => rows,
        other => panic!("{other:?}"),
    }
}

fn context(imported: &Imported) -> &[ContextRow] {
    match &imported.table {
        Table::Context(rows) => rows,
        other => panic!("{other:?}"),
    }
}

fn contacts(imported: &Imported) -> &[ContactRow] {
    match &imported.table {
        Table::Contacts(rows) => rows,
        other => panic!("{other:?}"),
    }
}

fn captures(imported: &Imported) -> &[CaptureRow] {
    match &imported.table {
        Table::Captures(rows) => rows,
        other => panic!("{other:?}"),
    }
}

fn day(date: Option<jiff::civil::Date>) -> String {
    date.map_or_else(String::new, |date| date.to_string())
}

// --- TikTok Ads Manager ---

#[test]
fn tiktok_by_age_and_gender() {
    if crate::support::shared("samples").is_none() {
        return;
    }
    let path = "samples/synthetic/tiktok_demographic_age_gender_20240301_20240307_GMT-5.csv";
    assert_eq!(format_of(path), "tiktok-ads-manager");
    let imported = sample(path);
    assert_eq!(account(&imported), (4, 3, reasons([("totals-row", 1)])));
    assert_eq!(codes(&imported), ["name-from-file", "period-from-file"]);
    let rows = delivery(&imported);
    assert_eq!(
        rows[0].campaign.as_deref(),
        Some("tiktok_demographic_age_gender")
    );
    assert_eq!(rows[0].impressions, Some(30_000));
    assert_eq!(rows[0].clicks, Some(330));
    assert_eq!(rows[0].spend, Some(Micros(250_000_000)));
    assert_eq!(rows[0].age.as_deref(), Some("18-24"));
    assert_eq!(rows[0].gender, Some(Gender::Male));
    assert_eq!(day(rows[0].period_start), "2024-03-01");
    assert_eq!(day(rows[0].period_end), "2024-03-07");
    assert_eq!(rows[2].impressions, None);
    assert_eq!(
        rows[2].ranges.impressions,
        Some(CountRange {
            low: 0,
            high: Some(4)
        })
    );
    let detail = &imported.rows.excluded[0].detail;
    assert_eq!(
        detail,
        "its 32503 impressions are within the sum of its rows, 32500 to 32504"
    );
}

#[test]
fn tiktok_by_audience() {
    if crate::support::shared("samples").is_none() {
        return;
    }
    let imported = sample("samples/synthetic/tiktok_demographic_combined_audience.csv");
    assert_eq!(account(&imported), (4, 3, reasons([("totals-row", 1)])));
    assert_eq!(codes(&imported), ["name-from-file"]);
    let rows = delivery(&imported);
    assert_eq!(rows[2].age.as_deref(), Some("65+"));
    assert_eq!(rows[2].gender, Some(Gender::Unknown));
    assert_eq!(rows[1].gender, Some(Gender::Female));
    assert_eq!(rows[1].impressions, Some(2500));
    assert!(rows[0].region.is_none());
}

#[test]
fn tiktok_dashes_and_headings() {
    let table = "Audience,Cost,Impressions,Clicks\u{A0}(destination)\n\
        18–24 - Male,GBP 1\u{2C}234.56,10,< 5\n55+ – Unknown,GBP 1.00,< 5,--\nUnknown,GBP 1.00,7,1\n";
    let table = table.replace("GBP 1,234.56", "\"GBP 1,234.56\"");
    let imported = text("report.csv", &table);
    let rows = delivery(&imported);
    assert_eq!(rows[0].age.as_deref(), Some("18-24"));
    assert_eq!(rows[0].spend, Some(Micros(1_234_560_000)));
    assert_eq!(rows[0].ranges.clicks.unwrap().high, Some(4));
    assert_eq!(rows[1].age.as_deref(), Some("55+"));
    assert_eq!(rows[1].gender, Some(Gender::Unknown));
    assert_eq!(rows[1].clicks, None);
    assert_eq!(rows[2].age.as_deref(), Some("unknown"));
    assert_eq!(rows[2].gender, Some(Gender::Unknown));
    assert_eq!(rows[2].campaign.as_deref(), Some("report"));
}

#[test]
fn tiktok_by_place() {
    let table = "Audience,Cost,Impressions\nItaly,1.00,10\nUnknown,2.00,20\nTotal,3.00,30\n";
    let imported = text("geo_20260101_20260131_GMT+0.csv", table);
    let rows = delivery(&imported);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].region.as_deref(), Some("Italy"));
    assert_eq!(rows[1].region.as_deref(), Some("Unknown"));
    assert!(
        rows.iter()
            .all(|row| row.gender.is_none() && row.age.is_none())
    );
    assert_eq!(rows[0].campaign.as_deref(), Some("geo"));
    assert_eq!(day(rows[1].period_end), "2026-01-31");
}

#[test]
fn tiktok_refusals() {
    let mixed = "Audience,Cost,Impressions\n18-24 - Male,1.00,10\nItaly,2.00,20\n";
    assert_eq!(refused("a.csv", mixed), ["mixed-audience"]);
    let wrong = "Audience,Cost,Impressions\n18-24 - Male,1.00,10\nTotal,2.00,20\n";
    assert_eq!(refused("a.csv", wrong), ["totals-mismatch"]);
    let masked =
        "Audience,Cost,Impressions\n18-24 - Male,1.00,10\n18-24 - Female,1.00,<5\nTotal,2.00,15\n";
    assert_eq!(refused("a.csv", masked), ["totals-mismatch"]);
}

#[test]
fn tiktok_by_ad_and_day() {
    let table = "Campaign name,Ad group name,Ad name,Primary status,By Day,Currency,Cost,Impressions,Reach,Clicks (all)\n\
        C,G,A,Active,2024-03-01,USD,1.50,100,90,3\nC,G,A,Paused,2024-03-02,USD,1.50,50,40,--\n\
        Total of 2 results,--,--,--,--,USD,3.00,150,120,3\n";
    let imported = text("ads_20240301_20240302.csv", table);
    assert_eq!(imported.format, "tiktok-ads-manager");
    let rows = delivery(&imported);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].ad.as_deref(), Some("A"));
    assert_eq!(rows[0].ad_set.as_deref(), Some("G"));
    assert_eq!(day(rows[1].day), "2024-03-02");
    assert_eq!(rows[1].period_start, None);
    assert_eq!(rows[0].reach, Some(90));
    assert_eq!(rows[0].clicks, Some(3));
    assert_eq!(rows[0].currency.as_deref(), Some("USD"));
    assert!(codes(&imported).is_empty());
}

#[test]
fn tiktok_workbook() {
    let cell = |text: &str| match text.parse::<f64>() {
        Ok(number) => format!("<c><v>{number}</v></c>"),
        Err(_) => format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>"),
    };
    let row = |line: &str| {
        let cells: String = line.split(',').map(cell).collect();
        format!("<row>{cells}</row>")
    };
    let rows: String = [
        "Audience,Cost,Impressions,Clicks (destination)",
        "18-24 - Male,1.5,1000,3",
        "18-24 - Female,0.5,&lt;5,--",
        "Total of 2 results,2,1003,3",
    ]
    .into_iter()
    .map(row)
    .collect();
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let book = format!(
        "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"Data\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let relations = format!(
        "<Relationships xmlns=\"{package}\"><Relationship Id=\"rId1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    let root = format!(
        "<Relationships xmlns=\"{package}\"><Relationship Id=\"rId1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let sheet = format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>");
    let bytes = archive(&[
        ("_rels/.rels", &root),
        ("xl/workbook.xml", &book),
        ("xl/_rels/workbook.xml.rels", &relations),
        ("xl/worksheets/sheet1.xml", &sheet),
    ]);
    let imported = import("a_20260101_20260131_GMT+0.xlsx", &bytes, &Hints::default());
    let imported = imported.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(account(&imported), (3, 2, reasons([("totals-row", 1)])));
    let rows = delivery(&imported);
    assert_eq!(rows[0].impressions, Some(1000));
    assert_eq!(rows[0].gender, Some(Gender::Male));
    assert_eq!(rows[1].age.as_deref(), Some("18-24"));
    assert_eq!(rows[1].ranges.impressions.unwrap().high, Some(4));
    assert_eq!(rows[1].clicks, None);
    assert_eq!(day(rows[1].period_start), "2026-01-01");
}

// --- Meta Ads Manager ---

#[test]
fn meta_reads_the_raw_sheet() {
    if crate::support::shared("samples").is_none() {
        return;
    }
    let path = "samples/synthetic/meta_formatted_plus_raw.xlsx";
    assert_eq!(format_of(path), "meta-ads-manager");
    let imported = sample(path);
    assert_eq!(account(&imported), (2, 2, reasons([])));
    assert_eq!(imported.sheet.as_deref(), Some("Raw Data Report"));
    let rows = delivery(&imported);
    assert_eq!(rows[0].locator.row, Some(4));
    assert_eq!(rows[0].campaign.as_deref(), Some("Test"));
    assert_eq!(rows[0].impressions, Some(619));
    assert_eq!(rows[1].reach, Some(24));
    assert_eq!(rows[1].currency.as_deref(), Some("USD"));
    assert_eq!(day(rows[1].period_end), "2024-03-07");
    assert_eq!(codes(&imported), ["unread-sheets"]);
}

#[test]
fn meta_period_above_the_headings() {
    let table = "Account,This is raw data.,\"Report Period: Mar 1, 2024 - Mar 7, 2024\"\n\
        Campaign name,Gender,Impressions\nC,male,10\nC,female,20\n";
    let imported = text("a.csv", table);
    let rows = delivery(&imported);
    assert_eq!(day(rows[0].period_start), "2024-03-01");
    assert_eq!(day(rows[1].period_end), "2024-03-07");
}

#[test]
fn meta_gender_under_an_unknown_heading() {
    if crate::support::shared("samples").is_none() {
        return;
    }
    let table = "Campaign name,Kyn,Impressions\nC,male,10\nC,female,20\n";
    assert_eq!(refused("a.csv", table), ["unconfirmed-gender"]);
    let mut hints = Hints::default();
    hints.columns.insert("gender".into(), "Kyn".into());
    let imported = import("a.csv", table.as_bytes(), &hints).unwrap();
    assert_eq!(delivery(&imported)[1].gender, Some(Gender::Female));
    let targeting = "Campaign name,Gender targeting,Impressions\nC,male,10\n";
    let imported = text("a.csv", targeting);
    assert_eq!(delivery(&imported)[0].gender, None);
    assert_eq!(imported.unused_columns, ["Gender targeting"]);
}

#[test]
fn meta_ids_in_place_of_names() {
    let table = "Campaign ID,Ad set ID,Gender,Impressions\n120210000000000001,120210000000000002,male,10\n\
        120210000000000001,120210000000000002,female,20\n";
    let imported = text("a.csv", table);
    let rows = delivery(&imported);
    assert_eq!(rows[0].campaign.as_deref(), Some("120210000000000001"));
    assert_eq!(rows[1].ad_set.as_deref(), Some("120210000000000002"));
    assert!(codes(&imported).is_empty());
    let damaged =
        "Campaign ID,Ad set name,Gender,Impressions\n1.20E+17,A,male,10\n1.20E+17,A,female,20\n";
    let imported = text("a.csv", damaged);
    assert_eq!(delivery(&imported)[0].campaign, None);
    assert_eq!(codes(&imported), ["damaged-ids"]);
}

// --- Tables of the Ad Library ---

/// Share of each gender over all rows of an ad, in billionths.
fn shares(rows: &[DeliveryRow], ad: &str) -> [u64; 3] {
    let of = |gender| {
        rows.iter()
            .filter(|row| row.ad.as_deref() == Some(ad) && row.gender == Some(gender))
            .filter_map(|row| row.share)
            .map(|share| u64::from(share.0))
            .sum()
    };
    [of(Gender::Male), of(Gender::Female), of(Gender::Unknown)]
}

#[test]
fn library_long_table() {
    if crate::support::shared("samples").is_none() {
        return;
    }
    let path = "real/meta-ad-library/minimaxir/fb_ads_demos.csv";
    assert_eq!(format_of(path), "meta-ad-library-table");
    let imported = sample(path);
    assert_eq!(account(&imported), (1432, 1432, reasons([])));
    assert!(codes(&imported).is_empty());
    let rows = delivery(&imported);
    assert_eq!(rows[1431].locator.row, Some(1433));
    assert_eq!(rows[0].share.unwrap().0, 70_588_000);
    assert_eq!(
        shares(rows, "2447656412147213"),
        [611_765_000, 364_706_000, 23_530_000]
    );
    assert!(imported.context.is_empty());
}

#[test]
fn library_long_table_with_exponents() {
    if crate::support::shared("samples").is_none() {
        return;
    }
    let imported = sample("real/meta-ad-library/opop999/demographic_data.csv");
    assert_eq!(account(&imported), (22_251, 22_251, reasons([])));
    let rows = delivery(&imported);
    assert_eq!(rows[0].share.unwrap().0, 910_000);
    assert_eq!(rows[0].ad.as_deref(), Some("523233635392830"));
    assert_eq!(rows[0].gender, Some(Gender::Unknown));
}

#[test]
fn library_workbook_with_lists() {
    if crate::support::shared("samples").is_none() {
        return;
    }
    let path = "real/meta-ad-library/addownloader/us-elections-final.xlsx";
    let imported = sample(path);
    assert_eq!(imported.format, "meta-ad-library-table");
    assert_eq!(account(&imported), (30_734, 30_734, reasons([])));
    let rows = delivery(&imported);
    assert_eq!(rows[0].ad.as_deref(), Some("350436536253023"));
    assert_eq!(rows[0].campaign.as_deref(), Some("Democratic Party"));
    assert_eq!(rows[0].share.unwrap().0, 285_000);
    assert_eq!(day(rows[0].period_start), "2020-10-07");
    assert_eq!(imported.context.len(), 2000);
    let about = &imported.context[0];
    assert_eq!(
        about.impressions,
        Some(CountRange {
            low: 8000,
            high: Some(8999)
        })
    );
    assert_eq!(
        about.payer.as_deref(),
        Some("DNC SERVICES CORP./DEM. NAT'L COMMITTEE")
    );
    assert_eq!(about.currency.as_deref(), Some("USD"));
    assert_eq!(about.spend.unwrap().high, Some(Micros(99_000_000)));
    assert!(imported.unused_columns.contains(&"female_18-24".to_owned()));
}

#[test]
fn library_percent_and_sums() {
    let table = "ad_id,age,gender,percentage\n1,18-24,male,\"60,5\"\n1,18-24,female,39.5\n\
        2,18-24,male,0.5\n2,18-24,female,0.3\n3,All (Automated App Ads),All (Automated App Ads),1\n\
        4,18-24,Men,1\n4,18-24,Men,1\n,18-24,male,1\n1.2E+17,18-24,male,1\n5,18-24,,1\n";
    let imported = text("a.csv", table);
    assert_eq!(
        account(&imported),
        (
            10,
            3,
            reasons([
                ("all-row", 1),
                ("damaged-id", 1),
                ("no-ad", 1),
                ("repeated-cell", 1),
                ("shares-do-not-sum", 2),
                ("unreadable-cell", 1),
            ])
        )
    );
    let rows = delivery(&imported);
    assert_eq!(shares(rows, "1"), [605_000_000, 395_000_000, 0]);
    assert_eq!(rows[2].gender, Some(Gender::Male));
    assert_eq!(rows[2].locator.row, Some(7));
}

#[test]
fn library_wide_shares() {
    let table = "id,page_name,male_18-24,female_18-24,unknown_65+,female_Unknown\n\
        1,Example Page,0.25,0.5,,0.25\n2,Example Page,25,50,25,\n3,Example Page,,,,\n";
    let imported = text("a.csv", table);
    assert_eq!(
        account(&imported),
        (7, 6, reasons([("no-demographics", 1)]))
    );
    let rows = delivery(&imported);
    assert_eq!(shares(rows, "1"), [250_000_000, 750_000_000, 0]);
    assert_eq!(shares(rows, "2"), [250_000_000, 500_000_000, 250_000_000]);
    assert_eq!(rows[2].age.as_deref(), Some("unknown"));
    assert_eq!(imported.context.len(), 3);
}

#[test]
fn library_wide_reach() {
    let table = "id,NL_18-24_male,NL_18-24_female,BE_18-24_male\n1,33,6,1\n2,40,0,60\n";
    let imported = text("a.csv", table);
    assert_eq!(account(&imported), (6, 5, reasons([("zero-or-absent", 1)])));
    let rows = delivery(&imported);
    assert_eq!(rows[0].reach, Some(33));
    assert_eq!(rows[0].share, None);
    assert_eq!(rows[2].country.as_deref(), Some("BE"));
    let shares = "id,NL_18-24_male,NL_18-24_female,BE_18-24_male\n1,0.5,0.25,0.25\n";
    let imported = text("a.csv", shares);
    let rows = delivery(&imported);
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0].reach, None);
    assert_eq!(rows[2].share.unwrap().0, 250_000_000);
    assert_eq!(rows[2].country.as_deref(), Some("BE"));
}

#[test]
fn library_reach_lists() {
    let table = "id,eu_total_reach,target_gender,target_ages,age_country_gender_reach_breakdown\n\
        1,41,All,\"['18', '65+']\",\"[{'country': 'PL', 'age_gender_breakdowns': [{'age_range': '25-34', 'male': 33, 'female': 6, 'unknown': None}, {'age_range': 'Unknown', 'female': 2}]}]\"\n\
        1,42,All,\"['18', '65+']\",\"[{\"\"country\"\": \"\"PL\"\", \"\"age_gender_breakdowns\"\": [{\"\"age_range\"\": \"\"25-34\"\", \"\"male\"\": 34}]}]\"\n\
        2,1,All,,[{broken\n";
    let imported = text("a.csv", table);
    assert_eq!(
        account(&imported),
        (5, 1, reasons([("repeated-ad", 3), ("unreadable-cell", 1)]))
    );
    assert_eq!(codes(&imported), ["repeated-ad-differs"]);
    let rows = delivery(&imported);
    assert_eq!(rows[0].reach, Some(34));
    assert_eq!(rows[0].country.as_deref(), Some("PL"));
    let about = &imported.context[0];
    assert_eq!(about.reach, Some(CountRange::exact(42)));
    assert_eq!(about.targeting.ages.as_deref(), Some("18 to 65+"));
    assert_eq!(about.targeting.genders.as_ref().unwrap().0, "all");
}

#[test]
fn library_shares_by_region_are_refused() {
    if crate::support::shared("samples").is_none() {
        return;
    }
    for path in [
        "real/meta-ad-library/minimaxir/fb_ads_regions.csv",
        "real/meta-ad-library/opop999/region_data.csv",
    ] {
        let error = import(path, &bytes(path), &Hints::default()).unwrap_err();
        assert_eq!(error.problems[0].code, "region-shares");
    }
}

#[test]
fn rows_of_another_width_are_refused() {
    let ragged = "ad_id,age,gender,percentage\n1,18-24,male,1,5\n2,18-24,male,1\n";
    assert_eq!(refused("a.csv", ragged), ["ragged-row"]);
    let cut = "ad_id,age,gender,percentage\n2,18-24,male,1\n1,18-24\n";
    assert_eq!(refused("a.csv", cut), ["truncated-file"]);
}

#[test]
fn library_lists_of_ads() {
    if crate::support::shared("samples").is_none() {
        return;
    }
    let path = "real/meta-ad-library/minimaxir/fb_ads.csv";
    assert_eq!(format_of(path), "meta-ad-library-list");
    let imported = sample(path);
    assert_eq!(account(&imported), (100, 100, reasons([])));
    let rows = context(&imported);
    assert_eq!(rows[0].advertiser.as_deref(), Some("FCTRY"));
    assert_eq!(rows[0].payer.as_deref(), Some("FCTRY"));
    assert_eq!(day(rows[0].first_shown), "2019-10-30");
    assert_eq!(day(rows[0].last_shown), "");
    assert_eq!(rows[0].impressions.unwrap().high, Some(999));

    let imported = sample("real/meta-ad-library/opop999/ad_data.csv");
    assert_eq!(account(&imported), (1223, 1223, reasons([])));
    let rows = context(&imported);
    assert_eq!(rows[0].ad.as_deref(), Some("523233635392830"));
    assert_eq!(day(rows[0].first_shown), "2021-07-13");
    assert_eq!(day(rows[0].last_shown), "");
    assert_eq!(rows[0].spend.unwrap().low, Micros(400_000_000));

    let imported = sample("samples/meta_ad_library_derived/markup_red_first_head200.csv");
    assert_eq!(account(&imported), (200, 200, reasons([])));
    let rows = context(&imported);
    assert_eq!(rows[0].impressions.unwrap().low, 30_000);
    assert_eq!(
        rows[2].impressions,
        Some(CountRange {
            low: 1_000_000,
            high: None
        })
    );
    assert_eq!(rows[2].spend.unwrap().high, Some(Micros(9_999_000_000)));
    assert_eq!(rows[0].first_shown, None);
    assert_eq!(rows[0].currency.as_deref(), Some("USD"));
}

// --- Ad Library Report ---

#[test]
fn library_report() {
    if crate::support::shared("samples").is_none() {
        return;
    }
    let folder = "samples/meta_ad_library_report/FacebookAdLibraryReport_2023-06-01_US_yesterday";
    let path = format!("{folder}_advertisers_head200.csv");
    assert_eq!(format_of(&path), "meta-ad-library-report");
    let imported = sample(&path);
    assert_eq!(account(&imported), (200, 200, reasons([])));
    let rows = context(&imported);
    assert_eq!(
        rows[0].advertiser.as_deref(),
        Some("Sound of Freedom Movie")
    );
    assert_eq!(rows[0].payer.as_deref(), Some("Sound of Freedom, LLC"));
    assert_eq!(rows[0].spend.unwrap().low, Micros(59_304_000_000));
    assert_eq!(rows[0].currency.as_deref(), Some("USD"));
    assert_eq!(rows[0].ads, Some(17));
    assert_eq!(rows[0].ad, None);
    assert_eq!(rows[0].platform.as_deref(), Some("facebook"));

    let imported = sample(&format!("{folder}_Guam.csv"));
    assert_eq!(account(&imported), (3, 3, reasons([])));
    assert_eq!(codes(&imported), ["no-disclaimer", "no-final-newline"]);
    let rows = context(&imported);
    assert_eq!(rows[0].spend.unwrap().low, Micros(0));
    assert_eq!(rows[0].spend.unwrap().high, Some(Micros(100_000_000)));
    assert_eq!(rows[0].payer, None);
    assert_eq!(rows[0].ads, None);

    let path = format!("{folder}_locations.csv");
    let error = import(&path, &bytes(&path), &Hints::default()).unwrap_err();
    assert_eq!(error.problems[0].code, "spend-by-place");
}

/// An archive with these members.
fn archive(members: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in members {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*name, options).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn library_report_in_its_archive() {
    let advertisers = "\u{FEFF}Page ID,Page Name,Disclaimer,Amount Spent (EUR),Number of Ads in Library\n\
        1,Example Page,Example Payer,5000,7\n\u{FEFF}2,Other Page,These ads ran without a disclaimer,≤100,1";
    let region =
        "Page ID,Page name,Disclaimer,Amount spent (EUR)\n1,Example Page,Example Payer,4000\n";
    let places = "Location name,Amount spent (EUR)\nNord,5000\n";
    let bytes = archive(&[
        ("R_advertisers.csv", advertisers),
        ("R_locations.csv", places),
        ("regions/R_Nord.csv", region),
        ("README.txt", "About\n"),
    ]);
    let imported = import("R.zip", &bytes, &Hints::default());
    let imported = imported.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(imported.format, "meta-ad-library-report");
    assert_eq!(account(&imported), (2, 2, reasons([])));
    let rows = context(&imported);
    assert_eq!(rows[1].advertiser.as_deref(), Some("Other Page"));
    assert_eq!(rows[0].ads, Some(7));
    assert_eq!(rows[0].currency.as_deref(), Some("EUR"));
    assert!(codes(&imported).contains(&"unread-sheets"));
}

// --- LinkedIn, Google, A/B tests ---

#[test]
fn linkedin_campaigns() {
    if crate::support::shared("samples").is_none() {
        return;
    }
    let path = "samples/synthetic/linkedin_campaign_utf16_tab.csv";
    assert_eq!(format_of(path), "linkedin-campaigns");
    let imported = sample(path);
    assert_eq!(account(&imported), (1, 1, reasons([])));
    let rows = context(&imported);
    assert_eq!(rows[0].ad.as_deref(), Some("C1"));
    assert_eq!(rows[0].advertiser.as_deref(), Some("Test"));
    assert_eq!(day(rows[0].first_shown), "2024-03-01");
    assert_eq!(rows[0].impressions, Some(CountRange::exact(1200)));
    assert_eq!(rows[0].clicks, Some(CountRange::exact(3)));

    // Nothing in the file says whether 03/02/2024 is in March.
    let path = "samples/synthetic/linkedin_campaign_comma.csv";
    let error = import(path, &bytes(path), &Hints::default()).unwrap_err();
    assert_eq!(error.problems[0].code, "ambiguous-date");
    let hints = Hints {
        date_order: Some(casefile::case::DateOrder::Mdy),
        ..Hints::default()
    };
    let imported = import(path, &bytes(path), &hints).unwrap();
    assert_eq!(account(&imported), (3, 2, reasons([("totals-row", 1)])));
    let rows = context(&imported);
    assert_eq!(rows[0].spend.unwrap().low, Micros(1_234_500_000));
    assert_eq!(rows[0].currency.as_deref(), Some("USD"));
    assert_eq!(day(rows[1].last_shown), "2024-03-02");
    let wrong = String::from_utf8(bytes(path))
        .unwrap()
        .replace(",12000,", ",12001,");
    let error = import(path, wrong.as_bytes(), &hints).unwrap_err();
    assert_eq!(error.problems[0].code, "totals-mismatch");
}

#[test]
fn ab_tests() {
    if crate::support::shared("samples").is_none() {
        return;
    }
    let path = "samples/meta_ab_test/pingu_behavioral_extroverts_design_1.csv";
    assert_eq!(format_of(path), "meta-ab-test");
    let imported = sample(path);
    assert_eq!(account(&imported), (2, 2, reasons([])));
    let rows = delivery(&imported);
    assert_eq!(rows[0].campaign.as_deref(), Some("introvert"));
    assert_eq!(rows[0].impressions, Some(475));
    assert_eq!(rows[0].reach, Some(331));
    assert_eq!(rows[0].results, Some(145));
    assert_eq!(rows[0].spend, Some(Micros(19_920_000)));
    assert_eq!(rows[0].currency.as_deref(), Some("EUR"));
    assert_eq!(rows[0].gender, None);
    let imported = sample("samples/meta_ab_test/pingu_psychometric_extroverts_design_1.csv");
    assert_eq!(account(&imported), (2, 2, reasons([])));
}

#[test]
fn google_reports() {
    if crate::support::shared("samples").is_none() {
        return;
    }
    let path = "samples/synthetic/google_gender_utf16_tab.csv";
    assert_eq!(format_of(path), "google-ads-gender");
    let imported = sample(path);
    assert_eq!(account(&imported), (4, 3, reasons([("totals-row", 1)])));
    let rows = delivery(&imported);
    assert_eq!(rows[0].impressions, Some(9236));
    assert_eq!(rows[1].impressions, Some(0));
    assert_eq!(day(rows[0].period_start), "2024-03-01");
    assert_eq!(day(rows[0].period_end), "2024-03-07");
    let imported = sample("samples/google_ads/aw_google_gender_report.csv");
    assert_eq!(account(&imported), (21, 18, reasons([("totals-row", 3)])));
    // Title and labels of totals in another language.
    let table = "Bericht zum Geschlecht\nGesamter Zeitraum\nGender,Campaign,Ad group,Clicks,Impr.,Cost\n\
        Männlich,C,A,1,10, --\nWeiblich,C,A,--,30,1.00\nGesamt: Konto,,,1,40,1.00\n";
    let imported = text("a.csv", table);
    assert_eq!(account(&imported), (3, 2, reasons([("totals-row", 1)])));
    assert_eq!(delivery(&imported)[1].clicks, None);
    assert_eq!(delivery(&imported)[0].spend, None);
}

#[test]
fn google_transparency() {
    let table = "advertiser_id,creative_id,advertiser_disclosed_name,region_stats,audience_selection_approach_info\n\
        A1,C1,Example Ltd,\"[{\"\"region_code\"\": \"\"IT\"\", \"\"first_shown\"\": \"\"2024-03-01\"\", \"\"last_shown\"\": \"\"2024-03-07\"\", \"\"times_shown_lower_bound\"\": \"\"1000\"\", \"\"times_shown_upper_bound\"\": \"\"2000\"\"}]\",\"{\"\"demographic_info\"\": \"\"CRITERIA_INCLUDED\"\", \"\"geo_location\"\": \"\"CRITERIA_UNUSED\"\"}\"\n\
        A1,C2,Example Ltd,\"[{\"\"region_code\"\": \"\"EEA\"\", \"\"first_shown\"\": \"\"2024-03-02\"\"}, {\"\"region_code\"\": \"\"IT\"\", \"\"first_shown\"\": \"\"2024-03-01\"\"}]\",\n";
    let imported = text("a.csv", table);
    assert_eq!(imported.format, "google-transparency");
    assert_eq!(account(&imported), (2, 2, reasons([])));
    assert_eq!(codes(&imported), ["several-regions"]);
    let rows = context(&imported);
    assert_eq!(rows[0].impressions.unwrap().low, 1000);
    assert_eq!(
        rows[0].targeting.genders.as_ref().unwrap().0,
        "criteria included, not published"
    );
    assert_eq!(rows[0].targeting.places.as_deref(), Some("not targeted"));
    assert_eq!(day(rows[1].first_shown), "2024-03-01");
    assert_eq!(rows[1].impressions, None);
    assert!(rows[1].targeting.genders.is_none());

    let political = "Ad_ID,Advertiser_Name,Date_Range_Start,Date_Range_End,Impressions,Age_Targeting,Gender_Targeting,Geo_Targeting_Included\n\
        CR1,Example Party,2024-03-01,2024-03-07,≤ 10k,\"18-24, 25-34\",Male,Italy\n\
        CR2,Example Party,2024-03-01,2024-03-07,1M-10M,Not targeted,Not targeted,\nCR3,Example Party,2024-03-01,,> 10M,,,\n";
    let imported = text("a.csv", political);
    let rows = context(&imported);
    assert_eq!(rows[0].impressions.unwrap().high, Some(10_000));
    assert_eq!(rows[1].impressions.unwrap().low, 1_000_000);
    assert_eq!(rows[2].impressions.unwrap().high, None);
    assert_eq!(rows[0].targeting.genders.as_ref().unwrap().0, "Male");
    assert_eq!(rows[0].targeting.ages.as_deref(), Some("18-24, 25-34"));
}

// --- iPhone ---

#[test]
fn imazing_messages() {
    if crate::support::shared("samples").is_none() {
        return;
    }
    let path = "samples/synthetic/imazing_messages.csv";
    assert_eq!(format_of(path), "imazing-messages");
    let imported = sample(path);
    assert_eq!(account(&imported), (2, 2, reasons([])));
    let rows = contacts(&imported);
    assert!(rows[0].incoming);
    assert_eq!(rows[0].sender.as_deref(), Some("+15550100001"));
    assert_eq!(rows[0].channel.as_deref(), Some("imessage"));
    assert_eq!(rows[0].private_texts, ["Hello, there"]);
    assert_eq!(
        rows[0].received.local.unwrap().to_string(),
        "2024-03-01T12:00:00"
    );
    assert_eq!(rows[0].media, None);
    assert!(!rows[1].incoming);
    assert_eq!(rows[1].sender, None);
    assert_eq!(rows[1].media, Some(1));
    assert_eq!(rows[1].media_types, ["photo"]);
}

#[test]
fn imazing_whatsapp_and_notices() {
    let table = "Chat Session,Message Date,Sent Date,Type,Sender ID,Sender Name,Status,Forwarded,Replying to,Text,Reactions,Attachment,Attachment type,Attachment info\n\
        Alice Example,2024-03-01 12:00:00,,Notification,,,,,,Encrypted,,,,\n\
        Alice Example,2024-03-01 12:01,,Incoming,,Alice Example,,,,Hello,,,,\n\
        Alice Example,2024-03-01 12:02:00,,Incoming,,Alice Example,,,,,,,,\n\
        Alice Example,2024-03-01 12:03:00,,Draft,,,,,,Hm,,,,\n";
    let imported = text("chat.csv", table);
    assert_eq!(
        account(&imported),
        (
            4,
            2,
            reasons([("system-message", 1), ("unknown-direction", 1)])
        )
    );
    assert_eq!(codes(&imported), ["zone-unknown", "no-content"]);
    let rows = contacts(&imported);
    assert_eq!(rows[0].channel.as_deref(), Some("whatsapp"));
    assert_eq!(rows[0].sender.as_deref(), Some("Alice Example"));
    assert_eq!(rows[0].locator.row, Some(3));
}

#[test]
fn imazing_calls() {
    if crate::support::shared("samples").is_none() {
        return;
    }
    let path = "samples/synthetic/imazing_call_history.csv";
    assert_eq!(format_of(path), "imazing-calls");
    let imported = sample(path);
    assert_eq!(account(&imported), (3, 3, reasons([])));
    assert_eq!(codes(&imported), ["zone-unknown", "number-withheld"]);
    let rows = contacts(&imported);
    assert_eq!(rows[0].event_type.as_deref(), Some("call_missed"));
    assert_eq!(rows[0].sender.as_deref(), Some("+15550100001"));
    assert_eq!(rows[0].call_seconds, None);
    assert_eq!(rows[1].sender, None);
    assert_eq!(rows[1].call_seconds, Some(12));
    assert!(!rows[2].incoming);
    assert_eq!(rows[2].sender, None);
    assert_eq!(rows[2].channel.as_deref(), Some("facetime"));
    assert_eq!(rows[2].call_seconds, Some(300));
    assert_eq!(
        rows[2].received.local.unwrap().to_string(),
        "2026-01-15T10:00:00"
    );
}

#[test]
fn imazing_calls_in_an_open_order() {
    if crate::support::shared("samples").is_none() {
        return;
    }
    let table = "Call type,Date,Duration,Number,Contact,Location,Service\n\
        Missed,01/02/2026 10:00:00,00:00:05,+15550100,,,Phone: +15550199\n";
    assert_eq!(refused("calls.csv", table), ["ambiguous-date"]);
    let hints = Hints {
        date_order: Some(casefile::case::DateOrder::Mdy),
        ..Hints::default()
    };
    let imported = import("calls.csv", table.as_bytes(), &hints).unwrap();
    assert_eq!(codes(&imported), ["zone-unknown", "ring-duration"]);
    let rows = contacts(&imported);
    assert_eq!(
        rows[0].received.local.unwrap().to_string(),
        "2026-01-02T10:00:00"
    );
    assert_eq!(rows[0].channel.as_deref(), Some("phone"));
    let mixed =
        table.to_owned() + "Incoming,13/02/2026 10:00:00,,,,,\nIncoming,02/13/2026 10:00:00,,,,,\n";
    assert_eq!(refused("calls.csv", &mixed), ["mixed-dates"]);
    let other = "Call type,Date,Duration,Number\nBlocked,2026-01-02 10:00:00,,\nMissed,2026-01-02 10:00:00,,\n";
    let imported = text("calls.csv", other);
    assert_eq!(
        account(&imported),
        (2, 1, reasons([("unknown-direction", 1)]))
    );
}

#[test]
fn phone_view_messages() {
    let table = "\"direction\",\"timestamp\",\"name\",\"number\",\"content\",\"type\"\n\
        \"incoming\",\"2024-03-01 12:00:00\",\"Alice Example\",\"+15550100\",\"Hello\",\"SMS\"\n\
        \"outgoing\",\"2024-03-01 12:01:00\",\"Alice Example\",\"+15550100\",\"Hi\",\"SMS\"\n";
    let imported = text("messages.csv", table);
    assert_eq!(imported.format, "imazing-messages");
    let rows = contacts(&imported);
    assert_eq!(rows[0].sender.as_deref(), Some("+15550100"));
    assert_eq!(rows[0].channel.as_deref(), Some("sms"));
    assert!(!rows[1].incoming);
    assert_eq!(rows[1].sender, None);
}

// --- Captures ---

#[test]
fn auto_archiver() {
    if crate::support::shared("samples").is_none() {
        return;
    }
    let path = "samples/synthetic/auto_archiver_sheet.csv";
    assert_eq!(format_of(path), "auto-archiver");
    let imported = sample(path);
    assert_eq!(account(&imported), (2, 2, reasons([])));
    let rows = captures(&imported);
    assert_eq!(
        rows[0].url.as_deref(),
        Some("https://www.instagram.com/p/x/")
    );
    assert_eq!(rows[0].tool.as_deref(), Some("auto-archiver"));
    assert_eq!(rows[0].method.as_deref(), Some("instagram_api"));
    assert_eq!(rows[0].status.as_deref(), Some("success"));
    assert_eq!(rows[0].captured.utc_seconds, Some(1_709_373_600));
    assert_eq!(
        rows[0].stored.as_deref(),
        Some("https://s3.example.invalid/x.html")
    );
    assert_eq!(rows[0].private_texts, ["Title"]);
    assert_eq!(rows[0].sha256, None);
    assert_eq!(rows[1].status.as_deref(), Some("failed"));
    assert_eq!(codes(&imported), ["missing-time", "not-a-digest"]);
}

#[test]
fn auto_archiver_drops_secrets() {
    let hex = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    let table = format!(
        "link,archive status,archive location,archive date,hash\n\
        https://user:word@example.org/p?id=7&access_token=A&oh=B&_nc_x=C#part,[cached] wacz: success,\"https://s3.example.invalid/1?X-Amz-Signature=D\nhttps://s3.example.invalid/2\",2024-03-02T10:00:00Z,SHA-256:{hex}\n\
        https://example.org/q,Archive in progress,,,SHA3-512:{hex}\n,,,2024-03-02T10:00:00Z,\n"
    );
    let imported = text("sheet.csv", &table);
    assert_eq!(account(&imported), (3, 2, reasons([("no-link", 1)])));
    let rows = captures(&imported);
    assert_eq!(
        rows[0].url.as_deref(),
        Some("https://example.org/p?id=7#part")
    );
    assert_eq!(
        rows[0].stored.as_deref(),
        Some("https://s3.example.invalid/1")
    );
    assert_eq!(rows[0].status.as_deref(), Some("success (cached)"));
    assert_eq!(rows[0].sha256.as_deref(), Some(hex));
    assert_eq!(rows[1].sha256, None);
    assert_eq!(rows[1].status.as_deref(), Some("in progress"));
    assert!(codes(&imported).contains(&"other-digest"));
}

#[test]
fn custody_logs_are_captures() {
    let table = "evidence_id,item_description,source_url,captured_at_utc,tool+version,method,sha256,storage_path,collector,custody_transfers,notes\n\
        EV-0001,A page,https://example.org/,2024-03-01 16:00:00,browser 1.2,screenshot,,ev/1.png,reporter-1,,\n";
    let imported = text("evidence.csv", table);
    assert_eq!(imported.format, "tidy-captures");
    let rows = captures(&imported);
    assert_eq!(rows[0].reference.as_deref(), Some("EV-0001"));
    assert_eq!(rows[0].tool.as_deref(), Some("browser 1.2"));
    assert_eq!(rows[0].captured.utc_seconds, Some(1_709_308_800));
    assert_eq!(rows[0].captured.basis, casefile::evidence::TimeBasis::File);
    assert_eq!(rows[0].private_texts, ["A page"]);
    assert_eq!(imported.unused_columns, ["custody_transfers"]);
}

// --- What was read before ---

#[test]
fn earlier_formats_still_read() {
    if crate::support::shared("samples").is_none() {
        return;
    }
    let folders = [
        ("real/algorithmwatch-2020/france", "meta-ads-manager"),
        ("real/algorithmwatch-2020/poland", "meta-ads-manager"),
        ("samples/google_ads", "google-ads-"),
        ("samples/meta_ads_manager_csv", "meta-ads-manager"),
    ];
    let mut files = 0;
    for (folder, format) in folders {
        for entry in std::fs::read_dir(format!("{SHARED}/{folder}")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let path = format!("{folder}/{name}");
            let read = import(&path, &bytes(&path), &Hints::default());
            let refused = ["PIVOT", "GREP", "first100"]
                .iter()
                .any(|word| name.contains(word));
            match read {
                Ok(imported) => assert!(imported.format.starts_with(format), "{path}"),
                Err(error) => assert!(refused, "{error}"),
            }
            files += usize::from(!refused);
        }
    }
    assert_eq!(files, 63);
    let pivot = "Gender,Impressions,Total Result\nmale,1,1\n";
    assert_eq!(refused("a.csv", pivot), ["pivot-table"]);
    let total = "Audience,Cost,Impressions\n18-24 - Male,1.00,10\nGrand total,1.00,10\n";
    assert_eq!(delivery(&text("a.csv", total)).len(), 1);
}
