/** Options of a run: one table, read from flags and YAML, written as YAML, JSON schema and docs. */
@org.jspecify.annotations.NullMarked
package dev.graft.config;
