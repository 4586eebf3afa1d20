//! Verdicts as values: on one thing, and what all of them come to.

use crate::digest::Sha256;
use serde::Serialize;

/// The verdicts on one bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// The bundle's file name, or the name of its top folder.
    pub subject: String,
    pub verdict: Verdict,
    /// Digest of the zip; an unpacked bag has none.
    pub sha256: Option<Sha256>,
    /// Digest of the manifest of manifests, which stands for every file but signatures and
    /// timestamps.
    pub root: Option<Sha256>,
    /// One for each check that passed or could not run, one for each fault of those that failed.
    pub checks: Vec<Check>,
}

/// What all checks come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Whole and consistent.
    Verified,
    /// Every file is whole and consistent, in a zip that another program packed.
    ContentsIntact,
    Failed,
}

/// A verdict on one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The check, as in section 11 of the format.
    pub name: &'static str,
    /// The file or structure.
    pub subject: String,
    #[serde(flatten)]
    pub outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    Passed {
        detail: String,
    },
    /// Not the container that was sealed, and none that hides or changes anything.
    Rebuilt {
        reasons: Vec<String>,
    },
    Failed {
        reason: String,
    },
    NotChecked {
        reason: String,
    },
}

impl Check {
    pub(super) fn new(name: &'static str, subject: impl Into<String>, outcome: Outcome) -> Self {
        Check {
            name,
            subject: subject.into(),
            outcome,
        }
    }

    pub fn passed(
        name: &'static str,
        subject: impl Into<String>,
        detail: impl Into<String>,
    ) -> Self {
        let detail = detail.into();
        Check::new(name, subject, Outcome::Passed { detail })
    }

    pub fn failed(
        name: &'static str,
        subject: impl Into<String>,
        reason: impl Into<String>,
    ) -> Self {
        let reason = reason.into();
        Check::new(name, subject, Outcome::Failed { reason })
    }

    /// Of what could not be checked; never counted as passed.
    pub fn not_checked(
        name: &'static str,
        subject: impl Into<String>,
        reason: impl Into<String>,
    ) -> Self {
        let reason = reason.into();
        Check::new(name, subject, Outcome::NotChecked { reason })
    }
}

impl Verification {
    pub(super) fn new(
        subject: &str,
        sha256: Option<Sha256>,
        root: Option<Sha256>,
        checks: Vec<Check>,
    ) -> Self {
        let mut verification = Verification {
            subject: subject.to_owned(),
            verdict: Verdict::Verified,
            sha256,
            root,
            checks: Vec::new(),
        };
        verification.add(checks);
        verification
    }

    /// Adds verdicts, and makes the whole what all of them come to.
    pub fn add(&mut self, checks: Vec<Check>) {
        self.checks.extend(checks);
        let any = |found: fn(&Outcome) -> bool| {
            let mut outcomes = self.checks.iter().map(|check| &check.outcome);
            outcomes.any(found)
        };
        self.verdict = if any(|outcome| matches!(outcome, Outcome::Failed { .. })) {
            Verdict::Failed
        } else if any(|outcome| matches!(outcome, Outcome::Rebuilt { .. })) {
            Verdict::ContentsIntact
        } else {
            Verdict::Verified
        };
    }

    /// Whether nothing failed. (An unpacked bag passes with its container not checked.)
    pub fn passed(&self) -> bool {
        self.verdict != Verdict::Failed
    }

    /// The checks that failed.
    pub fn failures(&self) -> impl Iterator<Item = &Check> {
        self.checks
            .iter()
            .filter(|check| matches!(check.outcome, Outcome::Failed { .. }))
    }
}
