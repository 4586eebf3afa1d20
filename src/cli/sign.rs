//! `casefile sign`: an SSH signature over a bundle, kept in it.

use super::terminal::Terminal;
use super::{files, name_of, read};
use casefile::error::{Problem, Result};
use casefile::{again, bundle, sign, verify};
use std::path::{Path, PathBuf};

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
        let zip = read(&self.bundle)?;
        let name = name_of(&self.bundle)?;
        let verification = verify::zip(&name, &zip);
        let whole = verification.passed().then(|| again::unpack(&zip)).flatten();
        let Some(mut contents) = whole else {
            terminal.line(&verification.to_string());
            return Err(Problem::new(
                "not-a-bundle",
                name,
                "this does not verify, and what does not verify is not signed",
            )
            .hint("build the bundle again, or ask for it again")
            .into());
        };
        let armoured = match (&self.key, &self.attach) {
            (Some(key), _) => {
                let passphrase = self.passphrase_file.as_deref().map(read).transpose()?;
                let passphrase = passphrase.as_deref().map(without_newline);
                sign::sign(&read(key)?, passphrase, sign::message(&contents)?)?
            }
            (None, Some(file)) => String::from_utf8_lossy(&read(file)?).into_owned(),
            (None, None) => String::new(),
        };
        let (path, key) = sign::attach(&mut contents, &armoured)?;
        let signed = bundle::pack(&name, &contents)?;
        files::write(&self.bundle, &signed)?;
        renew_seal(&self.bundle, &name, &signed)?;
        terminal.line(&format!("{path}  {key}"));
        if let Some(root) = verification.root {
            terminal.say(&format!(
                "signed: the root {root}, which stands for every file of the bundle"
            ));
        }
        terminal.say("not signed: signatures and timestamps, and the zip around the files");
        terminal.say(&format!("anybody who has your public key can check it, in the unpacked folder:\n  ssh-keygen -Y verify -f allowed_signers -I PRINCIPAL -n casefile -s {path} < tagmanifest-sha256.txt"));
        Ok(0)
    }
}

fn without_newline(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| !b"\r\n".contains(byte));
    bytes.get(..end.map_or(0, |end| end + 1)).unwrap_or(bytes)
}

/// The digest beside the bundle, where there is one, is that of the bundle as it is now.
fn renew_seal(path: &Path, name: &str, zip: &[u8]) -> Result<()> {
    let mut seal = path.as_os_str().to_owned();
    seal.push(".sha256");
    let seal = PathBuf::from(seal);
    if seal.exists() {
        let line = format!("{}  {name}\n", casefile::digest::Sha256::of(zip));
        files::write(&seal, line.as_bytes())?;
    }
    Ok(())
}
