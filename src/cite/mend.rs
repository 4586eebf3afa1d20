//! What hayagriva takes otherwise than its author meant.

use hayagriva::Entry;
use hayagriva::types::Person;

/// Commands that only set type: their argument is what they mean. Others are printed as written.
const TYPE: [&str; 12] = [
    "emph",
    "textit",
    "textbf",
    "textsc",
    "texttt",
    "textrm",
    "textsf",
    "textup",
    "enquote",
    "mkbibquote",
    "mkbibemph",
    "url",
];

/// Text without the commands that only set type.
pub fn bare(text: &str) -> String {
    let mut out = text.to_owned();
    for command in TYPE {
        let head = format!("\\{command}{{");
        while let Some(at) = out.find(&head) {
            let Some(end) = out[at..].find('}').map(|end| at + end) else {
                break;
            };
            out.replace_range(end..=end, "");
            out.replace_range(at..at + head.len(), "");
        }
    }
    out
}

/// "van der Berg" as one name: hayagriva would print "Berg, J. van der".
pub fn whole_names(work: &mut Entry) {
    let whole = |people: &[Person]| -> Vec<Person> {
        let mut people = people.to_vec();
        for person in &mut people {
            if let Some(prefix) = person.prefix.take() {
                person.name = format!("{prefix} {}", person.name);
            }
        }
        people
    };
    if let Some(authors) = work.authors().map(whole) {
        work.set_authors(authors);
    }
    if let Some(editors) = work.editors().map(whole) {
        work.set_editors(editors);
    }
    let mut parents = work.parents().to_vec();
    parents.iter_mut().for_each(whole_names);
    work.set_parents(parents);
}
