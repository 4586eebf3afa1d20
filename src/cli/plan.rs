//! `casefile plan`: before a test, how many ads it needs; after it, what it could have found.

use super::load;
use super::terminal::{Terminal, safe};
use casefile::error::{Problem, Problems, Result};
use casefile::numbers;
use casefile::stats;
use std::path::PathBuf;

/// Say how many ads and impressions a test needs, or what a finished test could have found.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  casefile plan --shares 0.80 0.65\n  casefile plan --shares 0.80 0.65 --between 0.3 --impressions 5000 --power 0.9\n  casefile plan --shares 0.80 0.65 --ads 6\n  casefile plan my-case\n\nThe ad is the unit: more impressions of the same few ads do not replace more ads.\n`casefile show \"share('ARM').tau\"` gives the variation between the ads of a finished test."
)]
pub struct Plan {
    /// Case folder of a finished test: the smallest difference that it finds four times in five.
    #[arg(conflicts_with_all = ["shares", "between", "impressions", "power", "level", "ads"])]
    case: Option<PathBuf>,
    /// The shares to tell apart, between 0 and 1.
    #[arg(long, num_args = 2, value_names = ["FIRST", "SECOND"], allow_negative_numbers = true)]
    shares: Option<Vec<f64>>,
    /// Standard deviation between ads of the logit of the share; 0.5 moves 50 % to 38 or 62 %.
    #[arg(long, default_value_t = 0.5, allow_negative_numbers = true)]
    between: f64,
    /// Impressions of known gender that each ad will have.
    #[arg(long, default_value_t = 2000)]
    impressions: u64,
    /// Chance of finding the difference.
    #[arg(long, default_value_t = 0.8, allow_negative_numbers = true)]
    power: f64,
    /// Level of the interval.
    #[arg(long, default_value_t = 0.95, allow_negative_numbers = true)]
    level: f64,
    /// Ads per arm: gives the chance of finding the difference instead.
    #[arg(long, conflicts_with = "power", requires = "shares")]
    ads: Option<u64>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What the table of alternatives runs through.
const IMPRESSIONS: [u64; 5] = [500, 1_000, 2_000, 5_000, 20_000];
const BETWEEN: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];

impl Plan {
    pub fn run(&self, terminal: &mut Terminal) -> Result<u8> {
        match self.shares.as_deref() {
            Some(&[first, second]) => self.before(terminal, first, second)?,
            _ => self.after(terminal)?,
        }
        Ok(0)
    }

    fn before(&self, terminal: &mut Terminal, first: f64, second: f64) -> Result<()> {
        self.check(first, second)?;
        let needed = |between, impressions| {
            stats::ads_per_arm(first, second, between, impressions, self.power, self.level)
        };
        if let Some(ads) = self.ads {
            let power = stats::power_of(
                ads,
                first,
                second,
                self.between,
                self.impressions,
                self.level,
            );
            let power = power.ok_or_else(|| out_of_reach("--ads", ads.to_string()))?;
            if self.json {
                terminal.line(&serde_json::json!({ "shares": [first, second], "between": self.between, "impressions_per_ad": self.impressions, "level": self.level, "ads_per_arm": ads, "power": power }).to_string());
            } else {
                terminal.line(&format!(
                    "With {ads} ads an arm, a difference between {} and {} is found in {} of tests\n({}).",
                    numbers::percent(first, 1),
                    numbers::percent(second, 1),
                    numbers::percent(power, 0),
                    self.setting()
                ));
            }
            return Ok(());
        }
        let ads = needed(self.between, self.impressions)
            .ok_or_else(|| out_of_reach("--shares", format!("{first} {second}")))?;
        let impressions = ads.saturating_mul(self.impressions);
        let table: Vec<(u64, Vec<Option<u64>>)> = IMPRESSIONS
            .iter()
            .map(|&impressions| {
                let row = BETWEEN.iter().map(|&between| needed(between, impressions));
                (impressions, row.collect())
            })
            .collect();
        if self.json {
            let table: Vec<serde_json::Value> = table
                .iter()
                .map(|(impressions, ads)| serde_json::json!({ "impressions_per_ad": impressions, "between": BETWEEN, "ads_per_arm": ads }))
                .collect();
            terminal.line(&serde_json::json!({ "shares": [first, second], "between": self.between, "impressions_per_ad": self.impressions, "level": self.level, "power": self.power, "ads_per_arm": ads, "impressions_per_arm": impressions, "table": table }).to_string());
            return Ok(());
        }
        let mut out = format!(
            "To find a difference between {} and {} in {} of tests\n({}):\n\n  ads per arm          {}\n  impressions per arm  {}\n\nAds per arm, by impressions an ad and by variation between ads:\n\n  impressions",
            numbers::percent(first, 1),
            numbers::percent(second, 1),
            numbers::percent(self.power, 0),
            self.setting(),
            numbers::count(ads),
            numbers::count(impressions)
        );
        for between in BETWEEN {
            out.push_str(&format!("{between:>9}"));
        }
        for (impressions, row) in table {
            out.push_str(&format!("\n  {:>11}", numbers::count(impressions)));
            for ads in row {
                let text = ads.map_or_else(|| "-".into(), numbers::count);
                out.push_str(&format!("{text:>9}"));
            }
        }
        out.push_str("\n\nImpressions of one ad are not independent of each other: where ads vary, more\nads help and more impressions of the same ads do not.\n");
        terminal.data(&out);
        Ok(())
    }

    fn setting(&self) -> String {
        format!(
            "variation between ads {} on the logit scale, {} impressions an ad, level {}",
            self.between,
            numbers::count(self.impressions),
            numbers::percent(self.level, 0)
        )
    }

    fn check(&self, first: f64, second: f64) -> Result<()> {
        let mut problems = Problems::default();
        let mut refuse = |option: &str, value: f64, message: &str| {
            problems.push(
                Problem::new("unknown-option", option, message)
                    .value(value.to_string())
                    .hint("`casefile plan --help` has examples"),
            );
        };
        for share in [first, second] {
            if !(share > 0.0 && share < 1.0) {
                refuse(
                    "--shares",
                    share,
                    "a share lies between 0 and 1: write 80 % as 0.80",
                );
            }
        }
        if first == second {
            refuse(
                "--shares",
                first,
                "the shares are equal, so there is nothing to find",
            );
        }
        if !(0.0..=10.0).contains(&self.between) {
            refuse(
                "--between",
                self.between,
                "a standard deviation on the logit scale is between 0 and 10",
            );
        }
        if self.impressions == 0 {
            refuse(
                "--impressions",
                0.0,
                "an ad without impressions has no share",
            );
        }
        for (option, value) in [("--power", self.power), ("--level", self.level)] {
            if !(value > 0.0 && value < 1.0) {
                refuse(option, value, "this must lie between 0 and 1, such as 0.8");
            }
        }
        problems.finish(())
    }

    fn after(&self, terminal: &mut Terminal) -> Result<()> {
        let folder = self.case.clone().unwrap_or_else(|| ".".into());
        let case = load(&folder)?;
        let (_, cube) = casefile::count(&case)?;
        let results = casefile::findings::compute(&case, &cube);
        if results.differences.is_empty() {
            return Err(Problem::new(
                "unknown-option",
                folder.display().to_string(),
                "the case has a single arm, so there is no difference to find",
            )
            .hint("declare arms in [study], or plan a test with --shares")
            .into());
        }
        let mut list = Vec::new();
        for ((first, second), difference) in &results.differences {
            let get = |name: &str| results.get(&format!("difference/{first}/{second}/{name}"));
            let text = |name: &str| {
                let quantity = get(name);
                quantity.and_then(|q| q.text()).unwrap_or_else(|| {
                    let why = quantity.and_then(|q| q.why.clone());
                    format!(
                        "no value ({})",
                        why.as_deref().unwrap_or("the data give none")
                    )
                })
            };
            if self.json {
                let number = |name: &str| get(name).and_then(|q| q.number());
                list.push(serde_json::json!({ "first": first, "second": second, "ads": [difference.first, difference.second], "difference": number("value"), "low": number("low"), "high": number("high"), "detectable": number("detectable"), "power": 0.8 }));
                continue;
            }
            terminal.line(&format!(
                "{} - {} ({} and {} ads)\n  found       {}, interval {}\n  detectable  {} (found four times in five)",
                safe(first),
                safe(second),
                difference.first,
                difference.second,
                text("value"),
                text("interval"),
                text("detectable")
            ));
        }
        if self.json {
            terminal.line(&serde_json::json!({ "contrasts": list }).to_string());
        }
        Ok(())
    }
}

fn out_of_reach(option: &str, value: String) -> Problem {
    Problem::new(
        "unknown-option",
        option,
        "no number of ads can be given for this",
    )
    .value(value)
    .hint("at least two ads an arm are needed, and at most a thousand million are looked for")
}
