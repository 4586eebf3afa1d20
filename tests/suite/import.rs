//! Raw files are read as what they are, or refused with a message that says what to do.

use crate::support::shared;
use casefile::case::{DateOrder, Kind, SourceFile};
use casefile::digest::Sha256;
use casefile::evidence::{DeliveryRow, Gender, Micros, SnapshotBasis};
use casefile::import::{
    Detection, FORMATS, Hints, Imported, Input, Table, columns, detect, import_files, read,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// A file with what a user says of it.
struct Given {
    file: String,
    bytes: Vec<u8>,
    kind: Option<Kind>,
    format: Option<&'static str>,
    columns: BTreeMap<String, String>,
    sheet: Option<&'static str>,
    decimal: Option<char>,
    date_order: Option<DateOrder>,
}

fn given(file: &str, bytes: impl Into<Vec<u8>>) -> Given {
    Given {
        file: file.into(),
        bytes: bytes.into(),
        kind: None,
        format: None,
        columns: BTreeMap::new(),
        sheet: None,
        decimal: None,
        date_order: None,
    }
}

fn given_path(path: &PathBuf) -> Given {
    let name = path.file_name().unwrap().to_str().unwrap();
    given(&format!("evidence/{name}"), std::fs::read(path).unwrap())
}

impl Given {
    fn kind(mut self, kind: Kind) -> Self {
        self.kind = Some(kind);
        self
    }

    fn map(mut self, name: &str, title: &str) -> Self {
        self.columns.insert(name.into(), title.into());
        self
    }

    fn with<T>(&self, act: impl FnOnce(&Input<'_>) -> T) -> T {
        let hints = Hints {
            kind: self.kind,
            format: self.format.map(str::to_owned),
            columns: self.columns.clone(),
            sheet: self.sheet.map(str::to_owned),
            decimal: self.decimal,
            date_order: self.date_order,
            ..Hints::default()
        };
        act(&Input {
            file: &self.file,
            bytes: &self.bytes,
            hints: &hints,
        })
    }

    fn detect(&self) -> Detection {
        self.with(detect).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Reads, and holds the promise that every row is accounted for.
    fn read(&self) -> Imported {
        let imported = self.with(read).unwrap_or_else(|error| panic!("{error}"));
        let rows = &imported.rows;
        assert_eq!(
            rows.read + rows.excluded.len() as u64,
            rows.in_file,
            "{}",
            self.file
        );
        imported
    }

    fn error(&self) -> String {
        match self.with(read) {
            Ok(_) => panic!("{} was read", self.file),
            Err(error) => error.to_string(),
        }
    }

    fn delivery(&self) -> Vec<DeliveryRow> {
        match self.read().table {
            Table::Delivery(rows) => rows,
            other => panic!("{other:?}"),
        }
    }
}

fn impressions(rows: &[DeliveryRow]) -> u64 {
    rows.iter().filter_map(|row| row.impressions).sum()
}

fn codes(imported: &Imported) -> Vec<&'static str> {
    imported.notices.iter().map(|notice| notice.code).collect()
}

fn reasons(imported: &Imported) -> Vec<(u64, &'static str)> {
    imported
        .rows
        .excluded
        .iter()
        .map(|exclusion| (exclusion.row, exclusion.reason))
        .collect()
}

/// A workbook with the given sheets; cells that are numbers become number cells.
fn workbook(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut add = |name: &str, text: &str| {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    add(
        "[Content_Types].xml",
        &format!(
            "{head}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"
        ),
    );
    let root = format!(
        "{head}<Relationships xmlns=\"{package}\"><Relationship Id=\"rId1\" Type=\"{rel}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    add("_rels/.rels", &root);
    let (mut names, mut links) = (String::new(), String::new());
    for (index, (name, _)) in sheets.iter().enumerate() {
        let n = index + 1;
        names += &format!("<sheet name=\"{name}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>");
        links += &format!(
            "<Relationship Id=\"rId{n}\" Type=\"{rel}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
        );
    }
    add(
        "xl/workbook.xml",
        &format!(
            "{head}<workbook xmlns=\"{main}\" xmlns:r=\"{rel}\"><sheets>{names}</sheets></workbook>"
        ),
    );
    add(
        "xl/_rels/workbook.xml.rels",
        &format!("{head}<Relationships xmlns=\"{package}\">{links}</Relationships>"),
    );
    for (index, (_, rows)) in sheets.iter().enumerate() {
        let mut data = String::new();
        for (row, cells) in rows.iter().enumerate() {
            data += &format!("<row r=\"{}\">", row + 1);
            for (column, cell) in cells
                .iter()
                .enumerate()
                .filter(|(_, cell)| !cell.is_empty())
            {
                let at = format!(
                    "{}{}",
                    char::from(b'A' + u8::try_from(column).unwrap()),
                    row + 1
                );
                data += &match cell.parse::<f64>() {
                    Ok(number) => format!("<c r=\"{at}\"><v>{number}</v></c>"),
                    Err(_) => format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>"),
                };
            }
            data += "</row>";
        }
        let name = format!("xl/worksheets/sheet{}.xml", index + 1);
        add(
            &name,
            &format!("{head}<worksheet xmlns=\"{main}\"><sheetData>{data}</sheetData></worksheet>"),
        );
    }
    zip.finish().unwrap().into_inner()
}

const META: &str = "\u{FEFF}\"Campaign name\",\"Ad set name\",\"Ad name\",Age,Gender,Reach,Impressions,Frequency,\"Result type\",Results,\"Amount spent (USD)\",\"Reporting starts\",\"Reporting ends\"\n\
,,,,,500,655,1.31,,,21.4,2024-03-01,2024-03-07\n\
Ring,Dance,A,25-34,female,24,31,1.29,,,0.98,2024-03-01,2024-03-07\n\
Ring,Dance,A,25-34,male,301,410,1.36,,2,13.2,2024-03-01,2024-03-07\n\
Ring,Dance,A,65+,male,200,214,1.07,,,7.22,2024-03-01,2024-03-07\n";

const CONTACTS: &str = "event_id,received_at_local,timezone,channel,direction,ad_id,sender_pseudonym,sender_apparent_gender,event_type,call_duration_s,code_primary,code_secondary,coder,second_coder_code,notes\n\
E1,2024-03-01 17:00,America/New_York,dm,in,A,S-1,male,message,,REQ_CONTACT,APPEARANCE;OFFER_MONEY,c1,REQ_CONTACT,Jordan Example wrote\n\
E2,13/03/2024,,phone,in,A,S-2,?,call,2 min,NO_CONTENT,,c1,n/a,\n\
E3,?,,dm,out,A,S-1,,message,,GREETING,,c1,,\n";

// Real exports and samples.

#[test]
fn every_real_ads_manager_export_is_read() {
    let mut files = 0;
    for country in ["france", "poland"] {
        let Some(folder) = shared(&format!("real/algorithmwatch-2020/{country}")) else {
            return;
        };
        for entry in std::fs::read_dir(folder).unwrap() {
            let file = given_path(&entry.unwrap().path());
            let imported = file.read();
            assert_eq!(imported.format, "meta-ads-manager", "{}", file.file);
            assert!(imported.rows.excluded.is_empty(), "{}", file.file);
            let snapshot = imported.snapshot.unwrap();
            assert_eq!(snapshot.basis, SnapshotBasis::FileName);
            let stamp = snapshot.at.strftime("%Y-%m-%d_%H:%M").to_string();
            assert_eq!(file.file, format!("evidence/{stamp}.csv"));
            files += 1;
        }
    }
    assert_eq!(files, 46);
}

#[test]
fn the_last_french_export_has_its_known_totals() {
    let Some(path) = shared("real/algorithmwatch-2020/france/2020-09-01_18:58.csv") else {
        return;
    };
    let rows = given_path(&path).delivery();
    let of = |gender| {
        let rows: Vec<_> = rows
            .iter()
            .filter(|r| r.ad_set.as_deref() == Some("Truck Driver") && r.gender == Some(gender))
            .collect();
        assert_eq!(rows.len(), 1);
        (rows[0].impressions.unwrap(), rows[0].locator.row.unwrap())
    };
    assert_eq!(
        (of(Gender::Male), of(Gender::Female), of(Gender::Unknown)),
        ((2424, 19), (323, 18), (28, 17))
    );
    assert_eq!(rows[18 - 1].spend, Some(Micros(4_660_000)));
    assert_eq!(rows[18 - 1].currency.as_deref(), Some("EUR"));
}

#[test]
fn every_ads_manager_sample_is_read_or_refused_as_documented() {
    // Rows read, rows left out, impressions; or the code of the refusal.
    type Outcome = Result<(u64, usize, u64), &'static str>;
    let expected: [(&str, Outcome); 17] = [
        ("aw_ch_country", Ok((5, 0, 43))),
        ("aw_ch_region_2020-09-04_1559", Ok((54, 0, 2708))),
        ("aw_ch_region_PIVOT_handmade", Err("[pivot-table]")),
        ("aw_ch_salaries_1534", Ok((6, 0, 722))),
        ("aw_ch_salaries_1536_decreasing", Ok((6, 0, 722))),
        ("aw_de_age", Ok((36, 0, 36685))),
        ("aw_de_gender_2020-08-26_1811_oldcolumns", Ok((17, 0, 4813))),
        ("aw_de_truck_GREP_OUTPUT_not_csv", Err("[grep-output]")),
        ("aw_fr_gender_2020-09-01_1113_first", Ok((4, 0, 45))),
        ("aw_fr_gender_2020-09-01_1858_last", Ok((18, 0, 14589))),
        ("eamt_adsets_TOTALS_ROW", Ok((52, 1, 770_113))),
        (
            "eamt_age_gender_text_MULTILINE_DUPCOL",
            Ok((3126, 0, 770_113)),
        ),
        ("eamt_campaigns_TOTALS_ROW", Ok((7, 1, 770_113))),
        (
            "eamt_text_breakdown_TOTALS_CRLF_first100",
            Err("[totals-mismatch]"),
        ),
        ("fbadstats_age_gender_2017", Ok((72, 0, 38_598))),
        ("fbadstats_dma_2017_head", Ok((59, 0, 0))),
        ("fbadstats_impression_device_2017_head", Ok((59, 0, 0))),
    ];
    for (name, outcome) in expected {
        let Some(path) = shared(&format!("samples/meta_ads_manager_csv/{name}.csv")) else {
            return;
        };
        let file = given_path(&path);
        match outcome {
            Ok((read, excluded, sum)) => {
                let imported = file.read();
                assert_eq!(
                    (
                        imported.format,
                        imported.rows.read,
                        imported.rows.excluded.len()
                    ),
                    ("meta-ads-manager", read, excluded),
                    "{name}"
                );
                assert_eq!(impressions(&file.delivery()), sum, "{name}");
            }
            Err(code) => assert!(file.error().contains(code), "{name}: {}", file.error()),
        }
    }
}

#[test]
fn a_cut_export_names_both_sums() {
    let Some(path) =
        shared("samples/meta_ads_manager_csv/eamt_text_breakdown_TOTALS_CRLF_first100.csv")
    else {
        return;
    };
    let error = given_path(&path).error();
    assert!(
        error.contains(
            ":2: the totals row says 770113 impressions, but the rows that it sums have 246"
        ),
        "{error}"
    );
}

#[test]
fn region_exports_keep_letters_and_note_reach_above_impressions_once() {
    let Some(path) = shared("samples/meta_ads_manager_csv/aw_ch_region_2020-09-04_1559.csv") else {
        return;
    };
    let file = given_path(&path);
    assert!(
        file.delivery()
            .iter()
            .any(|row| row.region.as_deref() == Some("Rhône-Alpes"))
    );
    assert_eq!(codes(&file.read()), ["reach-above-impressions"]);
}

#[test]
fn ads_of_one_name_both_count_where_the_total_proves_it() {
    let Some(path) = shared("samples/meta_ads_manager_csv/eamt_adsets_TOTALS_ROW.csv") else {
        return;
    };
    assert_eq!(codes(&given_path(&path).read()), ["same-name"]);
}

#[test]
fn google_reports_drop_their_checked_totals_and_keep_zero_rows() {
    let Some(path) = shared("samples/google_ads/aw_google_gender_report.csv") else {
        return;
    };
    let file = given_path(&path);
    let imported = file.read();
    assert_eq!(
        (imported.format, imported.rows.read),
        ("google-ads-gender", 18)
    );
    assert_eq!(
        reasons(&imported),
        [(22, "totals-row"), (23, "totals-row"), (24, "totals-row")]
    );
    let rows = file.delivery();
    assert_eq!(impressions(&rows), 122_183);
    assert_eq!(
        rows.iter().filter(|row| row.impressions == Some(0)).count(),
        3
    );
    assert_eq!(rows[0].campaign.as_deref(), Some("DE - Truck driver"));
    assert_eq!(rows[0].spend, Some(Micros(12_890_000)));
}

#[test]
fn google_script_workbooks_have_the_time_of_the_run_from_their_name() {
    let Some(path) = shared("samples/google_ads/Report output_ 2020-09-01T18_59_50.549Z.xlsx")
    else {
        return;
    };
    let file = given_path(&path);
    let imported = file.read();
    assert_eq!(imported.format, "google-ads-scripts");
    assert_eq!(
        imported.snapshot.unwrap().at.to_string(),
        "2020-09-01T18:59:50"
    );
    let rows = file.delivery();
    assert_eq!(rows[0].day.unwrap().to_string(), "2020-09-01");
    assert!(rows.iter().any(|row| row.gender == Some(Gender::Unknown)));
}

#[test]
fn synthetic_samples_are_read() {
    let expected = [
        ("meta_age_gender_modern.csv", "meta-ads-manager", 655),
        (
            "meta_age_gender_de_excel_resave.csv",
            "meta-ads-manager",
            1441,
        ),
        ("meta_formatted_plus_raw.xlsx", "meta-ads-manager", 650),
        ("google_gender_utf16_tab.csv", "google-ads-gender", 17_222),
    ];
    for (name, format, sum) in expected {
        let Some(path) = shared(&format!("samples/synthetic/{name}")) else {
            return;
        };
        let file = given_path(&path);
        assert_eq!(
            (file.read().format, impressions(&file.delivery())),
            (format, sum),
            "{name}"
        );
    }
}

#[test]
fn what_casefile_does_not_read_is_refused_by_name() {
    let expected = [
        (
            "synthetic/instagram_post_comments_1_OUTGOING.json",
            "[outgoing-comments]",
        ),
        ("synthetic/wacz_datapackage.json", "web archive"),
        ("synthetic/wacz_datapackage-digest.json", "web archive"),
        (
            "meta_ads_manager_csv/aw_ch_region_PIVOT_handmade.csv",
            "[pivot-table]",
        ),
        (
            "meta_ads_manager_csv/aw_de_truck_GREP_OUTPUT_not_csv.csv",
            "[grep-output]",
        ),
        (
            "meta_ad_library_report/FacebookAdLibraryReport_2023-06-01_US_yesterday_locations.csv",
            "[spend-by-place]",
        ),
    ];
    for (name, words) in expected {
        let Some(path) = shared(&format!("samples/{name}")) else {
            return;
        };
        let file = given_path(&path);
        assert!(file.error().contains(words), "{name}: {}", file.error());
        assert_eq!(file.kind(Kind::Attachment).read().format, "attachment");
    }
}

#[test]
fn a_foreign_table_is_read_through_a_column_map() {
    let Some(path) = shared("real/facebook-ads-kag/KAG_conversion_data.csv") else {
        return;
    };
    let file = given_path(&path)
        .kind(Kind::Delivery)
        .map("ad", "ad_id")
        .map("campaign", "xyz_campaign_id")
        .map("spend", "Spent");
    let rows = file.delivery();
    let men: u64 = rows
        .iter()
        .filter(|r| r.gender == Some(Gender::Male))
        .filter_map(|r| r.impressions)
        .sum();
    assert_eq!((rows.len(), impressions(&rows)), (1143, 213_434_828));
    assert_eq!(rows.iter().filter_map(|r| r.clicks).sum::<u64>(), 38_165);
    assert_eq!(format!("{:.6}", men as f64 / 213_434_828.0), "0.461836");
    assert_eq!(
        (rows
            .iter()
            .filter_map(|r| r.spend)
            .map(|s| s.0)
            .sum::<i64>()
            + 5_000)
            / 10_000,
        5_870_523
    );
}

// Ads Manager, synthetic.

#[test]
fn a_verified_totals_row_is_left_out_and_absence_is_not_zero() {
    let file = given("e/a.csv", META);
    let imported = file.read();
    assert_eq!(reasons(&imported), [(2, "totals-row")]);
    assert_eq!(
        imported.rows.excluded[0].detail,
        "its 655 impressions equal the sum of its rows"
    );
    let rows = file.delivery();
    assert_eq!((rows[0].results, rows[1].results), (None, Some(2)));
    assert_eq!(rows[0].locator.row, Some(3));
    assert_eq!(imported.unused_columns, ["Frequency", "Result type"]);
    assert_eq!(
        imported.preview[0],
        [
            "A",
            "Ring",
            "Dance",
            "2024-03-01",
            "2024-03-07",
            "25-34",
            "female",
            "31",
            "24",
            "",
            "0.98"
        ]
    );
    assert!(
        file.detect()
            .reason
            .contains("11 headings of Ads Manager in row 1")
    );
}

#[test]
fn a_totals_row_that_does_not_verify_stops_the_run() {
    let error = given("e/a.csv", META.replace(",410,", ",409,")).error();
    assert_eq!(
        error,
        "e/a.csv:2: the totals row says 655 impressions, but the rows that it sums have 654: rows are missing or were changed: `655` [totals-mismatch]\n  \
         hint: export the file again in full; a file that is known to be incomplete can be listed without being read with `kind = \"attachment\"`"
    );
}

#[test]
fn subtotals_are_checked_and_left_out() {
    let text = "Campaign name,Gender,Impressions,Reporting starts\nA,All,30,2024-03-01\nA,male,10,2024-03-01\nA,female,20,2024-03-01\nB,,5,2024-03-01\nB,male,5,2024-03-01\nC,,7,2024-03-01\n";
    let file = given("e/a.csv", text);
    assert_eq!(
        reasons(&file.read()),
        [(2, "subtotal-row"), (5, "subtotal-row")]
    );
    // C is not broken down at all: its only row is kept, and its gender is not stated.
    assert_eq!(file.delivery().last().unwrap().gender, None);
    assert!(
        given("e/a.csv", text.replace("A,All,30", "A,All,31"))
            .error()
            .contains("a subtotal row says 31 impressions, but the rows that it sums have 30")
    );
}

#[test]
fn exports_in_other_languages_are_read() {
    for header in [
        "Name der Kampagne;Name der Anzeige;Alter;Geschlecht;Impressionen;Ausgegebener Betrag (EUR);Berichtsstart",
        "Nom de la campagne;Nom de la publicité;Âge;Sexe;Impressions;Montant dépensé (EUR);Début des rapports",
        "Nombre de la campaña;Nombre del anuncio;Edad;Género;Impresiones;Importe gastado (EUR);Inicio del informe",
        "キャンペーン名;広告名;年齢;性別;インプレッション;消化金額 (EUR);レポート開始日",
        "广告系列名称;广告名称;年龄;性别;展示次数;已花费金额（EUR）;报告开始日期",
        "캠페인 이름;광고 이름;연령;성별;노출;지출 금액 (EUR);보고 시작",
        // The header of an export that was read in the wrong encoding on its way.
        "Nom de la campagne;Nom de la publicitÃ©;Ã‚ge;Sexe;Impressions;Montant dÃ©pensÃ© (EUR);DÃ©but des rapports",
    ] {
        let rows = given("e/a.csv", format!("{header}\nK;A;25–34;männlich;1.410;13,20;01.03.2024\nK;A;65 +;Femme;31;0,98;01.03.2024\n")).delivery();
        assert_eq!(rows[0].impressions, Some(1410), "{header}");
        assert_eq!(
            (rows[0].gender, rows[1].gender),
            (Some(Gender::Male), Some(Gender::Female)),
            "{header}"
        );
        assert_eq!(
            (rows[0].age.as_deref(), rows[1].age.as_deref()),
            (Some("25-34"), Some("65+")),
            "{header}"
        );
        assert_eq!(
            (rows[0].spend, rows[0].currency.as_deref()),
            (Some(Micros(13_200_000)), Some("EUR")),
            "{header}"
        );
        assert_eq!(
            rows[0].period_start.unwrap().to_string(),
            "2024-03-01",
            "{header}"
        );
    }
}

#[test]
fn encodings_line_ends_and_stray_marks_do_not_matter() {
    let plain = given("e/a.csv", META).delivery();
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(
            META.trim_start_matches('\u{FEFF}')
                .encode_utf16()
                .flat_map(u16::to_le_bytes),
        )
        .collect();
    for (bytes, encoding) in [
        (META.replace('\n', "\r\n").into_bytes(), "UTF-8"),
        (
            META.trim_start_matches('\u{FEFF}').as_bytes().to_vec(),
            "UTF-8",
        ),
        (META.trim_end().as_bytes().to_vec(), "UTF-8"),
        (
            META.replace("\nRing,Dance,A,65+", "\n\u{FEFF}Ring,Dance,A,65+")
                .into_bytes(),
            "UTF-8",
        ),
        (
            format!("sep=,\n{}", META.trim_start_matches('\u{FEFF}')).into_bytes(),
            "UTF-8",
        ),
        (utf16, "UTF-16LE"),
    ] {
        let file = given("e/a.csv", bytes);
        assert_eq!(file.read().encoding, encoding);
        let rows = file.delivery();
        assert_eq!(
            (rows.len(), impressions(&rows), &rows[2].age),
            (3, 655, &plain[2].age)
        );
    }
    let latin = given(
        "e/a.csv",
        b"Campaign name,Region,Impressions,Reporting starts\nK,Rh\xF4ne,5,2024-03-01\n".to_vec(),
    );
    assert_eq!(latin.delivery()[0].region.as_deref(), Some("Rhône"));
    assert_eq!(
        (latin.read().encoding, codes(&latin.read())),
        ("Windows-1252", vec!["encoding-assumed"])
    );
}

#[test]
fn a_row_is_named_by_the_line_on_which_it_starts() {
    let text = "Ad name,Text,Impressions,Reporting starts\r\nA,\"two\r\nlines\",5,2024-03-01\r\n\r\nB,one,x,2024-03-01\r\n";
    assert_eq!(
        given("e/a.csv", text).error(),
        "e/a.csv:5: column `Impressions`: this is not a number: `x` [not-a-number]\n  hint: numbers of this column are written like `1,234.5`"
    );
}

#[test]
fn numbers_that_can_be_read_in_two_ways_are_refused_with_both() {
    let file = given("e/a.csv", "ad,impressions\nA,\"1,410\"\n");
    assert_eq!(
        file.error(),
        "e/a.csv:2: column `impressions`: this number is 1410 or 1.410, and nothing in the file says which: `1,410` [ambiguous-number]\n  \
         hint: add `decimal = \".\"` to the evidence entry to read it as 1410, or `decimal = \",\"` to read it as 1.410"
    );
    assert_eq!(
        Given {
            decimal: Some('.'),
            ..file
        }
        .delivery()[0]
            .impressions,
        Some(1410)
    );
    let file = given("e/a.csv", "ad,impressions\nA,\"1,410\"\nB,\"1,234,567\"\n");
    assert_eq!(file.delivery()[1].impressions, Some(1_234_567));
    let mixed = given("e/a.csv", "ad,impressions,spend\nA,5,\"1,5\"\nB,6,2.5\n").error();
    assert!(mixed.starts_with("e/a.csv:2: column `spend`: this number and `2.5` in row 3 have different decimal separators: `1,5` [mixed-decimals]"), "{mixed}");
}

#[test]
fn dates_that_can_be_read_in_two_ways_are_refused_with_both() {
    let text = "ad,impressions,period_start\nA,5,3/4/2024\n";
    assert_eq!(
        given("e/a.csv", text).error(),
        "e/a.csv:2: column `period_start`: this date is 2024-04-03 or 2024-03-04, and nothing in the file says which: `3/4/2024` [ambiguous-date]\n  \
         hint: add `date_order = \"dmy\"` to the evidence entry to read it as 2024-04-03, or `date_order = \"mdy\"` to read it as 2024-03-04"
    );
    let declared = Given {
        date_order: Some(DateOrder::Mdy),
        ..given("e/a.csv", text)
    };
    assert_eq!(
        declared.delivery()[0].period_start.unwrap().to_string(),
        "2024-03-04"
    );
    let decided = given("e/a.csv", format!("{text}B,5,13/4/2024\n")).delivery();
    assert_eq!(decided[0].period_start.unwrap().to_string(), "2024-04-03");
    assert!(
        given("e/a.csv", format!("{text}B,5,13/4/2024\nC,5,4/13/2024\n"))
            .error()
            .contains("[mixed-dates]")
    );
}

#[test]
fn counts_that_are_none_are_refused_in_their_place() {
    for (cell, words) in [
        ("-5", "a count cannot be negative: `-5` [negative-count]"),
        (
            "5.5",
            "a count is a whole number up to 1,000,000,000,000: `5.5` [not-a-count]",
        ),
        ("1.2E+05", "[damaged-number]"),
        ("<x", "this is a range, not a number: `<x` [masked-count]"),
        ("99999999999999999999999", "[not-a-count]"),
    ] {
        let error = given("e/a.csv", format!("ad,impressions\nA,7\nB,{cell}\n")).error();
        assert!(
            error.starts_with("e/a.csv:3: column `impressions`: ") && error.contains(words),
            "{error}"
        );
    }
    assert_eq!(
        given("e/a.csv", "ad,impressions\nA,12.0\n").delivery()[0].impressions,
        Some(12)
    );
}

#[test]
fn repeated_problems_are_counted_not_repeated() {
    let rows: String = (0..10).map(|n| format!("A{n},x\n")).collect();
    let error = given("e/a.csv", format!("ad,impressions\n{rows}")).error();
    assert_eq!(error.matches("[not-a-number]").count(), 4);
    assert!(
        error.contains(
            "e/a.csv: column `impressions`: 7 more rows have this problem [not-a-number]"
        ),
        "{error}"
    );
}

#[test]
fn money_is_exact_and_rounds_half_to_even() {
    let cells = [
        ("0.0000005", 0),
        ("0.0000015", 2),
        ("1.0111111111111", 1_011_111),
        ("$1,234.50", 1_234_500_000),
        ("9.1E-4", 910),
        ("12 €", 12_000_000),
    ];
    let rows: String = cells
        .iter()
        .enumerate()
        .map(|(n, (cell, _))| format!("A{n};{cell}\n"))
        .collect();
    let read = given("e/a.csv", format!("ad;spend\n{rows}"))
        .kind(Kind::Delivery)
        .delivery();
    let micros: Vec<i64> = read.iter().map(|row| row.spend.unwrap().0).collect();
    assert_eq!(micros, cells.map(|(_, micros)| micros));
}

#[test]
fn a_repeated_cell_is_left_out_and_a_contradicted_one_refused() {
    let text = "campaign,ad,gender,impressions\nK,A,male,5\nK,A,female,3\nK,A,male,5\n";
    let file = given("e/a.csv", text);
    assert_eq!(reasons(&file.read()), [(4, "duplicate-row")]);
    assert_eq!(
        given(
            "e/a.csv",
            text.replace("male,5\nK,A,female", "male,6\nK,A,female")
        )
        .error(),
        "e/a.csv:4: this row and row 2 are the same cell (K, A, male) with different numbers [conflicting-rows]\n  \
         hint: if these are two exports in one file, split it; if the rows are different ads, export them with campaign, ad set and ad; if a column of numbers tells them apart, export without it"
    );
}

#[test]
fn two_exports_in_one_file_are_refused_even_without_campaigns() {
    let text = "Ad set name,Gender,Impressions,Reporting starts\nA,male,5,2024-03-01\nA,female,3,2024-03-01\nA,male,6,2024-03-01\nA,female,4,2024-03-01\n";
    assert_eq!(
        given("e/a.csv", text)
            .error()
            .matches("[conflicting-rows]")
            .count(),
        2
    );
}

#[test]
fn a_text_or_hour_breakdown_makes_cells_of_their_own() {
    for (heading, one, two) in [
        ("Text", "one", "two"),
        ("Hour of day", "0", "1"),
        ("Hour", "0", "1"),
        ("Creative ID", "7", "8"),
    ] {
        let text = format!(
            "Ad name,{heading},Gender,Impressions,Reporting starts\nA,{one},male,5,2024-03-01\nA,{two},male,6,2024-03-01\n"
        );
        let file = given("e/a.csv", text);
        assert_eq!(
            (file.read().rows.read, codes(&file.read())),
            (2, vec!["further-breakdown"]),
            "{heading}"
        );
    }
}

#[test]
fn damaged_files_are_refused_with_the_row() {
    let header = "ad,gender,impressions\n";
    for (text, words) in [
        (String::new(), "e/a.csv: the file is empty [empty-file]"),
        (
            "  \n\n".into(),
            "e/a.csv: the file has no content [empty-file]",
        ),
        (
            header.into(),
            "e/a.csv:1: the file has headings and no rows [no-rows]",
        ),
        (
            format!("{header}A,male,5\nB,fem"),
            "e/a.csv:3: this row has 2 cells, the headings are 3, and it is the last row: the file was cut: `B` [truncated-file]",
        ),
        (
            format!("{header}A,male,5,6\nB,male,7\n"),
            "e/a.csv:2: this row has 4 cells, the headings are 3: `A` [ragged-row]",
        ),
        (
            format!("{header}A;male;5\n"),
            "e/a.csv:2: this row is separated by `;`, the headings are not: `A;male;5` [mixed-delimiters]",
        ),
        (
            format!("{header}A,male,5\n\"B,male,7\nC,male,8\n"),
            "e/a.csv:3: a quotation mark opens a cell here and is never closed: the file was cut or changed [unclosed-quote]",
        ),
        (
            format!("{header}A,diverse,5\n"),
            "e/a.csv:2: column `gender`: this is no word for a gender that casefile knows: `diverse` [unknown-gender]",
        ),
        (
            format!("{header}A,male,\n"),
            "e/a.csv: no row of the file holds data; every row was left out [no-rows]",
        ),
    ] {
        let error = given("e/a.csv", text).error();
        assert!(error.starts_with(words), "{error}");
        assert!(error.contains("hint: "), "{error}");
    }
    let surplus = given("e/a.csv", format!("{header}A,male,5,,\n,,\n")).read();
    assert_eq!(reasons(&surplus), [(3, "blank-row")]);
    let unmeasured = given("e/a.csv", format!("{header}A,male,5\nB,male,--\n")).read();
    assert_eq!(reasons(&unmeasured), [(3, "no-measure")]);
}

#[test]
fn left_over_files_and_documents_are_told_apart() {
    assert!(
        given("e/.~lock.a.csv#", ",x,")
            .error()
            .contains("[lock-file]")
    );
    assert!(given("e/~$a.xlsx", "x").error().contains("[lock-file]"));
    assert!(
        given(
            "e/a.json",
            r#"{"error":{"message":"m","type":"OAuthException","code":190,"fbtrace_id":"x"}}"#
        )
        .error()
        .contains("[api-error]")
    );
    assert!(
        given("e/a.xls", vec![0xD0, 0xCF, 0x11, 0xE0, 0, 0])
            .error()
            .contains("[unsupported-workbook]")
    );
    assert!(
        given("e/a.bin", vec![b'a', 0, b'b'])
            .error()
            .contains("[not-a-table]")
    );
    for (name, bytes) in [
        ("a.pdf", "%PDF-1.7 ..".as_bytes()),
        ("a.png", b"\x89PNG\r\n\x1a\n"),
        ("a.html", b"<!DOCTYPE html><p>"),
        ("a.md", b"# Note"),
        ("a.jpg", b"\xFF\xD8\xFF\xE0"),
    ] {
        assert_eq!(given(name, bytes).detect().kind, Kind::Attachment, "{name}");
    }
    assert_eq!(
        given("e/a.pdf", "%PDF-1.7").kind(Kind::Delivery).error(),
        "e/a.pdf: this is a PDF document, and evidence of kind delivery is a table [not-a-table]\n  hint: declare `kind = \"attachment\"` for it"
    );
}

#[test]
fn workbooks_are_read_like_text_and_the_raw_sheet_is_preferred() {
    let header: &[&str] = &[
        "",
        "Campaign name",
        "Ad name",
        "Gender",
        "Impressions",
        "Amount spent (USD)",
        "Reporting starts",
    ];
    let raw: &[&[&str]] = &[
        &[],
        &[
            "",
            "Account Report",
            "This is raw data. See Sheet 1 for a formatted report.",
        ],
        header,
        &["", "K", "A", "male", "1410", "13.2", "2024-03-01"],
        &["", "K", "A", "female", "31", "-", "2024-03-01"],
    ];
    let formatted: &[&[&str]] = &[
        header,
        &["", "K", "A", "male", "1410", "13.2", "2024-03-01"],
    ];
    let file = given(
        "e/a.xlsx",
        workbook(&[("Formatted Report", formatted), ("Raw Data Report", raw)]),
    );
    let imported = file.read();
    assert_eq!(
        (
            imported.sheet.as_deref(),
            imported.encoding,
            imported.rows.read
        ),
        (Some("Raw Data Report"), "workbook", 2)
    );
    assert_eq!(codes(&imported), ["unread-sheets"]);
    let rows = file.delivery();
    assert_eq!(
        (rows[0].impressions, rows[0].spend, rows[1].spend),
        (Some(1410), Some(Micros(13_200_000)), None)
    );
    assert_eq!(
        (rows[0].locator.sheet.as_deref(), rows[0].locator.row),
        (Some("Raw Data Report"), Some(4))
    );
    let chosen = Given {
        sheet: Some("Formatted Report"),
        ..given("e/a.xlsx", file.bytes.clone())
    };
    assert_eq!(chosen.read().rows.read, 1);
    let absent = Given {
        sheet: Some("Raw"),
        ..given("e/a.xlsx", file.bytes.clone())
    };
    assert_eq!(
        absent.error(),
        "e/a.xlsx: the workbook has no such sheet: `Raw` [unknown-sheet]\n  hint: its sheets are: `Formatted Report`, `Raw Data Report`"
    );
    let twice = given(
        "e/a.xlsx",
        workbook(&[("One", formatted), ("Two", formatted)]),
    );
    assert!(
        twice
            .error()
            .contains("several sheets hold such a table: `One`, `Two` [several-sheets]")
    );
}

#[test]
fn a_row_without_a_name_is_a_checked_sum_or_refused() {
    let text = "campaign,gender,impressions\nA,male,5\nB,male,6\n,male,11\n";
    assert_eq!(
        reasons(&given("e/a.csv", text).read()),
        [(4, "subtotal-row")]
    );
    assert_eq!(
        given(
            "e/a.csv",
            "campaign,gender,impressions\nA,male,5\n,female,7\n"
        )
        .error(),
        "e/a.csv:3: this row names no campaign, ad set or ad, and is no sum of the other rows [missing-name]\n  \
         hint: if cells were merged, write the name in each row of a copy of the file and record the copy"
    );
}

// A whole case.

fn source(file: &str, bytes: &str, declaration: &str) -> SourceFile {
    SourceFile {
        file: file.into(),
        exhibit: "EX-001".into(),
        bytes: bytes.into(),
        sha256: Sha256::of(bytes.as_bytes()),
        declaration: toml::from_str(&format!("file = \"{file}\"\n{declaration}")).unwrap(),
    }
}

#[test]
fn a_case_is_read_in_the_order_of_its_exhibits_and_people_are_withheld() {
    let accounts = "account,first_seen\nx1,2024-03-01\n";
    let sources = [
        source("e/1.csv", META, ""),
        source("e/2.csv", CONTACTS, "confidential = false"),
        source("e/3.csv", accounts, "confidential = false"),
        source("e/4.csv", accounts, "kind = \"accounts\""),
        source(
            "e/2024-03-07_18:30.csv",
            META,
            "confidential = true\nsnapshot = \"2024-03-07T19:00\"",
        ),
    ];
    let evidence = import_files(&sources).unwrap();
    let withheld: Vec<bool> = evidence
        .sources
        .iter()
        .map(|source| source.withheld)
        .collect();
    assert_eq!(withheld, [false, true, false, true, true]);
    assert_eq!(
        (
            evidence.delivery.len(),
            evidence.contacts.len(),
            evidence.accounts.len()
        ),
        (6, 3, 2)
    );
    assert_eq!(
        &*evidence.delivery[3].locator.file,
        "e/2024-03-07_18:30.csv"
    );
    let snapshot = evidence.sources[4].snapshot.as_ref().unwrap();
    assert_eq!(
        (snapshot.at.to_string().as_str(), snapshot.basis),
        ("2024-03-07T19:00:00", SnapshotBasis::Declared)
    );
}

#[test]
fn all_problems_of_all_files_are_reported_at_once() {
    let sources = [
        source("e/1.csv", "ad,impressions\nA,x\nB,-1\n", ""),
        source("e/2.csv", META, ""),
        source("e/3.csv", "", ""),
    ];
    let codes: Vec<&str> = import_files(&sources)
        .unwrap_err()
        .problems
        .iter()
        .map(|problem| problem.code)
        .collect();
    assert_eq!(codes, ["not-a-number", "negative-count", "empty-file"]);
}

#[test]
fn ad_sets_of_one_name_in_several_campaigns_are_noted_where_a_file_lacks_the_campaign() {
    let sources = [
        source(
            "e/1.csv",
            "Campaign name,Ad set name,Impressions,Reporting starts\nK1,S,5,2024-03-01\nK2,S,6,2024-03-01\n",
            "",
        ),
        source(
            "e/2.csv",
            "Ad set name,Impressions,Reporting starts\nS,11,2024-03-01\n",
            "",
        ),
    ];
    let notices = import_files(&sources).unwrap().notices;
    assert_eq!(
        (
            notices.len(),
            notices[0].code,
            notices[0].locator.file.as_ref()
        ),
        (1, "campaign-absent", "e/2.csv")
    );
}

// Tidy tables.

#[test]
fn the_contact_log_template_is_read_with_its_hazards() {
    let file = given("e/log.csv", format!("{CONTACTS},,,,,,,,,,,,,,Total: 3\n"));
    let imported = file.read();
    assert_eq!((imported.format, imported.rows.read), ("tidy-contacts", 3));
    assert_eq!(reasons(&imported), [(5, "summary-row")]);
    assert_eq!(codes(&imported), ["missing-time"]);
    let Table::Contacts(rows) = &imported.table else {
        panic!()
    };
    assert_eq!(
        rows[0].received.local.unwrap().to_string(),
        "2024-03-01T17:00:00"
    );
    assert_eq!(rows[0].received.utc_seconds, Some(1_709_330_400));
    assert_eq!(rows[0].codes, ["REQ_CONTACT", "APPEARANCE", "OFFER_MONEY"]);
    assert!(rows[1].received.day_only && rows[1].received.utc_seconds.is_none());
    assert_eq!(
        (rows[1].sender_gender, rows[1].call_seconds),
        (None, Some(120))
    );
    assert!(rows[1].second_codes.is_empty());
    assert!(!rows[2].incoming && rows[2].received.local.is_none());
    assert_eq!(rows[0].private_texts, ["Jordan Example wrote"]);
    let shown = format!(
        "{:?}{:?}{:?}{:?}",
        imported.preview, imported.notices, imported.rows, imported.columns
    );
    assert!(
        !shown.contains("Jordan") && !shown.contains("S-1"),
        "{shown}"
    );
}

#[test]
fn a_repeated_event_names_both_rows() {
    assert_eq!(
        given("e/log.csv", CONTACTS.replace("\nE3,", "\nE1,")).error(),
        "e/log.csv:4: row 2 has the same `event_id` [duplicate-event]\n  hint: correct it in a copy of the file and record the copy"
    );
    assert!(
        given("e/log.csv", CONTACTS.replace("\nE3,?", "\n,2024-03-02"))
            .error()
            .contains("e/log.csv:4: this row has no `event_id` [missing-cell]")
    );
    assert!(
        given(
            "e/log.csv",
            CONTACTS.replace("America/New_York", "Atlantis")
        )
        .error()
        .contains("this is no time zone: `Atlantis` [unknown-timezone]")
    );
}

#[test]
fn local_times_when_the_clocks_change_have_no_utc_time() {
    let text = "event_id,received_at_local,timezone,code_primary\nE1,2024-11-03 01:30,America/New_York,SPAM\nE2,2024-03-01T17:00:00+01:00,,spam\n";
    let imported = given("e/log.csv", text).read();
    assert_eq!(codes(&imported), ["ambiguous-time", "spelled-codes"]);
    let Table::Contacts(rows) = imported.table else {
        panic!()
    };
    assert_eq!(
        (rows[0].received.utc_seconds, rows[1].received.utc_seconds),
        (None, Some(1_709_308_800))
    );
}

#[test]
fn accounts_feeds_ads_and_statements_are_recognised_by_their_headings() {
    let accounts = given(
        "e/a.csv",
        "account,platform,first_seen,reported,removed,last_checked\nx1,ig,2024-03-01,2024-03-05,,2024-05-01\n",
    );
    let feeds = given(
        "e/a.csv",
        "account,follows,session,date,rank,codes,coded\nt1,x,S1,2024-03-01,1,a;b,\nt1,x,S1,2024-03-01,2,,no\n",
    );
    let ads = given(
        "e/a.csv",
        "Ad;Arm;Targeting;Start;Budget\nA;child;Women 18+;2024-03-01;50,00\n",
    );
    let statements = given(
        "e/a.csv",
        "id,source,role,date,quote,asked_on\ns1,Platform,platform,,,1 May 2024\n",
    );
    let Table::Accounts(rows) = accounts.read().table else {
        panic!()
    };
    assert_eq!(
        (rows[0].removed, rows[0].last_checked.unwrap().to_string()),
        (None, "2024-05-01".into())
    );
    let Table::Feeds(rows) = feeds.read().table else {
        panic!()
    };
    assert_eq!(
        (rows[0].codes.len(), rows[0].coded, rows[1].coded),
        (2, true, false)
    );
    let Table::Ads(rows) = ads.read().table else {
        panic!()
    };
    assert_eq!(
        (rows[0].budget, rows[0].arm.as_deref()),
        (Some(Micros(50_000_000)), Some("child"))
    );
    let Table::Statements(rows) = statements.read().table else {
        panic!()
    };
    assert_eq!(
        (
            rows[0].quote.as_deref(),
            rows[0].asked_on.unwrap().to_string()
        ),
        (None, "2024-05-01".into())
    );
}

#[test]
fn names_in_previews_are_only_those_of_ads() {
    let file = given(
        "e/a.csv",
        "account,platform,first_seen,confirmed_by,notes\nhandle9,ig,2024-03-01,record of handle9,about handle9\n",
    );
    assert_eq!(file.read().preview_columns, ["platform", "first_seen"]);
    assert_eq!(file.read().preview, [["ig", "2024-03-01"]]);
}

#[test]
fn a_table_of_two_kinds_needs_to_be_declared() {
    let text = "ad,creative,impressions\nA,photo,5\n";
    assert_eq!(
        given("e/a.csv", text).error(),
        "e/a.csv: this table can be of several kinds: ads, delivery [ambiguous-kind]\n  hint: say which, for example `kind = \"ads\"` in the evidence entry"
    );
    assert_eq!(
        given("e/a.csv", text).kind(Kind::Delivery).read().format,
        "tidy-delivery"
    );
}

#[test]
fn a_declared_table_without_its_columns_says_how_to_map_them() {
    let text = "When,Who,What\n2024-03-01,x,hello\n";
    assert_eq!(
        given("e/a.csv", text).kind(Kind::Contacts).error(),
        "e/a.csv:1: a table of contacts needs a column `event_id`; the headings of the file are: `When`, `Who`, `What` [missing-column]\n  \
         hint: say in the evidence entry which heading it is, for example `columns = { event_id = \"When\" }`; `casefile help formats` prints the table"
    );
    let wrong = given("e/a.csv", text)
        .kind(Kind::Contacts)
        .map("event_id", "Wen")
        .map("received_at_local", "When");
    assert!(
        wrong
            .error()
            .contains("a table of contacts needs a column `event_id`"),
        "{}",
        wrong.error()
    );
    let mapped = given("e/a.csv", text)
        .kind(Kind::Accounts)
        .map("account", "Who")
        .map("first_seen", "When")
        .map("handle", "What");
    assert!(mapped.error().contains("the column map names a column that a table of accounts does not have: `handle` [unknown-column]"));
    assert!(given("e/a.csv", text).error().contains(
        "casefile does not know this file; it begins: 3 cells, none of them a known heading"
    ));
}

#[test]
fn the_documented_tables_can_be_read_from_their_own_examples() {
    for kind in Kind::ALL {
        let table = columns(kind);
        if table.is_empty() {
            continue;
        }
        let quoted = |cells: Vec<&str>| {
            cells
                .into_iter()
                .map(|cell| format!("\"{cell}\""))
                .collect::<Vec<_>>()
                .join(",")
        };
        let header = quoted(table.iter().map(|column| column.name).collect());
        let row = quoted(table.iter().map(|column| column.example).collect());
        let imported = given("e/a.csv", format!("{header}\n{row}\n"))
            .kind(kind)
            .read();
        assert_eq!((imported.kind, imported.rows.read), (kind, 1));
        assert!(imported.unused_columns.is_empty());
    }
    let names: BTreeSet<&str> = FORMATS.iter().map(|format| format.name).collect();
    assert_eq!(names.len(), FORMATS.len());
}

// Hostile input.
