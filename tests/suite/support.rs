//! What several tests need.

use casefile::bundle::Edition;
use casefile::case::{Case, load};
use casefile::error::{Error, Problem};
use casefile::{Built, Prepared};
use std::path::{Path, PathBuf};

/// A path of the shared reference data beside the checkout.
///
/// Where they are absent the test says why it does nothing; under CI that is a failure.
pub fn shared(path: &str) -> Option<PathBuf> {
    let full = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")).join(path);
    if full.exists() {
        return Some(full);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "{} is missing, and CI must have it",
        full.display()
    );
    eprintln!("skipped: {} is not on this machine", full.display());
    None
}

/// The root of the checkout.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The sample case.
pub fn sample() -> Case {
    load(&root().join("datasets/child-jewellery-ads")).unwrap_or_else(|error| panic!("{error}"))
}

/// What every small case begins with; what a test adds begins on line 6.
const HEAD: &str =
    "casefile = 1\n[case]\nid = \"small\"\ntitle = \"A small case\"\ndate = 2025-01-31\n";

/// A case folder that lives as long as the test.
pub struct CaseBuilder {
    folder: tempfile::TempDir,
    toml: String,
}

impl CaseBuilder {
    /// An empty case that has only what every case needs.
    pub fn new() -> Self {
        CaseBuilder {
            folder: tempfile::tempdir().unwrap(),
            toml: HEAD.into(),
        }
    }

    /// Two ads in arm `a`, which go to men more often, and two in arm `b`.
    pub fn two_arms() -> Self {
        CaseBuilder::new()
            .toml("[study]\narms = [{ id = \"a\", label = \"First\", ads = [\"a*\"] }, { id = \"b\", label = \"Second\", ads = [\"b*\"] }]\n")
            .evidence(
                "evidence/delivery.csv",
                "delivery",
                "ad,gender,impressions\na1,female,100\na1,male,300\na1,unknown,10\na2,female,200\na2,male,800\na2,unknown,0\n\
                 b1,female,500\nb1,male,100\nb1,unknown,5\nb2,female,600\nb2,male,200\nb2,unknown,5\n",
            )
    }

    /// Appends to case.toml.
    pub fn toml(mut self, text: &str) -> Self {
        self.toml.push_str(text);
        self
    }

    /// Replaces something in case.toml, which must be there.
    pub fn replace(mut self, old: &str, new: &str) -> Self {
        assert!(self.toml.contains(old), "`{old}` is not in {}", self.toml);
        self.toml = self.toml.replace(old, new);
        self
    }

    /// Writes a file into the folder.
    pub fn file(self, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        let full = self.folder.path().join(path);
        std::fs::create_dir_all(full.parent().unwrap()).unwrap();
        std::fs::write(full, bytes).unwrap();
        self
    }

    /// Writes an evidence file and declares it.
    pub fn evidence(self, path: &str, kind: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.file(path, bytes).toml(&format!(
            "[[evidence]]\nfile = \"{path}\"\nkind = \"{kind}\"\n"
        ))
    }

    pub fn report(self, text: &str) -> Self {
        self.file("report.md", text)
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn load(&self) -> Result<Case, Error> {
        std::fs::write(self.path().join("case.toml"), &self.toml).unwrap();
        load(self.path())
    }

    /// The case; a test that calls this says that nothing is wrong with the folder.
    pub fn case(&self) -> Case {
        self.load().unwrap_or_else(|error| panic!("{error}"))
    }

    pub fn prepare(&self) -> Prepared {
        casefile::prepare(&self.case()).unwrap_or_else(|error| panic!("{error}"))
    }

    pub fn build(&self, edition: Edition) -> Built {
        self.try_build(edition)
            .unwrap_or_else(|error| panic!("{error}"))
    }

    pub fn try_build(&self, edition: Edition) -> Result<Built, Error> {
        casefile::build(&self.load()?, edition)
    }

    /// What is wrong with the case, up to the written report.
    pub fn problems(&self) -> Vec<Problem> {
        match self.load().and_then(|case| casefile::check(&case)) {
            Ok(_) => Vec::new(),
            Err(error) => error.problems,
        }
    }

    /// The one problem of the case as printed.
    pub fn only_problem(&self) -> String {
        let problems = self.problems();
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 1, "{}", told.join("\n"));
        told.concat()
    }
}

/// The codes of some problems, in the order of the problems.
pub fn codes(problems: &[Problem]) -> Vec<&'static str> {
    problems.iter().map(|problem| problem.code).collect()
}
