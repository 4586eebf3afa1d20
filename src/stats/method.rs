//! The methods: identifier, name, source and assumptions of each.

use serde::{Serialize, Serializer};

/// How a number was computed. Serialised as its `id`; [`Method::description`] says the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    Wilson,
    ClopperPearson,
    Ratio,
    SampleRange,
    SampleMedian,
    MeanOfUnits,
    RatioOfSums,
    DifferenceOfMeans,
    DifferenceOfRatios,
    PermutationExact,
    PermutationMonteCarlo,
    PoissonExact,
    KaplanMeier,
    CohenKappa,
    WorstCaseBounds,
}

/// What a reader needs in order to judge a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Description {
    /// Stable kebab-case identifier.
    pub id: &'static str,
    pub name: &'static str,
    /// Citation of the paper or book.
    pub source: &'static str,
    /// What must hold for the numbers to mean what they say.
    pub assumptions: &'static [&'static str],
}

impl Method {
    /// All methods, in the order of the method section.
    pub const ALL: [Method; 15] = [
        Method::Wilson,
        Method::ClopperPearson,
        Method::Ratio,
        Method::SampleRange,
        Method::SampleMedian,
        Method::MeanOfUnits,
        Method::RatioOfSums,
        Method::DifferenceOfMeans,
        Method::DifferenceOfRatios,
        Method::PermutationExact,
        Method::PermutationMonteCarlo,
        Method::PoissonExact,
        Method::KaplanMeier,
        Method::CohenKappa,
        Method::WorstCaseBounds,
    ];

    /// Stable kebab-case identifier.
    pub fn id(self) -> &'static str {
        self.description().id
    }

    pub fn description(self) -> Description {
        match self {
            Method::Wilson => Description {
                id: "wilson",
                name: "Share with Wilson score interval",
                source: "Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of the American Statistical Association 22(158), 209-212.",
                assumptions: &[
                    "What is counted is independent and has the same chance throughout.",
                    "The interval speaks of this unit only, not of other units like it.",
                ],
            },
            Method::ClopperPearson => Description {
                id: "clopper-pearson",
                name: "Share with exact Clopper-Pearson interval",
                source: "Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the case of the binomial. Biometrika 26(4), 404-413.",
                assumptions: &[
                    "What is counted is independent and has the same chance throughout.",
                    "The interval covers at least as often as its level says, and so is wide.",
                ],
            },
            Method::Ratio => Description {
                id: "ratio",
                name: "Ratio of counts",
                source: "Arithmetic on the counts; no inference.",
                assumptions: &["Describes what was counted only; no interval is claimed."],
            },
            Method::SampleRange => Description {
                id: "sample-range",
                name: "Smallest and largest observed value",
                source: "Count of the observed units; no inference.",
                assumptions: &["Describes the observed units only; no interval is claimed."],
            },
            Method::SampleMedian => Description {
                id: "sample-median",
                name: "Median of the observed values, interpolated (type 7)",
                source: "Hyndman, R. J. and Fan, Y. (1996). Sample quantiles in statistical packages. The American Statistician 50(4), 361-365.",
                assumptions: &["Describes the observed units only; no interval is claimed."],
            },
            Method::MeanOfUnits => Description {
                id: "mean-of-units",
                name: "Mean over units with Student t interval between units",
                source: "Student (1908). The probable error of a mean. Biometrika 6(1), 1-25.",
                assumptions: &[
                    "Every unit weighs the same, however much was counted in it.",
                    "Units are independent draws of the units that could have been run.",
                    "With few units, their values are near enough to normally distributed.",
                    "An interval that would pass 0 or 1 is cut there.",
                ],
            },
            Method::RatioOfSums => Description {
                id: "ratio-of-sums",
                name: "Pooled share with linearised interval between units",
                source: "Cochran, W. G. (1977). Sampling Techniques, 3rd edition, chapter 6. Wiley.",
                assumptions: &[
                    "Units weigh by how much was counted in them.",
                    "Units are independent draws; what is counted within a unit need not be independent.",
                    "Student's t with one degree of freedom fewer than there are units; with few units, or one that outweighs the rest, the interval is too narrow.",
                    "An interval that would pass 0 or 1 is cut there.",
                ],
            },
            Method::DifferenceOfMeans => Description {
                id: "difference-of-means",
                name: "Difference between the mean shares of two groups: Welch interval, permutation p-value",
                source: "Interval: Welch, B. L. (1947). The generalization of 'Student's' problem when several different population variances are involved. Biometrika 34(1-2), 28-35. p: Fisher, R. A. (1935). The Design of Experiments; Pitman, E. J. G. (1937). Significance tests which may be applied to samples from any populations. Supplement to the Journal of the Royal Statistical Society 4(1), 119-130.",
                assumptions: &[
                    "Every unit weighs the same, however much was counted in it.",
                    "Interval: units are independent draws, near enough to normally distributed; the groups may vary differently.",
                    "p: if the groups did not differ, any unit could as well have stood in the other group.",
                    "An interval that would pass -1 or 1 is cut there.",
                ],
            },
            Method::DifferenceOfRatios => Description {
                id: "difference-of-ratios",
                name: "Difference between the pooled shares of two groups with Welch interval between units",
                source: "Cochran, W. G. (1977). Sampling Techniques, 3rd edition, chapter 6. Wiley; Welch, B. L. (1947). The generalization of 'Student's' problem when several different population variances are involved. Biometrika 34(1-2), 28-35.",
                assumptions: &[
                    "Units weigh by how much was counted in them.",
                    "Units are independent draws; what is counted within a unit need not be independent.",
                    "With few units, or one that outweighs the rest, the interval is too narrow.",
                    "An interval that would pass -1 or 1 is cut there.",
                ],
            },
            Method::PermutationExact => Description {
                id: "permutation-exact",
                name: "Permutation test over all arrangements of the units",
                source: "Fisher, R. A. (1935). The Design of Experiments; Pitman, E. J. G. (1937). Significance tests which may be applied to samples from any populations. Supplement to the Journal of the Royal Statistical Society 4(1), 119-130.",
                assumptions: &[
                    "If the groups did not differ, any unit could as well have stood in the other group.",
                    "Two-sided: arrangements with a difference at least as large in either direction count.",
                ],
            },
            Method::PermutationMonteCarlo => Description {
                id: "permutation-monte-carlo",
                name: "Permutation test over randomly drawn arrangements of the units",
                source: "Phipson, B. and Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical Applications in Genetics and Molecular Biology 9(1), article 39.",
                assumptions: &[
                    "If the groups did not differ, any unit could as well have stood in the other group.",
                    "Two-sided: arrangements with a difference at least as large in either direction count.",
                    "Arrangements are drawn by ChaCha8 from the stated seed; p is (extreme + 1) / (drawn + 1).",
                ],
            },
            Method::PoissonExact => Description {
                id: "poisson-exact",
                name: "Rate with exact Poisson interval",
                source: "Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28(3-4), 437-442.",
                assumptions: &[
                    "Events come independently and at one rate; several events from one person break this.",
                ],
            },
            Method::KaplanMeier => Description {
                id: "kaplan-meier",
                name: "Median time by the product-limit estimator with log-log interval",
                source: "Kaplan, E. L. and Meier, P. (1958). Nonparametric estimation from incomplete observations. Journal of the American Statistical Association 53(282), 457-481. Interval: Brookmeyer, R. and Crowley, J. (1982). A confidence interval for the median survival time. Biometrics 38(1), 29-41.",
                assumptions: &[
                    "Those whose event was not seen are as likely to have it later as those still observed.",
                    "Units are independent.",
                ],
            },
            Method::CohenKappa => Description {
                id: "cohen-kappa",
                name: "Cohen's kappa, agreement beyond chance",
                source: "Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological Measurement 20(1), 37-46.",
                assumptions: &[
                    "Two coders coded the same items independently; categories have no order.",
                    "Describes the coded items only; no interval is claimed.",
                ],
            },
            Method::WorstCaseBounds => Description {
                id: "worst-case-bounds",
                name: "Share without the unknown, with the bounds that the unknown allow",
                source: "Manski, C. F. (1989). Anatomy of the selection problem. Journal of Human Resources 24(3), 343-360.",
                assumptions: &[
                    "None about the unknown: the bounds take all of them for one side, then for the other.",
                    "The bounds are certain for what was counted; they are no confidence interval.",
                ],
            },
        }
    }
}

impl Serialize for Method {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}
