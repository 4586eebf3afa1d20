//! Progress on stderr, only where it is a terminal and only once a step takes a second.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// A bar over the rows of a job, with rate and time left.
pub struct Progress {
    bar: ProgressBar,
    started: Instant,
    shown: bool,
}

/// Jobs shorter than this stay silent.
const PATIENCE: Duration = Duration::from_secs(1);

impl Progress {
    /// A bar of `total` steps in `unit`.
    #[allow(
        clippy::disallowed_methods,
        reason = "the display of progress is the one place that may look at a clock"
    )]
    pub fn new(total: u64, unit: &str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
        let template = format!(
            "{{msg}} {{bar:30}} {{human_pos}}/{{human_len}} {unit} {{per_sec}} {{eta}} left"
        );
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        Progress {
            bar,
            started: Instant::now(),
            shown: false,
        }
    }

    /// `amount` more is done; `what` is in hand.
    pub fn step(&mut self, amount: u64, what: &str) {
        if !self.shown && self.started.elapsed() >= PATIENCE && std::io::stderr().is_terminal() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.shown = true;
        }
        self.bar.set_message(what.to_owned());
        self.bar.inc(amount);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
