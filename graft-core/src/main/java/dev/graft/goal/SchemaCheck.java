package dev.graft.goal;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.regex.RegularExpression;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Asks for JSON that is valid against a JSON Schema (draft 2020-12).
 *
 * <p>Nothing is fetched for references; the work for an answer and its depth are bounded, and
 * {@code pattern} is matched in linear time.
 */
final class SchemaCheck {
  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
  private static final long MOST_STEPS = 200_000;
  private static final int DEEPEST = 300;
  private static final ExecutionConfig LIMITS =
      ExecutionConfig.builder().maxEvaluationSteps(MOST_STEPS).maxEvaluationDepth(DEEPEST).build();

  private final Schema schema;

  private SchemaCheck(Schema schema) {
    this.schema = schema;
  }

  /**
   * A check against this schema.
   *
   * @param name how the check calls it
   * @throws IllegalArgumentException saying in one line what is wrong with the schema
   */
  static Check of(JsonNode tree, String name) {
    if (!tree.isObject()) {
      throw new IllegalArgumentException("is no JSON Schema: it is not an object");
    }
    JsonNode dialect = tree.path("$schema");
    if (dialect.isString() && !dialect.stringValue().startsWith(DIALECT)) {
      throw new IllegalArgumentException("has a \"$schema\" other than " + DIALECT);
    }
    try {
      List<Error> faults = registry().getSchema(metaLocation()).validate(tree, SchemaCheck::limit);
      if (!faults.isEmpty()) {
        throw new IllegalArgumentException("is no JSON Schema: " + shown(faults.getFirst()));
      }
      Schema schema = registry().getSchema(tree);
      schema.initializeValidators();
      var check = new SchemaCheck(schema);
      return new Check("json-schema", "JSON valid against " + name, check::judge);
    } catch (SchemaException | ValidationLimitExceededException | JacksonException e) {
      throw new IllegalArgumentException("is no usable JSON Schema: " + oneLine(e), e);
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException("is a JSON Schema that refers to itself endlessly", e);
    }
  }

  private static SchemaLocation metaLocation() {
    return SchemaLocation.of(DIALECT);
  }

  private static SchemaRegistry registry() {
    SchemaRegistryConfig config =
        SchemaRegistryConfig.builder()
            .regularExpressionFactory(SchemaCheck::expression)
            .locale(Locale.ENGLISH)
            .build();
    return SchemaRegistry.withDefaultDialect(
        SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaRegistryConfig(config));
  }

  private static RegularExpression expression(String regex) {
    try {
      LinearRegex linear = LinearRegex.compile(regex);
      return linear::find;
    } catch (IllegalArgumentException e) {
      throw new SchemaException("pattern '" + regex + "' " + e.getMessage());
    }
  }

  private static void limit(ExecutionContext context) {
    context.setExecutionConfig(LIMITS);
  }

  private Outcome judge(Sample sample) {
    String fault = Checks.jsonFault(sample);
    if (!fault.isEmpty()) {
      return Outcome.missed(1000, fault);
    }
    try {
      List<Error> faults = schema.validate(AnswerJson.read(sample.answer()), SchemaCheck::limit);
      return faults.isEmpty()
          ? Outcome.MET
          : Outcome.missed(faults.size(), shown(faults.getFirst()));
    } catch (ValidationLimitExceededException e) {
      return Outcome.missed(1000, "takes too long or nests too deeply to validate");
    } catch (SchemaException e) {
      return Outcome.missed(1000, "cannot be validated: " + oneLine(e));
    } catch (StackOverflowError e) {
      return Outcome.missed(1000, "nests too deeply to validate");
    }
  }

  private static String shown(Error fault) {
    String text = fault.getInstanceLocation() + ": " + fault.getMessage();
    return oneLine(text);
  }

  private static String oneLine(Exception e) {
    return oneLine(String.valueOf(e.getMessage()));
  }

  private static String oneLine(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() > 160 ? line.substring(0, 160) + "…" : line;
  }
}
