package dev.graft.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.testing.MutationRun;
import dev.graft.testing.Mutations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ReportPageTest {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  private static final Path SAMPLE = Path.of("src/test/resources/report/comparison.json");
  private static final List<String> TAGS =
      List.of(
          "!doctype html",
          "html",
          "head",
          "meta",
          "meta",
          "meta",
          "meta",
          "title",
          "/title",
          "link",
          "style",
          "/style",
          "/head",
          "body",
          "noscript",
          "p",
          "/p",
          "/noscript",
          "main",
          "/main",
          "script",
          "/script",
          "script",
          "/script",
          "script",
          "/script",
          "/body",
          "/html");

  private static String sample() throws IOException {
    return Files.readString(SAMPLE);
  }

  @Test
  void html_sample_isOneDocument() throws IOException {
    assertThat(HtmlTokens.of(ReportPage.html(sample())).tags()).isEqualTo(TAGS);
  }

  @Test
  void html_data_areTheSameInThePage() throws IOException {
    HtmlTokens page = HtmlTokens.of(ReportPage.html(sample()));
    assertThat(JSON.readTree(page.raw().get(1))).isEqualTo(JSON.readTree(sample()));
  }

  @Test
  void html_addresses_areTheLibrarysNameAndANamespaceOnly() throws IOException {
    String page = ReportPage.html(sample());
    List<String> found =
        Pattern.compile("(?i)https?:/{0,2}[^\\s\"'`)<]*|(?<=[\"'`(=])//[^\\s\"'`)]+")
            .matcher(page)
            .results()
            .map(match -> match.group())
            .toList();
    assertThat(found)
        .containsExactlyInAnyOrder(
            "https://github.com/leeoniya/uPlot", "http://www.w3.org/2000/svg");
    assertThat(page).doesNotContainPattern("(?i)\\bimport\\s*\\(|fetch\\(|XMLHttpRequest|@import");
    assertThat(page).contains("default-src 'none'").contains("The MIT License");
  }

  /** What the policy lets run is what stands in the page, and nothing else. */
  @Test
  void html_policy_namesTheScriptsByTheirHashes() throws Exception {
    String page = ReportPage.html(sample());
    List<String> raw = HtmlTokens.of(page).raw();
    StringBuilder sources = new StringBuilder("script-src");
    for (String script : raw.subList(2, 4)) {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      sources.append(" 'sha256-").append(Base64.getEncoder().encodeToString(digest)).append("'");
    }
    assertThat(page).contains(sources + ";");
  }

  /** The script must put texts in as texts; the policy would stop what comes in by another way. */
  @Test
  void script_neverTakesTextForMarkup() throws IOException {
    String script = HtmlTokens.of(ReportPage.html(sample())).raw().getLast();
    assertThat(script)
        .contains("JSON.parse")
        .doesNotContainPattern(
            "innerHTML|outerHTML|insertAdjacent|document\\.write|\\beval\\b|new Function|DOMParser"
                + "|createContextualFragment|srcdoc|\\.href|\\.src\\b|setTimeout\\(\\s*[\"'`]")
        .as("the resources are copied as they are")
        .contains("${significant(value, digits)}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "</script><script>alert(1)</script>",
        "</SCRIPT ><img src=x onerror=alert(1)>",
        "<!--<script>",
        "--><svg/onload=alert(1)>",
        "]]><![CDATA[",
        "\u2028\u2029\ufeff\u0000\b",
        "@STYLE@ @SCRIPT@ $1 \\0 ${constructor}",
        "\"}];alert(1);//",
        "\ud83d\udc4d \ud840\udc00",
        "&lt;/script&gt; &#x3c;/script>",
        "\u202eright to left"
      })
  void html_hostileTexts_stayData(String hostile) throws IOException {
    ObjectNode tree = (ObjectNode) JSON.readTree(sample());
    replaceTexts(tree, hostile);
    tree.put("comparison", 1);
    tree.putObject(hostile).put(hostile, hostile);
    String page = ReportPage.html(JSON.writeValueAsString(tree));
    HtmlTokens tokens = HtmlTokens.of(page);
    assertThat(tokens.tags()).isEqualTo(TAGS);
    assertThat(tokens.raw().get(1)).doesNotContainPattern("[<>&\u2028\u2029\ufeff]");
    assertThat(JSON.readTree(tokens.raw().get(1))).isEqualTo(tree);
    byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
    assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(page);
  }

  @Test
  void html_halfOfASurrogatePair_canBeWrittenAsUtf8() throws IOException {
    ObjectNode tree = (ObjectNode) JSON.readTree(sample());
    tree.putArray("verdict").add("one \ud800 half, another \udfff, both \ud83d\udc4d");
    String page = ReportPage.html(JSON.writeValueAsString(tree));
    byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
    assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(page);
    assertThat(JSON.readTree(HtmlTokens.of(page).raw().get(1))).isEqualTo(tree);
  }

  private static void replaceTexts(JsonNode node, String text) {
    if (node instanceof ObjectNode object) {
      for (String name : List.copyOf(object.propertyNames())) {
        if (object.get(name).isString()) {
          object.put(name, text);
        }
      }
    }
    node.forEach(child -> replaceTexts(child, text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "`\"comparison\": 1`#`\"comparison\": 2`#key \"comparison\": this version of Graft reads only 1",
        "`\"comparison\": 1,`#``#key \"comparison\": is missing",
        "`\"trains\": true`#`\"trains\": \"yes\"`#key \"strategies[1].trains\": must be true or false",
        "`\"size\": 100`#`\"size\": 1e999`#must be a finite number",
        "`\"curve\": []`#`\"curve\": {}`#key \"cells[0].curve\": must be an array",
        "`\"curve\": [{`#`\"curve\": [7,{`#key \"cells[1].curve[0]\": must be an object",
        "`\"mean\": 4.3`#`\"mean\": \"4.3\"`#key \"results[0].metrics.loss.mean\": must be a finite",
        "`\"text\": `#`\"words\": `#key \"answers[0].answers[0].text\": is missing",
        "`\"verdict\": [`#`\"verdict\": [null,`#key \"verdict[0]\": must be a string",
        "`\"verdict\": [`#`\"verdict\": \"good\", \"x\": [`#key \"verdict\": must be an array",
        "`\"next\": [`#`\"next\": null, \"x\": [`#key \"next\": is missing",
        "`\"graft\"`#`\"comparison\"`#is not valid JSON",
      })
  void html_otherJson_saysWhatIsWrong(String from, String to, String message) throws IOException {
    String changed = sample().replaceFirst(Pattern.quote(from), to == null ? "" : to);
    assertThat(changed).isNotEqualTo(sample());
    assertThatThrownBy(() -> ReportPage.html(changed))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("comparison.json: ")
        .hasMessageContaining(message)
        .hasNoSuppressedExceptions();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "7", "{}", "{\"comparison\": 1", "nonsense", "{} {}"})
  void html_noComparison_isOneLine(String text) {
    assertThatThrownBy(() -> ReportPage.html(text))
        .isInstanceOf(InputException.class)
        .hasMessageMatching("comparison\\.json: .+");
  }

  @Test
  void html_cutAnywhere_isRefused() throws IOException {
    String text = sample().strip();
    for (int length = 0; length < text.length(); length += 97) {
      String cut = text.substring(0, length);
      assertThatThrownBy(() -> ReportPage.html(cut)).isInstanceOf(InputException.class);
    }
  }

  @Test
  void html_mutations_areTakenOrRefused() throws IOException {
    byte[] seed = sample().getBytes(StandardCharsets.UTF_8);
    MutationRun.run(
        random -> Mutations.mutate(seed, random),
        input -> {
          String page = ReportPage.html(new String(input, StandardCharsets.UTF_8));
          assertThat(HtmlTokens.of(page).tags()).isEqualTo(TAGS);
        });
  }

  @Test
  void html_onlyWhatIsNeeded_isEnough() {
    String least =
        """
        {"comparison": 1, "graft": "x", "model": {"name": "m"}, "task": {"train": "t"},
         "settings": {}, "metrics": [], "strategies": [], "cells": [], "results": [],
         "answers": [], "lineage": null, "verdict": [], "next": []}
        """;
    assertThat(HtmlTokens.of(ReportPage.html(least)).tags()).isEqualTo(TAGS);
  }
}
