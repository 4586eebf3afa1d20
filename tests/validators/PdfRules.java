import java.io.File;
import java.util.LinkedHashMap;
import java.util.Map;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.TestAssertion.Status;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Holds one PDF against the rules of one standard, by veraPDF's engine.
 *
 * <p>{@code PdfRules FLAVOUR FILE}, FLAVOUR as veraPDF names it: {@code 3a} is PDF/A-3a, {@code ua1}
 * is PDF/UA-1. Prints each failed rule with its count (the engine stops at 100) and first place.
 * Exit code 0: every rule holds; 1: some do not, or nothing was tested; 2: wrong usage.
 */
final class PdfRules {
  public static void main(String[] args) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    var flavour = args.length == 2 ? PDFAFlavour.byFlavourId(args[0]) : PDFAFlavour.NO_FLAVOUR;
    if (flavour == PDFAFlavour.NO_FLAVOUR) {
      System.err.println("usage: PdfRules 3a|ua1|... FILE");
      System.exit(2);
    }
    ValidationResult result;
    try (var parser = Foundries.defaultInstance().createParser(new File(args[1]), flavour);
        var validator = Foundries.defaultInstance().createValidator(flavour, false)) {
      result = validator.validate(parser);
    }
    Map<String, Integer> count = new LinkedHashMap<>();
    Map<String, String> first = new LinkedHashMap<>();
    for (TestAssertion assertion : result.getTestAssertions()) {
      if (assertion.getStatus() != Status.FAILED) continue;
      var id = assertion.getRuleId();
      var rule = id.getSpecification().getId() + " " + id.getClause() + ", test " + id.getTestNumber();
      var place = assertion.getLocation();
      count.merge(rule, 1, Integer::sum);
      first.putIfAbsent(rule, assertion.getMessage() + (place == null ? "" : " at " + place.getContext()));
    }
    count.forEach((rule, times) -> System.out.printf("%s, reported %d times: %s%n", rule, times, first.get(rule)));
    System.out.printf("%d assertions tested, %d rules failed%n", result.getTotalAssertions(), count.size());
    System.exit(result.isCompliant() && count.isEmpty() && result.getTotalAssertions() > 0 ? 0 : 1);
  }
}
