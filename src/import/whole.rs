//! All files of a case, read together: what only several files show.

use super::*;
use crate::case::{Case, SourceFile};
use crate::evidence::{Secrets, Source, without_secrets};
use std::borrow::Cow;

/// Reads every source of the case. All problems of all files are reported together; rows stand in
/// the order of the exhibits, and within a file in its own order.
pub fn import(case: &Case) -> Result<Evidence> {
    import_files(&case.sources)
}

/// [`import`] for files that stand in the order of their exhibits.
pub fn import_files(sources: &[SourceFile]) -> Result<Evidence> {
    let (evidence, problems) = import_watched(sources, &mut |_, _| ());
    problems.finish(evidence)
}

/// [`import_files`], telling `watch` after each file how many rows it had, and its name. Files that
/// cannot be read are missing from the evidence and told in the problems.
pub fn import_watched(
    sources: &[SourceFile],
    watch: &mut dyn FnMut(u64, &str),
) -> (Evidence, Problems) {
    let mut evidence = Evidence::default();
    let mut problems = Problems::default();
    let mut codes = Vec::new();
    same_bytes(sources, &mut problems);
    for source in sources {
        let input = Input {
            file: &source.file,
            bytes: &source.bytes,
            hints: &Hints::from(&source.declaration),
        };
        if let Some(imported) = problems.take(read(&input)) {
            watch(imported.rows.in_file, &source.file);
            add(&mut evidence, &mut codes, source, imported);
        }
    }
    events::unite(&mut evidence);
    coding::join(&mut evidence, codes, &mut problems);
    absent_campaigns(&mut evidence);
    (evidence, problems)
}

/// Files of people with the same bytes would count everybody twice. Exports of delivery can be equal:
/// a cumulative count need not have changed.
fn same_bytes(sources: &[SourceFile], problems: &mut Problems) {
    let mut known: BTreeMap<&crate::digest::Sha256, &str> = BTreeMap::new();
    for source in sources {
        let people = source
            .declaration
            .kind
            .is_some_and(|kind| kind != Kind::Attachment && kind.withheld_by_default());
        if !people {
            continue;
        }
        match known.get(&source.sha256) {
            None => {
                known.insert(&source.sha256, &source.file);
            }
            Some(first) => problems.push(
                Problem::new(
                    "same-file-twice",
                    source.file.clone(),
                    "this file has the same bytes as another of the case, so all that it holds would count twice",
                )
                .value(*first)
                .hint("take one of them out of the case"),
            ),
        }
    }
}

fn add(evidence: &mut Evidence, codes: &mut Vec<CodeRow>, source: &SourceFile, imported: Imported) {
    let declaration = &source.declaration;
    let withheld = match imported.kind {
        Kind::Contacts => true,
        kind => declaration
            .confidential
            .unwrap_or(kind.withheld_by_default()),
    };
    let secrets = match without_secrets(&source.bytes) {
        None => Secrets::Kept,
        Some(Cow::Borrowed(_)) => Secrets::None,
        Some(Cow::Owned(_)) => Secrets::Removed,
    };
    if secrets != Secrets::None {
        let what = if secrets == Secrets::Kept {
            "the file holds access tokens or signed addresses that cannot be taken out, so no edition holds it"
        } else {
            "the file holds access tokens or signed addresses; the bundle holds a copy without them, and the digest is that of the file as it was received"
        };
        evidence.notices.push(Notice::info(
            "secrets-removed",
            Locator::file(source.file.clone()),
            what,
        ));
    }
    evidence.sources.push(Source {
        exhibit: source.exhibit.clone(),
        file: source.file.clone(),
        bytes: source.bytes.len() as u64,
        sha256: source.sha256,
        kind: imported.kind,
        format: imported.format,
        withheld,
        title: declaration.title.clone(),
        obtained: declaration.obtained.clone(),
        rows: imported.rows,
        snapshot: imported.snapshot,
        secrets,
        unused_columns: imported.unused_columns,
        reading: imported.reading,
    });
    evidence.notices.extend(imported.notices);
    evidence.context.extend(imported.context);
    match imported.table {
        Table::Ads(rows) => evidence.ads.extend(rows),
        Table::Delivery(rows) => evidence.delivery.extend(rows),
        Table::Contacts(rows) => evidence.contacts.extend(rows),
        Table::Accounts(rows) => evidence.accounts.extend(rows),
        Table::Feeds(rows) => evidence.feeds.extend(rows),
        Table::Statements(rows) => evidence.statements.extend(rows),
        Table::Context(rows) => evidence.context.extend(rows),
        Table::Captures(rows) => evidence.captures.extend(rows),
        Table::Codes(rows) => codes.extend(rows),
        Table::Attachment => {}
    }
}

/// An export without a campaign column cannot tell apart ad sets of one name that, as another
/// export shows, run in several campaigns.
fn absent_campaigns(evidence: &mut Evidence) {
    let mut campaigns: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in &evidence.delivery {
        if let (Some(ad_set), Some(campaign)) = (&row.ad_set, &row.campaign) {
            campaigns.entry(ad_set).or_default().insert(campaign);
        }
    }
    let mut affected: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in &evidence.delivery {
        if let (Some(ad_set), None) = (&row.ad_set, &row.campaign)
            && campaigns
                .get(&**ad_set)
                .is_some_and(|names| names.len() > 1)
        {
            affected
                .entry(&row.locator.file)
                .or_default()
                .insert(ad_set);
        }
    }
    let notices: Vec<Notice> = affected
        .into_iter()
        .map(|(file, ad_sets)| {
            let names: Vec<&str> = ad_sets.into_iter().collect();
            let message = format!(
                "the file has no campaign column, and other files show ad sets of the same name in several campaigns: {}",
                names.join(", ")
            );
            Notice::caution("campaign-absent", Locator::file(file), message)
        })
        .collect();
    evidence.notices.extend(notices);
}
