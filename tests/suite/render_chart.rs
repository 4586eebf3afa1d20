//! Every kind of picture, in every medium, as XML that holds what it must and fits its frame.

use crate::gallery;
use casefile::document::{Chart, Plot};
use casefile::render::chart::{Medium, svg};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

const MEDIA: [Medium; 4] = [Medium::Page, Medium::Phone, Medium::Print, Medium::File];

fn all_charts() -> Vec<Chart> {
    gallery::charts()
        .into_iter()
        .chain(gallery::hard_charts())
        .collect()
}

/// Every chart in every medium.
static PICTURES: LazyLock<Vec<(Chart, Medium, String)>> = LazyLock::new(|| {
    let demo = gallery::demo();
    let draw =
        |chart: Chart| MEDIA.map(|medium| (chart.clone(), medium, svg(&chart, &demo, medium)));
    all_charts().into_iter().flat_map(draw).collect()
});

/// Calls `check` with each picture of the gallery and where it comes from.
fn each(check: impl Fn(&Chart, Medium, &str, &roxmltree::Document)) {
    for (chart, medium, picture) in &*PICTURES {
        let xml = roxmltree::Document::parse(picture)
            .unwrap_or_else(|error| panic!("{} {medium:?}: {error}", chart.id));
        check(chart, *medium, picture, &xml);
    }
}

fn kind(plot: &Plot) -> &'static str {
    match plot {
        Plot::Dots { .. } => "dots",
        Plot::Intervals { .. } => "intervals",
        Plot::Profile { .. } => "profile",
        Plot::Lines { .. } => "lines",
        Plot::Specification { .. } => "specification",
        Plot::Bars { .. } => "bars",
        Plot::Spans { .. } => "spans",
    }
}

#[test]
fn the_gallery_holds_every_plot_with_data_and_without() {
    for charts in [gallery::charts(), gallery::hard_charts()] {
        let kinds: BTreeSet<_> = charts.iter().map(|chart| kind(&chart.plot)).collect();
        assert_eq!(
            kinds,
            BTreeSet::from([
                "bars",
                "dots",
                "intervals",
                "lines",
                "profile",
                "spans",
                "specification"
            ])
        );
    }
}

#[test]
fn every_picture_is_named_and_described_and_scales() {
    each(|chart, medium, _, xml| {
        let root = xml.root_element();
        let child = |name| {
            root.children()
                .find(|node| node.has_tag_name(("http://www.w3.org/2000/svg", name)))
        };
        assert_eq!(root.attribute("role"), Some("img"));
        assert!(root.attribute("width").is_none() && root.attribute("height").is_none());
        let names: Vec<&str> = root
            .attribute("aria-labelledby")
            .unwrap_or_default()
            .split(' ')
            .collect();
        for (name, id) in ["title", "desc"].into_iter().zip(names) {
            let node = child(name).unwrap_or_else(|| panic!("{}: no {name}", chart.id));
            assert_eq!(node.attribute("id"), Some(id));
            assert!(id.starts_with(&chart.id) && node.text().is_some_and(|text| !text.is_empty()));
        }
        let width = if medium == Medium::Phone {
            "0 0 340 "
        } else {
            "0 0 720 "
        };
        assert!(
            root.attribute("viewBox")
                .is_some_and(|view| view.starts_with(width))
        );
    });
}

#[test]
fn a_picture_without_data_says_so_in_the_words_of_the_report() {
    let mut demo = gallery::demo();
    demo.labels.missing = "keine Daten".into();
    for chart in gallery::hard_charts()
        .iter()
        .filter(|chart| chart.id.starts_with("figure-no-"))
    {
        for medium in MEDIA {
            assert!(
                svg(chart, &demo, medium).contains(">keine Daten</text>"),
                "{} {medium:?}",
                chart.id
            );
        }
    }
}

#[test]
fn a_page_brings_its_colours_and_a_file_its_own() {
    each(|chart, medium, picture, _| match medium {
        Medium::Page | Medium::Phone => assert!(
            !picture.contains("=\"#") && picture.contains("var(--chart-"),
            "{}",
            chart.id
        ),
        Medium::Print => assert!(
            !picture.contains("var(") && !picture.contains("@font-face"),
            "{}",
            chart.id
        ),
        Medium::File => {
            assert!(
                !picture.contains("var(")
                    && picture.contains("@font-face")
                    && picture.contains("fill=\"#FFFFFF\"/>"),
                "{}",
                chart.id
            );
            let start: String = chart.source.chars().take(20).collect();
            assert!(picture.contains(&start), "{}: no source", chart.id);
        }
    });
}

#[test]
fn the_same_chart_gives_the_same_bytes() {
    let demo = gallery::demo();
    for (chart, medium, picture) in &*PICTURES {
        assert_eq!(svg(&chart.clone(), &demo, *medium), *picture);
    }
}

#[test]
fn hostile_names_are_text() {
    each(|_, _, picture, xml| {
        assert!(!picture.contains("<script") && !picture.contains('\u{202E}'));
        let elements: BTreeSet<_> = xml
            .descendants()
            .filter(|node| node.is_element())
            .map(|node| node.tag_name().name().to_owned())
            .collect();
        let known = [
            "circle", "desc", "g", "line", "polygon", "polyline", "rect", "style", "svg", "text",
            "title",
        ];
        assert!(
            elements.iter().all(|name| known.contains(&name.as_str())),
            "{elements:?}"
        );
    });
}

#[test]
fn every_ad_is_a_dot_of_its_arms_colour() {
    let demo = gallery::demo();
    let mut chart = gallery::charts().remove(0);
    chart.plot = gallery::dots_plot([400, 300, 5]);
    let picture = svg(&chart, &demo, Medium::Page);
    for (arm, ads) in [400, 300, 5].into_iter().enumerate() {
        let dots = picture
            .lines()
            .filter(|line| {
                line.starts_with("<circle") && line.contains(&format!("\"var(--arm-{arm})\""))
            })
            .count();
        assert_eq!(dots, ads, "arm {arm}");
    }
}

#[test]
fn a_specification_curve_names_the_reported_analysis_and_explains_only_marks_that_it_has() {
    let demo = gallery::demo();
    let mut chart = gallery::charts().remove(0);
    let mut drawn = |plot, medium| {
        chart.plot = plot;
        svg(&chart, &demo, medium)
    };
    for medium in MEDIA {
        let all = drawn(gallery::specification_plot(44, 7, 5), medium);
        for text in ["as reported", "holds (31)", "no value (5)"] {
            assert!(
                all.contains(&format!(">{text}</text>")),
                "{medium:?}: {text}"
            );
        }
        assert!(all.contains(">fails (7; "), "{medium:?}");
        let holding = drawn(gallery::specification_plot(44, 0, 0), medium);
        assert!(holding.contains(">holds (43)</text>") && holding.contains(">as reported</text>"));
        assert!(!holding.contains(">fails") && !holding.contains(">no value"));
        let many = drawn(gallery::specification_plot(450, 120, 30), medium);
        assert!(many.matches(">without the ad").count() <= 5, "{medium:?}");
    }
}

/// Left, right, top and bottom of each text, in pixels, by the advance widths of the shipped font.
/// Texts with characters that the font lacks are left out.
fn boxes(xml: &roxmltree::Document) -> Vec<([f64; 4], String)> {
    let advances: BTreeMap<char, [f64; 2]> = include_str!("../../templates/fonts/web/advances.tsv")
        .lines()
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let code = u32::from_str_radix(fields[0], 16).unwrap();
            (
                char::from_u32(code).unwrap(),
                [fields[1].parse().unwrap(), fields[2].parse().unwrap()],
            )
        })
        .collect();
    let measured = |node: roxmltree::Node| {
        let text = node.text()?.trim().to_owned();
        let number = |name| node.attribute(name).unwrap().parse::<f64>().unwrap() / 10.0;
        let (x, y, size) = (number("x"), number("y"), number("font-size"));
        let face = usize::from(node.attribute("font-weight").is_some());
        let width: f64 = text
            .chars()
            .map(|c| advances.get(&c).map(|both| both[face]))
            .sum::<Option<f64>>()?
            * size
            / 1000.0;
        let left = match node.attribute("text-anchor")? {
            "start" => x,
            "middle" => x - width / 2.0,
            _ => x - width,
        };
        // From the foot of a descender to the top of a capital, around the x-height's middle.
        Some(([left, left + width, y - size * 0.45, y + size * 0.45], text))
    };
    xml.descendants()
        .filter(|node| node.tag_name().name() == "text")
        .filter_map(measured)
        .collect()
}

#[test]
fn no_text_leaves_the_picture_or_covers_another() {
    each(|chart, medium, _, xml| {
        let width = if medium == Medium::Phone {
            340.0
        } else {
            720.0
        };
        let boxes = boxes(xml);
        assert!(!boxes.is_empty());
        for (index, ([left, right, top, bottom], text)) in boxes.iter().enumerate() {
            assert!(
                *left >= -0.2 && *right <= width + 0.2,
                "{} {medium:?}: {text} from {left} to {right}",
                chart.id
            );
            for ([other_left, other_right, other_top, other_bottom], other) in &boxes[..index] {
                let apart = right <= other_left
                    || other_right <= left
                    || bottom <= other_top
                    || other_bottom <= top;
                assert!(apart, "{} {medium:?}: `{text}` covers `{other}`", chart.id);
            }
        }
    });
}
