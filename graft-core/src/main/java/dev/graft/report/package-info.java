/** Pages that show results; they stand alone and need no network. */
package dev.graft.report;
