//! Which rows belong to which ad, what an ad is called, and which arm it is in.

use super::breakdown;
use super::count::Counts;
use super::library;
use super::state::State;
use super::{ByGender, Dimension, RangesByGender};
use crate::case::{Case, Measure, Study, place};
use crate::error::{Problem, Problems};
use crate::evidence::{AdRow, DeliveryRow, Evidence, Gender, Micros};
use crate::notice::{Locator, Notice};
use globset::GlobBuilder;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What identifies an ad in the exports: as many of the three names as the file has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct AdKey {
    pub campaign: Option<Arc<str>>,
    pub ad_set: Option<Arc<str>>,
    pub ad: Option<Arc<str>>,
}

impl AdKey {
    /// The most specific name.
    pub fn name(&self) -> &str {
        self.ad
            .as_deref()
            .or(self.ad_set.as_deref())
            .or(self.campaign.as_deref())
            .unwrap_or("")
    }

    /// `campaign / ad set / ad`, without the parts that the file does not have.
    pub fn path(&self) -> String {
        let parts: Vec<&str> = [&self.campaign, &self.ad_set, &self.ad]
            .into_iter()
            .flatten()
            .map(|part| &**part)
            .collect();
        parts.join(" / ")
    }

    /// Whether `self` is `finer` seen from further away: the same names as far as both have them,
    /// and fewer of them at the specific end.
    fn is_coarser_than(&self, finer: &AdKey) -> bool {
        let agrees = |a: &Option<Arc<str>>, b: &Option<Arc<str>>| a.is_none() || a == b;
        let depth = |key: &AdKey| {
            if key.ad.is_some() {
                3
            } else if key.ad_set.is_some() {
                2
            } else {
                1
            }
        };
        let campaign_known =
            finer.campaign.is_none() || self.campaign.is_none() || self.campaign == finer.campaign;
        depth(self) < depth(finer)
            && campaign_known
            && agrees(&self.ad_set, &finer.ad_set)
            && agrees(&self.ad, &finer.ad)
            && (self.ad_set.is_some() || self.campaign == finer.campaign)
    }

    /// Whether `self` may be `fuller` written without its campaign or ad set.
    fn is_shortened_form_of(&self, fuller: &AdKey) -> bool {
        let agrees = |a: &Option<Arc<str>>, b: &Option<Arc<str>>| a.is_none() || a == b;
        self != fuller
            && self.ad == fuller.ad
            && (self.ad.is_some() || self.ad_set.is_some())
            && agrees(&self.ad_set, &fuller.ad_set)
            && agrees(&self.campaign, &fuller.campaign)
    }
}

/// Delivery rows with the number of their ad.
pub struct Keyed<'a> {
    pub keys: Vec<AdKey>,
    /// Ad of each row, or `None` for a row that repeats finer rows from further away.
    pub rows: Vec<(&'a DeliveryRow, Option<usize>)>,
}

/// An ad with its counts in the final state.
#[derive(Debug, Clone)]
pub struct Ad {
    pub key: AdKey,
    /// The shortest name that no other ad has.
    pub label: String,
    pub arm: Option<usize>,
    /// Counts by gender in the measure of the study; none where a cell of the ad is a range.
    pub counts: ByGender,
    /// The same as ranges, where a cell of the ad is masked or published as a range.
    pub ranges: Option<RangesByGender>,
    /// Counts by gender in impressions, whatever the measure.
    pub impressions: ByGender,
    /// By age band, where an export has age and gender: in [`super::Cube::ages_in`].
    pub ages: BTreeMap<String, ByGender>,
    /// By day in the measure of the study, where an export has day and gender.
    pub days: BTreeMap<Date, (ByGender, Vec<Locator>)>,
    /// Impressions by region, where an export has it.
    pub regions: BTreeMap<String, u64>,
    pub countries: BTreeMap<String, u64>,
    pub spend: Option<Micros>,
    pub currency: Option<String>,
    pub start: Option<Date>,
    pub end: Option<Date>,
    /// First and last day of the exports that name it, where they state a period.
    pub exported: Option<(Date, Date)>,
    /// Rows that the gender counts come from.
    pub rows: Vec<Locator>,
    /// Rows that the age counts come from.
    pub age_rows: Vec<Locator>,
    pub rows_by_age: BTreeMap<String, Vec<Locator>>,
    pub region_rows: Vec<Locator>,
    pub country_rows: Vec<Locator>,
    /// What the tester says of the ad.
    pub declared: Option<AdRow>,
}

impl Ad {
    /// Whether the ads table has it run backwards, or wholly outside of what was exported.
    pub fn days_contradict(&self) -> bool {
        let declared = self
            .declared
            .as_ref()
            .and_then(|own| own.start.zip(own.end));
        match (declared, self.exported) {
            (Some((start, end)), _) if end < start => true,
            (Some((start, end)), Some((first, last))) => end < first || last < start,
            _ => false,
        }
    }
}

/// An arm of the test.
#[derive(Debug, Clone)]
pub struct Arm {
    pub id: String,
    pub label: String,
    /// Positions in [`super::Cube::ads`], in order.
    pub ads: Vec<usize>,
}

/// Gives each row its ad: applies declared renames, joins rows that leave out the campaign, and
/// sets rows of a coarser level aside.
pub fn key_rows<'a>(
    rows: &'a [DeliveryRow],
    study: &Study,
    notices: &mut Vec<Notice>,
) -> Keyed<'a> {
    let mut written: Vec<AdKey> = rows.iter().map(|row| rename(row, &study.rename)).collect();
    library::one_page(rows, &mut written);
    let distinct: BTreeSet<&AdKey> = written.iter().collect();
    let mut resolved: BTreeMap<&AdKey, Option<&AdKey>> = BTreeMap::new();
    for &key in &distinct {
        if distinct.iter().any(|finer| key.is_coarser_than(finer)) {
            resolved.insert(key, None);
            continue;
        }
        let fuller: Vec<&AdKey> = distinct
            .iter()
            .copied()
            .filter(|other| key.is_shortened_form_of(other))
            .collect();
        resolved.insert(key, Some(if let [only] = fuller[..] { only } else { key }));
        if fuller.len() > 1 {
            let first = rows
                .iter()
                .zip(&written)
                .find(|(_, own)| *own == key)
                .map(|(row, _)| row.locator.clone());
            notices.push(Notice::caution(
                "ambiguous-ad",
                first.unwrap_or_else(|| Locator::file("")),
                format!("`{}` has no campaign here and occurs in {} campaigns elsewhere; it is counted as an ad of its own", key.path(), fuller.len()),
            ));
        }
    }
    let keys: BTreeSet<&AdKey> = resolved.values().flatten().copied().collect();
    let keys: Vec<AdKey> = keys.into_iter().cloned().collect();
    let mut coarser: BTreeMap<&str, (u64, &Locator)> = BTreeMap::new();
    let rows = rows
        .iter()
        .zip(&written)
        .map(|(row, key)| {
            let ad = resolved
                .get(key)
                .copied()
                .flatten()
                .and_then(|key| keys.binary_search(key).ok());
            if ad.is_none() {
                coarser
                    .entry(&row.locator.file)
                    .or_insert((0, &row.locator))
                    .0 += 1;
            }
            (row, ad)
        })
        .collect();
    for (_, (count, first)) in coarser {
        notices.push(Notice::caution(
            "coarser-rows",
            first.clone(),
            format!("{count} rows of this file name campaigns or ad sets whose parts another file gives one by one; they are left out so that nothing counts twice (if the files are not exports of the same ads, keep one of them)"),
        ));
    }
    Keyed { keys, rows }
}

fn rename(row: &DeliveryRow, renames: &BTreeMap<String, String>) -> AdKey {
    let mut key = AdKey {
        campaign: row.campaign.clone(),
        ad_set: row.ad_set.clone(),
        ad: row.ad.clone(),
    };
    let name = if key.ad.is_some() {
        &mut key.ad
    } else if key.ad_set.is_some() {
        &mut key.ad_set
    } else {
        &mut key.campaign
    };
    if let Some(new) = name.as_ref().and_then(|old| renames.get(&**old)) {
        *name = Some(new.as_str().into());
    }
    key
}

/// Puts counts, rows and declarations together.
pub fn build(
    keyed: &Keyed,
    state: &State,
    counts: &Counts,
    evidence: &Evidence,
    (measure, ages_in): (Measure, Measure),
    problems: &mut Problems,
    notices: &mut Vec<Notice>,
) -> Vec<Ad> {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for key in &keyed.keys {
        *names.entry(key.name()).or_default() += 1;
    }
    let mut ads: Vec<Ad> = Vec::new();
    let mut absent: BTreeMap<&str, (u64, &Locator)> = BTreeMap::new();
    let mut masked: BTreeMap<&str, (u64, &Locator)> = BTreeMap::new();
    for (index, key) in keyed.keys.iter().enumerate() {
        let label = if names.get(key.name()) == Some(&1) {
            key.name().to_owned()
        } else {
            key.path()
        };
        let rows = state.rows_of(index);
        let by_gender = counts.signature_for(index, &[Dimension::Gender]);
        let by_age = counts.signature_for(index, &[Dimension::Age, Dimension::Gender]);
        let by_region = counts.signature_for(index, &[Dimension::Region]);
        let by_country = counts.signature_for(index, &[Dimension::Country]);
        let gender_counts = |measure| {
            by_gender
                .map(|s| counts.by_gender(index, s, measure))
                .unwrap_or_default()
        };
        // Cells of which each account is in one add up within the ad; others do not.
        let summed = by_gender.is_some_and(|signature| {
            let mut own = rows
                .iter()
                .filter(|row| state.signature_of(row) == signature);
            !own.all(|row| row.disjoint)
                && !state.is_one_cell(index, signature, &[Dimension::Gender])
        });
        let (masked_in, ranges) = breakdown::ranges(state, &rows, by_gender, measure).unzip();
        let counts_in_measure = if ranges.is_some() || measure == Measure::Reach && summed {
            ByGender::default()
        } else {
            gender_counts(measure)
        };
        if measure == Measure::Reach && summed && by_gender.is_some() {
            let locator = rows
                .first()
                .map_or_else(|| Locator::file("case.toml"), |row| row.locator.clone());
            problems.push(
                Problem::new("reach-summed", locator.file.to_string(), "the study measures reach, and this export splits reach further than by gender; people reached must not be added up")
                    .value(label.clone())
                    .hint("export the ads by gender alone, over the whole period, or set `measure = \"impressions\"`"),
            );
        }
        check_totals(index, &label, counts, &rows, notices);
        let mut ages: BTreeMap<String, ByGender> = BTreeMap::new();
        let cells = breakdown::Cells::of(state, &rows, Measure::Impressions);
        let is_masked = |signature: Option<usize>| {
            rows.iter()
                .any(|row| Some(state.signature_of(row)) == signature && cells.open(row).is_some())
        };
        // A sum without its masked or missing cells would be too small: there is none.
        let whole = |signature: Option<usize>| signature.filter(|_| !is_masked(signature));
        if let Some(signature) = whole(by_age) {
            for (age, gender, value) in counts.by_age(index, signature, ages_in) {
                let slot = ages.entry(age).or_default().slot(gender);
                *slot = Some(slot.unwrap_or(0) + value);
            }
        }
        let located = |signature: Option<usize>| -> Vec<Locator> {
            rows.iter()
                .filter(|row| Some(state.signature_of(row)) == signature)
                .map(|row| row.locator.clone())
                .collect()
        };
        let spend_rows: Vec<&&DeliveryRow> = rows
            .iter()
            .filter(|row| Some(state.signature_of(row)) == by_gender)
            .collect();
        let spend = spend_rows
            .iter()
            .map(|row| row.spend.map(|m| m.0))
            .try_fold(0_i64, |sum, part| sum.checked_add(part?));
        let currencies: BTreeSet<&Arc<str>> = spend_rows
            .iter()
            .filter_map(|row| row.currency.as_ref())
            .collect();
        let lacks = |gender| counts_in_measure.get(gender).is_none();
        let some = counts_in_measure.all().is_some();
        if some
            && (lacks(Gender::Female) || lacks(Gender::Male))
            && let Some(row) = rows.first()
        {
            absent
                .entry(&row.locator.file)
                .or_insert((0, &row.locator))
                .0 += 1;
        }
        if ranges.is_some()
            && let Some(row) = rows.first()
        {
            masked
                .entry(&row.locator.file)
                .or_insert((0, &row.locator))
                .0 += 1;
        }
        let declared = declared(key, &label, &evidence.ads);
        ads.push(Ad {
            key: key.clone(),
            label,
            arm: None,
            counts: counts_in_measure,
            ranges,
            impressions: if is_masked(by_gender) {
                ByGender::default()
            } else {
                gender_counts(Measure::Impressions)
            },
            ages,
            days: if matches!(measure, Measure::Reach | Measure::Shares) {
                BTreeMap::new()
            } else {
                breakdown::days(state, &rows, measure)
            },
            regions: whole(by_region)
                .map(|s| counts.by_text(index, s, Dimension::Region))
                .unwrap_or_default(),
            countries: whole(by_country)
                .map(|s| counts.by_text(index, s, Dimension::Country))
                .unwrap_or_default(),
            spend: if spend_rows.is_empty() {
                None
            } else {
                spend.map(Micros)
            },
            currency: if currencies.len() == 1 {
                currencies.first().map(|c| c.to_string())
            } else {
                None
            },
            start: declared
                .as_ref()
                .and_then(|ad| ad.start)
                .or_else(|| rows.iter().filter_map(|row| row.period_start).min()),
            end: declared
                .as_ref()
                .and_then(|ad| ad.end)
                .or_else(|| rows.iter().filter_map(|row| row.period_end).max()),
            exported: rows
                .iter()
                .filter_map(|row| row.period_start)
                .min()
                .zip(rows.iter().filter_map(|row| row.period_end).max()),
            rows: located(by_gender.or(masked_in)),
            age_rows: located(by_age),
            rows_by_age: breakdown::rows_by_age(state, &rows, by_age),
            region_rows: located(by_region),
            country_rows: located(by_country),
            declared,
        });
    }
    for (_, (count, first)) in absent {
        notices.push(Notice::caution(
            "gender-absent",
            first.clone(),
            format!("this file has no count of one gender for {count} ad(s): absent is not zero, so these ads have no share and enter no figure of their arm"),
        ));
    }
    for ad in ads.iter().filter(|ad| ad.days_contradict()) {
        if let Some(declared) = &ad.declared {
            notices.push(Notice::caution("days-disagree", declared.locator.clone(), format!("the ads table has the ad `{}` end before it starts, or run on days that no export covers", ad.label)));
        }
    }
    for (_, (count, first)) in masked {
        notices.push(Notice::caution(
            "masked-cells",
            first.clone(),
            format!("this file gives counts of {count} ad(s) as ranges, such as <5, or lacks some of them: these ads have bounds and no single share, and neither has their arm"),
        ));
    }
    for row in &evidence.ads {
        if !ads.iter().any(|ad| {
            ad.declared
                .as_ref()
                .is_some_and(|own| own.locator == row.locator)
        }) {
            notices.push(Notice::caution("ad-without-delivery", row.locator.clone(), format!("the ad `{}` is listed as tested and no delivery export names it: it may have had no delivery", row.ad)));
        }
    }
    ads
}

/// What the tester's own table says of an ad.
fn declared(key: &AdKey, label: &str, table: &[AdRow]) -> Option<AdRow> {
    table
        .iter()
        .find(|row| row.ad == label || row.ad == key.path())
        .or_else(|| table.iter().find(|row| row.ad == key.name()))
        .cloned()
}

/// Impressions of one ad must not depend on how they are broken down.
fn check_totals(
    ad: usize,
    label: &str,
    counts: &Counts,
    rows: &[&DeliveryRow],
    notices: &mut Vec<Notice>,
) {
    let totals: BTreeMap<u64, String> = counts
        .totals(ad)
        .into_iter()
        .map(|(names, total)| (total, names))
        .collect();
    if totals.len() > 1
        && let Some(first) = rows.first()
    {
        let told: Vec<String> = totals
            .iter()
            .map(|(total, names)| format!("{total} by {names}"))
            .collect();
        notices.push(Notice::caution(
            "breakdowns-disagree",
            first.locator.clone(),
            format!(
                "the impressions of `{label}` differ between exports: {}",
                told.join(", ")
            ),
        ));
    }
}

/// The ad that a free-text reference (from a contact log, an ads table) means.
pub fn match_ad(ads: &[Ad], reference: &str) -> Option<usize> {
    let folded = reference.trim().to_lowercase();
    let unique = |test: &dyn Fn(&Ad) -> bool| {
        let mut hits = ads
            .iter()
            .enumerate()
            .filter(|(_, ad)| test(ad))
            .map(|(index, _)| index);
        let first = hits.next();
        if hits.next().is_some() { None } else { first }
    };
    unique(&|ad| ad.label.to_lowercase() == folded)
        .or_else(|| unique(&|ad| ad.key.path().to_lowercase() == folded))
        .or_else(|| unique(&|ad| ad.key.name().to_lowercase() == folded))
}

/// Whether the pattern (`*`, `?`) fits the ad's name, label or path, ignoring case.
fn fits(pattern: &str, ad: &Ad) -> bool {
    let escaped: String = pattern
        .chars()
        .flat_map(|c| {
            if matches!(c, '[' | ']' | '{' | '}' | '!' | '\\') {
                vec!['[', c, ']']
            } else {
                vec![c]
            }
        })
        .collect();
    let Ok(glob) = GlobBuilder::new(&escaped)
        .case_insensitive(true)
        .literal_separator(false)
        .backslash_escape(false)
        .build()
    else {
        return false;
    };
    let matcher = glob.compile_matcher();
    [ad.key.name(), &ad.label, &ad.key.path()]
        .iter()
        .any(|text| matcher.is_match(text))
}

/// Puts the ads into the arms of the case.
pub fn assign(
    case: &Case,
    evidence: &Evidence,
    ads: &mut [Ad],
    problems: &mut Problems,
    notices: &mut Vec<Notice>,
) -> Vec<Arm> {
    let mut arms: Vec<Arm> = Vec::new();
    let mut places: Vec<Vec<usize>> = vec![Vec::new(); ads.len()];
    if case.study.arms.is_empty() {
        let named: BTreeSet<String> = ads
            .iter()
            .filter_map(|ad| ad.declared.as_ref()?.arm.clone())
            .collect();
        if named.is_empty() {
            if !ads.is_empty() {
                arms.push(Arm {
                    id: "all".into(),
                    label: "All ads".into(),
                    ads: Vec::new(),
                });
                places.iter_mut().for_each(|place| place.push(0));
            }
        } else {
            for (index, name) in named.iter().enumerate() {
                arms.push(Arm {
                    id: slug(name),
                    label: name.clone(),
                    ads: Vec::new(),
                });
                for (ad, place) in ads.iter().zip(&mut places) {
                    if ad.declared.as_ref().and_then(|row| row.arm.as_ref()) == Some(name) {
                        place.push(index);
                    }
                }
            }
        }
    }
    for (index, arm) in case.study.arms.iter().enumerate() {
        let id = arm.id.get_ref();
        let mut hits = 0;
        for pattern in &arm.ads {
            for (ad, place) in ads.iter().zip(&mut places) {
                if fits(pattern.get_ref(), ad) && !place.contains(&index) {
                    place.push(index);
                    hits += 1;
                }
            }
        }
        if hits == 0 {
            let (line, column) = place(&case.toml, &arm.id.span());
            let patterns: Vec<&str> = arm.ads.iter().map(|p| p.get_ref().as_str()).collect();
            problems.push(
                Problem::new(
                    "arm-matches-no-ad",
                    "case.toml",
                    format!("the arm `{id}` matches no ad"),
                )
                .line(line)
                .column(column)
                .value(patterns.join("`, `"))
                .hint(format!(
                    "the ads are: {}",
                    some_of(ads.iter().map(|ad| ad.key.path()))
                )),
            );
        }
        arms.push(Arm {
            id: id.clone(),
            label: arm.label.clone().unwrap_or_else(|| id.clone()),
            ads: Vec::new(),
        });
    }
    for (index, place) in places.iter().enumerate() {
        let Some(ad) = ads.get_mut(index) else {
            continue;
        };
        match place[..] {
            [] => {
                let locator = ad
                    .rows
                    .first()
                    .cloned()
                    .unwrap_or_else(|| Locator::file("case.toml"));
                notices.push(Notice::caution(
                    "ad-outside-arms",
                    locator,
                    format!(
                        "the ad `{}` is in no arm and enters no comparison",
                        ad.label
                    ),
                ));
            }
            [arm] => {
                ad.arm = Some(arm);
                if let Some(arm) = arms.get_mut(arm) {
                    arm.ads.push(index);
                }
            }
            _ => {
                let names: Vec<&str> = place
                    .iter()
                    .filter_map(|&arm| arms.get(arm))
                    .map(|arm| arm.id.as_str())
                    .collect();
                let first = case
                    .study
                    .arms
                    .get(place[0])
                    .map(|arm| crate::case::place(&case.toml, &arm.id.span()));
                let mut problem = Problem::new(
                    "ad-in-two-arms",
                    "case.toml",
                    format!("an ad is in {} arms: {}", names.len(), names.join(", ")),
                )
                .value(ad.key.path())
                .hint("make the patterns of these arms exclude each other");
                if let Some((line, column)) = first {
                    problem = problem.line(line).column(column);
                }
                problems.push(problem);
            }
        }
    }
    if ads.is_empty() && !case.study.arms.is_empty() && !evidence.delivery.is_empty() {
        problems.push(
            Problem::new(
                "no-ads",
                "case.toml",
                "no delivery row names an ad, ad set or campaign",
            )
            .hint("check the column map of the delivery files"),
        );
    }
    arms
}

/// At most 12 names, and how many more there are.
pub fn some_of(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    let shown: Vec<String> = names
        .iter()
        .take(12)
        .map(|name| format!("`{name}`"))
        .collect();
    match names.len() {
        0 => "none: no delivery file was read".into(),
        n if n > 12 => format!("{} and {} more", shown.join(", "), n - 12),
        _ => shown.join(", "),
    }
}

/// A name as an id: lower case, hyphens between words.
pub fn slug(name: &str) -> String {
    let mut out = String::new();
    for c in name.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    let out = out.trim_matches('-');
    if out.is_empty() {
        "x".into()
    } else {
        out.chars().take(60).collect()
    }
}

/// Genders in the order in which they are listed.
pub const GENDERS: [Gender; 3] = [Gender::Female, Gender::Male, Gender::Unknown];
