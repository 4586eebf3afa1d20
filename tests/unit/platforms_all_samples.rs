//! Which of the shared files are of Meta's and TikTok's interfaces, and that cut files do no harm.

use super::common::{SHARED, has_samples, new_part};
use crate::import::platforms::{ad_library, insights, tiktok_library};
use crate::import::transcript::Transcript;
use std::path::{Path, PathBuf};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found)
        } else {
            found.push(path)
        }
    }
}

fn shared() -> Vec<(String, String)> {
    let mut paths = Vec::new();
    files(&Path::new(SHARED).join("samples"), &mut paths);
    files(&Path::new(SHARED).join("real"), &mut paths);
    paths.sort();
    let read = |path: PathBuf| {
        let name = path.file_name()?.to_str()?.to_string();
        Some((name, std::fs::read_to_string(path).ok()?))
    };
    paths.into_iter().filter_map(read).collect()
}

#[test]
fn sample_files_are_claimed_once() {
    if !has_samples() {
        return;
    }
    let mut claimed = Vec::new();
    for (name, text) in shared() {
        let part = new_part("f", "f", text.as_bytes(), &text);
        let formats = [
            (insights::NAME, insights::recognise(&part)),
            (ad_library::NAME, ad_library::recognise(&part)),
            (tiktok_library::NAME, tiktok_library::recognise(&part)),
        ];
        for (format, reason) in formats {
            if reason.is_some() {
                claimed.push(format!("{format} {name}"));
            }
        }
    }
    claimed.sort();
    assert_eq!(
        claimed,
        [
            "meta-ad-library ad-library-api-record.json",
            "meta-ad-library eu_transparency_record.json",
            "meta-ad-library meta_adlibrary_ui_scraper.json",
            "meta-ad-library meta_ads_archive_eu.json",
            "meta-ad-library meta_ads_archive_us_political.json",
            "meta-ad-library meta_script_save_to_csv_BROKEN_JSON.csv",
            "meta-insights meta_insights_age_gender.json",
            "tiktok-ad-library tiktok_adlib_detail.json",
        ]
    );
}

#[test]
fn sample_files_in_pieces_do_no_harm() {
    if !has_samples() {
        return;
    }
    for (_, text) in shared().into_iter().filter(|(_, text)| text.len() < 10_000) {
        for word in [
            "", "null", "[]", "{}", "\"é\"", "1e99", "-1", "}", "\"", "\n",
        ] {
            for at in (0..text.len())
                .step_by(307)
                .filter(|at| text.is_char_boundary(*at))
            {
                let end = (at + word.len().max(7)).min(text.len());
                let after = text.get(end..).unwrap_or_default();
                let changed = format!("{}{word}{after}", &text[..at]);
                let part = new_part("f", "f", changed.as_bytes(), &changed);
                for transcribe in [
                    insights::transcribe,
                    ad_library::transcribe,
                    tiktok_library::transcribe,
                ] {
                    let _ = transcribe(&part, &mut Transcript::default());
                }
            }
        }
    }
}
