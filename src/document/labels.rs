//! The words of the frame, in English.

use super::Labels;

pub fn english() -> Labels {
    Labels {
        contents: "Contents".into(),
        finding: "Finding".into(),
        figure: "Figure".into(),
        table: "Table".into(),
        how_we_know: "How we know".into(),
        does_not_say: "What it does not say".into(),
        design: "What the design carries".into(),
        caution: "Wording".into(),
        robustness: "Robustness".into(),
        no_value: "no value".into(),
        not_named: "not named in the picture".into(),
        assertions: "Assertions that this finding must pass".into(),
        cite: "Cite".into(),
        source: "Source".into(),
        data_table: "The numbers of this figure".into(),
        data_tables: "The numbers of the figures".into(),
        provenance: "Where these numbers come from".into(),
        provenance_intro: "Each number in this report is computed from the files listed here, or is a declared fact with its source.".into(),
        exhibit: "Exhibit".into(),
        file: "File".into(),
        rows: "Rows".into(),
        query: "Selection".into(),
        method: "Method".into(),
        withheld: "withheld from this edition".into(),
        digest: "Digest".into(),
        version: "Version".into(),
        published: "Published".into(),
        page: "Page".into(),
        of: "of".into(),
        rows_left_out: "rows more in the CSV file".into(),
        missing: "no data".into(),
        skip_to_content: "Skip to content".into(),
        holds: "holds".into(),
        fails: "fails".into(),
    }
}
