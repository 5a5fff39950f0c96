package dev.graft.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The most memory that a process and those it started have held: the largest {@code VmHWM} (peak
 * resident set, see proc_pid_status(5)) of each, added up over those that lived at the same time.
 *
 * <p>The kernel keeps the peak, so a poll misses only what happens after the last one. Pages that
 * processes share are counted in each.
 */
public final class ResidentMemory {
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s*([0-9]{1,15}) kB");

  private long most;

  /** Looks at a process and all below it once more. */
  public void poll(ProcessHandle root) {
    Map<Long, Long> present = new HashMap<>();
    look(root, present);
    root.descendants().forEach(child -> look(child, present));
    most = Math.max(most, present.values().stream().mapToLong(Long::longValue).sum());
  }

  /** Bytes; empty where the system does not tell. */
  public OptionalLong mostBytes() {
    return most == 0 ? OptionalLong.empty() : OptionalLong.of(most);
  }

  private void look(ProcessHandle process, Map<Long, Long> present) {
    try {
      Path status = Path.of("/proc", Long.toString(process.pid()), "status");
      peakBytes(Files.readAllLines(status)).ifPresent(peak -> present.put(process.pid(), peak));
    } catch (IOException e) {
      // It is gone, or this is no Linux.
    }
  }

  /** {@code VmHWM} of the lines of a status file, in bytes; a process that has ended has none. */
  static OptionalLong peakBytes(List<String> status) {
    return status.stream()
        .map(PEAK::matcher)
        .filter(Matcher::matches)
        .mapToLong(matcher -> Long.parseLong(matcher.group(1)) * 1024)
        .findFirst();
  }
}
