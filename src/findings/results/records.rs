//! Accounts and feeds.

use super::*;

pub(super) fn accounts(case: &Case, cube: &Cube) -> Vec<Quantity> {
    if !cube.accounts.recorded {
        return Vec::new();
    }
    let spans = &cube.accounts.spans;
    let rows = || spans.iter().map(|span| &span.locator);
    let query = "rows of the accounts table; days from the first sighting to removal, or to the last check (censored)";
    let plain = |name: &str, label: &str, scalar: Option<Scalar>| {
        Quantity::plain(format!("accounts/{name}"), label, scalar, query).resting_on(rows())
    };
    let counted = |test: &dyn Fn(&crate::cube::AccountSpan) -> bool| {
        Some(Scalar::Count(
            spans.iter().filter(|span| test(span)).count() as u64,
        ))
    };
    let mut list = vec![
        plain("count", "accounts followed", counted(&|_| true)),
        plain(
            "removed",
            "accounts that were removed",
            counted(&|span| span.is_removed()),
        ),
        plain(
            "still_online",
            "accounts still online at the last check",
            counted(&|span| !span.is_removed()),
        ),
        plain(
            "confirmed",
            "accounts whose holder was confirmed",
            counted(&|span| span.confirmed_by.is_some()),
        ),
        plain(
            "reported",
            "accounts reported to the platform",
            counted(&|span| span.reported.is_some()),
        ),
        plain(
            "removed_after_report",
            "reported accounts that were removed",
            counted(&|span| span.reported.is_some() && span.is_removed()),
        ),
    ];
    let survival =
        |name: &str, label: &str, days: &dyn Fn(&crate::cube::AccountSpan) -> Option<u64>| {
            let times: Vec<(u64, bool)> = spans
                .iter()
                .filter_map(|span| Some((days(span)?, span.is_removed())))
                .collect();
            let km = stats::kaplan_meier(&times, Units::Accounts, case.study.level);
            let median = Quantity::estimated(
                format!("accounts/median_{name}"),
                format!("median {label}"),
                km.median,
                Scalar::Days,
                query,
            )
            .resting_on(rows());
            let observed = |which: &str, words: &str, value: Option<u64>| {
                plain(
                    &format!("{which}_{name}"),
                    &format!("{words} {label}"),
                    value.map(|d| Scalar::Days(d as f64)),
                )
            };
            [
                median,
                observed("min", "shortest observed", times.iter().map(|t| t.0).min()),
                observed(
                    "max",
                    "longest observed, removed or not,",
                    times.iter().map(|t| t.0).max(),
                ),
            ]
        };
    list.extend(survival("days", "days online", &|span| span.days_online));
    list.extend(survival(
        "days_after_report",
        "days online after the report to the platform",
        &|span| span.days_after_report,
    ));
    list
}

/// Items of an account with the code, or with any code that says something.
fn items_with(account: &FeedAccount, code: Option<&str>) -> u64 {
    code.map_or(account.coded_otherwise, |code| {
        account.codes.get(code).copied().unwrap_or(0)
    })
}

/// One account's feed under one code (`feed/<account>/<code>/share`...).
fn feed_share(case: &Case, account: &FeedAccount, code: Option<&str>) -> Vec<Quantity> {
    let base = account.number;
    let path = |name: &str| match code {
        Some(code) => format!("feed/{base}/{}/{name}", crate::cube::slug(code)),
        None => format!("feed/{base}/{name}"),
    };
    let words = code.map_or_else(
        || "with any code but OTHER, NONE, UNCODABLE, NO_CONTENT".to_owned(),
        |code| format!("coded {code}"),
    );
    let query = format!("coded items served to {}; items {words}", account.name());
    let share = stats::wilson(
        items_with(account, code),
        account.coded,
        Units::Items,
        case.study.level,
    );
    let share = Quantity::estimated(
        path("share"),
        format!(
            "share of coded feed items {words}, account {}",
            account.name()
        ),
        share,
        Scalar::Share,
        query.clone(),
    );
    vec![
        share.resting_on(&account.rows),
        Quantity::plain(
            path("items"),
            format!("feed items served to account {}", account.name()),
            Some(Scalar::Count(account.items)),
            query.clone(),
        )
        .resting_on(&account.rows),
        Quantity::plain(
            path("coded"),
            format!("feed items of account {} that were coded", account.name()),
            Some(Scalar::Count(account.coded)),
            query,
        )
        .resting_on(&account.rows),
    ]
}

pub(super) fn feed_account(case: &Case, account: &FeedAccount) -> Vec<Quantity> {
    let mut list = feed_share(case, account, None);
    for code in account.codes.keys() {
        list.extend(feed_share(case, account, Some(code)));
    }
    list
}

/// Shares over all test accounts, with the account as the unit.
pub(super) fn feeds(case: &Case, cube: &Cube, code: Option<&str>) -> Vec<Quantity> {
    let accounts: Vec<&FeedAccount> = cube.feeds.accounts.iter().collect();
    if accounts.is_empty() {
        return Vec::new();
    }
    let path = |name: &str| match code {
        Some(code) => format!("feeds/{}/{name}", crate::cube::slug(code)),
        None => format!("feeds/{name}"),
    };
    let counts: Vec<(u64, u64)> = accounts
        .iter()
        .map(|account| (items_with(account, code), account.coded))
        .collect();
    let words = code.map_or_else(
        || "with any code but OTHER, NONE, UNCODABLE, NO_CONTENT".to_owned(),
        |code| format!("coded {code}"),
    );
    let rows = || accounts.iter().flat_map(|account| &account.rows);
    let query = format!("coded items of each test account; items {words}; the account is the unit");
    let mut list = vec![
        Quantity::plain(
            path("accounts"),
            "test accounts whose feeds were recorded",
            Some(Scalar::Count(accounts.len() as u64)),
            query.clone(),
        )
        .resting_on(rows()),
    ];
    let shares = stats::cluster_shares(&counts, Units::Items, Units::Accounts, case.study.level);
    for (name, what, estimate, scalar) in [
        (
            "min",
            "lowest share over accounts",
            shares.min,
            Scalar::Share as fn(f64) -> Scalar,
        ),
        (
            "max",
            "highest share over accounts",
            shares.max,
            Scalar::Share,
        ),
        (
            "median",
            "median share over accounts",
            shares.median,
            Scalar::Share,
        ),
        (
            "mean",
            "mean share over accounts",
            shares.mean,
            Scalar::Share,
        ),
        (
            "pooled",
            "pooled share over accounts",
            shares.pooled,
            Scalar::Share,
        ),
    ] {
        list.push(
            Quantity::estimated(
                path(name),
                format!("{what} of feed items {words}"),
                estimate,
                scalar,
                query.clone(),
            )
            .resting_on(rows()),
        );
    }
    let range = shares
        .min
        .value
        .zip(shares.max.value)
        .map(|(low, high)| Scalar::ShareRange(low, high));
    list.push(Quantity {
        scalar: range,
        ..Quantity::estimated(
            path("range"),
            format!("range over accounts of the share of feed items {words}"),
            shares.min,
            Scalar::Share,
            query,
        )
        .resting_on(rows())
    });
    list
}
