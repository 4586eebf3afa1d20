//! Headings of Meta Ads Manager exports in the languages of its interface.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// casefile's column -> headings, folded, without the currency. A heading means the same in every
/// language that has it.
const HEADINGS: &[(&str, &[&str])] = &[
    (
        "period_start",
        &[
            "reporting starts",
            "レポート開始日",
            "报告开始日期",
            "分析報告開始",
            "보고 시작",
            "inicio del informe",
            "início dos relatórios",
            "berichtsstart",
            "début des rapports",
        ],
    ),
    (
        "period_end",
        &[
            "reporting ends",
            "término dos relatórios",
            "encerramento dos relatórios",
            "fin des rapports",
            "berichtsende",
            "fin del informe",
            "レポート終了日",
            "报告结束日期",
            "分析報告結束",
            "보고 종료",
        ],
    ),
    (
        "day",
        &["day", "日", "日期", "일", "día", "dia", "tag", "jour"],
    ),
    (
        "account",
        &[
            "account name",
            "nombre de la cuenta",
            "nome da conta",
            "kontoname",
            "nom du compte",
        ],
    ),
    (
        "campaign",
        &[
            "campaign name",
            "キャンペーン名",
            "广告系列名称",
            "行銷活動名稱",
            "캠페인 이름",
            "nombre de la campaña",
            "nome da campanha",
            "name der kampagne",
            "kampagnenname",
            "nom de la campagne",
            "nome della campagna",
        ],
    ),
    (
        "ad_set",
        &[
            "ad set name",
            "広告セット名",
            "广告组名称",
            "廣告組合名稱",
            "광고 세트 이름",
            "nombre del conjunto de anuncios",
            "nome do conjunto de anúncios",
            "name der anzeigengruppe",
            "nom de l'ensemble de publicités",
            "nome del gruppo di inserzioni",
        ],
    ),
    (
        "ad",
        &[
            "ad name",
            "広告名",
            "广告名称",
            "廣告名稱",
            "광고 이름",
            "nombre del anuncio",
            "nome do anúncio",
            "name der anzeige",
            "anzeigenname",
            "nom de la publicité",
            "nome dell'inserzione",
            "nome inserzione",
        ],
    ),
    (
        "impressions",
        &[
            "impressions",
            "インプレッション",
            "展示次数",
            "曝光次數",
            "노출",
            "impresiones",
            "impressões",
            "impressionen",
            "impression",
        ],
    ),
    (
        "reach",
        &[
            "reach",
            "リーチ",
            "覆盖人数",
            "觸及人數",
            "도달",
            "alcance",
            "couverture",
            "portée",
            "reichweite",
            "copertura",
        ],
    ),
    (
        "spend",
        &[
            "amount spent",
            "消化金額",
            "已花费金额",
            "花費金額",
            "지출 금액",
            "importe gastado",
            "valor usado",
            "valor gasto",
            "montant dépensé",
            "ausgegebener betrag",
            "importo speso",
        ],
    ),
    (
        "results",
        &[
            "results",
            "結果",
            "成效",
            "成果",
            "결과",
            "resultados",
            "ergebnisse",
            "résultats",
            "risultati",
        ],
    ),
    (
        "age",
        &[
            "age", "年齢", "年龄", "年齡", "연령", "edad", "idade", "âge", "alter", "età",
        ],
    ),
    (
        "gender",
        &[
            "gender",
            "性別",
            "性别",
            "성별",
            "género",
            "sexo",
            "gênero",
            "sexe",
            "genre",
            "sesso",
            "geschlecht",
            "genere",
        ],
    ),
    (
        "region",
        &[
            "region",
            "dma region",
            "地域",
            "地区",
            "區域",
            "지역",
            "región",
            "região",
            "région",
            "regione",
        ],
    ),
    (
        "country",
        &[
            "country", "国", "国家", "國家", "국가", "país", "pays", "land", "paese",
        ],
    ),
    (
        "placement",
        &[
            "placement",
            "配置",
            "版位",
            "노출 위치",
            "ubicación",
            "posicionamento",
            "platzierung",
            "placement publicitaire",
            "posizionamento",
        ],
    ),
    (
        "platform",
        &[
            "platform",
            "プラットフォーム",
            "平台",
            "플랫폼",
            "plataforma",
            "plateforme",
            "plattform",
            "piattaforma",
        ],
    ),
    (
        "device",
        &[
            "device platform",
            "impression device",
            "デバイスプラットフォーム",
            "设备平台",
            "裝置平台",
            "기기 플랫폼",
            "plataforma del dispositivo",
            "plataforma do dispositivo",
            "plateforme de l'appareil",
            "geräteplattform",
        ],
    ),
    (
        "clicks",
        &[
            "link clicks",
            "リンクのクリック",
            "clics en el enlace",
            "cliques no link",
            "link-klicks",
            "linkklicks",
            "clics sur un lien",
            "clic sul link",
        ],
    ),
];

/// All clicks, which stand in for clicks on the link where a file has only these.
const ALL_CLICKS: &[&str] = &[
    "clicks (all)",
    "クリック(すべて)",
    "clic (todos)",
    "clics (todos)",
    "cliques (todos)",
    "klicks (alle)",
    "clics (tous)",
];

/// Headings that describe the ad set or its schedule: they are no breakdown, so two rows that
/// differ only in them are the same cell.
const ATTRIBUTES: &[&str] = &[
    "delivery",
    "delivery status",
    "delivery level",
    "ad delivery",
    "ad set delivery",
    "campaign delivery",
    "status",
    "result type",
    "result indicator",
    "結果インジケーター",
    "成效指标",
    "成果指標",
    "결과 표시 도구",
    "indicador de resultado",
    "indicador de resultados",
    "indikator für ergebnisse",
    "indicateur de résultats",
    "attribution setting",
    "bid",
    "bid type",
    "budget",
    "budget type",
    "ad set budget",
    "ad set budget type",
    "campaign budget",
    "campaign budget type",
    "last significant edit",
    "starts",
    "ends",
    "objective",
    "buying type",
    "quality ranking",
    "engagement rate ranking",
    "conversion rate ranking",
    "relevance score",
    "positive feedback",
    "negative feedback",
    "currency",
];

static BY_HEADING: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| {
    HEADINGS
        .iter()
        .flat_map(|(name, headings)| headings.iter().map(|heading| (*heading, *name)))
        .collect()
});

/// casefile's column for a folded heading.
pub fn name(key: &str) -> Option<&'static str> {
    BY_HEADING.get(key).copied()
}

pub fn is_all_clicks(key: &str) -> bool {
    ALL_CLICKS.contains(&key)
}

pub fn is_attribute(key: &str) -> bool {
    ATTRIBUTES.contains(&key)
}
