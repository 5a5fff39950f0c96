package dev.graft.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates that mean harm end in an error, soon, and with nothing but a TemplateException. */
class LimitsTest {
  private static final Limits SMALL = Limits.DEFAULT.withMaxSteps(300_000).withMaxString(1 << 20);

  private static String render(String source, Map<String, ?> variables) {
    return Template.compile(source, SMALL).render(variables, Clock.systemUTC());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 'x' * 999999999 }}",
        "{{ 'x' * 9223372036854775807 }}",
        "{{ [1, 2] * 9223372036854775807 }}",
        "{{ ('x' * 1000000) * 1000000 }}",
        "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s | tojson | length }}",
        "{% set a = namespace(s=[1]) %}{% set b = namespace(s=[1]) %}{% for i in range(99) %}{% set a.s = [a.s, a.s] %}{% set b.s = [b.s, b.s] %}{% endfor %}{{ a.s == b.s }}",
        "{% set a = namespace(s=(1,)) %}{% for i in range(99) %}{% set a.s = (a.s, a.s) %}{% endfor %}{{ {a.s: 1} }}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(9999) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(9999) %}{% set ns.s = ns.s | batch(1) | list %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(x) %}{% set ns.v = varargs %}{% endmacro %}{% set ns = namespace(v=1) %}{% for i in range(9999) %}{{ m(1, ns.v) }}{% endfor %}",
        "{% for x in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}",
        "{{ '%999999999d' % 1 }}",
        "{{ '%.999999999f' % 1.5 }}",
        "{{ '{:999999999}'.format(1) }}",
        "{{ '{:.999999999f}'.format(1.5) }}",
        "{{ 'a'.center(999999999) }}",
        "{{ 'a'.zfill(999999999) }}",
        "{{ '\t'.expandtabs(999999999) }}",
        "{{ 'a' | indent(999999999) }}",
        "{{ [1] | batch(999999999, 0) | list }}",
        "{{ [1] | slice(999999999) | list }}",
        "{{ [1] | tojson(indent=999999999) }}",
        "{{ range(999999999) }}",
        "{{ range(9223372036854775807) }}",
        "{{ range(-9223372036854775807, 9223372036854775807) }}",
        "{{ 2 ** 99999 }}",
        "{{ (10 ** 4000) * (10 ** 4000) }}",
        "{% set ns = namespace(n=2) %}{% for i in range(99) %}{% set ns.n = ns.n * ns.n %}{% endfor %}",
        "{{ 'x' * 10 ** 9 }}",
        "{{ 'x' * 10 ** 30 }}",
        "{{ range(10 ** 12) | list }}",
        "{{ 'x' | center(10 ** 9) }}",
        "{{ ('x' * 60000).replace('', 'y' * 60000) }}",
        "{{ ('x' * 60000) | replace('x', 'y' * 60000) }}",
        "{{ ('x ' * 30000) | wordwrap(1, wrapstring='y' * 60000) }}",
        "{{ ('x' * 1000) | list | join('y' * 90000) }}",
        "{% set ns = namespace(s={'a': 1}) %}{% for i in range(99) %}{% set ns.s = {'a': ns.s, 'b': ns.s} %}{% endfor %}{{ ns.s | pprint }}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s | pprint }}",
        "{% block a %}{{ self.a() }}{% endblock %}",
        "{% set ns = namespace(i=0) %}{% for x in range(99999) recursive %}{% set ns.i = ns.i + 1 %}{{ loop(range(99999)) }}{% endfor %}",
        "{% set n = namespace() %}{% set n.n = n %}{{ n }}",
        "{{ 10 ** 99999999999 }}",
        "{{ (2.0 ** 1000) ** 2 }}",
        "{{ 'x' | truncate(-1) }}",
        "{{ [1, 2, 3] | slice(0) | list }}",
      })
  void render_hostileTemplate_isAnError(String source) {
    assertThatThrownBy(() -> render(source, Map.of())).isInstanceOf(TemplateException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(", "[", "{1:", "not ", "-", "x if y else ", "a[", "f(", "{% if x %}{{ ("})
  void compile_deepNesting_isAnError(String open) {
    String source = "{{ " + open.repeat(20_000) + "1";
    assertThatThrownBy(() -> Template.compile(source)).isInstanceOf(TemplateException.class);
    assertThatThrownBy(() -> Template.compile("{% if x %}".repeat(5_000)))
        .isInstanceOf(TemplateException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {" + 1", ".a", "[0]", " | list", " and 1", " or 0", " ** 1", "()"})
  void render_longChain_neverOverflowsTheStack(String link) throws Exception {
    String source = "{{ x" + link.repeat(20_000) + " }}";
    Thread small =
        new Thread(
            null,
            () ->
                assertThatThrownBy(() -> render(source, Map.of("x", 1)))
                    .isInstanceOf(TemplateException.class),
            "small",
            512 << 10);
    var failures = new ArrayList<Throwable>();
    small.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
    small.start();
    small.join();
    assertThat(failures).isEmpty();
  }

  /** What a template can hold at the default limits fits a small heap, and filling it is quick. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% set ns = namespace(p=none) %}{% for i in range(99999) %}{% for j in 'x' * 99999 %}"
            + "{% set ns.p = namespace(p=ns.p) %}{% endfor %}{% endfor %}",
        "{% set ns = namespace(a=[]) %}{% for i in range(99999) %}"
            + "{% set ns.a = ns.a + [('x' * 1000) | list] %}{% endfor %}",
        "{% set ns = namespace(p=none) %}{% for i in range(999) %}"
            + "{% set ns.p = namespace(p=ns.p) %}{% endfor %}{{ ns.p }}",
      })
  void render_fillingTheMemory_endsAtTheDefaultLimits(String source) {
    Template template = Template.compile(source);
    assertThatThrownBy(() -> template.render(Map.of(), Clock.systemUTC()))
        .isInstanceOf(TemplateException.class);
  }

  @Test
  void render_deepVariable_isAnError() {
    Object deep = "x";
    for (int i = 0; i < 5_000; i++) {
      deep = List.of(deep);
    }
    Object value = deep;
    assertThatThrownBy(() -> render("{{ x }}", Map.of("x", value)))
        .isInstanceOf(TemplateException.class);
  }

  @Test
  void render_javaObject_isAnError() {
    assertThatThrownBy(() -> render("{{ x }}", Map.of("x", new Object())))
        .isInstanceOf(TemplateException.class);
    assertThat(render("{{ 'yes' if x.getClass or x['getClass'] else 'no' }}", Map.of("x", "s")))
        .isEqualTo("no");
  }

  @Test
  void render_bigInteger_isPrintedAndComputedWith() {
    var variables = new HashMap<String, Object>();
    variables.put("n", new java.math.BigInteger("18446744073709551616"));
    assertThat(render("{{ n }}{{ [n] | tojson }}", variables))
        .isEqualTo("18446744073709551616[18446744073709551616]");
    assertThat(render("{{ n + 1 }} {{ n // 7 }} {{ n - n }} {{ -n }} {{ n > 5 }}", variables))
        .isEqualTo("18446744073709551617 2635249153387078802 0 -18446744073709551616 True");
  }

  @Test
  void compile_error_namesTheLine() {
    assertThatThrownBy(() -> Template.compile("a\n\n{% if x %}\n{{ y + }}{% endif %}"))
        .isInstanceOf(TemplateException.class)
        .hasMessageStartingWith("line 4: ");
    assertThatThrownBy(() -> render("a\n{% for x in [1] %}\n{{\nx.y.z }}{% endfor %}", Map.of()))
        .isInstanceOf(TemplateException.class)
        .hasMessageStartingWith("line 4: ");
  }

  /** Random changes of real templates: whatever happens, only a TemplateException comes out. */
  @Test
  void render_damagedTemplates_onlyRaiseTemplateExceptions() throws Exception {
    String[] pieces = {
      "{{",
      "}}",
      "{%",
      "%}",
      "(",
      ")",
      "[",
      "]",
      "{",
      "}",
      "|",
      "'",
      "\"",
      "~",
      "+",
      "-",
      "*",
      "**",
      "//",
      "%",
      "loop",
      "messages",
      "[::-1]",
      "[-1]",
      ".items()",
      " if ",
      " else ",
      " in ",
      " is ",
      "not ",
      "none",
      "1",
      "0",
      "2.5",
      "''",
      ":",
      ",",
      "=",
      "for x in ",
      "set x = ",
      "endfor",
      "endif",
      ".split('a')",
      "|tojson",
      "|length",
      "|sort",
      "\\",
      "\n",
      "#}",
      "{#",
      "range(",
      "namespace("
    };
    String base;
    try (var in = LimitsTest.class.getResourceAsStream("/templates/cases.json")) {
      base = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
    var sources = new ArrayList<String>();
    tools.jackson.databind.json.JsonMapper.builder()
        .build()
        .readTree(base)
        .get("cases")
        .forEach(c -> sources.add(c.get("source").stringValue()));
    var random = new Random(7);
    Map<String, Object> variables =
        Map.of(
            "messages",
            List.of(Map.of("role", "user", "content", "a")),
            "x",
            2,
            "d",
            Map.of("k", 1));
    for (int i = 0; i < 20_000; i++) {
      var source = new StringBuilder(sources.get(random.nextInt(sources.size())));
      source.append(sources.get(random.nextInt(sources.size())));
      for (int j = random.nextInt(4); j >= 0; j--) {
        int at = random.nextInt(source.length() + 1);
        int end = Math.min(source.length(), at + random.nextInt(4));
        source.replace(at, end, pieces[random.nextInt(pieces.length)]);
      }
      try {
        render(source.toString(), variables);
      } catch (TemplateException expected) {
        assertThat(expected.getMessage()).isNotNull();
      } catch (RuntimeException | Error e) {
        throw new AssertionError("template: " + source, e);
      }
    }
  }
}
