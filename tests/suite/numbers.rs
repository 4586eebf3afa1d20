//! Rounding never claims more than the data.

use casefile::numbers::{
    End, count, date_words, decimal, money, p_value, percent, percent_end, percent_range, plural,
    points, points_end, points_range, ranges, significant, significant_end, significant_range,
};

/// The no-break space between a number and its unit as an underscore.
fn plain(text: String) -> String {
    text.replace('\u{A0}', "_")
}

#[test]
fn counts_have_commas_between_thousands() {
    for (value, text) in [
        (0, "0"),
        (999, "999"),
        (1_000, "1,000"),
        (12_345, "12,345"),
        (1_234_567, "1,234,567"),
        (u64::MAX, "18,446,744,073,709,551,615"),
    ] {
        assert_eq!(count(value), text);
    }
}

#[test]
fn decimals_have_a_true_minus_sign_and_no_negative_zero() {
    assert_eq!(decimal(-1234.56, 1), "\u{2212}1,234.6");
    assert_eq!(decimal(-0.04, 1), "0.0");
    assert_eq!(decimal(-0.0, 0), "0");
    assert_eq!(decimal(1e21, 0), "1000000000000000000000");
}

#[test]
fn nothing_prints_as_0_or_100_per_cent_unless_it_is_exactly_that() {
    for (share, digits, text) in [
        (0.0, 1, "0.0_%"),
        (1.0, 1, "100.0_%"),
        (1.0, 0, "100_%"),
        (0.0004, 1, "less than 0.1_%"),
        (0.0006, 1, "0.1_%"),
        (0.9996, 1, "more than 99.9_%"),
        (0.9994, 1, "99.9_%"),
        (0.004, 0, "less than 1_%"),
        (0.996, 0, "more than 99_%"),
        (0.5, 0, "50_%"),
        (0.8149, 1, "81.5_%"),
    ] {
        assert_eq!(plain(percent(share, digits)), text, "{share}");
    }
}

#[test]
fn the_ends_of_ranges_and_intervals_are_rounded_outward() {
    assert_eq!(plain(percent_range(0.8099, 0.9501, 0)), "80–96_%");
    assert_eq!(plain(percent_range(0.81, 0.95, 0)), "81–95_%");
    assert_eq!(plain(percent_range(0.8123, 0.8177, 1)), "81.2–81.8_%");
    assert_eq!(plain(percent_range(0.5, 0.5, 0)), "50_%");
    assert_eq!(plain(percent_range(0.0001, 0.9999, 0)), "0–100_%");
    assert_eq!(plain(percent_end(0.81239, End::Low, 1)), "81.2_%");
    assert_eq!(plain(percent_end(0.81231, End::High, 1)), "81.3_%");
    assert_eq!(
        plain(points_range(-0.0123, 0.0456, 1)),
        "\u{2212}1.3 to +4.6_percentage points"
    );
    assert_eq!(
        plain(points_end(-0.0121, End::Low, 1)),
        "\u{2212}1.3_percentage points"
    );
    assert_eq!(
        plain(points_end(-0.0129, End::High, 1)),
        "\u{2212}1.2_percentage points"
    );
    assert_eq!(significant_range(1.2345, 12.345), "1.23 to 12.4");
    assert_eq!(significant_end(0.012341, End::High), "0.0124");
    assert_eq!(significant_end(0.012349, End::Low), "0.0123");
}

#[test]
fn an_exact_end_is_not_moved_by_the_error_of_a_float() {
    // 0.07 * 100 is 7.000000000000001, 0.29 * 100 is 28.999999999999996.
    assert_eq!(plain(percent_range(0.07, 0.07, 0)), "7_%");
    assert_eq!(plain(percent_range(0.29, 0.57, 0)), "29–57_%");
    for hundredth in 0..=100_u32 {
        let share = f64::from(hundredth) / 100.0;
        assert_eq!(
            plain(percent_range(share, share, 0)),
            format!("{hundredth}_%")
        );
    }
}

#[test]
fn an_outward_end_never_lies_inside_its_range() {
    let end = |text: String| -> f64 { text.trim_end_matches("\u{A0}%").parse().unwrap() };
    for step in 0..=10_007_u32 {
        let share = f64::from(step) / 10_007.0;
        for digits in [0, 1, 2] {
            assert!(
                end(percent_end(share, End::Low, digits)) <= share * 100.0 + 1e-9,
                "{share}"
            );
            assert!(
                end(percent_end(share, End::High, digits)) >= share * 100.0 - 1e-9,
                "{share}"
            );
        }
    }
}

#[test]
fn differences_say_their_direction() {
    assert_eq!(plain(points(0.4512, 1)), "+45.1_percentage points");
    assert_eq!(plain(points(-0.4512, 1)), "\u{2212}45.1_percentage points");
    assert_eq!(plain(points(0.0, 1)), "0.0_percentage points");
    assert_eq!(plain(points(0.0001, 1)), "+0.01_percentage points");
}

#[test]
fn numbers_have_three_significant_digits() {
    for (value, text) in [
        (0.0, "0.00"),
        (3.2359, "3.24"),
        (31.359, "31.4"),
        (313.59, "314"),
        (31415.9, "31,416"),
        (0.0031359, "0.00314"),
        (9.999, "10.00"),
    ] {
        assert_eq!(significant(value), text);
    }
}

#[test]
fn a_p_value_is_never_zero() {
    for (p, text) in [
        (0.0, "p < 0.0001"),
        (0.00009, "p < 0.0001"),
        (0.00012, "p = 0.0002"),
        (0.0471, "p = 0.0471"),
        (0.314, "p = 0.32"),
        (1.0, "p = 1.00"),
    ] {
        assert_eq!(p_value(p), text);
    }
}

#[test]
fn money_is_rounded_to_the_cent_once() {
    for (micros, text) in [
        (0, "EUR_0.00"),
        (4_999, "EUR_0.00"),
        (5_000, "EUR_0.01"),
        (24_710_000, "EUR_24.71"),
        (1_234_567_890_000, "EUR_1,234,567.89"),
        (-24_710_000, "EUR_\u{2212}24.71"),
        (-1, "EUR_0.00"),
        (i64::MIN, "EUR_\u{2212}9,223,372,036,854.78"),
    ] {
        assert_eq!(plain(money(micros, "EUR")), text, "{micros}");
    }
}

#[test]
fn words_stand_for_dates_plurals_and_rows() {
    assert_eq!(
        plain(date_words(jiff::civil::date(2026, 11, 3))),
        "3_November 2026"
    );
    assert_eq!(plain(plural(1, "day", "days")), "1_day");
    assert_eq!(plain(plural(0, "day", "days")), "0_days");
    assert_eq!(plain(plural(1_000, "day", "days")), "1,000_days");
    assert_eq!(ranges(&[2, 3, 4, 9, 14, 15]), "2–4, 9, 14–15");
    assert_eq!(ranges(&[]), "");
}
