package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the launcher on a project of its own, with a Maven and JDKs that only say what they do. */
@Timeout(120)
class LauncherTest {
  private static final Path LAUNCHER = Path.of("..", "graft");

  private static final String MAVEN =
      """
      #!/bin/sh
      echo "$JAVA_HOME $*" >>"$CALLS"
      if [ -e broken ]; then
        mkdir -p graft-core/target
        echo half >graft-core/target/graft-core-1.jar
        echo '[ERROR] Foo.java:[3,1] ; expected'
        echo '[ERROR] For more information about the errors'
        exit 1
      fi
      sleep 0.2
      mkdir -p graft-cli/target graft-core/target
      echo cli >graft-cli/target/graft-cli-1.jar
      echo core >graft-core/target/graft-core-1.jar
      echo sources >graft-core/target/graft-core-1-sources.jar
      printf '%s' "$0" >graft-cli/target/classpath
      """;

  private static final String JAVA =
      """
      #!/bin/sh
      case "$*" in
        *AOTCacheOutput*)
          cache=${1#*=}
          [ "${cache##*/}" = "${NO_CACHE:-}" ] || echo classes >"$cache"
          exit 0
          ;;
        *AOTCache=*) echo "${1##*/}" >>"$CALLS.caches" ;;
      esac
      echo "$0"
      while [ "$1" != -cp ]; do shift; done
      cat "${2%%:*}"
      shift 3
      for argument; do echo "<$argument>"; done
      [ -z "${ASK_INPUT:-}" ] || { true 3<&0 && echo '<input is open>'; } 2>/dev/null
      exit 7
      """;

  @TempDir private Path folder;
  private Path project;
  private Path calls;
  private final Map<String, String> environment = new TreeMap<>();

  @BeforeEach
  void project() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")) && Files.exists(LAUNCHER), "needs a shell");
    project = Files.createDirectories(folder.resolve("my project"));
    Files.copy(LAUNCHER, project.resolve("graft"), StandardCopyOption.COPY_ATTRIBUTES);
    for (String module : List.of("graft-cli", "graft-core")) {
      Files.createDirectories(project.resolve(module).resolve("src/main"));
      Files.writeString(project.resolve(module).resolve("pom.xml"), "<project/>");
    }
    Files.writeString(project.resolve("pom.xml"), "<project/>");
    Files.writeString(project.resolve("graft-cli/jvm.options"), "");
    Files.writeString(source(), "class Foo {}");
    calls = folder.resolve("calls");
    script(folder.resolve("tools/mvn"), MAVEN);
    environment.put("CALLS", calls.toString());
    environment.put("PATH", folder.resolve("tools") + File.pathSeparator + "/usr/bin:/bin");
    environment.put("HOME", folder.toString());
    environment.put("JAVA_HOME", jdk("jdk 25", "25.0.1").toString());
  }

  @Test
  void firstRun_builds_laterOnesDoNot() throws Exception {
    Run first = run("one", "", "two words", "*");
    assertThat(first.error()).contains("graft: building");
    assertThat(first.output())
        .isEqualTo(folder + "/jdk 25/bin/java\ncli\n<one>\n<>\n<two words>\n<*>\n");
    assertThat(first.code()).isEqualTo(7);
    Run second = run("again");
    assertThat(second.error()).isEmpty();
    assertThat(second.output()).endsWith("<again>\n");
    assertThat(mavenCalls()).hasSize(1).first().asString().contains("-q -B").endsWith("package");
  }

  @Test
  void whatIsOverAtOnce_hasASmallCacheOfItsOwn() throws Exception {
    var _ = run("train", "--rank", "16");
    var _ = run("train", "--help");
    var _ = run("--version");
    assertThat(Files.readAllLines(caches())).containsExactly("work.aot", "quick.aot", "quick.aot");
  }

  @Test
  void aCacheThatCannotBeMade_isDoneWithout() throws Exception {
    environment.put("NO_CACHE", "work.aot");
    assertThat(run("train").code()).isEqualTo(7);
    assertThat(caches()).doesNotExist();
    var _ = run("--version");
    assertThat(Files.readAllLines(caches())).containsExactly("quick.aot");
  }

  private Path caches() {
    return Path.of(calls + ".caches");
  }

  @Test
  void closedStandardInput_isEmpty() throws Exception {
    var _ = run();
    environment.put("ASK_INPUT", "yes");
    Path output = folder.resolve("output");
    String closed = "\"$1\" one <&-";
    int code =
        start(Path.of("/bin/sh"), output, "-c", closed, "sh", project.resolve("graft").toString())
            .waitFor();
    assertThat(code).isEqualTo(7);
    assertThat(Files.readString(output)).endsWith("<one>\n<input is open>\n");
  }

  @Test
  void changedSource_isBuiltAgain() throws Exception {
    var _ = run();
    Files.setLastModifiedTime(source(), FileTime.from(Instant.now().plusSeconds(2)));
    assertThat(run().error()).contains("graft: building");
    assertThat(mavenCalls()).hasSize(2);
  }

  @Test
  void missingLibrary_isBuiltAgain() throws Exception {
    var _ = run();
    Path libraries = build().resolve("libraries");
    Files.writeString(libraries, Files.readString(libraries) + ":/nowhere/gone.jar");
    assertThat(run().error()).contains("graft: building");
  }

  @Test
  void buildArguments_areRemembered() throws Exception {
    environment.put("GRAFT_BUILD_ARGS", "-Pgpu -Dx=1");
    var _ = run();
    environment.remove("GRAFT_BUILD_ARGS");
    assertThat(run().error()).isEmpty();
    Files.setLastModifiedTime(source(), FileTime.from(Instant.now().plusSeconds(2)));
    var _ = run();
    environment.put("GRAFT_BUILD_ARGS", "");
    var _ = run();
    List<String> builds = mavenCalls();
    assertThat(builds).hasSize(3);
    assertThat(builds.get(0)).endsWith("-Pgpu -Dx=1 package");
    assertThat(builds.get(1)).endsWith("-Pgpu -Dx=1 package");
    assertThat(builds.get(2)).doesNotContain("-Pgpu");
  }

  @Test
  void failingBuild_showsErrorsAndLeavesTheOldOne() throws Exception {
    var _ = run();
    Path before = build();
    Files.setLastModifiedTime(source(), FileTime.from(Instant.now().plusSeconds(2)));
    Files.writeString(project.resolve("broken"), "");
    Run failed = run();
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.error())
        .contains("[ERROR] Foo.java:[3,1] ; expected\nerror: the build failed; its whole log is ")
        .doesNotContain("For more information");
    assertThat(failed.output()).isEmpty();
    assertThat(build()).isEqualTo(before);
    assertThat(before.resolve("graft-core.jar")).hasContent("core");
    assertThat(leftovers()).isEmpty();
    Files.delete(project.resolve("broken"));
    assertThat(run().code()).isEqualTo(7);
  }

  @Test
  void runsAtTheSameTime_buildOnce() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      processes.add(start(project.resolve("graft"), folder.resolve("out" + i)));
    }
    for (int i = 0; i < processes.size(); i++) {
      assertThat(processes.get(i).waitFor()).isEqualTo(7);
      assertThat(folder.resolve("out" + i)).content().contains("\ncli\n");
    }
    assertThat(mavenCalls()).hasSize(1);
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void lockOfADeadProcess_isTakenAway() throws Exception {
    Path lock = Files.createDirectories(project.resolve("graft-cli/target/launch.lock"));
    Process dead = new ProcessBuilder("/bin/sh", "-c", "exit").start();
    assertThat(dead.waitFor()).isZero();
    Files.writeString(lock.resolve("owner"), dead.pid() + "\n");
    assertThat(run().code()).isEqualTo(7);
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void symbolicLinks_areFollowed() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("my bin"));
    Files.createSymbolicLink(bin.resolve("inner"), Path.of("../my project/graft"));
    Files.createSymbolicLink(bin.resolve("graft"), Path.of("inner"));
    Path output = folder.resolve("out");
    assertThat(start(bin.resolve("graft"), output).waitFor()).isEqualTo(7);
    assertThat(output).content().contains("\ncli\n");
  }

  @Test
  void oldJavaHome_isPassedOverForJavaOnThePath() throws Exception {
    environment.put("JAVA_HOME", jdk("jdk 21", "21.0.2").toString());
    Path newer = jdk("jdk 26", "26-ea");
    Files.createSymbolicLink(folder.resolve("tools/java"), newer.resolve("bin/java"));
    assertThat(run().output()).startsWith(newer + "/bin/java\n");
    assertThat(mavenCalls()).first().asString().startsWith(newer + " ");
  }

  @Test
  void chosenJdkTooOld_isAnErrorAtOnce() throws Exception {
    Path old = jdk("jdk 8", "1.8.0_402");
    environment.put("GRAFT_JAVA_HOME", old.toString());
    Run run = run();
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.error())
        .isEqualTo("error: GRAFT_JAVA_HOME (" + old + ") is no JDK 25 or later\n");
    assertThat(calls).doesNotExist();
  }

  private record Run(int code, String output, String error) {}

  private Run run(String... arguments) throws Exception {
    Path output = folder.resolve("output");
    int code = start(project.resolve("graft"), output, arguments).waitFor();
    return new Run(code, Files.readString(output), Files.readString(Path.of(output + ".error")));
  }

  private Process start(Path launcher, Path output, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Path.of("/").toFile())
            .redirectOutput(output.toFile())
            .redirectError(new File(output + ".error"));
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Path jdk(String name, String version) throws IOException {
    Path jdk = folder.resolve(name);
    script(jdk.resolve("bin/java"), JAVA);
    script(jdk.resolve("bin/javac"), "#!/bin/sh\n");
    Files.writeString(
        jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    return jdk;
  }

  private static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text, StandardCharsets.UTF_8);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Path source() {
    return project.resolve("graft-core/src/main/Foo.java");
  }

  private Path build() throws IOException {
    Path launch = project.resolve("graft-cli/target/launch");
    return launch.resolve(Files.readString(launch.resolve("current")).strip());
  }

  private List<String> mavenCalls() throws IOException {
    return Files.readAllLines(calls);
  }

  /** What an unfinished build would leave. */
  private List<Path> leftovers() throws IOException {
    try (Stream<Path> files = Files.walk(project.resolve("graft-cli/target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("new\\..*|.*lock.*|current\\..*"))
          .toList();
    }
  }
}
