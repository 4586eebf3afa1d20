//! What recommendation systems served, with the test account as the unit.

use super::*;
use crate::cube::FeedSession;

impl Study<'_> {
    /// One account's feed, under any code that says something and under each code.
    pub fn feed_account(&self, account: &FeedAccount) -> Vec<Quantity> {
        let codes = account.codes.keys().map(|code| Some(code.as_str()));
        let feed = |code| self.feed_share(account, code);
        [None].into_iter().chain(codes).flat_map(feed).collect()
    }

    fn feed_share(&self, account: &FeedAccount, code: Option<&str>) -> Vec<Quantity> {
        let (words, name) = (coded(code), account.name());
        let basis = Basis {
            path: path_of(&format!("feed/{}", account.number), code),
            rows: account.rows.iter().collect(),
            query: format!("coded items served to {name}; items {words}"),
        };
        let items = items_with(account, code);
        let share = stats::wilson(items, account.coded, Units::Items, self.level());
        let count = |count| Some(Scalar::Count(count));
        vec![
            basis.estimated(
                "share",
                format!("share of coded feed items {words}, account {name}"),
                share,
                Scale::Share,
            ),
            basis.plain(
                "items",
                format!("feed items served to account {name}"),
                count(account.items),
            ),
            basis.plain(
                "coded",
                format!("feed items of account {name} that were coded"),
                count(account.coded),
            ),
        ]
    }

    /// Shares over all test accounts: with the account as the unit, and with the session.
    pub fn feeds(&self, code: Option<&str>) -> Vec<Quantity> {
        let accounts = &self.cube.feeds.accounts;
        if accounts.is_empty() {
            return Vec::new();
        }
        let words = coded(code);
        let label = |what: &str| format!("{what} feed items {words}");
        let sessions = || accounts.iter().flat_map(|account| &account.sessions);
        let by_account: Vec<(u64, u64)> = accounts
            .iter()
            .map(|account| (items_with(account, code), account.coded))
            .collect();
        let by_session: Vec<(u64, u64)> = sessions()
            .map(|session| (items_in(session, code), session.coded))
            .collect();
        let mut list = Vec::new();
        for (path, unit, units, counts) in [
            ("feeds", "account", Units::Accounts, by_account),
            ("feeds/by-session", "session", Units::Sessions, by_session),
        ] {
            let basis = Basis {
                path: path_of(path, code),
                rows: accounts.iter().flat_map(|account| &account.rows).collect(),
                query: format!(
                    "coded items of each test account; items {words}; the {unit} is the unit"
                ),
            };
            let shares = stats::cluster_shares(&counts, Units::Items, units, self.level());
            list.extend(basis.clusters(&shares, &format!("{unit}s"), &label));
            list.push(basis.plain(
                "accounts",
                "test accounts whose feeds were recorded",
                Some(Scalar::Count(accounts.len() as u64)),
            ));
            list.push(basis.plain(
                "sessions",
                "sessions in which feeds were recorded",
                Some(Scalar::Count(sessions().count() as u64)),
            ));
        }
        list
    }
}

/// The path of a feed under a code.
fn path_of(base: &str, code: Option<&str>) -> String {
    code.map_or_else(
        || base.to_owned(),
        |code| format!("{base}/{}", crate::cube::slug(code)),
    )
}

/// Which items are meant.
fn coded(code: Option<&str>) -> String {
    code.map_or_else(
        || "with any code but OTHER, NONE, UNCODABLE, NO_CONTENT".to_owned(),
        |code| format!("coded {code}"),
    )
}

/// Items of an account with the code, or with any code that says something.
fn items_with(account: &FeedAccount, code: Option<&str>) -> u64 {
    code.map_or(account.coded_otherwise, |code| {
        account.codes.get(code).copied().unwrap_or(0)
    })
}

/// The same of a session.
fn items_in(session: &FeedSession, code: Option<&str>) -> u64 {
    code.map_or(session.coded_otherwise, |code| {
        session.codes.get(code).copied().unwrap_or(0)
    })
}
