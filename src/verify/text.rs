//! Verdicts as lines for a person.

use super::{Outcome, Verdict, Verification};
use std::fmt;

/// Shows a hostile name without letting it act: control characters, characters that are not seen
/// and changes of writing direction become escapes.
fn visible(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        let acts = c.is_control()
            || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
        if acts {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

impl fmt::Display for Verification {
    /// A line for each verdict, then the digest, then the conclusion; no final newline.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", visible(&self.subject))?;
        for check in &self.checks {
            let (verdict, words) = match &check.outcome {
                Outcome::Passed { detail } => ("passed", detail.clone()),
                Outcome::Rebuilt { reasons } => ("REBUILT", reasons.join("; ")),
                Outcome::Failed { reason } => ("FAILED", reason.clone()),
                Outcome::NotChecked { reason } => ("not checked", reason.clone()),
            };
            let subject = visible(&check.subject);
            writeln!(
                f,
                "  {verdict:<11}  {:<16}  {subject}: {}",
                check.name,
                visible(&words)
            )?;
        }
        if let Some(sha256) = self.sha256 {
            writeln!(f, "sha256: {sha256}")?;
        }
        if let Some(root) = self.root {
            let of_what = match self.passed() {
                true => "",
                false => " (it does not stand for these files)",
            };
            writeln!(f, "root:   {root}{of_what}")?;
        }
        match (self.verdict, self.failures().count()) {
            (Verdict::Verified, _) => write!(
                f,
                "verified: whole and consistent; compare the root with the one its publisher made known"
            ),
            (Verdict::ContentsIntact, _) => write!(
                f,
                "contents intact, container rebuilt: every file is whole and consistent, in a zip that another program packed; compare the root with the one its publisher made known"
            ),
            (Verdict::Failed, 1) => write!(f, "NOT verified: 1 fault"),
            (Verdict::Failed, faults) => write!(f, "NOT verified: {faults} faults"),
        }
    }
}
