/** Child processes and the memory they held. */
@org.jspecify.annotations.NullMarked
package dev.graft.bench.process;
