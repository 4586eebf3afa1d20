//! XMP (ISO 16684-1) as a file beside the PDF.
//!
//! Typst 0.15 writes the XMP inside the PDF from its document metadata: `dc:title`, `dc:creator`,
//! `dc:description`, `dc:language`, `pdf:Keywords`, dates, `xmp:CreatorTool`, and a document id that
//! is a hash of our own. It takes neither rights nor identifiers, and a PDF that was sealed as
//! PDF/A is not to be patched: what it lacks stands here.

use super::Record;
use super::work::Work;

/// The record as an XMP packet without wrapper padding: the file is not edited in place.
pub fn xmp(record: &Record) -> String {
    let work = Work::new(record, None);
    let record = &work.record;
    let language = escaped(&record.language);
    let mut body = String::new();
    let alternative = |name: &str, text: &str| {
        format!(
            "   <{name}><rdf:Alt><rdf:li xml:lang=\"x-default\">{}</rdf:li></rdf:Alt></{name}>\n",
            escaped(text)
        )
    };
    let list = |name: &str, kind: &str, items: &[String]| {
        let items: String = items
            .iter()
            .map(|item| format!("<rdf:li>{}</rdf:li>", escaped(item)))
            .collect();
        format!("   <{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>\n")
    };
    body.push_str(&alternative("dc:title", &work.whole_title()));
    let authors: Vec<String> = work
        .responsible()
        .iter()
        .map(|author| author.display())
        .collect();
    if !authors.is_empty() {
        body.push_str(&list("dc:creator", "Seq", &authors));
    }
    if let Some(text) = &record.abstract_ {
        body.push_str(&alternative("dc:description", text));
    }
    if let Some(publisher) = &record.publisher {
        body.push_str(&list(
            "dc:publisher",
            "Bag",
            std::slice::from_ref(publisher),
        ));
    }
    if !record.keywords.is_empty() {
        body.push_str(&list("dc:subject", "Bag", &record.keywords));
    }
    body.push_str(&list("dc:date", "Seq", &[record.date.to_string()]));
    body.push_str(&format!(
        "   <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>\n"
    ));
    if let Some(license) = &record.license {
        body.push_str(&alternative("dc:rights", license));
    }
    if let Some(digest) = record.digest {
        body.push_str(&format!(
            "   <dc:identifier>sha256:{digest}</dc:identifier>\n"
        ));
    }
    if let Some(doi) = &record.doi {
        body.push_str(&format!("   <prism:doi>{}</prism:doi>\n", escaped(doi)));
    }
    if let Some(url) = &record.url {
        body.push_str(&format!("   <prism:url>{}</prism:url>\n", escaped(url)));
    }
    body.push_str(&format!(
        "   <prism:versionIdentifier>{}</prism:versionIdentifier>\n",
        escaped(&record.version)
    ));
    body.push_str(&format!(
        "   <xmp:CreatorTool>{} {}</xmp:CreatorTool>\n",
        escaped(&record.program.name),
        escaped(&record.program.version)
    ));
    format!(
        "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n  <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:prism=\"http://prismstandard.org/namespaces/basic/2.0/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">\n{body}  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>\n"
    )
}

/// XML text: tidy lines hold no character that XML 1.0 forbids.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
