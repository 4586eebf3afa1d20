//! Whose signatures count: OpenSSH's allowed_signers file (ssh-keygen(1), ALLOWED SIGNERS).

use crate::bundle::format::SIGNATURE_NAMESPACE as NAMESPACE;
use ssh_key::public::KeyData;
use ssh_key::{Algorithm, PublicKey};

/// The people whose signatures count: an allowed_signers file of OpenSSH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signers {
    entries: Vec<Entry>,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    /// One-based line in the file.
    line: usize,
    /// As written, without the quotes.
    principals: String,
    options: Options,
    key: KeyData,
}

/// The options of one line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Options {
    /// Pattern list of the namespaces the key may sign for; all when absent.
    namespaces: Option<String>,
    cert_authority: bool,
    /// Times as written. They are kept to tell why the entry does not count.
    valid_after: Option<String>,
    valid_before: Option<String>,
}

impl Signers {
    /// Reads an allowed_signers file.
    ///
    /// Each line holds principals, options where there are any, a key type, a base64 key and a
    /// comment, as described in ssh-keygen(1). Empty lines and lines that start with `#` are
    /// skipped.
    ///
    /// Entries with `cert-authority`, `valid-after` or `valid-before` are read and never match:
    /// certificates are not read here, and the same files must give the same verdict on every day,
    /// so there is no clock.
    ///
    /// # Errors
    ///
    /// One message for every line that cannot be read, each starting with `line N: `. ssh-keygen
    /// skips such lines; here a misspelt signer must not silently become an untrusted one.
    pub fn parse(text: &str) -> Result<Signers, Vec<String>> {
        let mut entries = Vec::new();
        let mut wrong = Vec::new();
        // A file saved by an editor on Windows may start with a byte order mark.
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        for (index, line) in text.lines().enumerate() {
            let line_number = index + 1;
            let line = line.trim_matches([' ', '\t', '\r']);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match entry(line_number, line) {
                Ok(entry) => entries.push(entry),
                Err(reason) => wrong.push(format!("line {line_number}: {reason}")),
            }
        }
        if wrong.is_empty() {
            Ok(Signers { entries })
        } else {
            Err(wrong)
        }
    }

    /// The principals of the first entry that vouches for the key, or why there is none.
    pub(super) fn find(&self, key: &KeyData) -> Result<&str, String> {
        let mut reasons = Vec::new();
        for entry in self.entries.iter().filter(|entry| &entry.key == key) {
            match entry.refusal() {
                None => return Ok(&entry.principals),
                Some(reason) => reasons.push(format!("line {} {reason}", entry.line)),
            }
        }
        if !reasons.is_empty() {
            return Err(reasons.join("; "));
        }
        Err(match self.entries.len() {
            0 => "the list of allowed signers is empty".to_owned(),
            1 => "the only allowed signer has another key".to_owned(),
            count => format!("none of the {count} allowed signers has this key"),
        })
    }
}

impl Entry {
    /// Why the entry does not vouch for its key, or nothing if it does.
    fn refusal(&self) -> Option<String> {
        let options = &self.options;
        if options.cert_authority {
            return Some(
                "has the key as a certificate authority, and certificates are not read".to_owned(),
            );
        }
        for (name, value) in [
            ("valid-after", &options.valid_after),
            ("valid-before", &options.valid_before),
        ] {
            if let Some(value) = value {
                return Some(format!(
                    "has the key with {name}=\"{value}\", and no clock is read here"
                ));
            }
        }
        if let Some(namespaces) = &options.namespaces
            && !matches_list(NAMESPACE, namespaces)
        {
            return Some(format!(
                "allows the key for the namespaces \"{namespaces}\", not for {NAMESPACE}"
            ));
        }
        // A list of exclusions alone names nobody (ssh_config(5), PATTERNS).
        if self.principals.split(',').all(|p| p.starts_with('!')) {
            return Some("names no principal, only exclusions".to_owned());
        }
        None
    }
}

/// Reads one line that is neither empty nor a comment.
fn entry(line: usize, text: &str) -> Result<Entry, String> {
    // ssh-keygen ends a line at a NUL; nobody can see what the others do.
    if text.chars().any(|c| c.is_control() && c != '\t') {
        return Err("holds a control character".to_owned());
    }
    let (principals, rest) = match text.strip_prefix('"') {
        Some(quoted) => quoted
            .split_once('"')
            .ok_or("the quote around the principals is not closed")?,
        None => text.split_once([' ', '\t']).ok_or("the key is missing")?,
    };
    for principal in principals.split(',') {
        if principal.trim_start_matches('!').is_empty() {
            return Err(format!("empty principal in `{principals}`"));
        }
    }
    let rest = rest.trim_start_matches([' ', '\t']);
    if rest.is_empty() {
        return Err("the key is missing".to_owned());
    }
    // As ssh-keygen does: what does not begin with a key type is taken as options.
    let first = rest.split([' ', '\t']).next().unwrap_or_default();
    let (options, key) = if is_key_type(first) {
        (Options::default(), rest)
    } else {
        let end = end_of_options(rest)?;
        let (options, key) = rest.split_at(end);
        (parse_options(options)?, key)
    };
    Ok(Entry {
        line,
        principals: principals.to_owned(),
        options,
        key: parse_key(key)?,
    })
}

/// Whether this is the name of a key type. Names with an `@` that are not built in stand for
/// certificates and for types that nobody here could check.
fn is_key_type(word: &str) -> bool {
    matches!(Algorithm::new(word), Ok(algorithm) if !matches!(algorithm, Algorithm::Other(_)))
}

/// Reads the key type and the base64 key. The comment that may follow is not kept.
fn parse_key(text: &str) -> Result<KeyData, String> {
    let mut words = text.split([' ', '\t']).filter(|word| !word.is_empty());
    let kind = words.next().ok_or("the key is missing")?;
    if !is_key_type(kind) {
        return Err(format!("unknown key type `{kind}`"));
    }
    let data = words
        .next()
        .ok_or("the base64 text of the key is missing")?;
    match PublicKey::from_openssh(&format!("{kind} {data}")) {
        Ok(key) => Ok(key.key_data().clone()),
        Err(error) => Err(format!("the key cannot be read: {error}")),
    }
}

/// Where the options end: at the first white space outside quotes (sshkey_advance_past_options in
/// OpenSSH's sshkey.c).
fn end_of_options(text: &str) -> Result<usize, String> {
    let mut quoted = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' if !escaped => quoted = !quoted,
            b' ' | b'\t' if !quoted => return Ok(at),
            _ => {}
        }
        escaped = byte == b'\\';
    }
    if quoted {
        Err("a quote in the options is not closed".to_owned())
    } else {
        Ok(text.len())
    }
}

/// Reads the options of an entry (sshsigopt_parse in OpenSSH's sshsig.c): names regardless of
/// case, values in quotes, each at most once.
fn parse_options(text: &str) -> Result<Options, String> {
    let mut options = Options::default();
    let mut rest = text;
    loop {
        let end = rest.find(['=', ',']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let lower = name.to_ascii_lowercase();
        let after = match lower.as_str() {
            "cert-authority" => {
                options.cert_authority = true;
                after
            }
            "namespaces" | "valid-after" | "valid-before" => {
                let (value, after) = quoted_value(name, after)?;
                let place = match lower.as_str() {
                    "namespaces" => &mut options.namespaces,
                    "valid-after" => &mut options.valid_after,
                    _ => &mut options.valid_before,
                };
                if place.is_some() {
                    return Err(format!("option `{name}` is given twice"));
                }
                if lower != "namespaces" && !is_time(&value) {
                    return Err(format!(
                        "option `{name}` has no time of the form YYYYMMDD[HHMM[SS]][Z]: `{value}`"
                    ));
                }
                *place = Some(value);
                after
            }
            _ => return Err(format!("neither a key type nor an option: `{name}`")),
        };
        if after.is_empty() {
            return Ok(options);
        }
        rest = after
            .strip_prefix(',')
            .ok_or_else(|| format!("unexpected text after option `{name}`: `{after}`"))?;
    }
}

/// The value of an option and what follows it. A `\"` stands for a quote inside the value.
fn quoted_value<'t>(name: &str, text: &'t str) -> Result<(String, &'t str), String> {
    let inner = text
        .strip_prefix("=\"")
        .ok_or_else(|| format!("option `{name}` needs a value in double quotes"))?;
    let mut value = String::new();
    let mut chars = inner.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((value, &inner[at + 1..])),
            '\\' if matches!(chars.peek(), Some((_, '"'))) => {
                value.push('"');
                chars.next();
            }
            _ => value.push(c),
        }
    }
    Err(format!("the quote of option `{name}` is not closed"))
}

/// Whether a time has the form of ssh-keygen(1), ALLOWED SIGNERS.
fn is_time(text: &str) -> bool {
    let digits = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    matches!(digits.len(), 8 | 12 | 14) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a comma-separated list of patterns covers the text: one pattern fits, and none of those
/// with a `!` does (match_pattern_list in OpenSSH's match.c).
fn matches_list(text: &str, patterns: &str) -> bool {
    let mut found = false;
    for pattern in patterns.split(',') {
        match pattern.strip_prefix('!') {
            Some(excluded) if matches_pattern(text, excluded) => return false,
            Some(_) => {}
            None => found |= matches_pattern(text, pattern),
        }
    }
    found
}

/// Whether the pattern covers the whole text: `*` stands for any bytes, `?` for one.
///
/// Goes back to the last star only, so that the time taken is at most the product of the lengths.
fn matches_pattern(text: &str, pattern: &str) -> bool {
    let (text, pattern) = (text.as_bytes(), pattern.as_bytes());
    let (mut at, mut in_pattern) = (0, 0);
    let mut star = None;
    while at < text.len() {
        match pattern.get(in_pattern) {
            Some(b'*') => {
                star = Some((in_pattern, at));
                in_pattern += 1;
            }
            Some(&byte) if byte == b'?' || byte == text[at] => {
                at += 1;
                in_pattern += 1;
            }
            _ => match star {
                Some((star_in_pattern, star_at)) => {
                    star = Some((star_in_pattern, star_at + 1));
                    in_pattern = star_in_pattern + 1;
                    at = star_at + 1;
                }
                None => return false,
            },
        }
    }
    pattern[in_pattern..].iter().all(|&byte| byte == b'*')
}
