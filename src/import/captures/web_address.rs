//! Addresses of pages, without the secrets that platforms put into them.

/// Parameters that open an account or a file to whoever has the address: access tokens, and the
/// signatures of Meta's media servers.
const SECRETS: &[&str] = &["access_token", "_nc_", "?oh=", "&oh=", "?oe=", "&oe="];
/// How often an address may be percent-encoded inside another.
const MOST_ENCODINGS: usize = 3;

/// The address without user names, tokens and signatures. Where a secret is part of the path, only
/// scheme and host are kept.
pub fn without_secrets(address: &str) -> String {
    let address: String = address
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .collect();
    let (address, fragment) = split(&address, '#');
    let (path, query) = split(address, '?');
    let mut kept = without_user(path);
    if has_secret(&kept) {
        return origin(&kept).to_owned();
    }
    let parameters = query
        .split('&')
        .filter(|parameter| !parameter.is_empty() && !is_secret(parameter))
        // An address inside the address may have its own.
        .filter(|parameter| !has_secret(&format!("&{parameter}")));
    for (parameter, separator) in parameters.zip(std::iter::once('?').chain(std::iter::repeat('&')))
    {
        kept.push(separator);
        kept.push_str(parameter);
    }
    if !fragment.is_empty() && !has_secret(&format!("&{fragment}")) {
        kept.push('#');
        kept.push_str(fragment);
    }
    kept
}

/// Tokens, keys and signatures of the platforms and of storage services.
fn is_secret(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or_default();
    let name = name.to_ascii_lowercase();
    let exact = [
        "oh", "oe", "sig", "key", "code", "igsh", "igshid", "fbclid", "expires", "policy",
    ];
    let inside = [
        "token",
        "signature",
        "secret",
        "password",
        "credential",
        "session",
    ];
    exact.contains(&name.as_str())
        || name.starts_with("_nc_")
        || name.starts_with("x-amz-")
        || name.starts_with("x-goog-")
        || inside.iter().any(|word| name.contains(word))
}

fn split(text: &str, at: char) -> (&str, &str) {
    text.split_once(at).unwrap_or((text, ""))
}

/// Whether a text names a secret, at any depth of percent-encoding.
fn has_secret(text: &str) -> bool {
    let mut text = text.to_ascii_lowercase();
    for _ in 0..MOST_ENCODINGS {
        if SECRETS.iter().any(|secret| text.contains(secret)) {
            return true;
        }
        text = decoded(&text).to_ascii_lowercase();
    }
    SECRETS.iter().any(|secret| text.contains(secret))
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `https://user:password@host/path` without user and password.
fn without_user(path: &str) -> String {
    let Some((scheme, rest)) = path.split_once("://") else {
        return path.to_owned();
    };
    let (host, after) = rest
        .split_at_checked(rest.find('/').unwrap_or(rest.len()))
        .unwrap_or((rest, ""));
    let host = host.rsplit('@').next().unwrap_or(host);
    format!("{scheme}://{host}{after}")
}

fn origin(path: &str) -> &str {
    let after_scheme = path.find("://").map_or(0, |at| at + 3);
    let host_end = path.get(after_scheme..).and_then(|rest| rest.find('/'));
    host_end
        .and_then(|at| path.get(..after_scheme + at))
        .unwrap_or_default()
}
