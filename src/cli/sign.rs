//! `casefile sign`: an SSH signature over a bundle, kept in it.

use super::terminal::Terminal;
use super::{attached, read};
use casefile::error::Result;
use casefile::sign;
use std::path::PathBuf;

/// Sign a bundle with an SSH key; a second person countersigns in the same way.
///
/// The signature is over the bundle's root, so over every file but signatures and timestamps, and is
/// kept in the bundle as `signatures/<n>.sig`. The zip becomes another one; the root stays.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  casefile sign my-case-1.0.0.zip --key ~/.ssh/id_ed25519\n  casefile sign my-case-1.0.0.zip --attach tagmanifest-sha256.txt.sig\n\nA key in an agent or on a token signs by itself:\n  ssh-keygen -Y sign -n casefile -f KEY tagmanifest-sha256.txt"
)]
pub struct Sign {
    /// Bundle (zip); it is replaced by the signed one.
    bundle: PathBuf,
    /// Private key in OpenSSH's format.
    #[arg(long, value_name = "FILE", required_unless_present = "attach")]
    key: Option<PathBuf>,
    /// File that holds the key's passphrase.
    #[arg(long, value_name = "FILE", requires = "key")]
    passphrase_file: Option<PathBuf>,
    /// A signature that `ssh-keygen -Y sign -n casefile` made of tagmanifest-sha256.txt.
    #[arg(long, value_name = "FILE", conflicts_with = "key")]
    attach: Option<PathBuf>,
}

impl Sign {
    pub fn run(&self, terminal: &mut Terminal) -> Result<u8> {
        let mut bundle = attached::sound(&self.bundle, terminal)?;
        let armoured = match (&self.key, &self.attach) {
            (Some(key), _) => {
                let passphrase = self.passphrase_file.as_deref().map(read).transpose()?;
                let passphrase = passphrase.as_deref().map(without_newline);
                sign::sign(&read(key)?, passphrase, sign::message(&bundle.files)?)?
            }
            (None, Some(file)) => String::from_utf8_lossy(&read(file)?).into_owned(),
            (None, None) => String::new(),
        };
        let (path, key) = sign::attach(&mut bundle.files, &armoured)?;
        attached::replace(&self.bundle, &bundle.files, terminal)?;
        terminal.line(&format!("{path}  {key}"));
        terminal.say(&format!(
            "signed: the root {}, which stands for every file of the bundle but those under signatures/ and timestamps/",
            bundle.root
        ));
        terminal.say("not signed: signatures and timestamps, and the zip around the files");
        terminal.say(&format!("anybody who has your public key can check it, in the unpacked folder, where the first command ties the files to what is signed:\n  sha256sum -c tagmanifest-sha256.txt SHA256SUMS\n  ssh-keygen -Y verify -f allowed_signers -I PRINCIPAL -n casefile -s {path} < tagmanifest-sha256.txt"));
        Ok(0)
    }
}

fn without_newline(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| !b"\r\n".contains(byte));
    bytes.get(..end.map_or(0, |end| end + 1)).unwrap_or(bytes)
}
