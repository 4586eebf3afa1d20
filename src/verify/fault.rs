//! What is wrong, by the file or structure it belongs to.

use super::{Check, Outcome};

/// Something wrong, with the file or structure it belongs to.
pub(super) struct Fault {
    pub subject: String,
    pub reason: String,
}

impl Fault {
    pub fn new(subject: impl Into<String>, reason: impl Into<String>) -> Self {
        let mut subject = subject.into();
        if subject.is_empty() {
            subject.push_str("entry without a name");
        }
        Fault {
            subject,
            reason: reason.into(),
        }
    }
}

/// The faults of one check. Input of a few bytes can hold a fault in each, so that beyond
/// [`Faults::MOST`], which is more than a bundle has files, they are only counted.
#[derive(Default)]
pub(super) struct Faults {
    list: Vec<Fault>,
    more: u64,
}

impl Faults {
    const MOST: usize = 100_000;

    pub fn push(&mut self, fault: Fault) {
        if self.list.len() < Self::MOST {
            self.list.push(fault);
        } else {
            self.more += 1;
        }
    }

    pub fn add(&mut self, subject: impl Into<String>, reason: impl Into<String>) {
        self.push(Fault::new(subject, reason));
    }

    pub fn extend(&mut self, faults: impl IntoIterator<Item = Fault>) {
        faults.into_iter().for_each(|fault| self.push(fault));
    }

    /// Whether more faults would not be listed, so that a reader of lines can stop.
    pub fn is_full(&self) -> bool {
        self.more > 0
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// One passed check, or one failed check for each fault.
    pub fn into_checks(self, name: &'static str, subject: &str, detail: String) -> Vec<Check> {
        if self.is_empty() {
            return vec![Check::new(name, subject, Outcome::Passed { detail })];
        }
        let failed =
            |Fault { subject, reason }| Check::new(name, subject, Outcome::Failed { reason });
        let mut checks: Vec<Check> = self.list.into_iter().map(failed).collect();
        if self.more > 0 {
            let reason = format!(
                "there are more faults than the {} that are listed",
                Self::MOST
            );
            checks.push(Check::new(name, subject, Outcome::Failed { reason }));
        }
        checks
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Faults {
            list: vec![fault],
            more: 0,
        }
    }
}

impl From<Vec<Fault>> for Faults {
    fn from(list: Vec<Fault>) -> Self {
        let mut faults = Faults::default();
        faults.extend(list);
        faults
    }
}
