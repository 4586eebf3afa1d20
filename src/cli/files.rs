//! Writing files: aside, then renamed, so that a crash or a full disk leaves nothing half-written.

use casefile::error::{Error, Problem, Result};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

fn not_written(path: &Path, error: &std::io::Error) -> Error {
    Problem::new(
        "not-written",
        path.display().to_string(),
        format!("cannot be written: {error}"),
    )
    .hint("free some space, check the permissions, or choose another place; nothing was changed")
    .into()
}

/// Writes one file.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let attempt = || -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut file = temporary(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    attempt().map_err(|error| not_written(path, &error))
}

/// A temporary file in the folder where it will stay, readable as any new file is.
fn temporary(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".casefile-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o644));
    }
    builder.tempfile_in(folder)
}

/// Writes a whole folder at once: it appears complete, replacing an older one, or not at all.
pub fn write_folder(folder: &Path, files: &BTreeMap<String, &[u8]>) -> Result<()> {
    let parent = folder
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let attempt = || -> std::io::Result<()> {
        std::fs::create_dir_all(parent)?;
        let aside = tempfile::Builder::new()
            .prefix(".casefile-")
            .tempdir_in(parent)?;
        let fresh = aside.path().join("new");
        for (path, bytes) in files {
            let target = fresh.join(path);
            if let Some(inside) = target.parent() {
                std::fs::create_dir_all(inside)?;
            }
            let mut file = std::fs::File::create(&target)?;
            file.write_all(bytes)?;
        }
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
        Ok(())
    };
    attempt().map_err(|error| not_written(folder, &error))
}
