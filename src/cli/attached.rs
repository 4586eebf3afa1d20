//! What `sign` and `timestamp` share: only to what verifies is anything added, and the digest beside
//! the zip is kept right.

use super::terminal::{Terminal, safe};
use super::{files, name_of, read};
use casefile::digest::Sha256;
use casefile::error::{Problem, Result};
use casefile::sign::Files;
use casefile::{again, bundle, verify};
use std::path::{Path, PathBuf};

/// A bundle that verifies.
pub struct Sound {
    pub files: Files,
    pub root: Sha256,
}

/// Reads a bundle to which something is added. What does not verify is shown with its faults.
pub fn sound(bundle: &Path, terminal: &mut Terminal) -> Result<Sound> {
    let (zip, name) = (read(bundle)?, name_of(bundle)?);
    let verification = verify::zip(&name, &zip);
    let whole = verification.passed().then(|| again::unpack(&zip)).flatten();
    if let Some((files, root)) = whole.zip(verification.root) {
        return Ok(Sound { files, root });
    }
    terminal.line(&verification.to_string());
    Err(Problem::new(
        "not-a-bundle",
        name,
        "this does not verify, and what does not verify is neither signed nor timestamped",
    )
    .hint("build the bundle again, or ask for it again")
    .into())
}

/// Puts the files in the place of the bundle, unless it would not verify any more. The digest beside
/// it, where there is one, is that of the bundle as it is now.
pub fn replace(bundle: &Path, contents: &Files, terminal: &mut Terminal) -> Result<()> {
    let name = name_of(bundle)?;
    let zip = bundle::pack(&name, contents)?;
    let verification = verify::zip(&name, &zip);
    if !verification.passed() {
        terminal.line(&verification.to_string());
        return Err(Problem::new(
            "not-a-bundle",
            name,
            "with what was to be added the bundle would not verify; it was left as it is",
        )
        .hint("look at the faults above: what is added may be too large or too much")
        .into());
    }
    files::write(bundle, &zip)?;
    let mut seal = bundle.as_os_str().to_owned();
    seal.push(".sha256");
    let seal = PathBuf::from(seal);
    if seal.exists() {
        let line = format!("{}  {name}\n", Sha256::of(&zip));
        files::write(&seal, line.as_bytes())?;
    }
    Ok(())
}

/// A path as it may stand in a command of a POSIX shell.
pub fn shown(path: &Path) -> String {
    let path = safe(&path.display().to_string());
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+~".contains(c);
    if path.chars().all(plain) {
        path
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}
