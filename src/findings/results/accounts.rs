//! Accounts: how many, and how long they stayed online.

use super::*;
use crate::cube::AccountSpan;

const QUERY: &str = "rows of the accounts table; days from the first sighting to removal, or to the last check (censored)";

/// Days of an account until it was removed or last checked.
type Days = fn(&AccountSpan) -> Option<u64>;

/// What accounts can be told apart by, and the group of an account.
type Grouping = (&'static str, fn(&AccountSpan) -> Option<String>);

const GROUPINGS: [Grouping; 3] = [
    ("platform", |span| span.platform.clone()),
    ("confirmed", |span| {
        Some(either(
            span.confirmed_by.is_some(),
            "confirmed",
            "not confirmed",
        ))
    }),
    ("reported", |span| {
        Some(either(span.reported.is_some(), "reported", "not reported"))
    }),
];

fn either(is: bool, yes: &str, no: &str) -> String {
    if is { yes.into() } else { no.into() }
}

impl Study<'_> {
    pub fn accounts(&self) -> Vec<Quantity> {
        if !self.cube.accounts.recorded {
            return Vec::new();
        }
        let spans: Vec<&AccountSpan> = self.cube.accounts.spans.iter().collect();
        let basis = of_accounts("accounts".into(), &spans);
        let counted = |name: &str, label: &str, test: fn(&AccountSpan) -> bool| {
            let count = spans.iter().filter(|span| test(span)).count() as u64;
            basis.plain(name, label, Some(Scalar::Count(count)))
        };
        let mut list = vec![
            counted("count", "accounts followed", |_| true),
            counted(
                "removed",
                "accounts that were removed",
                AccountSpan::is_removed,
            ),
            counted(
                "still_online",
                "accounts still online at the last check",
                |span| !span.is_removed(),
            ),
            counted("confirmed", "accounts whose holder was confirmed", |span| {
                span.confirmed_by.is_some()
            }),
            counted("reported", "accounts reported to the platform", |span| {
                span.reported.is_some()
            }),
            counted(
                "removed_after_report",
                "reported accounts that were removed",
                |span| span.reported.is_some() && span.is_removed(),
            ),
        ];
        for (name, label, days) in [
            ("days", "days online", (|span| span.days_online) as Days),
            (
                "days_after_report",
                "days online after the report to the platform",
                |span| span.days_after_report,
            ),
        ] {
            let times = times(&spans, days);
            list.extend(self.survival(&basis, name, label, &times));
            let observed = |which: &str, words: &str, days: Option<u64>| {
                let scalar = days.map(|days| Scalar::Days(days as f64));
                basis.plain(
                    &format!("{which}_{name}"),
                    format!("{words} {label}"),
                    scalar,
                )
            };
            list.push(observed(
                "min",
                "shortest observed",
                times.iter().map(|t| t.0).min(),
            ));
            list.push(observed(
                "max",
                "longest observed, removed or not,",
                times.iter().map(|t| t.0).max(),
            ));
        }
        for grouping in GROUPINGS {
            list.extend(self.groups(&spans, grouping));
        }
        list
    }

    /// Median time with the limits that the data give.
    fn survival(
        &self,
        basis: &Basis,
        name: &str,
        label: &str,
        times: &[(u64, bool)],
    ) -> Vec<Quantity> {
        let km = stats::kaplan_meier(times, Units::Accounts, self.level());
        let median = Quantity {
            scalar: km.median.value.map(Scalar::Days),
            ..basis.estimated(
                &format!("median_{name}"),
                format!("median {label}"),
                km.median,
                Scale::Number,
            )
        };
        let mut list = basis
            .limits(&median, &format!("median_{name}_"), Scale::Number)
            .to_vec();
        list.push(median);
        list
    }

    /// Whether groups of accounts stayed online for different times.
    fn groups(&self, spans: &[&AccountSpan], (by, group_of): Grouping) -> Vec<Quantity> {
        let mut groups: BTreeMap<String, Vec<&AccountSpan>> = BTreeMap::new();
        for span in spans {
            if let Some(group) = group_of(span) {
                groups.entry(group).or_default().push(span);
            }
        }
        if groups.len() < 2 {
            return Vec::new();
        }
        let online: Days = |span| span.days_online;
        let basis = of_accounts(format!("accounts/by-{by}"), spans);
        let mut list = Vec::new();
        for (group, own) in &groups {
            let own_basis = of_accounts(format!("accounts/by-{by}"), own);
            let name = crate::cube::slug(group).replace('-', "_");
            let label = format!("days online of accounts, {by}: {group}");
            list.extend(self.survival(&own_basis, &name, &label, &times(own, online)));
            list.push(own_basis.plain(
                &format!("count_{name}"),
                format!("accounts, {by}: {group}"),
                Some(Scalar::Count(own.len() as u64)),
            ));
        }
        let all: Vec<Vec<(u64, bool)>> = groups.values().map(|own| times(own, online)).collect();
        let test = stats::log_rank(&all);
        let tested = |name: &str, label: &str, scalar: Option<Scalar>| {
            let label = format!("{label} the times online of accounts by {by}");
            let quantity = basis.described(
                name,
                label,
                scalar,
                Method::LogRank,
                (spans.len() as u64, Units::Accounts),
            );
            Quantity {
                why: quantity
                    .scalar
                    .is_none()
                    .then(|| "Too few removals to compare the groups.".into()),
                ..quantity
            }
        };
        list.push(tested(
            "p",
            "p-value of the log-rank test between",
            test.as_ref().map(|t| Scalar::P(t.p)),
        ));
        list.push(tested(
            "chi_square",
            "log-rank chi-square between",
            test.as_ref().map(|t| Scalar::Number(t.chi_square)),
        ));
        list.push(tested(
            "df",
            "degrees of freedom of the log-rank test between",
            test.as_ref().map(|t| Scalar::Count(t.df)),
        ));
        list
    }
}

fn of_accounts(path: String, spans: &[&AccountSpan]) -> Basis {
    Basis {
        path,
        rows: spans.iter().map(|span| &span.locator).collect(),
        query: QUERY.into(),
    }
}

/// Time and whether the account was removed, where the time is known.
fn times(spans: &[&AccountSpan], days: Days) -> Vec<(u64, bool)> {
    let known = spans
        .iter()
        .filter_map(|span| Some((days(span)?, span.is_removed())));
    known.collect()
}
