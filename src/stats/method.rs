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
    ClusterBootstrap,
    BlockedDifference,
    BlockedPermutationExact,
    BlockedPermutationMonteCarlo,
    RatioOfMeans,
    RatioOfPooled,
    Overdispersion,
    KrippendorffNominal,
    KrippendorffOrdinal,
    LogRank,
    DirectStandardisation,
    TotalVariation,
    RangeBounds,
    RandomEffectsDl,
    RandomEffectsReml,
    RandomEffectsPm,
    RandomEffectsZ,
    Prediction,
    EqualEffects,
    QProfile,
    RandomEffectsContrast,
    Quasibinomial,
    PowerOfShares,
    AgrestiCoull,
    Jeffreys,
    BinomialExact,
    NewcombeDifference,
    MiettinenNurminenDifference,
    RatioKatz,
    RatioScore,
    OddsRatioWoolf,
    OddsRatioScore,
    FisherExact,
    PoissonRatioExact,
    MantelHaenszel,
    Holm,
    BenjaminiHochberg,
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
    pub const ALL: [Method; 52] = [
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
        Method::ClusterBootstrap,
        Method::BlockedDifference,
        Method::BlockedPermutationExact,
        Method::BlockedPermutationMonteCarlo,
        Method::RatioOfMeans,
        Method::RatioOfPooled,
        Method::Overdispersion,
        Method::KrippendorffNominal,
        Method::KrippendorffOrdinal,
        Method::LogRank,
        Method::DirectStandardisation,
        Method::TotalVariation,
        Method::RangeBounds,
        Method::RandomEffectsDl,
        Method::RandomEffectsReml,
        Method::RandomEffectsPm,
        Method::RandomEffectsZ,
        Method::Prediction,
        Method::EqualEffects,
        Method::QProfile,
        Method::RandomEffectsContrast,
        Method::Quasibinomial,
        Method::PowerOfShares,
        Method::AgrestiCoull,
        Method::Jeffreys,
        Method::BinomialExact,
        Method::NewcombeDifference,
        Method::MiettinenNurminenDifference,
        Method::RatioKatz,
        Method::RatioScore,
        Method::OddsRatioWoolf,
        Method::OddsRatioScore,
        Method::FisherExact,
        Method::PoissonRatioExact,
        Method::MantelHaenszel,
        Method::Holm,
        Method::BenjaminiHochberg,
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
                name: "Mean over units with Student t interval between units, on the logit scale",
                source: "Student (1908). The probable error of a mean. Biometrika 6(1), 1-25. The logit by the delta method: Agresti, A. (2013). Categorical Data Analysis, 3rd edition, section 16.1. Wiley.",
                assumptions: &[
                    "Every unit weighs the same, however much was counted in it.",
                    "Units are independent draws of the units that could have been run.",
                    "With few units, their values are near enough to normally distributed.",
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
                name: "Cohen's kappa, agreement beyond chance, with percentile interval from resampling items",
                source: "Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological Measurement 20(1), 37-46. Interval: Efron, B. (1979). Bootstrap methods: another look at the jackknife. Annals of Statistics 7(1), 1-26.",
                assumptions: &[
                    "Two coders coded the same items independently; categories have no order.",
                    "Interval: items are independent draws of the items that could have been coded; they are drawn with replacement by ChaCha8 from the seed; the coders are taken as they are.",
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
            Method::ClusterBootstrap => Description {
                id: "cluster-bootstrap",
                name: "Share with percentile interval from resampling units",
                source: "Efron, B. (1979). Bootstrap methods: another look at the jackknife. Annals of Statistics 7(1), 1-26. Resampling of clusters: Davison, A. C. and Hinkley, D. V. (1997). Bootstrap Methods and their Application, section 3.8. Cambridge University Press.",
                assumptions: &[
                    "Units are independent draws; what is counted within a unit need not be independent.",
                    "With few units the interval is too narrow: for a mean of normally distributed units, 95 % covers about 90 % at ten units and 93 % at twenty; below ten it is refused.",
                    "Units are drawn with replacement by ChaCha8 from the stated seed; the interval leaves the same share of resamples out at each end.",
                ],
            },
            Method::BlockedDifference => Description {
                id: "blocked-difference",
                name: "Difference between the mean shares of two groups within blocks: interval with Student t, permutation p-value within blocks",
                source: "Interval: Montgomery, D. C. (2017). Design and Analysis of Experiments, 9th edition, chapters 2 and 4. Wiley. For pairs: Student (1908). The probable error of a mean. Biometrika 6(1), 1-25. p: Fisher, R. A. (1935). The Design of Experiments.",
                assumptions: &[
                    "Units of one block were run under the same conditions; blocks may differ in level, and the difference between the groups is the same in all blocks but for chance.",
                    "Blocks weigh by a b / (a + b) of their a and b units; every unit of a block weighs the same, however much was counted in it.",
                    "Interval: units vary independently, equally in all blocks and near enough to normally; for pairs, only the differences of the pairs need to.",
                    "p: if the groups did not differ, units of one block could as well have stood in each other's group.",
                    "An interval that would pass -1 or 1 is cut there.",
                ],
            },
            Method::BlockedPermutationExact => Description {
                id: "blocked-permutation-exact",
                name: "Permutation test over all arrangements of the units within their blocks (for pairs: sign-flip test)",
                source: "Fisher, R. A. (1935). The Design of Experiments; Pitman, E. J. G. (1938). Significance tests which may be applied to samples from any populations: III. The analysis of variance test. Biometrika 29(3-4), 322-335.",
                assumptions: &[
                    "If the groups did not differ, units of one block could as well have stood in each other's group; units of different blocks need not be alike.",
                    "Two-sided: arrangements with a difference at least as large in either direction count.",
                ],
            },
            Method::BlockedPermutationMonteCarlo => Description {
                id: "blocked-permutation-monte-carlo",
                name: "Permutation test over randomly drawn arrangements of the units within their blocks",
                source: "Phipson, B. and Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical Applications in Genetics and Molecular Biology 9(1), article 39.",
                assumptions: &[
                    "If the groups did not differ, units of one block could as well have stood in each other's group; units of different blocks need not be alike.",
                    "Two-sided: arrangements with a difference at least as large in either direction count.",
                    "Arrangements are drawn by ChaCha8 from the stated seed; p is (extreme + 1) / (drawn + 1).",
                ],
            },
            Method::RatioOfPooled => Description {
                id: "ratio-of-pooled",
                name: "Ratio of the pooled shares or rates of two groups with Welch interval between units on the logarithmic scale",
                source: "Cochran, W. G. (1977). Sampling Techniques, 3rd edition, chapter 6. Wiley; Welch, B. L. (1947). The generalization of 'Student's' problem when several different population variances are involved. Biometrika 34(1-2), 28-35.",
                assumptions: &[
                    "Units weigh by how much was counted in them; what is counted within a unit need not be independent.",
                    "Units are independent draws; with few units, or one that outweighs the rest, the interval is too narrow.",
                ],
            },
            Method::Overdispersion => Description {
                id: "overdispersion",
                name: "Over-dispersion: Pearson's chi-square of the units' counts over its degrees of freedom",
                source: "McCullagh, P. and Nelder, J. A. (1989). Generalized Linear Models, 2nd edition, section 4.5. Chapman and Hall.",
                assumptions: &[
                    "1 where units vary as independent counts of one share or rate would, more where they vary more.",
                ],
            },
            Method::RatioOfMeans => Description {
                id: "ratio-of-means",
                name: "Ratio of the mean shares of two groups with Welch interval on the logarithmic scale",
                source: "Hedges, L. V., Gurevitch, J. and Curtis, P. S. (1999). The meta-analysis of response ratios in experimental ecology. Ecology 80(4), 1150-1156. Degrees of freedom: Welch, B. L. (1947). The generalization of 'Student's' problem when several different population variances are involved. Biometrika 34(1-2), 28-35.",
                assumptions: &[
                    "Every unit weighs the same, however much was counted in it.",
                    "Units are independent draws; the groups may vary differently.",
                    "Both means lie well above 0 compared with their errors, so that their logarithms are near enough to normally distributed.",
                ],
            },
            Method::KrippendorffNominal => Description {
                id: "krippendorff-nominal",
                name: "Krippendorff's alpha, nominal: agreement of any number of coders beyond chance, with percentile interval from resampling items",
                source: "Krippendorff, K. (2018). Content Analysis: An Introduction to Its Methodology, 4th edition, chapter 12. SAGE. Interval: Efron, B. (1979). Bootstrap methods: another look at the jackknife. Annals of Statistics 7(1), 1-26.",
                assumptions: &[
                    "Coders rated independently; categories have no order; which ratings are missing does not depend on what they would have been.",
                    "Items with a single rating say nothing of agreement and are left out.",
                    "Interval: items are independent draws of the items that could have been coded; they are drawn with replacement by ChaCha8 from the seed; the coders are taken as they are.",
                ],
            },
            Method::KrippendorffOrdinal => Description {
                id: "krippendorff-ordinal",
                name: "Krippendorff's alpha, ordinal: agreement of any number of coders beyond chance, with percentile interval from resampling items",
                source: "Krippendorff, K. (2018). Content Analysis: An Introduction to Its Methodology, 4th edition, chapter 12. SAGE. Interval: Efron, B. (1979). Bootstrap methods: another look at the jackknife. Annals of Statistics 7(1), 1-26.",
                assumptions: &[
                    "Coders rated independently; categories have an order, and two lie as far apart as there are ratings between them; which ratings are missing does not depend on what they would have been.",
                    "Items with a single rating say nothing of agreement and are left out.",
                    "Interval: items are independent draws of the items that could have been coded; they are drawn with replacement by ChaCha8 from the seed; the coders are taken as they are.",
                ],
            },
            Method::LogRank => Description {
                id: "log-rank",
                name: "Log-rank test between groups",
                source: "Mantel, N. (1966). Evaluation of survival data and two new rank order statistics arising in its consideration. Cancer Chemotherapy Reports 50(3), 163-170; Peto, R. and Peto, J. (1972). Asymptotically efficient rank invariant test procedures. Journal of the Royal Statistical Society A 135(2), 185-207.",
                assumptions: &[
                    "Units are independent; those whose event was not seen are as likely to have it later as those of their group still observed.",
                    "p by the chi-square distribution, which needs several events in each group.",
                    "Sees best a hazard that is a constant multiple of the other; curves that cross may hide a difference.",
                ],
            },
            Method::DirectStandardisation => Description {
                id: "direct-standardisation",
                name: "Share standardised to the strata of a common population",
                source: "Fleiss, J. L., Levin, B. and Paik, M. C. (2003). Statistical Methods for Rates and Proportions, 3rd edition, chapter 19. Wiley.",
                assumptions: &[
                    "Strata weigh as in the standard population; what was counted in a stratum stands for that stratum.",
                    "Over units: mean of the units' standardised shares with Student t interval between units, built on the logit; the units are independent draws and near enough to normally distributed.",
                    "A unit that lacks a stratum of the standard population is left out and counted, never taken as 0.",
                ],
            },
            Method::TotalVariation => Description {
                id: "total-variation",
                name: "Total variation distance between two profiles: half the sum of the differences of shares",
                source: "Levin, D. A. and Peres, Y. (2017). Markov Chains and Mixing Times, 2nd edition, chapter 4. American Mathematical Society.",
                assumptions: &[
                    "Describes what was counted only; no interval is claimed.",
                    "Two profiles of the same population differ by chance too, so the distance is above 0 even where nothing differs.",
                ],
            },
            Method::RangeBounds => Description {
                id: "range-bounds",
                name: "Bounds from counts that are known as ranges",
                source: "Manski, C. F. (2003). Partial Identification of Probability Distributions, chapter 1. Springer. Interval arithmetic: Moore, R. E. (1966). Interval Analysis. Prentice-Hall.",
                assumptions: &[
                    "Every true count lies within its range; nothing is assumed about where.",
                    "The unknown may all be of one side, or of the other.",
                    "The bounds are certain for what was counted; they are no confidence interval.",
                ],
            },
            Method::RandomEffectsDl => Description {
                id: "random-effects-dl",
                name: "Random-effects share, variance between units by DerSimonian and Laird, Hartung-Knapp interval",
                source: "DerSimonian, R. and Laird, N. (1986). Meta-analysis in clinical trials. Controlled Clinical Trials 7(3), 177-188. Interval: Hartung, J. and Knapp, G. (2001). A refined method for the meta-analysis of controlled clinical trials with binary outcome. Statistics in Medicine 20(24), 3875-3889.",
                assumptions: &[
                    "The logits of the units' true shares are normally distributed around one mean; units are independent draws.",
                    "What is counted within a unit is independent; where it is not, that counts as variation between units.",
                    "The share is that of the middle one of the units that could be, not their mean.",
                    "Student's t with one degree of freedom fewer than there are units.",
                ],
            },
            Method::RandomEffectsReml => Description {
                id: "random-effects-reml",
                name: "Random-effects share, variance between units by restricted maximum likelihood, Hartung-Knapp interval",
                source: "Viechtbauer, W. (2005). Bias and efficiency of meta-analytic variance estimators in the random-effects model. Journal of Educational and Behavioral Statistics 30(3), 261-293. Interval: Hartung, J. and Knapp, G. (2001). A refined method for the meta-analysis of controlled clinical trials with binary outcome. Statistics in Medicine 20(24), 3875-3889.",
                assumptions: &[
                    "The logits of the units' true shares are normally distributed around one mean; units are independent draws.",
                    "What is counted within a unit is independent; where it is not, that counts as variation between units.",
                    "The share is that of the middle one of the units that could be, not their mean.",
                    "Student's t with one degree of freedom fewer than there are units.",
                ],
            },
            Method::RandomEffectsPm => Description {
                id: "random-effects-pm",
                name: "Random-effects share, variance between units by Paule and Mandel, Hartung-Knapp interval",
                source: "Paule, R. C. and Mandel, J. (1982). Consensus values and weighting factors. Journal of Research of the National Bureau of Standards 87(5), 377-385. Interval: Hartung, J. and Knapp, G. (2001). A refined method for the meta-analysis of controlled clinical trials with binary outcome. Statistics in Medicine 20(24), 3875-3889.",
                assumptions: &[
                    "The logits of the units' true shares are normally distributed around one mean; units are independent draws.",
                    "What is counted within a unit is independent; where it is not, that counts as variation between units.",
                    "The share is that of the middle one of the units that could be, not their mean.",
                    "Student's t with one degree of freedom fewer than there are units.",
                ],
            },
            Method::RandomEffectsZ => Description {
                id: "random-effects-z",
                name: "Random-effects share with normal interval",
                source: "DerSimonian, R. and Laird, N. (1986). Meta-analysis in clinical trials. Controlled Clinical Trials 7(3), 177-188.",
                assumptions: &[
                    "The logits of the units' true shares are normally distributed around one mean; units are independent draws.",
                    "What is counted within a unit is independent; where it is not, that counts as variation between units.",
                    "The share is that of the middle one of the units that could be, not their mean.",
                    "The variance between units is taken as known; with few units the interval is too narrow.",
                ],
            },
            Method::Prediction => Description {
                id: "prediction",
                name: "Random-effects share with the interval in which one more unit is expected",
                source: "Higgins, J. P. T., Thompson, S. G. and Spiegelhalter, D. J. (2009). A re-evaluation of random-effects meta-analysis. Journal of the Royal Statistical Society A 172(1), 137-159. With Hartung-Knapp error: Partlett, C. and Riley, R. D. (2017). Random effects meta-analysis: coverage performance of 95% confidence and prediction intervals following REML estimation. Statistics in Medicine 36(2), 301-317.",
                assumptions: &[
                    "The logits of the units' true shares are normally distributed around one mean.",
                    "The next unit is drawn as those seen were.",
                    "Speaks of the next unit's true share; few impressions add error of their own.",
                    "Student's t with one degree of freedom fewer than there are units.",
                    "With few units that happen to be alike, the interval is too narrow.",
                ],
            },
            Method::EqualEffects => Description {
                id: "equal-effects",
                name: "Share on the assumption that units do not differ, with normal interval",
                source: "Woolf, B. (1955). On estimating the relation between blood group and disease. Annals of Human Genetics 19(4), 251-253.",
                assumptions: &[
                    "All units have the same true share; Cochran's Q tests this.",
                    "What is counted is independent.",
                ],
            },
            Method::QProfile => Description {
                id: "q-profile",
                name: "Variance between units of the logit of the share, Q-profile interval",
                source: "Viechtbauer, W. (2007). Confidence intervals for the amount of heterogeneity in meta-analysis. Statistics in Medicine 26(1), 37-52.",
                assumptions: &[
                    "The logits of the units' true shares are normally distributed around one mean; units are independent draws.",
                    "What is counted within a unit is independent; where it is not, that counts as variation between units.",
                    "The value is that of the random-effects model given beside it; the interval is the same whichever model.",
                ],
            },
            Method::RandomEffectsContrast => Description {
                id: "random-effects-contrast",
                name: "Odds ratio between two groups of units, mixed-effects meta-regression with Knapp-Hartung interval",
                source: "Berkey, C. S., Hoaglin, D. C., Mosteller, F. and Colditz, G. A. (1995). A random-effects regression model for meta-analysis. Statistics in Medicine 14(4), 395-411. Interval and p: Knapp, G. and Hartung, J. (2003). Improved tests for a random effects meta-regression with a single covariate. Statistics in Medicine 22(17), 2693-2710.",
                assumptions: &[
                    "The logits of the units' true shares are normally distributed around the mean of their group; units are independent draws.",
                    "Units of both groups vary equally.",
                    "What is counted within a unit is independent; where it is not, that counts as variation between units.",
                    "Student's t with two degrees of freedom fewer than there are units.",
                ],
            },
            Method::Quasibinomial => Description {
                id: "quasibinomial",
                name: "Odds ratio between two groups of units, binomial model with over-dispersion",
                source: "McCullagh, P. and Nelder, J. A. (1989). Generalized Linear Models, 2nd edition, chapter 4. Chapman and Hall.",
                assumptions: &[
                    "Units weigh by how much was counted in them.",
                    "What is counted varies more than independent counts would, by one factor that is the same for all units whatever their size.",
                    "Student's t with two degrees of freedom fewer than there are units.",
                ],
            },
            Method::PowerOfShares => Description {
                id: "power-of-shares",
                name: "Units needed for, and difference detectable by, Welch's test of mean shares",
                source: "Welch, B. L. (1947). The generalization of 'Student's' problem when several different population variances are involved. Biometrika 34(1-2), 28-35; noncentral t: Johnson, N. L. and Welch, B. L. (1940). Applications of the non-central t-distribution. Biometrika 31(3-4), 362-389.",
                assumptions: &[
                    "The logits of the units' true shares are normally distributed with the stated variation between units.",
                    "What is counted within a unit is independent.",
                    "Means over units are near enough to normally distributed; the variation is not known but estimated by the test.",
                    "Welch's degrees of freedom are taken as known; with fewer than ten units a group, the true power is some two percentage points lower.",
                ],
            },
            Method::AgrestiCoull => Description {
                id: "agresti-coull",
                name: "Share with Agresti-Coull interval",
                source: "Agresti, A. and Coull, B. A. (1998). Approximate is better than 'exact' for interval estimation of binomial proportions. The American Statistician 52(2), 119-126.",
                assumptions: &[
                    "What is counted is independent and has the same chance throughout.",
                    "The interval holds Wilson's and is cut to what a share can be; near none or all it is wider than its level asks.",
                ],
            },
            Method::Jeffreys => Description {
                id: "jeffreys",
                name: "Share with Jeffreys interval",
                source: "Brown, L. D., Cai, T. T. and DasGupta, A. (2001). Interval estimation for a binomial proportion. Statistical Science 16(2), 101-133; without their change where none or all was counted. Prior: Jeffreys, H. (1946). An invariant form for the prior probability in estimation problems. Proceedings of the Royal Society A 186(1007), 453-461.",
                assumptions: &[
                    "What is counted is independent and has the same chance throughout.",
                    "Bayesian: given Jeffreys' prior, the true share lies within with the probability that the level says, and below and above with equal ones.",
                    "Where none or all was counted, the interval does not reach the share that was counted.",
                ],
            },
            Method::BinomialExact => Description {
                id: "binomial-exact",
                name: "Exact binomial test of a share, two-sided",
                source: "Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the case of the binomial. Biometrika 26(4), 404-413. Two sides: all outcomes at most as likely, as in Gibbons, J. D. and Pratt, J. W. (1975). P-values: interpretation and methodology. The American Statistician 29(1), 20-25.",
                assumptions: &[
                    "What is counted is independent and has the same chance throughout.",
                    "The share that is tested was named before the counts were seen.",
                    "Outcomes count as equally likely when their probabilities differ relatively by less than 1e-7.",
                ],
            },
            Method::NewcombeDifference => Description {
                id: "newcombe-difference",
                name: "Difference of two shares with Newcombe's interval from two Wilson intervals",
                source: "Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions: comparison of eleven methods. Statistics in Medicine 17(8), 873-890; method 10. p: Fisher, R. A. (1935). The logic of inductive inference. Journal of the Royal Statistical Society 98(1), 39-82.",
                assumptions: &[
                    "What is counted is independent and has the same chance throughout a group; the groups are independent of each other.",
                    "The p-value is that of Fisher's exact test: it asks whether the shares are equal, and can disagree with the interval on whether 0 is within.",
                ],
            },
            Method::MiettinenNurminenDifference => Description {
                id: "miettinen-nurminen-difference",
                name: "Difference of two shares with Miettinen and Nurminen's score interval",
                source: "Miettinen, O. and Nurminen, M. (1985). Comparative analysis of two rates. Statistics in Medicine 4(2), 213-226.",
                assumptions: &[
                    "What is counted is independent and has the same chance throughout a group; the groups are independent of each other.",
                    "The score is near enough to normally distributed.",
                ],
            },
            Method::RatioKatz => Description {
                id: "ratio-katz",
                name: "Ratio of two shares with interval on the logarithm",
                source: "Katz, D., Baptista, J., Azen, S. P. and Pike, M. C. (1978). Obtaining confidence intervals for the risk ratio in cohort studies. Biometrics 34(3), 469-474.",
                assumptions: &[
                    "What is counted is independent and has the same chance throughout a group; the groups are independent of each other.",
                    "The logarithm of the ratio is near enough to normally distributed; with small counts the interval is inexact.",
                ],
            },
            Method::RatioScore => Description {
                id: "ratio-score",
                name: "Ratio of two shares with Miettinen and Nurminen's score interval",
                source: "Miettinen, O. and Nurminen, M. (1985). Comparative analysis of two rates. Statistics in Medicine 4(2), 213-226. Koopman, P. A. R. (1984). Confidence intervals for the ratio of two binomial proportions. Biometrics 40(2), 513-517.",
                assumptions: &[
                    "What is counted is independent and has the same chance throughout a group; the groups are independent of each other.",
                    "The score is near enough to normally distributed.",
                ],
            },
            Method::OddsRatioWoolf => Description {
                id: "odds-ratio-woolf",
                name: "Odds ratio of two shares with interval on the logarithm",
                source: "Woolf, B. (1955). On estimating the relation between blood group and disease. Annals of Human Genetics 19(4), 251-253.",
                assumptions: &[
                    "What is counted is independent and has the same chance throughout a group; the groups are independent of each other.",
                    "The logarithm of the odds ratio is near enough to normally distributed; with small counts the interval is inexact.",
                ],
            },
            Method::OddsRatioScore => Description {
                id: "odds-ratio-score",
                name: "Odds ratio of two shares with Miettinen and Nurminen's score interval",
                source: "Miettinen, O. and Nurminen, M. (1985). Comparative analysis of two rates. Statistics in Medicine 4(2), 213-226.",
                assumptions: &[
                    "What is counted is independent and has the same chance throughout a group; the groups are independent of each other.",
                    "The score is near enough to normally distributed.",
                ],
            },
            Method::FisherExact => Description {
                id: "fisher-exact",
                name: "Fisher's exact test of two shares, two-sided",
                source: "Fisher, R. A. (1935). The logic of inductive inference. Journal of the Royal Statistical Society 98(1), 39-82. Two sides: all tables at most as likely, as in Freeman, G. H. and Halton, J. H. (1951). Note on an exact treatment of contingency, goodness of fit and other problems of significance. Biometrika 38(1-2), 141-149.",
                assumptions: &[
                    "What is counted is independent and has the same chance throughout a group; the groups are independent of each other.",
                    "All tables with the same margins are considered, and so the p-value is rather too large than too small.",
                    "Tables count as equally likely when their probabilities differ relatively by less than 1e-10.",
                ],
            },
            Method::PoissonRatioExact => Description {
                id: "poisson-ratio-exact",
                name: "Ratio of two rates with exact conditional interval and p-value",
                source: "Przyborowski, J. and Wilenski, H. (1940). Homogeneity of results in testing samples from Poisson series. Biometrika 31(3-4), 313-323. Interval: Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the case of the binomial. Biometrika 26(4), 404-413.",
                assumptions: &[
                    "Events come independently and at one rate in each group; several events from one person break this.",
                    "Interval and p take the number of events of both groups together as given.",
                    "The interval covers at least as often as its level says, and so is wide.",
                    "p is two-sided: all ways to divide the events that are at most as likely as the observed one count.",
                ],
            },
            Method::MantelHaenszel => Description {
                id: "mantel-haenszel",
                name: "Odds ratio between two groups common to all strata, with Robins-Breslow-Greenland interval",
                source: "Mantel, N. and Haenszel, W. (1959). Statistical aspects of the analysis of data from retrospective studies of disease. Journal of the National Cancer Institute 22(4), 719-748. Interval: Robins, J., Breslow, N. and Greenland, S. (1986). Estimators of the Mantel-Haenszel variance consistent in both sparse data and large-strata limiting models. Biometrics 42(2), 311-323.",
                assumptions: &[
                    "The odds ratio is the same in every stratum.",
                    "What is counted within a stratum is independent. Impressions are not, since one ad has many and one person may have several: counted by impressions, the interval is too narrow and p too small.",
                    "Interval and p rest on large counts over all strata together; a single stratum may be small.",
                    "A stratum that lacks one of the groups says nothing about the ratio.",
                ],
            },
            Method::Holm => Description {
                id: "holm",
                name: "p-values adjusted for several tests by Holm's step-down procedure",
                source: "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics 6(2), 65-70.",
                assumptions: &[
                    "All tests that were made are among those adjusted for, not only those reported.",
                    "Bounds the chance of even one false finding; the tests may depend on each other in any way.",
                ],
            },
            Method::BenjaminiHochberg => Description {
                id: "benjamini-hochberg",
                name: "p-values adjusted for several tests by the false discovery rate",
                source: "Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate: a practical and powerful approach to multiple testing. Journal of the Royal Statistical Society, Series B 57(1), 289-300.",
                assumptions: &[
                    "All tests that were made are among those adjusted for, not only those reported.",
                    "Bounds the expected share of false findings among the findings, not the chance of one.",
                    "The tests are independent of each other, or depend positively.",
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
