//! Words that mean the same in every export: missing cells, totals, genders, ages, yes and no.

use crate::evidence::Gender;
use unicode_normalization::UnicodeNormalization;

/// Lower case, NFKC, single blanks, straight apostrophes: the form in which words are compared.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        let lower = text.to_ascii_lowercase().replace('`', "'");
        return lower.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let straight = |c| {
        if matches!(c, '\u{2018}' | '\u{2019}' | '`') {
            '\''
        } else {
            c
        }
    };
    let composed: String = text
        .nfkc()
        .map(straight)
        .flat_map(char::to_lowercase)
        .collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a name or text is absent: nothing, or only dashes.
pub(super) fn missing_text(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_whitespace() || matches!(c, '-' | '–' | '—'))
}

/// Whether a number, date or category is absent. Not for names: a campaign may be called `NA`.
pub(super) fn missing_value(text: &str) -> bool {
    // No such word has more than four letters.
    let text = text.trim();
    missing_text(text)
        || text.len() <= 4
            && matches!(
                fold(text).as_str(),
                "n/a" | "na" | "n.a." | "null" | "none" | "nan" | "?" | "??"
            )
}

/// Whether a breakdown cell stands for all its values.
pub(super) fn means_all(text: &str) -> bool {
    matches!(
        fold(text).as_str(),
        "all"
            | "all (default)"
            | "total"
            | "総計"
            | "全部"
            | "すべて"
            | "合計"
            | "전체"
            | "todas"
            | "todos"
            | "tous"
            | "toutes"
            | "alle"
            | "tutti"
            | "tutte"
    )
}

/// Words at the start of a row of totals.
const TOTALS: [&str; 17] = [
    "total",
    "totals",
    "grand total",
    "total result",
    "subtotal",
    "totales",
    "resultados totales",
    "total geral",
    "total général",
    "gesamt",
    "gesamtergebnis",
    "totale",
    "totaal",
    "合計",
    "総計",
    "总计",
    "總計",
];

/// Further words at the end of a table made by hand.
const SUMMARIES: [&str; 10] = [
    "sum", "summary", "average", "mean", "count", "media", "somme", "summe", "합계", "총계",
];

/// Whether a heading says that its column is whom the advertiser asked for.
pub(super) fn says_targeting(text: &str) -> bool {
    let folded = fold(text);
    [
        "target",
        "audience_selection",
        "audience selection",
        "ausrichtung",
        "zielgruppe",
        "ciblage",
        "segmentaci",
        "segmentaç",
    ]
    .iter()
    .any(|word| folded.contains(word))
}

/// Whether a word stands where a log or telephone does not know who it was: many people, not one.
pub(super) fn means_nobody(text: &str) -> bool {
    matches!(
        fold(text).as_str(),
        "unknown"
            | "anonymous"
            | "private"
            | "private number"
            | "withheld"
            | "restricted"
            | "no caller id"
            | "unbekannt"
            | "anonym"
            | "inconnu"
            | "desconocido"
            | "desconhecido"
            | "sconosciuto"
            | "onbekend"
            | "nieznany"
    )
}

/// Whether a name says that its row is a total.
pub(super) fn means_total(text: &str) -> bool {
    let folded = fold(text);
    TOTALS.contains(&folded.trim_end_matches(':').trim_end()) || folded.starts_with("total: ")
}

/// Whether the first cell of a row labels it as a total in a platform's report: `Total`,
/// `Total: Account`, `Total of 12 results`, `Summary`, in the languages that are known.
pub(super) fn labels_total(text: &str) -> bool {
    let folded = fold(text);
    let word = |text: &str| TOTALS.contains(&text.trim_end());
    // `Total of 47 results`, `Results from 2 ads`: a number between words of the platform.
    let counted = |text: &str| {
        let mut words = text.split(' ');
        let number = words.next().unwrap_or_default();
        number.starts_with(|c: char| c.is_ascii_digit()) && words.count() <= 3
    };
    let from = [
        "results from ",
        "resultados de ",
        "ergebnisse aus ",
        "résultats de ",
    ];
    word(&folded)
        || folded == "summary"
        || from
            .iter()
            .any(|start| folded.strip_prefix(start).is_some_and(counted))
        || folded.split_once(':').is_some_and(|(head, _)| word(head))
        || folded.strip_prefix("total of ").is_some_and(counted)
}

/// Whether the first cell of a row in a table made by hand says that the row sums others.
pub(super) fn means_summary(text: &str) -> bool {
    let folded = fold(text);
    means_total(text)
        || SUMMARIES.contains(&folded.trim_end_matches(':').trim_end())
        || folded.starts_with("sum: ")
}

/// Gender as a word of any export language that is known; `None` for another word.
pub(super) fn gender(text: &str) -> Option<Gender> {
    Some(match fold(text).as_str() {
        "male" | "males" | "man" | "men" | "m" | "hombre" | "hombres" | "masculino" | "homem"
        | "homens" | "homme" | "hommes" | "masculin" | "männlich" | "mann" | "männer" | "uomo"
        | "uomini" | "maschio" | "maschile" | "mężczyzna" | "mężczyźni" | "mannen" | "男性"
        | "男" | "남성" | "남자" => Gender::Male,
        "female" | "females" | "woman" | "women" | "f" | "mujer" | "mujeres" | "femenino"
        | "mulher" | "mulheres" | "feminino" | "femme" | "femmes" | "féminin" | "weiblich"
        | "frau" | "frauen" | "donna" | "donne" | "femmina" | "femminile" | "kobieta"
        | "kobiety" | "vrouw" | "vrouwen" | "女性" | "女" | "여성" | "여자" => {
            Gender::Female
        }
        "unknown"
        | "undetermined"
        | "uncategorized"
        | "uncategorised"
        | "not specified"
        | "non catégorisé"
        | "nicht kategorisiert"
        | "sin categoría"
        | "sin categorizar"
        | "sem categoria"
        | "non specificato"
        | "non categorizzato"
        | "non classé"
        | "desconocido"
        | "desconhecido"
        | "inconnu"
        | "unbekannt"
        | "sconosciuto"
        | "nieznane"
        | "nieznana"
        | "onbekend"
        | "不明"
        | "未知"
        | "알 수 없음" => Gender::Unknown,
        _ => return None,
    })
}

/// Age group in one spelling: `18-24`, `65+`, `unknown`.
pub(super) fn age(text: &str) -> String {
    let folded = fold(text)
        .replace(['–', '—', '‒', '‑'], "-")
        .replace(" to ", "-");
    let compact: String = folded.chars().filter(|c| !c.is_whitespace()).collect();
    for suffix in ["andover", "ormore", "andolder", "plus"] {
        if let Some(number) = compact.strip_suffix(suffix)
            && !number.is_empty()
            && number.chars().all(|c| c.is_ascii_digit())
        {
            return format!("{number}+");
        }
    }
    if compact.starts_with(|c: char| c.is_ascii_digit()) {
        return compact;
    }
    if gender(&folded) == Some(Gender::Unknown) {
        "unknown".into()
    } else {
        folded
    }
}

/// Yes or no.
pub(super) fn yes(text: &str) -> Option<bool> {
    match fold(text).as_str() {
        "yes" | "y" | "true" | "1" | "x" => Some(true),
        "no" | "n" | "false" | "0" => Some(false),
        _ => None,
    }
}
