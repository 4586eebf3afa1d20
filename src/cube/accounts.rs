//! Accounts as spans of days, numbered in the order in which they were first seen.

use crate::evidence::{AccountRow, Evidence};
use crate::notice::{Locator, Notice};
use jiff::civil::Date;

/// How long one account was online, in days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountSpan {
    pub locator: Locator,
    /// From 1, in the order of the first sighting.
    pub number: usize,
    pub platform: Option<String>,
    pub confirmed_by: Option<String>,
    /// First day on which it was seen.
    pub from: Option<Date>,
    pub reported: Option<Date>,
    pub removed: Option<Date>,
    /// Last day on which its state is known: the removal, or the last check.
    pub until: Option<Date>,
    /// Days from the first sighting to removal or last check.
    pub days_online: Option<u64>,
    /// Days from the report to removal or last check; `None` where it was not reported.
    pub days_after_report: Option<u64>,
}

impl AccountSpan {
    /// Whether it was gone at the last check.
    pub fn is_removed(&self) -> bool {
        self.removed.is_some()
    }
}

/// All accounts of a case.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    pub spans: Vec<AccountSpan>,
    pub recorded: bool,
}

/// Turns dates into days. An account with neither removal nor last check is censored on the day
/// of the report, the last day on which the authors can have looked.
pub fn number(evidence: &Evidence, today: Date, notices: &mut Vec<Notice>) -> Accounts {
    let mut rows: Vec<&AccountRow> = evidence.accounts.iter().collect();
    let first = |row: &AccountRow| row.first_seen.or(row.identified);
    rows.sort_by(|a, b| {
        (first(a).is_none(), first(a), &a.locator).cmp(&(first(b).is_none(), first(b), &b.locator))
    });
    let mut spans = Vec::new();
    for (index, row) in rows.into_iter().enumerate() {
        let from = first(row);
        let until = row.removed.or(row.last_checked).or_else(|| {
            notices.push(Notice::caution("account-never-checked", row.locator.clone(), "the account has neither a removal nor a last check; it is taken to have been online until the date of the report"));
            Some(today)
        });
        let mut days = |a: Option<Date>, b: Option<Date>, what: &str| -> Option<u64> {
            let span = b?.since((jiff::Unit::Day, a?)).ok()?.get_days();
            match u64::try_from(span) {
                Ok(days) => Some(days),
                Err(_) => {
                    notices.push(Notice::caution(
                        "dates-reversed",
                        row.locator.clone(),
                        format!("{what} lies after the end of observation; the span is left out"),
                    ));
                    None
                }
            }
        };
        spans.push(AccountSpan {
            locator: row.locator.clone(),
            number: index + 1,
            platform: row.platform.clone(),
            confirmed_by: row.confirmed_by.clone(),
            from,
            reported: row.reported,
            removed: row.removed,
            until,
            days_online: days(from, until, "the first sighting"),
            days_after_report: days(row.reported, until, "the report to the platform"),
        });
    }
    Accounts {
        spans,
        recorded: evidence
            .sources
            .iter()
            .any(|source| source.kind == crate::case::Kind::Accounts),
    }
}
