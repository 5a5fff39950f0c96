/** Statistics, tables and the machine they are about. */
@org.jspecify.annotations.NullMarked
package dev.graft.bench.report;
