//! `casefile timestamp`: asks an authority when the bundle existed, and keeps its answer in it.

use super::terminal::{Terminal, safe};
use super::{attached, files, read};
use casefile::bundle::format::Manifest;
use casefile::error::Result;
use casefile::sign;
use casefile::verify::timestamp::{self, Stamped};
use std::path::PathBuf;

/// Have a bundle timestamped by an RFC 3161 authority: proof that it existed at a time.
///
/// Two steps, because casefile opens no socket: write the request, send it, attach the reply. The
/// authority learns one digest, the bundle's root, and nothing of its contents.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  casefile timestamp request my-case-1.0.0.zip\n  curl -sS -H 'Content-Type: application/timestamp-query' --data-binary @my-case-1.0.0.tsq \\\n    https://AUTHORITY -o my-case-1.0.0.tsr\n  casefile timestamp attach my-case-1.0.0.zip my-case-1.0.0.tsr --request my-case-1.0.0.tsq"
)]
pub struct Timestamp {
    #[command(subcommand)]
    step: Step,
}

#[derive(Debug, clap::Subcommand)]
enum Step {
    Request(Request),
    Attach(Attach),
}

/// Write the request that is sent to the authority.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  casefile timestamp request my-case-1.0.0.zip")]
struct Request {
    /// Bundle (zip).
    bundle: PathBuf,
    /// File for the request; else beside the bundle, with the ending `.tsq`.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Put the authority's reply into the bundle.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  casefile timestamp attach my-case-1.0.0.zip my-case-1.0.0.tsr --request my-case-1.0.0.tsq"
)]
struct Attach {
    /// Bundle (zip); it is replaced by the timestamped one.
    bundle: PathBuf,
    /// The authority's reply, as it was sent.
    reply: PathBuf,
    /// The request, to be compared with the reply and kept beside it.
    #[arg(long, value_name = "FILE.tsq")]
    request: Option<PathBuf>,
    /// Certificates between the authority and its root (PEM), to be kept beside the reply.
    #[arg(long, value_name = "FILE.pem")]
    chain: Option<PathBuf>,
}

impl Timestamp {
    pub fn run(&self, terminal: &mut Terminal) -> Result<u8> {
        match &self.step {
            Step::Request(step) => step.run(terminal),
            Step::Attach(step) => step.run(terminal),
        }
    }
}

impl Request {
    fn run(&self, terminal: &mut Terminal) -> Result<u8> {
        let bundle = attached::sound(&self.bundle, terminal)?;
        let out = match &self.out {
            Some(out) => out.clone(),
            None => self.bundle.with_extension("tsq"),
        };
        files::write(&out, &sign::request(sign::message(&bundle.files)?))?;
        terminal.line(&safe(&out.display().to_string()));
        terminal.say(&format!(
            "asks when the root {} existed; the authority learns this digest and nothing else",
            bundle.root
        ));
        let (name, out) = (attached::shown(&self.bundle), attached::shown(&out));
        terminal.say(&format!("send it to an RFC 3161 authority and attach the reply:\n  curl -sS -H 'Content-Type: application/timestamp-query' --data-binary @{out} https://AUTHORITY -o REPLY.tsr\n  casefile timestamp attach {name} REPLY.tsr --request {out}"));
        Ok(0)
    }
}

impl Attach {
    fn run(&self, terminal: &mut Terminal) -> Result<u8> {
        let mut bundle = attached::sound(&self.bundle, terminal)?;
        let reply = read(&self.reply)?;
        let request = self.request.as_deref().map(read).transpose()?;
        let chain = self.chain.as_deref().map(read).transpose()?;
        let (path, stamped) = sign::attach_timestamp(
            &mut bundle.files,
            &reply,
            request.as_deref(),
            chain.as_deref(),
        )?;
        attached::replace(&self.bundle, &bundle.files, terminal)?;
        terminal.line(&format!("{path}  {}", stamped.time().unwrap_or_default()));
        let unchecked = match &stamped {
            Stamped::ImprintOnly { reason, .. } if reason != timestamp::NOBODY_ASKED => {
                Some(reason)
            }
            _ => None,
        };
        if let Some(reason) = unchecked {
            terminal.say(&format!(
                "kept, NOT checked: {reason}; where the reply lacks certificates, ask the authority for them and attach it with `--chain`"
            ));
        }
        terminal.say(&format!(
            "made out to: the root {}, which stands for every file of the bundle but those under signatures/ and timestamps/",
            bundle.root
        ));
        terminal.say("not timestamped: signatures and timestamps, and the zip around the files");
        if unchecked.is_none() {
            terminal.say("not checked: whether the authority is one to believe; `casefile verify --authorities` does, with its root certificate from elsewhere");
        }
        let arguments = arguments(&path, chain.is_some());
        terminal.say(&format!("whoever has the root certificate from the authority itself checks it in the unpacked folder, where the first command ties the files to what is stamped:\n  sha256sum -c tagmanifest-sha256.txt SHA256SUMS\n  openssl ts -verify {arguments}"));
        if let Some(seconds) = stamped
            .time()
            .and_then(|time| time.split(' ').next()?.parse::<jiff::Timestamp>().ok())
        {
            let seconds = seconds.as_second();
            terminal.say(&format!("once the certificates have expired, as of the stated time:\n  openssl ts -verify -attime {seconds} {arguments}"));
        }
        Ok(0)
    }
}

/// What `openssl ts -verify` needs to know.
fn arguments(path: &str, chain: bool) -> String {
    let stem = path.strip_suffix(".tsr").unwrap_or(path);
    let untrusted = match chain {
        true => format!(" -untrusted {stem}.pem"),
        false => String::new(),
    };
    let data = Manifest::Tags.file();
    format!("-in {path} -data {data} -CAfile authority.pem{untrusted}")
}
