/** The command line of Graft: one class per verb, no logic of its own. */
@org.jspecify.annotations.NullMarked
package dev.graft.cli;
