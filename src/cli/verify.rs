//! `casefile verify`: every check, each with a verdict.

use super::name_of;
use super::terminal::Terminal;
use casefile::again::{self, Files};
use casefile::error::{Error, Problem, Result, printable_json};
use casefile::verify::signature::Signers;
use casefile::verify::timestamp::Authorities;
use casefile::verify::{Known, Verdict};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Verify a bundle, or the folder that it was unpacked to: every check, each with a verdict.
///
/// Opens no socket, unpacks nothing, and believes nothing that the bundle says of itself without
/// comparing it with the bytes. Exit code 1 when anything was altered, is missing or was added.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  casefile verify child-jewellery-ads-1.0.0.zip\n  casefile verify child-jewellery-ads-1.0.0-full.zip --recompute --rebuild\n  casefile verify my-case-1.0.0.zip --allowed-signers allowed_signers --authorities authority.pem\n  casefile verify --page > verify.html"
)]
pub struct Verify {
    /// Bundle (zip), or the unpacked folder.
    #[arg(required_unless_present = "page")]
    bundle: Option<PathBuf>,
    /// Print `verify.html`, a page that makes the same checks in a browser, without a network.
    #[arg(long, exclusive = true)]
    page: bool,
    /// Compute every estimate whose evidence is in the bundle again, and compare; the others are named.
    #[arg(long)]
    recompute: bool,
    /// Build the report again and compare every byte of every file; for full editions of this version.
    #[arg(long)]
    rebuild: bool,
    /// Keys that are trusted: an allowed_signers file of OpenSSH, from elsewhere than the bundle. Every
    /// signature must then be by one of them, and there must be one.
    #[arg(long, value_name = "FILE")]
    allowed_signers: Option<PathBuf>,
    /// Certificates of time-stamp authorities that are trusted (PEM), from elsewhere than the bundle.
    /// Every timestamp must then rest on one of them, and there must be one.
    #[arg(long, value_name = "FILE")]
    authorities: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub fn run(&self, terminal: &mut Terminal) -> Result<u8> {
        match &self.bundle {
            Some(bundle) => self.verify(bundle, terminal),
            None => {
                terminal.data(&casefile::verify::page());
                Ok(0)
            }
        }
    }

    fn verify(&self, bundle: &Path, terminal: &mut Terminal) -> Result<u8> {
        let known = self.known()?;
        let again = self.recompute || self.rebuild;
        let (mut verification, files, zip) = if bundle.is_dir() {
            let mut places = BTreeMap::new();
            gather(bundle, "", &mut places)?;
            let verification = casefile::verify::files(&places, &known)
                .map_err(|error| super::unreadable(bundle, &error))?;
            let sound = again && verification.passed();
            let read = |(path, place): (&String, &PathBuf)| Ok((path.clone(), super::read(place)?));
            let files = sound.then(|| places.iter().map(read).collect::<Result<Files>>());
            (verification, files.transpose()?, None)
        } else {
            let verification = casefile::verify::file(&name_of(bundle)?, bundle, &known)
                .map_err(|error| super::unreadable(bundle, &error))?;
            // Only a bundle without a fault is unpacked.
            let sound = again && verification.passed();
            let zip = sound.then(|| super::read(bundle)).transpose()?;
            let files = zip.as_deref().and_then(again::unpack);
            // Of a container that another program packed, the files alone can be built again.
            let zip = zip.filter(|_| verification.verdict == Verdict::Verified);
            (verification, files, zip)
        };
        for (asked, name) in [(self.recompute, "recompute"), (self.rebuild, "rebuild")] {
            if !asked {
                continue;
            }
            verification.add(match &files {
                None => vec![again::not_tried(name)],
                Some(files) if name == "recompute" => again::recompute(files),
                Some(files) => again::rebuild(files, zip.as_deref()),
            });
        }
        if self.json {
            let json = serde_json::to_string(&verification).map_err(|error| {
                Problem::new("not-written", "verification", error.to_string())
                    .hint("report this as a defect of casefile")
            })?;
            terminal.line(&printable_json(&json));
        } else {
            terminal.line(&verification.to_string());
        }
        Ok(u8::from(!verification.passed()))
    }
}

impl Verify {
    /// What was given to verify against.
    fn known(&self) -> Result<Known> {
        let signers = self.allowed_signers.as_deref().map(|path| {
            let text = String::from_utf8_lossy(&super::read(path)?).into_owned();
            Signers::parse(&text).map_err(|faults| {
                each(path, faults, |subject, fault| {
                    Problem::new("allowed-signers", subject, fault)
                        .hint("each line is: PRINCIPALS [OPTIONS] KEY-TYPE KEY; see ssh-keygen(1)")
                })
            })
        });
        let authorities = self.authorities.as_deref().map(|path| {
            Authorities::parse(&super::read(path)?).map_err(|faults| {
                each(path, faults, |subject, fault| {
                    Problem::new("authorities", subject, fault).hint(
                        "give the root certificates that the time-stamp authorities publish, in PEM",
                    )
                })
            })
        });
        Ok(Known {
            signers: signers.transpose()?,
            authorities: authorities.transpose()?,
        })
    }
}

/// A problem for each fault of a file of those whom the verifier trusts.
fn each(path: &Path, faults: Vec<String>, problem: impl Fn(String, String) -> Problem) -> Error {
    let subject = path.display().to_string();
    let problems = faults.into_iter();
    Error {
        problems: problems
            .map(|fault| problem(subject.clone(), fault))
            .collect(),
    }
}

/// All files of a folder; a link is an error, because it would bring in bytes from elsewhere.
pub(super) fn gather(
    root: &Path,
    under: &str,
    files: &mut BTreeMap<String, PathBuf>,
) -> Result<()> {
    let folder = root.join(under);
    let list = std::fs::read_dir(&folder).map_err(|error| super::unreadable(&folder, &error))?;
    for entry in list {
        let entry = entry.map_err(|error| super::unreadable(&folder, &error))?;
        let name = name_of(&entry.path())?;
        let path = if under.is_empty() {
            name
        } else {
            format!("{under}/{name}")
        };
        let kind = entry
            .file_type()
            .map_err(|error| super::unreadable(&entry.path(), &error))?;
        if kind.is_dir() {
            gather(root, &path, files)?;
        } else if kind.is_file() {
            files.insert(path, entry.path());
        } else {
            return Err(Problem::new(
                "link-in-bundle",
                path,
                "this is a link or a device, not a file",
            )
            .hint("unpack the bundle again")
            .into());
        }
    }
    Ok(())
}
