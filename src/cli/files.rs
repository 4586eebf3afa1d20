//! Writing files: aside, then renamed, so that a crash or a full disk leaves nothing half-written.

use casefile::error::{Error, Problem, Result};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

fn not_written(path: &Path, error: &std::io::Error) -> Error {
    Problem::new(
        "not-written",
        path.display().to_string(),
        format!("cannot be written: {error}"),
    )
    .hint("free some space, check the permissions, or choose another place; nothing was changed")
    .into()
}

/// Writes one file. One that stands there is replaced, its permissions stay, and where a link stands
/// there, what it leads to is replaced.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = target
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let attempt = || -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut file = temporary(folder, std::fs::metadata(&target).ok())?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(&target).map_err(|error| error.error)?;
        Ok(())
    };
    attempt().map_err(|error| not_written(path, &error))
}

/// A temporary file in the folder where it will stay, as readable as the file that it replaces, or as
/// any new file is. An interrupt removes it.
fn temporary(
    folder: &Path,
    replaced: Option<std::fs::Metadata>,
) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".casefile-");
    #[cfg(unix)]
    if replaced.is_none() {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o644));
    }
    let mut known = ASIDE.lock().unwrap_or_else(PoisonError::into_inner);
    let file = builder.tempfile_in(folder)?;
    *known = Some(file.path().to_path_buf());
    if let Some(replaced) = replaced {
        file.as_file().set_permissions(replaced.permissions())?;
    }
    Ok(file)
}

/// Writes a whole folder at once: it appears complete, replacing an older one, or not at all.
pub fn write_folder(folder: &Path, files: &BTreeMap<String, &[u8]>) -> Result<()> {
    let parent = folder
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    check_replaceable(folder, files)?;
    let attempt = || -> std::io::Result<()> {
        std::fs::create_dir_all(parent)?;
        let aside = aside_in(parent)?;
        let fresh = aside.path().join("new");
        for (path, bytes) in files {
            let target = fresh.join(path);
            if let Some(inside) = target.parent() {
                std::fs::create_dir_all(inside)?;
            }
            let mut file = std::fs::File::create(&target)?;
            file.write_all(bytes)?;
        }
        // The two renames must not be torn apart: an interrupt waits for them.
        let renaming = ASIDE.lock().unwrap_or_else(PoisonError::into_inner);
        if folder.exists() {
            let old = aside.path().join("old");
            std::fs::rename(folder, &old)?;
            if let Err(error) = std::fs::rename(&fresh, folder) {
                std::fs::rename(&old, folder)?;
                return Err(error);
            }
        } else {
            std::fs::rename(&fresh, folder)?;
        }
        drop(renaming);
        Ok(())
    };
    let fresh_parent = !parent.exists();
    attempt().map_err(|error| {
        if fresh_parent {
            // Only an empty folder goes; what others put there meanwhile stays.
            let _ = std::fs::remove_dir(parent);
        }
        not_written(folder, &error)
    })
}

/// Makes a folder that does not exist yet: filled aside, then moved into place.
pub fn make_folder(folder: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let parent = folder
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let failed = |error: std::io::Error| not_written(folder, &error);
    std::fs::create_dir_all(parent).map_err(failed)?;
    let aside = aside_in(parent).map_err(failed)?;
    let fresh = aside.path().join("new");
    std::fs::create_dir(&fresh).map_err(failed)?;
    fill(&fresh)?;
    std::fs::rename(&fresh, folder).map_err(failed)
}

/// A report of ours may be replaced; anything else that stands in its place is not ours to delete.
fn check_replaceable(folder: &Path, files: &BTreeMap<String, &[u8]>) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    let refused = |what: String| -> Error {
        Problem::new("not-a-report", folder.display().to_string(), what)
            .hint("move it away, or choose another place with `--out`")
            .into()
    };
    if !folder.is_dir() {
        return Err(refused("a file stands where the report would go".into()));
    }
    let list = std::fs::read_dir(folder).map_err(|error| super::unreadable(folder, &error))?;
    let made = |name: &str| {
        files
            .keys()
            .any(|path| path.split('/').next() == Some(name))
    };
    let mut others: Vec<String> = list
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !made(name))
        .collect();
    others.sort();
    if others.is_empty() {
        return Ok(());
    }
    Err(refused(format!(
        "this folder holds what no build made: {}",
        others.join(", ")
    )))
}

/// The file or folder that an interrupt (Ctrl-C) has to take away, if any.
static ASIDE: Mutex<Option<PathBuf>> = Mutex::new(None);

/// A folder to fill before it is moved into place. An interrupt removes it.
fn aside_in(parent: &Path) -> std::io::Result<tempfile::TempDir> {
    // Locked, so that there is no moment in which the folder exists and an interrupt misses it.
    let mut known = ASIDE.lock().unwrap_or_else(PoisonError::into_inner);
    let aside = tempfile::Builder::new()
        .prefix(".casefile-")
        .tempdir_in(parent)?;
    *known = Some(aside.path().to_path_buf());
    Ok(aside)
}

/// Removes what is half-written when the person interrupts, and ends with the usual code.
pub fn clean_up_on_interrupt() {
    // Without a handler the program still ends; only the folder stays.
    let _ = ctrlc::set_handler(|| {
        if let Some(aside) = ASIDE.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // The main thread may still be writing into it: until nothing is left.
            for _ in 0..1000 {
                let gone =
                    std::fs::remove_file(&aside).or_else(|_| std::fs::remove_dir_all(&aside));
                if gone.is_ok() || !aside.exists() {
                    break;
                }
            }
        }
        std::process::exit(130);
    });
}
