//! The command line: clap structs, one thin file a command. Data go to stdout, all else to stderr.

mod add;
mod attached;
mod build;
mod check;
mod cite;
mod coding;
mod diff;
mod files;
mod help;
mod inspect;
mod new;
mod plan;
mod progress;
mod said;
mod show;
mod sign;
mod terminal;
mod timestamp;
mod verify;

use casefile::case::Case;
use casefile::error::{Error, Problem, Result};
use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use terminal::Terminal;

/// From raw exports of an ad-delivery test to a sealed, verifiable report.
#[derive(Debug, Parser)]
#[command(
    name = "casefile",
    version,
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 done, verified or the same; 1 found wanting (an assertion or a check failed) or different; 2 could not.\n\nExamples:\n  casefile new my-case exports/*.csv messages.xlsx\n  casefile build my-case\n  casefile verify my-case-1.0.0.zip\n\nMore: `casefile help language`, `help statistics`, `help formats`, `help case`, `help codes`."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(new::New),
    Add(add::Add),
    Inspect(inspect::Inspect),
    Check(check::Check),
    Coding(coding::Coding),
    Build(build::Build),
    Cite(cite::Cite),
    Show(show::Show),
    Sign(sign::Sign),
    Timestamp(timestamp::Timestamp),
    Verify(verify::Verify),
    Diff(diff::Diff),
    Plan(plan::Plan),
    Help(help::Help),
}

/// Runs the program on its arguments.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // A closed pipe while help is printed is no failure of ours.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let mut terminal = Terminal::new();
    files::clean_up_on_interrupt();
    let outcome = match &cli.command {
        Command::New(command) => command.run(&mut terminal),
        Command::Add(command) => command.run(&mut terminal),
        Command::Inspect(command) => command.run(&mut terminal),
        Command::Check(command) => command.run(&mut terminal),
        Command::Coding(command) => command.run(&mut terminal),
        Command::Build(command) => command.run(&mut terminal),
        Command::Cite(command) => command.run(&mut terminal),
        Command::Show(command) => command.run(&mut terminal),
        Command::Sign(command) => command.run(&mut terminal),
        Command::Timestamp(command) => command.run(&mut terminal),
        Command::Verify(command) => command.run(&mut terminal),
        Command::Diff(command) => command.run(&mut terminal),
        Command::Plan(command) => command.run(&mut terminal),
        Command::Help(command) => command.run(&mut terminal),
    };
    match outcome {
        Ok(code) => terminal.finish(code),
        Err(error) => {
            terminal.problems(&error);
            terminal.finish(error.exit_code())
        }
    }
}

/// Reads the case in `folder`; where it has problems, reports them with those of the data and prose.
fn load_whole(folder: &Path) -> Result<Case> {
    let (case, mut problems) = casefile::case::open(folder)?;
    if problems.is_empty() {
        return Ok(case);
    }
    if let Err(error) = casefile::prepare(&case) {
        error
            .problems
            .into_iter()
            .for_each(|problem| problems.push(problem));
    }
    Err(problems.into_error())
}

/// Reads the case in `folder`.
fn load(folder: &Path) -> Result<Case> {
    casefile::case::load(folder)
}

/// Names the files of the evidence folder that no entry covers; reports only count them.
fn tell_undeclared(terminal: &mut Terminal, case: &Case) {
    for file in &case.undeclared {
        terminal.say(&format!(
            "note: {} is not declared in case.toml and is not read",
            terminal::safe(file)
        ));
    }
}

/// Lines of all evidence files: about as many rows as there will be to read.
fn lines(case: &Case) -> u64 {
    case.sources
        .iter()
        .map(|source| source.bytes.iter().filter(|byte| **byte == b'\n').count() as u64)
        .sum()
}

/// Reads a file named on the command line.
fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Problem::new(
        "unreadable",
        path.display().to_string(),
        format!("cannot be read: {error}"),
    )
    .hint("check the name and the permissions")
    .into()
}

/// A file's name as text.
fn name_of(path: &Path) -> Result<String> {
    path.file_name()
        .and_then(|name| name.to_str())
        .map(str::to_owned)
        .ok_or_else(|| {
            Problem::new(
                "file-name",
                path.display().to_string(),
                "this file name is not UTF-8 text",
            )
            .hint("rename the file")
            .into()
        })
}

/// Files named on the command line; a folder stands for the files in it, hidden ones left out.
fn expand(paths: &[PathBuf]) -> Result<Vec<(PathBuf, Option<String>)>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let folder = name_of(
                &path
                    .canonicalize()
                    .map_err(|error| unreadable(path, &error))?,
            )?;
            let mut inside = Vec::new();
            for entry in std::fs::read_dir(path).map_err(|error| unreadable(path, &error))? {
                let entry = entry.map_err(|error| unreadable(path, &error))?;
                let hidden = entry.file_name().to_string_lossy().starts_with('.');
                if entry.path().is_file() && !hidden {
                    inside.push(entry.path());
                }
            }
            inside.sort();
            if inside.is_empty() {
                return Err(Problem::new(
                    "empty-folder",
                    path.display().to_string(),
                    "this folder holds no files",
                )
                .hint("name the files")
                .into());
            }
            files.extend(inside.into_iter().map(|file| (file, Some(folder.clone()))));
        } else {
            files.push((path.clone(), None));
        }
    }
    Ok(files)
}
